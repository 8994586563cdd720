"""Each edition has the elements, order, cardinality, types and facets of the published schema."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from profiles.edition import Edition
from profiles.lexical import Simple
from profiles.registry import EDITIONS
from profiles.wire import elements, places
from tests.schema_trees import tree_of

_LINE = re.compile(r"(?P<indent> *)(?P<tag>\S+) \[(?P<least>\d+)\.\.(?P<most>\S+)\] : (?P<kind>\S+)")


def declared(edition: Edition, cls: type[Any], depth: int = 1) -> list[str]:
    lines = []
    for field in edition.fields(cls):
        line = f"{'  ' * depth}{field.tag} [{field.least}..{field.most or ('*' if field.many else '1')}]"
        if isinstance(field.kind, Simple):
            lines.append(f"{line} {field.kind.codes or field.kind.name}{_facet(field.kind)}")
        else:
            lines += [line, *declared(edition, field.kind, depth + 1)]
    return lines


def _facet(kind: Simple[Any]) -> str:
    return f"@{kind.attribute.name}" if kind.attribute else ""


def published(tree: str) -> list[str]:
    lines = tree.splitlines()[2:]
    found = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        match = _LINE.match(line)
        assert match, line
        compound = len(following) - len(following.lstrip()) > len(match["indent"])
        start = f"{match['indent']}{match['tag']} [{match['least']}..{match['most']}]"
        found.append(start if compound else f"{start} {_simple(line)}")
    return found


def _simple(line: str) -> str:
    kind = line.split(" : ")[1]
    codes = re.match(r"\w+<e?cl:(\w+)>", kind)
    if codes:
        return codes[1]
    return re.split(r"[\[<{ ]", kind)[0] + "".join(re.findall(r"@\w+", line))


def lengths(edition: Edition, cls: type[Any]) -> set[tuple[str, int | None]]:
    """Return name and greatest length of each simple type of *cls*."""
    return {(f.kind.name, f.kind.longest) for f in edition.fields(cls) if isinstance(f.kind, Simple)}


PUBLISHED = [edition for edition in EDITIONS if not edition.namespace.startswith("urn:tso-dso-gateway:")]
"""All but the project's own documents, whose declaration is their only text."""


def test_the_own_documents_are_those_of_grid_constraints() -> None:
    assert {edition.root for edition in EDITIONS} - {edition.root for edition in PUBLISHED} == {
        "ConstraintTable_MarketDocument",
        "ResourceOperatingEnvelope_MarketDocument",
    }


@cache
def published_trees(reference_data: Path) -> dict[str, str]:
    """Return the tree of each namespace; where none comes with the data, that of the schema itself."""
    documents = reference_data / "documents"
    texts = [path.read_text() for path in (documents / "structures").glob("*.txt")]
    texts += [tree_of(path) for path in (documents / "schemas" / "eddie").glob("*/vhd/*.xsd")]
    return {text.splitlines()[0].rpartition(" ns=")[2]: text for text in texts}


@pytest.mark.parametrize("edition", PUBLISHED, ids=str)
def test_the_declaration_is_the_tree_of_the_published_schema(edition: Edition, reference_data: Path) -> None:
    trees = [published_trees(reference_data)[edition.namespace]]
    assert trees[0].splitlines()[1].split()[1] == edition.root
    assert declared(edition, edition.document) == published(trees[0])


@pytest.mark.parametrize("edition", PUBLISHED, ids=str)
def test_an_identifier_may_be_as_long_as_the_schema_says(edition: Edition, reference_data: Path) -> None:
    registry = (reference_data / "documents" / "schemas" / "namespaces.csv").read_text().splitlines()
    row = next(line.split(",") for line in registry if line.startswith(edition.namespace + ","))
    found = {entry for cls in elements(edition.document) for entry in lengths(edition, cls)}
    lengths_found = {longest for name, longest in found if name == "ID_String" and longest}
    assert lengths_found == ({int(row[3])} if row[3] else set())


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_every_difference_of_an_edition_names_an_element(edition: Edition) -> None:
    known = {
        key for cls in elements(edition.document) for _, p in places(cls) for key in (p.tag, f"{cls.__name__}/{p.tag}")
    }
    named = {*edition.rename, *edition.without, *edition.added, *edition.last, *edition.least}
    assert named <= known
