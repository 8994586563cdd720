"""The pictures of loading and voltages say what they show, in words and marks as well as in colours."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from lxml.etree import _Element, fromstring

from adapters.report_html import loading, voltages
from adapters.report_html.assets import asset
from adapters.report_html.network_state import Load, Profile, Voltage
from adapters.report_html.svg import standalone, tag

D = Decimal
FULL = Load(id="7", start="A", end="B", flow=D(-40), unit="MW", limit=D(40), shadow_price=D("12.5"))
ROOMY = Load(id="8", start="B", end="C", flow=D("12.34"), unit="MVA", limit=D(50))
BROKEN = Load(id="9", start="C", end="D", flow=D(45), unit="MW", limit=D(30), shadow_price=D(15000), excess=D(15))
FREE = Load(id="0", start="A", end="D", flow=D(5), unit="MW", limit=None)
ROOT = Voltage(bus="R", parent=None, distance_pu=D(0), before_pu=D(1), voltage_pu=D(1))
NEAR = Voltage(bus="N", parent="R", distance_pu=D("0.1"), before_pu=D("0.96"), voltage_pu=D("0.98"))
FAR = Voltage(
    bus="F", parent="N", distance_pu=D("0.3"), before_pu=D("0.93"), voltage_pu=D("0.95"), shadow_price=D(1700)
)
PROFILE = Profile("east", D("0.95"), D("1.05"), (ROOT, NEAR, FAR))


def parts(drawn: str, name: str) -> list[_Element]:
    return [each for each in fromstring(drawn).iter() if each.tag == name]


def words(drawn: str) -> list[str]:
    return [each.text or "" for each in parts(drawn, "text")]


def classes(drawn: str) -> list[str]:
    return [each.get("class") or "" for each in parts(drawn, "path")]


# ---- loading


def test_each_line_has_a_bar_as_long_as_its_share() -> None:
    bars = [each for each in parts(loading.draw([FULL, ROOMY], "t"), "path") if each.get("class") == "bid accepted"]
    ends = [float((each.get("d") or "").split("H")[1].split("V")[0]) for each in bars]
    starts = [float((each.get("d") or "")[1:].split(" ")[0]) for each in bars]
    assert len(bars) == 2
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    assert lengths[1] / lengths[0] == pytest.approx(12.34 / 50, abs=0.01)


def test_a_full_line_is_told_in_words_and_by_a_diamond() -> None:
    drawn = loading.draw([FULL, ROOMY], "t")
    assert "40.0 of 40 MW, full: 12.50 per MWh" in words(drawn)
    assert "12.3 of 50 MVA" in words(drawn)
    assert classes(drawn).count("diamond") == 1
    assert "triangle" not in classes(drawn)


def test_a_broken_limit_is_told_in_words_and_by_a_triangle() -> None:
    drawn = loading.draw([BROKEN], "t")
    assert "45.0 of 30 MW, 15 too much" in words(drawn)
    assert classes(drawn).count("triangle") == 1


def test_the_axis_reaches_the_most_loaded_line_within_bounds() -> None:
    huge = replace(BROKEN, flow=D(300))
    for load, last in ((ROOMY, "100"), (BROKEN, "150"), (huge, "150")):
        ticks = [each.text for each in parts(loading.draw([load], "t"), "text") if each.get("class") == "tick"]
        assert ticks[-1] == last


def test_the_picture_says_what_it_shows() -> None:
    drawn = loading.draw([FULL, ROOMY], "Network loading")
    assert parts(drawn, "title")[0].text == "Network loading"
    told = parts(drawn, "desc")[0].text or ""
    assert "7: A\u2013B: 40.0 of 40 MW, full: 12.50 per MWh" in told
    assert "The least loaded of them uses 25 % of its limit." in told
    assert "no limit is reached" in loading.description([ROOMY])


def test_lines_without_limits_and_beyond_the_first_thirty_are_not_drawn() -> None:
    many = [replace(ROOMY, id=str(at)) for at in range(40)]
    assert len(loading.drawn([*many, FREE])) == loading.MOST_DRAWN
    assert loading.drawn([FREE]) == ()


def test_long_names_are_cut() -> None:
    drawn = loading.draw([replace(ROOMY, start="a" * 50)], "t")
    assert any(word.endswith("…") for word in words(drawn))


def test_names_are_escaped() -> None:
    drawn = loading.draw([replace(ROOMY, id="<b>")], "t")
    assert "<b>" not in drawn
    assert any(word.startswith("<b>") for word in words(drawn))


@pytest.mark.parametrize("load", [FULL, BROKEN, ROOMY], ids=["full", "broken", "room"])
def test_words_fit_into_the_picture(load: Load) -> None:
    """At 7.5 units a letter of bold text."""
    wide = replace(load, flow=D("-12345.6"), limit=D("12345.6"))
    (at,) = (e for e in parts(loading.draw([wide], "t"), "text") if (e.text or "").endswith(loading.words(wide)[-6:]))
    assert float(at.get("x") or 0) + 7.5 * len(loading.words(wide)) < loading.WIDTH


# ---- voltages


def test_bounds_are_lines_with_their_values() -> None:
    drawn = voltages.draw(PROFILE, "t")
    assert classes(drawn).count("need") == 2
    assert {"most 1.0500", "least 0.9500"} <= set(words(drawn))


def test_every_section_is_drawn_before_and_as_cleared() -> None:
    outlines = {each.get("class"): each.get("d") or "" for each in parts(voltages.draw(PROFILE, "t"), "path")}
    assert outlines["flow idle"].count("M") == outlines["flow flowing"].count("M") == 2
    assert len(parts(voltages.draw(PROFILE, "t"), "circle")) == 3


def test_lower_voltages_lie_lower_and_farther_buses_to_the_right() -> None:
    root, near, far = (
        (float(c.get("cx") or 0), float(c.get("cy") or 0)) for c in parts(voltages.draw(PROFILE, "t"), "circle")
    )
    assert root[0] < near[0] < far[0]
    assert root[1] < near[1] < far[1]
    assert (far[0] - root[0]) / (near[0] - root[0]) == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize(("excess", "mark"), [(0, "diamond"), (D("0.01"), "triangle")], ids=["reached", "broken"])
def test_a_bound_has_a_mark_and_the_name_of_the_bus(excess: Decimal, mark: str) -> None:
    profile = replace(PROFILE, voltages=(ROOT, NEAR, replace(FAR, excess=Decimal(excess))))
    drawn = voltages.draw(profile, "t")
    assert [each for each in classes(drawn) if each in {"diamond", "triangle"}] == [mark]
    assert "F 0.9500" in words(drawn)


def test_the_profile_says_what_it_shows() -> None:
    drawn = voltages.draw(PROFILE, "Voltages along feeder east")
    assert parts(drawn, "title")[0].text == "Voltages along feeder east"
    assert parts(drawn, "desc")[0].text == (
        "3 buses between 0.9500 and 1.0500 per unit; lowest 0.9500 at F; highest 1.0000 at R; F is at its bound."
    )


def test_a_feeder_of_one_bus_can_be_drawn() -> None:
    drawn = voltages.draw(Profile("alone", D("0.9"), D("1.1"), (ROOT,)), "t")
    assert "R 1.0000" in words(drawn)
    assert "flow flowing" not in classes(drawn)


def test_names_do_not_stand_on_each_other() -> None:
    twin = replace(FAR, bus="G")
    drawn = voltages.draw(replace(PROFILE, voltages=(ROOT, NEAR, FAR, twin)), "t")
    assert [word for word in words(drawn) if word.endswith(" 0.9500") and not word.startswith("least")] == ["F 0.9500"]


# ---- files


def test_a_picture_of_its_own_has_its_name_space_and_style() -> None:
    root = fromstring(standalone(loading.draw([FULL], "t"), asset("report.css")))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].tag == "{http://www.w3.org/2000/svg}style"
    assert "svg .bid.accepted" in (root[0].text or "")
    assert root[1].text == "t"


def test_a_picture_keeps_what_it_holds() -> None:
    assert standalone(tag("svg", tag("g", "<&"), width=1), asset("report.css")).endswith(b"<g>&lt;&amp;</g></svg>")
