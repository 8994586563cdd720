"""The canonical model: what is planned, between areas and parties and by resources.

Conventions
* Power in MW over one interval, as in `gateway.model`.
* An exchange flows from ``from_area`` to ``to_area``, sold by ``from_party`` to ``to_party``; it is not negative.
* The plan of a resource is its net injection: positive is injected, negative is taken. Reserve that is held or missing
  has a direction and is not negative.

`ExchangeSchedules` is what system operators agree on before a shared market (the interface is held at the schedule)
and what balance responsible parties trade; `ScheduleAnswer` and `ScheduleAnomalies` answer it.
`ResourceSchedules` are plans and baselines of resources.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.model import ZERO, Direction, Reserve
from gateway.results import Reason, Verdict
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerBlock:
    """``power_mw`` throughout an interval. Raises `InvalidValue` for a power that is not finite."""

    interval: Interval
    power_mw: Decimal

    def __post_init__(self) -> None:
        """Refuse NaN and infinity."""
        if not self.power_mw.is_finite():
            raise InvalidValue("PowerBlock.power_mw", "a finite power", str(self.power_mw))


def require_blocks(owner: str, blocks: tuple[PowerBlock, ...], *, signed: bool) -> None:
    """Refuse blocks that overlap or run backwards and, unless *signed*, blocks below zero.

    *owner* names the value in the error. Raises `InvalidValue`.
    """
    for earlier, later in pairwise(blocks):
        if earlier.interval.end > later.interval.start:
            raise InvalidValue(f"{owner}.blocks", "ascending blocks that do not overlap", str(later.interval), "A04")
    for block in blocks:
        if not signed and block.power_mw < ZERO:
            raise InvalidValue(f"{owner}.blocks", "a power of 0 MW or more", str(block.power_mw), "A46")


class ExchangeKind(StrEnum):
    """What an exchange is."""

    PRODUCTION = "production in an area"
    CONSUMPTION = "consumption in an area"
    INTERNAL_TRADE = "trade inside an area"
    EXTERNAL_TRADE = "trade between areas"
    EXPLICIT_TRADE = "trade between areas on explicit capacity"
    OPERATOR_EXCHANGE = "exchange between system operators"
    NETTED_EXTERNAL = "netted exchange of an area with all others"
    ENERGY_FLOW = "energy flow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSchedule:
    """Energy that flows or is sold between areas, between parties or both.

    ``version`` is the revision of the document that last changed it.
    Raises `InvalidValue` for a schedule without areas and parties, an exchange with itself, blocks that overlap or
    lie below zero, and a version outside 1..999.
    """

    id: str
    kind: ExchangeKind
    blocks: tuple[PowerBlock, ...]
    from_area: AreaId | None = None
    to_area: AreaId | None = None
    from_party: PartyId | None = None
    to_party: PartyId | None = None
    metering_point: MeteringPointId | None = None
    connecting_line: ResourceId | None = None
    agreement: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse exchanges that cannot be."""
        owner = f"ExchangeSchedule {self.id}"
        if not any((self.from_area, self.to_area, self.from_party, self.to_party)):
            raise InvalidValue(owner, "an area or a party", "none")
        if self.from_area == self.to_area and self.from_party == self.to_party:
            raise InvalidValue(owner, "two different ends", f"{self.from_area} {self.from_party}", "A82")
        if not 1 <= self.version <= 999:  # noqa: PLR2004 - the greatest revision number of the standard
            raise InvalidValue(f"{owner}.version", "1 to 999", str(self.version), "A50")
        require_blocks(owner, self.blocks, signed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSchedules:
    """All exchanges of one document; a later revision lists them all again."""

    exchanges: tuple[ExchangeSchedule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredExchange:
    """An exchange as the operator took it; ``imposed`` where he put it in place of what was sent."""

    exchange: ExchangeSchedule
    reasons: tuple[Reason, ...] = ()
    imposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleAnswer:
    """The operator's answer to a schedule. ``final`` is false before the last cut-off.

    ``document_id`` and ``revision`` name the schedule that is answered, None where a whole day is.
    """

    verdict: Verdict
    exchanges: tuple[AnsweredExchange, ...] = ()
    reasons: tuple[Reason, ...] = ()
    document_id: str | None = None
    revision: int | None = None
    final: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleAnomaly:
    """An exchange that does not match its counterpart, with the document and party it came from."""

    party: PartyId
    document_id: str
    revision: int
    exchange: ExchangeSchedule
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleAnomalies:
    """Schedules that contradict each other, told to their senders."""

    anomalies: tuple[ScheduleAnomaly, ...]


class PlanKind(StrEnum):
    """What a plan of a resource is."""

    PRODUCTION = "production"
    CONSUMPTION = "consumption"
    NET = "net production or consumption"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSchedule:
    """The plan of one resource, or of the portfolio of a provider where ``resource`` is None.

    A plan of production, consumption or both is a net injection and has no ``direction``; a plan of reserve has a
    direction and the ``reserve`` it belongs to, and its power is not negative. ``product`` tells products of one
    reserve apart, such as FCR-N and FCR-D.
    Raises `InvalidValue` where that is not so and for blocks that overlap.
    """

    id: str
    kind: PlanKind
    provider: PartyId
    area: AreaId
    blocks: tuple[PowerBlock, ...]
    resource: ResourceId | None = None
    buyer_area: AreaId | None = None
    direction: Direction | None = None
    reserve: Reserve | None = None
    product: str | None = None
    agreement: str | None = None

    def __post_init__(self) -> None:
        """Refuse plans that cannot be."""
        owner = f"ResourceSchedule {self.id}"
        held = self.kind is PlanKind.RESERVE
        if held != (self.direction is not None) or held != (self.reserve is not None):
            raise InvalidValue(owner, "direction and reserve exactly for a plan of reserve", self.kind, "A77")
        require_blocks(owner, self.blocks, signed=not held)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailableReserve:
    """Reserve that a provider cannot deliver, and who and what stands in for it.

    Raises `InvalidValue` for blocks that overlap or lie below zero.
    """

    id: str
    provider: PartyId
    area: AreaId
    buyer_area: AreaId
    direction: Direction
    reserve: Reserve
    blocks: tuple[PowerBlock, ...]
    resource: ResourceId | None = None
    substitute_resource: ResourceId | None = None
    substitute_provider: PartyId | None = None
    product: str | None = None
    agreement: str | None = None

    def __post_init__(self) -> None:
        """Refuse reserve that cannot be."""
        require_blocks(f"UnavailableReserve {self.id}", self.blocks, signed=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSchedules:
    """The plans of one document."""

    planned: tuple[ResourceSchedule, ...] = ()
    unavailable: tuple[UnavailableReserve, ...] = ()
