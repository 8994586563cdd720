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
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gateway.errors import Unwritable
from profiles import codes
from profiles.edition import Edition
from profiles.lexical import NotLexical, Simple

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(document: object, edition: Edition, *, overlay: str | None = None) -> bytes:
    """Return *document* as *edition* has it; ``overlay`` names the market's local codes.

    Raises `Unwritable`.
    """
    if type(document) is not edition.document:
        raise Unwritable(f"/{edition.root}", f"a {edition.document.__name__}", type(document).__name__)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{edition.root} xmlns="{edition.namespace}">',
        *_Writer(edition, overlay).record(document, f"/{edition.root}", "  "),
        f"</{edition.root}>\n",
    ]
    return "\n".join(lines).encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes records of one edition under one code book."""

    edition: Edition
    overlay: str | None

    def record(self, record: object, path: str, indent: str) -> Iterator[str]:
        """Yield the lines between the tags of a compound element."""
        self._refuse_homeless(record, path)
        for entry in self.edition.fields(type(record)):
            values = _values(record, entry.name)
            if len(values) < entry.least:
                raise Unwritable(f"{path}/{entry.tag}", f"at least {entry.least} in {self.edition}", str(len(values)))
            if entry.most is not None and len(values) > entry.most:
                raise Unwritable(f"{path}/{entry.tag}", f"at most {entry.most} in {self.edition}", str(len(values)))
            for number, value in enumerate(values, 1):
                here = f"{path}/{entry.tag}[{number}]" if entry.many else f"{path}/{entry.tag}"
                if isinstance(entry.kind, Simple):
                    yield f"{indent}{self._leaf(entry.tag, entry.kind, value, here)}"
                elif type(value) is not entry.kind:
                    raise Unwritable(here, f"a {entry.kind.__name__}", type(value).__name__)
                else:
                    yield f"{indent}<{entry.tag}>"
                    yield from self.record(value, here, indent + "  ")
                    yield f"{indent}</{entry.tag}>"

    def _refuse_homeless(self, record: object, path: str) -> None:
        """Refuse a value for which the edition has no element."""
        for name, tag in self.edition.absent(type(record)):
            if _values(record, name):
                raise Unwritable(f"{path}/{tag}", f"no such element in {self.edition}", repr(getattr(record, name)))

    def _leaf(self, tag: str, kind: Simple[Any], value: object, path: str) -> str:
        text = self._text(kind, value, path)
        attribute = kind.attribute
        mark = attribute.get(value) if attribute else ""
        if attribute is None or not (mark or attribute.required):
            return f"<{tag}>{text}</{tag}>"
        here = f"{path}/@{attribute.name}"
        if attribute.fixed not in {None, mark}:
            raise Unwritable(here, str(attribute.fixed), repr(mark))
        self._require_code(attribute.codes, mark, here)
        return f'<{tag} {attribute.name}="{mark}">{text}</{tag}>'

    def _text(self, kind: Simple[Any], value: object, path: str) -> str:
        """Return the text of a value, checked and escaped."""
        try:
            text = kind.write(value)
            wanted = kind.facet(value)
        except NotLexical as error:
            raise Unwritable(path, str(error), repr(value)) from error
        except (AttributeError, TypeError) as error:
            raise Unwritable(path, f"a value of {kind.name}", repr(value)) from error
        if wanted is not None or _NOT_XML.search(text):
            raise Unwritable(path, wanted or "characters that XML allows", repr(value))
        if kind.codes is not None:
            self._require_code(kind.codes, text, path)
        return text.translate(_ESCAPES)

    def _require_code(self, name: str, value: str, path: str) -> None:
        if value not in codes.lookup(name, self.overlay):
            raise Unwritable(path, f"a value of {name}", repr(value))


def _values(record: object, name: str) -> tuple[Any, ...]:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)
