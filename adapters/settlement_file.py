"""The settlement file: the terms of a settlement and what no document tells, as a person writes it in TOML.

A file such as ::

    [terms]
    basis = "requested"

    [[units]]
    resource = "NSE:PLANT-1"
    provider = "A10:9520000000011"
    operator = "10X1001A1001A418"
    grid = "transmission"
    baseline = "schedule"

becomes `SettlementSettings`. Every key of a table has a default where one makes sense; the defaults stand in the
classes below and in `gateway.settlement.definition`. How values are written and complaints are told:
`adapters.toml_tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StrictBool

from adapters.toml_tables import (
    Amount,
    AreaKey,
    Duration,
    Instant,
    MeteringPointKey,
    PartyKey,
    Power,
    ResourceKey,
    Table,
    ZoneKey,
    read_tables,
)
from gateway.errors import Misconfigured
from gateway.identifiers import PartyId
from gateway.market import MarketDefinition
from gateway.model import ZERO
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.case import InterfaceAward, InterfaceSchedule, NettedImbalance, Perimeter
from gateway.settlement.definition import BaselineTerms, Grid, SettlementDefinition, Substitute, Unit
from gateway.settlement.history import Calendar
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.orders import EnergyShape, Shape
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from gateway.time import CENTRAL_EUROPE, Interval

FILE_NAME = "settlement.toml"
"""The name under which a settlement file lies in a folder of documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementSettings:
    """What a settlement file says. ``scheme`` is None where the file leaves it to the result."""

    definition: SettlementDefinition
    scheme: str | None = None
    perimeters: tuple[Perimeter, ...] = ()
    imbalance_prices: tuple[ImbalancePrice, ...] = ()
    interface_awards: tuple[InterfaceAward, ...] = ()
    interface_schedules: tuple[InterfaceSchedule, ...] = ()
    netted: tuple[NettedImbalance, ...] = ()
    cost_key: dict[PartyId, Decimal] = field(default_factory=dict)
    rent_key: dict[PartyId, Decimal] = field(default_factory=dict)

    def complete(self, scheme: str, market: MarketDefinition) -> SettlementDefinition:
        """Return the definition for a result of *scheme* in *market*; the file's own words come first."""
        operators = {area.id: area.operator for area in market.areas if area.operator is not None}
        return replace(
            self.definition,
            scheme=self.scheme or scheme,
            operators={**operators, **self.definition.operators},
            currency=market.currency,
        )


def read_settlement(text: str, source: str = FILE_NAME) -> SettlementSettings:
    """Return the settings that a settlement file says; *source* names it in complaints.

    Raises an `ExceptionGroup` of `Misconfigured` with everything that is wrong with it.
    """
    file = read_tables(text, source, _File, _TABLES)
    problems = [Misconfigured(f"{source}: {path}", *rest) for path, *rest in _contradictions(file)]
    if problems:
        raise ExceptionGroup(source, problems)
    return file.settings()


_QUARTER_HOUR = timedelta(minutes=15)


class _Terms(Table):
    basis: VolumeBasis = VolumeBasis.REQUESTED
    penalty_per_mwh: Power = ZERO
    compensation_price: Amount = ZERO
    make_whole: StrictBool = False
    substitute: Substitute = Substitute.AS_REQUESTED
    shape: Shape = Shape.BLOCK
    ramp: Duration = EnergyShape().ramp
    exchange_shape: Shape = Shape.BLOCK


class _Baseline(Table):
    highest: Annotated[int, Field(gt=0)] = 5
    days: Annotated[int, Field(gt=0)] = 10
    cap: Power = BaselineTerms().cap
    time_zone: ZoneKey = CENTRAL_EUROPE
    window: Duration = Calendar().window
    holidays: tuple[date, ...] = ()


class _Unit(Table):
    resource: ResourceKey
    provider: PartyKey
    operator: PartyKey
    grid: Grid
    baseline: BaselineMethod
    provider_responsible: PartyKey | None = None
    supplier: PartyKey | None = None
    metering_point: MeteringPointKey | None = None
    event_days: tuple[date, ...] = ()

    def unit(self) -> Unit:
        """Return the unit; who is not named is the provider."""
        told = dict(self) | {"event_days": frozenset(self.event_days)}
        told["provider_responsible"] = self.provider_responsible or self.provider
        told["supplier"] = self.supplier or told["provider_responsible"]
        return Unit(**told)


class _Operator(Table):
    area: AreaKey
    operator: PartyKey


class _Period(Table):
    area: AreaKey
    start: Instant
    duration: Duration = _QUARTER_HOUR

    def told(self) -> dict[str, Any]:
        """Return the fields with the interval in place of its start and length."""
        rest = {name: value for name, value in self if name not in {"start", "duration"}}
        return {**rest, "interval": Interval(self.start, self.start + self.duration)}


class _Perimeter(_Period):
    party: PartyKey
    allocated_mwh: Amount = ZERO
    position_mwh: Amount = ZERO


class _ImbalancePrice(_Period):
    shortage: Amount
    surplus: Amount


class _InterfaceAward(_Period):
    distributor: PartyKey
    injection_mw: Amount
    price: Amount


class _InterfaceSchedule(_Period):
    distributor: PartyKey
    meter: ResourceKey
    export_mw: Amount


class _Netted(Table):
    operator: PartyKey
    start: Instant
    duration: Duration = _QUARTER_HOUR
    energy_mwh: Amount
    value: Amount

    def told(self) -> NettedImbalance:
        """Return the netted imbalance."""
        interval = Interval(self.start, self.start + self.duration)
        return NettedImbalance(operator=self.operator, interval=interval, energy_mwh=self.energy_mwh, value=self.value)


class _Share(Table):
    party: PartyKey
    weight: Amount


class _ExporterShare(Table):
    between: Annotated[tuple[PartyKey, ...], Field(min_length=2, max_length=2)]
    share: Annotated[Power, Field(le=1)]


class _File(Table):
    scheme: str | None = None
    traders: tuple[PartyKey, ...] = ()
    terms: _Terms = _Terms()
    baseline: _Baseline = _Baseline()
    units: tuple[_Unit, ...] = ()
    operators: tuple[_Operator, ...] = ()
    perimeters: tuple[_Perimeter, ...] = ()
    imbalance_prices: tuple[_ImbalancePrice, ...] = ()
    interface_awards: tuple[_InterfaceAward, ...] = ()
    interface_schedules: tuple[_InterfaceSchedule, ...] = ()
    netted: tuple[_Netted, ...] = ()
    cost_key: tuple[_Share, ...] = ()
    rent_key: tuple[_Share, ...] = ()
    exporter_shares: tuple[_ExporterShare, ...] = ()

    def settings(self) -> SettlementSettings:
        """Return the canonical values of the file."""
        return SettlementSettings(
            scheme=self.scheme,
            definition=self.definition(),
            perimeters=tuple(Perimeter(**each.told()) for each in self.perimeters),
            imbalance_prices=tuple(ImbalancePrice(**each.told()) for each in self.imbalance_prices),
            interface_awards=tuple(InterfaceAward(**each.told()) for each in self.interface_awards),
            interface_schedules=tuple(InterfaceSchedule(**each.told()) for each in self.interface_schedules),
            netted=tuple(each.told() for each in self.netted),
            cost_key={share.party: share.weight for share in self.cost_key},
            rent_key={share.party: share.weight for share in self.rent_key},
        )

    def definition(self) -> SettlementDefinition:
        """Return the definition, as far as the file says it."""
        terms, baseline = self.terms, self.baseline
        calendar = Calendar(zone=baseline.time_zone, holidays=frozenset(baseline.holidays), window=baseline.window)
        return SettlementDefinition(
            scheme=self.scheme or "",
            operators={each.area: each.operator for each in self.operators},
            units=tuple(each.unit() for each in self.units),
            traders=frozenset(self.traders),
            shape=EnergyShape(shape=terms.shape, ramp=terms.ramp),
            exchange_shape=EnergyShape(shape=terms.exchange_shape, ramp=terms.ramp),
            terms=PaymentTerms(basis=terms.basis, penalty_per_mwh=terms.penalty_per_mwh),
            compensation_price=terms.compensation_price,
            make_whole=terms.make_whole,
            substitute=terms.substitute,
            baseline=BaselineTerms(highest=baseline.highest, days=baseline.days, cap=baseline.cap, calendar=calendar),
            exporter_shares={"-".join(sorted(map(str, each.between))): each.share for each in self.exporter_shares},
        )


def _contradictions(file: _File) -> Iterator[tuple[str, str, str]]:
    """Tell path, expected and found of what is right in itself but does not fit together."""
    if file.baseline.highest > file.baseline.days:
        yield "baseline.highest", f"at most {file.baseline.days}, the days", str(file.baseline.highest)
    seen = Counter(unit.resource for unit in file.units)
    for resource in sorted(resource for resource, count in seen.items() if count > 1):
        yield "units", "each resource once", str(resource)


_TABLES: dict[str, type[Table]] = {
    "": _File,
    "terms": _Terms,
    "baseline": _Baseline,
    "units": _Unit,
    "operators": _Operator,
    "perimeters": _Perimeter,
    "imbalance_prices": _ImbalancePrice,
    "interface_awards": _InterfaceAward,
    "interface_schedules": _InterfaceSchedule,
    "netted": _Netted,
    "cost_key": _Share,
    "rent_key": _Share,
    "exporter_shares": _ExporterShare,
}
