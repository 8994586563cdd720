"""Whole settlement runs: one quarter hour under every scheme by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.errors import Misconfigured
from gateway.identifiers import ResourceId
from gateway.measurements import Quality, Readings
from gateway.results import ExchangeFlow
from gateway.settlement.books import CONGESTION_INCOME
from gateway.settlement.case import InterfaceSchedule, NettedImbalance, Perimeter, SettlementCase
from gateway.settlement.definition import SettlementDefinition
from gateway.settlement.ledger import ROUNDING, Ledger
from gateway.settlement.nodal import MARKET
from gateway.settlement.orders import EnergyShape, Shape
from gateway.settlement.payers import PAYERS
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from gateway.settlement.run import SettlementRun, identities, settle
from gateway.settlement.shifts import Share
from tests.gateway.settlement.values import (
    BUYER,
    DOWN,
    EAST_TSO,
    LOADS,
    NAMES,
    PLANT,
    SUPPLIER,
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
from tests.market_values import DSO, EAST, SELLER, TSO, WEST, quarter

INTERFACE = replace(PLANT, resource=ResourceId("INTERFACE", "NNO"))


# ---- one quarter hour under every scheme


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # the transmission operator pays 125 + 25 and receives 6 for the aggregator's shortfall
        (flexible_period("centralised"), {"TSO": "-144.00", "plant": "125.00", "aggregator": "19.00"}),
        # each operator pays its own units
        (flexible_period("local"), {"TSO": "-119.00", "DSO": "-25.00", "plant": "125.00", "aggregator": "19.00"}),
        # 2 MW were handed up at 52: the distribution operator has 26 for the 25 that it pays
        (
            flexible_period("local", interface_awards=(handed_up(2, 52),)),
            {"TSO": "-145.00", "DSO": "1.00", "plant": "125.00", "aggregator": "19.00"},
        ),
        # the interface exports 6 MW and not 8: 0.5 MWh short at 60
        (
            flexible_period(
                "shared",
                interface_schedules=(
                    InterfaceSchedule(
                        distributor=DSO.id, area=WEST, interval=quarter(), meter=INTERFACE.meter, export_mw=D(8)
                    ),
                ),
                readings=(measured(PLANT, 15), measured(LOADS, "-2.4"), measured(INTERFACE, 6)),
            ),
            {"TSO": "-89.00", "DSO": "-55.00", "plant": "125.00", "aggregator": "19.00"},
        ),
        # joint cost 150, by a key of 2 to 1
        (
            flexible_period("common_centralised", cost_key={TSO.id: D(2), DSO.id: D(1)}),
            {"TSO": "-94.00", "DSO": "-50.00", "plant": "125.00", "aggregator": "19.00"},
        ),
        # the same, although each paid its own units and an award at the interface first
        (
            flexible_period(
                "common_decentralised", cost_key={TSO.id: D(2), DSO.id: D(1)}, interface_awards=(handed_up(2, 52),)
            ),
            {"TSO": "-94.00", "DSO": "-50.00", "plant": "125.00", "aggregator": "19.00"},
        ),
        # the operator buys 10 MW at 52, a responsible party 2 MW at 50: 5 of rent are left
        (
            flexible_period(
                "integrated",
                result=result(
                    award(PLANT, 10), award(LOADS, 2), needs=(need(TSO.id, 10, 52), need(BUYER, 2, name="own need"))
                ),
            ),
            {
                "TSO": "-124.00", "buyer": "-25.00", "plant": "125.00", "aggregator": "19.00", CONGESTION_INCOME: "5.00",
            },
        ),
    ],
    ids=["centralised", "local", "local with an award", "shared", "common", "common by curves", "integrated"],
)  # fmt: skip
def test_a_quarter_hour_by_hand(case: SettlementCase, expected: dict[str, str]) -> None:
    run = settle(case)
    assert balances(run.ledger) == expected
    assert list(identities(run)) == []
    assert run.final
    assert (run.number, run.settled) == (1, run.ledger)


def energies(run: SettlementRun, share: Share) -> dict[str, Decimal]:
    return {NAMES[str(shift.party)]: shift.energy_mwh for shift in run.shifts if shift.share is share}


def test_the_perimeters_of_the_quarter_hour() -> None:
    run = settle(flexible_period())
    assert energies(run, Share.SUPPLIER) == {"plant": D("2.5"), "supplier": D("0.4")}
    assert energies(run, Share.PROVIDER) == {"plant": 0, "aggregator": D("0.1")}
    assert {shift.corrector for shift in run.shifts} == {TSO.id}
    found = {NAMES[str(each.perimeter.party)]: (each.adjustment_mwh, each.imbalance_mwh) for each in run.imbalances}
    assert found == {"supplier": (D("0.4"), 0), "aggregator": (D("0.1"), D("-0.1"))}
    assert run.report.assumptions == (f"imbalance of {SELLER.id}: not settled here, no allocation and position stated",)


def test_the_distribution_operator_corrects_perimeters_of_its_units_where_it_answers_for_the_balance() -> None:
    run = settle(flexible_period("shared"))
    assert {(NAMES[str(shift.party)], shift.corrector) for shift in run.shifts} == {
        ("plant", TSO.id), ("supplier", DSO.id), ("aggregator", DSO.id),
    }  # fmt: skip


def test_who_buys_for_its_own_perimeter_has_the_energy_in_it() -> None:
    short = Perimeter(party=BUYER, area=WEST, interval=quarter(), allocated_mwh=D("-0.5"))
    case = flexible_period(
        "integrated",
        result=result(award(PLANT, 10), award(LOADS, 2), needs=(need(TSO.id, 10), need(BUYER, 2, name="own need"))),
        perimeters=(short,),
    )
    run = settle(case)
    assert energies(run, Share.BUYER) == {"buyer": D("-0.5")}
    assert [each.imbalance_mwh for each in run.imbalances] == [0]
    # both activations are corrected by 3 MWh, of which the operator bought 2.5
    assert sum(shift.energy_mwh for shift in run.shifts) == D("2.5")


def test_responsible_parties_trade_with_each_other_through_the_market() -> None:
    """One sells 2 MW from its perimeter, another buys them: no unit, no meter, and nothing for an operator."""
    sale = replace(award(PLANT, 2), provider=SUPPLIER, resource=None)
    long = Perimeter(party=SUPPLIER, area=WEST, interval=quarter(), allocated_mwh=D("0.5"))
    short = Perimeter(party=BUYER, area=WEST, interval=quarter(), allocated_mwh=D("-0.5"))
    terms = definition("integrated", traders=frozenset({SUPPLIER}))
    case = flexible_period(
        definition=terms, result=result(sale, needs=(need(BUYER, 2),)), perimeters=(long, short), readings=()
    )
    run = settle(case)
    assert balances(run.ledger) == {"supplier": "25.00", "buyer": "-25.00"}
    assert [each.imbalance_mwh for each in run.imbalances] == [0, 0]
    assert run.final
    assert list(identities(run)) == []


def test_the_rent_of_a_joint_market_goes_to_its_owners() -> None:
    case = flexible_period(
        "integrated",
        result=result(award(PLANT, 10), award(LOADS, 2), needs=(need(TSO.id, 12, 52),)),
        rent_key={DSO.id: D(17), TSO.id: D(3)},
    )
    # 156 paid, 150 received: 6 of rent, 5.10 and 0.90
    assert balances(settle(case).ledger) == {
        "TSO": "-149.10", "DSO": "5.10", "plant": "125.00", "aggregator": "19.00",
    }  # fmt: skip


def test_what_three_equal_shares_leave_over_is_rounding() -> None:
    key = {TSO.id: D(1), DSO.id: D(1), EAST_TSO: D(1)}
    case = flexible_period("common_centralised", result=result(award(PLANT, 10)), cost_key=key, perimeters=())
    ledger = settle(case).ledger
    assert balances(ledger) == {
        "TSO": "-41.67", "DSO": "-41.67", "TSO east": "-41.67", "plant": "125.00", ROUNDING: "0.01",
    }  # fmt: skip
    assert ledger.balances()[MARKET] == 0


def test_flows_between_operators_are_settled_at_both_prices() -> None:
    """40 MW from east at 45 to west at 60: 10 MWh, 450 received, 600 paid, 75 of income to each."""
    west, east = award(PLANT, 10, 60), replace(award(PLANT, 50, 45), area=EAST, bid_id="east")
    one = result(west, price=60).prices + result(east, price=45).prices
    flow = ExchangeFlow(
        from_area=EAST, to_area=WEST, interval=quarter(), quantity_mw=D(40), capacity_mw=D(40)
    )  # fmt: skip
    case = flexible_period(
        result=result(west, prices=one, flows=(flow,)), readings=(measured(PLANT, 15),), perimeters=()
    )
    # west: 2.5 MWh at 60 and the exchange
    assert balances(settle(case).ledger) == {"TSO": "-675.00", "TSO east": "525.00", "plant": "150.00"}
    border = f"{TSO.id}-{EAST_TSO}"
    agreed = replace(case, definition=definition(exporter_shares={border: D(0)}))
    assert settle(agreed).ledger.balances()[str(EAST_TSO)] == 450


def test_an_exchange_between_areas_has_a_shape_of_its_own() -> None:
    """60 MW as a trapezoid: 12.5 MWh in the quarter and 1.25 MWh beside it, at the prices of the quarter."""
    west, east = award(PLANT, 0, 60), replace(award(PLANT, 0, 45), area=EAST, bid_id="east")
    flow = ExchangeFlow(from_area=EAST, to_area=WEST, interval=quarter(), quantity_mw=D(60), capacity_mw=D(60))
    prices = result(west, price=60).prices + result(east, price=45).prices
    case = flexible_period(
        definition=definition(exchange_shape=EnergyShape(shape=Shape.TRAPEZOID)),
        result=result(west, prices=prices, flows=(flow,)), perimeters=(),
    )  # fmt: skip
    run = settle(case)
    sold = [
        (entry.subject.interval, entry.subject.energy_mwh, entry.amount)
        for entry in run.ledger.postings
        if entry.payee == str(EAST_TSO) and entry.subject and entry.subject.energy_mwh
    ]
    assert sold == [
        (quarter(-1), D("1.25"), D("56.25")), (quarter(), D("12.5"), D("562.50")), (quarter(1), D("1.25"), D("56.25")),
    ]  # fmt: skip
    # 15 MWh: 675, half of an income of 187.50, and twice half of one of 18.75, which is 9.38 on the cent
    assert balances(run.ledger)["TSO east"] == "787.51"


@pytest.mark.parametrize("scheme", PAYERS)
def test_netted_imbalances_are_settled_beside_every_scheme(scheme: str) -> None:
    """One operator avoids 60 per MWh upward, the other would have earned 20: 30 MWh at 40 (the published example)."""
    netted = tuple(
        NettedImbalance(operator=operator, interval=quarter(), energy_mwh=D(energy), value=D(value))
        for operator, energy, value in ((TSO.id, 30, 60), (EAST_TSO, -30, 20))
    )
    case = flexible_period(scheme, result=result(award(PLANT, 0)), perimeters=(), netted=netted)
    run = settle(case)
    assert balances(run.ledger) == {"TSO": "-1200.00", "TSO east": "1200.00"}
    assert [entry.subject and entry.subject.energy_mwh for entry in run.ledger.postings] == [30, -30]


def test_what_netting_leaves_of_a_cent_is_rounding() -> None:
    shares = ((TSO.id, "1", "10.01"), (EAST_TSO, "-0.5", "10.01"), (DSO.id, "-0.5", "10.01"))
    netted = tuple(
        NettedImbalance(operator=operator, interval=quarter(), energy_mwh=D(energy), value=D(value))
        for operator, energy, value in shares
    )
    ledger = settle(flexible_period(result=result(award(PLANT, 0)), perimeters=(), netted=netted)).ledger
    # 5.005 is rounded to 5.00 twice
    assert balances(ledger) == {"TSO": "-10.01", "TSO east": "5.00", "DSO": "5.00", ROUNDING: "0.01"}


@pytest.mark.parametrize(
    ("terms", "aggregator", "operator"),
    [
        (definition(), "19.00", "-144.00"),
        (definition(terms=PaymentTerms(basis=VolumeBasis.LESSER)), "20.00", "-145.00"),
        (definition(terms=PaymentTerms(basis=VolumeBasis.LESSER, penalty_per_mwh=D(40))), "16.00", "-141.00"),
        (definition(compensation_price=D(45)), "1.00", "-144.00"),
    ],
    ids=["requested", "delivered", "delivered with penalty", "with compensation"],
)
def test_a_shortfall_is_charged_once(terms: SettlementDefinition, aggregator: str, operator: str) -> None:
    run = settle(flexible_period(definition=terms))
    found = balances(run.ledger)
    assert (found["aggregator"], found["TSO"]) == (aggregator, operator)
    assert found.get("supplier", "0") == ("18.00" if terms.compensation_price else "0")
    assert list(identities(run)) == []


def test_a_bid_accepted_at_a_loss_is_made_whole_where_the_market_says_so() -> None:
    loss = replace(award(PLANT, 10, 60), price=D(50))
    for make_whole, paid in ((False, "125.00"), (True, "150.00")):
        case = flexible_period(definition=definition(make_whole=make_whole), result=result(loss), perimeters=())
        assert balances(settle(case).ledger)["plant"] == paid


def test_a_trapezoid_is_settled_in_three_periods() -> None:
    terms = definition(shape=EnergyShape(shape=Shape.TRAPEZOID))
    case = flexible_period(
        definition=terms,
        result=result(award(PLANT, 60)),
        readings=(measured(PLANT, 5, 50, 5, first=-1),),
        schedules=(planned(PLANT, 0, 0, 0, first=-1),),
        perimeters=(),
    )
    run = settle(case)
    energies = [entry.subject and (entry.subject.interval, entry.subject.energy_mwh) for entry in run.ledger.postings]
    assert energies == [(quarter(-1), D("1.25")), (quarter(), D("12.5")), (quarter(1), D("1.25"))]
    assert balances(run.ledger)["plant"] == "750.00"


# ---- what cannot be settled is told


def test_a_joint_cost_without_a_key_is_refused() -> None:
    with pytest.raises(Misconfigured, match="cost_key"):
        settle(flexible_period("common_centralised"))


def test_a_period_without_activation_costs_nothing_in_any_scheme() -> None:
    for scheme in PAYERS:
        run = settle(flexible_period(scheme, result=result(award(PLANT, 0)), perimeters=(), readings=()))
        assert run.ledger == Ledger()
        assert run.final


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ((measured(PLANT, 15),), f"NNO:LOADS {quarter()}: estimated, as requested"),
        (
            (measured(PLANT, 15), measured(LOADS, -2, quality=Quality.TEMPORARY)),
            f"NNO:LOADS {quarter()}: the meter value is temporary",
        ),
    ],
    ids=["missing", "temporary"],
)
def test_a_run_with_missing_or_provisional_values_is_not_final(readings: tuple[Readings, ...], said: str) -> None:
    run = settle(flexible_period(readings=readings))
    assert not run.final
    assert said in run.report.assumptions


@pytest.mark.parametrize(("metered", "priced"), [(False, True), (True, False)])
def test_a_deviation_that_cannot_be_settled_is_told(*, metered: bool, priced: bool) -> None:
    agreed = InterfaceSchedule(distributor=DSO.id, area=WEST, interval=quarter(), meter=INTERFACE.meter, export_mw=D(8))
    case = flexible_period("shared", interface_schedules=(agreed,), perimeters=(), result=result(award(PLANT, 0)))
    case = replace(
        case,
        readings=(measured(INTERFACE, 6),) if metered else (),
        imbalance_prices=case.imbalance_prices if priced else (),
    )
    run = settle(case)
    why = "not measured" if priced else "no imbalance price"
    assert run.report.assumptions == (f"interface of {DSO.id} {quarter()}: deviation not settled, {why}",)
    assert not run.final
    assert run.ledger == Ledger()


def test_an_imbalance_without_a_price_is_told() -> None:
    long = Perimeter(party=BUYER, area=WEST, interval=quarter(), allocated_mwh=D(1))
    case = flexible_period(result=result(award(PLANT, 0)), perimeters=(long,), imbalance_prices=())
    run = settle(case)
    assert run.report.assumptions == (f"imbalance of {BUYER} {quarter()}: not settled, no imbalance price",)
    assert run.imbalances == ()


def test_loads_that_take_more_owe_their_provider_what_the_supplier_could_bill() -> None:
    """Asked for 2 MW down, the loads take 0.5 MWh more: the supplier bills it, and owes it at 45 per MWh."""
    terms = definition(compensation_price=D(45))
    taken = award(LOADS, 2, 50, DOWN)
    case = flexible_period(
        definition=terms, result=result(taken), readings=(measured(LOADS, -6),), perimeters=()
    )  # fmt: skip
    # the aggregator pays 25 for the energy and receives 22.50
    assert balances(settle(case).ledger) == {"TSO": "25.00", "aggregator": "-2.50", "supplier": "-22.50"}


def test_who_sells_downward_for_its_own_perimeter_gives_the_energy_away() -> None:
    """A party with 0.5 MWh too much has 2 MW taken down elsewhere, at 50: its surplus is gone."""
    long = Perimeter(party=BUYER, area=WEST, interval=quarter(), allocated_mwh=D("0.5"))
    down = replace(need(BUYER, 2), direction=DOWN)
    case = flexible_period(
        "integrated",
        result=result(award(PLANT, 2, 50, DOWN), needs=(down,)),
        readings=(measured(PLANT, 3),),
        perimeters=(long,),
    )
    run = settle(case)
    assert energies(run, Share.BUYER) == {"buyer": D("0.5")}
    assert [each.imbalance_mwh for each in run.imbalances] == [0]
    assert balances(run.ledger) == {"buyer": "25.00", "plant": "-25.00"}
    assert list(identities(run)) == []
