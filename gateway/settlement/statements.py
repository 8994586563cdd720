"""A settlement run as messages: what each party is told of its energy, its perimeters and its money.

Rules
1. Money: one `Settlement` per party that has any in this run, each line with quantity and amount as the receiver sees
   them: what it delivers or receives is positive, and quantity times price is the amount. A correction run tells the
   difference, in a report of its own that stands beside the earlier ones.
2. Perimeters: one `PerimeterCorrection` per balance responsible party and operator that corrects it, with the
   correction, and the imbalance with its price where it is settled here. A correction run states all values anew, as
   the next revision of the same account, also those that fell to 0.
3. Energy: the delivered energy of each area and supplier in one `Readings`, calculated, or estimated where any part
   is. It is told as regulation data (A10); aggregated energy (A11) is what the meters of a perimeter showed.

Identifiers are name-based (RFC 9562, version 5): the same run is told in the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import uuid5

from gateway.accounts import (
    AdjustmentKind,
    PerimeterAdjustment,
    PerimeterCorrection,
    Settlement,
    SettlementLine,
)
from gateway.answers import NAME_SPACE
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import ZERO, Party, Role
from gateway.settlement.ledger import Ledger, Posting, Subject
from gateway.settlement.run import SettlementRun
from gateway.time import Interval

Numbered = TypeVar("Numbered", SettlementLine, PerimeterAdjustment)


def parties(run: SettlementRun) -> dict[str, PartyId]:
    """Return the parties of *run* by their accounts; other accounts belong to nobody."""
    case, definition = run.case, run.case.definition
    found: set[PartyId] = {*definition.operators.values(), *definition.traders, *case.cost_key, *case.rent_key}
    for unit in definition.units:
        found |= {unit.provider, unit.provider_responsible, unit.supplier, unit.operator}
    found |= {perimeter.party for perimeter in case.perimeters}
    found |= {award.distributor for award in case.interface_awards}
    found |= {schedule.distributor for schedule in case.interface_schedules}
    found |= {netted.operator for netted in case.netted}
    found |= {need.buyer for need in case.result.needs}
    return {str(party): party for party in sorted(found)}


def settlements(run: SettlementRun) -> dict[PartyId, Settlement]:
    """Return what each party is paid and pays in *run*, for those that are paid or pay anything."""
    lines = _lines(run.ledger, run.case.definition.currency)
    return {
        party: Settlement(lines=tuple(_numbered(lines[account])), final=run.final)
        for account, party in parties(run).items()
        if account in lines
    }


def perimeters(run: SettlementRun) -> dict[tuple[PartyId, PartyId], PerimeterCorrection]:
    """Return what each operator (first) tells each balance responsible party (second) of its perimeters."""
    told: dict[tuple[PartyId, PartyId], list[PerimeterAdjustment]] = {}
    for (corrector, party, area, on), energy in sorted(_corrections(run).items()):
        told.setdefault((corrector, party), []).append(_adjustment(run, party, area, on, energy))
    for settled in run.imbalances:
        stated = settled.perimeter
        operator = run.case.definition.operator(stated.area)
        moved = _adjustment(run, stated.party, stated.area, stated.interval, settled.imbalance_mwh)
        imbalance = replace(moved, kind=AdjustmentKind.IMBALANCE, price=settled.price)
        told.setdefault((operator, stated.party), []).append(imbalance)
    return {
        pair: PerimeterCorrection(adjustments=tuple(_numbered(found)), final=run.final) for pair, found in told.items()
    }


def delivered_energy(run: SettlementRun) -> Readings:
    """Return the delivered energy of each area and supplier, net injection in MWh."""
    sums: dict[tuple[AreaId, PartyId], dict[Interval, tuple[Decimal, bool]]] = {}
    for done in run.delivered:
        supplier = done.order.provider if done.unit is None else done.unit.supplier
        own = sums.setdefault((done.order.area, supplier), {})
        energy, estimated = own.get(done.interval, (ZERO, False))
        injected = done.order.direction.sign * done.delivered_mwh
        own[done.interval] = energy + injected, estimated or done.estimated
    series = tuple(_delivered(area, party, values) for (area, party), values in sorted(sums.items()))
    return Readings(series=series, final=run.final)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who writes the messages of a settlement and when: the market operator, and the ``roles`` of system operators."""

    operator: Party
    roles: Mapping[PartyId, Role]
    now: datetime

    def letters(self, run: SettlementRun) -> Iterator[Envelope[Message]]:
        """Yield every message of *run*: delivered energy to the operators, perimeters, and money."""
        energy = delivered_energy(run)
        if energy.series:
            for operator in sorted(set(run.case.definition.operators.values())):
                receiver = self._party(operator, Role.TRANSMISSION_SYSTEM_OPERATOR)
                yield self._letter(self.operator, receiver, energy, "energy", run.number)
        for (corrector, party), correction in perimeters(run).items():
            sender = self._party(corrector, Role.TRANSMISSION_SYSTEM_OPERATOR)
            receiver = self._party(party, Role.BALANCE_RESPONSIBLE_PARTY)
            yield self._letter(sender, receiver, correction, "perimeter", run.number)
        providers = {unit.provider for unit in run.case.definition.units}
        for party, settlement in settlements(run).items():
            receiver = self._party(party, _PAID_AS[party in providers])
            yield self._letter(self.operator, receiver, settlement, f"money, run {run.number}", 1)

    def _party(self, party: PartyId, role: Role) -> Party:
        return Party(party, self.roles.get(party, role))

    def _letter(
        self,
        sender: Party,
        receiver: Party,
        message: Readings | PerimeterCorrection | Settlement,
        kind: str,
        number: int,
    ) -> Envelope[Message]:
        period = _period(message)
        return Envelope(
            id=str(uuid5(NAME_SPACE, f"{sender.id} {receiver.id} {kind} {period}")),
            sender=sender,
            receiver=receiver,
            created=self.now,
            message=message,
            revision=number,
            document_type=_TYPES[type(message)],
            period=period,
        )


_PAID_AS = {True: Role.BALANCING_SERVICE_PROVIDER, False: Role.BALANCE_RESPONSIBLE_PARTY}
"""In which role a party is told of its money: as a provider where it is one."""

_TYPES = {Readings: "A10", PerimeterCorrection: "A12", Settlement: "B44"}
"""Document types: regulation data, imbalance report, financial settlement report."""


def _period(message: Readings | PerimeterCorrection | Settlement) -> Interval:
    match message:
        case Readings():
            intervals = [reading.interval for series in message.series for reading in series.readings]
        case PerimeterCorrection():
            intervals = [moved.interval for moved in message.adjustments]
        case Settlement():
            intervals = [line.interval for line in message.lines]
    return Interval(min(on.start for on in intervals), max(on.end for on in intervals))


def _corrections(run: SettlementRun) -> dict[tuple[PartyId, PartyId, AreaId, Interval], Decimal]:
    """Return the corrections by corrector, party, area and interval, added up."""
    sums: dict[tuple[PartyId, PartyId, AreaId, Interval], Decimal] = {}
    for shift in run.shifts:
        key = shift.corrector, shift.party, shift.area, shift.interval
        sums[key] = sums.get(key, ZERO) + shift.energy_mwh
    return sums


def _adjustment(
    run: SettlementRun, party: PartyId, area: AreaId, on: Interval, energy_mwh: Decimal
) -> PerimeterAdjustment:
    currency = run.case.definition.currency
    return PerimeterAdjustment(
        id=f"{party} {area}", party=party, area=area, interval=on, energy_mwh=energy_mwh, currency=currency
    )


def _lines(ledger: Ledger, currency: str) -> dict[str, list[SettlementLine]]:
    """Return the lines of each account: equal payments in one interval are one line."""
    sums: dict[tuple[str, str, Subject], tuple[Decimal, Decimal]] = {}
    for account, entry, sign in _sides(ledger.postings):
        if entry.subject is not None:
            key = account, entry.purpose, replace(entry.subject, energy_mwh=ZERO)
            energy, amount = sums.get(key, (ZERO, ZERO))
            sums[key] = energy + sign * entry.subject.energy_mwh, amount + sign * entry.amount
    lines: dict[str, list[SettlementLine]] = {}
    for (account, purpose, subject), (energy, amount) in sums.items():
        line = SettlementLine(
            id=f"{account} {purpose} {subject.area} {subject.to_area}",
            kind=subject.kind,
            interval=subject.interval,
            quantity_mwh=energy,
            amount=amount,
            currency=currency,
            reserve=subject.reserve,
            area=subject.area,
            to_area=subject.to_area,
            resource=subject.resource,
        )
        lines.setdefault(account, []).append(line)
    return lines


def _sides(postings: Iterable[Posting]) -> Iterator[tuple[str, Posting, int]]:
    """Yield each posting as its payee and as its payer sees it."""
    for entry in postings:
        yield entry.payee, entry, 1
        yield entry.payer, entry, -1


def _numbered(entries: Iterable[Numbered]) -> Iterator[Numbered]:
    """Yield *entries* by series and time, each with the identifier of its series and its slot in it."""
    series: dict[str, list[Numbered]] = {}
    for entry in entries:
        series.setdefault(f"{entry.id} {entry.kind}", []).append(entry)
    for name, found in series.items():
        own = str(uuid5(NAME_SPACE, name))
        ordered = sorted(found, key=lambda entry: entry.interval)
        for slot, entry in enumerate(ordered, 1):
            yield replace(entry, id=own if len(ordered) == 1 else f"{own}#{slot}")


def _delivered(area: AreaId, party: PartyId, values: Mapping[Interval, tuple[Decimal, bool]]) -> MeasuredSeries:
    readings = tuple(
        Reading(interval=on, value=energy, quality=Quality.ESTIMATED if estimated else Quality.CALCULATED)
        for on, (energy, estimated) in sorted(values.items())
    )
    name = str(uuid5(NAME_SPACE, f"delivered {area} {party}"))
    return MeasuredSeries(id=name, unit=Unit.MEGAWATT_HOUR, readings=readings, area=area, party=party)
