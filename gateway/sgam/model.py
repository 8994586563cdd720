"""The values of an architecture model. `gateway.canonical_json` derives their JSON form.

Rules
1. Every entry has an ``id`` that no other entry of the model has; relations name entries by it.
2. Entries of a layer are in the order of their ids and relations in that of their fields, so that the same installation
   gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from gateway.errors import InvalidValue
from gateway.flow import Phase
from gateway.identifiers import PartyId
from gateway.model import Role
from gateway.time import Resolution

SCHEMA = "gateway-sgam/1"
"""What an export calls its own form."""


class Domain(StrEnum):
    """The domains, along the conversion of energy."""

    GENERATION = "generation"
    TRANSMISSION = "transmission"
    DISTRIBUTION = "distribution"
    DER = "distributed energy resources"
    CUSTOMER = "customer premises"


class Zone(StrEnum):
    """The zones, from the equipment to the market."""

    PROCESS = "process"
    FIELD = "field"
    STATION = "station"
    OPERATION = "operation"
    ENTERPRISE = "enterprise"
    MARKET = "market"


class Layer(StrEnum):
    """The layers, from the bottom up."""

    COMPONENT = "component"
    COMMUNICATION = "communication"
    INFORMATION = "information"
    FUNCTION = "function"
    BUSINESS = "business"


class Kind(StrEnum):
    """What a component is."""

    GATEWAY = "gateway"
    PEER = "peer"
    SERVER = "server"


class Travel(StrEnum):
    """Which way information goes, seen from the gateway."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something lies on the plane."""

    domain: Domain
    zone: Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A system of a party. ``part_of``: the component on whose behalf a server speaks."""

    id: str
    kind: Kind
    party: PartyId
    place: Place
    part_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How a link is secured.

    ``tls``: its oldest version, None for none. ``suites``: as OpenSSL names them, where the version leaves a choice.
    ``client_certificate``: whether the peer has to show one. ``keys``: digests of the peer's keys, as they are pinned.
    ``signature``: the proof of origin that a document carries. ``networks``: where the peer may come from.
    ``entries``: the lines of the peer book that allow documents.
    """

    tls: str | None
    suites: tuple[str, ...] = ()
    client_certificate: bool = False
    keys: tuple[str, ...] = ()
    signature: str
    networks: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way between two components. ``port``: TCP, None where there is none. ``cadence``: one exchange each."""

    id: str
    ends: tuple[str, str]
    protocol: str
    port: int | None
    cadence: Resolution
    security: Security


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """A message as a document in one direction; types and processes are codes of the ENTSO-E lists.

    ``processes`` is empty where the market does not say which.
    """

    id: str
    message: str
    document: str
    edition: str
    namespace: str
    travel: Travel
    types: tuple[str, ...]
    processes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Who is at one end of a step: the actor as the scheme calls it, and the components that play it."""

    actor: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A step of the scheme. ``inputs``: messages of the steps that it follows. ``outputs``: the first is always told.

    ``due_before``: time before the market time unit at which its gate closes, None where it has no gate of its own.
    """

    id: str
    scheme: str
    step: int
    phase: Phase
    action: str
    origin: End
    recipients: tuple[End, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    due_before: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A party in one of its roles. ``regulation``: where the role has its tasks from."""

    id: str
    party: PartyId
    role: Role
    scheme: str
    regulation: str


class Relates(StrEnum):
    """How one entry relates to another."""

    USES = "uses"
    ACTS_THROUGH = "acts through"
    EXCHANGES = "exchanges"
    TRAVELS_ON = "travels on"
    JOINS = "joins"


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """*source* relates to *target*, both by their ids."""

    source: str
    kind: Relates
    target: str


Entry = Component | Link | Information | Function | Business


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """An installation in five layers. ``profile``: the market whose rules it applies.

    Raises `InvalidValue` for another schema, for an id that two entries have, and for a relation to what is not there.
    """

    schema: str = SCHEMA
    operator: PartyId
    scheme: str
    profile: str
    components: tuple[Component, ...]
    links: tuple[Link, ...]
    information: tuple[Information, ...]
    functions: tuple[Function, ...]
    businesses: tuple[Business, ...]
    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.schema != SCHEMA:
            raise InvalidValue("Architecture.schema", SCHEMA, self.schema)
        ids = [entry.id for entries in self.layers().values() for entry in entries]
        known = set(ids)
        if len(known) < len(ids):
            raise InvalidValue("Architecture", "each id once", ", ".join(sorted({i for i in ids if ids.count(i) > 1})))
        for relation in self.relations:
            if missing := {relation.source, relation.target} - known:
                raise InvalidValue("Architecture.relations", "ids of entries", ", ".join(sorted(missing)))

    def layers(self) -> Mapping[Layer, tuple[Entry, ...]]:
        """Return the entries of each layer, from the bottom up."""
        return {
            Layer.COMPONENT: self.components,
            Layer.COMMUNICATION: self.links,
            Layer.INFORMATION: self.information,
            Layer.FUNCTION: self.functions,
            Layer.BUSINESS: self.businesses,
        }

    def related(self, source: str, kind: Relates) -> tuple[str, ...]:
        """Return the targets of one kind of relation of an entry, in their order."""
        return self._targets.get((source, kind), ())

    @cached_property
    def _targets(self) -> Mapping[tuple[str, Relates], tuple[str, ...]]:
        found: dict[tuple[str, Relates], list[str]] = {}
        for each in self.relations:
            found.setdefault((each.source, each.kind), []).append(each.target)
        return {key: tuple(targets) for key, targets in found.items()}
