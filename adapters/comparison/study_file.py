"""The study file: a system of grids, resources and periods, as a person writes it in TOML.

A file such as ::

    name = "Island"
    start = 2027-01-14T06:00:00Z
    periods = 2
    transmission_operator = "TSO"
    reference = "T1"
    buses = ["T1"]

    [[feeders]]
    id = "F1"
    interface = "T1"
    root = "D0"

    [[feeders.sections]]
    parent = "D0"
    child = "D1"
    r_pu = 0.02
    x_pu = 0.02

    [[injections]]
    bus = "D1"
    schedule_mw = [-3, -4]
    deviation_mw = -1

    [[bids]]
    id = "battery up"
    provider = "Storage"
    bus = "D1"
    direction = "up"
    quantity_mw = 2
    price = [60, 75]

becomes a `Study`. What changes with time is one number for all periods, or a list with one for each. Schedules must add
up to nothing in every period: what is missing or too much is a deviation. The exchange schedule of a feeder is the sum
of its buses' schedules. Power is active power; voltages follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from adapters.toml_tables import Amount, Duration, Instant, Power, Step, Table, read_tables
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.money import PeriodCase
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import ZERO, Bid, Direction
from gateway.network.model import Feeder, Line, Network, Section, Transmission
from gateway.time import Interval

FILE_NAME = "study.toml"
"""The name under which a study lies in its folder."""

_SCHEME = "study"
"""The scheme of identifiers: names of a study mean something within it only."""


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


Amounts = Annotated[tuple[Amount, ...], BeforeValidator(_listed)]
Powers = Annotated[tuple[Power, ...], BeforeValidator(_listed)]


class LineTable(Table):
    """A line of the transmission network, as `gateway.network.model.Line`."""

    id: str
    from_bus: str
    to_bus: str
    x_pu: Amount
    limit_mw: Power | None = None


class SectionTable(Table):
    """A section of a feeder, as `gateway.network.model.Section`; called after its ends."""

    parent: str
    child: str
    r_pu: Power
    x_pu: Power
    limit_mva: Power | None = None


class FeederTable(Table):
    """A feeder; ``operator`` is called like it where it has no name, ``interface_price``: of its local market."""

    id: str
    interface: str
    root: str
    operator: str = ""
    least_voltage_pu: Step = Decimal("0.95")
    most_voltage_pu: Step = Decimal("1.05")
    interface_price: Amounts = (ZERO,)
    sections: tuple[SectionTable, ...] = ()


class InjectionTable(Table):
    """Net injections of a bus, and the balance responsible party that pays for what was not scheduled."""

    bus: str
    schedule_mw: Amounts = (ZERO,)
    deviation_mw: Amounts = (ZERO,)
    responsible: str = ""


class BidTable(Table):
    """A bid of a resource, or a trade of a balance responsible party in an integrated market."""

    id: str
    provider: str
    bus: str
    direction: Literal["up", "down"]
    quantity_mw: Powers
    price: Amounts


class StudyTable(Table):
    """The file."""

    name: str
    about: str = ""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    start: Instant
    period: Duration = timedelta(minutes=15)
    periods: Annotated[int, Field(ge=1, le=96)] = 1
    message_cost: Power = ZERO
    transmission_operator: str
    reference: str
    base_mva: Step = Decimal(10)
    buses: tuple[str, ...]
    lines: tuple[LineTable, ...] = ()
    feeders: tuple[FeederTable, ...] = ()
    injections: tuple[InjectionTable, ...] = ()
    bids: tuple[BidTable, ...]
    trades: tuple[BidTable, ...] = ()


_TABLES: dict[str, type[Table]] = {
    "": StudyTable,
    "lines": LineTable,
    "feeders": FeederTable,
    "sections": SectionTable,
    "injections": InjectionTable,
    "bids": BidTable,
    "trades": BidTable,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A named case of several periods, with the cost of a message in ``currency``."""

    name: str
    about: str
    currency: str
    message_cost: Decimal
    cases: tuple[PeriodCase, ...]


def read_study(text: str, source: str) -> Study:
    """Return what the TOML *text* says; *source* names the file in complaints.

    Raises an `ExceptionGroup` of `Misconfigured` with everything that is wrong with it.
    """
    table = read_tables(text, source, StudyTable, _TABLES)
    try:
        complaints = [*_lengths(table, source)] or [*_unbalanced(table, source), *_strangers(table, source)]
        if complaints:
            raise ExceptionGroup(source, complaints)
        cases = tuple(_case(table, at) for at in range(table.periods))
    except InvalidValue as error:
        raise ExceptionGroup(source, [Misconfigured(f"{source}: {error.path}", error.expected, error.found)]) from error
    return Study(
        name=table.name, about=table.about, currency=table.currency, message_cost=table.message_cost, cases=cases
    )


# ---- what can be wrong


def _lengths(table: StudyTable, source: str) -> Iterator[Misconfigured]:
    for path, values in _series(table):
        if len(values) not in {1, table.periods}:
            yield Misconfigured(f"{source}: {path}", f"one number, or {table.periods} of them", str(len(values)))


def _series(table: StudyTable) -> Iterator[tuple[str, tuple[Decimal, ...]]]:
    """Yield every value that may change with time, with its path."""
    parts: tuple[tuple[str, Iterable[Any], tuple[str, ...]], ...] = (
        ("feeders", table.feeders, ("interface_price",)),
        ("injections", table.injections, ("schedule_mw", "deviation_mw")),
        ("bids", table.bids, ("quantity_mw", "price")),
        ("trades", table.trades, ("quantity_mw", "price")),
    )
    for name, rows, keys in parts:
        for at, row in enumerate(rows, 1):
            yield from ((f"{name}[{at}].{key}", getattr(row, key)) for key in keys)


def _unbalanced(table: StudyTable, source: str) -> Iterator[Misconfigured]:
    for at in range(table.periods):
        left = sum((_at(each.schedule_mw, at) for each in table.injections), ZERO)
        if left:
            where = f"{source}: injections.schedule_mw, period {at + 1}"
            yield Misconfigured(where, "schedules that add up to 0 MW", f"{left} MW")


def _strangers(table: StudyTable, source: str) -> Iterator[Misconfigured]:
    """Yield what names no bus, and what is told of one bus twice."""
    known, seen = set(_network(table).buses), set[str]()
    for at, each in enumerate(table.injections, 1):
        if each.bus not in known or each.bus in seen:
            yield Misconfigured(f"{source}: injections[{at}].bus", "a bus of the network, each once", repr(each.bus))
        seen.add(each.bus)


def _at(values: tuple[Decimal, ...], period: int) -> Decimal:
    return values[period] if len(values) > 1 else values[0]


# ---- what it becomes


def _case(table: StudyTable, at: int) -> PeriodCase:
    interval = Interval(table.start + at * table.period, table.start + (at + 1) * table.period)
    offers, trades = (tuple(_bid(each, interval, table.currency, at) for each in rows) for rows in _orders(table))
    network = _network(table)
    schedules = {each.bus: _at(each.schedule_mw, at) for each in table.injections}
    deviations = {each.bus: _at(each.deviation_mw, at) for each in table.injections}
    market = NodalMarket(
        network=network,
        bids=offers,
        buses={each.id: each.bus for each in table.bids},
        injections_mw={bus: mw + deviations[bus] for bus, mw in schedules.items()},
    )
    system = CoordinatedSystem(
        market=market,
        trades=trades,
        trade_buses={each.id: each.bus for each in table.trades},
        schedules_mw={
            feeder.id: sum((schedules.get(bus, ZERO) for bus in feeder.buses), ZERO) for feeder in network.feeders
        },
    )
    return PeriodCase(
        system=system,
        transmission_operator=_party(table.transmission_operator),
        distributors={each.id: _party(each.operator or each.id) for each in table.feeders},
        deviations_mw={bus: mw for bus, mw in deviations.items() if mw},
        responsible={each.bus: _party(each.responsible) for each in table.injections if each.responsible},
        switches=Switches(reference_prices={each.id: _at(each.interface_price, at) for each in table.feeders}),
    )


def _orders(table: StudyTable) -> tuple[tuple[BidTable, ...], tuple[BidTable, ...]]:
    return table.bids, table.trades


def _bid(row: BidTable, interval: Interval, currency: str, at: int) -> Bid:
    return Bid(
        id=row.id,
        provider=_party(row.provider),
        area=AreaId("area", _SCHEME),
        direction=Direction(row.direction),
        interval=interval,
        quantity_mw=_at(row.quantity_mw, at),
        price=_at(row.price, at),
        currency=currency,
        resource=ResourceId(row.id, _SCHEME),
    )


def _network(table: StudyTable) -> Network:
    lines = tuple(Line(**dict(each)) for each in table.lines)
    transmission = Transmission(buses=table.buses, lines=lines, reference=table.reference, base_mva=table.base_mva)
    return Network(transmission=transmission, feeders=tuple(_feeder(each, table.base_mva) for each in table.feeders))


def _feeder(row: FeederTable, base_mva: Decimal) -> Feeder:
    return Feeder(
        id=row.id,
        interface=row.interface,
        root=row.root,
        sections=tuple(Section(id=f"{each.parent}-{each.child}", **dict(each)) for each in row.sections),
        w_min=row.least_voltage_pu**2,
        w_max=row.most_voltage_pu**2,
        base_mva=base_mva,
    )


def _party(name: str) -> PartyId:
    return PartyId(name, _SCHEME)
