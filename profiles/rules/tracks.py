"""Where head, series, periods and points stand in a document, found from its declaration.

The head is the record that names the sender: the document itself, or the one inside an envelope. A Period is a record
with an interval, a resolution and points with positions, wherever it stands; its series is the innermost record around
it that has an mRID, or the outermost that repeats where none has. Lists of records in elements of their own (``list``)
and series below series need nothing special.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from profiles.lexical import Simple
from profiles.wire import Place, places

At = tuple[str | int, ...]
Steps = tuple[tuple[str, bool], ...]
"""Attributes from one record down to another, each with whether it holds many."""

_HEAD = ("id", "sender", "receiver", "created", "period")


@dataclass(frozen=True, slots=True)
class Track:
    """One way to the periods of a document: down to the series, on to its Periods, and from each to its Points.

    ``record`` is the class of the series, ``point`` that of a Point.
    """

    series: Steps
    record: type[Any]
    periods: Steps
    points: Steps
    point: type[Any]


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of one class of documents.

    ``head``: where mRID, sender, receiver, time of creation and interval stand. ``tracks``: every way to a Period, in
    the order of the standard. ``lists``: every way to a series with an mRID, which is one with Periods, or what is
    called ``series`` in a document without Periods.
    """

    head: Mapping[str, tuple[str, ...]]
    tracks: tuple[Track, ...]
    lists: tuple[Steps, ...]


_FORMS: dict[type[Any], Form] = {}


def form(document: type[Any]) -> Form:
    """Return the shape of a class of documents, found once."""
    if document not in _FORMS:
        tracks = tuple(_tracks(document, (), None))
        _FORMS[document] = Form(_head(document), tracks, tuple(_lists(document, tracks)))
    return _FORMS[document]


def _lists(document: type[Any], tracks: tuple[Track, ...]) -> Iterator[Steps]:
    if tracks:
        yield from dict.fromkeys(track.series for track in tracks if "id" in _names(track.record))
        return
    for name, place in places(document):
        if name == "series" and place.many and _has(place, "id"):
            yield ((name, True),)


def _head(document: type[Any]) -> dict[str, tuple[str, ...]]:
    ways: list[tuple[tuple[str, ...], set[str]]] = [((), _names(document))]
    for name, place in places(document):
        if isinstance(place.kind, type) and not place.many:
            ways.append(((name,), _names(place.kind)))
    ways.sort(key=lambda way: "sender" not in way[1])
    found = {name: next((way for way, names in ways if name in names), None) for name in _HEAD}
    return {name: (*way, name) for name, way in found.items() if way is not None}


def told(document: object, name: str) -> tuple[At, Any]:
    """Return where an element of the head stands and what it says; None where it says nothing."""
    at = form(type(document)).head.get(name, ())
    value = document if at else None
    for step in at:
        value = getattr(value, step, None)
    return at, value


def reach(record: object, steps: Steps, at: At = ()) -> list[tuple[At, Any]]:
    """Return every record to which *steps* lead, with where it stands."""
    level: list[tuple[At, Any]] = [(at, record)]
    for name, many in steps:
        if many:
            level = [
                ((*place, name, number), child)
                for place, above in level
                for number, child in enumerate(getattr(above, name), 1)
            ]
        else:
            level = [
                ((*place, name), getattr(above, name)) for place, above in level if getattr(above, name) is not None
            ]
    return level


def _tracks(cls: type[Any], way: Steps, series: tuple[Steps, type[Any]] | None) -> Iterator[Track]:
    if way and ("id" in _names(cls) or (series is None and way[-1][1])):
        series = way, cls
    for name, place in places(cls):
        if not isinstance(place.kind, type):
            continue
        below = (*way, (name, place.many))
        points = _points(place.kind)
        if points is None:
            yield from _tracks(place.kind, below, series)
        elif series is not None:
            yield Track(series[0], series[1], below[len(series[0]) :], *points)


def _points(cls: type[Any]) -> tuple[Steps, type[Any]] | None:
    """Return how to get from a Period to its Points, and their class; None where *cls* is no Period."""
    if not _names(cls) >= {"interval", "resolution"}:
        return None
    for name, place in places(cls):
        inner = places(place.kind) if isinstance(place.kind, type) else ()
        if place.many and isinstance(place.kind, type) and _has(place, "position"):
            return ((name, True),), place.kind
        for below, deeper in inner:
            if deeper.many and isinstance(deeper.kind, type) and _has(deeper, "position"):
                return ((name, False), (below, True)), deeper.kind
    return None


def _names(cls: type[Any]) -> set[str]:
    return {name for name, _ in places(cls)}


def _has(place: Place, name: str) -> bool:
    return not isinstance(place.kind, Simple) and name in _names(place.kind)
