"""A settlement from a folder in this process: what is read, who is told in which role, and how files are called."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.folder import File, Folder, read_folder
from adapters.market_file import MarketSettings, read_market
from adapters.offline.outputs import outputs
from adapters.offline.run import run
from adapters.offline.settlement_outputs import balances, settlement_outputs, statement
from adapters.offline.settling import Earlier, Settled, corrected, earlier, market_of, settle_folder
from adapters.offline.verification import published
from adapters.settlement_file import SettlementSettings, read_settlement
from gateway.errors import Malformed, Misconfigured
from gateway.model import Role
from gateway.schemes import named
from gateway.settlement.ledger import Ledger
from tests.conftest import ROOT

QUARTER = "2027-01-14T07:00Z/2027-01-14T07:15Z"
AREAS, SETTLED = ROOT / "examples" / "two_areas", ROOT / "examples" / "two_areas_settled"


@pytest.fixture(scope="module")
def result() -> bytes:
    """Return the published result of the two areas."""
    settings = read_market((AREAS / "market.toml").read_text(encoding="utf-8"))
    outcome = run(read_folder(AREAS, "market.toml"), settings, named("centralised"), None)
    return outputs(outcome, "test").files["result.json"]


@pytest.fixture(scope="module")
def terms() -> SettlementSettings:
    """Return the settlement file of the example."""
    return read_settlement((SETTLED / "settlement.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def whole(result: bytes, terms: SettlementSettings) -> Settled:
    """Return the settlement with the late value."""
    return settle_folder(folder("plans.xml", "metering.xml", "late/metering_late.xml"), result, terms)


def folder(*names: str) -> Folder:
    """Return documents of the example as a folder."""
    return Folder(tuple(File(Path(name).name, (SETTLED / name).read_bytes()) for name in names), ())


def test_the_market_is_that_of_the_result(result: bytes, whole: Settled) -> None:
    assert market_of(published(result)) == whole.settings.market
    assert whole.run.case.definition.scheme == "centralised"


def test_answers_are_dated_by_the_youngest_document_or_by_what_was_cleared(
    result: bytes, terms: SettlementSettings, whole: Settled
) -> None:
    assert whole.now == datetime(2027, 1, 16, 7, 15, tzinfo=UTC)
    assert settle_folder(folder(), result, terms).now == datetime(2027, 1, 14, 7, 15, tzinfo=UTC)
    given = datetime(2027, 3, 1, tzinfo=UTC)
    assert settle_folder(folder(), result, terms, None, given).now == given


def test_without_documents_everything_is_put(result: bytes, terms: SettlementSettings) -> None:
    settled = settle_folder(folder(), result, terms)
    assert all(done.estimated for done in settled.run.delivered)
    assert not settled.clean
    assert len(settled.run.report.findings) == 4


def test_each_operator_is_told_in_its_role(whole: Settled) -> None:
    roles = {letter.receiver.id.value: letter.receiver.role for letter in whole.desk.letters(whole.run)}
    assert roles["10X1001A1001A418"] is Role.TRANSMISSION_SYSTEM_OPERATOR
    assert whole.desk.operator.role is Role.MARKET_OPERATOR
    assert sorted(whole.desk.roles.values()) == [Role.DISTRIBUTION_SYSTEM_OPERATOR, Role.TRANSMISSION_SYSTEM_OPERATOR]
    money = {
        letter.receiver.id.value: letter.receiver.role
        for letter in whole.desk.letters(whole.run)
        if letter.document_type == "B44"
    }
    assert money["9520000000011"] is Role.BALANCING_SERVICE_PROVIDER
    assert money["9520000000028"] is Role.BALANCE_RESPONSIBLE_PARTY


def test_files_are_called_by_sender_receiver_and_revision(whole: Settled) -> None:
    names = set(settlement_outputs(whole, "test").files)
    assert {
        "acknowledgements/metering_late.xml",
        "energy/10X1001A1001A418_to_10X1001A1001A418.xml",
        "perimeters/10X1001A1001A418_to_9520000000028.xml",
        "statements/10X1001A1001A418_to_9520000000011.xml",
        "statement.txt",
        "settlement.json",
    } <= names
    again = corrected(whole, Earlier(number=1, result=whole.result, settled=Ledger()))
    assert "perimeters/10X1001A1001A418_to_9520000000028_r2.xml" in settlement_outputs(again, "test").files


def test_a_record_is_where_a_correction_starts(whole: Settled) -> None:
    record = settlement_outputs(whole, "test").files["settlement.json"]
    before = earlier(record)
    assert before == Earlier(number=1, result=whole.result, settled=whole.run.settled)
    after = corrected(whole, before)
    assert (after.run.number, after.run.ledger) == (2, Ledger())
    with pytest.raises(Misconfigured, match="a settlement of this result"):
        corrected(whole, replace(before, result="another"))


@pytest.mark.parametrize("field", ["number", "result", "settled"])
def test_a_record_without_one_of_its_fields_is_refused(whole: Settled, field: str) -> None:
    record = json.loads(settlement_outputs(whole, "test").files["settlement.json"])
    del record[field]
    with pytest.raises(Malformed, match=f"the field {field} of a settlement's record"):
        earlier(json.dumps(record).encode())


def test_the_balances_tell_what_comes_and_what_goes(whole: Settled) -> None:
    rows = {row["account"]: row for row in balances(whole.run)}
    assert rows["A10:9520000000011"] == {
        "account": "A10:9520000000011", "receives": "2362.50", "pays": "570.00", "EUR": "1792.50",
    }  # fmt: skip
    assert rows["sum"] == {"account": "sum", "EUR": "0.00"}


def test_the_statement_has_its_four_tables_and_its_notes(result: bytes, terms: SettlementSettings) -> None:
    lines = list(statement(settle_folder(folder("plans.xml", "metering.xml"), result, terms)))
    heads = [line for line in lines if line.startswith(("Energy in", "Perimeters in", "Payments in", "Balances in"))]
    assert heads == [
        "Energy in MWh, in the direction of the order",
        "Perimeters in MWh, net injection positive",
        "Payments in EUR",
        "Balances in EUR",
    ]
    assert [line for line in lines if line.startswith("Note: ")] == [
        f"Note: NSE:EXAMPLE-SE4-5 {QUARTER}: estimated, as requested",
        f"Note: ME-005 A10:952000000400000053 {QUARTER}: expected measured values that fill the period, found none",
    ]
    assert any(line.endswith("put, not measured") for line in lines)


def test_a_document_to_somebody_else_is_judged_by_the_market_that_is_given(
    result: bytes, terms: SettlementSettings, whole: Settled
) -> None:
    strict = MarketSettings(market=whole.settings.market, profile="nordic_no")
    settled = settle_folder(folder("metering.xml"), result, terms, strict)
    assert settled.settings.profile == "nordic_no"
    assert [document.file for document in settled.received] == ["metering.xml"]
