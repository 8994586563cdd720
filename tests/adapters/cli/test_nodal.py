"""``gateway nodal`` clears a case with feeders, writes result, page and pictures, and says what cannot be kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.cli.shell.terminal import Exit
from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.profiles.grid.feeder_case import FORK, TOP

PICTURES = {f"pictures/{name}.svg" for name in ("loading", "merit_order", "voltages_fork")}
FILES = {"result.json", "report.html"} | PICTURES


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with a transmission case and a feeder."""
    for name, text in (("top.m", TOP), ("fork.m", FORK)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def cleared(capture: Capture, cases: Path, *more: str) -> Ended:
    return gateway(capture, "nodal", cases / "top.m", "--out", cases / "out", *more)


def written(cases: Path) -> set[str]:
    out = cases / "out"
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {".gateway-files"}


def test_a_case_with_a_feeder(capfdbinary: Capture, cases: Path) -> None:
    """832.36 = 15 · 20 + 6.636297 · 50 + 3.863703 · 40 + 46 of the least output."""
    ended = cleared(capfdbinary, cases, "--feeder", f"2={cases / 'fork.m'}")
    assert ended.status == Exit.CLEAN
    assert "Cost            832.36, per hour" in ended.out
    assert "fork.m: the generators at the root are the substation and take no part" in ended.err
    assert written(cases) == FILES
    record = json.loads((cases / "out/result.json").read_text())
    assert record["cost"].startswith("832.36")
    assert record["result"]["accepted_mw"]["1"].startswith("15")
    assert "Network loading" in (cases / "out/report.html").read_text()
    assert (cases / "out/pictures/voltages_fork.svg").read_bytes().startswith(b"<svg")


def test_what_is_missing_ends_with_findings(capfdbinary: Capture, cases: Path) -> None:
    (cases / "top.m").write_text(TOP.replace("2 1 20", "2 1 90"))
    ended = cleared(capfdbinary, cases)
    assert ended.status == Exit.FINDINGS
    assert "Missing         15.000 MW" in ended.out
    assert written(cases) == FILES - {"pictures/voltages_fork.svg"}


def test_an_earlier_result_is_overwritten_only_when_asked(capfdbinary: Capture, cases: Path) -> None:
    assert cleared(capfdbinary, cases, "--feeder", f"2={cases / 'fork.m'}").status == Exit.CLEAN
    assert cleared(capfdbinary, cases).status == Exit.ENVIRONMENT
    assert cleared(capfdbinary, cases, "--force").status == Exit.CLEAN
    assert written(cases) == FILES - {"pictures/voltages_fork.svg"}


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--feeder", "2"], Exit.USAGE, "'2' is no BUS=CASE"),
        (["--feeder", "=x.m"], Exit.USAGE, "is no BUS=CASE"),
        (["--feeder", "2=missing.m"], Exit.ENVIRONMENT, "missing.m"),
        (["--price-cap", "dear"], Exit.USAGE, "'dear' is no number"),
        (["--price-cap", "-1"], Exit.USAGE, "'-1' is not above 0"),
        (["--price-cap", "30"], Exit.USAGE, "a price within ±30"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_options(capfdbinary: Capture, cases: Path, options: list[str], status: Exit, told: str) -> None:
    ended = cleared(capfdbinary, cases, *options)
    assert ended.status == status
    assert told in " ".join(ended.err.split())
    assert not (cases / "out").exists()


def test_a_feeder_below_an_unknown_bus(capfdbinary: Capture, cases: Path) -> None:
    ended = cleared(capfdbinary, cases, "--feeder", f"9={cases / 'fork.m'}")
    assert ended.status == Exit.USAGE
    assert "a transmission bus as interface" in ended.err


def test_what_is_no_case(capfdbinary: Capture, cases: Path) -> None:
    (cases / "top.m").write_text("system('x');")
    ended = cleared(capfdbinary, cases)
    assert ended.status == Exit.FINDINGS
    assert "expected an assignment to a field of mpc" in ended.err


def test_the_folder_of_the_case_is_not_written(capfdbinary: Capture, cases: Path) -> None:
    ended = gateway(capfdbinary, "nodal", cases / "top.m", "--out", cases)
    assert ended.status == Exit.ENVIRONMENT


def test_a_published_case(capfdbinary: Capture, tmp_path: Path, reference_data: Path) -> None:
    case = reference_data / "clearing/samples/pglib/pglib_opf_case5_pjm.m"
    ended = gateway(capfdbinary, "nodal", case, "--out", tmp_path / "out")
    assert ended.status == Exit.CLEAN
    assert "17\u202f479.90" in ended.out
    assert "Limits reached  1, 6" in ended.out
