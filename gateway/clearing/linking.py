"""From the offers of intervals that are cleared together to what binds them: `gateway.clearing.couplings`.

With h hours in each interval and X_t = Σ_b s_b x_bt what is activated of a unit [MW], R its ramp [MW/h] and E its
energy [MWh], the rows over volumes are

    ramp     X_t − X_{t−1} ≤ R Δ and X_{t−1} − X_t ≤ R Δ, Δ hours between the starts of two intervals   [MW]
    energy   Σ_t Σ_b x_bt ≤ E_max / h                                                                   [MW]
    sum      Σ_t X_t = E / h                                                                            [MW]
    ratio    x_t / q_t = x_1 / q_1 for all bids of a block bid                                          [MW]

Ramps are counted between all intervals that the market clears; where a unit has no usable bid X_t is 0. Before the
first interval and after the last one nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from gateway.clearing.admission import Admission
from gateway.clearing.couplings import BlockBid, Couplings, Dependence, Shift, Slot, Timing
from gateway.clearing.eligibility import CONDITIONS
from gateway.clearing.offers import Offer
from gateway.clearing.periods import UnitId, earning_together, timed_units, unit_of, units_of
from gateway.clearing.rows import LimitRow
from gateway.identifiers import PartyId
from gateway.model import ZERO, Activation, Limit
from gateway.time import Interval
from gateway.units import UnitProfile

_HOUR = timedelta(hours=1)
_NOTHING = timedelta(0)


def couplings(admission: Admission, made: tuple[Offer, ...]) -> Couplings:
    """Return what binds the offers *made*, all those of *admission* in the order of the problem."""
    links = _Links(admission, made)
    blocks = tuple(links.block_bids())
    slots = _Timed(links)
    profiles = sorted(units_of(admission.market).items())
    units = frozenset(units_of(admission.market).keys() | timed_units(admission.market))
    members = ((at, bid) for at, offer in enumerate(made) for bid in offer.bids)
    return Couplings(
        dependences=(*links.parents(), *links.conditions()),
        block_bids=blocks,
        ratios=tuple(row for block in blocks for row in links.ratios(block)),
        ramps=tuple(row for unit, profile in profiles for row in links.ramps(unit, profile)),
        energies=tuple(row for unit, profile in profiles for row in links.energies(unit, profile)),
        shifts=tuple(shift for unit, profile in profiles for shift in links.shifts(unit, profile)),
        slots=tuple(slots.all),
        least_durations=tuple(slots.least),
        rests=tuple(slots.rests),
        longest_durations=tuple(slots.longest),
        activations=tuple(slots.counts),
        joint=tuple(earning_together(members, units).items()),
    )


@dataclass(frozen=True)
class _Links:
    """The offers of a problem, with the shares of each that belong to a unit."""

    admission: Admission
    made: tuple[Offer, ...]

    @property
    def hours(self) -> Decimal:
        """Hours in an interval."""
        return _hours(self.admission.periods[0].duration)

    @cached_property
    def _place(self) -> dict[tuple[Interval, str], int]:
        return {(offer.bids[0].interval, offer.id): at for at, offer in enumerate(self.made)}

    def parents(self) -> Iterator[Dependence]:
        """Yield what the children depend on."""
        place, holders = self._place, self.admission.holders
        for at, offer in enumerate(self.made):
            parent = offer.bids[0].parent
            for key in self.admission.parents(offer.bids[0]) if parent else ():
                yield Dependence(at, (place[holders[key]],), (), f"its parent {parent} was not accepted")

    def conditions(self) -> Iterator[Dependence]:
        """Yield what conditional links ask for: each one that forbids, and all that permit together."""
        place = self._place
        for at, offer in enumerate(self.made):
            permits: dict[bool, list[int]] = {True: [], False: []}
            asked = []
            for link in offer.waits:
                meaning = CONDITIONS[link.condition]
                targets = [place[key] for key in self.admission.targets(offer, link)]
                reason = f"its link to {link.bid_id} makes it {link.condition}"
                if meaning.available:
                    asked.append(link.bid_id)
                    permits[meaning.activated] += targets
                elif meaning.activated:
                    yield from (Dependence(at, (), (target,), reason) for target in targets)
                else:
                    yield Dependence(at, tuple(targets), (), reason)
            if asked and not self._granted(offer):
                reason = f"none of its links, to {', '.join(asked)}, makes it available"
                yield Dependence(at, tuple(permits[True]), tuple(permits[False]), reason)

    def _granted(self, offer: Offer) -> bool:
        """Whether a link permits whatever is decided: it asks that something is not activated which cannot be."""
        permits = [link for link in offer.waits if CONDITIONS[link.condition].available]
        never = [link for link in permits if not CONDITIONS[link.condition].activated]
        return any(not self.admission.targets(offer, link) for link in never)

    def block_bids(self) -> Iterator[BlockBid]:
        """Yield the block bids with their offers."""
        found: dict[str, list[int]] = {}
        for at, offer in enumerate(self.made):
            if offer.bids[0].block_bid:
                found.setdefault(offer.bids[0].block_bid, []).append(at)
        for name, members in found.items():
            yield BlockBid(name, tuple(members), decided=self.made[members[0]].minimum > 0)

    def ratios(self, block: BlockBid) -> Iterator[LimitRow]:
        """Yield the rows that hold the offers of a block bid in one ratio; one that is taken whole needs none."""
        first, *others = block.offers
        if all(self.made[at].minimum == self.made[at].quantity for at in block.offers):
            return
        for at in others:
            share = self.made[at].offered / self.made[first].offered
            provider = self.made[at].bids[0].provider
            yield self._row(f"block bid {block.name}", provider, ZERO, {at: 1.0, first: -share}, at, equal=True)

    def ramps(self, unit: UnitId, profile: UnitProfile) -> Iterator[LimitRow]:
        """Yield both rows of each change of a unit from one interval to the next."""
        if profile.ramp_mw_per_hour is None:
            return
        active = self.active(unit, signed=True)
        for earlier, later in pairwise(self.admission.market.periods):
            most_mw = profile.ramp_mw_per_hour * _hours(later.start - earlier.start)
            change = {**{at: -x for at, x in active.get(earlier, {}).items()}, **active.get(later, {})}
            for sense in (1.0, -1.0) if change else ():
                name = f"ramp of unit {unit[1]} from {earlier} on"
                row = {at: sense * value for at, value in change.items()}
                yield self._row(name, unit[0], most_mw, row, min(change))

    def energies(self, unit: UnitId, profile: UnitProfile) -> Iterator[LimitRow]:
        """Yield the row of the greatest energy of a unit."""
        row = self._over_all(unit, signed=False)
        if profile.maximum_energy_mwh is not None and row:
            name = f"greatest energy of unit {unit[1]}"
            yield self._row(name, unit[0], profile.maximum_energy_mwh / self.hours, row, min(row))

    def shifts(self, unit: UnitId, profile: UnitProfile) -> Iterator[Shift]:
        """Yield the row of the stated sum of a unit's activation."""
        row = self._over_all(unit, signed=True)
        if profile.energy_mwh is not None and row:
            total_mw = profile.energy_mwh / self.hours
            made = self._row(f"energy of unit {unit[1]}", unit[0], total_mw, row, min(row), equal=True)
            yield Shift(made, tuple(row), optional=bool(profile.energy_mwh))

    def _row(  # noqa: PLR0913 - the parts of a row
        self, name: str, provider: PartyId, most_mw: Decimal, row: dict[int, float], at: int, *, equal: bool = False
    ) -> LimitRow:
        period = self.made[at].bids[0].interval
        limit = Limit(id=name, sender=provider, interval=period, headroom_mw=most_mw)
        return LimitRow(limit, float(most_mw), row, own=True, period=period, equal=equal)

    def active(self, unit: UnitId, *, signed: bool) -> dict[Interval, dict[int, float]]:
        """Return, by interval, what a MW of each offer counts for *unit*: the share of its members, with its sign."""
        shares = self._shares.get(unit, {})
        return {
            period: {at: share * (self.made[at].sign if signed else 1) for at, share in row.items()}
            for period, row in shares.items()
        }

    @cached_property
    def _shares(self) -> dict[UnitId, dict[Interval, dict[int, float]]]:
        """The share of each offer that belongs to each unit, by interval."""
        found: dict[UnitId, dict[Interval, dict[int, float]]] = {}
        for at, offer in enumerate(self.made):
            for bid, weight in zip(offer.bids, offer.weights, strict=True):
                unit = unit_of(bid)
                if unit is not None:
                    row = found.setdefault(unit, {}).setdefault(bid.interval, {})
                    row[at] = row.get(at, 0.0) + weight / offer.offered
        return found

    def _over_all(self, unit: UnitId, *, signed: bool) -> dict[int, float]:
        return {at: value for row in self.active(unit, signed=signed).values() for at, value in row.items()}


class _Timed:
    """The slots of the units whose activations are timed or counted, and the rules over them."""

    def __init__(self, links: _Links) -> None:
        self.all: list[Slot] = []
        self.least: list[Timing] = []
        self.rests: list[Timing] = []
        self.longest: list[Timing] = []
        self.counts: list[Timing] = []
        market = links.admission.market
        self._beginnings = {period.start for period in market.periods}
        profiles, scheduled = units_of(market), market.activation is not Activation.DIRECT
        for unit in sorted(timed_units(market)):
            offers = {period: tuple(row) for period, row in links.active(unit, signed=False).items()}
            start = len(self.all)
            self._add_slots(offers)
            bids = [bid for at in {at for row in offers.values() for at in row} for bid in links.made[at].bids]
            own = [bid for bid in bids if unit_of(bid) == unit] if scheduled else []
            self._add_least(start, max((bid.minimum_duration or _NOTHING for bid in own), default=_NOTHING))
            self._add_rests(start, max((bid.resting_time or _NOTHING for bid in own), default=_NOTHING))
            self._add_longest(
                start, min((b.maximum_duration for b in own if b.maximum_duration is not None), default=None)
            )
            profile = profiles.get(unit)
            if profile is not None and profile.maximum_activations is not None and offers:
                self.counts.append(Timing(tuple(range(start, len(self.all))), most=profile.maximum_activations))

    def _add_slots(self, offers: dict[Interval, tuple[int, ...]]) -> None:
        start, periods = len(self.all), sorted(offers)
        joined = [False, *(earlier.end == later.start for earlier, later in pairwise(periods)), False]
        for at, period in enumerate(periods):
            before = start + at - 1 if joined[at] else None
            self.all.append(Slot(period, offers[period], before, start + at + 1 if joined[at + 1] else None))

    def _run(self, at: int) -> Iterator[int]:
        """Yield slot *at* and those that follow it without a gap."""
        following: int | None = at
        while following is not None:
            yield following
            following = self.all[following].after

    def _add_least(self, start: int, least: timedelta) -> None:
        """A unit that began less than *least* ago is on; it does not begin where it has to end too early."""
        begun: dict[int, list[int]] = {}
        for at in range(start, len(self.all)):
            until, run = self.all[at].period.start + least, list(self._run(at))
            for later in run:
                if self.all[later].period.start < until:
                    begun.setdefault(later, []).append(at)
            end = self.all[run[-1]].period.end
            if end < until and end in self._beginnings:
                self.counts.append(Timing((at,), most=0))
        rules = [Timing(tuple(counted), at=at) for at, counted in sorted(begun.items())]
        self.least += rules if any(len(rule.counted) > 1 for rule in rules) else []

    def _add_rests(self, start: int, rest: timedelta) -> None:
        """A unit that ended less than *rest* ago is off."""
        for at in range(start, len(self.all)):
            begin = self.all[at].period.start
            recent = tuple(sooner for sooner in range(start, at) if begin < self.all[sooner].period.end + rest)
            if recent:
                self.rests.append(Timing(recent, at=at))

    def _add_longest(self, start: int, most: timedelta | None) -> None:
        """Of the slots that together last longer than *most*, one is off."""
        for at in range(start, len(self.all)) if most is not None else ():
            begin, window = self.all[at].period.start, []
            for later in self._run(at):
                window.append(later)
                if most is not None and self.all[later].period.end - begin > most:
                    self.longest.append(Timing(tuple(window), most=len(window) - 1))
                    break


def _hours(length: timedelta) -> Decimal:
    return Decimal(length // timedelta(microseconds=1)) / Decimal(_HOUR // timedelta(microseconds=1))
