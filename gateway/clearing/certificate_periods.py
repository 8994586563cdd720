"""The part of the certificate that looks across intervals: parents, block bids, units, judged from market and result.

Each item is a function that yields where it finds something wrong, and by how much. Accepted MW are whole steps, so
that a row over n of them may be off by n steps where it need not fall on a step.

Symbols: x accepted MW, q offered MW, s direction, λ the price that is told to a bid, π its own; X_t = Σ_b s_b x_bt of a
unit; h hours in an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from gateway.clearing.market import Market
from gateway.clearing.periods import UnitId, earning_together, names, parents_of, timed_units, unit_of, units_of
from gateway.market import Pricing
from gateway.model import ZERO, Activation, Bid
from gateway.results import Award, ClearingResult
from gateway.time import Interval
from gateway.units import UnitProfile

Fault = tuple[str, Decimal]
"""A place, and how much is wrong there."""
_HOUR = Decimal(3_600_000_000)
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class Spans:
    """A market beside its result: what is accepted of each bid, and of each unit in each interval."""

    market: Market
    awards: dict[tuple[str, Interval], Award]

    @property
    def step_mw(self) -> Decimal:
        """The step of accepted MW."""
        return self.market.scale.mw

    def accepted(self, bid: Bid) -> Decimal:
        """Return the accepted MW of *bid*."""
        return self.awards[bid.id, bid.interval].quantity_mw

    @cached_property
    def block_bids(self) -> dict[str, list[Bid]]:
        """The bids of each block bid."""
        found: dict[str, list[Bid]] = {}
        for bid in self.market.bids:
            if bid.block_bid:
                found.setdefault(bid.block_bid, []).append(bid)
        return found

    @cached_property
    def units(self) -> dict[UnitId, dict[Interval, list[Bid]]]:
        """The bids of each unit whose intervals are bound to each other, by interval."""
        found: dict[UnitId, dict[Interval, list[Bid]]] = {unit: {} for unit in units_of(self.market)}
        found |= {unit: {} for unit in timed_units(self.market)}
        for bid in self.market.bids:
            unit = unit_of(bid)
            if unit in found and bid.interval in self.market.periods:
                found[unit].setdefault(bid.interval, []).append(bid)
        return found

    @cached_property
    def profiles(self) -> list[tuple[UnitProfile, dict[Interval, list[Bid]]]]:
        """The units with a profile, with their bids by interval."""
        return [(profile, self.units[unit]) for unit, profile in sorted(units_of(self.market).items())]

    def net(self, bids: list[Bid]) -> Decimal:
        """Return Σ_b s_b x_b."""
        return sum((bid.direction.sign * self.accepted(bid) for bid in bids), ZERO)

    def activated(self, unit: UnitId) -> list[Interval]:
        """Return the intervals in which something of *unit* is accepted, ascending."""
        return sorted(at for at, bids in self.units[unit].items() if any(map(self.accepted, bids)))

    def runs(self, unit: UnitId) -> list[list[Interval]]:
        """Return the activations of *unit*: its intervals without a gap between them."""
        runs: list[list[Interval]] = []
        for at in self.activated(unit):
            if runs and runs[-1][-1].end == at.start:
                runs[-1].append(at)
            else:
                runs.append([at])
        return runs


def across(market: Market, result: ClearingResult) -> Iterator[tuple[str, str, Decimal]]:
    """Yield what is wrong with *result* across the intervals of *market*: the item, the place, and by how much.

    >>> from gateway.clearing.auction import clear
    >>> from gateway.clearing.example import bid, market_of, need
    >>> child, parent = bid("C", "A", "up", 10, 20, parent="P"), bid("P", "A", "up", 10, 30)
    >>> market = market_of(child, parent, need("d", "A", 15))
    >>> list(across(market, clear(market)))
    []
    """
    bound = market.units or any(bid.block_bid or bid.parent or bid.technical_link for bid in market.bids)
    spans = Spans(market, {(award.bid_id, award.interval): award for award in result.awards})
    for item, check in ITEMS.items() if bound else ():
        yield from ((item, place, amount) for place, amount in check(spans) if amount > 0)


def parents(spans: Spans) -> Iterator[Fault]:
    """An accepted child has an accepted parent, in each of the intervals that count   [MW]."""
    known = names(spans.market.bids)
    held: dict[tuple[str, Interval], Decimal] = {}
    for bid in spans.market.bids:
        for name in {bid.id, bid.inclusive} - {None}:
            held[str(name), bid.interval] = held.get((str(name), bid.interval), ZERO) + spans.accepted(bid)
    for bid in spans.market.bids:
        if bid.parent and spans.accepted(bid):
            parts = parents_of(bid, known)
            orphaned = not parts or any(not held[bid.parent, period] for period in parts)
            yield f"{bid.interval} child {bid.id}", spans.accepted(bid) if orphaned else ZERO


def block_bids(spans: Spans) -> Iterator[Fault]:
    """x_t / q_t is one ratio for all bids of a block bid, and nothing where one of them cannot be used   [MW]."""
    for name, bids in spans.block_bids.items():
        offered, accepted = (
            sum(each, ZERO) for each in zip(*((b.quantity_mw, spans.accepted(b)) for b in bids), strict=True)
        )
        for bid in bids:
            off = abs(spans.accepted(bid) - accepted * bid.quantity_mw / offered) if offered else ZERO
            yield f"block bid {name}, {bid.interval} {bid.id}", off if off >= spans.step_mw else ZERO


def ramps(spans: Spans) -> Iterator[Fault]:
    """|X_t − X_{t−1}| ≤ R Δ   [MW]."""
    for profile, bids in spans.profiles:
        for earlier, later in pairwise(spans.market.periods) if profile.ramp_mw_per_hour is not None else ():
            orders = [*bids.get(earlier, ()), *bids.get(later, ())]
            change = abs(spans.net(bids.get(later, [])) - spans.net(bids.get(earlier, [])))
            most = (profile.ramp_mw_per_hour or ZERO) * hours(later.start - earlier.start)
            yield f"ramp of unit {profile.id} at {later.start}", _beyond(change - most, spans.step_mw * len(orders))


def energies(spans: Spans) -> Iterator[Fault]:
    """Σ_t X_t h is the stated energy, or nothing is accepted; Σ_t Σ_b x_bt h is at most the greatest one   [MWh]."""
    for profile, bids in spans.profiles:
        near = spans.step_mw * sum((len(each) * hours(at.duration) for at, each in bids.items()), ZERO)
        used = sum((hours(at.duration) * sum(map(spans.accepted, each), ZERO) for at, each in bids.items()), ZERO)
        net = sum((hours(at.duration) * spans.net(each) for at, each in bids.items()), ZERO)
        if profile.energy_mwh is not None and used:
            yield f"energy of unit {profile.id}", _beyond(abs(net - profile.energy_mwh), near)
        if profile.maximum_energy_mwh is not None:
            yield f"greatest energy of unit {profile.id}", _beyond(used - profile.maximum_energy_mwh, near)


def durations(spans: Spans) -> Iterator[Fault]:
    """An activation lasts long enough and not too long, and the unit rests in between   [hours].

    One that runs to where no further interval is cleared is long enough.
    """
    if spans.market.activation is Activation.DIRECT:
        return
    for unit in sorted(timed_units(spans.market)):
        runs, bids = spans.runs(unit), [bid for each in spans.units[unit].values() for bid in each]
        least = max((bid.minimum_duration or _NOTHING for bid in bids), default=_NOTHING)
        most = min((bid.maximum_duration for bid in bids if bid.maximum_duration is not None), default=None)
        rest = max((bid.resting_time or _NOTHING for bid in bids), default=_NOTHING)
        for run in runs:
            lasts, place = run[-1].end - run[0].start, f"unit {unit[1]} from {run[0].start} on"
            cut = not any(at.start == run[-1].end for at in spans.market.periods)
            yield f"{place}, least duration", ZERO if cut else hours(max(least - lasts, _NOTHING))
            yield f"{place}, longest duration", hours(max(lasts - most, _NOTHING)) if most is not None else ZERO
        for run, following in pairwise(runs):
            rested = following[0].start - run[-1].end
            yield f"unit {unit[1]} before {following[0].start}, rest", hours(max(rest - rested, _NOTHING))


def activations(spans: Spans) -> Iterator[Fault]:
    """A unit is activated no more often than it may be   [activations]."""
    for profile, _ in spans.profiles:
        if profile.maximum_activations is not None:
            begun = len(spans.runs((profile.provider, profile.id)))
            yield f"activations of unit {profile.id}", Decimal(max(begun - profile.maximum_activations, 0))


def no_joint_losses(spans: Spans) -> Iterator[Fault]:
    """What earns as one over several intervals does not lose: Σ s (λ − π) x ≥ 0   [money per hour].

    In welfare-first pricing it may. A price that is cut at the cap tells less than what is earned.
    """
    market = spans.market
    if market.rules.pricing is not Pricing.STRICT:
        return
    units = frozenset(spans.units)
    taken = [((bid.id, bid.interval), bid) for bid in market.bids if spans.awards[bid.id, bid.interval].quantity_mw]
    bids = dict(taken)
    for name, members in earning_together(taken, units).items():
        awards = [(bids[key], spans.awards[key].price or ZERO, spans.awards[key].quantity_mw) for key in members]
        earned = sum((bid.direction.sign * (price - (bid.price or ZERO)) * mw for bid, price, mw in awards), ZERO)
        cut = any(abs(price) >= market.rules.price_cap for _, price, _ in awards)
        near = 3 * market.scale.price * sum((mw for _, _, mw in awards), ZERO)
        yield name, ZERO if cut else _beyond(-earned, near)


ITEMS: dict[str, Callable[[Spans], Iterator[Fault]]] = {
    "parents": parents,
    "block bids": block_bids,
    "ramps": ramps,
    "energies": energies,
    "durations": durations,
    "activations": activations,
    "joint losses": no_joint_losses,
}
"""All items by name; what they say is in their first line."""


def hours(length: timedelta) -> Decimal:
    """Return *length* in hours.

    >>> hours(timedelta(minutes=15))
    Decimal('0.25')
    """
    return Decimal(length // timedelta(microseconds=1)) / _HOUR


def _beyond(value: Decimal, near: Decimal) -> Decimal:
    return value if value > near else ZERO
