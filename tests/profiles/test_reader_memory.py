"""What the reader remembers of values that it met: how long a text may be, and how many are kept."""

from __future__ import annotations

import pytest
from lxml import etree

from profiles import reader
from profiles.lexical import STRING
from profiles.registry import EDITIONS
from profiles.where import Places


@pytest.mark.parametrize(("length", "kept"), [(0, False), (1, True), (63, True), (64, True), (65, False)])
def test_short_texts_are_remembered_and_long_ones_are_not(length: int, *, kept: bool) -> None:
    column = reader._repeated(STRING, None)
    node = etree.fromstring(f"<a>{'x' * length}</a>")
    assert column.convert(node, reader.Notes(Places(EDITIONS[0]))) == "x" * length
    assert column.known == ({"x" * length: "x" * length} if kept else {})


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, 1), (1, 2), (8191, 8192), (8192, 1), (8193, 1)],
    ids=["none", "one", "room", "full", "over"],
)
def test_a_full_memory_is_emptied(before: int, after: int) -> None:
    known: dict[object, object] = dict.fromkeys(range(before))
    reader._remember(known, "new", 1)
    assert (len(known), known["new"]) == (after, 1)
