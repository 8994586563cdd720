"""Which intervals are cleared together, and in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.clearing import Market, clear
from gateway.clearing.example import PARTY, QUARTERS, bid, market_of, need, unit
from gateway.clearing.periods import bound, earning_together, inexact, timed, timed_units, together
from gateway.errors import InvalidValue
from gateway.identifiers import PartyId
from gateway.model import Activation, Availability, Bid, Condition, Limit, Link, Need
from gateway.time import Interval
from gateway.units import UnitProfile
from tests.gateway.clearing.quarters import asked, at, series, taken, told

QUARTER, HALF_HOUR = timedelta(minutes=15), timedelta(minutes=30)
U = {"technical_link": "U"}
Thing = Bid | Need | UnitProfile | Limit


def linked(quarter: int, name: str, to: str, condition: Condition = Condition.UNAVAILABLE_IF_ACTIVATED) -> Bid:
    """Return a bid with a link to another one."""
    return at(quarter, name, 5, 20, links=(Link(to, condition),))


def parts(market: Market) -> list[list[int]]:
    """Return the numbers of the quarter hours that are cleared together, in the order of clearing."""
    return [[QUARTERS.index(period) for period in part] for part in together(market)]


SINGLE = [[0], [1], [2], [3]]
CASES: dict[str, tuple[list[Thing], list[list[int]]]] = {
    "nothing": ([], SINGLE),
    "a technical link alone": ([*series("R", [5, 5], 20, **U)], SINGLE),
    "a conditional link": ([at(0, "L", 5, 20), linked(1, "M", "L")], SINGLE),
    "a block bid": ([at(0, "B", 5, 20, block_bid="k"), at(2, "B", 5, 20, block_bid="k")], [[0, 2], [1], [3]]),
    "a block bid of one interval": ([at(0, "B", 5, 20, block_bid="k")], SINGLE),
    "a parent": ([at(3, "P", 5, 20), at(1, "C", 5, 20, parent="P")], [[0], [1, 3], [2]]),
    "a parent of the same interval": ([at(1, "P", 5, 20), at(1, "C", 5, 20, parent="P")], SINGLE),
    "a parent of all intervals": ([*series("P", [5] * 4, 20), *series("C", [5] * 4, 20, parent="P")], SINGLE),
    "a parent that nobody knows": ([at(1, "C", 5, 20, parent="P")], SINGLE),
    "an inclusive group as parent": (
        [at(0, "G", 5, 20, inclusive="g"), at(1, "C", 5, 20, parent="g")],
        [[0, 1], [2], [3]],
    ),
    "a ramp": ([*series("R", [5, 5], 20, **U), unit("U", ramp_mw_per_hour=4)], [[0, 1], [2], [3]]),
    "a ramp of another provider": (
        [*series("R", [5, 5], 20, **U), replace(unit("U", ramp_mw_per_hour=4), provider=PartyId("other", "example"))],
        SINGLE,
    ),
    "a least duration": ([*series("R", [5, 5], 20, minimum_duration=HALF_HOUR, **U)], [[0, 1], [2], [3]]),
    "a least duration of one interval": ([*series("R", [5, 5], 20, minimum_duration=QUARTER, **U)], SINGLE),
    "a duration without a unit": ([*series("R", [5, 5], 20, minimum_duration=HALF_HOUR)], SINGLE),
    "a longest duration": ([*series("R", [5, 5], 20, maximum_duration=QUARTER, **U)], [[0, 1], [2], [3]]),
    "a rest": ([*series("R", [5, 5], 20, resting_time=QUARTER, **U)], [[0, 1], [2], [3]]),
    "no rest": ([*series("R", [5, 5], 20, resting_time=timedelta(0), **U)], SINGLE),
    "two chains that share an interval": (
        [*series("B", [5, 5], 20, block_bid="k"), at(1, "C", 5, 20, block_bid="l"), at(2, "C", 5, 20, block_bid="l")],
        [[0, 1, 2], [3]],
    ),
    "a link into a group": (
        [at(0, "B", 5, 20, block_bid="k"), at(2, "B", 5, 20, block_bid="k"), linked(1, "M", "B")],
        [[0, 2], [1], [3]],
    ),
    "a link into a group and one out of it": (
        [
            at(0, "B", 5, 20, block_bid="k"),
            at(2, "B", 5, 20, block_bid="k"),
            linked(1, "M", "B"),
            linked(2, "N", "M"),
        ],
        [[0, 1, 2], [3]],
    ),
    "a link that makes a group wait": (
        [at(0, "B", 5, 20, block_bid="k"), at(3, "B", 5, 20, block_bid="k"), at(1, "L", 5, 20), linked(3, "N", "L")],
        [[1], [0, 3], [2]],
    ),
    "a link to a later interval": ([linked(0, "M", "L"), at(1, "L", 5, 20)], SINGLE),
    "a bid of an interval that is not cleared": (
        [replace(at(0, "B", 5, 20, block_bid="k"), interval=Interval(QUARTERS[0].start, QUARTERS[1].end))],
        SINGLE,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_intervals_are_cleared_together_where_something_spans_them(name: str) -> None:
    things, expected = CASES[name]

    assert parts(market_of(*things, *asked(1, 1, 1, 1))) == expected


def test_direct_activation_waits_for_the_unit_and_does_not_time_it() -> None:
    direct = Activation.DIRECT
    bids = series("R", [5, 5], 20, minimum_duration=HALF_HOUR, technical_link="U", activation=direct)
    market = market_of(*bids, *asked(1, 1, 1, 1, activation=direct))

    assert timed_units(market) == frozenset()
    assert parts(market) == SINGLE


def test_activations_are_counted_in_either_kind_of_market() -> None:
    direct = Activation.DIRECT
    bids = series("R", [5, 5], 20, technical_link="U", activation=direct)
    market = market_of(*bids, *asked(1, 1, activation=direct), unit("U", maximum_activations=1))

    assert timed_units(market) == frozenset({(PARTY, "U")})
    assert parts(market) == [[0, 1]]


def test_a_group_that_waits_sees_what_became_of_the_interval_between() -> None:
    """The block bid of the first and last quarter is cleared after the second, whose bid forbids another one."""
    block = [at(0, "B", 5, 20, block_bid="k"), at(3, "B", 5, 20, block_bid="k")]
    available = Availability.CONDITIONALLY_AVAILABLE
    forbidden = replace(linked(3, "N", "L"), availability=available)
    result = clear(market_of(*block, at(1, "L", 5, 20), forbidden, *asked(9, 9, 9, 20), at(3, "Z", 90, 90)))

    assert (taken(result, "L"), taken(result, "N"), taken(result, "B")) == ([5], [0], [5, 5])
    assert [each.interval for each in result.methods] == sorted(QUARTERS)
    assert told(result, "N")[0].name == "UNAVAILABLE"


def test_the_outcome_of_a_later_interval_is_not_taken_for_that_of_an_earlier_one() -> None:
    """B is activated in the third quarter, cleared with the first, but not in the first: M looks at that one."""
    block = [at(0, "B", 5, 20, parent="P"), at(2, "P", 5, 20), at(2, "B", 5, 20)]
    looking = linked(1, "M", "B", Condition.UNAVAILABLE_IF_ACTIVATED)
    nothing = [need("d", "A", 9, interval=QUARTERS[1]), need("d", "A", 20, interval=QUARTERS[2])]
    first = need("d", "A", -1, interval=QUARTERS[0])
    result = clear(market_of(*block, looking, first, *nothing))

    assert taken(result, "B") == [0, 5]
    assert taken(result, "M") == [5]


def test_intervals_of_different_length_are_not_cleared_together() -> None:
    half_hour = Interval(QUARTERS[1].start, QUARTERS[2].end)
    block = [at(0, "B", 5, 20, block_bid="k"), replace(at(0, "B", 5, 20, block_bid="k"), interval=half_hour)]
    market = market_of(*block, need("d", "A", 5), need("d", "A", 5, interval=half_hour))

    with pytest.raises(InvalidValue, match="intervals of one length"):
        together(market)


@pytest.mark.parametrize(
    ("bids", "expected"),
    [
        ([at(0, "A", 5, 20), at(0, "B", 5, 20, **U)], set()),
        ([at(0, "A", 5, 20, block_bid="k"), at(0, "B", 5, 20)], {"A"}),
        ([at(0, "C", 5, 20, parent="P"), at(0, "P", 5, 20), at(0, "B", 5, 20)], {"C", "P"}),
        ([at(0, "C", 5, 20, parent="g"), at(0, "P", 5, 20, inclusive="g")], {"C", "P"}),
        ([at(0, "B", 5, 20, minimum_duration=HALF_HOUR, **U), at(1, "D", 5, 20, **U)], {"B", "D"}),
        ([at(0, "L", 5, 20), linked(1, "M", "L")], set()),
        ([at(0, "L", 5, 20), linked(1, "M", "L"), *series("K", [5, 5], 20, block_bid="k")], {"L", "M", "K"}),
    ],
    ids=["alone", "block bid", "family", "group as parent", "unit", "link apart", "link within a group"],
)
def test_bids_hang_on_each_other(bids: list[Bid], expected: set[str]) -> None:
    assert {name for name, _ in bound(market_of(*bids, *asked(1, 1)))} == expected


@pytest.mark.parametrize(
    ("things", "quarters"),
    [
        ([*series("B", [5, 5], 20, block_bid="k")], [0, 1]),
        ([*series("B", [5, 5], 20, block_bid="k", divisible=False)], []),
        ([*series("R", [5, 5], 20, minimum_duration=HALF_HOUR, **U)], []),
        ([*series("R", [5, 5], 20, **U), unit("U", ramp_mw_per_hour=4)], [0, 1]),
        ([at(0, "P", 5, 20), at(1, "C", 5, 20, parent="P")], []),
    ],
    ids=["divisible block bid", "whole block bid", "durations", "ramp", "family"],
)
def test_only_rows_over_volumes_leave_something_to_rounding(things: list[Thing], quarters: list[int]) -> None:
    assert sorted(inexact(market_of(*things, *asked(1, 1, 1)))) == [QUARTERS[each] for each in quarters]


def test_what_shares_a_bid_earns_as_one() -> None:
    key = (PARTY, "U")
    bids = [
        bid("a", "A", "up", 1, 1, block_bid="k"),
        bid("b", "A", "up", 1, 1, technical_link="U"),
        bid("c", "A", "up", 1, 1, block_bid="k", technical_link="U"),
        bid("d", "A", "up", 1, 1, block_bid="l"),
        bid("e", "A", "up", 1, 1, technical_link="V"),
    ]
    named = [(each.id, each) for each in bids]

    assert earning_together(named, {key}) == {"block bid k": ("a", "b", "c"), "block bid l": ("d",)}
    assert earning_together(named, set()) == {"block bid k": ("a", "c"), "block bid l": ("d",)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({"minimum_duration": QUARTER}, False),
        ({"minimum_duration": HALF_HOUR}, True),
        ({"maximum_duration": HALF_HOUR}, True),
        ({"resting_time": timedelta(0)}, False),
        ({"resting_time": QUARTER}, True),
        ({"activation_time": HALF_HOUR}, False),
    ],
)
def test_a_bid_is_timed_where_its_interval_does_not_keep_its_durations(
    fields: dict[str, timedelta], *, expected: bool
) -> None:
    assert timed(replace(at(0, "A", 5, 20), **fields)) is expected  # type: ignore[arg-type]  # one field or another
