"""A settlement run: a period from its result, orders, measurements and definition to money and perimeters.

`settle` makes the first run, `correct` a later one from documents that came since. A correction holds the difference to
what was settled before: who pays whom how much more, never the whole again, and nothing where nothing changed.

Order of business: orders and requested energy; baselines, meters and delivered energy; corrections of perimeters;
money by the scheme's table; imbalances. Every run keeps these identities, and `Identities` tells where one fails:

    Σ balances of all accounts = 0
    Σ corrections of suppliers = Σ delivered energy
    Σ corrections of all parties = Σ energy paid for − Σ energy that responsible parties bought
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.measurements import Readings
from gateway.model import ZERO
from gateway.report import Report
from gateway.results import ActivationOrders
from gateway.schedules import ResourceSchedules
from gateway.settlement.books import Books, as_delivery
from gateway.settlement.case import SettlementCase
from gateway.settlement.deliveries import DeliveredOrder, deliveries, evidence
from gateway.settlement.imbalance import imbalance_prices
from gateway.settlement.ledger import Ledger
from gateway.settlement.orders import ordered
from gateway.settlement.payments import settled_mwh
from gateway.settlement.shifts import PerimeterShift, SettledImbalance, Share, imbalance_posting, imbalances, shifts


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRun:
    """The outcome of one run.

    ``ledger`` holds what this run pays, ``settled`` what all runs up to this one have paid; the first run has both
    alike. ``number`` counts the runs from 1. ``final`` is false while a value is missing or provisional.
    """

    case: SettlementCase
    number: int
    delivered: tuple[DeliveredOrder, ...]
    shifts: tuple[PerimeterShift, ...]
    imbalances: tuple[SettledImbalance, ...]
    ledger: Ledger
    settled: Ledger
    report: Report
    final: bool


def settle(case: SettlementCase) -> SettlementRun:
    """Return the first run of *case*.

    Raises `Misconfigured` where the definition does not fit the result: an unknown scheme, unit or operator.
    """
    orders, refused = ordered(case.result, case.orders)
    known = evidence(case.readings, case.schedules, case.definition.baseline)
    delivered, found = deliveries(case.definition, orders, known)
    moved = tuple(shifts(case, delivered))
    prices = imbalance_prices(case.result, orders, case.imbalance_prices)
    books = Books(case=case, delivered=delivered, known=known, prices=prices)
    found_imbalances, unsettled = imbalances(case, moved, prices)
    ledger = books.ledger() + (imbalance_posting(case, each) for each in found_imbalances)
    unmeasured = tuple(_unmeasured(books))
    report = Report(assumptions=refused) + found + Report(assumptions=(*unsettled, *unmeasured))
    final = not any(done.estimated for done in delivered) and not unmeasured
    return SettlementRun(
        case=case,
        number=1,
        delivered=delivered,
        shifts=moved,
        imbalances=found_imbalances,
        ledger=ledger,
        settled=ledger,
        report=report,
        final=final,
    )


def correct(
    before: SettlementRun,
    readings: Iterable[Readings] = (),
    orders: Iterable[ActivationOrders] = (),
    schedules: Iterable[ResourceSchedules] = (),
) -> SettlementRun:
    """Return the run that follows *before* with the documents that came since; its ledger is the difference.

    Raises `Misconfigured` as `settle`.
    """
    case = replace(
        before.case,
        readings=(*before.case.readings, *readings),
        orders=(*before.case.orders, *orders),
        schedules=(*before.case.schedules, *schedules),
    )
    return following(settle(case), before.number, before.settled)


def following(run: SettlementRun, number: int, settled: Ledger) -> SettlementRun:
    """Return *run*, a period settled anew, as the one after run *number*, until which *settled* was paid."""
    return replace(run, number=number + 1, ledger=settled.correction(run.settled))


def identities(run: SettlementRun) -> Iterator[str]:
    """Yield in a sentence each identity that *run* does not keep; none where the settlement is sound."""
    basis = run.case.definition.terms.basis
    signed = [(done, done.order.direction.sign) for done in run.delivered]
    paid = sum((sign * settled_mwh(as_delivery(done, ""), basis) for done, sign in signed), ZERO)
    bought = sum((shift.energy_mwh for shift in run.shifts if shift.share is Share.BUYER), ZERO)
    sums = (
        ("the balances of all accounts", sum(run.settled.balances().values(), ZERO), ZERO),
        (
            "the corrections of suppliers",
            sum((shift.energy_mwh for shift in run.shifts if shift.share is Share.SUPPLIER), ZERO),
            sum((sign * done.delivered_mwh for done, sign in signed), ZERO),
        ),
        ("all corrections", sum((shift.energy_mwh for shift in run.shifts), ZERO), paid + bought),
    )
    for name, found, expected in sums:
        if abs(found - expected) > _DIGITS:
            yield f"{name} add up to {found}, expected {expected}"


_DIGITS = Decimal("1e-18")
"""Sums of thirds differ by their last digits."""


def _unmeasured(books: Books) -> Iterator[str]:
    """Yield a sentence for each agreed exchange whose deviation cannot be settled."""
    for schedule in books.case.interface_schedules:
        where = f"interface of {schedule.distributor} {schedule.interval}"
        if books.known.meters.mean(schedule.meter, schedule.interval) is None:
            yield f"{where}: deviation not settled, not measured"
        elif (schedule.area, schedule.interval) not in books.prices:
            yield f"{where}: deviation not settled, no imbalance price"
