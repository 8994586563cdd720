"""Canonical values as JSON and back, derived from the types of the values.

Nothing is declared here for any one type: the fields and annotations of a dataclass are its JSON
form, so a new field needs no change. Rules

1. A dataclass is an object with its fields in their order; an enumeration is its value.
2. A `Decimal` is a string in plain notation, because a JSON number is read as a binary fraction by
   most readers. An instant is ISO 8601 in UTC, a duration is ISO 8601 in seconds (``PT750S``), an
   identifier is ``scheme:value``.
3. Where an annotation leaves the choice between dataclasses (the message of an envelope), the object
   begins with ``"type"``, the name of its class.
4. Reading is as strict as the types: an unknown key, a JSON number for a decimal, a naive time and a
   missing field without a default are refused with the path of the place. A missing field with a
   default takes it.
5. Reading what was written gives an equal value; the same value is written in the same bytes.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gateway.errors import InvalidValue, Malformed
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId
from gateway.time import Resolution, require_utc

T = TypeVar("T")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""What a JSON text can say."""


def write(value: object, *, indent: int | None = 2) -> str:
    r"""Return *value*, a canonical value, as JSON text that ends with a line feed.

    Raises `InvalidValue` for a value that has no exact form: a float, a decimal that is not finite.

    >>> write((Decimal("12.50"), PartyId("10X1001A1001A38Y", "A01")), indent=None)
    '["12.50", "A01:10X1001A1001A38Y"]\n'
    """
    return json.dumps(to_json(value), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def read(kind: type[T], text: str | bytes) -> T:
    """Return the value of type *kind* that *text* holds.

    Raises `Malformed` with the path (``$.bids[2].price``) of the first place that does not fit.

    >>> read(tuple[Decimal, ...], '["12.50", "0.1"]')
    (Decimal('12.50'), Decimal('0.1'))
    """
    try:
        data: Json = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise Malformed("$", "a JSON text in UTF-8", str(error)) from error
    value: T = from_json(kind, data)
    return value


def to_json(value: object) -> Json:
    """Return *value* as lists, objects, strings, integers, booleans and None.

    Raises `InvalidValue` for a value that has no exact form.
    """
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return to_json(value.value)
        case tuple() | list():
            return [to_json(item) for item in value]
        case Mapping():
            return {str(to_json(key)): to_json(item) for key, item in value.items()}
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return scalar.write(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _member(hint, getattr(value, name)) for name, hint in _fields(type(value)).items()}
    raise InvalidValue("JSON", "a canonical value", repr(value))


def from_json(kind: Any, data: Json, path: str = "$") -> Any:  # noqa: ANN401 - the type is the argument
    """Return the value of type *kind* that *data* says. *path* begins the paths of errors.

    Raises `Malformed`.
    """
    if get_origin(kind) is not None:
        return _generic(get_origin(kind), get_args(kind), data, path)
    if kind in _SCALARS:
        return _scalar(kind, data, path)
    if kind in _PLAIN:
        return _checked(kind, data, path, _PLAIN[kind])
    if issubclass(kind, Enum):
        return _enumerated(kind, data, path)
    return _dataclass(kind, data, path)


@dataclass(frozen=True, slots=True)
class _Scalar:
    """A value type whose JSON form is one string."""

    wanted: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _write_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise InvalidValue("JSON", "a finite decimal", str(value))
    return f"{value:f}"


def _read_decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


def _write_instant(value: datetime) -> str:
    require_utc(value, "JSON")
    return value.isoformat().replace("+00:00", "Z")


def _read_instant(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    require_utc(value, "instant")
    return value


def _write_duration(value: timedelta) -> str:
    microseconds = value // timedelta(microseconds=1)
    sign = "-" if microseconds < 0 else ""
    return f"{sign}PT{(Decimal(abs(microseconds)) / 1_000_000).normalize():f}S"


def _read_duration(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    length = Resolution.parse(text.removeprefix("-"))
    if length.calendar:
        raise ValueError(text)
    return sign * timedelta(microseconds=int(length.seconds * 1_000_000))


def _write_identifier(value: Identifier) -> str:
    if ":" in value.scheme:
        raise InvalidValue("JSON", "a coding scheme without a colon", value.scheme)
    return str(value)


def _identifier(kind: type[Identifier]) -> _Scalar:
    def read_identifier(text: str) -> Identifier:
        scheme, _, value = text.partition(":")
        return kind(value, scheme)

    return _Scalar("an identifier as scheme:value", _write_identifier, read_identifier)


_SCALARS: Mapping[type, _Scalar] = {
    Decimal: _Scalar("a decimal as a string", _write_decimal, _read_decimal),
    datetime: _Scalar("an instant in UTC, such as 2026-03-29T22:15:00Z", _write_instant, _read_instant),
    timedelta: _Scalar("a duration without calendar units, such as PT750S", _write_duration, _read_duration),
    Resolution: _Scalar("a duration, such as PT15M", str, Resolution.parse),
    **{kind: _identifier(kind) for kind in (Identifier, PartyId, AreaId, ResourceId, MeteringPointId)},
}

_PLAIN: Mapping[type, str] = {str: "a string", int: "a whole number", bool: "true or false"}


def _scalar(kind: type, data: Json, path: str) -> object:
    scalar = _SCALARS[kind]
    text: str = _checked(str, data, path, scalar.wanted)
    try:
        return scalar.read(text)
    except (ValueError, InvalidOperation) as error:
        raise Malformed(path, scalar.wanted, repr(text)) from error


def _checked(kind: type, data: Json, path: str, wanted: str) -> Any:  # noqa: ANN401 - the type is the argument
    # A boolean is an integer in Python but not in JSON.
    if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
        raise Malformed(path, wanted, _shown(data))
    return data


def _generic(origin: Any, arguments: Sequence[Any], data: Json, path: str) -> object:  # noqa: ANN401 - as above
    """Return the value of a type with arguments: a choice, a tuple, a mapping, a generic dataclass."""
    if origin in {Union, types.UnionType}:
        return _choice(arguments, data, path)
    if origin is tuple:
        return _tuple(arguments, data, path)
    if issubclass(origin, Mapping):
        key, item = arguments
        entries = _checked(dict, data, path, "an object").items()
        return {_key(key, name, path): from_json(item, value, f"{path}.{name}") for name, value in entries}
    return _dataclass(origin, data, path)


def _key(kind: type, name: str, path: str) -> object:
    """Return the key of a mapping; JSON has only strings for them."""
    if kind is not int:
        return from_json(kind, name, f"{path}.{name}")
    try:
        return int(name)
    except ValueError as error:
        raise Malformed(path, "whole numbers as keys", repr(name)) from error


def _enumerated(kind: type[Enum], data: Json, path: str) -> Enum:
    try:
        return kind(data)
    except ValueError as error:
        raise Malformed(path, "one of " + ", ".join(repr(member.value) for member in kind), _shown(data)) from error


def _tuple(kinds: Sequence[Any], data: Json, path: str) -> tuple[object, ...]:
    items: list[Json] = _checked(list, data, path, "an array")
    if kinds[-1] is Ellipsis:
        return tuple(from_json(kinds[0], item, f"{path}[{at}]") for at, item in enumerate(items))
    if len(items) != len(kinds):
        raise Malformed(path, f"an array of {len(kinds)}", f"an array of {len(items)}")
    return tuple(
        from_json(kind, item, f"{path}[{at}]") for at, (kind, item) in enumerate(zip(kinds, items, strict=True))
    )


def _choice(kinds: Sequence[Any], data: Json, path: str) -> object:
    others = [kind for kind in kinds if kind is not types.NoneType]
    if data is None and len(others) < len(kinds):
        return None
    if len(others) == 1:
        return from_json(others[0], data, path)
    entries: dict[str, Json] = dict(_checked(dict, data, path, "an object"))
    by_name = {kind.__name__: kind for kind in others}
    name = entries.pop("type", None)
    if not isinstance(name, str) or name not in by_name:
        raise Malformed(f"{path}.type", "one of " + ", ".join(by_name), _shown(name))
    return from_json(by_name[name], entries, path)


def _dataclass(kind: type, data: Json, path: str) -> object:
    entries: dict[str, Json] = _checked(dict, data, path, f"an object, the fields of {kind.__name__}")
    hints = _fields(kind)
    for name in entries:
        if name not in hints:
            raise Malformed(f"{path}.{name}", "a field of " + kind.__name__, "an unknown key")
    missing = _required(kind) - entries.keys()
    if missing:
        raise Malformed(path, f"the field {min(missing)} of {kind.__name__}", "nothing")
    values = {name: from_json(hints[name], value, f"{path}.{name}") for name, value in entries.items()}
    try:
        return kind(**values)
    except InvalidValue as error:
        raise Malformed(path, error.expected, error.found, error.code) from error


def _member(hint: Any, value: object) -> Json:  # noqa: ANN401 - an annotation may be of many kinds
    """Return the JSON of a field, with the name of its class where *hint* leaves the choice."""
    data = to_json(value)
    if isinstance(data, dict) and sum(dataclasses.is_dataclass(kind) for kind in get_args(hint)) > 1:
        return {"type": type(value).__name__, **data}
    return data


@cache
def _fields(kind: type) -> dict[str, Any]:
    """Return the names and annotations of the fields of a dataclass, in their order."""
    hints = get_type_hints(kind)
    return {field.name: _bound(hints[field.name]) for field in dataclasses.fields(kind)}


def _bound(hint: Any) -> Any:  # noqa: ANN401 - an annotation may be of many kinds
    """Return what a type variable stands for at most."""
    return hint.__bound__ if isinstance(hint, TypeVar) else hint


@cache
def _required(kind: type) -> frozenset[str]:
    """Return the names of the fields without a default."""
    missing = dataclasses.MISSING
    fields = dataclasses.fields(kind)
    return frozenset(f.name for f in fields if f.default is missing and f.default_factory is missing)


def _object(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    """Build an object, refusing a key that stands twice: one of the two would vanish."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return entries


def _shown(data: Json) -> str:
    """Return *data* short enough for an error."""
    text = json.dumps(data, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


_LONGEST_SHOWN = 60
