"""Steps 5 and 6: blocks send the result back, caps only fall, and the loop comes to an end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.identifiers import PartyId
from gateway.market import Area
from gateway.model import Blocking, Party, Role
from gateway.results import Allocation, Verdict
from tests.gateway.session.period import (
    ACCEPTED,
    CHEAP,
    DEAR,
    MARKET,
    MEMBERS,
    Room,
    bids,
    blocking,
    codes,
    needs,
    procured,
    room,
    told,
)
from tests.market_values import DSO, EAST, SELLER, TSO, WEST, bid, need

OTHER_DSO = Party(PartyId("7080000000050", "A10"), Role.DISTRIBUTION_SYSTEM_OPERATOR)
NOTHING = Blocking(blocks=())


def accepted(checked: Room) -> dict[str, Decimal]:
    result = checked.session.standing.results()[5]
    return {award.bid_id: award.quantity_mw for award in result.awards if award.quantity_mw}


def many(count: int) -> Room:
    """Clear 10 MW with *count* bids of 10 MW, the first one cheapest."""
    crowded = room()
    offered = [bid(f"b{number}", 10, 10 + number) for number in range(count)]
    crowded.hear(bids(*offered), SELLER, 60)
    crowded.hear(needs(need("n", 10)), TSO, 20)
    crowded.tick(15)
    return crowded


def test_each_round_is_told_with_a_higher_revision_of_the_same_document() -> None:
    checked = many(4)
    for number in range(3):
        checked.hear(blocking(f"b{number}"), DSO, 14.9 - number / 10)
        assert accepted(checked) == {f"b{number + 1}": 10}
    checks = [each for each in checked.session.standing.sent if isinstance(each.message, Allocation)]
    assert [each.revision for each in checks] == [1, 2, 3, 4]
    assert len({each.id for each in checks}) == 1


def test_a_bid_that_is_capped_in_two_rounds_is_blocked_whole() -> None:
    checked = procured(room())
    checked.hear(blocking("cheap", limit_mw=4), DSO, 14.5)
    assert accepted(checked) == {"cheap": 4, "dear": 21}
    checked.hear(blocking("cheap", limit_mw=3), DSO, 14)
    assert accepted(checked) == {"dear": 25}


def test_in_the_last_round_every_bid_of_the_area_is_blocked() -> None:
    checked = many(9)
    for number in range(4):
        assert codes(checked.hear(blocking(f"b{number}"), DSO, 14.9 - number / 10)) == ACCEPTED
    assert accepted(checked) == {"b4": 10}
    assert codes(checked.hear(blocking("b4"), DSO, 14)) == ACCEPTED
    assert accepted(checked) == {}
    assert any("last round" in note for note in checked.session.standing.notes)
    (unmet,) = checked.session.unserved
    assert unmet.unserved_mw == 10


def test_after_the_last_round_a_further_block_is_out_of_turn() -> None:
    checked = many(9)
    for number in range(5):
        checked.hear(blocking(f"b{number}"), DSO, 14.9 - number / 10)
    receipt = checked.hear(blocking("b5"), DSO, 14)
    assert receipt.verdict is Verdict.REFUSED
    assert checked.session.standing.flow.round(5) == 6


def test_the_clearing_waits_for_every_operator_that_checks() -> None:
    both = (Area(id=WEST, name="West", operator=DSO.id), Area(id=EAST, name="East", operator=OTHER_DSO.id))
    checked = procured(room(market=replace(MARKET, areas=both), members=(*MEMBERS, OTHER_DSO)))
    checked.hear(blocking("cheap", limit_mw=4), DSO, 14.5)
    assert told(checked.sent) == ["Receipt to DSO"]
    assert checked.session.standing.flow.round(5) == 1
    checked.hear(NOTHING, OTHER_DSO, 14)
    assert checked.session.standing.flow.round(5) == 2
    assert accepted(checked) == {"cheap": 4, "dear": 21}


def test_it_waits_no_longer_than_the_time_for_a_check() -> None:
    checked = procured(room(members=(*MEMBERS, OTHER_DSO)))
    checked.hear(blocking("cheap", limit_mw=4), DSO, 14.5)
    checked.tick(13.1)
    assert checked.session.standing.flow.round(5) == 1
    checked.tick(13)
    assert accepted(checked) == {"cheap": 4, "dear": 21}
    # The second result may be checked again for two minutes.
    assert checked.ordered() == {}
    checked.tick(11)
    assert checked.ordered() == {"cheap": "4", "dear": "21"}


def test_each_operator_is_told_the_awards_of_its_own_areas() -> None:
    both = (Area(id=WEST, name="West", operator=DSO.id), Area(id=EAST, name="East", operator=OTHER_DSO.id))
    checked = procured(room(market=replace(MARKET, areas=both), members=(*MEMBERS, OTHER_DSO)))
    told_of = {
        each.receiver.id: [award.bid_id for award in each.message.awards]
        for each in checked.sent
        if isinstance(each.message, Allocation)
    }
    assert told_of == {DSO.id: ["cheap", "dear"], OTHER_DSO.id: []}


def test_the_gate_of_the_orders_ends_every_check() -> None:
    slow = room()
    slow.hear(bids(CHEAP, DEAR), SELLER, 60)
    slow.hear(needs(need("n", 25)), TSO, 20)
    slow.tick(9)
    assert slow.ordered() == {}
    slow.hear(blocking("cheap"), DSO, 8)
    assert accepted(slow) == {"dear": 25}
    assert slow.ordered() == {}
    slow.tick(7.5)
    assert slow.ordered() == {"dear": "25"}


@pytest.mark.parametrize("members", [(), MEMBERS], ids=["nobody announced", "announced"])
def test_a_block_counts_whether_or_not_its_sender_was_announced(members: tuple[Party, ...]) -> None:
    checked = procured(room(members=members))
    assert codes(checked.hear(blocking("cheap", limit_mw=4), DSO, 14)) == ACCEPTED
    checked.tick(12)
    checked.tick(10)
    checked.tick(7.5)
    assert checked.ordered() == {"cheap": "4", "dear": "21"}


def test_two_caps_in_one_round_leave_the_lower_one() -> None:
    checked = procured(room(members=(*MEMBERS, OTHER_DSO)))
    checked.hear(blocking("cheap", limit_mw=4), DSO, 14.5)
    checked.hear(blocking("cheap", limit_mw=2), OTHER_DSO, 14.4)
    assert accepted(checked) == {"cheap": 2, "dear": 23}
