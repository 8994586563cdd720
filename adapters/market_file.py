"""The market file: what this installation runs, as a person writes it in TOML.

A file such as ::

    [operator]
    id = "10X1001A1001A38Y"

    [market]
    price_cap = 15_000
    pricing = "strict"

    [[areas]]
    id = "10YNO-2--------T"
    name = "NO2"

becomes `MarketSettings`. Every key has a default but the operator's ``id``; the defaults stand in the
classes below and in `gateway.market`. Rules

1. An unknown key is an error that names the nearest known one: a misspelt key must not fall back to
   its default in silence.
2. All complaints are told at once, each with its path in the file.
3. Numbers are exact: a TOML float is read as a decimal. Durations are ISO 8601 (``PT45M``).
4. An identifier without a scheme is an EIC; others carry theirs: ``A10:5790000000005``. Its check
   character must be right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError
from pydantic_core import ErrorDetails

from gateway.areas import OPEN_END, BalancingArea, Cooperation, Exchange, Membership, Outage
from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import EIC_SCHEME, AreaId, Identifier, PartyId, complaint
from gateway.market import Area, Border, CapacityFallback, Gates, GuaranteedVolume, MarketDefinition, Pricing
from gateway.model import Activation, Direction, Party, Reserve, Role
from gateway.time import CENTRAL_EUROPE, QUARTER_HOUR, Interval, Resolution
from profiles.markets import AcknowledgementStyle

I = TypeVar("I", bound=Identifier)  # noqa: E741 - the type of the identifier

FILE_NAME = "market.toml"
"""The name under which a market file lies in a folder of documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSettings:
    """A market and how its documents are read.

    ``profile`` names the rules of the market (`profiles.markets`), ``overlay`` the code list that adds to
    the standard one, ``quirks`` the known deviations of producers that are tolerated. ``style`` is the
    style of acknowledgements, ``zone`` the local time that people are shown, ``cooperation`` who clears with
    whom, where the file says so.
    """

    market: MarketDefinition
    profile: str = "project"
    overlay: str | None = None
    quirks: tuple[str, ...] = ()
    style: AcknowledgementStyle | None = None
    zone: ZoneInfo = CENTRAL_EUROPE
    cooperation: Cooperation | None = None


def read_market(text: str, source: str = FILE_NAME) -> MarketSettings:
    """Return the settings that a market file says; *source* names it in complaints.

    Raises an `ExceptionGroup` of `Misconfigured` with everything that is wrong with it.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ExceptionGroup(source, [Misconfigured(source, "a TOML text", str(error))]) from error
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        raise ExceptionGroup(source, [_complaint(source, detail) for detail in error.errors()]) from error
    problems = [Misconfigured(f"{source}: {path}", *rest) for path, *rest in _contradictions(file)]
    if problems:
        raise ExceptionGroup(source, problems)
    return file.settings()


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


def _identified(kind: type[I], text: object) -> I:
    scheme, colon, value = str(text).rpartition(":")
    identifier = kind(value, scheme if colon else EIC_SCHEME)
    wanted = complaint(identifier)
    if wanted is not None:
        raise InvalidValue("id", wanted, repr(text))
    return identifier


_Instance = Any
_PartyId = Annotated[_Instance, BeforeValidator(_party_id)]
_AreaId = Annotated[_Instance, BeforeValidator(_area_id)]
_Instant = Annotated[_Instance, BeforeValidator(_instant)]
_Duration = Annotated[_Instance, BeforeValidator(_duration)]
_Amount = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False)]
_Power = Annotated[_Amount, Field(ge=0)]
_Step = Annotated[_Amount, Field(gt=0)]


class _Table(BaseModel):
    """A table of the file: nothing but the declared keys."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)


class _Operator(_Table):
    id: _PartyId
    role: Role = Role.MARKET_OPERATOR


class _Market(_Table):
    profile: str = "project"
    overlay: str | None = None
    quirks: tuple[str, ...] = ()
    acknowledgement_style: AcknowledgementStyle | None = None
    reserve: Reserve = Reserve.MFRR
    activation: Activation = Activation.SCHEDULED
    resolution: Annotated[_Instance, BeforeValidator(_resolution)] = QUARTER_HOUR
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    domain: _AreaId | None = None
    closed: StrictBool = False
    capacity_fallback: CapacityFallback = CapacityFallback.ZERO
    pricing: Pricing = Pricing.STRICT
    price_cap: _Step = Decimal(15000)
    price_step: _Step = Decimal("0.01")
    quantity_step: _Step = Decimal("0.001")
    time_zone: Annotated[_Instance, BeforeValidator(_zone)] = CENTRAL_EUROPE


class _Gates(_Table):
    bids: _Duration = Gates().bids
    needs: _Duration = Gates().needs
    clearing: _Duration = Gates().clearing
    orders: _Duration = Gates().orders


class _Area(_Table):
    id: _AreaId
    name: str | None = None
    operator: _PartyId | None = None


class _Border(_Table):
    from_area: _AreaId = Field(alias="from")
    to_area: _AreaId = Field(alias="to")
    forward_mw: _Power = Decimal(0)
    backward_mw: _Power = Decimal(0)
    loss_factor: Annotated[_Power, Field(lt=1)] = Decimal(0)


class _Guaranteed(_Table):
    areas: Annotated[tuple[_AreaId, ...], Field(min_length=1)]
    direction: Literal[Direction.UP, Direction.DOWN]
    quantity_mw: _Step


class _Coba(_Table):
    name: str
    exchanges: Annotated[tuple[Exchange, ...], Field(min_length=1)] = tuple(Exchange)


class _Membership(_Table):
    area: _AreaId
    coba: str
    since: _Instant


class _Outage(_Table):
    areas: Annotated[tuple[_AreaId, ...], Field(min_length=1, max_length=2)]
    start: _Instant
    end: _Instant = OPEN_END


class _File(_Table):
    operator: _Operator
    market: _Market = _Market()
    gates: _Gates = _Gates()
    areas: tuple[_Area, ...] = ()
    borders: tuple[_Border, ...] = ()
    guaranteed: tuple[_Guaranteed, ...] = ()
    cobas: tuple[_Coba, ...] = ()
    memberships: tuple[_Membership, ...] = ()
    outages: tuple[_Outage, ...] = ()

    def cooperation(self) -> Cooperation | None:
        """Return who clears with whom, None where nothing is said of it.

        Raises `InvalidValue` where that contradicts itself.
        """
        if not (self.cobas or self.memberships or self.outages):
            return None
        return Cooperation(
            memberships=tuple(Membership(**dict(change)) for change in self.memberships),
            resolution=self.market.resolution,
            outages=tuple(Outage(areas=frozenset(o.areas), interval=Interval(o.start, o.end)) for o in self.outages),
            cobas=tuple(BalancingArea(name=c.name, exchanges=frozenset(c.exchanges)) for c in self.cobas),
        )

    def settings(self) -> MarketSettings:
        """Return the canonical values of the file."""
        market = self.market
        return MarketSettings(
            market=MarketDefinition(
                operator=Party(self.operator.id, self.operator.role),
                reserve=market.reserve,
                activation=market.activation,
                resolution=market.resolution,
                currency=market.currency,
                domain=market.domain,
                areas=tuple(Area(id=a.id, name=a.name or a.id.value, operator=a.operator) for a in self.areas),
                borders=tuple(Border(**dict(border)) for border in self.borders),
                closed=market.closed,
                fallback=market.capacity_fallback,
                gates=Gates(**dict(self.gates)),
                pricing=market.pricing,
                price_cap=market.price_cap,
                price_step=market.price_step,
                quantity_step=market.quantity_step,
                guaranteed=tuple(GuaranteedVolume(**dict(volume)) for volume in self.guaranteed),
            ),
            profile=market.profile,
            overlay=market.overlay,
            quirks=market.quirks,
            style=market.acknowledgement_style,
            zone=market.time_zone,
            cooperation=self.cooperation(),
        )


def _contradictions(file: _File) -> Iterator[tuple[str, str, str]]:
    """Tell path, expected and found of what is right in itself but does not fit together."""
    try:
        Gates(**dict(file.gates))
    except InvalidValue as error:
        yield "gates", error.expected, error.found
    known: set[AreaId] = set()
    for at, area in enumerate(file.areas, 1):
        if area.id in known:
            yield f"areas[{at}].id", "each area once", area.id.value
        known.add(area.id)
    for at, border in enumerate(file.borders, 1):
        if border.from_area == border.to_area:
            yield f"borders[{at}].to", "another area than from", border.to_area.value
        for key, area_id in (("from", border.from_area), ("to", border.to_area)):
            if file.areas and area_id not in known:
                yield f"borders[{at}].{key}", "one of the areas of this file", area_id.value
    for at, volume in enumerate(file.guaranteed, 1):
        if file.areas and not known.issuperset(volume.areas):
            yield f"guaranteed[{at}].areas", "areas of this file", ", ".join(each.value for each in volume.areas)
    yield from _contradictions_of_cooperation(file, known)


def _contradictions_of_cooperation(file: _File, known: set[AreaId]) -> Iterator[tuple[str, str, str]]:
    try:
        file.cooperation()
    except InvalidValue as error:
        yield _COOPERATION.get(error.path.partition(".")[0], "cobas"), error.expected, error.found
    for at, change in enumerate(file.memberships, 1):
        if file.areas and change.area not in known:
            yield f"memberships[{at}].area", "one of the areas of this file", change.area.value


_COOPERATION = {"Membership": "memberships", "Outage": "outages", "Interval": "outages"}
"""The table of the file that a complaint about the cooperation is about; others are about the CoBAs."""


def _complaint(source: str, detail: ErrorDetails) -> Misconfigured:
    """Say one error of the validation in our words: where, expected, found."""
    place = f"{source}: {_path(detail['loc'])}"
    cause = detail.get("ctx", {}).get("error")
    match detail["type"]:
        case "extra_forbidden":
            return Misconfigured(place, _known_keys(detail["loc"]), "an unknown key")
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


def _known_keys(loc: Sequence[int | str]) -> str:
    """Suggest the known keys of the table in which an unknown one stands."""
    table = _TABLES[next((step for step in loc[:-1] if isinstance(step, str)), "")]
    keys = [field.alias or name for name, field in table.model_fields.items()]
    near = get_close_matches(str(loc[-1]), keys, n=1)
    return f"{near[0]!r}" if near else "one of " + ", ".join(keys)


_TABLES: dict[str, type[_Table]] = {
    "": _File,
    "operator": _Operator,
    "market": _Market,
    "gates": _Gates,
    "areas": _Area,
    "borders": _Border,
    "cobas": _Coba,
    "memberships": _Membership,
    "outages": _Outage,
}
