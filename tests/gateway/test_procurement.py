"""Procurements of a few bids: who is accepted, who is told what, and what a block, a limit or a lost capacity does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from gateway.envelope import Envelope, Message
from gateway.flow import State
from gateway.identifiers import PartyId
from gateway.market import Area, Border, CapacityFallback, MarketDefinition
from gateway.model import Bid, BidSet, Blocking, Direction, GridConstraints, Limit, Need, ReserveNeed, Role
from gateway.procurement import Procurement, procure
from gateway.results import ActivationOrders, Allocation, ClearingPrices, Fate, OrderKind, Receipt, Verdict
from gateway.schemes import named
from tests.market_values import (
    DSO,
    EAST,
    EIGHT,
    OPERATOR,
    OTHER_SELLER,
    SELLER,
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

MARKET = MarketDefinition(operator=OPERATOR)


def needs(*wanted: Need) -> Envelope[Message]:
    return envelope(ReserveNeed(needs=wanted), TSO, "needs")


def offers(*offered: Bid, id: str = "bids") -> Envelope[Message]:  # noqa: A002
    return envelope(BidSet(bids=offered), id=id)


def blocks(bid_id: str, limit_mw: object = None) -> Envelope[Message]:
    return envelope(Blocking(blocks=(block(bid_id, limit_mw),)), DSO, "blocks", 50)


def run(*envelopes: Envelope[Message], market: MarketDefinition = MARKET) -> Procurement:
    return procure(named("centralised"), market, envelopes, EIGHT)


def answers(done: Procurement, kind: type[Message], receiver: PartyId) -> list[Envelope[Message]]:
    return [a for a in done.answers if isinstance(a.message, kind) and a.receiver.id == receiver]


def accepted(done: Procurement, number: int = -1) -> dict[str, Decimal]:
    return {a.bid_id: a.quantity_mw for a in done.rounds[number].awards if a.quantity_mw}


CHEAP, DEAR = bid("cheap", 10, 40), replace(bid("dear", 30, 60), provider=OTHER_SELLER.id)
PLAIN = (needs(need("n", 25)), offers(CHEAP), envelope(BidSet(bids=(DEAR,)), OTHER_SELLER, "others"))


def test_the_cheapest_bids_serve_the_need() -> None:
    done = run(*PLAIN)
    assert accepted(done) == {"cheap": 10, "dear": 15}
    assert [price.price for price in done.result.prices] == [60]
    assert done.result.needs[0].unserved_mw == 0


def test_each_seller_is_told_of_its_own_bids_and_no_others() -> None:
    done = run(*PLAIN)
    for seller, name in ((SELLER.id, "cheap"), (OTHER_SELLER.id, "dear")):
        (told,) = answers(done, Allocation, seller)
        assert isinstance(told.message, Allocation)
        assert [award.bid_id for award in told.message.awards] == [name]
        assert told.sender == OPERATOR
        assert told.created == EIGHT
        assert told.period == quarter()


def test_the_buyer_is_told_how_its_needs_are_met() -> None:
    (told,) = answers(run(*PLAIN), Allocation, TSO.id)
    assert isinstance(told.message, Allocation)
    assert [(met.need_id, met.served_mw) for met in told.message.needs] == [("n", Decimal(25))]


def test_orders_go_to_providers_with_accepted_bids_one_message_per_interval() -> None:
    idle = replace(bid("idle", 10, 500), provider=PartyId("7080000000036", "A10"))
    done = run(
        needs(need("n", 25), replace(need("m", 5), interval=quarter(1))), offers(CHEAP, at(CHEAP, 1), DEAR, idle)
    )
    orders = [a.message for a in done.answers if isinstance(a.message, ActivationOrders)]
    told = [(order.kind, [(o.bid_id, o.interval, o.quantity_mw) for o in order.orders]) for order in orders]
    assert sorted(told, key=str) == sorted(
        [
            (OrderKind.SCHEDULED, [("cheap", quarter(), Decimal(10))]),
            (OrderKind.SCHEDULED, [("cheap", quarter(1), Decimal(5))]),
            (OrderKind.SCHEDULED, [("dear", quarter(), Decimal(15))]),
        ],
        key=str,
    )
    assert len({order.order_id for order in orders}) == 3


def test_prices_are_published_once() -> None:
    (told,) = [a.message for a in run(*PLAIN).answers if isinstance(a.message, ClearingPrices)]
    assert [price.area for price in told.prices] == [WEST]


def test_a_block_repeats_the_clearing_and_both_rounds_are_kept() -> None:
    done = run(*PLAIN, blocks("cheap", 4))
    assert accepted(done, 0) == {"cheap": 10, "dear": 15}
    assert accepted(done) == {"cheap": 4, "dear": 21}
    assert [result.revision for result in done.rounds] == [1, 2]
    checks = answers(done, Allocation, DSO.id)
    assert [check.revision for check in checks] == [1, 2]
    assert len({check.id for check in checks}) == 1
    (_, flow) = done.flows[0]
    happened = [occurrence.number for occurrence in flow.history]
    assert sorted(happened[:4]) == [1, 2, 3, 3]
    assert happened[4:] == [5, 6, 5, 7]


def test_a_bid_blocked_whole_says_so() -> None:
    done = run(*PLAIN, blocks("cheap"))
    (award,) = [a for a in done.result.awards if a.bid_id == "cheap"]
    assert award.fate is Fate.BLOCKED


def test_a_scheme_without_check_does_not_block() -> None:
    unchecked = replace(named("centralised"), post_check=False)
    done = procure(unchecked, MARKET, (*PLAIN, blocks("cheap")), EIGHT)
    assert len(done.rounds) == 1
    assert accepted(done)["cheap"] == 10


def test_limits_of_the_distribution_operator_count_only_where_the_scheme_says_so() -> None:
    limit = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=Decimal(3), coefficients={"cheap": Decimal(1)})
    stated = envelope(GridConstraints(limits=(limit,)), DSO, "limits")
    assert accepted(run(*PLAIN, stated)) == {"cheap": 3, "dear": 22}
    blind = replace(named("centralised"), grid_constraints=False)
    assert accepted(procure(blind, MARKET, (*PLAIN, stated), EIGHT)) == {"cheap": 10, "dear": 15}


def test_the_order_of_the_messages_changes_nothing() -> None:
    messages = (*PLAIN, blocks("cheap", 4))
    outcomes = {str(run(*order).answers) for order in permutations(messages)}
    assert len(outcomes) == 1


def east_sells(sent: Sequence[Envelope[Message]] = (), **settings: object) -> Procurement:
    market = replace(
        MARKET,
        areas=(Area(id=WEST, name="West"), Area(id=EAST, name="East")),
        borders=(Border(from_area=EAST, to_area=WEST, forward_mw=Decimal(7)),),
        **settings,  # type: ignore[arg-type]
    )
    return run(needs(need("n", 20)), offers(replace(CHEAP, area=EAST), DEAR), *sent, market=market)


def test_a_capacity_that_nobody_sent_is_nothing_and_this_is_reported() -> None:
    done = east_sells()
    assert accepted(done) == {"dear": 20}
    assert any("no capacity was sent from East to West; 0 MW taken" in words for words in done.report.assumptions)


def test_a_static_capacity_stands_in_where_the_market_says_so() -> None:
    done = east_sells(fallback=CapacityFallback.STATIC)
    assert accepted(done) == {"cheap": 7, "dear": 13}
    assert any("static 7 MW taken" in words for words in done.report.assumptions)


def test_a_capacity_that_was_sent_comes_before_the_static_one() -> None:
    sent = envelope(GridConstraints(capacities=(capacity(2),)), TSO, "capacity")
    assert accepted(east_sells([sent], fallback=CapacityFallback.STATIC)) == {"cheap": 2, "dear": 18}


def test_losses_of_a_border_count_for_the_capacity_that_was_sent() -> None:
    sent = envelope(GridConstraints(capacities=(capacity(10),)), TSO, "capacity")
    lossy = replace(MARKET, borders=(Border(from_area=EAST, to_area=WEST, loss_factor=Decimal("0.1")),))
    done = run(
        needs(need("n", 20)), offers(replace(CHEAP, area=EAST, quantity_mw=Decimal(50)), DEAR), sent, market=lossy
    )
    assert accepted(done) == {"cheap": Decimal("10.5"), "dear": Decimal("10.5")}


def test_missing_bids_are_reported_and_scarcity_is_a_result() -> None:
    done = run(needs(need("n", 25)))
    assert done.result.needs[0].served_mw == 0
    assert [price.price for price in done.result.prices] == [MARKET.price_cap]
    assert any("nothing came for step 3" in words for words in done.report.assumptions)
    assert done.flows[0][1].states[3] is State.OVERDUE


def test_down_needs_are_served_by_those_who_pay_most() -> None:
    down = [bid(name, 10, price, Direction.DOWN) for name, price in (("rich", 30), ("poor", 10))]
    done = run(needs(need("n", 15, direction=Direction.DOWN)), offers(*down))
    assert accepted(done) == {"rich": 10, "poor": 5}
    assert [price.price for price in done.result.prices] == [10]


@pytest.mark.parametrize("role", [Role.RESOURCE_AGGREGATOR, Role.FLEXIBILITY_SERVICE_PROVIDER])
def test_answers_keep_the_role_in_which_a_party_spoke(role: Role) -> None:
    seller = replace(SELLER, role=role)
    done = run(needs(need("n", 5)), envelope(BidSet(bids=(CHEAP,)), seller, "bids"))
    assert {a.receiver for a in done.answers if a.receiver.id == SELLER.id} == {seller}


def test_what_only_informs_does_no_harm() -> None:
    done = run(*PLAIN, envelope(Receipt(verdict=Verdict.ACCEPTED), TSO, "receipt"))
    assert accepted(done) == {"cheap": 10, "dear": 15}
