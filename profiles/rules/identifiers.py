"""GEN-012: identifiers agree with the scheme that is said to have issued them.

Where identifiers stand is read from the declarations: every element of the types PartyID_String,
AreaID_String and ResourceID_String.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from gateway.identifiers import AreaId, Identifier, PartyId, ResourceId, complaint
from profiles.edition import Edition
from profiles.lexical import Coded, Simple
from profiles.markets import Weight
from profiles.rules.context import identifier
from profiles.rules.engine import At, View, Violation, rule
from profiles.rules.shape import SENT, SERIES
from profiles.wire import places

_KINDS: dict[str, type[Identifier]] = {
    "PartyID_String": PartyId,
    "AreaID_String": AreaId,
    "ResourceID_String": ResourceId,
}
_CODES = {"PartyID_String": "A78", "AreaID_String": "A23", "ResourceID_String": "A64"}
_DOMAIN = "A80"


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where identifiers stand in a record: attributes that hold one, with its type, and those that hold records."""

    own: tuple[tuple[str, str], ...]
    below: tuple[tuple[str, bool, _Spot], ...]


@rule(
    "GEN-012",
    SERIES,
    "A78",
    "A80",
    "A23",
    "A64",
    on=SENT,
    source="ENTSO-E EIC Reference Manual; GS1 General Specifications",
    weight=Weight.WARN,
    optional=True,
    apart=True,
)
def identifiers_fit_their_scheme(view: View[Any]) -> Iterator[Violation]:
    """An EIC has its form, check character and the type letter of what it names; a GS1 number its check digit."""
    head, in_series = _spots(view.edition)
    for at, kind, coded, wrong in _complaints(view.document, head):
        code = _DOMAIN if at == ("domain",) else _CODES[kind]
        yield Violation(at, wrong, f"{coded.scheme}:{coded.value}", code)
    sound: set[tuple[int, int]] = set()
    alike: set[tuple[int, ...]] = set()
    values = _values(in_series)
    for number, series in enumerate(getattr(view.document, "series", ()), 1):
        # The reader holds each identifier once: one that was sound in this place of a series is so in all others.
        held = tuple(map(id, values(series)))
        if held in alike:
            continue
        objects = set(enumerate(held))
        if objects <= sound:
            alike.add(held)
            continue
        complaints = list(_complaints(series, in_series))
        for at, kind, coded, wrong in complaints:
            yield Violation(("series", number, *at), wrong, f"{coded.scheme}:{coded.value}", _CODES[kind])
        if not complaints:
            sound |= objects


def _values(spot: _Spot) -> Callable[[object], tuple[object, ...]]:
    """Return the function that takes from a record all that holds identifiers."""
    names = [name for name, _ in spot.own] + [name for name, _, _ in spot.below]
    return attrgetter(*names, "__class__", "__class__")  # with two names or more it returns a tuple


def _complaints(record: Any, spot: _Spot) -> Iterator[tuple[At, str, Coded, str]]:  # noqa: ANN401 - any record
    """Yield ``(where, type, identifier, what is wrong with it)``."""
    for at, kind, coded in _identifiers(record, spot):
        wrong = _complaint(kind, coded)
        if wrong is not None:
            yield at, kind, coded, wrong


@lru_cache(maxsize=4096)
def _complaint(kind: str, coded: Coded) -> str | None:
    named = identifier(_KINDS[kind], coded)
    return "an identifier" if named is None else complaint(named)


def _identifiers(record: Any, spot: _Spot) -> Iterator[tuple[At, str, Coded]]:  # noqa: ANN401 - any record
    """Yield ``(where, type, identifier)`` of every identifier in a record."""
    for name, kind in spot.own:
        coded = getattr(record, name)
        if coded is not None:
            yield (name,), kind, coded
    for name, many, below in spot.below:
        inner = getattr(record, name)
        for number, child in enumerate((inner if many else (inner,)) if inner else (), 1):
            for at, kind, coded in _identifiers(child, below):
                yield ((name, number, *at) if many else (name, *at)), kind, coded


@lru_cache(maxsize=64)
def _spots(edition: Edition) -> tuple[_Spot, _Spot]:
    """Return where identifiers stand in the head and in a series of *edition*."""
    series = next((place.kind for name, place in places(edition.document) if name == "series"), None)
    return _spot(edition.document, "series"), _spot(series) if isinstance(series, type) else _Spot((), ())


def _spot(cls: type[Any], aside: str = "") -> _Spot:
    """Return where identifiers stand in *cls*, but for its attribute *aside*."""
    own, below = [], []
    for name, place in places(cls):
        if isinstance(place.kind, Simple):
            if place.kind.name in _KINDS:
                own.append((name, place.kind.name))
        elif name != aside:
            inner = _spot(place.kind)
            if inner.own or inner.below:
                below.append((name, place.many, inner))
    return _Spot(tuple(own), tuple(below))
