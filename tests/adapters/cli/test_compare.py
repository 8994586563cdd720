"""``gateway compare``: the golden case and the national studies end to end, the files, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters import cli
from adapters.cli.shell.terminal import Exit
from gateway.schemes import names
from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.adapters.report_html.pages import Page

D = Decimal
STUDIES = Path(__file__).resolve().parents[3] / "examples/studies"
PICTURES = {f"pictures/{name}.svg" for name in ("cost", "prices", "volumes", "actors")}
FILES = {"report.html", "comparison.json", *(f"{name}.csv" for name in ("schemes", "accounts", "payments", "periods"))}


def compare(capture: Capture, out: Path, *more: str, study: str = "small") -> Ended:
    return gateway(capture, "compare", STUDIES / study, "--out", out, *more)


def written(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {".gateway-files"}


def record(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    return found


def table(out: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / f"{name}.csv").read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study under every scheme, run once."""
    folder = tmp_path_factory.mktemp("compared") / "out"
    assert cli.run(["compare", str(STUDIES / "small"), "--schemes", "all", "--out", str(folder)]) == Exit.CLEAN
    return folder


def test_the_golden_case_through_the_command_line(out: Path) -> None:
    """Euros per hour, of which the study lasts a quarter."""
    costs = {row["scheme"]: 4 * D(row["activation_cost"]) for row in table(out, "schemes")}
    assert costs == {
        "centralised": 600,
        "local": 716,
        "common_centralised": 668,
        "common_decentralised": 668,
        "shared": 876,
        "integrated": 633,
    }


def test_what_the_centralised_scheme_leaves_broken_is_told(out: Path) -> None:
    left = {
        row["scheme"]: (row["violations_before"], row["violations_after"], row["sound"])
        for row in table(out, "schemes")
    }
    assert left.pop("centralised") == ("1", "1", "false")
    assert set(left.values()) == {("1", "0", "true")}
    assert "squared voltage" in (out / "report.html").read_text(encoding="utf-8")


def test_every_file_is_written(out: Path) -> None:
    assert written(out) == FILES | PICTURES


def test_every_scheme_is_in_the_report_and_in_every_table(out: Path) -> None:
    page = Page((out / "report.html").read_text(encoding="utf-8"))
    assert set(names()) <= set(page.words["th"])
    for name in ("schemes", "accounts", "payments", "periods"):
        assert {row["scheme"] for row in table(out, name)} == set(names())


def test_the_accounts_of_each_scheme_add_up_to_zero(out: Path) -> None:
    for name in names():
        amounts = [D(row["received"]) for row in table(out, "accounts") if row["scheme"] == name]
        assert any(amounts)
        assert sum(amounts) == 0


def test_json_says_what_the_tables_say(out: Path) -> None:
    told = record(out)
    assert (told["study"], told["currency"], told["cheapest"]) == ("Small system", "EUR", ["integrated"])
    for name in ("schemes", "accounts", "payments", "periods"):
        assert len(told[name]) == len(table(out, name))
    assert [each["total"] for each in told["schemes"]] == [row["total"] for row in table(out, "schemes")]


def test_some_schemes_only(capfdbinary: Capture, tmp_path: Path) -> None:
    ended = compare(capfdbinary, tmp_path / "out", "--schemes", "local,shared,local")
    assert ended.status == Exit.CLEAN
    assert [row["scheme"] for row in table(tmp_path / "out", "schemes")] == ["local", "shared"]
    assert "Cheapest sound scheme      local, 179.52 EUR" in ended.out


def test_no_sound_scheme_ends_with_findings(capfdbinary: Capture, tmp_path: Path) -> None:
    ended = compare(capfdbinary, tmp_path / "out", "--schemes", "centralised")
    assert ended.status == Exit.FINDINGS
    assert "1 limit broken, 0 MWh unserved" in ended.out.replace("0.00", "0")


def test_a_sensitivity_shows_who_is_cheapest_where(capfdbinary: Capture, tmp_path: Path) -> None:
    """At 40 to 60 per MWh the local operator of F1 sees what a megawatt is worth, and takes E4."""
    options = ("--schemes", "local,common_centralised", "--sensitivity", "interface-price")
    ended = compare(capfdbinary, tmp_path / "out", *options)
    assert ended.status == Exit.CLEAN
    assert written(tmp_path / "out") == FILES | PICTURES | {
        "sensitivity.csv",
        "pictures/sensitivity_interface-price.svg",
    }
    rows = table(tmp_path / "out", "sensitivity")
    best = {row["value"]: row["scheme"] for row in rows if row["cheapest"] == "true"}
    assert best["0"] == "common_centralised"
    assert best["60"] == "local"
    page = Page((tmp_path / "out/report.html").read_text(encoding="utf-8"))
    assert page.faults == []
    assert "Interface price" in page.words["h3"]


@pytest.mark.slow
@pytest.mark.parametrize("study", ["italy", "denmark", "spain"])
def test_a_national_study_through_the_command_line(capfdbinary: Capture, tmp_path: Path, study: str) -> None:
    """Orders that hold for any system: common alike in both forms, none of local, shared and integrated against them."""
    ended = compare(capfdbinary, tmp_path / "out", study=study)
    assert ended.status == Exit.CLEAN
    rows = {row["scheme"]: row for row in table(tmp_path / "out", "schemes")}
    cost = {name: D(row["activation_cost"]) for name, row in rows.items()}
    assert cost["common_centralised"] == cost["common_decentralised"]
    assert cost["integrated"] <= cost["common_centralised"] <= cost["local"] <= cost["shared"]
    assert rows["centralised"]["sound"] == "false"
    assert {row["sound"] for name, row in rows.items() if name != "centralised"} == {"true"}


@pytest.mark.slow
def test_in_italy_a_local_operator_has_to_know_what_the_exchange_is_worth(capfdbinary: Capture, tmp_path: Path) -> None:
    """At nothing it takes cheap pumps with half the effect, and others balance twice the energy."""
    options = ("--schemes", "local,common_centralised", "--sensitivity", "interface-price")
    assert compare(capfdbinary, tmp_path / "out", *options, study="italy").status == Exit.CLEAN
    rows = table(tmp_path / "out", "sensitivity")
    best = {row["value"]: row["scheme"] for row in rows if row["cheapest"] == "true"}
    assert best["0"] == "common_centralised"
    assert set(best.values()) == {"common_centralised", "local"}


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--schemes", "best"], Exit.USAGE, "'best'"),
        (["--sensitivity", "weather"], Exit.USAGE, "'weather' is none of interface-price"),
    ],
    ids=["scheme", "sensitivity"],
)
def test_wrong_options(capfdbinary: Capture, tmp_path: Path, options: list[str], status: Exit, told: str) -> None:
    ended = compare(capfdbinary, tmp_path / "out", *options)
    assert ended.status == status
    assert told in " ".join(ended.err.split())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (None, Exit.ENVIRONMENT, "study.toml"),
        (b"\xff", Exit.ENVIRONMENT, "a TOML text in UTF-8"),
        (b'name = "x"', Exit.USAGE, "start: expected this key"),
    ],
    ids=["missing", "no text", "half"],
)
def test_what_is_no_study(capfdbinary: Capture, tmp_path: Path, content: bytes | None, status: Exit, told: str) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    if content is not None:
        (folder / "study.toml").write_bytes(content)
    ended = gateway(capfdbinary, "compare", folder, "--out", tmp_path / "out")
    assert ended.status == status
    assert told in " ".join(ended.err.split())


def test_an_earlier_result_is_overwritten_only_when_asked(capfdbinary: Capture, tmp_path: Path) -> None:
    one = ("--schemes", "local")
    assert compare(capfdbinary, tmp_path / "out", *one).status == Exit.CLEAN
    assert compare(capfdbinary, tmp_path / "out", *one).status == Exit.ENVIRONMENT
    assert compare(capfdbinary, tmp_path / "out", *one, "--force").status == Exit.CLEAN
