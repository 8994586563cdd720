"""Who pays whom: the tables beside the published steps of each scheme, row by row."""

from __future__ import annotations

import pytest

from gateway.errors import Misconfigured
from gateway.flow import Phase, Step
from gateway.schemes import named, names
from gateway.settlement.payers import PAYERS, Item, Part, Row, corrector, rows

ROWS = [(scheme, row) for scheme in PAYERS for row in PAYERS[scheme] if row.step is not None]
PERIMETERS = {Item.TRANSMISSION_PERIMETERS, Item.DISTRIBUTION_PERIMETERS}
PARTIES = {
    Part.TRANSMISSION_OPERATOR: {"TSO"},
    Part.DISTRIBUTION_OPERATOR: {"DSO"},
    Part.MARKET: {"TSO&DSO", "independent"},
}
"""The party of the published table that does what a part of a row pays for."""


def told(row: Row) -> str:
    return f"{row.step} {row.item}"


def step(scheme: str, row: Row) -> Step:
    (found,) = [step for step in named(scheme).steps if step.number == row.step]
    return found


def test_every_scheme_has_its_table() -> None:
    assert set(PAYERS) == set(names())


@pytest.mark.parametrize(("scheme", "row"), ROWS, ids=[f"{scheme} {told(row)}" for scheme, row in ROWS])
def test_a_row_carries_out_a_step_of_settlement(scheme: str, row: Row) -> None:
    published = step(scheme, row)
    assert published.phase is Phase.SETTLEMENT
    wanted = "PerimeterCorrection" if row.item in PERIMETERS else "Settlement"
    assert wanted in {published.message, *published.also}


@pytest.mark.parametrize(("scheme", "row"), ROWS, ids=[f"{scheme} {told(row)}" for scheme, row in ROWS])
def test_who_pays_is_who_the_published_step_names(scheme: str, row: Row) -> None:
    if row.payer in PARTIES:
        assert step(scheme, row).origin.party in PARTIES[row.payer]
    else:
        assert row.payer.value.split()[0] in {"buyer", "operators"}


@pytest.mark.parametrize("scheme", PAYERS)
def test_every_published_step_of_money_or_perimeters_has_a_row(scheme: str) -> None:
    wanted = {"PerimeterCorrection", "Settlement"}
    published = {step.number for step in named(scheme).steps if wanted & {step.message, *step.also}}
    assert published == {row.step for row in rows(scheme)} - {None}


@pytest.mark.parametrize("scheme", PAYERS)
def test_each_item_stands_once_and_units_of_both_grids_are_paid(scheme: str) -> None:
    items = [row.item for row in rows(scheme)]
    assert len(items) == len(set(items))
    assert PERIMETERS | {Item.TRANSMISSION_UNITS, Item.DISTRIBUTION_UNITS} <= set(items)


@pytest.mark.parametrize("scheme", PAYERS)
def test_a_market_that_pays_is_paid(scheme: str) -> None:
    pays = {row.payer for row in rows(scheme)} & {Part.MARKET}
    assert pays <= {row.payee for row in rows(scheme)}


@pytest.mark.parametrize("scheme", PAYERS)
def test_distribution_operators_correct_perimeters_where_they_answer_for_the_balance(scheme: str) -> None:
    local = named(scheme).local_balance == "DSO"
    expected = Part.DISTRIBUTION_OPERATOR if local else Part.TRANSMISSION_OPERATOR
    assert corrector(scheme, Item.DISTRIBUTION_PERIMETERS) is expected
    assert corrector(scheme, Item.TRANSMISSION_PERIMETERS) is Part.TRANSMISSION_OPERATOR


def test_an_unknown_scheme_or_item_is_refused() -> None:
    with pytest.raises(Misconfigured, match="centralised or local"):
        rows("none such")
    with pytest.raises(Misconfigured, match="a row for"):
        corrector("centralised", Item.JOINT_COST)
