"""The order of elements: how the children of one shape are read, or why they cannot be.

A *shape* is the tags of all children of an element. Whether they stand in the declared order, and as often as declared,
depends on nothing else, so it is found out once per shape and kept as a `Plan`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from lxml import etree

from gateway.errors import Malformed
from profiles.edition import Edition, Field
from profiles.lexical import Simple
from profiles.where import name_of, path_of

Shape = tuple[Any, ...]
"""Tags of all children, qualified; what is no element has something else instead."""

Convert = Callable[[Any, Any], Any]
"""Takes an element and the notes on its document, returns a value."""

_SHAPES = 1024
"""Shapes kept per class; a document of ever new ones is read all the same, only slower."""

_LONGEST_SHAPE = 128


@dataclass(frozen=True, slots=True)
class Column:
    """The reader of one field: ``convert`` takes any node, ``known`` has the values of texts that were met before."""

    convert: Convert
    known: dict[str | None, Any] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the children of one shape: attribute, reader and place of each field.

    The values of ``repeated`` are looked up by their text; ``converted`` and ``runs`` (fields that may repeat, with
    first and last place) need their node. ``singles`` are ``repeated`` and ``converted`` together. ``leaves`` and
    ``schemes`` count the simple elements and those that must have an attribute.
    """

    shape: Shape
    repeated: tuple[tuple[str, dict[str | None, Any], int], ...]
    converted: tuple[tuple[str, Convert, int], ...]
    runs: tuple[tuple[str, Convert, int, int], ...]
    singles: tuple[tuple[str, Convert, int], ...]
    leaves: int
    schemes: int


@dataclass(slots=True)
class Plans:
    """The plans for one class of elements in one edition; ``columns`` go with ``fields``.

    ``latest`` has the plan that was used last for each number of children: most records are like the one before, and
    to compare two shapes is quicker than to look one up.
    """

    edition: Edition
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    latest: dict[int, Plan] = field(default_factory=dict)
    _known: dict[Shape, Plan] = field(default_factory=dict)

    def find(self, node: etree._Element, shape: Shape) -> Plan:
        """Return the plan for *shape*, which *node* has. Raises `Malformed`."""
        plan = self._known.get(shape) or self._plan(node, shape)
        if len(shape) <= _LONGEST_SHAPE:
            self.latest[len(shape)] = plan
            if len(self._known) < _SHAPES:
                self._known[shape] = plan
        return plan

    def _plan(self, node: etree._Element, shape: Shape) -> Plan:
        singles: list[tuple[str, Column, int]] = []
        runs, simple, at = [], [], 0
        for entry, column in zip(self.fields, self.columns, strict=True):
            start, most = at, entry.most or (len(shape) if entry.many else 1)
            while at < len(shape) and shape[at] == entry.qname and at - start < most:
                at += 1
            if at - start < entry.least:
                self._refuse(node, shape, at, entry)
            if entry.most is not None and at - start > entry.most:
                there = path_of(node[start + entry.most], self.edition)
                raise Malformed(there, f"at most {entry.most} <{entry.tag}>", f"{at - start}")
            if entry.many and at > start:
                runs.append((entry.name, column.convert, start, at))
            elif at > start:
                singles.append((entry.name, column, start))
            if isinstance(entry.kind, Simple):
                simple += [entry.kind] * (at - start)
        if at < len(shape):
            self._refuse(node, shape, at, None)
        return Plan(
            shape=shape,
            repeated=tuple((name, column.known, place) for name, column, place in singles if column.known is not None),
            converted=tuple((name, column.convert, place) for name, column, place in singles if column.known is None),
            runs=tuple(runs),
            singles=tuple((name, column.convert, place) for name, column, place in singles),
            leaves=len(simple),
            schemes=sum(kind.attribute is not None and kind.attribute.required for kind in simple),
        )

    def _refuse(self, node: etree._Element, shape: Shape, at: int, wanted: Field | None) -> NoReturn:
        """Say what is wrong at place *at*, where *wanted* (None: nothing more) should stand. Raises `Malformed`."""
        here = path_of(node, self.edition)
        found = f"<{name_of(shape[at])}>" if at < len(shape) else "the end of its parent"
        if wanted is not None and wanted.qname not in shape:
            raise Malformed(f"{here}/{wanted.tag}", f"<{wanted.tag}>", found, "A69")
        there = path_of(node[at], self.edition)
        if all(shape[at] != entry.qname for entry in self.fields):
            raise Malformed(there, f"an element of {here.rpartition('/')[2]}", found)
        if wanted is not None:
            raise Malformed(there, f"<{wanted.tag}> before it", found)
        what = "no more often" if shape[at] == shape[at - 1] else f"before <{name_of(shape[at - 1])}>"
        raise Malformed(there, f"{found} {what}", "it stands here")
