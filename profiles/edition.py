"""Editions of a document: its declaration, and how each published edition differs from it.

An edition is named by its namespace string, compared exactly: strings of the same family end in a colon, change
their case or lack a prefix, so no pattern can stand for them. Differences name an element by its tag, or by
``Class/tag`` where a tag occurs in several classes.

==========  ===============================================================================
``rename``  declared tag -> the edition's tag
``without`` declared elements that the edition does not have
``added``   elements declared ``later`` that the edition has
``last``    elements that the edition moves to the end of their parent
``kinds``   name of a simple type, or one element -> the edition's type (``ID_String`` 35, 60)
``least``   element -> least number of times, where the edition wants more or fewer
``lists``   overlay of the code lists that belong to the edition in every market (`profiles.codes`)
==========  ===============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from profiles.lexical import Simple
from profiles.wire import Kind, Place, elements, places

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field:
    """One element as one edition has it.

    ``name``: attribute of the Python class. ``tag``: local name. ``qname``: ``{namespace}tag``, as lxml says it.
    """

    name: str
    tag: str
    qname: str
    kind: Kind
    least: int
    many: bool
    most: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """One published edition of the document class ``document``; ``name`` is short, such as ``7.4`` or ``7.2-nbm``.

    Two editions are equal only if they are the same object.
    """

    document: type[Any]
    name: str
    root: str
    namespace: str
    rename: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    last: tuple[str, ...] = ()
    kinds: Mapping[str, Simple[Any]] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    lists: str | None = None

    def __str__(self) -> str:
        """Return root and name."""
        return f"{self.root} {self.name}"

    def fields(self, cls: type[Any]) -> tuple[Field, ...]:
        """Return the fields of *cls* in the order in which this edition has them."""
        return self._tables[cls]

    def absent(self, cls: type[Any]) -> tuple[tuple[str, str], ...]:
        """Return attribute and declared tag of the fields of *cls* that this edition does not have."""
        return self._gaps[cls]

    @cached_property
    def _gaps(self) -> Mapping[type[Any], tuple[tuple[str, str], ...]]:
        own = {cls: {entry.name for entry in table} for cls, table in self._tables.items()}
        return {
            cls: tuple((name, place.tag) for name, place in places(cls) if name not in names)
            for cls, names in own.items()
        }

    @cached_property
    def _tables(self) -> Mapping[type[Any], tuple[Field, ...]]:
        """The field table of every class of the document, built once."""
        return {cls: self._table(cls) for cls in elements(self.document)}

    def _table(self, cls: type[Any]) -> tuple[Field, ...]:
        declared = ((name, place, (place.tag, f"{cls.__name__}/{place.tag}")) for name, place in places(cls))
        kept = [(name, place, keys) for name, place, keys in declared if self._has(place, keys)]
        moved = {key: at for at, key in enumerate(self.last, 1)}
        kept.sort(key=lambda entry: _difference(moved, entry[2], 0))
        return tuple(self._field(name, place, keys) for name, place, keys in kept)

    def _has(self, place: Place, keys: tuple[str, ...]) -> bool:
        return self.without.isdisjoint(keys) and not (place.later and self.added.isdisjoint(keys))

    def _field(self, name: str, place: Place, keys: tuple[str, ...]) -> Field:
        tag = _difference(self.rename, keys, place.tag)
        kind = place.kind
        if isinstance(kind, Simple):
            kind = _difference(self.kinds, (*keys, kind.name), kind)
        least = _difference(self.least, keys, place.least)
        return Field(name, tag, f"{{{self.namespace}}}{tag}", kind, least, place.many, place.most)


def _difference(differences: Mapping[str, T], keys: tuple[str, ...], declared: T) -> T:
    return next((differences[key] for key in keys if key in differences), declared)
