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
classes below and in `gateway.market`. How values are written and complaints are told: `adapters.toml_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StrictBool

from adapters.toml_tables import (
    AreaKey,
    Duration,
    Instant,
    PartyKey,
    Power,
    ResolutionKey,
    Step,
    Table,
    ZoneKey,
    read_tables,
)
from gateway.areas import OPEN_END, BalancingArea, Cooperation, Exchange, Membership, Outage
from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import AreaId
from gateway.market import (
    Area,
    Border,
    CapacityFallback,
    CounterActivation,
    Gates,
    GuaranteedVolume,
    MarketDefinition,
    Pricing,
)
from gateway.model import Activation, Direction, Party, Reserve, Role
from gateway.time import CENTRAL_EUROPE, QUARTER_HOUR, Interval
from profiles.markets import AcknowledgementStyle

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
    file = read_tables(text, source, _File, _TABLES)
    problems = [Misconfigured(f"{source}: {path}", *rest) for path, *rest in _contradictions(file)]
    if problems:
        raise ExceptionGroup(source, problems)
    return file.settings()


class _Operator(Table):
    id: PartyKey
    role: Role = Role.MARKET_OPERATOR


class _Market(Table):
    profile: str = "project"
    overlay: str | None = None
    quirks: tuple[str, ...] = ()
    acknowledgement_style: AcknowledgementStyle | None = None
    reserve: Reserve = Reserve.MFRR
    activation: Activation = Activation.SCHEDULED
    resolution: ResolutionKey = QUARTER_HOUR
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    domain: AreaKey | None = None
    closed: StrictBool = False
    capacity_fallback: CapacityFallback = CapacityFallback.ZERO
    pricing: Pricing = Pricing.STRICT
    counter_activation: CounterActivation = CounterActivation.WELFARE_FIRST
    price_cap: Step = Decimal(15000)
    price_step: Step = Decimal("0.01")
    quantity_step: Step = Decimal("0.001")
    time_zone: ZoneKey = CENTRAL_EUROPE


class _Gates(Table):
    bids: Duration = Gates().bids
    needs: Duration = Gates().needs
    clearing: Duration = Gates().clearing
    orders: Duration = Gates().orders


class _Area(Table):
    id: AreaKey
    name: str | None = None
    operator: PartyKey | None = None


class _Border(Table):
    from_area: AreaKey = Field(alias="from")
    to_area: AreaKey = Field(alias="to")
    forward_mw: Power = Decimal(0)
    backward_mw: Power = Decimal(0)
    loss_factor: Annotated[Power, Field(lt=1)] = Decimal(0)


class _Guaranteed(Table):
    areas: Annotated[tuple[AreaKey, ...], Field(min_length=1)]
    direction: Literal[Direction.UP, Direction.DOWN]
    quantity_mw: Step


class _Coba(Table):
    name: str
    exchanges: Annotated[tuple[Exchange, ...], Field(min_length=1)] = tuple(Exchange)


class _Membership(Table):
    area: AreaKey
    coba: str
    since: Instant


class _Outage(Table):
    areas: Annotated[tuple[AreaKey, ...], Field(min_length=1, max_length=2)]
    start: Instant
    end: Instant = OPEN_END


class _File(Table):
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
                counter_activation=market.counter_activation,
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


_TABLES: dict[str, type[Table]] = {
    "": _File,
    "operator": _Operator,
    "market": _Market,
    "gates": _Gates,
    "areas": _Area,
    "borders": _Border,
    "guaranteed": _Guaranteed,
    "cobas": _Coba,
    "memberships": _Membership,
    "outages": _Outage,
}
