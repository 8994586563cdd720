"""The market of two areas comes out as on paper."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.offline.run import Run
from gateway.results import Verdict
from tests.examples.conftest import EXAMPLES, cleared

FOLDER = EXAMPLES / "two_areas"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SE3, SE4 = "10Y1001A1001A46L", "10Y1001A1001A47J"


@pytest.fixture(scope="module")
def on_paper() -> Run:
    return cleared(FOLDER)


def prices(run: Run) -> dict[str, Decimal]:
    return {price.area.value: price.price for price in run.procurement.result.prices}


def accepted_mw(run: Run) -> list[Decimal]:
    """Return the accepted MW of the six bids, in their order."""
    by_resource = {
        award.resource.value: award.quantity_mw for award in run.procurement.result.awards if award.resource is not None
    }
    return [by_resource[name] for name in sorted(by_resource, key=lambda name: int(name.rpartition("-")[2]))]


def flows(run: Run) -> dict[tuple[str, str], Decimal]:
    return {
        (flow.from_area.value, flow.to_area.value): flow.quantity_mw
        for flow in run.procurement.result.flows
        if flow.quantity_mw
    }


def test_all_documents_are_accepted(on_paper: Run) -> None:
    assert {document.verdict for document in on_paper.received} == {Verdict.ACCEPTED}
    assert len(on_paper.received) == 3


def test_the_prices_are_those_computed_by_hand(on_paper: Run) -> None:
    assert prices(on_paper) == {SE3: Decimal(60), SE4: Decimal(90)}


def test_the_volumes_are_those_computed_by_hand(on_paper: Run) -> None:
    assert accepted_mw(on_paper) == [50, 25, 0, 30, 25, 0]
    assert flows(on_paper) == {(SE3, SE4): 45}


def test_the_money_is_that_of_the_readme(on_paper: Run) -> None:
    result, price = on_paper.procurement.result, prices(on_paper)
    asked = sum((award.bid_price or 0) * award.quantity_mw for award in result.awards)
    paid = sum(need.served_mw * price[need.area.value] for need in result.needs)
    received = sum(award.quantity_mw * price[award.area.value] for award in result.awards)
    assert (asked, paid, received) == (8000, 10800, 9450)
    assert paid - received == 45 * (90 - 60)
    assert result.welfare == 130 * 15000 - 8000
    for amount in (asked, paid, received, paid - received, int(result.welfare)):
        assert f"{amount:,.0f} EUR" in README


def test_with_a_wide_border_there_is_one_price(tmp_path: Path) -> None:
    wide = shutil.copytree(FOLDER, tmp_path / "wide")
    capacity = (wide / "capacity.xml").read_text(encoding="utf-8")
    assert capacity.count("<quantity>45</quantity>") == 2
    (wide / "capacity.xml").write_text(capacity.replace(">45<", ">200<"), encoding="utf-8")
    run = cleared(wide)
    assert prices(run) == {SE3: Decimal(75), SE4: Decimal(75)}
    assert accepted_mw(run) == [50, 60, 0, 20, 0, 0]
    assert flows(run) == {(SE3, SE4): 80}
    assert "7,100 EUR" in README
    assert "80 MW" in README


def test_without_a_capacity_each_area_stands_alone(tmp_path: Path) -> None:
    alone = shutil.copytree(FOLDER, tmp_path / "alone")
    (alone / "capacity.xml").unlink()
    run = cleared(alone)
    assert prices(run) == {SE3: Decimal(40), SE4: Decimal(120)}
    assert accepted_mw(run) == [30, 0, 0, 30, 40, 30]
    assert flows(run) == {}


def test_the_tutorial_tells_the_same_figures() -> None:
    tutorial = (EXAMPLES.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert "| SE3 | 30 MW of its own and the 45 MW that leave it" in tutorial
    assert [f"{figure} EUR" in tutorial for figure in ("10,800", "9,450", "1,350")] == [True] * 3
