"""From TOML tables to dataclasses, by their annotations: every key known, every value of its kind."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, ip_network
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.errors import InvalidValue, Misconfigured
from gateway.time import Resolution

D = TypeVar("D")


def build(cls: type[D], table: object, path: str) -> D:
    """Return the dataclass *cls* made of a TOML table; *path* is where the table stands.

    Raises `Misconfigured` for a key that is unknown or missing and for a value of the wrong kind.
    """
    if not isinstance(table, dict):
        raise Misconfigured(path, "a table", repr(table))
    kinds = _kinds(cls)
    for key in table:
        if key not in kinds:
            raise Misconfigured(f"{path}.{key}", f"a known key{suggestion(key, kinds)}", key)
    for key in _demanded(cls):
        if key not in table:
            raise Misconfigured(f"{path}.{key}", "a value", "nothing")
    return cls(**{key: _convert(kinds[key], value, f"{path}.{key}") for key, value in table.items()})


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return a question that offers the known name nearest to *name*, or nothing."""
    near = get_close_matches(name, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _kinds(cls: type[Any]) -> dict[str, Any]:
    return get_type_hints(cls)


def _demanded(cls: type[Any]) -> tuple[str, ...]:
    missing = dataclasses.MISSING
    return tuple(
        field.name for field in dataclasses.fields(cls) if field.default is missing and field.default_factory is missing
    )


def _convert(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401 - an annotation in, a value of it out
    if get_origin(kind) is types.UnionType:  # "X | None", or networks of either family, which are read alike
        return _convert(get_args(kind)[0], value, path)
    if get_origin(kind) is Mapping:
        return _table(get_args(kind)[1], value, path)
    if get_origin(kind) in _COLLECTIONS:
        return _collection(kind, value, path)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind is not Resolution:
        return build(kind, value, path)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(kind, value, path)
    return _scalar(kind, value, path)


_COLLECTIONS: dict[Any, Callable[[Iterable[Any]], Any]] = {frozenset: frozenset, tuple: tuple}


def _collection(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401 - as _convert
    if not isinstance(value, list):
        raise Misconfigured(path, "a list", repr(value))
    item = get_args(kind)[0]
    return _COLLECTIONS[get_origin(kind)](_convert(item, entry, f"{path}[{at}]") for at, entry in enumerate(value, 1))


def _table(kind: Any, value: object, path: str) -> dict[str, Any]:  # noqa: ANN401 - as _convert
    if not isinstance(value, dict):
        raise Misconfigured(path, "a table", repr(value))
    return {key: _convert(kind, entry, f"{path}.{key}") for key, entry in value.items()}


def _choice(kind: type[StrEnum], value: object, path: str) -> StrEnum:
    if value not in list(kind):
        raise Misconfigured(path, f"one of {', '.join(kind)}{suggestion(str(value), kind)}", repr(value))
    return kind(str(value))


def _scalar(kind: Any, value: object, path: str) -> Any:  # noqa: ANN401 - as _convert
    accepted, expected, make = _SCALARS[kind]
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise Misconfigured(path, expected, repr(value))
    try:
        return make(value)
    except (InvalidValue, ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise Misconfigured(path, expected, repr(value)) from error


def _duration(text: str) -> timedelta:
    length = Resolution.parse(text)
    if length.calendar:
        raise InvalidValue("duration", "hours, minutes and seconds", text)
    return timedelta(microseconds=int(length.seconds * 1_000_000))


def _instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise InvalidValue("instant", "an offset from UTC", "none")
    return value.astimezone(UTC)


_SCALARS: dict[Any, tuple[tuple[type, ...], str, Callable[[Any], Any]]] = {
    bool: ((bool,), "true or false", bool),
    int: ((int,), "a whole number", int),
    str: ((str,), "a text", str),
    datetime: ((datetime,), "an instant with its offset from UTC", _instant),
    IPv4Network: ((str,), "a network such as 192.0.2.0/28 or 2001:db8::/64", ip_network),
    Decimal: ((int, Decimal), "a number", Decimal),
    timedelta: ((str,), "a duration such as PT45M", _duration),
    Resolution: ((str,), "a duration such as PT15M or P1D", Resolution.parse),
    ZoneInfo: ((str,), "a time zone of the IANA list", ZoneInfo),
}
