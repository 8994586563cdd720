"""`gateway settle`: what is written and told, and what is refused; the figures are those of the example's own test."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from adapters import cli
from gateway.canonical_json import read
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from gateway.settlement.ledger import Ledger, Posting
from gateway.time import Interval
from profiles import parse, to_canonical, write_message
from tests.adapters.cli.commands import Capture, Ended, gateway, process
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the result of the cleared example."""
    out = tmp_path_factory.mktemp("cleared") / "out"
    assert cli.run(["clear", str(EXAMPLES / "two_areas"), "--out", str(out)]) == 0
    return (out / "result.json").read_bytes()


@pytest.fixture
def folder(tmp_path: Path, result: bytes) -> Path:
    """Return a folder with the result, all documents, and the settlement file."""
    source, made = EXAMPLES / "two_areas_settled", tmp_path / "in"
    made.mkdir()
    for file in (source / "plans.xml", source / "metering.xml", source / "late" / "metering_late.xml"):
        shutil.copy(file, made)
    shutil.copy(source / "settlement.toml", made)
    (made / "result.json").write_bytes(result)
    return made


def settle(capture: Capture, folder: Path, *more: str | Path, out: str = "out") -> Ended:
    return gateway(capture, "settle", folder, "--out", folder.parent / out, *more)


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "settlement.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_person_reads_the_balances_and_where_to_begin(capsysbinary: Capture, folder: Path) -> None:
    ended = settle(capsysbinary, folder)
    assert ended.status == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["account", "receives", "pays", "EUR"],
        ["A01:10X1001A1001A418", "52.50", "2362.50", "-2310.00"],
        ["A10:9520000000011", "2362.50", "570.00", "1792.50"],
        ["A10:9520000000028", "517.50", "0.00", "517.50"],
        ["sum", "0.00"],
    ]
    out = folder.parent / "out"
    assert ended.err.splitlines() == [
        "Run 1 of scheme centralised, final",
        "4 delivered orders, 0 of them estimated",
        f"11 files are in {out}; begin with {out / 'statement.txt'}",
    ]


def test_the_statement_tells_what_each_payment_rests_on(capsysbinary: Capture, folder: Path) -> None:
    settle(capsysbinary, folder)
    text = (folder.parent / "out" / "statement.txt").read_text(encoding="utf-8")
    assert text.startswith("Settlement run 1, scheme centralised, final\n")
    assert "measured -37 MW, meter before -60 MW" in text
    assert "measured 31 MW, zero 0 MW" in text
    lines = [line.split() for line in text.splitlines()]
    assert any(line[:3] == ["A01:10X1001A1001A418", "A10:9520000000011", "-22.50"] for line in lines)
    assert lines[-1] == ["sum", "0.00"]


def test_the_record_holds_what_a_program_needs(capsysbinary: Capture, folder: Path) -> None:
    settle(capsysbinary, folder)
    record = json.loads((folder.parent / "out" / "settlement.json").read_text(encoding="utf-8"))
    postings = read(tuple[Posting, ...], json.dumps(record["ledger"]))
    assert {name: str(amount) for name, amount in Ledger(postings).balances().items()} == record["balances"]
    assert record["ledger"] == record["settled"]
    assert [entry["file"] for entry in record["documents"]] == ["plans.xml", "metering.xml", "metering_late.xml"]
    assert {done["baseline"]["method"] for done in record["delivered"]} == {
        "nominated schedule", "meter before", "zero",
    }  # fmt: skip
    assert (record["number"], record["final"], record["scheme"], record["unused"]) == (1, True, "centralised", [])


def test_the_same_folder_gives_the_same_files(capsysbinary: Capture, folder: Path) -> None:
    for out in ("one", "two"):
        settle(capsysbinary, folder, out=out)
    first, second = (
        {path.relative_to(base): path.read_bytes() for path in base.rglob("*") if path.is_file()}
        for base in (folder.parent / "one", folder.parent / "two")
    )
    assert first == second


def test_the_command_works_as_installed(folder: Path) -> None:
    ended = process("settle", folder, "--out", folder.parent / "out", "--format", "json")
    assert ended.status == 0
    assert json.loads(ended.out)[-1] == {"account": "sum", "EUR": "0.00"}


def test_another_scheme_pays_by_another_table(capsysbinary: Capture, folder: Path) -> None:
    change(folder, "[terms]", 'scheme = "local"\n[terms]')
    ended = settle(capsysbinary, folder)
    lines = [line.split() for line in ended.out.splitlines()]
    # the distribution operator pays units SE3-2 and SE4-5
    assert ["A10:9520000000042", "0.00", "937.50", "-937.50"] in lines
    assert "Run 1 of scheme local, final" in ended.err


def test_the_market_file_says_how_documents_are_read(capsysbinary: Capture, folder: Path) -> None:
    shutil.copy(EXAMPLES / "two_areas" / "market.toml", folder)
    assert settle(capsysbinary, folder).status == 0
    (folder / "market.toml").write_text("[market]\n")
    ended = settle(capsysbinary, folder, out="other")
    assert ended.status == 2
    assert "operator: expected this key, found nothing" in ended.err


def test_what_says_nothing_of_a_settlement_is_told(capsysbinary: Capture, folder: Path) -> None:
    shutil.copy(EXAMPLES / "two_areas" / "need.xml", folder)
    ended = settle(capsysbinary, folder)
    assert ended.status == 0
    assert "not used: need.xml" in ended.err


def test_a_bad_document_is_answered_and_stops_no_other(capsysbinary: Capture, folder: Path) -> None:
    (folder / "broken.xml").write_text("broken")
    ended = settle(capsysbinary, folder)
    assert ended.status == 1
    assert "broken.xml refused: GEN-001 /: expected a well-formed XML document" in ended.err
    assert (folder.parent / "out" / "acknowledgements" / "broken.xml").is_file()
    assert ["sum", "0.00"] in [line.split() for line in ended.out.splitlines()]


def test_a_later_document_counts_and_not_the_order_of_names(capsysbinary: Capture, folder: Path) -> None:
    (folder / "metering_late.xml").rename(folder / "a.xml")
    assert settle(capsysbinary, folder).status == 0


def test_the_instant_dates_the_documents(capsysbinary: Capture, folder: Path) -> None:
    settle(capsysbinary, folder, "--now", "2027-02-01T12:00:00Z")
    (energy,) = (folder.parent / "out" / "energy").iterdir()
    letter, _ = to_canonical(parse(energy.read_bytes()))
    assert f"{letter.created:%Y-%m-%dT%H:%M}" == "2027-02-01T12:00"


def test_perimeters_are_read_from_documents_where_the_file_states_none(capsysbinary: Capture, folder: Path) -> None:
    """The supplier in SE3: -9.25 MWh measured, 60 MW bought: balanced after the correction, as the file says it."""
    settle(capsysbinary, folder, out="stated")
    whole = (folder / "settlement.toml").read_text(encoding="utf-8")
    kept = [block for block in whole.split("\n\n") if "allocated_mwh = -9.25" not in block]
    assert len(kept) == len(whole.split("\n\n")) - 1
    (folder / "settlement.toml").write_text("\n\n".join(kept), encoding="utf-8")
    ended = settle(capsysbinary, folder, out="without")
    for name, letter in perimeter_documents().items():
        (folder / name).write_bytes(write_message(letter))
    settle(capsysbinary, folder, out="told")
    stated, without, told = (
        sorted(json.loads((folder.parent / out / "settlement.json").read_text())["imbalances"], key=str)
        for out in ("stated", "without", "told")
    )
    assert told == stated
    assert len(without) == len(stated) - 1
    assert "imbalance of A10:9520000000028: not settled here" in ended.err


def perimeter_documents() -> dict[str, Envelope[Message]]:
    """Return what the meters of the supplier's perimeter in SE3 showed, and its purchase."""
    supplier, area = PartyId("9520000000028", "A10"), AreaId("10Y1001A1001A46L", "A01")
    operator = Party(PartyId("10X1001A1001A418", "A01"), Role.MARKET_OPERATOR)
    start = datetime(2027, 1, 14, 7, tzinfo=UTC)
    on = Interval(start, start + timedelta(minutes=15))
    reading = Reading(interval=on, value=Decimal("-9.25"), quality=Quality.AS_PROVIDED)
    energy = MeasuredSeries(id="energy", unit=Unit.MEGAWATT_HOUR, readings=(reading,), party=supplier, area=area)
    bought = ExchangeSchedule(
        id="trade", kind=ExchangeKind.INTERNAL_TRADE, from_area=area, to_area=area, to_party=supplier,
        from_party=PartyId("9520000000059", "A10"), blocks=(PowerBlock(interval=on, power_mw=Decimal(60)),),
    )  # fmt: skip
    aggregator, responsible = Role.METERED_DATA_AGGREGATOR, Role.BALANCE_RESPONSIBLE_PARTY
    return {
        "perimeter.xml": Envelope(
            id="perimeter", sender=Party(PartyId("9520000000035", "A10"), aggregator), receiver=operator,
            created=start + timedelta(days=1), message=Readings(series=(energy,)), document_type="A11", period=on,
        ),
        "trades.xml": Envelope(
            id="trades", sender=Party(supplier, responsible), receiver=operator,
            created=start - timedelta(days=1), message=ExchangeSchedules(exchanges=(bought,)), period=on,
        ),
    }  # fmt: skip


# ---- corrections


def test_a_correction_needs_an_earlier_settlement_of_the_same_result(capsysbinary: Capture, folder: Path) -> None:
    settle(capsysbinary, folder, out="first")
    changed = (folder / "result.json").read_text(encoding="utf-8").replace('"90.00"', '"91.00"')
    (folder / "result.json").write_text(changed, encoding="utf-8")
    ended = settle(capsysbinary, folder, "--correct", folder.parent / "first")
    assert ended.status == 2
    assert "--correct: expected a settlement of this result" in ended.err


def test_a_corrected_value_is_settled_by_the_difference(capsysbinary: Capture, folder: Path) -> None:
    settle(capsysbinary, folder, out="first")
    letter, _ = to_canonical(parse((folder / "metering_late.xml").read_bytes()))
    assert isinstance(letter.message, Readings)
    text = write_message(letter).decode().replace(letter.id, f"{letter.id[:-4]}beef")
    text = text.replace("<quantity>17</quantity>", "<quantity>15</quantity>").replace("2027-01-16", "2027-01-17")
    (folder / "metering_corrected.xml").write_text(text, encoding="utf-8")
    ended = settle(capsysbinary, folder, "--correct", folder.parent / "first")
    assert ended.status == 0
    # 0.5 MWh more: the provider is 45 better, and owes the supplier 22.50 more, who has 45 less
    assert [line.split()[-1] for line in ended.out.splitlines()] == ["EUR", "0.00", "22.50", "-22.50", "0.00"]


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        (None, "settlement.json: expected a readable file"),
        ("not JSON", "$: expected a JSON text in UTF-8"),
        ("[]", "$: expected an object, the record of a settlement"),
        ("{}", "$: expected the field number of a settlement's record"),
        ('{"number": "1", "result": "", "settled": []}', "$.number: expected a whole number"),
    ],
)
def test_a_broken_earlier_settlement_is_refused(
    capsysbinary: Capture, folder: Path, record: str | None, complaint: str
) -> None:
    earlier = folder.parent / "first"
    earlier.mkdir()
    if record is not None:
        (earlier / "settlement.json").write_text(record)
    ended = settle(capsysbinary, folder, "--correct", earlier)
    assert ended.status in {1, 2, 3}
    assert complaint in ended.err
    assert not (folder.parent / "out").exists()


# ---- what is refused


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[terms]", "[term]", "settlement.toml: term: expected 'terms', found an unknown key"),
        ("[terms]", 'scheme = "none such"\n[terms]', "scheme: expected centralised or local"),
        (
            'resource = "NSE:EXAMPLE-SE3-1"',
            'resource = "NSE:OTHER"',
            "units: expected one unit of A10:9520000000011",
        ),
        ("[terms]", 'scheme = "common_centralised"\n[terms]', "cost_key: expected the weights"),
    ],
    ids=["key", "scheme", "unit", "cost key"],
)
def test_terms_that_do_not_fit_are_refused(
    capsysbinary: Capture, folder: Path, old: str, new: str, complaint: str
) -> None:
    change(folder, old, new)
    ended = settle(capsysbinary, folder)
    assert ended.status == 2
    assert complaint in ended.err
    assert not (folder.parent / "out").exists()


@pytest.mark.parametrize("missing", ["settlement.toml", "result.json"])
def test_a_missing_file_is_named(capsysbinary: Capture, folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    ended = settle(capsysbinary, folder)
    assert ended.status == 3
    assert missing in ended.err


def test_a_broken_result_and_a_file_that_is_no_text_are_refused(capsysbinary: Capture, folder: Path) -> None:
    (folder / "result.json").write_text("{}")
    assert "the field documents of a clearing's record" in settle(capsysbinary, folder).err
    (folder / "settlement.toml").write_bytes(b"\xff")
    ended = settle(capsysbinary, folder)
    assert ended.status == 3
    assert "expected a TOML text in UTF-8" in ended.err


def test_results_are_overwritten_only_where_that_is_asked_for(capsysbinary: Capture, folder: Path) -> None:
    assert settle(capsysbinary, folder).status == 0
    assert "--force" in settle(capsysbinary, folder).err
    assert settle(capsysbinary, folder, "--force").status == 0
