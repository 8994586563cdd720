"""The canonical model: what a clearing answers and what follows from it.

`ClearingResult` is the whole answer for some intervals; `Allocation`, `ActivationOrders` and
`ClearingPrices` are the parts of it that a party is told; `Receipt` accepts or refuses a document.
Every bid has an `Award`, accepted or not, with its `Fate` in words: nothing drops out of a result.
Conventions as in `gateway.model`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import ZERO, Direction, Reserve, Role
from gateway.time import Interval


class Fate(StrEnum):
    """What became of a bid, and why."""

    ACCEPTED = "accepted in full"
    PARTLY_ACCEPTED = "accepted in part: it sets the price or shares a tie"
    OUT_OF_THE_MONEY = "not accepted: its price is worse than the clearing price"
    AT_THE_MARGIN = "not accepted: at the clearing price, the need was already met"
    PARADOXICALLY_REJECTED = "not accepted though in the money: it cannot be divided to fit"
    COUNTER_ACTIVATION = "not accepted though in the money: it would only be activated against other bids"
    EXCLUDED_BY_GROUP = "not accepted: another bid of its exclusive group was better"
    EARLIER_STEP_OPEN = "not accepted: a cheaper step of its multipart bid is not full"
    GROUP_REJECTED = "not accepted: its inclusive group as a whole was not"
    BLOCK_REJECTED = "not accepted: its block bid as a whole was not"
    LINK_REJECTED = "not accepted: a bid that it depends on was not, or one that excludes it was"
    UNIT_LIMITED = "not accepted further: what its unit can do over several intervals binds"
    LIMITED = "not accepted further: a grid limit or joint capacity binds"
    BLOCKED = "not usable: blocked by a system operator"
    UNAVAILABLE = "not usable: unavailable by its own status or a link"
    WITHHELD = "not usable: its operator keeps it for direct activation"
    NO_PRICE = "not usable: it has no energy price"
    OUT_OF_SCOPE = "not usable: another product, period or area than the market cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """How much of a bid is accepted, at what price, and why no more.

    ``price`` is what the award is settled at per MWh: the clearing price of the bid's area, less or plus what the grid
    limits that the bid counts in take from it (their shadow prices). ``reason`` explains ``fate`` in a sentence.
    """

    bid_id: str
    provider: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    offered_mw: Decimal
    quantity_mw: Decimal
    bid_price: Decimal | None
    price: Decimal | None
    fate: Fate
    reason: str
    currency: str = "EUR"
    reserve: Reserve = Reserve.MFRR
    resource: ResourceId | None = None
    voluntary_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedNeed:
    """How much of a need is met, at what price; ``unserved_mw`` is what scarcity or its limit price left.

    ``buyer_role``: as what the buyer acts, where that is known; no document carries it. ``excess_mw``: what is served
    beyond the need within its tolerance, at the same price.
    """

    need_id: str
    buyer: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    requested_mw: Decimal
    served_mw: Decimal
    price: Decimal | None
    limit_price: Decimal | None = None
    currency: str = "EUR"
    reserve: Reserve = Reserve.MFRR
    buyer_role: Role | None = None
    excess_mw: Decimal = ZERO

    @property
    def unserved_mw(self) -> Decimal:
        """MW of the need that stay unmet."""
        return self.requested_mw - self.served_mw

    @property
    def bought_mw(self) -> Decimal:
        """MW that the buyer takes and pays in all: the need as served, and the excess."""
        return self.served_mw + self.excess_mw


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingPrice:
    """The price per MWh of one area, product and interval, inside the interval of valid prices.

    ``lowest`` and ``highest`` bound the prices that support the same volumes; ``set_by`` names the bids
    or needs at the margin, or says that scarcity set it.
    """

    area: AreaId
    interval: Interval
    price: Decimal
    lowest: Decimal
    highest: Decimal
    product: str = "energy"
    currency: str = "EUR"
    reserve: Reserve = Reserve.MFRR
    set_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFlow:
    """``quantity_mw`` of a product flow from one area to another (never negative).

    ``capacity_mw`` is what the border allows in that direction, for all products together.
    """

    from_area: AreaId
    to_area: AreaId
    interval: Interval
    quantity_mw: Decimal
    capacity_mw: Decimal
    product: str = "energy"
    reserve: Reserve = Reserve.MFRR


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPrice:
    """How far a grid limit is used, and what one MW more of headroom would save per hour; 0 where it has room."""

    limit_id: str
    interval: Interval
    used_mw: Decimal
    headroom_mw: Decimal
    price: Decimal


class Rung(StrEnum):
    """How the volumes of an interval were found: the rungs of a ladder, the simplest first."""

    MERIT_ORDER = "merit order"
    LINEAR = "linear program"
    FIXING = "search by fixing"
    MIXED_INTEGER = "mixed-integer program"
    STRICT = "exact program of volumes and strict prices"
    TWO_PROGRAMS = "two linear programs, because a limit ended the search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the volumes of an interval were found, and what is proven of them.

    ``gap``: by how much per hour their welfare may lie below the greatest one; 0 where it is proven to be that, None
    where nothing is proven. ``nodes``: the work of the search for yes-or-no decisions, the same on every machine.
    """

    interval: Interval
    rung: Rung
    gap: Decimal | None = ZERO
    nodes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingResult:
    """The answer of a clearing: every bid, need, price and flow of its intervals.

    ``welfare``: value of the served needs less the cost of the accepted bids, per hour, in ``currency``, summed over
    the intervals; inelastic needs count at the price cap. ``shadow_prices``: of the grid limits, binding or not.
    ``methods``: how each interval was cleared. ``notes`` say in words what was decided on the way.
    """

    awards: tuple[Award, ...]
    needs: tuple[ServedNeed, ...]
    prices: tuple[ClearingPrice, ...]
    flows: tuple[ExchangeFlow, ...]
    welfare: Decimal = ZERO
    currency: str = "EUR"
    revision: int = 1
    engine: str = ""
    notes: tuple[str, ...] = ()
    shadow_prices: tuple[ShadowPrice, ...] = ()
    methods: tuple[Method, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Steps 5 and 7: the part of a result that one party is told, as seller or as buyer.

    ``revision`` counts the rounds of the check-and-block loop.
    """

    awards: tuple[Award, ...]
    needs: tuple[ServedNeed, ...] = ()
    revision: int = 1


class OrderKind(StrEnum):
    """What an activation message is."""

    SCHEDULED = "scheduled activation"
    DIRECT = "direct activation"
    RESPONSE = "response"


class OrderStatus(StrEnum):
    """State of one ordered bid."""

    ORDERED = "ordered"
    ACTIVATED = "activated"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationOrder:
    """One bid is to deliver ``quantity_mw`` throughout an interval, or the answer to that."""

    bid_id: str
    provider: PartyId
    area: AreaId
    direction: Direction
    interval: Interval
    quantity_mw: Decimal
    status: OrderStatus = OrderStatus.ORDERED
    resource: ResourceId | None = None
    reasons: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationOrders:
    """Step 7: orders to one provider, or its response to them; ``order_id`` ties the two together."""

    kind: OrderKind
    order_id: str
    order_revision: int
    orders: tuple[ActivationOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingPrices:
    """The published prices of some areas and intervals."""

    prices: tuple[ClearingPrice, ...]


class Verdict(StrEnum):
    """What a receipt says of a document as a whole."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason code of the ENTSO-E list with the words that go with it."""

    code: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSeries:
    """A series that is refused, whole or (``intervals`` not empty) only at some times."""

    series_id: str
    reasons: tuple[Reason, ...]
    intervals: tuple[tuple[Interval, tuple[Reason, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The acknowledgement of one received document.

    ``document_id`` and ``revision`` are None where the document could not be read that far; ``title``
    then names the transport payload.
    """

    verdict: Verdict
    document_id: str | None = None
    revision: int | None = None
    document_type: str | None = None
    process: str | None = None
    title: str | None = None
    created: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    refused: tuple[RefusedSeries, ...] = ()
