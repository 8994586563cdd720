"""A document to bytes, derived from the declaration.

Rules
1. Elements stand in the order of the edition; absent values are left out.
2. Nothing wrong is written: a value that the edition has no place for, a missing one, one outside its facet or code
   list, a naive instant, a number that is not finite are refused: `Unwritable`, with the path.
3. The bytes are always the same for the same document: UTF-8 with its declaration, two blanks per level, the
   namespace as the default one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gateway.errors import Unwritable
from profiles import codes
from profiles.edition import Edition, Field
from profiles.lexical import Coded, NotLexical, Simple

_ESCAPED = re.compile("[&<>\r]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(document: object, edition: Edition, *, overlay: str | None = None) -> bytes:
    """Return *document* as *edition* has it; ``overlay`` names the market's local codes.

    Raises `Unwritable`.
    """
    if type(document) is not edition.document:
        raise Unwritable(f"/{edition.root}", f"a {edition.document.__name__}", type(document).__name__)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{edition.root} xmlns="{edition.namespace}">']
    _Writer(edition, edition.lists or overlay, lines).record(document, (None, edition.root, 0), "  ")
    lines.append(f"</{edition.root}>\n")
    return "\n".join(lines).encode("utf-8")


Place = tuple[Any, str, int]
"""Where an element stands: place of its parent (None for the root), tag, number from 1 where it may repeat, else 0."""


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes records of one edition under one code book, as lines.

    ``known`` has the lines of codes and identifiers that were written before in this document.
    """

    edition: Edition
    overlay: str | None
    lines: list[str]
    known: dict[tuple[str, str | Coded], str] = field(default_factory=dict)

    def record(self, record: object, place: Place, indent: str) -> None:
        """Add the lines between the tags of a compound element."""
        self._refuse_homeless(record, place)
        for entry in self.edition.fields(type(record)):
            value = getattr(record, entry.name)
            values = value if entry.many else () if value is None else (value,)
            self._require_number(entry, len(values), place)
            for number, one in enumerate(values, 1):
                here = place, entry.tag, number if entry.many else 0
                if isinstance(entry.kind, Simple):
                    self.lines.append(indent + self._leaf(entry.tag, entry.kind, one, here))
                elif type(one) is not entry.kind:
                    raise Unwritable(_path(here), f"a {entry.kind.__name__}", type(one).__name__)
                else:
                    self.lines.append(f"{indent}<{entry.tag}>")
                    self.record(one, here, indent + "  ")
                    self.lines.append(f"{indent}</{entry.tag}>")

    def _require_number(self, entry: Field, number: int, place: Place) -> None:
        if number < entry.least:
            raise Unwritable(_path((place, entry.tag, 0)), f"at least {entry.least} in {self.edition}", str(number))
        if entry.most is not None and number > entry.most:
            raise Unwritable(_path((place, entry.tag, 0)), f"at most {entry.most} in {self.edition}", str(number))

    def _refuse_homeless(self, record: object, place: Place) -> None:
        """Refuse a value for which the edition has no element."""
        for name, tag in self.edition.absent(type(record)):
            value = getattr(record, name)
            if value not in (None, ()):
                raise Unwritable(_path((place, tag, 0)), f"no such element in {self.edition}", repr(value))

    def _leaf(self, tag: str, kind: Simple[Any], value: object, place: Place) -> str:
        if (kind.codes or kind.attribute) and isinstance(value, (str, Coded)):
            line = self.known.get((tag, value))
            if line is None:
                line = self.known[tag, value] = self._element(tag, kind, value, place)
            return line
        return self._element(tag, kind, value, place)

    def _element(self, tag: str, kind: Simple[Any], value: object, place: Place) -> str:
        text = self._text(kind, value, place)
        attribute = kind.attribute
        mark = attribute.get(value) if attribute else ""
        if attribute is None or not (mark or attribute.required):
            return f"<{tag}>{text}</{tag}>"
        here = f"@{attribute.name}"
        if attribute.fixed not in {None, mark}:
            raise Unwritable(_path((place, here, 0)), str(attribute.fixed), repr(mark))
        self._require_code(attribute.codes, mark, (place, here, 0))
        return f'<{tag} {attribute.name}="{mark}">{text}</{tag}>'

    def _text(self, kind: Simple[Any], value: object, place: Place) -> str:
        """Return the text of a value, checked and escaped."""
        try:
            text = kind.write(value)
            wanted = kind.facet(value)
        except NotLexical as error:
            raise Unwritable(_path(place), str(error), repr(value)) from error
        except (AttributeError, TypeError) as error:
            raise Unwritable(_path(place), f"a value of {kind.name}", repr(value)) from error
        if wanted is not None or _NOT_XML.search(text):
            raise Unwritable(_path(place), wanted or "characters that XML allows", repr(value))
        if kind.codes is not None:
            self._require_code(kind.codes, text, place)
        return text.translate(_ESCAPES) if _ESCAPED.search(text) else text

    def _require_code(self, name: str, value: str, place: Place) -> None:
        if value not in codes.lookup(name, self.overlay):
            raise Unwritable(_path(place), f"a value of {name}", repr(value))


def _path(place: Place) -> str:
    parent, tag, number = place
    step = f"/{tag}[{number}]" if number else f"/{tag}"
    return step if parent is None else _path(parent) + step
