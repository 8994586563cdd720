"""The page of a nodal market: pictures with a table beside them, every value escaped, nothing from the network."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from adapters.report_html.network_page import MOST_ROWS, NetworkReport, pictures, render_network, tiles
from adapters.report_html.summary import Tile
from gateway.model import Bid
from tests.adapters.report_html.networks import report, top_alone, with_fork
from tests.adapters.report_html.pages import Page

FORK = report(with_fork(), "all buses have the tightest voltage bounds")


def tile(made: NetworkReport, label: str) -> Tile:
    (found,) = (each for each in tiles(made) if each.label == label)
    return found


def test_the_page_is_whole_and_has_its_parts() -> None:
    page = Page(render_network(FORK))
    assert page.faults == []
    assert [each["id"] for each in page.all("section")] == [
        "summary",
        "loading",
        "voltages",
        "prices",
        "bids",
        "assumptions",
    ]
    assert {each["href"] for each in page.all("a")} == {"#main"} | {f"#{each['id']}" for each in page.all("section")}


def test_pictures_have_a_role_and_a_table_beside_them() -> None:
    page = Page(render_network(FORK))
    assert [each.get("role") for each in page.all("svg") if "viewbox" in each] == ["img"] * 3
    assert page.words["title"] == [
        "Nodal market two",
        "Network loading, Nodal market two",
        "Voltages along feeder F",
        "Merit order, Nodal market two",
    ]
    captions = page.words["caption"]
    assert captions[0] == "Lines and sections, the most loaded first"
    assert captions[1] == "Voltages of feeder F in per unit; shadow prices per unit squared and hour"


def test_the_tables_tell_what_the_pictures_show() -> None:
    cells = Page(render_network(FORK)).words["td"]
    line = cells[: cells.index("F:2")]
    assert line[:7] == ["1", "2", "15.0 MW", "15.0 MW", "100 %", "full", "30.00"]
    assert "at its bound" not in cells


def test_a_page_without_feeders_has_no_voltages() -> None:
    page = Page(render_network(report(top_alone())))
    assert "voltages" not in {each["id"] for each in page.all("section")}
    assert list(pictures(report(top_alone()))) == ["loading.svg", "merit_order.svg"]


def test_the_pictures_are_files_named_by_their_feeder() -> None:
    odd = replace(FORK.market.network.feeders[0], id="F/../x")
    network = replace(FORK.market.network, feeders=(odd,))
    made = replace(FORK, market=replace(FORK.market, network=network))
    assert list(pictures(made)) == ["loading.svg", "merit_order.svg", "voltages_F_.._x.svg"]


def test_the_page_asks_the_network_for_nothing() -> None:
    text = render_network(FORK)
    (policy,) = (
        each["content"] for each in Page(text).all("meta") if each.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "<script" not in text
    assert "style=" not in text
    assert "http://" not in text


def test_values_of_a_case_are_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    text = render_network(replace(FORK, title=hostile, remarks=(hostile,)))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 3


def test_the_tiles_tell_what_matters() -> None:
    assert tile(FORK, "Prices").value == "20.00 to 50.00"
    assert tile(FORK, "Limits reached") == Tile("Limits reached", "2", "1, F:3")
    assert tile(FORK, "Missing") == Tile("Missing", "0.000 MW", "all loads are served")
    assert tile(report(top_alone(limit=100)), "Prices").value == "20.00"
    assert tile(report(top_alone(limit=100)), "Limits reached").note == "there is room everywhere"


def test_what_is_missing_is_abnormal() -> None:
    """75 MW of 90 can be served: 15 over the line, 60 at the bus."""
    short = report(top_alone(load=90))
    assert tile(short, "Missing") == Tile("Missing", "15.000 MW", "or too much, at 1 bus", abnormal=True)
    assert 'class="tile abnormal"' in render_network(short)


def test_a_limit_that_cannot_be_kept_is_abnormal() -> None:
    broken = report(with_fork(w_min=Decimal("1.05"), w_max=Decimal("1.06")))
    assert tile(broken, "Limits reached").abnormal
    assert "beyond its bound" in render_network(broken)


def test_long_tables_end_and_say_so() -> None:
    """The table of bids holds 500 rows."""
    (first, *_) = FORK.market.bids
    bids: tuple[Bid, ...] = tuple(replace(first, id=f"b{at}") for at in range(MOST_ROWS + 50))
    market = replace(top_alone(), bids=bids, buses={each.id: "1" for each in bids})
    rows = Page(render_network(report(market))).words["th"]
    assert "b499" in rows
    assert "b500" not in rows


def test_remarks_are_listed() -> None:
    assert "all buses have the tightest voltage bounds" in Page(render_network(FORK)).words["li"]
    assert "Nothing was assumed" in render_network(report(top_alone()))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_network(FORK) == render_network(report(with_fork(), *FORK.remarks))
    assert pictures(FORK) == pictures(report(with_fork()))


def test_the_merit_order_shows_what_the_network_keeps_out() -> None:
    """Of 60 MW at 20 the line lets 15 through; 5 MW at 50 are accepted beyond them."""
    text = pictures(report(top_alone()))["merit_order.svg"].decode()
    assert "2 bids offer 120.0 MW; 20.0 MW are accepted; 20.0 MW are needed here." in text
    assert "need 20.0 MW" in text
    assert 'class="price"' not in text


def test_one_price_is_a_line_in_the_merit_order() -> None:
    text = pictures(report(top_alone(limit=100)))["merit_order.svg"].decode()
    assert "the clearing price is 20.00 $/MWh" in text
    assert 'class="price"' in text


def test_a_market_without_bids_has_no_merit_order() -> None:
    empty = report(replace(top_alone(), bids=(), buses={}))
    assert list(pictures(empty)) == ["loading.svg"]
    assert "Merit order:" not in render_network(empty)
