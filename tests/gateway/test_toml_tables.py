"""Values of a market file by their kind: each is read exactly, and what is of another kind is refused with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.errors import Misconfigured
from gateway.time import Resolution
from gateway.toml_tables import build, suggestion


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Inner:
    """A table in a table."""

    number: int
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outer:
    """One field of each kind."""

    flag: bool = False
    number: int = 0
    text: str = ""
    exact: Decimal = Decimal(0)
    wait: timedelta = timedelta()
    step: Resolution = field(default_factory=lambda: Resolution.parse("PT15M"))
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    colour: Colour = Colour.RED
    inner: Inner | None = None
    names: frozenset[str] = frozenset()
    rows: tuple[Inner, ...] = ()
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    colours: Mapping[str, Colour] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("flag", True, True),
        ("number", 7, 7),
        ("text", "seven", "seven"),
        ("exact", 7, Decimal(7)),
        ("exact", Decimal("0.1"), Decimal("0.1")),
        ("wait", "PT45M", timedelta(minutes=45)),
        ("wait", "PT12M30S", timedelta(minutes=12, seconds=30)),
        ("step", "PT60M", Resolution.parse("PT1H")),
        ("step", "P1D", Resolution.parse("P1D")),
        ("zone", "Europe/Oslo", ZoneInfo("Europe/Oslo")),
        ("colour", "green", Colour.GREEN),
        ("inner", {"number": 1}, Inner(number=1)),
        ("inner", {"number": 1, "text": "one"}, Inner(number=1, text="one")),
        ("names", ["a", "b", "a"], frozenset({"a", "b"})),
        ("names", [], frozenset()),
        ("rows", [{"number": 2}, {"number": 1}], (Inner(number=2), Inner(number=1))),
        ("lists", {"C40": ["B16"], "C41": []}, {"C40": frozenset({"B16"}), "C41": frozenset()}),
        ("colours", {"sky": "green"}, {"sky": Colour.GREEN}),
    ],
)
def test_a_value_is_read_as_what_the_field_says(key: str, value: object, read: object) -> None:
    assert getattr(build(Outer, {key: value}, "m"), key) == read


@pytest.mark.parametrize(
    ("table", "path", "expected", "found"),
    [
        ({"flag": 1}, "m.flag", "true or false", "1"),
        ({"number": True}, "m.number", "a whole number", "True"),
        ({"number": "7"}, "m.number", "a whole number", "'7'"),
        ({"number": Decimal("7.0")}, "m.number", "a whole number", "Decimal('7.0')"),
        ({"text": 7}, "m.text", "a text", "7"),
        ({"exact": "7"}, "m.exact", "a number", "'7'"),
        ({"exact": False}, "m.exact", "a number", "False"),
        ({"wait": "P1M"}, "m.wait", "a duration such as PT45M", "'P1M'"),
        ({"wait": "soon"}, "m.wait", "a duration such as PT45M", "'soon'"),
        ({"wait": 45}, "m.wait", "a duration such as PT45M", "45"),
        ({"step": "15"}, "m.step", "a duration such as PT15M or P1D", "'15'"),
        ({"zone": "Mars"}, "m.zone", "a time zone of the IANA list", "'Mars'"),
        ({"zone": ""}, "m.zone", "a time zone of the IANA list", "''"),
        ({"zone": "../UTC"}, "m.zone", "a time zone of the IANA list", "'../UTC'"),
        ({"colour": "reed"}, "m.colour", "one of red, green (did you mean red?)", "'reed'"),
        ({"colour": 3}, "m.colour", "one of red, green", "3"),
        ({"inner": 3}, "m.inner", "a table", "3"),
        ({"inner": {}}, "m.inner.number", "a value", "nothing"),
        ({"inner": {"numbr": 1}}, "m.inner.numbr", "a known key (did you mean number?)", "numbr"),
        ({"names": "a"}, "m.names", "a list", "'a'"),
        ({"names": ["a", 1]}, "m.names[2]", "a text", "1"),
        ({"rows": [{"number": 1}, {"number": "x"}]}, "m.rows[2].number", "a whole number", "'x'"),
        ({"rows": [1]}, "m.rows[1]", "a table", "1"),
        ({"lists": []}, "m.lists", "a table", "[]"),
        ({"lists": {"C40": "B16"}}, "m.lists.C40", "a list", "'B16'"),
        ({"lists": {"C40": [16]}}, "m.lists.C40[1]", "a text", "16"),
        ({"colours": {"sky": "blue"}}, "m.colours.sky", "one of red, green", "'blue'"),
        ({"zebra": 1}, "m.zebra", "a known key", "zebra"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_place(
    table: dict[str, Any], path: str, expected: str, found: str
) -> None:
    with pytest.raises(Misconfigured) as refusal:
        build(Outer, table, "m")
    assert (refusal.value.path, refusal.value.expected, refusal.value.found) == (path, expected, found)


def test_what_has_a_default_may_be_left_out_and_what_has_none_may_not() -> None:
    assert build(Outer, {}, "m") == Outer()
    with pytest.raises(Misconfigured) as refusal:
        build(Inner, {"text": "one"}, "m")
    assert (refusal.value.path, refusal.value.found) == ("m.number", "nothing")
    with pytest.raises(Misconfigured) as refusal:
        build(Inner, ["number"], "m")
    assert (refusal.value.path, refusal.value.expected) == ("m", "a table")


@pytest.mark.parametrize(
    ("name", "known", "words"),
    [
        ("prize_cap", ["price_cap", "price_floor"], " (did you mean price_cap?)"),
        ("zebra", ["price_cap"], ""),
        ("x", [], ""),
        ("", ["a"], ""),
    ],
)
def test_the_nearest_known_name_is_offered(name: str, known: list[str], words: str) -> None:
    assert suggestion(name, known) == words
