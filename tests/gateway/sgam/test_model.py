"""The values of an architecture model: what they refuse, and their JSON form."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from gateway import canonical_json
from gateway.errors import InvalidValue, Malformed
from gateway.sgam.model import (
    Architecture,
    Business,
    Component,
    Function,
    Information,
    Layer,
    Link,
    Relates,
    Relation,
    Security,
)
from tests.gateway.sgam.small import PEER, SELLS, SMALL


def test_a_model_is_read_as_it_was_written() -> None:
    text = canonical_json.write(SMALL)
    assert canonical_json.read(Architecture, text) == SMALL
    assert canonical_json.write(canonical_json.read(Architecture, text)) == text


def test_the_json_form_names_its_schema_first() -> None:
    assert canonical_json.write(SMALL).startswith('{\n  "schema": "gateway-sgam/1",\n')


WRONG: dict[str, tuple[Callable[[], Architecture], str]] = {
    "another schema": (lambda: replace(SMALL, schema="gateway-sgam/0"), "gateway-sgam/0"),
    "an id twice in a layer": (lambda: replace(SMALL, components=(*SMALL.components, PEER)), "peer"),
    "an id in two layers": (lambda: replace(SMALL, businesses=(SELLS, replace(SELLS, id="link"))), "link"),
    "a relation to nothing": (
        lambda: replace(SMALL, relations=(Relation("link", Relates.JOINS, "elsewhere"),)),
        "elsewhere",
    ),
    "a relation from nothing": (
        lambda: replace(SMALL, relations=(Relation("nobody", Relates.USES, "step 1"),)),
        "nobody",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_contradicts_itself_is_refused(case: str) -> None:
    build, found = WRONG[case]
    with pytest.raises(InvalidValue) as caught:
        build()
    assert caught.value.found == found


def test_a_file_of_another_schema_is_the_fault_of_who_wrote_it() -> None:
    text = canonical_json.write(SMALL).replace("gateway-sgam/1", "gateway-sgam/9")
    with pytest.raises(Malformed) as caught:
        canonical_json.read(Architecture, text)
    assert (caught.value.expected, caught.value.found) == ("gateway-sgam/1", "gateway-sgam/9")


def test_each_layer_has_its_entries() -> None:
    assert {layer: [entry.id for entry in entries] for layer, entries in SMALL.layers().items()} == {
        Layer.COMPONENT: ["gateway", "peer"],
        Layer.COMMUNICATION: ["link"],
        Layer.INFORMATION: ["bids in"],
        Layer.FUNCTION: ["step 1", "step 2"],
        Layer.BUSINESS: ["seller"],
    }


def test_relations_are_followed_by_kind() -> None:
    assert SMALL.related("seller", Relates.USES) == ("step 1",)
    assert SMALL.related("seller", Relates.ACTS_THROUGH) == ("peer",)
    assert SMALL.related("link", Relates.JOINS) == ("gateway", "peer")
    assert SMALL.related("gateway", Relates.JOINS) == ()


# ---- what is documented

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "sgam-export.md"


@pytest.mark.parametrize("kind", [Architecture, Component, Link, Security, Information, Function, Business])
def test_every_field_of_the_form_is_documented_and_no_other_is(kind: type) -> None:
    sections = re.split(r"^## `(\w+)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[kind.__name__]
    rows = re.findall(r"^\| (`.*?) \|", section.partition("| kind of relation")[0], re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == [each.name for each in fields(kind)]


@pytest.mark.parametrize("kind", Relates)
def test_every_kind_of_relation_is_documented(kind: Relates) -> None:
    assert f"| `{kind}` |" in PAGE.read_text(encoding="utf-8")
