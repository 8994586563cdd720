"""How a market document is declared.

A document is a frozen dataclass whose fields stand in the order of the standard's element sequence::

    @element
    class Point:
        position: int = one("position", POSITION)
        quantity: Decimal = one("quantity.quantity", DECIMAL)
        price: Decimal | None = opt("price.amount", AMOUNT)

``one`` is [1..1], ``opt`` [0..1], ``many`` [least..most]; ``later`` is an [0..1] element that only those editions have
that add it. Reading (`profiles.reader`), writing (`profiles.writer`) and checking derive from that one text; editions
are told as differences to it (`profiles.edition`). A type checker sees that each annotation fits its type.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar, cast, dataclass_transform

from profiles.lexical import Simple

V = TypeVar("V")
D = TypeVar("D")

Kind = Simple[Any] | type[Any]
"""What an element holds: a simple type, or the class of its children."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands on the wire: tag, kind, least number of times, many or one, added only later.

    ``instead``: the older field, a plain identifier, which this one replaced by an object with that ``id``.
    ``most``: greatest number of times of one that may repeat, None without bound.
    """

    tag: str
    kind: Kind
    least: int
    many: bool = False
    later: bool = False
    instead: str | None = None
    most: int | None = None


# The functions below return dataclass fields; to a type checker they return what the field will hold, so that it sees
# whether an annotation fits its element.
def _field(place: Place, **default: object) -> Any:  # noqa: ANN401 - stands for a value of any type
    return dataclasses.field(metadata={"place": place}, **default)  # type: ignore[call-overload]  # one of two defaults


def one(tag: str, kind: Simple[V] | type[V]) -> V:
    """Declare an element that occurs exactly once."""
    return cast("V", _field(Place(tag, kind, 1)))


def opt(tag: str, kind: Simple[V] | type[V]) -> V | None:
    """Declare an element that occurs once or not at all."""
    return cast("V", _field(Place(tag, kind, 0), default=None))


def later(tag: str, kind: Simple[V] | type[V], *, instead: str | None = None) -> V | None:
    """Declare an element that occurs once or not at all, and only in the editions that add it.

    ``instead`` names the field of a plain identifier which it replaced there.
    """
    return cast("V", _field(Place(tag, kind, 0, later=True, instead=instead), default=None))


def many(tag: str, kind: Simple[V] | type[V], least: int = 0, most: int | None = None) -> tuple[V, ...]:
    """Declare an element that occurs *least* times or more, and at most *most* times."""
    return cast("tuple[V, ...]", _field(Place(tag, kind, least, many=True, most=most), default=()))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(one,))
def element(cls: type[D]) -> type[D]:
    """Turn a class of declared fields into a frozen dataclass with keyword arguments.

    For a type checker only ``one`` is a field that has to be given; the others stand for their default.
    """
    return dataclasses.dataclass(frozen=True, kw_only=True)(cls)


def places(cls: type[Any]) -> tuple[tuple[str, Place], ...]:
    """Return ``(attribute, place)`` of each declared field, in the order of the standard."""
    return tuple((field.name, field.metadata["place"]) for field in dataclasses.fields(cls))


def elements(cls: type[Any]) -> tuple[type[Any], ...]:
    """Return *cls* and all classes below it, each once, outermost first."""
    found = {cls: None}
    for _, place in places(cls):
        if isinstance(place.kind, type):
            found.update(dict.fromkeys(elements(place.kind)))
    return tuple(found)
