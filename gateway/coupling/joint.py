"""The joint clearing: the areas of each CoBA clear together, in every interval, whatever fails.

For each interval the cooperation says which areas clear together. Each part is a market of its own: the bids and needs
of its areas and the borders between them that are in use. Consecutive intervals of the same parts are cleared as one
market, so that conditional links and blocks between them count; a link does not reach across a change of the parts,
and a block bid that would takes no part.

A part that cannot be cleared (the solver fails, or its orders contradict the rules) falls apart: each of its areas
clears by itself, and what that does not clear either stays as it is, with a note. Every interval ends with a record of
who cleared with whom, and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from gateway.areas import MeritOrderList, merit_order
from gateway.clearing import Market, clear
from gateway.clearing.engine import ARRAYS, Engine
from gateway.coupling.agreement import Agreement
from gateway.coupling.capacities import TransferCapacities, Way, agreed_capacities
from gateway.coupling.pool import Contribution, Pool, pooled
from gateway.errors import InvalidValue, Unsolved
from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO, Availability, Bid, Direction
from gateway.results import ClearingResult, ExchangeFlow
from gateway.time import Interval

Part = tuple[AreaId, ...]
"""The areas that clear together, sorted."""

_WAYS = (Direction.UP, Direction.DOWN)
SPEAKER = PartyId("coupling", "gateway")
"""Who states the capacities of a part to its clearing: all members together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """What one part cleared in consecutive intervals.

    ``lists`` is the common merit order of the part: every bid of its areas, up and down, unavailable ones marked.
    ``before`` and ``after``: what its borders could carry before the clearing and what is left, by interval.
    """

    areas: Part
    intervals: tuple[Interval, ...]
    result: ClearingResult
    lists: tuple[MeritOrderList, ...]
    before: tuple[TransferCapacities, ...]
    after: tuple[TransferCapacities, ...]


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """Who cleared with whom in one interval, and what was out of the ordinary."""

    interval: Interval
    parts: tuple[Part, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coupled:
    """The common result: the parts, and one record for each interval; ``notes`` are those of the pool."""

    parts: tuple[PartResult, ...]
    records: tuple[PeriodRecord, ...]
    notes: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of all volumes, prices, flows, lists and capacities that are left, in every part.

        It is equal at every member that holds the same messages. Words and the version of the solver do not count,
        numbers do whatever their trailing zeros.
        """
        hasher = hashlib.sha256()
        for line in self._lines():
            hasher.update(line.encode() + b"\n")
        return hasher.hexdigest()

    def _lines(self) -> Iterator[str]:
        for part in self.parts:
            yield f"{' '.join(map(str, part.areas))} {part.intervals[0].start} {part.intervals[-1].end}"
            yield from (each.digest for each in part.lists)
            yield from sorted(result_lines(part.result))
            yield from (f"left {each.interval} {way}" for each in part.after for way in map(_written, each.ways))

    def of_area(self, area: AreaId, interval: Interval) -> PartResult | None:
        """Return what the part of *area* cleared in *interval*; None where there was nothing to clear."""
        return next((part for part in self.parts if area in part.areas and interval in part.intervals), None)

    @property
    def welfare(self) -> Decimal:
        """Sum of the welfare of all parts, per hour."""
        return sum((part.result.welfare for part in self.parts), ZERO)


def result_lines(result: ClearingResult) -> Iterator[str]:
    """Yield every volume, price and flow of *result* as a line that does not depend on how numbers are written."""
    for award in result.awards:
        yield f"bid {award.interval} {award.bid_id} {_number(award.quantity_mw)} {_number(award.price)}"
    for need in result.needs:
        yield f"need {need.interval} {need.need_id} {_number(need.bought_mw)} {_number(need.price)}"
    for price in result.prices:
        yield f"price {price.interval} {price.area} {price.reserve} {price.product} {_number(price.price)}"
    for flow in result.flows:
        yield f"flow {flow.interval} {flow.from_area} {flow.to_area} {flow.product} {_number(flow.quantity_mw)}"


def _untorn(bid: Bid, torn: Container[str | None]) -> Bid:
    return replace(bid, availability=Availability.UNAVAILABLE) if bid.block_bid in torn else bid


def _written(way: Way) -> str:
    return f"{way.from_area} {way.to_area} {_number(way.limit_mw)} {_number(way.loss_factor)}"


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value.normalize():f}"


def couple(agreement: Agreement, contributions: Iterable[Contribution], engine: Engine = ARRAYS) -> Coupled:
    """Return the common result of what all members have said; *engine* clears.

    The same contributions give the same result in whatever order they come, at every member.
    """
    pool = pooled(agreement, contributions)
    desk = _Desk(pool, agreement, engine)
    parts: list[PartResult] = []
    records: list[PeriodRecord] = []
    for together, run in groupby(pool.intervals, key=lambda each: pool.cooperation.parts(agreement.areas, each.start)):
        intervals = tuple(run)
        limits = {(part, when): desk.capacities(part, when) for part in together for when in intervals}
        cleared = [desk.clear(part, [limits[part, when] for when in intervals]) for part in together]
        parts += (result for results, _ in cleared for result in results)
        failures = tuple(note for _, notes in cleared for note in notes)
        for when in intervals:
            differences = (note for part in together for note in limits[part, when].notes)
            outages = (f"The {outage}." for outage in pool.cooperation.outages_of(when))
            records.append(PeriodRecord(when, together, (*outages, *differences, *failures)))
    return Coupled(tuple(parts), tuple(records), pool.notes)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a joint clearing looks at."""

    pool: Pool
    agreement: Agreement
    engine: Engine

    def clear(self, part: Part, before: list[TransferCapacities]) -> tuple[list[PartResult], tuple[str, ...]]:
        """Clear *part*, or its areas one by one where it cannot be cleared; an area that cannot be is left out."""
        try:
            found = self._cleared(part, before)
        except (Unsolved, InvalidValue) as error:
            words = f"{', '.join(area.value for area in part)} could not be cleared ({error})"
            if len(part) == 1:
                return [], (f"{words}: no result.",)
            alone = [self.clear((area,), [TransferCapacities(each.interval, ()) for each in before]) for area in part]
            notes = (f"{words}: each area by itself.", *(note for _, more in alone for note in more))
            return [result for results, _ in alone for result in results], notes
        return ([] if found is None else [found]), ()

    def _cleared(self, part: Part, before: list[TransferCapacities]) -> PartResult | None:
        intervals = tuple(each.interval for each in before)
        torn = {name for name, span in self.pool.blocks.items() if span - {*intervals}}
        bids = {
            when: tuple(_untorn(bid, torn) for bid in self.pool.bids_at[when] if bid.area in part) for when in intervals
        }
        needs = tuple(need for need in self.pool.needs if need.area in part and need.interval in bids)
        every = tuple(bid for slot in bids.values() for bid in slot)
        if not (every or needs):
            return None
        capacities = tuple(capacity for each in before for capacity in each.capacities(SPEAKER))
        result = clear(Market(every, needs, capacities, rules=self.agreement.rules), self.engine)
        flows: dict[Interval, list[ExchangeFlow]] = {when: [] for when in intervals}
        for flow in result.flows:
            flows[flow.interval].append(flow)
        return PartResult(
            areas=part,
            intervals=intervals,
            result=result,
            lists=tuple(merit_order(slot, when, way) for when, slot in bids.items() for way in _WAYS),
            before=tuple(before),
            after=tuple(each.after(flows[each.interval]) for each in before),
        )

    def capacities(self, part: Part, interval: Interval) -> TransferCapacities:
        """Return what the borders inside *part* can carry."""
        inside = (each for each in self.pool.stated[interval] if {each.from_area, each.to_area} <= {*part})
        return agreed_capacities(inside, interval, self.pool.cooperation, self.agreement.exchange)
