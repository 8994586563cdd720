"""OE-001 and OE-002: whose resources an envelope limits, and its bounds at the point where they cross."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from gateway.report import Level
from profiles import markets, parse
from profiles.rules.engine import check
from tests.profiles.rules.cases import broken, judged, said

EDDIE = Path(__file__).resolve().parents[2] / "data" / "eddie_operating_envelope" / "1.12"
FIRST = "Envelope_Series[1]"
RESOURCE = f"{FIRST}/registeredResource.mRID"
ONE, TWO = "A01:10WUNIT-ONE----3", "A01:10WUNIT-TWO----P"
RIVER, NORTH = "A01:10XDSO-RIVER---L", "A01:10XTSO-NORTH---B"


# ------------------------------------------------------------------------------------------------------------ OE-001
@pytest.mark.parametrize("series", [1, 2])
@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ("10WUNIT-ONE----3", None),
        ("10WUNIT-TWO----P", f"one in the grid of {NORTH}"),
        ("10WFEEDER-ONE--K", "one that is not registered"),
    ],
)
def test_a_resource_is_in_the_grid_of_the_sender(series: int, resource: str, found: str | None) -> None:
    place = f"Envelope_Series[{series}]/registeredResource.mRID"
    told = ("OE-001", "A64", f"/{place}", f"a resource in the grid of {RIVER}", found)
    assert said("envelopes", ("set", place, resource)) == ([told] if found else [])


def test_the_registration_decides_not_the_document() -> None:
    moved = {ONE: {"operator": NORTH}}
    assert broken("envelopes", resources=moved) == ["OE-001", "OE-001"]
    steps = [
        ("set", "sender_MarketParticipant.mRID", NORTH.removeprefix("A01:")),
        ("set", "sender_MarketParticipant.marketRole.type", "A49"),
    ]
    assert broken("envelopes", *steps, resources=moved) == []
    assert broken("envelopes", *steps) == ["OE-001", "OE-001"]


def test_the_scheme_is_a_part_of_the_name_of_a_resource() -> None:
    assert "OE-001" in broken("envelopes", ("attribute", RESOURCE, "codingScheme", "NNO"))


def test_without_a_registry_nothing_is_said_of_resources() -> None:
    report = judged("envelopes", ("set", RESOURCE, "10WUNIT-TWO----P"), resources="unknown")
    assert report.clean
    assert [line for line in report.assumptions if "OE-001" in line] == [
        "OE-001 not checked: which resources are registered is not known"
    ]


# ------------------------------------------------------------------------------------------------------------ OE-002
@pytest.mark.parametrize(
    ("least", "greatest", "wrong"),
    [
        ("-2", "3.5", False),
        ("3.5", "3.50", False),
        ("3.5001", "3.5", True),
        ("0", "-0.1", True),
        ("-3", "-4", True),
        ("-4", "-3", False),
        ("0", "0", False),
    ],
)
def test_the_least_is_not_above_the_greatest(least: str, greatest: str, *, wrong: bool) -> None:
    point = f"{FIRST}/Period[1]/Point[1]"
    report = judged(
        "envelopes",
        ("set", f"{point}/min_Quantity.quantity", least),
        ("set", f"{point}/max_Quantity.quantity", greatest),
    )
    found = [(row.rule, row.code, row.level, row.expected, row.found, str(row.interval)) for row in report.findings]
    slot = "2026-06-15T10:00Z/2026-06-15T10:15Z"
    told = ("OE-002", "A42", Level.INTERVAL, f"at most {greatest}, the greatest", least, slot)
    assert found == ([told] if wrong else [])


def test_what_is_left_out_is_no_bound() -> None:
    point = f"{FIRST}/Period[1]/Point[1]"
    assert broken("envelopes", ("set", f"{point}/min_Quantity.quantity", "99")) == ["OE-002"]
    for gone in ("min", "max"):
        steps = [("set", f"{point}/min_Quantity.quantity", "99"), ("drop", f"{point}/{gone}_Quantity.quantity")]
        assert broken("envelopes", *steps) == []


@pytest.mark.parametrize(
    ("unit", "wrong"), [("MAW", False), ("KWT", False), ("A90", False), ("MWH", True), ("KWH", True), ("P1", True)]
)
def test_an_envelope_is_in_a_unit_of_power(unit: str, *, wrong: bool) -> None:
    place = f"{FIRST}/quantity_Measurement_Unit.name"
    told = ("OE-002", "A42", f"/{place}", "a unit of active power", unit)
    assert said("envelopes", ("set", place, unit)) == ([told] if wrong else [])


@pytest.mark.parametrize("step", [("drop", f"{FIRST}/signConvention"), ("set", f"{FIRST}/signConvention", "up")])
def test_the_reader_tells_where_the_sign_convention_is_not_known(step: tuple[str, ...]) -> None:
    ((rule, _, place, *_),) = said("envelopes", step)
    assert rule in {"GEN-004", "GEN-005"}
    assert place == f"/{FIRST}/signConvention"


def test_bounds_cross_in_an_envelope_of_eddie_too() -> None:
    (path,) = [one for one in EDDIE.glob("own-*.xml") if not one.name.endswith(".fail.xml")]
    root = etree.fromstring(path.read_bytes())
    point = next(point for point in root.iter("{*}Point") if len(point) > len(("position", "one bound")))
    least, greatest = (next(point.iter(f"{{*}}{name}_Quantity.quantity")) for name in ("min", "max"))
    rules = []
    for value in (str(greatest.text), "1000000"):
        least.text = value
        parsed = parse(etree.tostring(root))
        report = check(parsed.document, parsed.edition, markets.load("project"))
        rules.append([(one.rule, one.found) for one in report.findings if one.rule == "OE-002"])
    assert rules == [[], [("OE-002", "1000000")]]


# ------------------------------------------------------------------------------------------------------------ OE-003
def test_an_interval_that_ends_a_minute_early_is_told_as_in_every_document() -> None:
    """Public envelopes end a day at 23:59."""
    found = said("envelopes", ("set", f"{FIRST}/Period[2]/timeInterval/end", "2026-06-15T11:59Z"))
    assert found == [("TS-006", "A41", f"/{FIRST}/Period[2]/resolution", "a length that divides 0:59:00", "PT60M")]
