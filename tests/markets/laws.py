"""What holds for every market, and how a market breaks it.

A *law* looks at one market and tells in a sentence how it is broken, or nothing. An exception of the clearing breaks
every law: a market that was accepted has a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from random import Random

from gateway.clearing import certify, clear
from gateway.clearing.engine import EngineName, named
from gateway.clearing.example import market_of
from gateway.clearing.market import Market
from gateway.market import Pricing
from gateway.model import ZERO, Bid
from gateway.results import ClearingPrice, ClearingResult, ServedNeed
from tests.markets.drawing import things

NEAR = Decimal("1e-9")
"""How far the welfare of two engines may differ, as a share."""
SHUFFLED = 20260115
"""Seed of the permutations."""


@dataclass(frozen=True)
class Trial:
    """A market, and its results as far as laws asked for them."""

    market: Market

    @cached_property
    def result(self) -> ClearingResult:
        """The result of the engine of production."""
        return clear(self.market)

    @cached_property
    def reference(self) -> ClearingResult:
        """The result of the reference engine."""
        return clear(self.market, named(EngineName.REFERENCE))

    @cached_property
    def exact(self) -> bool:
        """Whether volumes lie on the grid: a network without losses, grid limits and second products."""
        lossy = any(each.loss_factor for each in self.market.capacities)
        return not (lossy or self.market.limits or len({each.product for each in self.market.needs}) > 1)

    @cached_property
    def spanning(self) -> bool:
        """Whether bids span intervals or hang on others."""
        return any(each.block_bid or each.parent or each.technical_link for each in self.market.bids)

    @cached_property
    def best(self) -> tuple[Decimal, Decimal]:
        """What is reached where welfare comes before strict prices, as `merit` tells it."""
        first = self.market.rules.pricing is Pricing.WELFARE_FIRST
        return merit(self.result if first else clear(_first(self.market)))


def merit(result: ClearingResult) -> tuple[Decimal, Decimal]:
    """Return what counts first and second: inelastic MW served, and welfare per hour."""
    return sum((each.served_mw for each in result.needs if each.limit_price is None), ZERO), result.welfare


def _first(market: Market) -> Market:
    return replace(market, rules=replace(market.rules, pricing=Pricing.WELFARE_FIRST))


def engines_agree(trial: Trial) -> str | None:
    """Both engines serve the same, reach the same welfare and find the same prices with the same bounds.

    Which of several bids at exactly the price are taken may differ (`gateway.clearing.ties`), and with them the names
    of the orders that set it. Where bids span intervals, prices hang on such choices, so that welfare alone is
    compared, and only where it comes first: strict prices are then searched by exclusion.
    """
    ours, theirs = trial.result, trial.reference
    if trial.spanning:
        first = trial.market.rules.pricing is Pricing.WELFARE_FIRST
        near = abs(ours.welfare - theirs.welfare) <= NEAR * max(abs(ours.welfare), Decimal(1))
        return None if near or not first else f"welfare differs: {ours.welfare} and {theirs.welfare}"
    for name, told in (("welfare", _welfare), ("needs", _needs), ("prices", _prices)):
        if told(ours) != told(theirs):
            return f"{name} differ: {_difference(told(ours), told(theirs))}"
    return None


def _welfare(result: ClearingResult) -> Decimal:
    return result.welfare


def _needs(result: ClearingResult) -> tuple[ServedNeed, ...]:
    return result.needs


def _prices(result: ClearingResult) -> tuple[ClearingPrice, ...]:
    return tuple(replace(each, set_by=()) for each in result.prices)


def _difference(ours: object, theirs: object) -> str:
    if isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        ours, theirs = next((a, b) for a, b in zip(ours, theirs, strict=True) if a != b)
    return f"{ours} and {theirs}"


def certificates_are_clean(trial: Trial) -> str | None:
    """The certificate, asked from outside, finds nothing in either result."""
    found = (*certify(trial.market, trial.result), *certify(trial.market, trial.reference))
    return str(found[0]) if found else None


def order_never_shows(trial: Trial) -> str | None:
    """Whatever the order of the input, the result is the same, to the last word."""
    listed = list(things(trial.market))
    Random(SHUFFLED).shuffle(listed)
    shuffled = clear(market_of(*listed, rules=trial.market.rules))
    return None if shuffled == trial.result else _where(trial.result, shuffled)


def _where(ours: ClearingResult, theirs: ClearingResult) -> str:
    names = (name for name in ours.__slots__ if getattr(ours, name) != getattr(theirs, name))
    name = next(names)
    return f"{name} differ: {_difference(getattr(ours, name), getattr(theirs, name))}"


def strict_prices_never_gain(trial: Trial) -> str | None:
    """Strict prices can only cost: welfare first serves at least as much, and then at least as well."""
    return _no_better(trial, merit(trial.result), trial.best, "strict prices")


def relaxations_never_cost(trial: Trial) -> str | None:
    """Whoever takes a condition away loses nothing; which one is taken, the size of the market says."""
    if any(each.links or each.technical_link for each in trial.market.bids):
        return None  # what an earlier interval accepts decides which bids a later one has
    ways = list(relaxations(_first(trial.market)))
    name, relaxed = ways[len(things(trial.market)) % len(ways)]
    return _no_better(trial, trial.best, merit(clear(relaxed)), f"the market with {name}")


def _no_better(trial: Trial, less: tuple[Decimal, Decimal], more: tuple[Decimal, Decimal], what: str) -> str | None:
    """Tell where *less* is better than *more* by more than the rounding of volumes explains."""
    served = ZERO if trial.exact else len(trial.market.needs) * trial.market.scale.mw
    money = ZERO if trial.exact else served * trial.market.rules.price_cap
    lost, gained = less[0] - more[0], less[1] - more[1]
    worse = lost > served or (abs(lost) <= served and gained > money)
    return f"{what}: {less} is better than {more}" if worse else None


def relaxations(market: Market) -> Iterator[tuple[str, Market]]:
    """Yield markets that allow all that *market* allows, and more."""
    yield "divisible bids", replace(market, bids=tuple(map(_divisible, market.bids)))
    if market.limits or market.blocks:
        yield "no limits and blocks", replace(market, limits=(), blocks=())
    wider = tuple(replace(each, quantity_mw=2 * each.quantity_mw) for each in market.capacities)
    yield "wider borders", replace(market, capacities=wider)


def _divisible(bid: Bid) -> Bid:
    free = replace(bid, divisible=True, minimum_mw=ZERO, granularity_mw=None)
    return replace(free, exclusive=None, multipart=None, inclusive=None, block_bid=None, parent=None)


def nobody_loses(trial: Trial) -> str | None:
    """Under strict prices an accepted bid is paid no worse than it asks.

    One that spans intervals may lose in some of them; the certificate looks at it as a whole.
    """
    if trial.market.rules.pricing is not Pricing.STRICT or trial.spanning:
        return None
    for each in trial.result.awards:
        if each.quantity_mw and each.price is not None and each.bid_price is not None:
            gain = each.direction.sign * (each.price - each.bid_price)
            if gain < 0:
                return f"{each.bid_id} loses {-gain} per MWh"
    return None


LAWS: dict[str, Callable[[Trial], str | None]] = {
    "engines agree": engines_agree,
    "certificates are clean": certificates_are_clean,
    "order never shows": order_never_shows,
    "strict prices never gain": strict_prices_never_gain,
    "relaxations never cost": relaxations_never_cost,
    "nobody loses": nobody_loses,
}
"""All laws by name."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that a market breaks, and how."""

    law: str
    how: str


def breach(market: Market, laws: tuple[str, ...] = tuple(LAWS)) -> Breach | None:
    """Return the first of *laws* that *market* breaks."""
    trial = Trial(market)
    for law in laws:
        try:
            how = LAWS[law](trial)
        except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
            how = f"{type(error).__name__}: {error}"
        if how:
            return Breach(law, how)
    return None
