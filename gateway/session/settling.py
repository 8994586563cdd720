"""The last steps: what was delivered, corrections of perimeters, money.

For every ordered bid that its provider did not refuse: the requested energy is that of a block; the delivered energy is
what the meter of its resource shows beyond the schedule of the resource (`gateway.settlement.delivery`). Where
either is missing, or several bids share the resource, the requested energy stands in, and the statement is not
final. Payments and adjustments are those of `gateway.settlement`. A statement that is made again after late
measurements goes out as the next revision of the same document, and only to whom it changes something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.accounts import PerimeterAdjustment, PerimeterCorrection, Settlement, SettlementKind, SettlementLine
from gateway.flow import Step
from gateway.identifiers import PartyId
from gateway.measurements import Readings, Unit
from gateway.model import ZERO, Party, Role
from gateway.order_book import in_role
from gateway.results import Award, ClearingResult, ServedNeed
from gateway.schedules import PlanKind, ResourceSchedules
from gateway.session.ordering import letter
from gateway.session.state import Standing, accepted
from gateway.settlement.delivery import delivered_mwh, energy_mwh
from gateway.settlement.ledger import posting
from gateway.settlement.payments import Delivery, PaymentTerms, energy_payments
from gateway.settlement.perimeter import adjustments


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """One activated bid, its energy in its direction in MWh, and whether that was measured."""

    award: Award
    requested_mwh: Decimal
    delivered_mwh: Decimal
    measured: bool


def activations(standing: Standing, awards: Iterable[Award]) -> Iterator[Activated]:
    """Yield the accepted *awards* with requested and delivered energy."""
    kept = accepted(awards)
    for award in kept:
        alone = sum(award.resource is not None and other.resource == award.resource for other in kept) == 1
        requested = energy_mwh(award.quantity_mw, award.interval.duration)
        measured = _delivered(standing, award) if alone else None
        yield Activated(
            award=award,
            requested_mwh=requested,
            delivered_mwh=requested if measured is None else measured,
            measured=measured is not None,
        )


def _delivered(standing: Standing, award: Award) -> Decimal | None:
    """Return the energy that the meter of the award's resource shows beyond its schedule, or None."""
    measured, planned = _measured_mw(standing, award), _planned_mw(standing, award)
    if measured is None or planned is None:
        return None
    return delivered_mwh(measured, planned, award.direction, award.interval.duration)


def _measured_mw(standing: Standing, award: Award) -> Decimal | None:
    """Return the mean net injection of the award's resource that was measured last."""
    found: Decimal | None = None
    for series in (s for e in standing.accepted if isinstance(e.message, Readings) for s in e.message.series):
        for reading in series.readings:
            if series.resource == award.resource and reading.interval == award.interval and reading.value is not None:
                hours = energy_mwh(Decimal(1), award.interval.duration)
                found = reading.value if series.unit is Unit.MEGAWATT else reading.value / hours
    return found


def _planned_mw(standing: Standing, award: Award) -> Decimal | None:
    """Return the scheduled net injection of the award's resource, as told last."""
    plans = [p for e in standing.accepted if isinstance(e.message, ResourceSchedules) for p in e.message.planned]
    own = [plan for plan in plans if plan.resource == award.resource and plan.kind is not PlanKind.RESERVE]
    blocks = [block for plan in own for block in plan.blocks if block.interval.covers(award.interval)]
    return blocks[-1].power_mw if blocks else None


# ---- statements


def settled(standing: Standing, step: Step, result: ClearingResult, operator: Party | None = None) -> Standing:
    """Return the standing after each recipient of *step* got its statement for *result*."""
    roles = {name: party.role for name, party in standing.known.items()}
    found = tuple(activations(standing, result.awards))
    final = all(one.measured for one in found)
    told: dict[Party, list[tuple[SettlementLine, bool]]] = {}
    for recipient in dict.fromkeys(actor.role for actor in step.recipients):
        if recipient == "Buyer":
            for need in result.needs:
                buyer = in_role(roles, need.buyer, Role.TRANSMISSION_SYSTEM_OPERATOR)
                told.setdefault(buyer, []).append((_bought(need), final))
        elif recipient == "Aggregator":
            for one in found:
                provider = in_role(roles, one.award.provider, Role.BALANCING_SERVICE_PROVIDER)
                told.setdefault(provider, []).append((_paid(standing, one), one.measured))
    for party, lines in sorted(told.items()):
        message = Settlement(lines=tuple(line for line, _ in lines), final=all(measured for _, measured in lines))
        standing = standing.telling([letter(standing, f"settlement {step.market}", party, message, operator)])
    return standing


def interfaces(standing: Standing, step: Step, awards: Mapping[PartyId, Sequence[Award]]) -> Standing:
    """Return the standing after each distribution operator learned what it gets for *awards* at its interface."""
    for name, own in awards.items():
        found = tuple(activations(standing, own))
        if found:
            message = Settlement(lines=tuple(_paid(standing, one) for one in found), final=False)
            receiver = Party(name, Role.MARKET_OPERATOR)
            standing = standing.telling([letter(standing, f"settlement {step.market} interface", receiver, message)])
    return standing


def _paid(standing: Standing, one: Activated) -> SettlementLine:
    """Return what the provider of an activated bid receives for it."""
    (payment,) = energy_payments(_delivery(standing, one), PaymentTerms())
    award = one.award
    return SettlementLine(
        id=award.bid_id,
        kind=SettlementKind.BALANCING_ENERGY,
        interval=one.award.interval,
        quantity_mwh=one.requested_mwh,
        amount=payment.amount,
        currency=award.currency,
        reserve=award.reserve,
        area=award.area,
        resource=award.resource,
    )


def _bought(need: ServedNeed) -> SettlementLine:
    """Return what a buyer pays, or is paid, for what it got."""
    energy = energy_mwh(need.bought_mw, need.interval.duration)
    amount = -need.direction.sign * energy * (need.price or ZERO)
    return SettlementLine(
        id=need.need_id,
        kind=SettlementKind.BALANCING_ENERGY,
        interval=need.interval,
        quantity_mwh=energy,
        amount=posting("buyer", "market", amount, need.need_id).amount,
        currency=need.currency,
        reserve=need.reserve,
        area=need.area,
    )


def _delivery(standing: Standing, one: Activated) -> Delivery:
    award = one.award
    price = award.price if award.price is not None else award.bid_price
    return Delivery(
        bid_id=award.bid_id,
        provider=str(award.provider),
        operator=str(standing.opening.market.operator.id),
        direction=award.direction,
        requested_mwh=one.requested_mwh,
        delivered_mwh=one.delivered_mwh,
        price=price or ZERO,
    )


def corrected(standing: Standing, step: Step, result: ClearingResult) -> Standing:
    """Return the standing after the balance responsible parties learned how their perimeters are corrected."""
    told: dict[PartyId, list[tuple[PerimeterAdjustment, bool]]] = {}
    for one in activations(standing, result.awards):
        for move in _moves(standing, one):
            told.setdefault(move.party, []).append((move, one.measured))
    for name, moves in sorted(told.items()):
        message = PerimeterCorrection(
            adjustments=tuple(move for move, _ in moves), final=all(measured for _, measured in moves)
        )
        receiver = Party(name, Role.BALANCE_RESPONSIBLE_PARTY)
        standing = standing.telling([letter(standing, f"perimeter {step.market}", receiver, message)])
    return standing


def _moves(standing: Standing, one: Activated) -> Iterator[PerimeterAdjustment]:
    """Yield the adjustments that an activated bid leads to, without those of 0 MWh."""
    responsible, supplier = _answering(standing, one.award)
    parties = {str(responsible): responsible, str(supplier): supplier}
    moves = adjustments(_delivery(standing, one), supplier=str(supplier), provider_responsible=str(responsible))
    for move, what in zip(moves, ("delivered", "not delivered"), strict=True):
        if move.energy_mwh:
            yield PerimeterAdjustment(
                id=f"{move.bid_id} {what}",
                party=parties[move.party],
                area=one.award.area,
                interval=one.award.interval,
                energy_mwh=move.energy_mwh,
                currency=one.award.currency,
            )


def _answering(standing: Standing, award: Award) -> tuple[PartyId, PartyId]:
    """Return the balance responsible parties of the provider and of the supplier of an award's resource."""
    for entry in standing.opening.terms.responsible:
        if entry.provider == award.provider and entry.resource in {None, award.resource}:
            return entry.provider_responsible, entry.supplier
    return award.provider, award.provider
