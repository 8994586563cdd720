"""What a settlement is run by: the terms of the market, its units, and who answers for them.

Nothing here is measured or cleared: a definition is agreed before the period and stays the same in every correction
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gateway.errors import Misconfigured
from gateway.identifiers import AreaId, Identifier, MeteringPointId, PartyId, ResourceId
from gateway.model import ZERO
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.history import Calendar
from gateway.settlement.orders import EnergyShape, Order
from gateway.settlement.payments import PaymentTerms


class Grid(StrEnum):
    """The grid to which a unit is connected."""

    TRANSMISSION = "transmission"
    DISTRIBUTION = "distribution"


class Substitute(StrEnum):
    """What stands in for energy that was not measured until it is."""

    AS_REQUESTED = "as requested"
    NOTHING = "nothing delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit that is activated: whose it is, who answers for its energy, how its baseline is found.

    ``provider_responsible``: the balance responsible party of the provider. ``supplier``: the one in whose perimeter
    the unit lies. ``operator``: the system operator to whose grid it is connected. ``metering_point`` is where it is
    measured, None where the meter is known by the unit itself. ``event_days``: local days on which it was activated,
    besides those of the settled period.
    """

    resource: ResourceId
    provider: PartyId
    provider_responsible: PartyId
    supplier: PartyId
    operator: PartyId
    grid: Grid
    baseline: BaselineMethod
    metering_point: MeteringPointId | None = None
    event_days: frozenset[date] = frozenset()

    @property
    def meter(self) -> Identifier:
        """The identifier under which the unit is measured."""
        return self.metering_point or self.resource

    @property
    def independent(self) -> bool:
        """Whether the provider is neither the supplier of the unit nor answers for it."""
        return self.supplier not in {self.provider, self.provider_responsible}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineTerms:
    """Terms of the baseline of the highest days: how many of how many, the cap of the adjustment, and the calendar."""

    highest: int = 5
    days: int = 10
    cap: Decimal = Decimal("0.2")
    calendar: Calendar = field(default_factory=Calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementDefinition:
    """The terms of one market.

    ``scheme`` names the table of who pays whom (`gateway.settlement.payers`). ``operators``: the transmission
    operator of each area. ``traders``: parties that sell energy from their perimeter without a unit behind it
    (integrated market). ``shape``: of the energy requested of units; ``exchange_shape``: of that between areas.
    ``compensation_price``: what an independent provider owes the supplier per MWh delivered. ``make_whole``: whether a
    bid that was accepted at a loss is lifted to its own price. ``exporter_shares``: share of a border's congestion
    income that goes to the exporting operator, by border (``A-B``); a half where none is agreed.
    """

    scheme: str
    operators: Mapping[AreaId, PartyId]
    units: tuple[Unit, ...] = ()
    traders: frozenset[PartyId] = frozenset()
    shape: EnergyShape = field(default_factory=EnergyShape)
    exchange_shape: EnergyShape = field(default_factory=EnergyShape)
    terms: PaymentTerms = field(default_factory=PaymentTerms)
    compensation_price: Decimal = ZERO
    make_whole: bool = False
    substitute: Substitute = Substitute.AS_REQUESTED
    baseline: BaselineTerms = field(default_factory=BaselineTerms)
    exporter_shares: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = "EUR"

    def operator(self, area: AreaId) -> PartyId:
        """Return the transmission operator of *area*. Raises `Misconfigured` where none is named."""
        if area not in self.operators:
            raise Misconfigured("operators", f"the transmission operator of {area}", "none")
        return self.operators[area]

    def roster(self) -> Roster:
        """Return the units by their providers."""
        units: dict[PartyId, list[Unit]] = {}
        for unit in self.units:
            units.setdefault(unit.provider, []).append(unit)
        return Roster(units={provider: tuple(own) for provider, own in units.items()}, traders=self.traders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The units of each provider, to look up whose order it is."""

    units: Mapping[PartyId, tuple[Unit, ...]]
    traders: frozenset[PartyId]

    def unit(self, order: Order) -> Unit | None:
        """Return the unit of *order*, or None for the sale of a trader.

        It is the resource that the bid names, or the only unit of its provider. Raises `Misconfigured` where that
        is none or several.
        """
        if order.provider in self.traders:
            return None
        own = self.units.get(order.provider, ())
        named = tuple(unit for unit in own if unit.resource == order.resource) if order.resource else own
        if len(named) != 1:
            wanted = f"one unit of {order.provider}" + (f" called {order.resource}" if order.resource else "")
            raise Misconfigured("units", wanted, f"{len(named)} of them, for bid {order.bid_id}")
        return named[0]
