"""The canonical model: what market participants tell each other before a clearing.

Conventions
* Net injection into the grid is positive; ``UP`` means more injection or less load.
* Quantities are power in MW, never negative: the direction carries the sign.
* The price of an up bid is what the provider receives per MWh; the price of a down bid is what
  the provider pays per MWh (IEC 62325-451-7 and the European balancing platforms). A negative
  price is legal in both directions.
* Money is a `Decimal` in the unit of ``currency`` (ISO 4217).
* Intervals are half-open UTC; a bid speaks of one interval and holds throughout it.

The messages carry the names of the procurement steps of the coordination schemes (Gerard,
Rivero Puente, Six, "Coordination between transmission and distribution system operators in the
electricity sector", Utilities Policy 50, 2018): `ReserveNeed`, `BidSet`, `GridConstraints`,
`Blocking`. What a clearing answers is in `gateway.results`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.time import Interval
from gateway.units import UnitProfile

ZERO = Decimal(0)


class Role(StrEnum):
    """What a party does in the market (Harmonised Electricity Market Role Model)."""

    SYSTEM_OPERATOR = "system operator"
    TRANSMISSION_SYSTEM_OPERATOR = "transmission system operator"
    DISTRIBUTION_SYSTEM_OPERATOR = "distribution system operator"
    MARKET_OPERATOR = "market operator"
    MERIT_ORDER_LIST_RESPONSIBLE = "merit order list responsible"
    RESERVE_ALLOCATOR = "reserve allocator"
    BALANCING_SERVICE_PROVIDER = "balancing service provider"
    RESOURCE_PROVIDER = "resource provider"
    RESOURCE_AGGREGATOR = "resource aggregator"
    FLEXIBILITY_SERVICE_PROVIDER = "flexibility service provider"
    BALANCE_RESPONSIBLE_PARTY = "balance responsible party"
    SCHEDULING_AGENT = "scheduling agent"
    DATA_PROVIDER = "data provider"
    METERED_DATA_RESPONSIBLE = "metered data responsible"
    METERED_DATA_AGGREGATOR = "metered data aggregator"
    METERED_DATA_ADMINISTRATOR = "metered data administrator"
    IMBALANCE_SETTLEMENT_RESPONSIBLE = "imbalance settlement responsible"
    SETTLEMENT_RESPONSIBLE = "settlement responsible"
    CAPACITY_COORDINATOR = "capacity coordinator"
    TRANSMISSION_CAPACITY_ALLOCATOR = "transmission capacity allocator"
    COORDINATED_CAPACITY_CALCULATOR = "coordinated capacity calculator"
    REGIONAL_SECURITY_COORDINATOR = "regional security coordinator"
    LFC_OPERATOR = "load-frequency control operator"
    GRID_ACCESS_PROVIDER = "grid access provider"
    METERED_DATA_COLLECTOR = "metered data collector"
    METERING_POINT_ADMINISTRATOR = "metering point administrator"
    ENERGY_SUPPLIER = "energy supplier"
    ENERGY_SERVICE_COMPANY = "energy service company"
    ENERGY_TRADER = "energy trader"
    CONSUMER = "consumer"
    PRODUCER = "producer"
    TRADE_RESPONSIBLE_PARTY = "trade responsible party"
    MARKET_INFORMATION_AGGREGATOR = "market information aggregator"
    INFORMATION_RECEIVER = "information receiver"


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """A market participant in one of its roles."""

    id: PartyId
    role: Role


class Direction(StrEnum):
    """Sense of an offer or a need, seen from the grid."""

    UP = "up"
    DOWN = "down"
    BOTH = "up and down"

    @property
    def sign(self) -> int:
        """+1 for up, -1 for down, 0 for both."""
        return {Direction.UP: 1, Direction.DOWN: -1, Direction.BOTH: 0}[self]


class Reserve(StrEnum):
    """The balancing process a product belongs to (Regulation (EU) 2017/2195)."""

    FCR = "FCR"
    AFRR = "aFRR"
    MFRR = "mFRR"
    RR = "RR"


class Activation(StrEnum):
    """How a bid may be activated."""

    SCHEDULED = "scheduled"
    DIRECT = "direct"
    SCHEDULED_OR_DIRECT = "scheduled or direct"


class Availability(StrEnum):
    """Whether a bid may be used, and on what that depends."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    CONDITIONALLY_AVAILABLE = "conditionally available"
    CONDITIONALLY_UNAVAILABLE = "conditionally unavailable"


class Condition(StrEnum):
    """What has to happen to a linked bid of an earlier period for a link to bite.

    The first six make an available bid unavailable, the other six an unavailable one available.
    """

    UNAVAILABLE_IF_ACTIVATED = "unavailable if linked bid activated"
    UNAVAILABLE_IF_NOT_ACTIVATED = "unavailable if linked bid not activated"
    NOT_DIRECT_IF_DIRECT = "not for direct activation if linked bid activated directly"
    NOT_DIRECT_IF_SCHEDULED = "not for direct activation if linked bid activated as scheduled"
    UNAVAILABLE_IF_SCHEDULED = "unavailable if linked bid activated as scheduled"
    UNAVAILABLE_IF_DIRECT = "unavailable if linked bid activated directly"
    AVAILABLE_IF_ACTIVATED = "available if linked bid activated"
    AVAILABLE_IF_NOT_ACTIVATED = "available if linked bid not activated"
    AVAILABLE_IF_SCHEDULED = "available if linked bid activated as scheduled"
    AVAILABLE_IF_DIRECT = "available if linked bid activated directly"
    DIRECT_IF_DIRECT = "for direct activation if linked bid activated directly"
    DIRECT_IF_SCHEDULED = "for direct activation if linked bid activated as scheduled"


@dataclass(frozen=True, slots=True)
class Link:
    """A bid depends on what happened to ``bid_id`` (a bid, or an inclusive group) in an earlier period."""

    bid_id: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """An offer of one provider for one interval: up to ``quantity_mw`` at ``price`` per MWh.

    ``area`` is where the resource is connected. ``minimum_mw``: least acceptable MW, where the bid is
    divisible; 0 = any amount. An indivisible bid is taken whole or not at all. ``granularity_mw``: the
    award is a whole multiple of it.

    Groups are named by an id shared by their members: ``exclusive`` (at most one is accepted),
    ``multipart`` (price steps of one unit: a dearer step only when the cheaper ones are full),
    ``inclusive`` (all in the same ratio, or none). At most one of the three is set.
    ``technical_link`` names the same unit in consecutive periods; ``links`` are conditions on other
    bids. Durations are those of the standard's ``*_ConstraintDuration``. ``submitted``: creation of the first
    document that stated the bid like this, for precedence among equals; no document carries it.

    ``block_bid``: an id shared by bids of several intervals that are accepted all in the same ratio, or none
    (``blockBid`` of the standard). ``parent``: the bid, or inclusive group, without which this one is not
    accepted: its part of the same interval where it has one, otherwise all its parts.

    Raises `InvalidValue` for quantities that are not finite, negative, or below the minimum, for a bid that
    is its own parent, and for a step of a multipart bid in a block or with a parent.
    """

    id: str
    provider: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    quantity_mw: Decimal
    price: Decimal | None = None
    capacity_price: Decimal | None = None
    currency: str = "EUR"
    reserve: Reserve = Reserve.MFRR
    activation: Activation = Activation.SCHEDULED
    product: str = "energy"
    divisible: bool = True
    minimum_mw: Decimal = ZERO
    granularity_mw: Decimal | None = None
    exclusive: str | None = None
    multipart: str | None = None
    inclusive: str | None = None
    block_bid: str | None = None
    parent: str | None = None
    technical_link: str | None = None
    links: tuple[Link, ...] = ()
    availability: Availability = Availability.AVAILABLE
    resource: ResourceId | None = None
    activation_time: timedelta | None = None
    resting_time: timedelta | None = None
    minimum_duration: timedelta | None = None
    maximum_duration: timedelta | None = None
    voluntary_id: str | None = None
    submitted: datetime | None = None
    national: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse quantities and prices that cannot be."""
        if not self.id:
            raise InvalidValue("Bid.id", "an identifier", "an empty string")
        if not (self.quantity_mw.is_finite() and self.quantity_mw >= ZERO):
            raise InvalidValue(f"Bid {self.id}.quantity_mw", "a finite power of 0 MW or more", str(self.quantity_mw))
        if not (self.minimum_mw.is_finite() and ZERO <= self.minimum_mw <= self.quantity_mw):
            raise InvalidValue(f"Bid {self.id}.minimum_mw", f"0 to {self.quantity_mw} MW", str(self.minimum_mw))
        if self.price is not None and not self.price.is_finite():
            raise InvalidValue(f"Bid {self.id}.price", "a finite price", str(self.price))
        if self.parent is not None and self.parent in {self.id, self.inclusive}:
            raise InvalidValue(f"Bid {self.id}.parent", "another bid", self.parent)
        if self.multipart and (self.block_bid or self.parent):
            raise InvalidValue(f"Bid {self.id}.multipart", "no block and no parent beside it", self.multipart)

    @property
    def group(self) -> str | None:
        """The id of the group the bid belongs to, of whichever kind."""
        return self.exclusive or self.multipart or self.inclusive

    @property
    def least_mw(self) -> Decimal:
        """Least MW in which the bid can be accepted at all: its minimum, or all of an indivisible one."""
        return self.minimum_mw if self.divisible else self.quantity_mw


@dataclass(frozen=True, slots=True, kw_only=True)
class BidSet:
    """Step 3: the bids of one document, and what their units can do over several intervals.

    ``replaces_all``: it replaces every earlier bid of the sender.
    """

    bids: tuple[Bid, ...]
    replaces_all: bool = False
    units: tuple[UnitProfile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A buyer needs ``quantity_mw`` in one direction, area and interval.

    ``price`` is the limit per MWh (up: highest payable, down: lowest acceptable); None means the need
    is inelastic. ``required`` is false for a need the buyer would like met but does not insist on.
    ``buyer_role``: as what the buyer acts, where that is known from the sender of the document.
    ``tolerance_mw``: by how much an inelastic need may be served beyond its quantity, so that indivisible
    bids fit (`gateway.clearing.tolerance`).

    Raises `InvalidValue` for a quantity or a tolerance that is not finite or negative, and for a tolerance
    beside a limit price.
    """

    id: str
    buyer: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    quantity_mw: Decimal
    price: Decimal | None = None
    currency: str = "EUR"
    reserve: Reserve = Reserve.MFRR
    activation: Activation = Activation.SCHEDULED
    product: str = "energy"
    required: bool = True
    resource: ResourceId | None = None
    buyer_role: Role | None = None
    tolerance_mw: Decimal = ZERO

    def __post_init__(self) -> None:
        """Refuse quantities that cannot be."""
        for name, power in (("quantity_mw", self.quantity_mw), ("tolerance_mw", self.tolerance_mw)):
            if not (power.is_finite() and power >= ZERO):
                raise InvalidValue(f"Need {self.id}.{name}", "a finite power of 0 MW or more", str(power))
        if self.tolerance_mw and self.price is not None:
            raise InvalidValue(f"Need {self.id}.tolerance_mw", "0 MW beside a limit price", str(self.tolerance_mw))
        if self.direction is Direction.BOTH:
            raise InvalidValue(f"Need {self.id}.direction", "up or down", self.direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveNeed:
    """Steps 1 and 2: what one buyer needs."""

    needs: tuple[Need, ...]


class CapacityKind(StrEnum):
    """What a capacity means."""

    AVAILABLE = "available transfer capacity after the schedule"
    TOTAL = "net transfer capacity"
    MAXIMUM_EXCHANGE = "maximum power exchange of an interface"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """At most ``quantity_mw`` may flow from one area to another in an interval.

    ``loss_factor`` is the share of the flow that is lost, half on each side (0 for an AC border in a
    zonal market). Raises `InvalidValue` for a negative capacity or a border of an area with itself.
    """

    id: str
    sender: PartyId
    from_area: AreaId
    to_area: AreaId
    interval: Interval
    quantity_mw: Decimal
    kind: CapacityKind = CapacityKind.AVAILABLE
    loss_factor: Decimal = ZERO

    def __post_init__(self) -> None:
        """Refuse capacities that cannot be."""
        if not (self.quantity_mw.is_finite() and self.quantity_mw >= ZERO):
            raise InvalidValue(
                f"Capacity {self.id}.quantity_mw", "a finite power of 0 MW or more", str(self.quantity_mw)
            )
        if self.from_area == self.to_area:
            raise InvalidValue(f"Capacity {self.id}.to_area", "another area than from_area", str(self.to_area))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A linear grid constraint: the sum of coefficient times accepted MW is at most ``headroom_mw``.

    Every limit of a radial grid (LinDistFlow) is affine in the accepted bids, so a system operator can
    state it without showing its grid; the joint capacity of energy and reserve of one unit has the
    same form. ``coefficients`` maps bid ids to coefficients; bids not named do not count.
    A negative headroom (violated before any activation) counts as 0: "do not make it worse".
    """

    id: str
    sender: PartyId
    interval: Interval
    headroom_mw: Decimal
    coefficients: Mapping[str, Decimal] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridConstraints:
    """Step 4: what the grid allows, as border capacities and linear limits."""

    capacities: tuple[Capacity, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A bid may be used up to ``limit_mw`` in an interval; None means not at all.

    ``reason`` is the reason code and text of the requesting operator, ``kind`` what is at risk.
    """

    bid_id: str
    requester: PartyId
    requester_role: Role
    interval: Interval
    area: AreaId
    limit_mw: Decimal | None = None
    kind: str = "thermal"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Step 6: the bids that a system operator blocks or caps after its check."""

    blocks: tuple[Block, ...]
