"""The perimeters that activations and purchases move, and the imbalances that are left.

One shift for each share of each activation (`gateway.settlement.perimeter`): the supplier by the delivered energy,
the provider by the energy that is paid for less the delivered energy, a responsible party that bought by what it
bought. Who corrects a perimeter says the scheme's table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.accounts import SettlementKind
from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO
from gateway.settlement.books import as_delivery, grid_of
from gateway.settlement.case import Perimeter, SettlementCase
from gateway.settlement.definition import Grid
from gateway.settlement.deliveries import DeliveredOrder
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.ledger import Posting, Subject, posting
from gateway.settlement.payers import Item, Part, corrector
from gateway.settlement.perimeter import adjustments, imbalance_mwh, purchase_adjustment
from gateway.time import Interval


class Share(StrEnum):
    """In which capacity a party's perimeter is moved."""

    SUPPLIER = "supplier"
    PROVIDER = "provider"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerimeterShift:
    """The perimeter of ``party`` is moved by ``energy_mwh`` (net injection positive); ``corrector`` says so.

    ``name`` is that of the bid or need.
    """

    share: Share
    corrector: PartyId
    party: PartyId
    area: AreaId
    interval: Interval
    energy_mwh: Decimal
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledImbalance:
    """The imbalance of a perimeter after its correction, MWh, and the price that it was settled at."""

    perimeter: Perimeter
    adjustment_mwh: Decimal
    imbalance_mwh: Decimal
    price: Decimal


_ITEMS = {Grid.TRANSMISSION: Item.TRANSMISSION_PERIMETERS, Grid.DISTRIBUTION: Item.DISTRIBUTION_PERIMETERS}


def shifts(case: SettlementCase, delivered: Iterable[DeliveredOrder]) -> Iterator[PerimeterShift]:
    """Yield what each of *delivered* and each purchase of a responsible party moves.

    Raises `Misconfigured` for an unknown scheme and for an area without operator.
    """
    for done in delivered:
        yield from _activated(case, done)
    yield from _bought(case)


def _activated(case: SettlementCase, done: DeliveredOrder) -> Iterator[PerimeterShift]:
    operator, unit = _corrector(case, done), done.unit
    parties = (done.order.provider,) * 2 if unit is None else (unit.supplier, unit.provider_responsible)
    moved = adjustments(
        as_delivery(done, str(operator)),
        supplier=str(parties[0]),
        provider_responsible=str(parties[1]),
        basis=case.definition.terms.basis,
    )
    for share, party, adjustment in zip((Share.SUPPLIER, Share.PROVIDER), parties, moved, strict=True):
        yield PerimeterShift(
            share=share,
            corrector=operator,
            party=party,
            area=done.order.area,
            interval=done.interval,
            energy_mwh=adjustment.energy_mwh,
            name=done.order.bid_id,
        )


def _corrector(case: SettlementCase, done: DeliveredOrder) -> PartyId:
    part = corrector(case.definition.scheme, _ITEMS[grid_of(done)])
    if part is Part.DISTRIBUTION_OPERATOR and done.unit is not None:
        return done.unit.operator
    return case.definition.operator(done.order.area)


def _bought(case: SettlementCase) -> Iterator[PerimeterShift]:
    """Yield what the needs of responsible parties move: whoever has a perimeter here and is no system operator."""
    responsible = {perimeter.party for perimeter in case.perimeters} | case.definition.traders
    responsible -= set(case.definition.operators.values())
    for need in case.result.needs:
        if need.buyer in responsible and need.bought_mw:
            energy = energy_mwh(need.direction.sign * need.bought_mw, need.interval.duration)
            yield PerimeterShift(
                share=Share.BUYER,
                corrector=case.definition.operator(need.area),
                party=need.buyer,
                area=need.area,
                interval=need.interval,
                energy_mwh=purchase_adjustment(str(need.buyer), energy, need.need_id).energy_mwh,
                name=need.need_id,
            )


def imbalances(
    case: SettlementCase,
    shifts: Iterable[PerimeterShift],
    prices: Mapping[tuple[AreaId, Interval], ImbalancePrice],
) -> tuple[tuple[SettledImbalance, ...], tuple[str, ...]]:
    """Return the imbalances of the stated perimeters, and sentences on what cannot be settled here."""
    moved: dict[tuple[PartyId, AreaId, Interval], Decimal] = {}
    for shift in shifts:
        key = (shift.party, shift.area, shift.interval)
        moved[key] = moved.get(key, ZERO) + shift.energy_mwh
    settled: list[SettledImbalance] = []
    remarks: list[str] = []
    for perimeter in case.perimeters:
        where = (perimeter.area, perimeter.interval)
        adjustment = moved.pop((perimeter.party, *where), ZERO)
        imbalance = imbalance_mwh(perimeter.allocated_mwh, perimeter.position_mwh, adjustment)
        if where in prices:
            price = prices[where].of(imbalance)
            settled.append(
                SettledImbalance(perimeter=perimeter, adjustment_mwh=adjustment, imbalance_mwh=imbalance, price=price)
            )
        elif imbalance:
            remarks.append(f"imbalance of {perimeter.party} {perimeter.interval}: not settled, no imbalance price")
    unknown = sorted({party for (party, _, _), energy in moved.items() if energy})
    remarks += [f"imbalance of {party}: not settled here, no allocation and position stated" for party in unknown]
    return tuple(settled), tuple(remarks)


def imbalance_posting(case: SettlementCase, settled: SettledImbalance) -> Posting:
    """Return what *settled* pays: a surplus earns, a shortage pays. Raises `Misconfigured` without an operator."""
    perimeter = settled.perimeter
    subject = Subject(
        kind=SettlementKind.IMBALANCE,
        interval=perimeter.interval,
        energy_mwh=settled.imbalance_mwh,
        area=perimeter.area,
    )
    operator = str(case.definition.operator(perimeter.area))
    amount = settled.imbalance_mwh * settled.price
    return posting(operator, str(perimeter.party), amount, f"imbalance {perimeter.party}", subject)
