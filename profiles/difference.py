"""What tells two documents of one type apart, whatever their editions.

Rules

1. Values are compared, not texts: 10 is 10.000, ``PT60M`` is ``PT1H``, an instant is itself under every offset.
2. Records that may repeat are matched by their identifier or position, where these are unique among their siblings, and
   else by their order: a series that moved is the same series.
3. An element has the path of the declaration, so that a name that changed between editions is no difference. An
   identifier that became an object is compared with its identifier; a curve without type has fixed blocks (A01).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from gateway.errors import InvalidValue, Misconfigured
from gateway.time import Resolution
from profiles.conversion import UNDERSTOOD
from profiles.edition import Edition
from profiles.lexical import DURATION, Coded, Measured, Simple
from profiles.wire import Place, places


class Read(Protocol):
    """A document with its edition, as `profiles.parse` returns it."""

    @property
    def document(self) -> Any:  # noqa: ANN401 - any document class
        """The document."""

    @property
    def edition(self) -> Edition:
        """Its edition."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: path, and what either document has there; None where it has nothing."""

    path: str
    first: str | None
    second: str | None


def differences(first: Read, second: Read) -> tuple[Difference, ...]:
    """Return what tells the documents apart, in the order of the first and then of the second.

    Raises `Misconfigured` where they are of different types.
    """
    if first.edition.document is not second.edition.document:
        raise Misconfigured("documents", f"two of one type, such as {first.edition.root}", second.edition.root)
    left, right = (dict(_values(parsed.document, "")) for parsed in (first, second))
    return tuple(
        Difference(path, _shown(left.get(path)), _shown(right.get(path)))
        for path in left | right
        if left.get(path) != right.get(path)
    )


def _values(record: Any, path: str) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - any element class
    """Yield path and value of everything below *record*."""
    by_name = dict(places(type(record)))
    for name, place in by_name.items():
        value = getattr(record, name)
        if value is None:
            value = UNDERSTOOD.get(place.tag)
        if value is None or value == ():
            continue
        here = f"{path}/{place.tag}"
        if isinstance(place.kind, Simple):
            yield from _simple(place, value, here)
        elif isinstance(value, tuple):
            for key, child in zip(_keys(value), value, strict=True):
                yield from _values(child, f"{here}[{key}]")
        else:
            for below, found in _values(value, here):
                replaced = place.instead is not None and below == f"{here}/mRID"
                yield f"{path}/{by_name[place.instead].tag}" if replaced and place.instead else below, found


def _simple(place: Place, value: Any, path: str) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - of whichever type
    """Yield a simple value, or each of several."""
    if isinstance(value, tuple):
        for number, one in enumerate(value, 1):
            yield f"{path}[{number}]", _comparable(place, one)
    else:
        yield path, _comparable(place, value)


def _comparable(place: Place, value: object) -> object:
    """Return a value that equals those that mean the same."""
    if not isinstance(place.kind, Simple) or place.kind.read is not DURATION.read:
        return value
    try:
        return Resolution.parse(str(value))
    except InvalidValue:  # a negative duration, which has no slots; its text has to do
        return value


def _keys(records: Sequence[Any]) -> Sequence[str]:
    """Name records by identifier or position where these tell them apart, else by their number."""
    for attribute in ("id", "position"):
        found = [getattr(record, attribute, None) for record in records]
        if None not in found and len(set(found)) == len(found):
            return [_shown(value) or "" for value in found]
    return [str(number) for number in range(1, len(records) + 1)]


def _shown(value: object) -> str | None:
    """Return a value in words; an instant in UTC."""
    match value:
        case None:
            return None
        case Coded():
            return f"{value.scheme}:{value.value}" if value.scheme else value.value
        case Measured():
            return f"{value.value:f} {value.unit}"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
