"""The page of a comparison: pictures with a table beside them, every value escaped, nothing from the network."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.report_html.comparison_page import ComparisonReport, pictures, render_comparison, tiles
from adapters.report_html.comparison_pictures import Cell, Range, bar, draw, grid
from gateway.coordination.comparison import compared
from gateway.coordination.sensitivity import SENSITIVITIES, swept
from gateway.schemes import named, names
from tests.adapters.report_html.pages import Page
from tests.gateway.coordination.test_comparison import case

D = Decimal
REPORT = ComparisonReport(
    name="Small",
    about="Two feeders.",
    currency="EUR",
    message_cost=D("0.02"),
    figures=compared([case()], map(named, names()), D("0.02")),
    swept={"message-cost": swept(SENSITIVITIES["message-cost"], [case()], [named("local"), named("shared")], D(0))},
    version="1.2.3",
)
PAGE = Page(render_comparison(REPORT))
PARTS = ["summary", "cost", "volumes", "actors", "payments", "limits", "sensitivity", "assumptions"]


def test_the_page_is_whole_and_has_its_parts() -> None:
    assert PAGE.faults == []
    assert [each["id"] for each in PAGE.all("section")] == PARTS
    assert {each["href"] for each in PAGE.all("a")} == {"#main"} | {f"#{part}" for part in PARTS}
    assert [each["lang"] for each in PAGE.all("html")] == ["en"]


def test_every_heading_names_its_section() -> None:
    assert {each["aria-labelledby"] for each in PAGE.all("section")} == {f"{part}-title" for part in PARTS}
    assert {each["id"] for each in PAGE.all("h2")} == {f"{part}-title" for part in PARTS}


def test_pictures_have_a_role_a_title_and_words() -> None:
    drawn = [each for each in PAGE.all("svg") if "viewbox" in each]
    assert [each.get("role") for each in drawn] == ["img"] * 5
    assert PAGE.words["title"][1:] == [
        "Cost of each scheme, Small",
        "Energy activated up and down, Small",
        "Prices, Small",
        "What each group receives, Small",
        "Totals by message cost, Small",
    ]
    assert all(each.endswith(".") for each in PAGE.words["desc"])


def test_regions_that_scroll_can_be_reached_and_have_names() -> None:
    regions = [each for each in PAGE.all("div") if "scroll" in each.get("class", "")]
    assert regions
    assert all(each["tabindex"] == "0" and each["aria-label"] and each["role"] == "region" for each in regions)


def test_every_table_has_a_caption_and_heads_with_scope() -> None:
    assert PAGE.count("table") == PAGE.count("caption")
    assert all(each.get("scope") in {"col", "row"} for each in PAGE.all("th"))


def test_the_tables_tell_what_the_pictures_show() -> None:
    cells = PAGE.words["td"]
    assert cells[:7] == ["150.00", "39", "0.78", "150.78", "1", "1", "0.000"]
    assert "TSO to providers" in PAGE.words["th"]


def test_the_tiles_tell_what_matters() -> None:
    found = {each.label: each for each in tiles(REPORT)}
    assert found["Cheapest sound scheme"].value == "integrated"
    assert found["Where operators alone buy"].value == "common_decentralised"
    assert found["Left undone"].note == "centralised"
    assert found["Left undone"].abnormal


def test_where_no_scheme_is_sound_none_is_cheapest() -> None:
    alone = replace(REPORT, figures=REPORT.figures[:1], swept={})
    assert tiles(alone)[0].value == "none"
    assert tiles(alone)[0].abnormal


def test_a_report_without_sweeps_and_broken_limits_says_less() -> None:
    page = Page(render_comparison(replace(REPORT, figures=REPORT.figures[1:], swept={})))
    assert page.faults == []
    assert "sensitivity" not in {each["id"] for each in page.all("section")}
    assert "Under every scheme all limits are kept in the end." in page.words["p"]


def test_the_page_asks_the_network_for_nothing() -> None:
    (policy,) = (each["content"] for each in PAGE.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert not any(words in PAGE.text for words in ("<script", "style=", "http://", "https://"))


def test_names_are_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    text = render_comparison(replace(REPORT, name=hostile, about=hostile))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 3


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_comparison(REPORT) == PAGE.text
    assert set(pictures(REPORT)) == {
        f"{n}.svg" for n in ("cost", "prices", "volumes", "actors", "sensitivity_message-cost")
    }


# ---- pictures


def test_a_bar_begins_at_zero_on_its_side() -> None:
    assert bar("a", D(5), "5").low == 0
    assert bar("a", D(-5), "-5").high == 0


@pytest.mark.parametrize("rows", [[bar("a", D(0), "0")], [Range("a", D(3), D(3), "3")]], ids=["nothing", "a point"])
def test_what_is_next_to_nothing_is_still_drawn(rows: list[Range]) -> None:
    assert 'class="bid accepted"' in draw(rows, "title", "EUR")


def test_a_remark_is_a_triangle_and_words() -> None:
    drawn = draw([bar("a", D(5), "5", "breaks a limit")], "title", "EUR")
    assert 'class="triangle"' in drawn
    assert "a: 5, breaks a limit." in drawn


BEST, DEARER, UNSOUND = (
    Cell(total=D(total), sound=sound, cheapest=wins)
    for total, sound, wins in ((5, True, True), (9, True, False), (1, False, False))
)


def test_the_grid_marks_the_cheapest_and_the_unsound() -> None:
    drawn = grid([("a", [BEST]), ("b", [DEARER]), ("c", [UNSOUND])], ["0"], "title", "price")
    assert drawn.count('class="diamond"') == 1
    assert drawn.count('class="triangle"') == 1
    assert 'class="shade-0"' in drawn
    assert 'class="shade-3"' in drawn
    assert "Cheapest sound scheme by price: at 0 a." in drawn


def test_a_grid_of_unsound_schemes_has_no_cheapest() -> None:
    drawn = grid([("a", [UNSOUND])], ["0"], "title", "price")
    assert "at 0 no scheme." in drawn
    assert "diamond" not in drawn
