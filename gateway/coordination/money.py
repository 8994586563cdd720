"""What an outcome costs whom, where every unit delivers what was ordered: a settlement without meters of its own.

The operators of a joint market share its cost at nodal prices (`gateway.settlement.nodal`): each pays the deviations d
of its own buses, and keeps the rent of its own limits. With π_i the price of its interface, those of feeder F carry

    rent_F = Σ_n (π_i − π_n) (d_n + a_n),  n in F,  a: activated net injection,

because π_i − π_n = Σ μ h of the feeder's limits. What the feeders do not bear is the transmission operator's.
Balance responsible parties pay the imbalance of the buses that stand in their perimeters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.coordination.outcome import Outcome
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import InvalidValue
from gateway.identifiers import Identifier, PartyId, ResourceId
from gateway.measurements import MeasuredSeries, Reading, Readings
from gateway.measurements import Unit as Measure
from gateway.model import ZERO
from gateway.network.model import Feeder
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.case import InterfaceSchedule, Perimeter, SettlementCase
from gateway.settlement.coordinated import Deviation, coordinated_result, handed_up_awards
from gateway.settlement.definition import Grid, SettlementDefinition, Unit
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.ledger import Ledger
from gateway.settlement.run import settle

_SMALLEST_SHARE = Decimal("0.001")
"""Below this part of what the shares add up to in size, a joint cost is no measure to share anything by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCase:
    """One period to compare schemes on: a system, the operators, and what was not scheduled.

    ``deviations_mw``: the part of each bus' injection that was not scheduled. ``distributors``: the operator of each
    feeder. ``responsible``: the balance responsible party of a bus, where one pays for its deviation.
    """

    system: CoordinatedSystem
    transmission_operator: PartyId
    distributors: Mapping[str, PartyId]
    deviations_mw: Mapping[str, Decimal] = field(default_factory=dict)
    responsible: Mapping[str, PartyId] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)

    def __post_init__(self) -> None:
        """Refuse feeders without an operator and bids without a resource.

        Raises `InvalidValue`.
        """
        for feeder in self.system.feeders:
            if feeder.id not in self.distributors:
                raise InvalidValue("PeriodCase.distributors", f"the operator of feeder {feeder.id}", "none")
        for bid in self.system.market.bids:
            if bid.resource is None:
                raise InvalidValue(f"bid {bid.id}", "a resource, whose meter is read", "none")

    @property
    def hours(self) -> Decimal:
        """The length of the period."""
        return energy_mwh(Decimal(1), self.system.blank.interval.duration)

    def operator(self, bus: str) -> PartyId:
        """Return the operator to whose network *bus* belongs."""
        owners = (self.distributors[feeder.id] for feeder in self.system.feeders if bus in feeder.buses)
        return next(owners, self.transmission_operator)


def ledger(case: PeriodCase, outcome: Outcome) -> Ledger:
    """Return the payments of *outcome*, by the table of its scheme.

    Raises `gateway.errors.Misconfigured` for a scheme without a table of payers.
    """
    integrated = outcome.scheme == "integrated"
    shares = _shares(case, outcome)
    settled = SettlementCase(
        definition=_definition(case, outcome.scheme),
        result=coordinated_result(outcome, case.system, _deviations(case) if integrated else ()),
        readings=(_meters(case, outcome),),
        perimeters=tuple(_perimeters(case)),
        interface_awards=tuple(handed_up_awards(outcome, case.system, case.distributors)),
        interface_schedules=tuple(_schedules(case)),
        cost_key=_key(shares, case.transmission_operator),
        rent_key=_key(_rents(case, outcome), case.transmission_operator),
    )
    return settle(settled).ledger


def _key(shares: Mapping[PartyId, Decimal], otherwise: PartyId) -> Mapping[PartyId, Decimal]:
    """Return *shares*, or all for one party where they nearly cancel and so say nothing about their sum."""
    size = sum(map(abs, shares.values()), ZERO)
    clear = abs(sum(shares.values(), ZERO)) > _SMALLEST_SHARE * size
    return shares if clear else {otherwise: Decimal(1)}


def _shares(case: PeriodCase, outcome: Outcome) -> dict[PartyId, Decimal]:
    """Return what each operator bears per hour of what was bought: its deviations less its rent, the rest the TSO."""
    signs = {bid.id: bid.direction.sign for bid in case.system.market.bids}
    total = sum((signs.get(each.bid_id, 0) * each.quantity_mw * each.price for each in outcome.purchases), ZERO)
    shares: dict[PartyId, Decimal] = {}
    for feeder in case.system.feeders:
        deviations = (-_price(outcome, bus) * case.deviations_mw.get(bus, ZERO) for bus in feeder.buses)
        borne = sum(deviations, ZERO) - _rent(case, outcome, feeder)
        owner = case.distributors[feeder.id]
        shares[owner] = shares.get(owner, ZERO) + borne
    return {case.transmission_operator: total - sum(shares.values(), ZERO)} | shares


def _rents(case: PeriodCase, outcome: Outcome) -> dict[PartyId, Decimal]:
    """Return the rent per hour of each operator's limits: the surplus of a market at nodal prices."""
    moved = _moved(case, outcome)
    for trade in case.system.trades:
        bus = case.system.trade_buses[trade.id]
        moved[bus] = moved.get(bus, ZERO) + trade.direction.sign * outcome.accepted_mw[trade.id]
    surplus = -sum((_price(outcome, bus) * mw for bus, mw in moved.items()), ZERO)
    rents: dict[PartyId, Decimal] = {}
    for feeder in case.system.feeders:
        owner = case.distributors[feeder.id]
        rents[owner] = rents.get(owner, ZERO) + _rent(case, outcome, feeder)
    return {case.transmission_operator: surplus - sum(rents.values(), ZERO)} | rents


def _rent(case: PeriodCase, outcome: Outcome, feeder: Feeder) -> Decimal:
    moved, above = _moved(case, outcome), _price(outcome, feeder.interface)
    return sum(((above - _price(outcome, bus)) * moved.get(bus, ZERO) for bus in feeder.buses), ZERO)


def _moved(case: PeriodCase, outcome: Outcome) -> dict[str, Decimal]:
    """Return by how much the net injection of each bus changed against the schedule."""
    moved = dict(case.deviations_mw)
    for bid in case.system.market.bids:
        bus = case.system.market.buses[bid.id]
        moved[bus] = moved.get(bus, ZERO) + bid.direction.sign * outcome.accepted_mw[bid.id]
    return moved


def _price(outcome: Outcome, bus: str) -> Decimal:
    return outcome.prices[bus].price if bus in outcome.prices else ZERO


def _definition(case: PeriodCase, scheme: str) -> SettlementDefinition:
    return SettlementDefinition(
        scheme=scheme,
        operators={case.system.blank.area: case.transmission_operator},
        units=tuple(_units(case)),
        traders=frozenset(trade.provider for trade in case.system.trades),
        currency=case.system.blank.currency,
    )


def _units(case: PeriodCase) -> Iterator[Unit]:
    top = set(case.system.market.network.transmission.buses)
    for bid in case.system.market.bids:
        bus = case.system.market.buses[bid.id]
        if bid.resource is not None:
            yield Unit(
                resource=bid.resource,
                provider=bid.provider,
                provider_responsible=bid.provider,
                supplier=bid.provider,
                operator=case.operator(bus),
                grid=Grid.TRANSMISSION if bus in top else Grid.DISTRIBUTION,
                baseline=BaselineMethod.ZERO,
            )


def _deviations(case: PeriodCase) -> Iterator[Deviation]:
    for bus, mw in case.deviations_mw.items():
        yield Deviation(party=case.operator(bus), bus=bus, power_mw=mw)


def _perimeters(case: PeriodCase) -> Iterator[Perimeter]:
    """Yield a perimeter for each responsible party, with all its buses."""
    plain, moved = case.system.blank, dict[PartyId, Decimal]()
    for bus, party in case.responsible.items():
        moved[party] = moved.get(party, ZERO) + case.deviations_mw.get(bus, ZERO)
    for party, mw in moved.items():
        energy = energy_mwh(mw, plain.interval.duration)
        yield Perimeter(party=party, area=plain.area, interval=plain.interval, allocated_mwh=energy)


def _interface(feeder: Feeder) -> ResourceId:
    return ResourceId(f"interface {feeder.id}", "meter")


def _schedules(case: PeriodCase) -> Iterator[InterfaceSchedule]:
    plain = case.system.blank
    for feeder in case.system.feeders:
        if feeder.id in case.system.schedules_mw:
            yield InterfaceSchedule(
                distributor=case.distributors[feeder.id],
                area=plain.area,
                interval=plain.interval,
                meter=_interface(feeder),
                export_mw=case.system.schedules_mw[feeder.id],
            )


def _meters(case: PeriodCase, outcome: Outcome) -> Readings:
    """Return meters that show what was ordered, and what the interfaces then exchange."""
    bids = case.system.market.bids
    shown: list[tuple[Identifier, Decimal]] = [
        (bid.resource, bid.direction.sign * outcome.accepted_mw[bid.id]) for bid in bids if bid.resource is not None
    ]
    shown += [(_interface(feeder), outcome.exports_mw[feeder.id]) for feeder in case.system.feeders]
    return Readings(series=tuple(_series(case, meter, power_mw) for meter, power_mw in shown))


def _series(case: PeriodCase, meter: Identifier, power_mw: Decimal) -> MeasuredSeries:
    reading = Reading(interval=case.system.blank.interval, value=power_mw)
    resource = ResourceId(meter.value, meter.scheme)
    return MeasuredSeries(id=meter.value, unit=Measure.MEGAWATT, readings=(reading,), resource=resource)
