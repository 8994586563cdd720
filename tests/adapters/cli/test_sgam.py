"""`gateway sgam` as a person uses it."""

import json
from pathlib import Path

import pytest

from gateway.canonical_json import read
from gateway.sgam.model import Architecture
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.sgam.installation import BOOK, MARKET, SELLER, model


@pytest.fixture
def market(tmp_path: Path) -> Path:
    (tmp_path / "peers.toml").write_text(BOOK)
    path = tmp_path / "market.toml"
    path.write_text(MARKET)
    return path


def book(market: Path) -> Path:
    return market.with_name("peers.toml")


def test_the_model_goes_to_standard_output_and_its_gaps_beside(capsysbinary: Capture, market: Path) -> None:
    ended = gateway(capsysbinary, "sgam", "export", market, "--book", book(market))
    assert read(Architecture, ended.out) == model()
    assert ended.err.splitlines() == [
        "step mapped: step:centralised:08: expected a document that carries Setpoint in, found none",
        "step mapped: step:centralised:08: expected a component that plays DER, found none",
        "12 of 13 steps mapped, completeness 0.923",
    ]
    assert ended.status == 1


def test_scheme_and_port_are_those_asked_for(capsysbinary: Capture, market: Path) -> None:
    ended = gateway(
        capsysbinary, "sgam", "export", market, "--book", book(market), "--scheme", "shared", "--port", "443"
    )
    found = read(Architecture, ended.out)
    assert (found.scheme, len(found.functions)) == ("shared", 22)
    assert {link.port for link in found.links if link.protocol == "HTTPS"} == {443}


def test_without_a_book_nothing_is_mapped(capsysbinary: Capture, market: Path) -> None:
    ended = gateway(capsysbinary, "sgam", "export", market)
    assert (ended.status, ended.err.splitlines()[-1]) == (1, "0 of 13 steps mapped, completeness 0.000")


def test_several_forms_are_written_into_one_folder(capsysbinary: Capture, market: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    forms = [word for form in ("json", "jsonld", "svg", "drawio", "csv") for word in ("--format", form)]
    ended = gateway(capsysbinary, "sgam", "export", market, "--book", book(market), *forms, "--out", out)
    assert ended.out == ""
    assert len([path for path in out.iterdir() if not path.name.startswith(".")]) == 14
    assert json.loads((out / "sgam.jsonld").read_text())["@graph"]


def test_the_same_export_twice_gives_the_same_bytes(capsysbinary: Capture, market: Path, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        gateway(capsysbinary, "sgam", "export", market, "--format", "svg", "--format", "csv", "--out", tmp_path / name)
        written.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 12


def test_what_an_earlier_run_wrote_stays_unless_asked(capsysbinary: Capture, market: Path, tmp_path: Path) -> None:
    words = ("sgam", "export", market, "--out", tmp_path / "out")
    assert gateway(capsysbinary, *words).status == 1
    refused = gateway(capsysbinary, *words)
    assert (refused.status, "--force" in refused.err) == (3, True)
    assert gateway(capsysbinary, *words, "--force").status == 1


def test_a_form_of_several_files_needs_a_folder(capsysbinary: Capture, market: Path) -> None:
    ended = gateway(capsysbinary, "sgam", "export", market, "--format", "svg")
    assert ended.status == 2
    assert "the folder for 5 files is missing" in ended.err


@pytest.mark.parametrize("words", [("diff", "one"), ("export", "one", "two")])
def test_the_wrong_number_of_files_is_told(capsysbinary: Capture, words: tuple[str, ...]) -> None:
    ended = gateway(capsysbinary, "sgam", *words)
    assert ended.status == 2
    assert f"{words[0]} takes" in ended.err


def test_a_market_file_that_is_no_text_is_told(capsysbinary: Capture, tmp_path: Path) -> None:
    (tmp_path / "market.toml").write_bytes(b"\xff")
    ended = gateway(capsysbinary, "sgam", "export", tmp_path / "market.toml")
    assert (ended.status, "a TOML text in UTF-8" in ended.err) == (3, True)


# ---- what changed


def exported(capture: Capture, market: Path, name: str) -> Path:
    path = market.with_name(name)
    path.write_text(gateway(capture, "sgam", "export", market, "--book", book(market)).out)
    return path


def test_two_exports_of_one_configuration_do_not_differ(capsysbinary: Capture, market: Path) -> None:
    files = [exported(capsysbinary, market, name) for name in ("a.json", "b.json")]
    ended = gateway(capsysbinary, "sgam", "diff", *files)
    assert (ended.status, ended.out, ended.err) == (0, "", "0 differences\n")


def test_what_changed_between_two_exports_is_told(capsysbinary: Capture, market: Path) -> None:
    before = exported(capsysbinary, market, "before.json")
    book(market).write_text(BOOK.replace(SELLER, SELLER.replace('["https"]', '["https", "file"]')))
    after = exported(capsysbinary, market, "after.json")
    ended = gateway(capsysbinary, "sgam", "diff", before, after)
    assert ended.status == 1
    assert ended.out.splitlines()[1].split() == ["communication", "link:agg-c:file", "added"]
    assert ended.err == "7 differences\n"


def test_a_file_that_is_no_export_is_told(capsysbinary: Capture, market: Path) -> None:
    good = exported(capsysbinary, market, "good.json")
    ended = gateway(capsysbinary, "sgam", "diff", good, market)
    assert ended.status == 1
    assert "a JSON text in UTF-8" in ended.err


def test_differences_are_told_to_programs(capsysbinary: Capture, market: Path) -> None:
    before = exported(capsysbinary, market, "before.json")
    market.write_text(MARKET.replace("PT15M", "PT60M"))
    after = exported(capsysbinary, market, "after.json")
    told = json.loads(gateway(capsysbinary, "sgam", "diff", before, after, "--format", "json").out)
    assert {(each["where"], each["field"], each["first"], each["second"]) for each in told} == {
        ("communication", "cadence", "PT15M", "PT60M")
    }
    assert len(told) == 3
    assert json.loads(gateway(capsysbinary, "sgam", "diff", after, after, "--format", "json").out) == []


def test_differences_are_not_drawn(capsysbinary: Capture, market: Path) -> None:
    file = exported(capsysbinary, market, "a.json")
    ended = gateway(capsysbinary, "sgam", "diff", file, file, "--format", "svg")
    assert (ended.status, "diff is told as a table or as json" in ended.err) == (2, True)
