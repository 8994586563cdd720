"""`gateway validate`: clean documents end with 0, findings with 1, and each format tells the same."""

import json
from pathlib import Path

import pytest

from profiles import write_message
from profiles.markets import names
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes

GOOD = write_message(envelopes()["bids.xml"])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xml"
    path.write_bytes(GOOD)
    return path


@pytest.fixture
def dear(tmp_path: Path) -> Path:
    path = tmp_path / "dear.xml"
    path.write_bytes(GOOD.replace(b"<energy_Price.amount>40<", b"<energy_Price.amount>40000<"))
    return path


def test_clean_documents_end_with_0(capsysbinary: Capture, good: Path) -> None:
    ended = gateway(capsysbinary, "validate", good)
    assert ended.status == 0
    assert f"{good}: offers of reserve (A37), reserve_bid/7.4: accepted" in ended.out
    assert "1 document, 1 clean, 0 findings" in ended.out
    assert "note: " in ended.err


def test_findings_end_with_1_and_are_told_with_rule_code_line_and_place(
    capsysbinary: Capture, good: Path, dear: Path
) -> None:
    ended = gateway(capsysbinary, "validate", good, dear)
    assert ended.status == 1
    (row,) = [line for line in ended.out.splitlines() if "RB-008" in line]
    for part in ("refused", "B51", "/ReserveBid_MarketDocument/Bid_TimeSeries[1]", "-15000 to 15000", "40000"):
        assert part in row
    assert "2 documents, 1 clean, 1 finding" in ended.out


def test_a_warning_is_a_finding_too(capsysbinary: Capture, tmp_path: Path) -> None:
    path = tmp_path / "check.xml"
    path.write_bytes(GOOD.replace(b"10Y1001A1001A46L", b"10Y1001A1001A46M"))
    ended = gateway(capsysbinary, "validate", path)
    assert ended.status == 1
    assert "warning" in ended.out
    assert "expected" in ended.out


def test_json_tells_the_same(capsysbinary: Capture, good: Path, dear: Path) -> None:
    ended = gateway(capsysbinary, "validate", "--format", "json", good, dear)
    assert ended.status == 1
    clean, found = json.loads(ended.out)
    assert (clean["verdict"], clean["findings"]) == ("accepted", [])
    (finding,) = found["findings"]
    assert (finding["rule"], finding["code"], finding["severity"]) == ("RB-008", "B51", "reject")
    assert dear.read_text().splitlines()[finding["line"] - 1].strip().startswith("<energy_Price.amount>40000")


def test_sarif_tells_the_same(capsysbinary: Capture, dear: Path) -> None:
    ended = gateway(capsysbinary, "validate", "--format", "sarif", dear)
    assert ended.status == 1
    (run,) = json.loads(ended.out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["RB-008"]


def test_the_market_makes_a_difference(capsysbinary: Capture, good: Path) -> None:
    assert gateway(capsysbinary, "validate", "--market", "nordic_no", good).status == 1


def test_the_instant_of_receipt_makes_a_difference(capsysbinary: Capture, good: Path) -> None:
    assert gateway(capsysbinary, "validate", "--now", "2027-01-14T07:10:00+01:00", good).status == 0
    late = gateway(capsysbinary, "validate", "--now", "2027-01-14T07:20:00+01:00", good)
    assert late.status == 1
    assert "RB-002" in late.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--market", "nordic"], f"market: expected one of {', '.join(names())}"),
        (["--overlay", "x"], "overlay: expected one of"),
        (["--quirk", "x"], "quirks: expected one of"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--now", "2027-01-14T06:00:00"], "is no instant with its offset"),
        (["--now", "noon"], "is no instant with its offset"),
        (["--strict"], "No such option"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_option_is_told_and_ends_with_2(
    capsysbinary: Capture, good: Path, arguments: list[str], said: str
) -> None:
    ended = gateway(capsysbinary, "validate", *arguments, *([good] if arguments else []))
    assert ended.status == 2
    assert said in " ".join(ended.err.replace("\u2502", " ").split())
    assert ended.out == ""


def test_a_missing_file_is_told_in_one_sentence_and_ends_with_3(capsysbinary: Capture, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "validate", tmp_path / "nowhere.xml")
    assert ended.status == 3
    assert ended.err == f"error: {tmp_path}/nowhere.xml: expected a readable file, found no such file or directory\n"


def test_the_published_examples_of_an_operator_are_clean(capsysbinary: Capture, reference_data: Path) -> None:
    samples = sorted((reference_data / "documents" / "samples" / "nordic_mfrr_eam").glob("*.xml"))
    options = ("--market", "nordic_no", "--overlay", "nbm", "--format", "json")
    ended = gateway(capsysbinary, "validate", *options, *samples)
    found = [Path(document["file"]).name for document in json.loads(ended.out) if document["findings"]]
    # Its inclusiveBidsIdentification stands where the schema that it names does not have it.
    assert found == ["SN_Complex_Inclusive_ReserveBid_MarketDocument.xml"]
    assert gateway(capsysbinary, "validate", *options, "--quirk", "nbm_inclusive_anywhere", *samples).status == 0
