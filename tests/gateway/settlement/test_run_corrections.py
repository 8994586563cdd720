"""Settlement runs again: corrections by the difference, and what holds for any period."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gateway.identifiers import PartyId
from gateway.model import ZERO
from gateway.settlement.case import Perimeter, SettlementCase
from gateway.settlement.definition import SettlementDefinition
from gateway.settlement.ledger import CENT, ROUNDING, Ledger
from gateway.settlement.nodal import MARKET
from gateway.settlement.orders import EnergyShape, Shape
from gateway.settlement.payers import PAYERS
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from gateway.settlement.run import correct, identities, settle
from gateway.settlement.shifts import PerimeterShift, Share
from tests.gateway.settlement.values import (
    BUYER,
    DOWN,
    EAST_TSO,
    LOADS,
    PLANT,
    SUPPLIER,
    UP,
    D,
    award,
    balances,
    definition,
    flexible_period,
    handed_up,
    measured,
    need,
    planned,
    result,
)
from tests.market_values import DSO, OTHER_SELLER, TSO, WEST, quarter

# ---- corrections


def test_late_and_corrected_values_are_settled_by_the_difference() -> None:
    case = flexible_period()
    first = settle(replace(case, readings=(measured(PLANT, 15),)))
    assert balances(first.ledger)["aggregator"] == "25.00"
    late = correct(first, [measured(LOADS, "-2.4")])
    # the aggregator's shortfall of 0.1 MWh costs 6; the supplier, corrected by 0.1 MWh too much, has its 6 back
    assert balances(late.ledger) == {"aggregator": "-6.00", "supplier": "6.00"}
    assert (late.number, late.final, first.final) == (2, True, False)
    assert late.settled == settle(case).ledger
    again = correct(late, [measured(LOADS, "-2.0")])
    assert balances(again.ledger) == {"aggregator": "6.00", "supplier": "-6.00"}
    assert [entry.purpose for entry in again.ledger.postings] == [
        f"imbalance {SUPPLIER}, correction", f"imbalance {OTHER_SELLER.id}, correction",
    ]  # fmt: skip
    assert [entry.subject and entry.subject.energy_mwh for entry in again.ledger.postings] == [D("-0.1"), D("0.1")]


def test_the_same_documents_twice_change_nothing() -> None:
    case = flexible_period("common_centralised", cost_key={TSO.id: D(2), DSO.id: D(1)})
    run = settle(case)
    assert correct(run).ledger == Ledger()
    assert correct(run, case.readings, schedules=case.schedules).ledger == Ledger()


# ---- what holds for any period

TERMS = st.builds(
    definition,
    st.sampled_from(sorted(PAYERS)),
    terms=st.builds(
        PaymentTerms, basis=st.sampled_from(VolumeBasis), penalty_per_mwh=st.decimals(0, 100, places=2)
    ),
    compensation_price=st.sampled_from([ZERO, D("43.21")]),
    make_whole=st.booleans(),
    shape=st.sampled_from([EnergyShape(), EnergyShape(shape=Shape.TRAPEZOID)]),
)  # fmt: skip
POWERS = st.decimals(0, 80, places=3)
PRICES = st.decimals(-500, 500, places=2)
AWARDS = st.lists(
    st.builds(
        lambda unit, mw, price, own, way, on: replace(
            award(unit, mw, own, way),
            price=price,
            interval=quarter(on),
            bid_id=f"{unit.resource.value} {way} {on}",
        ),
        st.sampled_from([PLANT, LOADS]), POWERS, PRICES, PRICES, st.sampled_from([UP, DOWN]), st.integers(0, 2),
    ),
    max_size=6, unique_by=lambda one: one.bid_id,
)  # fmt: skip
METERS = st.lists(st.one_of(st.none(), st.decimals(-90, 90, places=3)), min_size=5, max_size=5)


@st.composite
def periods(draw: st.DrawFn) -> SettlementCase:
    """Draw a period of any scheme with everything that its table may settle."""
    terms: SettlementDefinition = draw(TERMS)
    needs = tuple(need(buyer, draw(POWERS), draw(PRICES), f"need {buyer}") for buyer in (TSO.id, DSO.id, BUYER))
    held = tuple(
        Perimeter(party=party, area=WEST, interval=quarter(), allocated_mwh=draw(POWERS), position_mwh=draw(POWERS))
        for party in (SUPPLIER, BUYER)
    )
    keys = draw(st.tuples(*[st.integers(1, 9)] * 3))
    key: dict[PartyId, Decimal] = dict(zip((TSO.id, DSO.id, EAST_TSO), map(D, keys), strict=True))
    return SettlementCase(
        definition=terms,
        result=result(*draw(AWARDS), price=draw(PRICES), needs=needs),
        readings=tuple(measured(unit, *draw(METERS), first=-1) for unit in (PLANT, LOADS)),
        schedules=tuple(planned(unit, *[draw(POWERS)] * 5, first=-1) for unit in (PLANT, LOADS)),
        perimeters=held,
        interface_awards=(handed_up(draw(POWERS), draw(PRICES)),),
        cost_key=key,
        rent_key=draw(st.sampled_from([{}, key])),
    )


@given(periods())
def test_every_period_sums_to_zero_and_its_perimeters_add_up(case: SettlementCase) -> None:
    run = settle(case)
    assert list(identities(run)) == []
    found = run.ledger.balances()
    assert found.get(MARKET, ZERO) == 0
    assert abs(found.get(ROUNDING, ZERO)) <= CENT / 2 * len(run.ledger.postings)
    assert all(amount == amount.quantize(CENT) for amount in found.values())


@given(periods(), st.lists(METERS, max_size=2))
def test_corrections_lead_to_what_one_settlement_of_all_documents_gives(
    case: SettlementCase, later: list[list[Decimal | None]]
) -> None:
    run = settle(case)
    paid = run.ledger
    for values in later:
        documents = (measured(LOADS, *values, first=-1),)
        run = correct(run, documents)
        paid = paid + run.ledger.postings
        assert correct(run, documents).ledger == Ledger()
    whole = settle(run.case)
    assert run.settled == whole.ledger
    assert {name: amount for name, amount in paid.balances().items() if amount} == {
        name: amount for name, amount in whole.ledger.balances().items() if amount
    }


def test_a_forgotten_shift_or_a_wrong_amount_is_found() -> None:
    run = settle(flexible_period())
    fewer = replace(run, shifts=tuple(shift for shift in run.shifts if shift.share is not Share.SUPPLIER))
    assert len(list(identities(fewer))) == 2

    def doubled(shift: PerimeterShift) -> PerimeterShift:
        return replace(shift, energy_mwh=shift.energy_mwh * 2)

    moved = replace(run, shifts=tuple(doubled(s) if s.share is Share.PROVIDER else s for s in run.shifts))
    assert list(identities(moved)) == ["all corrections add up to 3.1, expected 3.0"]
