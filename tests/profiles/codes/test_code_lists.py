"""The code lists hold exactly the published values, and speak of them in their own words."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from gateway.errors import Misconfigured
from profiles import codes

ENUMERATION = "{http://www.w3.org/2001/XMLSchema}enumeration"
SIMPLE_TYPE = "{http://www.w3.org/2001/XMLSchema}simpleType"


def published(path: Path) -> dict[str, frozenset[str]]:
    """Read the enumerations of a code list schema, by the name of their simple type."""
    root = etree.parse(path).getroot()
    return {
        kind.get("name", ""): frozenset(value.get("value", "") for value in kind.iter(ENUMERATION))
        for kind in root.iter(SIMPLE_TYPE)
    }


@pytest.fixture(scope="module")
def documents(reference_data: Path) -> Path:
    return reference_data / "documents"


def test_every_list_of_release_94_has_the_published_values(documents: Path) -> None:
    lists = json.loads((documents / "codelist_v94.json").read_text("utf-8"))
    assert {name.removeprefix("Standard") for name in lists} == set(codes.names())
    for name, entry in lists.items():
        ours = codes.lookup(name.removeprefix("Standard"))
        assert ours.values == frozenset(entry["codes"]), name
        assert ours.uid == (entry["uid"] or "").strip(), name


def test_every_list_of_release_91_has_the_published_values(documents: Path) -> None:
    older = published(documents / "schemas/overlay_nbm_v91/urn-entsoe-eu-wgedi-codelists.xsd")
    for name in codes.names():
        assert codes.lookup(name, release=91).values == older.get(f"Standard{name}", frozenset()), name


def test_the_nordic_overlay_adds_the_published_local_codes_and_no_placeholder(documents: Path) -> None:
    local = published(documents / "schemas/overlay_nbm_v91/urn-entsoe-eu-local-extension-types.xsd")
    for name in codes.names():
        added = codes.lookup(name, "nbm").values - codes.lookup(name, release=91).values
        short = name.removesuffix("List")
        assert added == frozenset(code for code in local.get(f"Local{short}", ()) if code.startswith("Z")), name


@pytest.mark.parametrize(
    ("overlay", "folder", "lists"),
    [
        ("ediel", "ediel_dk_datahub/in", ["Message", "Process", "Role", "UnitOfMeasure", "CodingScheme", "Quality"]),
        ("eddie", "eddie/v1_04", ["Message", "Role", "ReasonCode"]),
        ("recmmoe", "eddie/v1_12", ["Role", "Quality", "Curve", "Direction", "CodingScheme"]),
    ],
)
def test_every_code_that_a_framework_publishes_is_known_under_its_overlay(
    overlay: str, folder: str, lists: list[str], documents: Path
) -> None:
    standard = published(documents / "schemas" / folder / "urn-entsoe-eu-wgedi-codelists.xsd")
    local = published(documents / "schemas" / folder / "urn-entsoe-eu-local-extension-types.xsd")
    for name in lists:
        own = codes.lookup(name, overlay).values
        assert standard[f"Standard{name}TypeList"] <= own, name
        assert local.get(f"Local{name}Type", frozenset()) <= own, name


def test_a_meaning_is_never_the_published_definition(documents: Path) -> None:
    lists = json.loads((documents / "codelist_v94.json").read_text("utf-8"))
    for name, entry in lists.items():
        ours = codes.lookup(name.removeprefix("Standard"))
        for code, text in entry["codes"].items():
            definition = text["definition"].strip().rstrip(".").lower()
            assert (ours.meaning(code) or "").lower() not in {definition} - {""}, (name, code)


def words(file: str) -> dict[str, dict[str, str]]:
    """Return the meanings that a data file holds, by list."""
    data = tomllib.loads((files(codes) / file).read_text("utf-8"))
    if "lists" not in data:
        return data
    return {name: entry.get("meanings", {}) for name, entry in data["lists"].items()}


@pytest.mark.parametrize(
    ("file", "overlay"), [("meanings.toml", None), ("nbm_91.toml", "nbm"), ("ediel_91.toml", "ediel")]
)
def test_a_meaning_belongs_to_a_code_that_exists(file: str, overlay: str | None) -> None:
    for name, meanings in words(file).items():
        ours = codes.lookup(name, overlay)
        for code, meaning in meanings.items():
            assert ours.meaning(code) == meaning, (name, code)


@pytest.mark.parametrize(
    ("name", "code", "overlay", "known"),
    [
        ("MessageTypeList", "A37", None, True),
        ("MessageTypeList", "A29", None, False),  # the number was never given
        ("MessageTypeList", "B21", None, True),
        ("ReasonCodeTypeList", "999", None, True),
        ("ReasonCodeTypeList", "Z58", None, False),
        ("ReasonCodeTypeList", "Z58", "nbm", True),
        ("ReasonCodeTypeList", "B83", None, True),
        ("ReasonCodeTypeList", "B83", "nbm", False),  # newer than the release of the overlay
        ("UnitOfMeasureTypeList", "A01", None, False),  # the placeholder of the published extension file
        ("CurrencyTypeList", "XXQ", "nbm", False),  # the published Nordic extension lets any word pass
        ("IndicatorTypeList", "MAYBE", "nbm", False),
        ("DirectionTypeList", "a01", None, False),
        ("DirectionTypeList", " A01", None, False),
        ("EnergyProductTypeList", "8716867000016", None, True),
    ],
)
def test_a_value_is_known_or_not(name: str, code: str, overlay: str | None, *, known: bool) -> None:
    assert (code in codes.lookup(name, overlay)) is known


def test_a_list_iterates_in_order_and_knows_its_length() -> None:
    directions = codes.lookup("DirectionTypeList")
    assert list(directions) == ["A01", "A02", "A03", "A04"]
    assert len(directions) == 4


def test_a_list_says_what_it_is() -> None:
    reasons = codes.lookup("ReasonCodeTypeList", "nbm")
    assert (reasons.name, reasons.uid, reasons.release, reasons.overlay) == ("ReasonCodeTypeList", "ET0015", 91, "nbm")


def test_a_code_outside_the_list_has_no_meaning() -> None:
    assert codes.lookup("MarketProductTypeList").meaning("A13") == "static product"
    assert codes.lookup("MarketProductTypeList", release=91).meaning("A13") is None
    assert codes.lookup("MarketProductTypeList").meaning("A99") is None


def test_a_list_is_read_once() -> None:
    assert codes.lookup("RoleTypeList") is codes.lookup("RoleTypeList")


def test_the_short_name_of_a_list_is_the_same_list() -> None:
    assert codes.lookup("Business", "nbm") is codes.lookup("BusinessTypeList", "nbm")
    assert codes.lookup("UnitSymbol").name == "UnitSymbol"


def test_overlays_are_found_by_their_files() -> None:
    assert codes.overlays() == ("eddie", "ediel", "nbm", "recmmoe")


@pytest.mark.parametrize(
    ("name", "overlay", "release", "path"),
    [
        ("StandardRoleTypeList", None, None, "code list"),
        ("RoleTypeList", "nordic", None, "overlay"),
        ("RoleTypeList", "entsoe", None, "overlay"),
        ("RoleTypeList", None, 93, "code list release"),
        ("RoleTypeList", None, 0, "code list release"),
        ("RoleTypeList", "nbm", 94, "code list release"),
    ],
)
def test_what_does_not_exist_is_refused(name: str, overlay: str | None, release: int | None, path: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        codes.lookup(name, overlay, release)
    assert refusal.value.path == path
