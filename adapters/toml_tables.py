"""Settings that a person writes in TOML: tables with declared keys, values that say what they are, and complaints.

Rules
1. An unknown key is an error that names the nearest known one: a misspelt key must not fall back to its default in
   silence.
2. All complaints are told at once, each with its path in the file.
3. Numbers are exact: a TOML float is read as a decimal. Durations are ISO 8601 (``PT45M``).
4. An identifier without a scheme is an EIC; others carry theirs: ``A10:5790000000005``. Its check character must be
   right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import EIC_SCHEME, AreaId, Identifier, MeteringPointId, PartyId, ResourceId, complaint
from gateway.time import Resolution

I = TypeVar("I", bound=Identifier)  # noqa: E741 - the type of the identifier
F = TypeVar("F", bound="Table")


def _duration(text: object) -> timedelta:
    length = _resolution(text)
    if length.calendar:
        raise InvalidValue("duration", "hours, minutes and seconds, such as PT45M", repr(text))
    return timedelta(microseconds=int(length.seconds * 1_000_000))


def _resolution(text: object) -> Resolution:
    return Resolution.parse(text if isinstance(text, str) else repr(text))


def _exact(value: object) -> object:
    # A decimal is built from true without complaint.
    if isinstance(value, bool):
        raise InvalidValue("number", "a number", str(value).lower())
    return value


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidValue("time_zone", "an IANA time zone, such as Europe/Oslo", repr(name)) from error


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        found = value.isoformat() if isinstance(value, datetime) else repr(value)
        raise InvalidValue("instant", "an instant with its offset, such as 2027-01-14T10:00:00Z", found)
    return value.astimezone(UTC)


def _party_id(text: object) -> PartyId:
    return _identified(PartyId, text)


def _area_id(text: object) -> AreaId:
    return _identified(AreaId, text)


def _resource_id(text: object) -> ResourceId:
    return _identified(ResourceId, text)


def _metering_point_id(text: object) -> MeteringPointId:
    return _identified(MeteringPointId, text)


def _identified(kind: type[I], text: object) -> I:
    scheme, colon, value = str(text).rpartition(":")
    identifier = kind(value, scheme if colon else EIC_SCHEME)
    wanted = complaint(identifier)
    if wanted is not None:
        raise InvalidValue("id", wanted, repr(text))
    return identifier


_Instance = Any
PartyKey = Annotated[_Instance, BeforeValidator(_party_id)]
AreaKey = Annotated[_Instance, BeforeValidator(_area_id)]
ResourceKey = Annotated[_Instance, BeforeValidator(_resource_id)]
MeteringPointKey = Annotated[_Instance, BeforeValidator(_metering_point_id)]
ResolutionKey = Annotated[_Instance, BeforeValidator(_resolution)]
ZoneKey = Annotated[_Instance, BeforeValidator(_zone)]
Instant = Annotated[_Instance, BeforeValidator(_instant)]
Duration = Annotated[_Instance, BeforeValidator(_duration)]
Amount = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False)]
Power = Annotated[Amount, Field(ge=0)]
Step = Annotated[Amount, Field(gt=0)]


class Table(BaseModel):
    """A table of the file: nothing but the declared keys."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


def read_tables(text: str, source: str, kind: type[F], tables: Mapping[str, type[Table]]) -> F:
    """Return what the TOML *text* says as a *kind*; *source* names the file in complaints.

    *tables* holds the tables of the file by their names, the file itself by an empty one.
    Raises an `ExceptionGroup` of `Misconfigured` with everything that is wrong with it.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ExceptionGroup(source, [Misconfigured(source, "a TOML text", str(error))]) from error
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        complaints = [_complaint(source, detail, tables) for detail in error.errors()]
        raise ExceptionGroup(source, complaints) from error


def _complaint(source: str, detail: ErrorDetails, tables: Mapping[str, type[Table]]) -> Misconfigured:
    """Say one error of the validation in our words: where, expected, found."""
    place = f"{source}: {_path(detail['loc'])}"
    cause = detail.get("ctx", {}).get("error")
    match detail["type"]:
        case "extra_forbidden":
            return Misconfigured(place, _known_keys(detail["loc"], tables), "an unknown key")
        case "missing":
            return Misconfigured(place, "this key", "nothing")
        case _ if isinstance(cause, InvalidValue):
            return Misconfigured(place, cause.expected, cause.found)
        case _:
            expected = _WORDS.get(detail["type"], detail["msg"].removeprefix("Input should be "))
            return Misconfigured(place, expected, repr(detail["input"]))


_WORDS = {
    "bool_type": "true or false",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "finite_number": "a finite number",
    "model_type": "a table",
    "string_pattern_mismatch": "three capital letters, such as EUR",
    "string_type": "a text in quotes",
    "tuple_type": "a list",
}
"""Words for the kinds of error whose own message speaks of the library."""


def _path(loc: Sequence[int | str]) -> str:
    """Return a dotted path, tables of an array counted from 1."""
    steps = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in loc)
    return "".join(steps).removeprefix(".")


def _known_keys(loc: Sequence[int | str], tables: Mapping[str, type[Table]]) -> str:
    """Suggest the known keys of the table in which an unknown one stands."""
    table = tables[next((step for step in loc[:-1] if isinstance(step, str)), "")]
    keys = [field.alias or name for name, field in table.model_fields.items()]
    near = get_close_matches(str(loc[-1]), keys, n=1)
    return f"{near[0]!r}" if near else "one of " + ", ".join(keys)
