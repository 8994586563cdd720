"""A document from one edition to another of the same standard.

What the other edition has no element for is dropped, and each loss stands in the report. An identifier that became an
object, or the reverse, is carried over. What the other edition demands and the document does not have is left to the
writer, which refuses it.

A curve of type A01 is what an edition without ``curveType`` means anyway: it is understood there, not lost.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from gateway.errors import Unwritable
from gateway.report import Report
from profiles.edition import Edition
from profiles.lexical import Simple
from profiles.wire import places


def convert(document: Any, source: Edition, target: Edition) -> tuple[Any, Report]:  # noqa: ANN401 - any document class
    """Return *document*, which has the form of *source*, as *target* can hold it, and what was dropped.

    Raises `Unwritable` where the two are editions of different documents.
    """
    if source.document is not target.document or type(document) is not source.document:
        raise Unwritable(f"/{source.root}", f"an edition of {source.document.__name__}", str(target))
    if source is target:
        return document, Report()
    dropped = _Dropped(target)
    carried = _carry(document, f"/{source.root}", dropped)
    return carried, Report(assumptions=tuple(dropped.understood), losses=tuple(dropped.lost))


UNDERSTOOD = {"curveType": "A01"}
"""What the absence of an element means."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Dropped:
    """What has no place in the target, lost or understood without being said."""

    target: Edition
    lost: list[str] = dataclasses.field(default_factory=list)
    understood: list[str] = dataclasses.field(default_factory=list)

    def drop(self, path: str, tag: str, value: object) -> None:
        """Note that the value at *path* has no place."""
        kept = self.understood if UNDERSTOOD.get(tag) == value else self.lost
        kept.append(f"{path}: {value!r} has no place in {self.target}")


def _carry(record: Any, path: str, dropped: _Dropped) -> Any:  # noqa: ANN401 - any element class
    changes: dict[str, Any] = _exchange(record, dropped.target)
    absent = dict(dropped.target.absent(type(record)))
    for name, place in places(type(record)):
        value = changes.get(name, getattr(record, name))
        here = f"{path}/{place.tag}"
        if value in (None, ()):
            continue
        if name in absent:
            dropped.drop(here, place.tag, value)
            changes[name] = () if place.many else None
        elif not isinstance(place.kind, Simple):
            changes[name] = _carry_below(value, here, dropped)
    return dataclasses.replace(record, **changes) if changes else record


def _carry_below(value: Any, path: str, dropped: _Dropped) -> Any:  # noqa: ANN401 - one or a tuple
    if not isinstance(value, tuple):
        return _carry(value, path, dropped)
    return tuple(_carry(one, f"{path}[{number}]", dropped) for number, one in enumerate(value, 1))


def _exchange(record: Any, target: Edition) -> dict[str, Any]:  # noqa: ANN401 - any element class
    """Carry identifiers over into the objects that replaced them, or back, as far as nothing is lost."""
    absent = dict(target.absent(type(record)))
    changes: dict[str, Any] = {}
    for name, place in places(type(record)):
        if place.instead is None or not isinstance(place.kind, type):
            continue
        plain, rich = getattr(record, place.instead), getattr(record, name)
        if name in absent and place.instead in absent:
            continue
        if place.instead in absent and plain is not None and rich is None:
            changes |= {place.instead: None, name: place.kind(id=plain)}
        elif name in absent and rich is not None and plain is None:
            changes |= {place.instead: rich.id}
            if rich == place.kind(id=rich.id):
                changes[name] = None
    return changes
