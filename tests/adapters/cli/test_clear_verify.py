"""`gateway clear --verify`: a published result holds against its documents, or is told why not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.adapters.example import MARKET_FILE, bids, blocking, envelopes, write_folder

Record = dict[str, Any]


@pytest.fixture
def result(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> Path:
    """The published result of the market of the example."""
    assert gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out").status == 0
    return tmp_path / "out" / "result.json"


def changed(result: Path, change: Callable[[Record], object]) -> Path:
    """Write the result with one change beside it."""
    record = json.loads(result.read_text())
    change(record)
    other = result.parent / "changed.json"
    other.write_text(json.dumps(record))
    return other


def verified(capture: Capture, folder: Path, result: Path, *more: str | Path) -> Ended:
    return gateway(capture, "clear", folder, "--verify", result, *more)


def award(record: Record, at: int) -> Record:
    found: Record = record["result"]["awards"][at]
    return found


def test_a_result_holds_against_its_documents(capsysbinary: Capture, market_folder: Path, result: Path) -> None:
    ended = verified(capsysbinary, market_folder, result)

    assert (ended.status, ended.out, ended.err) == (0, f"{result} holds: 5 bids checked\n", "")


def test_nothing_is_written(capsysbinary: Capture, market_folder: Path, result: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in result.parent.parent.rglob("*")}
    verified(capsysbinary, market_folder, result)

    assert {path: path.stat().st_mtime_ns for path in result.parent.parent.rglob("*")} == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: award(r, 0).update(quantity_mw="49"), "balance: 2027-01-14T07:00Z/2027-01-14T07:15Z balance of"),
        (lambda r: award(r, 0).update(price="90.01"), "prices: 2027-01-14T07:00Z/2027-01-14T07:15Z price told"),
        (lambda r: r["result"]["prices"][0].update(price="60.01"), "prices: "),
        (lambda r: r["result"]["flows"][0].update(quantity_mw="46"), "capacities: "),
        (lambda r: r["result"].update(welfare="1942001"), "welfare: stated welfare by 1."),
        (lambda r: r["result"]["awards"].pop(), "complete: "),
        (lambda r: r["result"]["needs"].pop(), "complete: "),
        (lambda r: r["result"].update(revision=2), "The result is of round 2; the documents lead to 1."),
    ],
    ids=["a megawatt", "a cent told", "a cent", "a flow", "welfare", "a bid", "a need", "a round"],
)
def test_a_result_that_was_changed_does_not_hold(
    capsysbinary: Capture, market_folder: Path, result: Path, change: Callable[[Record], object], said: str
) -> None:
    other = changed(result, change)
    ended = verified(capsysbinary, market_folder, other)

    assert ended.status == 1
    assert any(line.startswith(said) for line in ended.out.splitlines()), ended.out
    assert ended.out.endswith(f"{other} does not hold\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: (f / "need.xml").unlink(), "need.xml: the result names this document, and it is not here."),
        (lambda f: (f / "new.xml").write_text("new"), "new.xml: the result does not know this document."),
        (lambda f: (f / "need.xml").write_bytes((f / "bids.xml").read_bytes()), "need.xml: another content"),
        (
            lambda f: (f / "market.toml").write_text(MARKET_FILE.replace("closed = true", "price_cap = 100")),
            "market.price_cap: the market file says 100, the result 15000.",
        ),
    ],
    ids=["missing", "unknown", "another content", "another market"],
)
def test_other_documents_than_those_of_the_result_are_told(
    capsysbinary: Capture, market_folder: Path, result: Path, change: Callable[[Path], object], said: str
) -> None:
    change(market_folder)
    ended = verified(capsysbinary, market_folder, result)

    assert ended.status == 1
    assert any(line.startswith(said) for line in ended.out.splitlines()), ended.out


def test_another_instant_of_receipt_is_told(capsysbinary: Capture, market_folder: Path, result: Path) -> None:
    ended = verified(capsysbinary, market_folder, result, "--now", "2027-01-14T06:50:00Z")

    assert ended.status == 1
    assert "bids.xml: refused here, accepted in the result; was it received at another instant?" in ended.out


def test_the_second_round_is_held_against_the_blocks(capsysbinary: Capture, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in", {**envelopes(border_mw=0), "block.xml": blocking(bids()[4])})
    gateway(capsysbinary, "clear", folder, "--out", tmp_path / "out")
    result = tmp_path / "out" / "result.json"

    assert json.loads(result.read_text())["result"]["revision"] == 2
    assert verified(capsysbinary, folder, result).status == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "$: expected a JSON text in UTF-8"),
        ("[]", "$: expected an object, the record of a clearing, found list"),
        ("{}", "$: expected the field documents of a clearing's record, found nothing"),
    ],
)
def test_what_is_no_result_ends_with_1(
    capsysbinary: Capture, market_folder: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "other.json").write_text(text)
    ended = verified(capsysbinary, market_folder, tmp_path / "other.json")

    assert ended.status == 1
    assert said in ended.err


def test_a_place_that_does_not_fit_is_named(capsysbinary: Capture, market_folder: Path, result: Path) -> None:
    ended = verified(capsysbinary, market_folder, changed(result, lambda r: award(r, 1).update(quantity_mw=5)))

    assert ended.status == 1
    assert "$.result.awards[1].quantity_mw: expected a decimal as a string, found 5" in ended.err


def test_a_result_that_is_not_there_ends_with_3(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    assert verified(capsysbinary, market_folder, tmp_path / "nowhere.json").status == 3


def test_without_a_folder_to_write_nothing_is_cleared(capsysbinary: Capture, market_folder: Path) -> None:
    ended = gateway(capsysbinary, "clear", market_folder)

    assert ended.status == 2
    assert "--out: the folder to write is missing" in ended.err


# ---- engines


def test_both_engines_write_one_result(
    capsysbinary: Capture, market_folder: Path, tmp_path: Path, result: Path
) -> None:
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "other", "--engine", "reference")
    ours, theirs = (json.loads(path.read_text())["result"] for path in (result, tmp_path / "other" / "result.json"))

    assert ended.status == 0
    assert ours.pop("engine").startswith("array engine")
    assert theirs.pop("engine").startswith("reference formulation")
    assert ours == theirs


def test_an_unknown_engine_ends_with_2(capsysbinary: Capture, market_folder: Path, tmp_path: Path) -> None:
    ended = gateway(capsysbinary, "clear", market_folder, "--out", tmp_path / "out", "--engine", "steam")

    assert ended.status == 2
    assert "'steam' is not one of 'fast'" in " ".join(ended.err.split())


def test_the_result_says_how_each_interval_was_cleared(result: Path) -> None:
    (method,) = json.loads(result.read_text())["result"]["methods"]

    assert (method["rung"], method["gap"], method["nodes"]) == ("linear program", "0.00", 0)
    assert "How the volumes were found" in (result.parent / "report.html").read_text()
    assert "Linear program: proven to be the best" in (result.parent / "report.html").read_text()


@pytest.mark.slow  # two processes of their own
@pytest.mark.parametrize(("engine", "loaded"), [("fast", []), ("reference", ["pyomo"])])
def test_pyomo_is_loaded_for_the_reference_engine_alone(
    market_folder: Path, tmp_path: Path, engine: str, loaded: list[str]
) -> None:
    """Loading it takes longer than most clearings."""
    program = (
        "import sys\n"
        "from adapters import cli\n"
        "status = cli.run(sys.argv[1:])\n"
        "print([name for name in sys.modules if name == 'pyomo'], file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    command = [sys.executable, "-c", program, "clear", market_folder, "--out", tmp_path / "out", "--engine", engine]
    ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, f"{loaded}\n")
