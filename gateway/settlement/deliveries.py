"""What each order delivered: baseline and meter of its unit, period by period.

    E_del = (measured − baseline) dt        [MWh, net injection positive]

Rules
1. A meter shows the unit, not the bid. Where several orders of a unit fall into one period, what the unit delivered
   beyond or below their sum is shared among them in proportion to what each requested, so that their deliveries add
   up to what was measured.
2. A value that is missing, or a baseline that cannot be formed, is put by the rule of the market (`Substitute`),
   marked as estimated, and said in the report; the run is then not final.
3. The meter before an activation is the last whole period before its first one; orders in consecutive periods are one
   activation.
4. The energy of a trader's sale is delivered by definition: its own perimeter shows whether it had it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from gateway.errors import Unmappable
from gateway.measurements import Quality, Readings
from gateway.model import ZERO
from gateway.report import Finding, Level, Report, Severity
from gateway.schedules import ResourceSchedules
from gateway.settlement.baseline import Baseline, BaselineMethod, highest_days, meter_before, nominated, zero
from gateway.settlement.definition import BaselineTerms, SettlementDefinition, Substitute, Unit
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.history import Past
from gateway.settlement.metering import PROVISIONAL, MeterBook, MeterValue, book
from gateway.settlement.orders import Order, requested_energy
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredOrder:
    """An order in one period: requested and delivered energy in its direction (MWh), and what they rest on.

    ``unit`` is None for the sale of a trader. ``baseline`` and ``measured`` are those of the unit, None where a
    substitute stands in; ``estimated`` says so, or that the meter value is provisional.
    """

    order: Order
    unit: Unit | None
    interval: Interval
    requested_mwh: Decimal
    delivered_mwh: Decimal
    baseline: Baseline | None = None
    measured: MeterValue | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of the units besides their orders: the meter book, and their plans by unit and period."""

    meters: MeterBook
    plans: Mapping[tuple[str, Interval], Decimal]
    terms: BaselineTerms

    def baseline(self, unit: Unit, on: Interval, event: datetime) -> Baseline:
        """Return the baseline of *unit* in the period *on* of an activation that began at *event*.

        Raises `Unmappable` where what it takes is not there.
        """
        return _BASELINES[unit.baseline](self, unit, on, event)

    def measured(self, unit: Unit, on: Interval) -> MeterValue:
        """Return what the meter of *unit* showed throughout *on*. Raises `Unmappable` where values do not fill it."""
        value = self.meters.mean(unit.meter, on)
        if value is None:
            raise Unmappable(f"{unit.meter} {on}", "measured values that fill the period", "none", "B03")
        return value

    def past(self, unit: Unit) -> Past:
        """Return the metered past of *unit*."""
        return Past(meter=unit.meter, book=self.meters, events=unit.event_days, calendar=self.terms.calendar)


def evidence(readings: Iterable[Readings], schedules: Iterable[ResourceSchedules], terms: BaselineTerms) -> Evidence:
    """Return what *readings* and *schedules*, both in the order in which they came, say of the units.

    A plan of reserve is no baseline, and neither is the plan of a whole portfolio.
    """
    plans = {
        (str(plan.resource), block.interval): block.power_mw
        for document in schedules
        for plan in document.planned
        if plan.resource is not None and plan.direction is None
        for block in plan.blocks
    }
    return Evidence(meters=book(readings), plans=plans, terms=terms)


def deliveries(
    definition: SettlementDefinition, orders: Iterable[Order], known: Evidence
) -> tuple[tuple[DeliveredOrder, ...], Report]:
    """Return what each of *orders* delivered in each period that it touches, and what had to be assumed.

    Raises `Misconfigured` for an order whose unit the definition does not know.
    """
    roster = definition.roster()
    found: dict[tuple[str, Interval], list[DeliveredOrder]] = {}
    for order, period, energy in requested_energy(orders, definition.shape):
        unit = roster.unit(order)
        owner = str(order.provider) if unit is None else str(unit.resource)
        requested = DeliveredOrder(order=order, unit=unit, interval=period, requested_mwh=energy, delivered_mwh=energy)
        found.setdefault((owner, period), []).append(requested)
    begins = _events(found)
    delivered: list[DeliveredOrder] = []
    reports: list[Report] = []
    for (owner, period), requests in sorted(found.items(), key=lambda entry: (entry[0][1], entry[0][0])):
        done, remarks = _of_unit(requests, known, begins[owner, period], definition.substitute)
        delivered += done
        reports.append(remarks)
    findings = tuple(finding for report in reports for finding in report.findings)
    assumptions = tuple(sentence for report in reports for sentence in report.assumptions)
    return tuple(delivered), Report(findings=findings, assumptions=assumptions)


def _events(periods: Iterable[tuple[str, Interval]]) -> dict[tuple[str, Interval], datetime]:
    """Return for each unit and period when the activation began that the period belongs to."""
    begins: dict[tuple[str, Interval], datetime] = {}
    ends: dict[str, tuple[datetime, datetime]] = {}
    for owner, period in sorted(periods):
        begin, end = ends.get(owner, (period.start, period.start))
        begin = begin if end == period.start else period.start
        begins[owner, period] = begin
        ends[owner] = begin, period.end
    return begins


def _of_unit(
    requests: Sequence[DeliveredOrder], known: Evidence, event: datetime, substitute: Substitute
) -> tuple[Sequence[DeliveredOrder], Report]:
    """Return the requests of one unit in one period with what they delivered."""
    unit, period = requests[0].unit, requests[0].interval
    if unit is None:
        return requests, Report()
    try:
        measured = known.measured(unit, period)
        baseline = known.baseline(unit, period, event)
    except Unmappable as missing:
        return _substituted(requests, substitute), _missing(missing, unit, period, substitute)
    injected = energy_mwh(measured.power_mw - baseline.power_mw, period.duration)
    provisional = measured.quality in PROVISIONAL
    shared = _shared(requests, injected)
    return [replace(done, baseline=baseline, measured=measured, estimated=provisional) for done in shared], _remarks(
        unit, period, measured, provisional=provisional
    )


def _shared(requests: Sequence[DeliveredOrder], injected_mwh: Decimal) -> Iterator[DeliveredOrder]:
    """Yield the requests with their shares of the energy that their unit injected beyond its baseline (rule 1)."""
    asked = sum((request.order.direction.sign * request.requested_mwh for request in requests), ZERO)
    weight = sum((abs(request.requested_mwh) for request in requests), ZERO)
    left, beyond = injected_mwh, injected_mwh - asked
    for request in requests[:-1]:
        sign = request.order.direction.sign
        share = request.requested_mwh + sign * beyond * abs(request.requested_mwh) / weight
        left -= sign * share
        yield replace(request, delivered_mwh=share)
    yield replace(requests[-1], delivered_mwh=requests[-1].order.direction.sign * left)


def _substituted(requests: Iterable[DeliveredOrder], substitute: Substitute) -> list[DeliveredOrder]:
    delivered = substitute is Substitute.AS_REQUESTED
    return [
        replace(request, delivered_mwh=request.requested_mwh if delivered else ZERO, estimated=True)
        for request in requests
    ]


def _missing(error: Unmappable, unit: Unit, period: Interval, substitute: Substitute) -> Report:
    finding = Finding(
        rule="ME-005",
        severity=Severity.WARN,
        level=Level.INTERVAL,
        code=error.code,
        path=error.path,
        expected=error.expected,
        found=error.found,
        subject=unit.resource.value,
        interval=period,
    )
    quality = Quality.ESTIMATED
    return Report(findings=(finding,), assumptions=(f"{unit.resource} {period}: {quality}, {substitute}",))


def _remarks(unit: Unit, period: Interval, measured: MeterValue, *, provisional: bool) -> Report:
    said = f"{unit.resource} {period}: the meter value is {measured.quality}"
    return Report(assumptions=(said,) if provisional else ())


def _by_schedule(known: Evidence, unit: Unit, on: Interval, _event: datetime) -> Baseline:
    plan = known.plans.get((str(unit.resource), on))
    if plan is None:
        raise Unmappable(f"{unit.resource} {on}", "a schedule of the unit", "none", "A69")
    return nominated(plan)


def _by_meter_before(known: Evidence, unit: Unit, on: Interval, event: datetime) -> Baseline:
    return meter_before(known.measured(unit, Interval(event - on.duration, event)).power_mw)


def _by_highest_days(known: Evidence, unit: Unit, on: Interval, event: datetime) -> Baseline:
    past, terms = known.past(unit), known.terms
    days = past.similar_days(on, event, terms.days)
    today = past.level_before(event)
    if len(days) < terms.highest or today is None:
        found = f"{len(days)} days, level today {today}"
        raise Unmappable(f"{unit.meter} {on}", f"{terms.highest} similar days and today's level", found, "B03")
    return highest_days(days, today, highest=terms.highest, cap=terms.cap)


def _by_zero(_known: Evidence, _unit: Unit, _on: Interval, _event: datetime) -> Baseline:
    return zero()


_BASELINES: Mapping[BaselineMethod, Callable[[Evidence, Unit, Interval, datetime], Baseline]] = {
    BaselineMethod.SCHEDULE: _by_schedule,
    BaselineMethod.METER_BEFORE: _by_meter_before,
    BaselineMethod.HIGHEST_DAYS: _by_highest_days,
    BaselineMethod.ZERO: _by_zero,
}
