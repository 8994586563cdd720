"""`gateway validate --official`: both verdicts side by side, in every format."""

import json
from pathlib import Path

import pytest

from profiles import registry, write_message
from profiles.xsd import schema
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes

GOOD = write_message(envelopes()["bids.xml"])
BAD = GOOD.replace(b"<flowDirection", b"<colour>red</colour><flowDirection", 1)
SAMPLES = "documents/samples/nordic_mfrr_eam"


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A folder of schemas; those that the gateway writes stand for official ones."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "bid.xsd").write_bytes(schema(registry.named("reserve_bid", "7.4")))
    (folder / "readme.txt").write_text("not a schema", "utf-8")
    return folder


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_bytes(GOOD)
    bad.write_bytes(BAD)
    return good, bad


def test_both_verdicts_are_shown(capsysbinary: Capture, files: tuple[Path, Path], schemas: Path) -> None:
    ended = gateway(capsysbinary, "validate", "--official", "--schemas", schemas, *files)
    assert ended.status == 1
    assert "official schema bid.xsd: valid" in ended.out
    assert "official schema bid.xsd: not valid" in ended.out
    assert "Element 'colour': This element is not expected." in ended.out
    assert "2 documents, 1 clean" in ended.out


def test_without_the_option_nobody_asks(capsysbinary: Capture, files: tuple[Path, Path], schemas: Path) -> None:
    ended = gateway(capsysbinary, "validate", "--schemas", schemas, files[0])
    assert ended.status == 0
    assert "official" not in ended.out
    assert "official" not in gateway(capsysbinary, "validate", "--format", "json", files[0]).out


def test_the_environment_names_the_folder(
    capsysbinary: Capture, files: tuple[Path, Path], schemas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_SCHEMAS", str(schemas))
    assert gateway(capsysbinary, "validate", "--official", files[0]).status == 0


def test_json_and_sarif_tell_both(capsysbinary: Capture, files: tuple[Path, Path], schemas: Path) -> None:
    options = ("validate", "--official", "--schemas", schemas)
    good, bad = json.loads(gateway(capsysbinary, *options, "--format", "json", *files).out)
    assert (good["verdict"], good["official"]["verdict"]) == ("accepted", "valid")
    assert (bad["verdict"], bad["official"]["verdict"]) == ("refused", "not valid")
    (complaint,) = bad["official"]["complaints"]
    assert complaint["line"] == BAD[: BAD.index(b"<colour>")].count(b"\n") + 1
    assert complaint["path"] == "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/colour"
    (run,) = json.loads(gateway(capsysbinary, *options, "--format", "sarif", *files).out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["GEN-004", "XSD"]
    assert [run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] for result in run["results"]] == [
        "GEN-004",
        "XSD",
    ]


def test_the_second_library_says_what_was_expected(
    capsysbinary: Capture, files: tuple[Path, Path], schemas: Path
) -> None:
    ended = gateway(
        capsysbinary, "validate", "--official", "--explain", "--schemas", schemas, "--format", "json", files[1]
    )
    (document,) = json.loads(ended.out)
    (explained,) = document["official"]["explained"]
    assert explained["path"] == "/ReserveBid_MarketDocument/Bid_TimeSeries[1]"
    assert "flowDirection.direction" in explained["expected"]


def test_a_namespace_without_a_schema_is_not_judged(
    capsysbinary: Capture, files: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "others"
    folder.mkdir()
    (folder / "ack.xsd").write_bytes(schema(registry.named("acknowledgement", "8.1")))
    ended = gateway(capsysbinary, "validate", "--official", "--schemas", folder, files[0])
    assert ended.status == 1
    assert "not judged" in ended.out
    assert "none of 1 schema files is for the namespace 'urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4'" in (
        " ".join(ended.out.split())
    )


def test_a_folder_without_schemas_is_told(capsysbinary: Capture, files: tuple[Path, Path], tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "validate", "--official", "--schemas", tmp_path, files[0])
    assert ended.status == 3
    assert "expected 1 to 2000 files whose name ends in .xsd, found 0" in ended.err


def test_a_file_that_is_no_schema_is_told(capsysbinary: Capture, files: tuple[Path, Path], schemas: Path) -> None:
    (schemas / "a.xsd").write_text("no schema", "utf-8")
    ended = gateway(capsysbinary, "validate", "--official", "--schemas", schemas, files[0])
    assert ended.status == 2
    assert "schemas/a.xsd: expected an XML schema" in ended.err


def test_the_folder_has_to_be_named(capsysbinary: Capture, files: tuple[Path, Path]) -> None:
    ended = gateway(capsysbinary, "validate", "--official", files[0])
    assert ended.status == 2
    assert "GATEWAY_SCHEMAS" in ended.err


def test_published_examples_are_valid_under_the_published_schemas(capsysbinary: Capture, reference_data: Path) -> None:
    folder = reference_data / "documents" / "schemas" / "overlay_nbm_v91"
    samples = sorted((reference_data / SAMPLES).glob("*.xml"))
    options = ("--market", "nordic_no", "--quirk", "nbm_inclusive_anywhere", "--format", "json")
    ended = gateway(capsysbinary, "validate", "--official", "--schemas", folder, *options, *samples)
    told = {Path(entry["file"]).name: entry["official"]["verdict"] for entry in json.loads(ended.out)}
    assert told["SN_Complex_Inclusive_ReserveBid_MarketDocument.xml"] == "not valid"
    assert set(told.values()) <= {"valid", "not valid", "not judged"}
    assert sum(verdict == "not judged" for verdict in told.values()) < len(told)
