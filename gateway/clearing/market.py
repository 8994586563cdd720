"""What a clearing is given: the market of some intervals, and the rules it is cleared by.

Rules
1. Every interval named by a need, or by a bid that meets no need's interval, is cleared; intervals are equal or apart.
2. What is traded is a *commodity*: a reserve process and a product. With needs, only their commodities are cleared;
   without any, every commodity that is offered.
3. Needs are all scheduled or all direct: direct activation is a clearing of its own.
4. Quantities and prices are counted in whole steps (`Scale`), so that results can be exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cached_property
from itertools import pairwise

from gateway.errors import InvalidValue
from gateway.market import CounterActivation, GuaranteedVolume, Pricing
from gateway.model import ZERO, Activation, Bid, Block, Capacity, Limit, Need, Reserve
from gateway.time import Interval
from gateway.units import UnitProfile

FINEST_DECIMALS = 6
"""Decimal places that a quantity or a price may have: double precision still tells such steps apart safely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingRules:
    """What the market has agreed on.

    ``price_cap``: no price lies above it or below its negative; scarcity reaches it. ``price_step`` and
    ``quantity_step``: prices per MWh and awards in MW are whole multiples of them. ``work_limit``: after how many nodes
    the search for yes-or-no decisions of an interval gives the best answer so far, with its gap. ``stop_after_s``: when
    the clock ends a run of that search, for emergencies; what it found is lost (`gateway.clearing.search`).
    ``guaranteed``: volumes kept for direct activation (`gateway.clearing.guaranteed`). ``counter_activation``: whether
    welfare or the least activated volume comes first.

    Raises `InvalidValue` for a cap, a step or a limit that is not positive.
    """

    price_cap: Decimal = Decimal(15000)
    price_step: Decimal = Decimal("0.01")
    quantity_step: Decimal = Decimal("0.001")
    pricing: Pricing = Pricing.STRICT
    counter_activation: CounterActivation = CounterActivation.WELFARE_FIRST
    currency: str = "EUR"
    work_limit: int = 100_000
    stop_after_s: Decimal | None = None
    guaranteed: tuple[GuaranteedVolume, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a cap or steps that leave no prices or no quantities, and limits that leave no work."""
        for name in ("price_cap", "price_step", "quantity_step", "work_limit", "stop_after_s"):
            value: Decimal | int | None = getattr(self, name)
            if value is not None and not (Decimal(value).is_finite() and value > 0):
                raise InvalidValue(f"ClearingRules.{name}", "a finite number above 0", str(value))


@dataclass(frozen=True, slots=True, order=True)
class Commodity:
    """What is traded: a product of a reserve process."""

    reserve: Reserve
    product: str

    def __str__(self) -> str:
        """Return both parts."""
        return f"{self.reserve} {self.product}"


def commodity(order: Bid | Need) -> Commodity:
    """Return what *order* offers or asks for."""
    return Commodity(order.reserve, order.product)


@dataclass(frozen=True, slots=True)
class Scale:
    """The steps in which a clearing counts: ``mw`` of power and ``price`` of money per MWh.

    >>> scale = Scale(Decimal("0.1"), Decimal("0.01"))
    >>> scale.ticks(Decimal("2.57")), scale.megawatts(25), scale.price_ticks(Decimal("60.5"))
    (25, Decimal('2.5'), 6050)
    """

    mw: Decimal
    price: Decimal

    def ticks(self, quantity_mw: Decimal) -> int:
        """Return how many whole steps fit into *quantity_mw*."""
        return int((quantity_mw / self.mw).to_integral_value(ROUND_FLOOR))

    def megawatts(self, ticks: int) -> Decimal:
        """Return a number of steps in MW."""
        return int(ticks) * self.mw

    def price_ticks(self, price: Decimal) -> int:
        """Return *price* in steps; a price between two steps goes to the nearer one."""
        return int((price / self.price).to_integral_value(ROUND_HALF_EVEN))

    def money(self, ticks: int) -> Decimal:
        """Return a number of price steps per MWh."""
        return int(ticks) * self.price


@dataclass(frozen=True)
class Market:
    """Everything one clearing knows.

    ``units``: what units can do over several intervals (`gateway.clearing.periods`).

    Raises `InvalidValue` for a bid or need that appears twice in an interval, a limit that appears twice, needs in
    another currency or beyond the price cap, needs of both activations, intervals that overlap without being equal,
    loss factors outside 0 to 1, numbers with more than six decimals, and, where the least volume comes first, all that
    would have a price or take part in it beyond inelastic needs, bids and borders of one commodity.
    """

    bids: tuple[Bid, ...] = ()
    needs: tuple[Need, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    limits: tuple[Limit, ...] = ()
    blocks: tuple[Block, ...] = ()
    rules: ClearingRules = ClearingRules()
    units: tuple[UnitProfile, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a market that contradicts itself."""
        _refuse_twice("Bid", ((bid.id, bid.interval) for bid in self.bids))
        _refuse_twice("Need", ((need.id, need.interval) for need in self.needs))
        _refuse_twice("Limit", ((limit.id, limit.interval) for limit in self.limits))
        _check_needs(self.needs, self.rules)
        if self.rules.counter_activation is CounterActivation.VOLUME_FIRST:
            _check_volume_first(self)
        for capacity in self.capacities:
            if not 0 <= capacity.loss_factor < 1:
                raise InvalidValue(f"Capacity {capacity.id}.loss_factor", "0 to 1", str(capacity.loss_factor))
        for path, value in (*_quantities(self), *_prices(self)):
            if decimals(value) > FINEST_DECIMALS:
                raise InvalidValue(path, f"at most {FINEST_DECIMALS} decimals", str(value))
        for earlier, later in pairwise(self.periods):
            if earlier.overlaps(later):
                raise InvalidValue("Market", "intervals that are equal or apart", f"{earlier} and {later}")

    @cached_property
    def periods(self) -> tuple[Interval, ...]:
        """The intervals to clear, ascending."""
        asked = {need.interval for need in self.needs}
        offered = {bid.interval for bid in self.bids if not any(bid.interval.overlaps(period) for period in asked)}
        return tuple(sorted(asked | offered))

    @cached_property
    def bids_at(self) -> Mapping[Interval, tuple[Bid, ...]]:
        """The bids of each interval that any bid names, in their order."""
        found: dict[Interval, list[Bid]] = {}
        for bid in self.bids:
            found.setdefault(bid.interval, []).append(bid)
        return {period: tuple(bids) for period, bids in found.items()}

    @cached_property
    def activation(self) -> Activation:
        """How accepted bids are activated: as scheduled, unless the needs ask for direct activation."""
        return self.needs[0].activation if self.needs else Activation.SCHEDULED

    @cached_property
    def commodities(self) -> frozenset[Commodity]:
        """What is traded."""
        return frozenset(map(commodity, self.needs or self.bids))

    @cached_property
    def scale(self) -> Scale:
        """The steps of the rules, or finer ones where an order is stated more finely."""
        return Scale(_finer(self.rules.quantity_step, _quantities(self)), _finer(self.rules.price_step, _prices(self)))


def decimals(value: Decimal) -> int:
    """Return how many decimal places *value* needs.

    >>> decimals(Decimal("1.50")), decimals(Decimal("1E+2"))
    (1, 0)
    """
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else FINEST_DECIMALS + 1


def _finer(step: Decimal, numbers: Iterator[tuple[str, Decimal]]) -> Decimal:
    return min(step, Decimal(1).scaleb(-max((decimals(value) for _, value in numbers), default=0)))


def _quantities(market: Market) -> Iterator[tuple[str, Decimal]]:
    for bid in market.bids:
        yield f"Bid {bid.id}.quantity_mw", bid.quantity_mw
        yield f"Bid {bid.id}.minimum_mw", bid.minimum_mw
        yield f"Bid {bid.id}.granularity_mw", bid.granularity_mw or ZERO
    for need in market.needs:
        yield f"Need {need.id}.quantity_mw", need.quantity_mw
        yield f"Need {need.id}.tolerance_mw", need.tolerance_mw


def _prices(market: Market) -> Iterator[tuple[str, Decimal]]:
    for bid in market.bids:
        yield f"Bid {bid.id}.price", bid.price or ZERO
    for need in market.needs:
        yield f"Need {need.id}.price", need.price or ZERO


def _refuse_twice(kind: str, keys: Iterable[tuple[str, Interval]]) -> None:
    seen: set[tuple[str, Interval]] = set()
    for key in keys:
        if key in seen:
            raise InvalidValue(f"{kind} {key[0]}", "one statement for each interval", f"a second one for {key[1]}")
        seen.add(key)


def _check_needs(needs: tuple[Need, ...], rules: ClearingRules) -> None:
    for need in needs:
        if need.currency != rules.currency:
            raise InvalidValue(f"Need {need.id}.currency", rules.currency, need.currency)
        if need.price is not None and not (need.price.is_finite() and abs(need.price) <= rules.price_cap):
            raise InvalidValue(f"Need {need.id}.price", f"at most {rules.price_cap} either way", str(need.price))
        if need.activation is not needs[0].activation:
            raise InvalidValue(f"Need {need.id}.activation", needs[0].activation, need.activation)


def _check_volume_first(market: Market) -> None:
    """Refuse what leaves open how much is to be activated, or what a price difference means."""
    elastic = [
        f"need {need.id} with a price or a tolerance"
        for need in market.needs
        if need.price is not None or need.tolerance_mw
    ]
    lossy = [f"capacity {capacity.id} with losses" for capacity in market.capacities if capacity.loss_factor]
    bound = [f"limit {limit.id}" for limit in market.limits] + [f"unit {unit.id}" for unit in market.units]
    several = [f"{len(market.commodities)} commodities"] if len(market.commodities) > 1 else []
    for found in (*elastic, *lossy, *bound, *several):
        expected = "inelastic needs of one commodity, borders without losses, no limits and no units"
        raise InvalidValue("ClearingRules.counter_activation", f"with volume first, {expected}", found)
