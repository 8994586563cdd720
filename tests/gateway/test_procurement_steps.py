"""A procurement step by step: where each interval stands, what stood in for what was not sent, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.envelope import Envelope, Message
from gateway.flow import State
from gateway.inquiries import Informative
from gateway.market import Area, Border, CapacityFallback, Gates, MarketDefinition, Pricing
from gateway.model import Bid, BidSet, Blocking, Direction, GridConstraints, Limit, Need, Party, ReserveNeed
from gateway.procurement import Procurement, procure
from gateway.results import Fate
from gateway.schemes import named
from tests.market_values import (
    DSO,
    EAST,
    EIGHT,
    OPERATOR,
    TSO,
    WEST,
    at,
    bid,
    block,
    capacity,
    envelope,
    need,
    quarter,
)

SCHEME = named("centralised")
MARKET = MarketDefinition(operator=OPERATOR)
D, S, O, W, L = State.DONE, State.SKIPPED, State.OPEN, State.WAITING, State.OVERDUE  # noqa: E741 - as in a table
FIRST, SECOND = "2027-01-14T08:00Z/2027-01-14T08:15Z", "2027-01-14T08:15Z/2027-01-14T08:30Z"


def needs(*wanted: Need, minutes: int = 0) -> Envelope[Message]:
    return envelope(ReserveNeed(needs=wanted), TSO, "needs", minutes)


def offers(*offered: Bid, minutes: int = 0) -> Envelope[Message]:
    return envelope(BidSet(bids=offered), id="bids", minutes=minutes)


def blocking(*bid_ids: str, id: str = "blocks", number: int = 0) -> Envelope[Message]:  # noqa: A002 - the name of the field
    blocks = tuple(replace(block(bid_id), interval=quarter(number)) for bid_id in bid_ids)
    return envelope(Blocking(blocks=blocks), DSO, id, 50)


def limits(headroom_mw: int, sender: Party = DSO) -> Envelope[Message]:
    limit = Limit(
        id="l",
        sender=sender.id,
        interval=quarter(),
        headroom_mw=Decimal(headroom_mw),
        coefficients={"b": Decimal(1)},
    )
    return envelope(GridConstraints(limits=(limit,)), sender, "limits")


def run(*letters: Envelope[Message], market: MarketDefinition = MARKET) -> Procurement:
    return procure(SCHEME, market, letters, EIGHT)


def states(done: Procurement, number: int = 0) -> list[State]:
    """Return where steps 1 to 8 stand in one interval."""
    _, flow = done.flows[number]
    return [flow.states[step] for step in range(1, 9)]


NEED, BID = needs(need("n", 5)), offers(bid("b"))


# ---- where the steps stand


@pytest.mark.parametrize(
    ("letters", "after", "rounds"),
    [
        ((NEED, BID), [D, D, D, S, D, S, D, O], 1),
        ((NEED,), [D, D, L, S, W, W, W, W], 1),
        ((BID,), [D, L, D, S, W, W, W, W], 1),
        ((NEED, BID, limits(3)), [D, D, D, D, D, S, D, O], 1),
        ((NEED, BID, limits(3, TSO)), [D, D, D, S, D, S, D, O], 1),
        ((NEED, BID, blocking("b")), [D, D, D, S, D, D, D, O], 2),
        ((NEED, BID, limits(3), blocking("b")), [D, D, D, D, D, D, D, O], 2),
        ((NEED, BID, envelope(Informative(document="crac"), TSO, "i")), [D, D, D, S, D, S, D, O], 1),
    ],
    ids=["plain", "no bids", "no needs", "limits", "limits of the TSO", "a block", "both", "what only informs"],
)
def test_where_the_steps_of_an_interval_stand(
    letters: tuple[Envelope[Message], ...], after: list[State], rounds: int
) -> None:
    done = run(*letters)
    assert states(done) == after
    assert len(done.rounds) == rounds
    assert done.result is done.rounds[-1]


def test_each_interval_has_its_own_flow() -> None:
    later = replace(need("later", 5), interval=quarter(1))
    done = run(needs(need("n", 5), later), BID)
    assert [interval for interval, _ in done.flows] == [quarter(0), quarter(1)]
    assert states(done) == [D, D, D, S, D, S, D, O]
    assert states(done, 1) == [D, D, L, S, W, W, W, W]


def test_a_block_of_one_interval_repeats_the_clearing_there_only() -> None:
    both = offers(bid("b"), at(bid("b"), 1))
    done = run(needs(need("n", 5), replace(need("m", 5), interval=quarter(1))), both, blocking("b", number=1))
    assert [states(done, number)[5] for number in (0, 1)] == [S, D]
    assert [flow.round(5) for _, flow in done.flows] == [1, 2]
    assert [(award.interval, award.fate) for award in done.result.awards] == [
        (quarter(0), Fate.PARTLY_ACCEPTED),
        (quarter(1), Fate.BLOCKED),
    ]


def test_blocks_of_several_documents_are_one_repetition() -> None:
    done = run(NEED, offers(bid("b"), bid("c")), blocking("b", id="k1"), blocking("c", id="k2"))
    _, flow = done.flows[0]
    # Bids and needs were created at the same instant: the documents are taken by their names.
    assert [happened.number for happened in flow.history] == [1, 3, 2, 5, 6, 6, 5, 7]
    assert [result.revision for result in done.rounds] == [1, 2]


def test_the_history_dates_messages_by_their_creation_and_our_own_steps_by_their_gates() -> None:
    done = run(needs(need("n", 5), minutes=30), offers(bid("b"), minutes=10))
    _, flow = done.flows[0]
    seven = EIGHT - timedelta(hours=1)
    assert [(one.number, one.at - seven, one.reference) for one in flow.history] == [
        (1, timedelta(minutes=45), ""),
        (3, timedelta(minutes=10), "bids"),
        (2, timedelta(minutes=30), "needs"),
        (5, timedelta(minutes=46), ""),
        (7, timedelta(minutes=52, seconds=30), ""),
    ]


def test_the_gates_of_the_market_date_the_steps() -> None:
    early = replace(MARKET, gates=Gates(bids=timedelta(hours=2), needs=timedelta(hours=1), clearing=timedelta(hours=1)))
    _, flow = run(NEED, BID, market=early).flows[0]
    assert [one.at for one in flow.history if one.number == 5] == [EIGHT - timedelta(hours=1)]


# ---- what stood in, in words


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        (
            (NEED,),
            f"{FIRST}: nothing came for step 3 (Seller (CMP) sends aggregated bids (transmission and distribution))",
        ),
        ((BID,), f"{FIRST}: nothing came for step 2 (Buyer (TSO) communicates volumes)"),
    ],
    ids=["bids", "needs"],
)
def test_a_step_that_nobody_served_is_told(letters: tuple[Envelope[Message], ...], words: str) -> None:
    assert words in run(*letters).report.assumptions
    assert not [told for told in run(NEED, BID).report.assumptions if "nothing came" in told]


AREAS = (Area(id=WEST, name="West"), Area(id=EAST, name="East"))
ONE_WAY = (Border(from_area=EAST, to_area=WEST, forward_mw=Decimal(7), backward_mw=Decimal("2.5")),)


def missing(done: Procurement) -> list[str]:
    return [told for told in done.report.assumptions if "no capacity was sent" in told]


@pytest.mark.parametrize(
    ("fallback", "taken"),
    [(CapacityFallback.ZERO, ("0 MW", "0 MW")), (CapacityFallback.STATIC, ("static 7 MW", "static 2.5 MW"))],
)
def test_each_direction_of_which_nobody_spoke_is_told(fallback: CapacityFallback, taken: tuple[str, str]) -> None:
    market = replace(MARKET, areas=AREAS, borders=ONE_WAY, fallback=fallback)
    assert missing(run(NEED, BID, market=market)) == [
        f"{FIRST}: no capacity was sent from East to West; {taken[0]} taken",
        f"{FIRST}: no capacity was sent from West to East; {taken[1]} taken",
    ]


def test_a_direction_of_which_somebody_spoke_is_not_told() -> None:
    market = replace(MARKET, areas=AREAS, borders=ONE_WAY, fallback=CapacityFallback.STATIC)
    sent = envelope(GridConstraints(capacities=(capacity(4),)), TSO, "g")
    done = run(NEED, BID, sent, market=market)
    assert missing(done) == [f"{FIRST}: no capacity was sent from West to East; static 2.5 MW taken"]
    assert [(one.id, one.quantity_mw, one.sender) for one in done.book.capacities] == [
        ("10YNO-1--------2 10YNO-2--------T", Decimal(4), TSO.id),
        (f"static 10YNO-2--------T 10YNO-1--------2 {FIRST}", Decimal("2.5"), OPERATOR.id),
    ]


def test_a_capacity_of_one_interval_leaves_the_others_open() -> None:
    market = replace(MARKET, areas=AREAS, borders=ONE_WAY)
    sent = envelope(GridConstraints(capacities=(capacity(4), capacity(4, WEST, EAST))), TSO, "g")
    both = offers(bid("b"), at(bid("b"), 1))
    assert [told.split(": ")[0] for told in missing(run(NEED, both, sent, market=market))] == [SECOND, SECOND]


def test_an_area_without_a_name_is_told_by_its_identifier() -> None:
    told = missing(run(NEED, BID, market=replace(MARKET, borders=ONE_WAY)))
    assert told[0] == f"{FIRST}: no capacity was sent from 10YNO-1--------2 to 10YNO-2--------T; 0 MW taken"


def test_the_losses_of_a_border_count_both_ways_and_elsewhere_the_stated_ones() -> None:
    lossy = (replace(ONE_WAY[0], loss_factor=Decimal("0.02")),)
    stated = tuple(replace(capacity(4, *ends), loss_factor=Decimal("0.5")) for ends in ((EAST, WEST), (WEST, EAST)))
    sent = envelope(GridConstraints(capacities=stated), TSO, "g")
    done = run(NEED, BID, sent, market=replace(MARKET, borders=lossy))
    assert [one.loss_factor for one in done.book.capacities] == [Decimal("0.02")] * 2
    assert [one.loss_factor for one in run(NEED, BID, sent).book.capacities] == [Decimal("0.5")] * 2


# ---- rules of the clearing


@pytest.mark.parametrize(("step", "shares"), [("1", ["3", "3", "4"]), ("0.01", ["3.33", "3.33", "3.34"])])
def test_a_tie_is_shared_in_the_steps_of_the_market(step: str, shares: list[str]) -> None:
    market = replace(MARKET, quantity_step=Decimal(step))
    done = run(needs(need("n", 10)), offers(bid("a"), bid("b"), bid("c")), market=market)
    assert sorted(award.quantity_mw for award in done.result.awards) == [Decimal(share) for share in shares]


def test_a_price_beyond_the_cap_of_the_market_is_out_of_its_scope() -> None:
    done = run(NEED, offers(bid("b"), bid("dear", 9, 501)), market=replace(MARKET, price_cap=Decimal(500)))
    assert {award.bid_id: award.fate for award in done.result.awards}["dear"] is Fate.OUT_OF_SCOPE


def test_the_currency_of_the_market_is_that_of_the_clearing() -> None:
    crowns = replace(MARKET, currency="NOK")
    done = run(needs(replace(need("n", 5), currency="NOK")), offers(replace(bid("b"), currency="NOK")), market=crowns)
    assert (done.result.currency, [price.currency for price in done.result.prices]) == ("NOK", ["NOK"])


@pytest.mark.parametrize(
    ("pricing", "accepted"),
    [(Pricing.STRICT, {"cheap": 6}), (Pricing.WELFARE_FIRST, {"cheap": 6})],
    ids=["strict", "welfare first"],
)
def test_a_market_of_divisible_bids_clears_alike_under_both_rules(pricing: Pricing, accepted: dict[str, int]) -> None:
    done = run(
        needs(need("n", 6)), offers(bid("cheap", 8, 10), bid("dear", 8, 20)), market=replace(MARKET, pricing=pricing)
    )
    assert {award.bid_id: award.quantity_mw for award in done.result.awards if award.quantity_mw} == accepted
    assert [price.price for price in done.result.prices] == [10]


# ---- laws


@settings(max_examples=max(4, settings().max_examples // 2))  # each example clears
@given(st.integers(0, 30), st.lists(st.tuples(st.integers(1, 10), st.integers(-20, 90)), min_size=1, max_size=5))
def test_what_is_served_is_what_is_accepted_and_no_dearer_bid_goes_first(
    wanted: int, drawn: list[tuple[int, int]]
) -> None:
    bids = [bid(f"b{number}", mw, price) for number, (mw, price) in enumerate(drawn)]
    done = run(needs(need("n", wanted)), offers(*bids))
    served = min(wanted, sum(mw for mw, _ in drawn))
    assert sum(award.quantity_mw for award in done.result.awards) == served
    cost, left = 0, served
    for mw, price in sorted(drawn, key=lambda pair: pair[1]):
        cost, left = cost + min(mw, left) * price, left - min(mw, left)
    paid = sum((award.quantity_mw * (award.bid_price or 0) for award in done.result.awards), Decimal(0))
    assert paid == cost


def test_up_and_down_are_cleared_side_by_side() -> None:
    down = replace(need("d", 4), direction=Direction.DOWN)
    done = run(needs(need("n", 5), down), offers(bid("b"), bid("c", 10, 30, Direction.DOWN)))
    assert {one.need_id: one.served_mw for one in done.result.needs} == {"n": 5, "d": 4}
