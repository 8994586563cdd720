"""Whatever fails, every period ends with a documented result, and what still works is what a market of it would give."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.areas import Cooperation
from gateway.clearing import clear
from gateway.clearing.example import QUARTERS, area, market_of
from gateway.coupling import Contribution, Coupled, couple
from gateway.coupling.exchange import Verdict, fallback, verdict
from gateway.identifiers import AreaId
from gateway.model import Bid, Capacity, Need
from gateway.results import ClearingResult
from gateway.time import Interval
from tests.gateway.coupling.three_areas import (
    BIDS,
    BORDERS,
    NEEDS,
    START,
    A,
    B,
    C,
    agreement,
    contributions,
    cooperation,
    figures,
    moved,
    operator,
)

HOUR = QUARTERS[:4]
EVERYTHING: tuple[Bid | Need | Capacity, ...] = (*BIDS, *NEEDS, *BORDERS)
WHAT_FAILS = [{A}, {B}, {C}, {A, B}, {B, C}]

failures = st.lists(st.tuples(st.sampled_from(WHAT_FAILS), st.integers(0, 3), st.integers(1, 4)), max_size=3)
silences = st.sets(st.tuples(st.sampled_from("ABC"), st.integers(0, 3)), max_size=4)


def torn_by(drawn: list[tuple[set[AreaId], int, int]]) -> Cooperation:
    """Return the cooperation of all three with outages, each from a quarter hour on for some of them."""
    torn = cooperation("ABC")
    for what, begin, length in drawn:
        ends = {place for place in (A, B, C) if place in what}
        torn = torn.decoupled(ends, HOUR[begin].start, HOUR[begin].start + length * timedelta(minutes=15))
    return torn


def said_but(silent: set[tuple[str, int]]) -> tuple[Contribution, ...]:
    """Return what all say of the hour, without those who are *silent* in a quarter hour."""
    every = [order for when in HOUR for order in moved(EVERYTHING, when)]
    return tuple(
        each
        for name in "ABC"
        for each in contributions(every, tuple(w for at, w in enumerate(HOUR) if (name, at) not in silent), name)
    )


def alone(when: Interval, torn: Cooperation, silent: set[str]) -> list[tuple[object, ...]]:
    """Clear one quarter hour from scratch: each group of areas that are joined by borders in use."""
    here = [each for each in moved(EVERYTHING, when) if not (_names(each) & silent and not isinstance(each, Capacity))]
    ways = [e for e in here if isinstance(e, Capacity) and torn.usable(e) and not _names(e) & silent]
    groups: list[set[str]] = []
    for name in sorted({"A", "B", "C"} - silent):
        joined = [group for group in groups if any(_names(way) == {name, other} for way in ways for other in group)]
        groups = [group for group in groups if group not in joined] + [{name}.union(*joined)]
    found = []
    for group in groups:
        orders = [each for each in here if _names(each) <= group and (not isinstance(each, Capacity) or each in ways)]
        found.append(clear(market_of(*orders)))
    return volumes(found)


def _names(order: Bid | Need | Capacity) -> set[str]:
    if isinstance(order, Capacity):
        return {order.from_area.value, order.to_area.value}
    return {order.area.value}


def volumes(results: list[ClearingResult], when: Interval | None = None) -> list[tuple[object, ...]]:
    """Return what was accepted, at what price, of one interval where it is given."""
    return sorted(
        (each.bid_id, each.quantity_mw, each.price)
        for result in results
        for each in result.awards
        if when is None or each.interval == when
    )


@settings(max_examples=max(3, settings().max_examples // 4))  # each example clears a dozen markets
@given(failures, silences)
def test_every_period_ends_with_a_record_and_the_result_of_what_still_works(
    drawn: list[tuple[set[AreaId], int, int]], silent: set[tuple[str, int]]
) -> None:
    torn = torn_by(drawn)
    coupled = couple(replace(agreement("ABC"), cooperation=torn), said_but(silent))
    spoken_of = [when for at, when in enumerate(HOUR) if {(name, at) for name in "ABC"} - silent]
    assert [record.interval for record in coupled.records] == spoken_of
    for record in coupled.records:
        assert sorted(place for part in record.parts for place in part) == [A, B, C]
        quiet = {name for name, at in silent if HOUR[at] == record.interval}
        results = [part.result for part in coupled.parts if record.interval in part.intervals]
        assert volumes(results, record.interval) == alone(record.interval, torn, quiet)
        cut_off = {f"The area {name} is out of use" for name in quiet}
        assert all(any(note.startswith(words) for note in record.notes) for words in cut_off)


# ---- failing and coming back


def timeline(torn: Cooperation) -> list[int]:
    """Return the price in C in each quarter hour: 65 with the border to B, 70 without."""
    every = [order for when in HOUR for order in moved(EVERYTHING, when)]
    coupled = couple(replace(agreement("ABC"), cooperation=torn), contributions(every, HOUR))
    prices = {p.interval: int(p.price) for part in coupled.parts for p in part.result.prices if p.area == C}
    return [prices[when] for when in HOUR]


@pytest.mark.parametrize(
    ("failed_minute", "restored_minute", "expected"),
    [
        (0, 15, [70, 65, 65, 65]),
        (1, 15, [65, 65, 65, 65]),
        (1, 16, [65, 70, 65, 65]),
        (14, 31, [65, 70, 70, 65]),
        (30, None, [65, 65, 70, 70]),
        (59, None, [65, 65, 65, 65]),
    ],
)
@pytest.mark.parametrize("what", [{C}, {B, C}], ids=["the member", "the border"])
def test_what_fails_is_cut_off_and_joined_again_at_the_next_quarter_hour(
    what: set[AreaId], failed_minute: int, restored_minute: int | None, expected: list[int]
) -> None:
    ends = {place for place in (B, C) if place in what}
    torn = cooperation("ABC").decoupled(ends, START + timedelta(minutes=failed_minute))
    if restored_minute is not None:
        torn = torn.recoupled(ends, START + timedelta(minutes=restored_minute))
    assert timeline(torn) == expected


def test_a_member_that_fails_again_is_cut_off_again() -> None:
    torn = cooperation("ABC").decoupled({C}, HOUR[0].start).recoupled({C}, HOUR[1].start)
    assert timeline(torn.decoupled({C}, HOUR[2].start)) == [70, 65, 70, 70]
    assert timeline(torn.decoupled({C}, HOUR[2].start).recoupled({C}, HOUR[3].start)) == [70, 65, 70, 65]


def test_a_border_and_a_member_may_fail_at_once() -> None:
    both = cooperation("ABC").decoupled({A, B}, START).decoupled({C}, HOUR[1].start)
    every = [order for when in HOUR[:2] for order in moved(EVERYTHING, when)]
    coupled = couple(replace(agreement("ABC"), cooperation=both), contributions(every, HOUR[:2]))
    assert [len(record.parts) for record in coupled.records] == [1, 2]
    assert [len(record.notes) for record in coupled.records] == [1, 2]
    apart = [figures(each.result)[-1] for each in coupled.parts if HOUR[1] in each.intervals]
    assert sum(map(int, map(str, apart))) == 1_943_700


# ---- who hears whom


def results(heard_by: dict[str, str]) -> dict[str, Coupled]:
    """Return what each member finds from those that it heard, itself among them."""
    return {name: couple(agreement("ABC"), contributions(names=others)) for name, others in heard_by.items()}


@pytest.mark.parametrize(
    ("heard_by", "expected"),
    [
        ({"A": "ABC", "B": "ABC", "C": "ABC"}, Verdict.AGREED),
        ({"B": "BC", "C": "BC"}, Verdict.AGREED),
        ({"A": "A", "B": "BC", "C": "BC"}, Verdict.DISPUTED),
        ({"A": "ABC", "B": "ABC", "C": "BC"}, Verdict.DISPUTED),
    ],
    ids=["all hear all", "two without the third", "one hears nobody", "one message is lost"],
)
def test_members_that_hear_the_same_agree(heard_by: dict[str, str], expected: Verdict) -> None:
    found = results(heard_by)
    assert verdict({operator(name): each.digest for name, each in found.items()}) is expected


@pytest.mark.parametrize("name", "ABC")
def test_the_fallback_of_a_member_is_its_area_by_itself(name: str) -> None:
    (own,) = contributions(names=name)
    back = fallback(agreement("ABC"), own)
    assert [part.areas for part in back.parts] == [(area(name),)]
    apart = couple(agreement("A", "B", "C"), contributions())
    (same,) = [part.result for part in apart.parts if part.areas == (area(name),)]
    assert figures(back.parts[0].result) == figures(same)


@pytest.mark.slow
def test_a_hundred_hours_of_failures_all_end_with_a_record() -> None:
    for seed in range(100):
        draw = Random(seed)
        drawn = [(draw.choice(WHAT_FAILS), draw.randrange(4), draw.randint(1, 4)) for _ in range(draw.randrange(4))]
        silent = {(draw.choice("ABC"), draw.randrange(4)) for _ in range(draw.randrange(4))}
        coupled = couple(replace(agreement("ABC"), cooperation=torn_by(drawn)), said_but(silent))
        assert len(coupled.records) == len({at for at in range(4) if {(n, at) for n in "ABC"} - silent})
