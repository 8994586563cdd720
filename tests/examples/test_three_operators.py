"""Three operators that exchange documents come out as on paper, each with the same result."""

from decimal import Decimal
from pathlib import Path

import pytest

from adapters.folder import read_folder
from adapters.market_file import read_market
from adapters.offline.coupling import CoupledGateway, Coupling, gateway_of, run_coupling
from gateway.coupling.exchange import Verdict
from gateway.results import Verdict as Receipt
from gateway.time import Interval
from profiles import read, write_message
from profiles.markets import load
from tests.examples.conftest import EXAMPLES

FOLDER = EXAMPLES / "three_operators"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
NAMES = {"10YNO-1--------2": "NO1", "10Y1001A1001A46L": "SE3", "10YFI-1--------U": "FI"}
OPERATORS = ("fingrid", "statnett", "svenska_kraftnat")


@pytest.fixture(scope="module")
def coupling() -> Coupling:
    return run_coupling(gateways(*OPERATORS))


def gateways(*names: str) -> list[CoupledGateway]:
    """Return the gateways of some operators, before they say a word."""
    found = []
    for name in names:
        settings = read_market((FOLDER / name / "market.toml").read_text(encoding="utf-8"))
        found.append(gateway_of(read_folder(FOLDER / name, "market.toml"), settings, None))
    return found


def by_quarter(coupling: Coupling) -> dict[Interval, dict[str, Decimal]]:
    """Return the prices of the areas in every quarter hour, as the first gateway found them."""
    found = next(iter(coupling.found.values()))
    prices: dict[Interval, dict[str, Decimal]] = {}
    for part in found.parts:
        for price in part.result.prices:
            prices.setdefault(price.interval, {})[NAMES[price.area.value]] = price.price
    return dict(sorted(prices.items()))


def test_every_document_is_accepted_and_every_gateway_finds_the_same(coupling: Coupling) -> None:
    assert {document.verdict for each in coupling.gateways for document in each.received} == {Receipt.ACCEPTED}
    assert [len(each.heard) for each in coupling.gateways] == [12, 12, 12]
    assert coupling.verdict is Verdict.AGREED


def test_every_document_that_is_sent_keeps_the_rules_between_operators(coupling: Coupling) -> None:
    """Those of the profile `mari`: who may say what to whom, in which document, for which periods."""
    rules = load("mari")
    readings = [read(content, rules) for each in coupling.gateways for content in each.sent.values()]
    assert len(readings) == 36
    assert [reading.report.findings for reading in readings if not reading.report.clean] == []


def test_prices_are_those_computed_by_hand(coupling: Coupling) -> None:
    apart, together = {"NO1": 60, "SE3": 15, "FI": 70}, {"NO1": 60, "SE3": 45, "FI": 65}
    assert list(by_quarter(coupling).values()) == [apart, together, apart, together]
    for prices in (apart, together):
        assert f"{prices['NO1']} / {prices['SE3']} / {prices['FI']}" in README


def test_welfare_is_that_of_the_readme(coupling: Coupling) -> None:
    found = next(iter(coupling.found.values()))
    assert found.welfare == 2 * 2_098_500 + 2 * 2_099_450
    assert [len(record.parts) for record in found.records] == [2, 1, 1, 1]
    assert all(f"{welfare:,}" in README for welfare in (2_098_500, 2_099_450))


def test_what_is_out_of_the_ordinary_is_on_record(coupling: Coupling) -> None:
    notes = [record.notes for record in next(iter(coupling.found.values())).records]
    differing = "10X1001A1001A38Y states 50 MW, 10X1001A1001A418 states 55 MW; the lower counts."
    assert [note for quarter in notes for note in quarter if differing in note] == [quarter[-1] for quarter in notes]
    assert [quarter[0] for quarter in notes if len(quarter) > 1] == [
        "The border 10Y1001A1001A46L - 10YFI-1--------U is out of use from 2027-01-14T07:30Z until 2027-01-14T07:45Z."
    ]


def test_without_one_operator_the_others_clear_together_and_say_so() -> None:
    """Fingrid says nothing: NO1 and SE3 clear as they did at 07:00, in every quarter hour."""
    coupling = run_coupling(gateways("statnett", "svenska_kraftnat"))
    found = next(iter(coupling.found.values()))
    assert coupling.verdict is Verdict.AGREED
    assert list(by_quarter(coupling).values()) == [{"NO1": 60, "SE3": 15}] * 4
    assert [note for note in found.notes if "10X1001A1001A264 says nothing of" in note] == list(found.notes)
    assert len(found.notes) == 4
    assert ["The area 10YFI-1--------U is out of use" in str(record.notes) for record in found.records] == [True] * 4


def test_an_operator_without_the_others_clears_by_itself() -> None:
    (alone,) = gateways("fingrid")
    found = run_coupling([alone]).found[alone.own]
    assert [part.areas for part in found.parts] == [(alone.agreement.areas_of(alone.own))]
    assert found.welfare == 4 * 150


def test_the_committed_documents_are_those_of_the_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from scenario import three_operators  # noqa: PLC0415 - found beside the examples only

    for name, documents in three_operators.folders():
        written = {f"{document.file}.xml": write_message(document.envelope) for document in documents}
        assert written == {path.name: path.read_bytes() for path in sorted((FOLDER / name).glob("*.xml"))}


def test_market_files_differ_in_their_operator_only() -> None:
    texts = [(FOLDER / name / "market.toml").read_text(encoding="utf-8").splitlines() for name in OPERATORS]
    for lines in zip(*texts, strict=True):
        assert len(set(lines)) == 1 or all(line.startswith("id = ") for line in lines)


@pytest.mark.parametrize("name", OPERATORS)
def test_the_command_of_the_readme_names_every_folder(name: str) -> None:
    assert f"examples/three_operators/{name}" in README
    assert Path(FOLDER / name / "market.toml").is_file()
