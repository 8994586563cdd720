"""What is left after a clearing, which market an order belongs to, and clearings that are given from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.errors import InvalidValue, Unsolved
from gateway.market import Area
from gateway.model import Activation, Bid, GridConstraints, Limit
from gateway.order_book import OrderBook
from gateway.results import ClearingResult, ExchangeFlow
from gateway.schemes import FeederLimits, JointClearing, named, names
from gateway.session import Session
from gateway.session.clearings import Situation, by_documents, remaining, scheduled
from gateway.session.narrowing import is_direct, narrowed, says_nothing
from gateway.session.plan import PLAYED, Plan
from tests.gateway.session.period import (
    CHEAP,
    DEAR,
    HEAT,
    MARKET,
    MEMBERS,
    Room,
    bids,
    blocking,
    direct_need,
    metered,
    needs,
    procured,
    room,
)
from tests.market_values import DSO, EAST, SELLER, TSO, WEST, at, bid, block, capacity, need, quarter

GRIDS = replace(
    MARKET, areas=(Area(id=WEST, name="above", operator=TSO.id), Area(id=EAST, name="below", operator=DSO.id))
)
LIMIT = Limit(
    id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(9), coefficients={"a": Decimal(1), "b": Decimal(-2)}
)


def left(*offered: Bid, used: dict[str, int]) -> dict[str, Decimal]:
    """Return the MW of each bid that are left after *used*."""
    book = remaining(OrderBook(bids=offered), {name: Decimal(mw) for name, mw in used.items()})
    return {each.id: each.quantity_mw for each in book.bids}


A, B = bid("a", 10), bid("b", 8)


@pytest.mark.parametrize(
    ("first", "second", "used", "expected"),
    [
        (A, B, {}, {"a": 10, "b": 8}),
        (A, B, {"a": 4}, {"a": 6, "b": 8}),
        (A, B, {"a": 10}, {"b": 8}),
        (replace(A, divisible=False), B, {"a": 10}, {"b": 8}),
        (replace(A, exclusive="g"), replace(B, exclusive="g"), {"a": 4}, {"a": 6}),
        (replace(A, exclusive="g"), replace(B, exclusive="g"), {}, {"a": 10, "b": 8}),
        (replace(A, inclusive="g"), replace(B, inclusive="g"), {"a": 5, "b": 4}, {}),
        (replace(A, multipart="g"), replace(B, multipart="g"), {"a": 10}, {"b": 8}),
        (A, B, {"a": 12}, {"b": 8}),
    ],
    ids=[
        "nothing is used",
        "a part is used",
        "all is used",
        "an indivisible bid is used up",
        "the rest of an exclusive group is out, the rest of the bid is not",
        "an exclusive group that is not used",
        "an inclusive group is used up with one of it",
        "the next step of a multipart bid",
        "more is used than there is",
    ],
)
def test_what_is_left_of_the_bids(first: Bid, second: Bid, used: dict[str, int], expected: dict[str, int]) -> None:
    assert left(first, second, used=used) == expected


def test_the_rest_of_a_bid_has_no_minimum() -> None:
    book = remaining(OrderBook(bids=(replace(A, minimum_mw=Decimal(5)),)), {"a": Decimal(6)})
    assert [(each.quantity_mw, each.minimum_mw) for each in book.bids] == [(Decimal(4), Decimal(0))]


def test_limits_blocks_and_borders_keep_what_is_left_of_them() -> None:
    book = OrderBook(
        limits=(LIMIT,), blocks=(block("a", 7), block("b")), capacities=(capacity(5), capacity(3, WEST, EAST))
    )
    flow = ExchangeFlow(
        from_area=EAST, to_area=WEST, interval=quarter(), quantity_mw=Decimal(4), capacity_mw=Decimal(5)
    )
    rest = remaining(book, {"a": Decimal(6), "b": Decimal(1)}, [flow])
    # 9 less 6 plus 2; 7 less 6; 5 less 4.
    assert [limit.headroom_mw for limit in rest.limits] == [5]
    assert [each.limit_mw for each in rest.blocks] == [1, 0]
    assert [each.quantity_mw for each in rest.capacities] == [1, 3]


def test_needs_for_direct_activation_are_no_part_of_the_scheduled_book() -> None:
    book = scheduled(OrderBook(needs=(need("n"), direct_need(5))))
    assert [each.id for each in book.needs] == ["n"]


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("centralised", ["central"] * 4),
        ("common_centralised", ["central"] * 4),
        ("local", ["central", "local", "central", "local"]),
        ("shared", ["central", "local", "central", "local"]),
    ],
)
def test_the_market_of_an_order_follows_from_its_area_or_its_buyer(scheme: str, expected: list[str]) -> None:
    known = Situation(scheme=named(scheme), market=GRIDS, book=OrderBook(), distributors=frozenset({DSO.id}))
    orders = (A, replace(A, area=EAST), need("n"), replace(need("m"), buyer=DSO.id))
    assert [known.market_of(order) for order in orders] == expected


@pytest.mark.parametrize("scheme", names())
def test_every_row_in_which_volumes_are_decided_has_a_clearing(scheme: str) -> None:
    told = {step.number for step in named(scheme).steps if step.message == "Allocation"}
    assert set(by_documents(named(scheme))) == told


def test_another_clearing_takes_the_place_of_the_one_by_documents() -> None:
    asked: list[Situation] = []

    def nothing(known: Situation) -> ClearingResult:
        asked.append(known)
        return ClearingResult(awards=(), needs=(), prices=(), flows=(), notes=("nothing was accepted",))

    session = Session.begin(named("centralised"), MARKET, quarter(), members=MEMBERS, clearings={5: nothing})
    scheme = procured(Room(session))
    assert [each.id for each in asked[0].book.bids] == ["cheap", "dear"]
    assert "nothing was accepted" in scheme.session.standing.notes
    scheme.tick(12)
    assert scheme.ordered() == {}


def test_limits_count_only_where_the_scheme_says_so() -> None:
    limit = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(3), coefficients={"cheap": Decimal(1)})
    base = named("centralised")
    off = (JointClearing(step=5, feeder_limits=FeederLimits.OFF), *base.clearings[1:])
    for scheme, cheap in ((base, 3), (replace(base, grid_constraints=False), 10), (replace(base, clearings=off), 10)):
        scene = Room(Session.begin(scheme, MARKET, quarter(), members=MEMBERS))
        scene.hear(GridConstraints(limits=(limit,)), DSO, 70)
        procured(scene)
        awards = scene.session.standing.results()[5].awards
        assert {award.bid_id: award.quantity_mw for award in awards}["cheap"] == cheap


def test_a_scheme_without_a_check_does_not_wait_for_one() -> None:
    unchecked = replace(named("centralised"), post_check=False)
    scene = procured(Room(Session.begin(unchecked, MARKET, quarter(), members=MEMBERS)))
    scene.tick(7.5)
    assert scene.ordered() == {"cheap": "10", "dear": "15"}


# ---- the part of a message that concerns the period


@pytest.mark.parametrize(
    ("message", "nothing"),
    [
        (bids(CHEAP, at(CHEAP, 1)), False),
        (bids(at(CHEAP, 1)), True),
        (replace(bids(at(CHEAP, 1)), replaces_all=True), False),
        (needs(need("n"), direct_need(5, minutes=-20)), False),
        (needs(direct_need(5, minutes=-20)), True),
        (GridConstraints(capacities=(capacity(5),)), False),
        (metered(HEAT, 3), False),
    ],
)
def test_a_message_is_narrowed_to_the_period(message: object, nothing: bool) -> None:  # noqa: FBT001 - a column
    assert says_nothing(narrowed(message, quarter())) is nothing  # type: ignore[arg-type]  # each is a message


def test_a_block_of_a_longer_time_counts_for_the_period() -> None:
    (longer,) = blocking("cheap").blocks
    spread = replace(
        blocking("cheap"), blocks=(replace(longer, interval=type(quarter())(quarter(0).start, quarter(3).end)),)
    )
    assert narrowed(spread, quarter(1)).blocks[0].interval == quarter(1)  # type: ignore[union-attr]  # a Blocking


def test_only_a_need_can_ask_for_direct_activation() -> None:
    assert is_direct(needs(direct_need(5)))
    assert not is_direct(needs(need("n")))
    assert not is_direct(bids(replace(CHEAP, activation=Activation.DIRECT)))


def test_every_role_that_speaks_plays_a_party_of_the_tables() -> None:
    parties = {
        actor.party.split(",")[0].split(" ")[0] for name in names() for s in named(name).steps for actor in [s.origin]
    }
    assert {name for played in PLAYED.values() for name in played} == parties - {"", "TSO&DSO", "independent"}


def test_the_steps_of_market_operators_are_taken_here() -> None:
    plan = Plan(named("centralised"), {})
    assert [step.number for step in plan.scheme.steps if plan.ours(step)] == [1, 5, 7, 11, 12, 13]
    assert plan.checked_by(5) == plan.scheme.steps[5]
    assert Plan(replace(plan.scheme, post_check=False), {}).checked_by(5) is None


def test_a_bid_that_nobody_wants_is_left_as_it_is() -> None:
    scene = procured(room(), wanted=5)
    assert {each.bid_id: each.quantity_mw for each in scene.session.standing.results()[5].awards} == {
        "cheap": 5,
        "dear": 0,
    }
    assert DEAR.provider != SELLER.id


def test_a_clearing_without_a_proven_answer_is_no_fault_of_a_peer_and_is_raised() -> None:
    def unsolved(_: Situation) -> ClearingResult:
        raise Unsolved("solver", "a proven answer", "none")

    session = Session.begin(named("centralised"), MARKET, quarter(), members=MEMBERS, clearings={5: unsolved})
    with pytest.raises(Unsolved, match="a proven answer"):
        procured(Room(session))


def test_our_own_fault_in_a_direct_activation_is_raised_to_us_and_not_told_to_the_peer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = procured(room())
    scene.tick(7.5)

    def unsolved(*_: object) -> ClearingResult:
        raise Unsolved("solver", "a proven answer", "none")

    monkeypatch.setattr("gateway.session.direct.clear", unsolved)
    with pytest.raises(Unsolved):
        scene.hear(needs(direct_need(5)), TSO, -1)


def test_before_the_first_input_there_is_no_now() -> None:
    with pytest.raises(InvalidValue, match="the instant of an input"):
        _ = room().session.standing.now
