"""The two areas settled: every figure of the page, through the command line and the documents that it writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from adapters import cli
from gateway.accounts import AdjustmentKind, PerimeterCorrection, Settlement
from profiles import parse, to_canonical
from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.examples.conftest import EXAMPLES

FOLDER = EXAMPLES / "two_areas_settled"
OPERATOR, PROVIDER, SUPPLIER = "A01:10X1001A1001A418", "A10:9520000000011", "A10:9520000000028"
D = Decimal


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the result of the clearing."""
    out = tmp_path_factory.mktemp("cleared") / "out"
    assert cli.run(["clear", str(EXAMPLES / "two_areas"), "--out", str(out)]) == 0
    return out / "result.json"


def settled(capture: Capture, folder: Path, result: Path, out: Path, *more: str | Path) -> Ended:
    return gateway(capture, "settle", folder, "--result", result, "--out", out, "--format", "json", *more)


def with_late_values(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder)
    shutil.copy(FOLDER / "late" / "metering_late.xml", folder)
    return folder


def balances(ended: Ended) -> dict[str, str]:
    return {row["account"]: row["EUR"] for row in json.loads(ended.out)}


def delivered(out: Path) -> list[str]:
    record = json.loads((out / "settlement.json").read_text(encoding="utf-8"))
    return [done["delivered_mwh"] for done in sorted(record["delivered"], key=lambda done: done["resource"])]


def statements(out: Path) -> dict[str, Decimal]:
    """Return the sum of the financial report of each party."""
    sums = {}
    for file in (out / "statements").iterdir():
        letter, _ = to_canonical(parse(file.read_bytes()))
        assert isinstance(letter.message, Settlement)
        sums[str(letter.receiver.id)] = letter.message.totals["EUR"]
    return sums


def told(out: Path, kind: AdjustmentKind) -> dict[str, list[Decimal]]:
    """Return the energies that each party is told, sorted."""
    found: dict[str, list[Decimal]] = {}
    for file in (out / "perimeters").iterdir():
        letter, _ = to_canonical(parse(file.read_bytes()))
        assert isinstance(letter.message, PerimeterCorrection)
        own = (moved.energy_mwh for moved in letter.message.adjustments if moved.kind is kind)
        found[str(letter.receiver.id)] = sorted(own)
    return found


def numbers(figures: Iterable[str]) -> list[Decimal]:
    return [D(figure) for figure in figures]


def test_the_first_settlement(capsysbinary: Capture, result: Path, tmp_path: Path) -> None:
    ended = settled(capsysbinary, FOLDER, result, tmp_path / "out")
    assert ended.status == 1
    assert balances(ended) == {OPERATOR: "-2310.00", PROVIDER: "1815.00", SUPPLIER: "495.00", "sum": "0.00"}
    assert numbers(delivered(tmp_path / "out")) == numbers(("12.5", "5.75", "7.75", "6.25"))
    assert statements(tmp_path / "out") == {OPERATOR: D(-2310), PROVIDER: D(1815), SUPPLIER: D(495)}
    assert told(tmp_path / "out", AdjustmentKind.ACTIVATION) == {
        PROVIDER: numbers(("7.5", "13")), SUPPLIER: numbers(("5.75", "6.25")),
    }  # fmt: skip
    assert told(tmp_path / "out", AdjustmentKind.IMBALANCE) == {
        PROVIDER: numbers(("-0.5", "0.25")), SUPPLIER: numbers(("-0.5", "0")),
    }  # fmt: skip
    assert "Run 1 of scheme centralised, not final" in ended.err
    assert "4 delivered orders, 1 of them estimated" in ended.err


def test_the_value_that_came_late(capsysbinary: Capture, result: Path, tmp_path: Path) -> None:
    settled(capsysbinary, FOLDER, result, tmp_path / "first")
    late = with_late_values(tmp_path / "late")
    ended = settled(capsysbinary, late, result, tmp_path / "second", "--correct", tmp_path / "first")
    assert ended.status == 0
    assert balances(ended) == {OPERATOR: "0.00", PROVIDER: "-22.50", SUPPLIER: "22.50", "sum": "0.00"}
    assert "Run 2 of scheme centralised, final" in ended.err
    assert told(tmp_path / "second", AdjustmentKind.IMBALANCE) == {
        PROVIDER: numbers(("-0.5", "-0.25")), SUPPLIER: numbers(("0", "0")),
    }  # fmt: skip
    again = settled(capsysbinary, late, result, tmp_path / "third", "--correct", tmp_path / "second")
    assert (again.status, balances(again)) == (0, {"sum": "0.00"})
    assert not (tmp_path / "third" / "statements").exists()


def test_the_page_tells_the_figures() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for figure in ("1,815.00", "495.00", "2,310.00", "\N{MINUS SIGN}22.50", "+22.50"):
        assert f"**{figure}**" in page


def test_every_document_that_is_written_keeps_the_rules(capsysbinary: Capture, result: Path, tmp_path: Path) -> None:
    settled(capsysbinary, FOLDER, result, tmp_path / "out")
    files = sorted((tmp_path / "out").glob("*/*.xml"))
    assert len(files) == 8
    ended = gateway(capsysbinary, "validate", *files)
    assert ended.status == 0
    assert "8 documents, 8 clean, 0 findings" in ended.out
