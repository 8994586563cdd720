"""Processes one after the other: what one exchanges loads and relieves the borders of the next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.areas import BalancingArea, Exchange
from gateway.clearing.example import QUARTERS, bid, border, need
from gateway.coupling import afrr, couple, mfrr_direct, mfrr_scheduled, netting, rr
from gateway.coupling.process import Process
from gateway.coupling.sequence import SCHEDULED, cycles_of, in_sequence, netted_in
from gateway.coupling.transport import Demand
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.model import Bid, Capacity, Need, Reserve
from tests.gateway.clearing.reading import accepted, flows
from tests.gateway.coupling.three_areas import A, B, agreement, contributions, operator

ORDERS: tuple[Bid | Need | Capacity, ...] = (
    bid("rA", "A", "up", 99, 10, reserve=Reserve.RR),
    bid("rB", "B", "up", 99, 50, reserve=Reserve.RR),
    need("nR", "B", 30, reserve=Reserve.RR),
    bid("mA", "A", "up", 99, 10),
    bid("mB", "B", "up", 99, 50),
    need("nM", "B", 30),
    *border("A", "B", 40, 40),
)
PACT = agreement("AB")


def test_what_replacement_reserve_uses_manual_reserve_does_not_have() -> None:
    """40 MW fit from A to B: 30 go to replacement reserve, 10 are left; 20 MW of B's manual need stay at home."""
    first, second = in_sequence(PACT, contributions(ORDERS, names="AB"))
    assert (accepted(first.coupled.parts[0].result), flows(first.coupled.parts[0].result)) == (
        {"rA": Decimal(30)},
        {"A->B": Decimal(30)},
    )
    assert accepted(second.coupled.parts[0].result) == {"mA": 10, "mB": 20}
    (left,) = second.coupled.parts[0].after
    assert [left.limit_mw(A, B), left.limit_mw(B, A)] == [0, 80]


def test_an_exchange_makes_room_for_the_other_way() -> None:
    turned = [replace(each, area=A) if each.id == "nM" and isinstance(each, Need) else each for each in ORDERS]
    turned += [bid("mBcheap", "B", "up", 99, 1), need("much", "A", 60)]
    _, second = in_sequence(PACT, contributions(turned, names="AB"))
    assert flows(second.coupled.parts[0].result) == {"B->A": 70}


def test_the_order_of_processes_decides() -> None:
    first, second = in_sequence(PACT, contributions(ORDERS, names="AB"), (mfrr_scheduled.PROCESS, rr.PROCESS))
    assert accepted(first.coupled.parts[0].result) == {"mA": 30}
    assert accepted(second.coupled.parts[0].result) == {"rA": 10, "rB": 20}


def test_a_border_that_a_process_may_not_use_is_whole_for_the_next() -> None:
    only = BalancingArea(name="AB", exchanges=frozenset({Exchange.MANUAL_RESTORATION}))
    pact = replace(PACT, cooperation=replace(PACT.cooperation, cobas=(only,)))
    first, second = in_sequence(pact, contributions(ORDERS, names="AB"))
    assert accepted(first.coupled.parts[0].result) == {"rB": 30}
    assert accepted(second.coupled.parts[0].result) == {"mA": 30}


def test_both_members_state_what_is_left() -> None:
    first, _ = in_sequence(PACT, contributions(ORDERS, names="AB"))
    stated = {(each.member, c.from_area): int(c.quantity_mw) for each in first.left for c in each.capacities}
    assert stated == {
        (operator("A"), A): 10,
        (operator("A"), B): 70,
        (operator("B"), A): 10,
        (operator("B"), B): 70,
    }


def test_an_interval_that_a_process_leaves_empty_keeps_its_capacities() -> None:
    later = [replace(each, interval=QUARTERS[1]) for each in ORDERS[3:]]
    said = contributions((*ORDERS[:3], *ORDERS[6:], *later), QUARTERS[:2], "AB")
    _, second = in_sequence(PACT, said)
    assert accepted(second.coupled.parts[0].result) == {"mA": 30}


def test_one_process_alone_is_a_coupling() -> None:
    (only,) = in_sequence(PACT, contributions(ORDERS, names="AB"), (mfrr_scheduled.PROCESS,))
    assert only.coupled.digest == couple(PACT, contributions(ORDERS, names="AB")).digest


def test_a_process_that_clears_nothing_has_no_place_in_the_sequence() -> None:
    with pytest.raises(InvalidValue, match="one that clears a reserve, found imbalance netting"):
        in_sequence(PACT, contributions(ORDERS, names="AB"), (netting.PROCESS,))


# ---- cycles and netting over what is left

AUTOMATIC = (
    bid("aA", "A", "up", 99, 12, reserve=Reserve.AFRR),
    bid("aB", "B", "up", 99, 70, reserve=Reserve.AFRR),
)


def needs_of_b(mw: int, cycles: int = 225) -> list[dict[AreaId, Decimal]]:
    return [{A: Decimal(0), B: Decimal(mw)}] * cycles


def test_cycles_find_what_scheduled_processes_left() -> None:
    """Nothing is left from A to B after replacement and manual reserve, so all of B's demand stays at home."""
    first, second = in_sequence(PACT, contributions((*ORDERS, *AUTOMATIC), names="AB"))
    assert {
        name: int(mw) for name, mw in cycles_of(PACT, first.left, QUARTERS[0], needs_of_b(25))[0].accepted_mw.items()
    } == {
        "aA": 10,
        "aB": 15,
    }
    after_both = cycles_of(PACT, second.left, QUARTERS[0], needs_of_b(25))
    assert len(after_both) == 225
    assert {name: int(mw) for name, mw in after_both[-1].accepted_mw.items()} == {"aB": 25}


def test_cycles_do_not_cross_a_border_that_is_out_of_use() -> None:
    said = contributions((*AUTOMATIC, *border("A", "B", 40, 40)), names="AB")
    joined = cycles_of(PACT, said, QUARTERS[0], needs_of_b(25, 1))
    torn = replace(PACT, cooperation=PACT.cooperation.decoupled({A, B}, QUARTERS[0].start))
    apart = cycles_of(torn, said, QUARTERS[0], needs_of_b(25, 1))
    assert [{*each[0].accepted_mw} for each in (joined, apart)] == [{"aA"}, {"aB"}]
    assert cycles_of(PACT, said, QUARTERS[1], needs_of_b(25, 1))[0].satisfied_mw == {A: 0, B: 0}


@pytest.mark.parametrize("exchange", list(Exchange))
def test_areas_net_only_where_their_cooperation_nets(exchange: Exchange) -> None:
    only = BalancingArea(name="AB", exchanges=frozenset({exchange}))
    pact = replace(PACT, cooperation=replace(PACT.cooperation, cobas=(only,)))
    said = contributions(border("A", "B", 40, 40), names="AB")
    found = netted_in(pact, said, QUARTERS[0], (Demand(A, Decimal(-60)), Demand(B, Decimal(50))))
    assert found.total_mw == (40 if exchange is Exchange.NETTING else 0)


# ---- the processes as data

PROCESSES = (rr.PROCESS, mfrr_scheduled.PROCESS, mfrr_direct.PROCESS, netting.PROCESS, afrr.PROCESS)


def test_the_scheduled_processes_use_borders_in_the_order_of_what_is_exchanged() -> None:
    order = [process.exchange for process in PROCESSES]
    assert sorted(order, key=list(Exchange).index) == order
    assert PROCESSES[:2] == SCHEDULED


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.title)
def test_every_process_satisfies_demand_first_and_flows_last(process: Process) -> None:
    sentences = [getattr(goal, "sentence", goal.__class__.__name__) for goal in process.goals]
    assert sentences[0] == "greatest satisfied demand [MW]"
    assert sentences[-1] == "least flows [MW]"
