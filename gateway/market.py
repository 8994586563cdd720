"""The market an installation runs: its party, areas, borders, product, gates and clearing rules.

It is the only thing besides the messages that a procurement depends on; everything in it
can be read from a settings file, and every default is stated here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO, Activation, Direction, Party, Reserve
from gateway.time import QUARTER_HOUR, Interval, Resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area of the market: its identifier, a name for people, and the operator responsible for it."""

    id: AreaId
    name: str
    operator: PartyId | None = None


class CapacityFallback(StrEnum):
    """What stands in for a border capacity that nobody sent."""

    ZERO = "zero"
    STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A border between two areas with its static limits in MW, used only where the fallback says so."""

    from_area: AreaId
    to_area: AreaId
    forward_mw: Decimal = ZERO
    backward_mw: Decimal = ZERO
    loss_factor: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """Deadlines of one market time unit, as time before its start.

    Defaults are those of the Nordic mFRR energy activation market: bids until 45 min, needs until
    15 min, result from 14 min, orders out 7.5 min before the quarter hour. What local markets do lies between
    bids and needs: their own needs, their results and their offers are due after one, two and three quarters of
    that time, in which the market of the transmission operator waits for them.
    """

    bids: timedelta = timedelta(minutes=45)
    needs: timedelta = timedelta(minutes=15)
    clearing: timedelta = timedelta(minutes=14)
    orders: timedelta = timedelta(minutes=7, seconds=30)

    def __post_init__(self) -> None:
        """Refuse gates in the wrong order.

        Raises `InvalidValue`.
        """
        if not self.bids >= self.needs >= self.clearing >= self.orders >= timedelta(0):
            raise InvalidValue("Gates", "bids, needs, clearing and orders in this order before the interval", str(self))

    def closes(self, gate: str, interval: Interval) -> datetime:
        """Return when a gate of *interval* closes, one of `GATES` by name."""
        if gate in _LOCAL_QUARTERS:
            before = self.bids - _LOCAL_QUARTERS[gate] * (self.bids - self.needs) / 4
        else:
            before = getattr(self, gate)
        return interval.start - before


_LOCAL_QUARTERS = {"local_needs": 1, "local_clearing": 2, "offers": 3}
"""When local markets are due, in quarters of the time between bids and needs."""
GATES = (*Gates.__dataclass_fields__, *_LOCAL_QUARTERS)
"""The names of all gates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteedVolume:
    """So many MW of one direction stay in reach of the operator of *areas*, for direct activation.

    Raises `InvalidValue` without an area, for another direction than up or down, and for a quantity that is not
    finite and above 0.
    """

    areas: tuple[AreaId, ...]
    direction: Direction
    quantity_mw: Decimal

    def __post_init__(self) -> None:
        """Refuse a guarantee of nothing."""
        if not self.areas:
            raise InvalidValue("GuaranteedVolume.areas", "one area or more", "none")
        if self.direction is Direction.BOTH:
            raise InvalidValue("GuaranteedVolume.direction", "up or down", self.direction)
        if not (self.quantity_mw.is_finite() and self.quantity_mw > ZERO):
            raise InvalidValue("GuaranteedVolume.quantity_mw", "a finite power above 0 MW", str(self.quantity_mw))

    def __str__(self) -> str:
        """Return the guarantee in words."""
        where = ", ".join(area.value for area in self.areas)
        return f"{self.quantity_mw.normalize():f} MW {self.direction} are guaranteed in {where}"


class Pricing(StrEnum):
    """What comes first where non-divisible bids leave no price that suits everybody."""

    STRICT = "strict"
    """No accepted bid ever loses money at the clearing price; welfare gives way."""
    WELFARE_FIRST = "welfare first"
    """Welfare is maximal; an accepted bid may lose money and is then owed a make-whole payment."""


class CounterActivation(StrEnum):
    """Whether bids of both directions may be activated against each other where that adds welfare."""

    WELFARE_FIRST = "welfare first"
    """They may: the greatest welfare decides."""
    VOLUME_FIRST = "volume first"
    """They may not: the least activated volume comes before welfare (`gateway.clearing.least_volume`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketDefinition:
    """One balancing market.

    ``operator`` is the party that runs this installation. Areas and borders that are not listed but
    occur in documents are refused when ``closed`` is true, else taken as they come and reported. ``guaranteed``: what
    operators keep out of the common list (`gateway.clearing.guaranteed`).
    """

    operator: Party
    reserve: Reserve = Reserve.MFRR
    activation: Activation = Activation.SCHEDULED
    resolution: Resolution = QUARTER_HOUR
    currency: str = "EUR"
    domain: AreaId | None = None
    areas: tuple[Area, ...] = ()
    borders: tuple[Border, ...] = ()
    closed: bool = False
    fallback: CapacityFallback = CapacityFallback.ZERO
    gates: Gates = field(default_factory=Gates)
    pricing: Pricing = Pricing.STRICT
    counter_activation: CounterActivation = CounterActivation.WELFARE_FIRST
    price_cap: Decimal = Decimal(15000)
    price_step: Decimal = Decimal("0.01")
    quantity_step: Decimal = Decimal("0.001")
    guaranteed: tuple[GuaranteedVolume, ...] = ()

    def area_name(self, area: AreaId) -> str:
        """Return the name for people of *area*, or its identifier."""
        return next((known.name for known in self.areas if known.id == area), area.value)
