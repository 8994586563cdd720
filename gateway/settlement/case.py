"""What one settlement is made from: a definition, a result, and what was ordered, planned and measured.

A case is complete in itself: the same case gives the same settlement, and a correction is the same case with more
documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.identifiers import AreaId, Identifier, PartyId
from gateway.measurements import Readings
from gateway.model import ZERO, Reserve
from gateway.results import ActivationOrders, ClearingResult
from gateway.schedules import ResourceSchedules
from gateway.settlement.definition import SettlementDefinition
from gateway.settlement.imbalance import ImbalancePrice
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Perimeter:
    """Energy of one balance responsible party in one area and period, MWh, net injection positive.

    ``allocated_mwh`` is what was measured in its perimeter, ``position_mwh`` what it had bought or sold.
    """

    party: PartyId
    area: AreaId
    interval: Interval
    allocated_mwh: Decimal = ZERO
    position_mwh: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceAward:
    """What the central market took of the offers that a distribution operator handed up.

    ``injection_mw``: change of the export of its grid (positive: more into the transmission grid), at ``price`` per
    MWh.
    """

    distributor: PartyId
    area: AreaId
    interval: Interval
    injection_mw: Decimal
    price: Decimal
    reserve: Reserve = Reserve.MFRR


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceSchedule:
    """The export that was agreed for the interface of a distribution grid, and the meter that measures it."""

    distributor: PartyId
    area: AreaId
    interval: Interval
    meter: Identifier
    export_mw: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NettedImbalance:
    """What an operator imported (positive) or exported by imbalance netting in one interval, MWh.

    ``value``: of the activation that it avoided, per MWh (`gateway.settlement.exchange`).
    """

    operator: PartyId
    interval: Interval
    energy_mwh: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCase:
    """The inputs of one settlement.

    Documents stand in the order in which they came: a later one counts. ``perimeters``: of the parties whose
    imbalance is settled here. ``imbalance_prices``: where there are none they are derived from the result.
    ``cost_key``: weights by which the operators of a joint market bear its cost (`gateway.settlement.cost_split`,
    `gateway.settlement.nodal`). ``rent_key``: weights by which they share the congestion rent of a market that
    settles at nodal prices.
    """

    definition: SettlementDefinition
    result: ClearingResult
    orders: tuple[ActivationOrders, ...] = ()
    readings: tuple[Readings, ...] = ()
    schedules: tuple[ResourceSchedules, ...] = ()
    perimeters: tuple[Perimeter, ...] = ()
    imbalance_prices: tuple[ImbalancePrice, ...] = ()
    interface_awards: tuple[InterfaceAward, ...] = ()
    interface_schedules: tuple[InterfaceSchedule, ...] = ()
    netted: tuple[NettedImbalance, ...] = ()
    cost_key: Mapping[PartyId, Decimal] = field(default_factory=dict)
    rent_key: Mapping[PartyId, Decimal] = field(default_factory=dict)
