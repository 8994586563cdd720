"""What a check may know beyond the document: the clock, who sent it, what was received before.

Every part is optional. A rule that needs a part that is missing is not judged, and the report says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, Identifier, PartyId, ResourceId
from gateway.model import Bid, Reserve
from profiles.lexical import Coded

Id = TypeVar("Id", bound=Identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who the transport proved the sender to be.

    ``parties``: the market participants it may speak as. ``roles``: codes of the roles it is
    registered for, empty where the registration does not restrict them.
    """

    parties: frozenset[PartyId]
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDocument:
    """A document that was accepted earlier: digest of its bytes, revision, and the ids of its series."""

    digest: str
    revision: int
    series: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBid:
    """A bid that was accepted earlier.

    ``created``: creation time of the document that carried it. ``cap_mw``: what a system operator
    has capped it to in this clearing run. ``available``: false once it is cancelled or unavailable.
    ``product``: code of its market product.
    """

    bid: Bid
    created: datetime
    product: str | None = None
    cap_mw: Decimal | None = None
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """An activation order that was sent or received: revision, time, and the MW of each bid."""

    revision: int
    sent: datetime
    quantities: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownResource:
    """A registered resource: whose it is, in whose grid, what it is qualified for, and how large."""

    provider: PartyId
    operator: PartyId
    reserves: frozenset[Reserve]
    maximum_mw: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything the rules may be told; None means "not known", which is not the same as "none".

    ``now``: instant of receipt. ``digest``: SHA-256 of the received bytes. ``delegations``: for whom a
    party may act besides itself. ``seen``: earlier documents by sender and mRID. ``borders``: from
    area, to area. ``bids``: accepted bids by id. ``orders``: by order id. ``sent``: ids and payload titles of
    what we sent. ``answer_by``: end of the time that a system operator has to answer a result.
    """

    now: datetime | None = None
    own_parties: frozenset[PartyId] | None = None
    peer: Peer | None = None
    delegations: Mapping[PartyId, frozenset[PartyId]] | None = None
    digest: str | None = None
    seen: Mapping[tuple[PartyId, str], SeenDocument] | None = None
    areas: frozenset[AreaId] | None = None
    borders: frozenset[tuple[AreaId, AreaId]] | None = None
    resources: Mapping[ResourceId, KnownResource] | None = None
    bids: Mapping[str, KnownBid] | None = None
    orders: Mapping[str, KnownOrder] | None = None
    sent: frozenset[str] | None = None
    answer_by: datetime | None = field(default=None)


WORDS = {
    "now": "the time of receipt",
    "own_parties": "who this installation is",
    "peer": "the transport identity of the sender",
    "delegations": "who may act for whom",
    "digest": "the digest of the bytes",
    "seen": "which documents came earlier",
    "areas": "which areas exist",
    "borders": "which borders exist",
    "resources": "which resources are registered",
    "bids": "which bids were accepted",
    "orders": "which orders were given",
    "sent": "what was sent",
    "answer_by": "until when an answer is due",
}
"""Each part of a `Context` in words."""


def identifier(kind: type[Id], coded: Coded) -> Id | None:
    """Return the canonical identifier of an element, or None where it is blank and so names nothing."""
    try:
        return kind(coded.value, coded.scheme)
    except InvalidValue:
        return None
