"""`gateway couple`: folders become one result through documents, the same at every gateway."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.areas import MeritOrderLists
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId
from gateway.model import GridConstraints
from profiles import parse, to_canonical
from tests.adapters import example
from tests.adapters.cli.commands import Capture, Ended, gateway
from tests.adapters.cli.coupled import OPERATORS, blocking, letters, write_gateway
from tests.adapters.example import NORTH, SOUTH

NAMES = {area: own.value for area, own in OPERATORS.items()}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return write_gateway(tmp_path / "north", NORTH), write_gateway(tmp_path / "south", SOUTH)


def couple(capture: Capture, out: Path, *folders: Path) -> Ended:
    return gateway(capture, "couple", *folders, "--out", out)


def record(out: Path, area: AreaId) -> dict[str, Any]:
    """Return `result.json` of the gateway of an area."""
    found: dict[str, Any] = json.loads((out / NAMES[area] / "result.json").read_text())
    return found


def meaning(path: Path) -> Envelope[Message]:
    return to_canonical(parse(path.read_bytes()))[0]


# ---- two gateways are one that sees all


def test_both_gateways_find_the_same_and_tell_it(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    ended = couple(capsysbinary, tmp_path / "out", *folders)
    north, south = (record(tmp_path / "out", area) for area in (NORTH, SOUTH))
    digest = north["digest"]
    assert ended.status == 0
    assert ended.out.splitlines() == [
        f"10X1001A1001A418: 3 bids handed on, 3 documents heard, result {digest[:16]}",
        f"10X1001A1001A39W: 2 bids handed on, 3 documents heard, result {digest[:16]}",
        "Verdict: all members found the same result",
        "  North + South, 1 interval: welfare 1,942,000.00 EUR per hour",
        f"29 files are in {tmp_path}/out",
    ]
    assert {**north, "member": ""} == {**south, "member": ""}
    told = json.loads((tmp_path / "out" / "coupling.json").read_text())
    assert told["digests"] == {f"A01:{NAMES[area]}": digest for area in (NORTH, SOUTH)}


def test_the_result_is_that_of_one_gateway_that_sees_all(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    couple(capsysbinary, tmp_path / "out", *folders)
    every = {f"{area.value}_{file}": letter for area in (NORTH, SOUTH) for file, letter in letters(area).items()}
    to_all = {file: replace(letter, receiver=example.OPERATOR) for file, letter in every.items()}
    seeing = example.write_folder(tmp_path / "seeing", to_all)
    assert gateway(capsysbinary, "clear", seeing, "--out", tmp_path / "one").status == 0
    alone = json.loads((tmp_path / "one" / "result.json").read_text())["result"]
    (part,) = record(tmp_path / "out", SOUTH)["parts"]
    for what in ("awards", "needs", "prices", "flows", "welfare"):
        assert part["result"][what] == alone[what]


def test_what_each_hears_is_what_the_other_sent(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    couple(capsysbinary, tmp_path / "out", *folders)
    journals = {
        area: json.loads((tmp_path / "out" / NAMES[area] / "journal.json").read_text()) for area in (NORTH, SOUTH)
    }
    for ours, theirs in ((NORTH, SOUTH), (SOUTH, NORTH)):
        sent = [entry["digest"] for entry in journals[ours] if entry["what"] == "sent"]
        assert sent == [entry["digest"] for entry in journals[theirs] if entry["what"] == "heard"]
        assert len(sent) == 3
        received = [entry for entry in journals[ours] if entry["what"] == "received"]
        assert [(entry["name"], entry["remark"]) for entry in received] == [
            ("bids.xml", "accepted"),
            ("capacity.xml", "accepted"),
            ("need.xml", "accepted"),
        ]


def test_the_common_list_and_what_is_left_are_published_as_documents(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    couple(capsysbinary, tmp_path / "out", *folders)
    (part,) = record(tmp_path / "out", NORTH)["parts"]
    for area in (NORTH, SOUTH):
        folder = tmp_path / "out" / NAMES[area] / "published"
        lists = meaning(folder / f"merit_order_list_{NORTH.value}_20270114T0700Z.xml").message
        assert isinstance(lists, MeritOrderLists)
        assert [each.digest for each in lists.lists] == [each["digest"] for each in part["lists"]]
        assert [entry.bid.price for entry in lists.lists[0].entries] == [40, 60, 75, 90]
        left = meaning(folder / f"capacities_left_{NORTH.value}_20270114T0700Z.xml").message
        assert isinstance(left, GridConstraints)
        assert [(each.from_area, int(each.quantity_mw)) for each in left.capacities] == [(NORTH, 0), (SOUTH, 90)]


def test_each_answers_its_own_providers(capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path) -> None:
    couple(capsysbinary, tmp_path / "out", *folders)
    for area, mw in ((NORTH, [50, 25]), (SOUTH, [25, 30])):
        folder = tmp_path / "out" / NAMES[area]
        orders = meaning(folder / "activations" / "9520000000011_20270114T0700Z.xml").message
        assert sorted(order.quantity_mw for order in orders.orders) == sorted(mw)  # type: ignore[union-attr]  # orders
        assert {order.area for order in orders.orders} == {area}  # type: ignore[union-attr]  # orders
        assert len(list((folder / "acknowledgements").iterdir())) == 3


def test_what_the_operators_pay_each_other_is_on_record(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    """45 MW for a quarter hour: South pays 90 for 11.25 MWh, North gets 60, and 337.50 are shared."""
    couple(capsysbinary, tmp_path / "out", *folders)
    (part,) = record(tmp_path / "out", SOUTH)["parts"]
    border = f"congestion income {NAMES[SOUTH]}-{NAMES[NORTH]}"
    assert [(entry["payer"], entry["payee"], entry["amount"]) for entry in part["exchange"]] == [
        (NAMES[SOUTH], border, "1012.50"),
        (border, NAMES[NORTH], "675.00"),
        (border, NAMES[NORTH], "168.75"),
        (border, NAMES[SOUTH], "168.75"),
    ]


def test_the_order_of_folders_does_not_matter_and_two_runs_are_the_same(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    for out, order in (("one", folders), ("two", folders), ("turned", folders[::-1])):
        couple(capsysbinary, tmp_path / out, *order)
    one, two, turned = (
        {str(path.relative_to(tmp_path / out)): path.read_bytes() for path in (tmp_path / out).rglob("*.*")}
        for out in ("one", "two", "turned")
    )
    assert one == two
    assert {name: data for name, data in turned.items() if "coupling" not in name and "journal" not in name} == {
        name: data for name, data in one.items() if "coupling" not in name and "journal" not in name
    }


# ---- what differs, what is blocked, what fails


def test_the_lower_of_two_capacities_counts_and_is_told(capsysbinary: Capture, tmp_path: Path) -> None:
    north = write_gateway(tmp_path / "north", NORTH)
    south = write_gateway(tmp_path / "south", SOUTH, letters(SOUTH, border_mw=40))
    ended = couple(capsysbinary, tmp_path / "out", north, south)
    assert ended.status == 0
    assert (
        "Note: Border 10Y1001A1001A46L to 10Y1001A1001A47J in 2027-01-14T07:00Z/2027-01-14T07:15Z: "
        "10X1001A1001A39W states 40 MW, 10X1001A1001A418 states 45 MW; the lower counts.\n" in ended.out
    )
    (part,) = record(tmp_path / "out", NORTH)["parts"]
    assert [flow["quantity_mw"] for flow in part["result"]["flows"]] == ["40", "0"]


def test_a_blocked_bid_is_in_the_common_list_and_marked(capsysbinary: Capture, tmp_path: Path) -> None:
    north = write_gateway(tmp_path / "north", NORTH, {**letters(NORTH), "block.xml": blocking(NORTH, "N1")})
    south = write_gateway(tmp_path / "south", SOUTH)
    assert couple(capsysbinary, tmp_path / "out", north, south).status == 0
    file = tmp_path / "out" / NAMES[SOUTH] / "published" / f"merit_order_list_{NORTH.value}_20270114T0700Z.xml"
    lists = meaning(file).message
    assert isinstance(lists, MeritOrderLists)
    assert [entry.bid.price for entry in lists.lists[0].entries] == [40, 60, 75, 90]
    assert [entry.usable for entry in lists.lists[0].entries] == [False, True, True, True]
    assert "leaves 0 MW" in (tmp_path / "out" / NAMES[NORTH] / "journal.json").read_text()


OUTAGE = """
[[outages]]
areas = ["10Y1001A1001A46L", "10Y1001A1001A47J"]
start = 2027-01-14T07:00:00Z
end = 2027-01-14T09:00:00Z
"""


def test_a_border_that_is_lost_is_told_and_each_area_clears_for_itself(capsysbinary: Capture, tmp_path: Path) -> None:
    folders = [write_gateway(tmp_path / area.value, area, more=OUTAGE) for area in (NORTH, SOUTH)]
    ended = couple(capsysbinary, tmp_path / "out", *folders)
    assert ended.status == 0
    assert "Note: The border 10Y1001A1001A46L - 10Y1001A1001A47J is out of use from 2027-01-14T07:00Z" in ended.out
    (part,) = record(tmp_path / "out", SOUTH)["parts"]
    assert sorted(price["price"] for price in part["result"]["prices"]) == ["15000.00", "40.00"]


def test_areas_of_two_cooperations_clear_apart(capsysbinary: Capture, tmp_path: Path) -> None:
    folders = [write_gateway(tmp_path / area.value, area) for area in (NORTH, SOUTH)]
    for folder in folders:
        text = (folder / "market.toml").read_text()
        (folder / "market.toml").write_text(text.replace('coba = "both"', 'coba = "other"', 1))
    ended = couple(capsysbinary, tmp_path / "out", *folders)
    assert "  North, 1 interval: welfare 448,800.00 EUR per hour\n" in ended.out
    assert "  South, 1 interval: welfare 1,044,150.00 EUR per hour\n" in ended.out
    assert (ended.status, len(record(tmp_path / "out", NORTH)["parts"])) == (0, 2)


def test_a_document_that_is_refused_ends_with_1(
    capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[0] / "bad.xml").write_text("bad")
    ended = couple(capsysbinary, tmp_path / "out", *folders)
    assert ended.status == 1
    assert "Verdict: all members found the same result" in ended.out


# ---- what cannot be coupled


def test_one_folder_is_no_coupling(capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path) -> None:
    ended = couple(capsysbinary, tmp_path / "out", folders[0])
    assert (ended.status, "a coupling needs two folders or more" in ended.err) == (2, True)


WRONG = {
    "another cap": ("quantity_step = 1", "quantity_step = 1\nprice_cap = 4000", "found 2 different agreements"),
    "another date": ("2027-01-01", "2026-01-01", "found 2 different agreements"),
    "the same operator": ('10X1001A1001A39W"\n[market]', '10X1001A1001A418"\n[market]', "another operator in each"),
    "a stranger": ('10X1001A1001A39W"\n[market]', '10X1001A1001A38Y"\n[market]', "the operator of one of the areas"),
}


@pytest.mark.parametrize("name", WRONG)
def test_who_does_not_agree_is_not_coupled(
    name: str, capsysbinary: Capture, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    right, wrong, said = WRONG[name]
    text = (folders[1] / "market.toml").read_text()
    assert right in text
    (folders[1] / "market.toml").write_text(text.replace(right, wrong))
    ended = couple(capsysbinary, tmp_path / "out", *folders)
    assert ended.status == 2
    assert said in ended.err
    assert not (tmp_path / "out").exists()
