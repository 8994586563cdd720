"""What each party is told of a settlement: lines of money, corrections of perimeters, delivered energy; and the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.accounts import AdjustmentKind, PerimeterCorrection, Settlement, SettlementKind
from gateway.envelope import Envelope, Message
from gateway.measurements import Quality, Readings
from gateway.model import ZERO, Party, Reserve, Role
from gateway.settlement.payers import PAYERS
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from gateway.settlement.run import correct, settle
from gateway.settlement.statements import Desk, delivered_energy, parties, perimeters, settlements
from profiles import parse, to_canonical, write_message
from tests.gateway.settlement.values import (
    BUYER,
    LOADS,
    PLANT,
    SUPPLIER,
    D,
    award,
    definition,
    flexible_period,
    measured,
    need,
    planned,
    result,
)
from tests.market_values import DSO, EIGHT, OPERATOR, OTHER_SELLER, SELLER, TSO, WEST, quarter

ROLES = {TSO.id: TSO.role, DSO.id: DSO.role, SELLER.id: SELLER.role}
DESK = Desk(operator=OPERATOR, roles=ROLES, now=EIGHT + timedelta(days=1))


def test_the_lines_of_a_provider_say_quantity_and_amount() -> None:
    run = settle(flexible_period())
    lines = settlements(run)[OTHER_SELLER.id].lines
    assert [(line.kind, line.quantity_mwh, line.amount, line.reserve, line.resource) for line in lines] == [
        (SettlementKind.BALANCING_ENERGY, D("0.5"), D("25.00"), Reserve.MFRR, LOADS.resource),
        (SettlementKind.IMBALANCE, D("-0.1"), D("-6.00"), None, None),
    ]
    assert {line.area for line in lines} == {WEST}


def test_the_payer_sees_the_other_side() -> None:
    told = settlements(settle(flexible_period()))[TSO.id]
    assert sorted((line.quantity_mwh, line.amount) for line in told.lines) == [
        (D("-2.5"), D("-125.00")),
        (D("-0.5"), D("-25.00")),
        (D("0"), D("0.00")),
        (D("0.1"), D("6.00")),
    ]
    assert told.totals == {"EUR": D("-144.00")}


def test_who_neither_pays_nor_is_paid_is_told_nothing() -> None:
    run = settle(flexible_period())
    assert set(settlements(run)) == {TSO.id, SELLER.id, OTHER_SELLER.id, SUPPLIER}
    assert DSO.id in parties(run).values()


def test_a_provider_in_its_own_perimeter_is_told_one_correction() -> None:
    told = perimeters(settle(flexible_period()))
    assert {pair: [(one.kind, one.energy_mwh, one.price) for one in told[pair].adjustments] for pair in told} == {
        (TSO.id, SELLER.id): [(AdjustmentKind.ACTIVATION, D("2.5"), None)],
        (TSO.id, SUPPLIER): [
            (AdjustmentKind.ACTIVATION, D("0.4"), None),
            (AdjustmentKind.IMBALANCE, D("0.0"), D(60)),
        ],
        (TSO.id, OTHER_SELLER.id): [
            (AdjustmentKind.ACTIVATION, D("0.1"), None),
            (AdjustmentKind.IMBALANCE, D("-0.1"), D(60)),
        ],
    }


def test_delivered_energy_is_told_by_area_and_supplier() -> None:
    told = delivered_energy(settle(flexible_period()))
    assert {series.party: [(one.value, one.quality) for one in series.readings] for series in told.series} == {
        SELLER.id: [(D("2.5"), Quality.CALCULATED)],
        SUPPLIER: [(D("0.4"), Quality.CALCULATED)],
    }
    late = delivered_energy(settle(flexible_period(readings=(measured(PLANT, 15),))))
    assert not late.final
    assert {series.party: series.readings[0].quality for series in late.series}[SUPPLIER] is Quality.ESTIMATED


def test_periods_of_one_payment_make_one_series() -> None:
    later = replace(award(PLANT, 4), interval=quarter(1))
    case = flexible_period(
        result=result(award(PLANT, 10), later),
        readings=(measured(PLANT, 15, 9),),
        schedules=(planned(PLANT, 5, 5),),
        perimeters=(),
    )
    lines = settlements(settle(case))[SELLER.id].lines
    assert [line.id.partition("#")[2] for line in lines] == ["1", "2"]
    assert len({line.id.partition("#")[0] for line in lines}) == 1
    assert [line.quantity_mwh for line in lines] == [D("2.5"), D(1)]


# ---- letters


def letters(run_scheme: str = "centralised") -> list[Envelope[Message]]:
    key = {TSO.id: D(2), DSO.id: D(1)}
    return list(DESK.letters(settle(flexible_period(run_scheme, cost_key=key))))


def test_the_letters_of_a_run_go_to_whom_they_concern() -> None:
    told = [(one.document_type, one.sender.id, one.receiver, one.revision) for one in letters()]
    assert [entry for entry in told if entry[0] == "A10"] == [
        ("A10", OPERATOR.id, Party(each, Role.TRANSMISSION_SYSTEM_OPERATOR), 1)
        for each in sorted({TSO.id, *definition().operators.values()})
    ]
    assert [entry for entry in told if entry[0] == "A12"] == [
        ("A12", TSO.id, Party(SELLER.id, Role.BALANCING_SERVICE_PROVIDER), 1),
        ("A12", TSO.id, Party(OTHER_SELLER.id, Role.BALANCE_RESPONSIBLE_PARTY), 1),
        ("A12", TSO.id, Party(SUPPLIER, Role.BALANCE_RESPONSIBLE_PARTY), 1),
    ]
    assert len([entry for entry in told if entry[0] == "B44"]) == 4


@pytest.mark.parametrize("scheme", PAYERS)
def test_every_letter_is_written_and_read_back(scheme: str) -> None:
    for letter in letters(scheme):
        read, _ = to_canonical(parse(write_message(letter)))
        assert read.message == letter.message
        assert (read.id, read.sender, read.receiver, read.revision) == (
            letter.id, letter.sender, letter.receiver, letter.revision,
        )  # fmt: skip


def test_the_same_run_is_told_in_the_same_bytes() -> None:
    assert [write_message(one) for one in letters()] == [write_message(one) for one in letters()]
    assert len({one.id for one in letters()}) == len(letters())


def test_a_correction_revises_perimeters_and_reports_the_difference_in_money() -> None:
    first = settle(flexible_period(readings=(measured(PLANT, 15),)))
    late = correct(first, [measured(LOADS, "-2.4")])
    before = {one.id: one for one in DESK.letters(first)}
    after = list(DESK.letters(late))
    accounts = [one for one in after if isinstance(one.message, PerimeterCorrection | Readings)]
    assert {one.id for one in accounts} <= before.keys()
    assert {one.revision for one in accounts} == {2}
    money = {one.receiver.id: one.message for one in after if isinstance(one.message, Settlement)}
    assert not before.keys() & {one.id for one in after if isinstance(one.message, Settlement)}
    assert {party: told.totals for party, told in money.items()} == {
        OTHER_SELLER.id: {"EUR": D("-6.00")},
        SUPPLIER: {"EUR": D("6.00")},
        TSO.id: {"EUR": D("0.00")},
    }
    assert not [one for one in DESK.letters(correct(late)) if isinstance(one.message, Settlement)]


def test_a_correction_that_falls_to_nothing_is_told() -> None:
    first = settle(flexible_period())
    late = correct(first, [measured(LOADS, "-2.0")])
    (one, _) = perimeters(late)[TSO.id, OTHER_SELLER.id].adjustments
    assert (one.kind, one.energy_mwh) == (AdjustmentKind.ACTIVATION, D(0))


def test_a_run_of_nothing_writes_nothing() -> None:
    run = settle(flexible_period(result=result(award(PLANT, 0)), perimeters=(), readings=()))
    assert list(DESK.letters(run)) == []


@given(
    st.decimals(-20, 20, places=3),
    st.decimals(-10, 10, places=3),
    st.sampled_from(sorted(PAYERS)),
    st.sampled_from(VolumeBasis),
)
def test_the_lines_of_all_parties_and_accounts_are_the_ledger(
    plant: Decimal, loads: Decimal, scheme: str, basis: VolumeBasis
) -> None:
    terms = definition(scheme, terms=PaymentTerms(basis=basis, penalty_per_mwh=D(7)), compensation_price=D("3.33"))
    case = flexible_period(
        definition=terms,
        cost_key={TSO.id: D(2), DSO.id: D(1)},
        result=result(award(PLANT, 10), award(LOADS, 2), needs=(need(TSO.id, 10), need(BUYER, 2, name="own need"))),
        readings=(measured(PLANT, plant), measured(LOADS, loads)),
    )
    run = settle(case)
    told = {str(party): message.totals.get("EUR", ZERO) for party, message in settlements(run).items()}
    balances = run.ledger.balances()
    assert told == {account: balances[account] for account in told}
    own = {str(party) for party in parties(run).values()}
    assert {account for account, amount in balances.items() if amount and account in own} <= told.keys()
    assert sum(told.values(), ZERO) == -sum((amount for name, amount in balances.items() if name not in own), ZERO)
