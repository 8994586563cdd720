"""Every coded element has the values that the schema gives it, in every edition.

Random documents would find a wrong list late where the right one is part of it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from profiles import codes
from profiles.edition import Edition
from profiles.lexical import Simple
from tests.agreement.editions import PUBLISHED, oracle_of, overlay_of
from tests.agreement.schema import Branch, Leaf, Values

Coded = tuple[str, str, Values]
"""Path of an element or attribute, the code list that is declared, the values of the schema."""


def coded_places(edition: Edition, cls: type[Any], branch: Branch, path: str) -> Iterator[Coded]:
    """Walk declaration and schema side by side."""
    for field, child in zip(edition.fields(cls), branch.children, strict=True):
        here = f"{path}/{child.name}"
        most = field.most if field.many else 1
        assert (field.tag, field.least, most) == (child.name, child.least, child.most), here
        if isinstance(child.content, Branch):
            assert isinstance(field.kind, type), here
            yield from coded_places(edition, field.kind, child.content, here)
        else:
            assert isinstance(field.kind, Simple), here
            yield from _of_leaf(field.kind, child.content, here)


def _of_leaf(kind: Simple[Any], leaf: Leaf, path: str) -> Iterator[Coded]:
    assert set(kind.allowed) == (set() if kind.codes else set(leaf.values.words)), path
    if kind.codes:
        yield path, kind.codes, leaf.values
    if leaf.attributes or kind.attribute:
        declared = kind.attribute
        assert declared is not None, path
        assert [*leaf.attributes] == [declared.name], path
        assert declared.required == (declared.name not in leaf.optional), path
        if declared.fixed is None:
            yield f"{path}/@{declared.name}", declared.codes, leaf.attributes[declared.name]
        else:
            assert leaf.attributes[declared.name].words == (declared.fixed,), path


@pytest.mark.parametrize("compared", [known for known in PUBLISHED if known.lists is None], ids=str)
def test_every_coded_element_has_the_values_of_the_schema(compared: Edition, reference_data: Path) -> None:
    overlay = overlay_of(compared)
    places = list(coded_places(compared, compared.document, oracle_of(compared, reference_data).schema.branch, ""))
    assert len(places) > 5
    for path, name, values in places:
        local = {word for word in values.local if word.startswith("Z")} if overlay else set()
        assert codes.lookup(name, overlay).values == {*values.words} - values.local | local, path


@pytest.mark.parametrize("compared", [known for known in PUBLISHED if known.lists], ids=str)
def test_an_edition_with_lists_of_its_own_lacks_no_code_of_its_schema(compared: Edition, reference_data: Path) -> None:
    """It may know more: the schema repeats lists of another release (no. 17 of the known exceptions)."""
    places = list(coded_places(compared, compared.document, oracle_of(compared, reference_data).schema.branch, ""))
    assert len(places) > 5
    for path, name, values in places:
        assert {word.strip() for word in values.words} - codes.lookup(name, compared.lists).values <= {"Axx"}, path
