"""PS: rules for the yearly plan of frequency containment reserve in a planned resource schedule (IEC 62325-451-7).

The plan is a document of type A26, from one provider for one day or more. Other plans, and reserve that is missing, are
judged by the rules for all series.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from profiles.markets import Weight
from profiles.planned_resource_schedule import PlannedResourceScheduleMarketDocument
from profiles.rules.engine import At, View, Violation, rule
from profiles.rules.general import UUID
from profiles.rules.shape import DOCUMENT, SERIES, amount, either, is_multiple, moment, quantities, spans

PlanView = View[PlannedResourceScheduleMarketDocument]

_ON = (PlannedResourceScheduleMarketDocument,)
_FINGRID = "Fingrid market guide"
_YEARLY = "A26"
_DIRECTIONS = {"C26": frozenset({"A03"}), "C27": frozenset({"A01", "A02"})}
"""Business types: frequency containment reserve for normal operation, both ways, and for disturbances, one way."""

_TERMS = {"product": ("8716867000016", "A59"), "agreement_type": ("A04", "A76"), "quantity_unit": ("MAW", "A59")}
_ZONE = ZoneInfo("Europe/Helsinki")
_CLOSURE = time(18)
_LONGEST = timedelta(days=30)
_STEP = Decimal("0.1")
_JUDGED_BY_ALL = frozenset({None, "A01"})


@rule("PS-001", SERIES, "A59", "A62", "A76", on=_ON, source=_FINGRID, weight=Weight.OFF, optional=True)
def a_yearly_plan_has_the_terms_of_its_market(view: PlanView) -> Iterator[Violation]:
    """A plan is of type A26 and process A28, for C26 both ways or C27 one way, in MW, under a yearly contract."""
    for name, wanted in (("type", _YEARLY), ("process", "A28")):
        found = getattr(view.document, name)
        if found != wanted:
            yield Violation((name,), wanted, found)
    for number, series in enumerate(view.document.planned, 1):
        at = ("planned", number)
        directions = _DIRECTIONS.get(series.business_type)
        if directions is None:
            yield Violation((*at, "business_type"), either(tuple(_DIRECTIONS)), series.business_type, "A62")
        elif series.direction not in directions:
            yield Violation((*at, "direction"), either(directions), series.direction or "nothing")
        for name, (expected, code) in _TERMS.items():
            found = getattr(series, name)
            if found != expected:
                yield Violation((*at, name), expected, found or "nothing", code)


@rule("PS-002", DOCUMENT, "A59", on=_ON, source=_FINGRID)
def ids_of_a_yearly_plan_are_uuids(view: PlanView) -> Iterator[Violation]:
    """The mRIDs of a yearly plan and of its series are UUIDs.

    A time of creation with a fraction of a second is refused by the reader, in every document of the standard.
    """
    if not _yearly(view):
        return
    names: list[tuple[At, str]] = [(("id",), view.document.id)]
    names += [(("planned", number, "id"), series.id) for number, series in enumerate(view.document.planned, 1)]
    for at, name in names:
        if UUID.fullmatch(name) is None:
            yield Violation(at, "a UUID", name)


@rule("PS-003", DOCUMENT, "A57", on=_ON, source=_FINGRID, needs=("now",))
def a_yearly_plan_comes_the_day_before(view: PlanView) -> Iterator[Violation]:
    """A yearly plan is received before 18:00, Finnish time, of the day before its first.

    That it should cover 30 days at most is a recommendation, of which the report takes note.
    """
    now, period = view.context.now, view.document.period
    if now is None or not _yearly(view):
        return
    eve = period.start.astimezone(_ZONE).date() - timedelta(days=1)
    closed = datetime.combine(eve, _CLOSURE, _ZONE).astimezone(period.start.tzinfo)
    if now >= closed:
        yield Violation((), f"receipt before gate closure at {moment(closed)}", moment(now))
    if period.end - period.start > _LONGEST:
        view.assume("PS-003: a plan for more than 30 days is taken, though none is recommended")


@rule("PS-004", SERIES, "A66", "A42", on=_ON, source=_FINGRID)
def a_yearly_plan_is_of_one_provider(view: PlanView) -> Iterator[Violation]:
    """A yearly plan is of one provider, and its quantities have one decimal at most.

    What the provider has contracted is not known to the gateway, so its quantities are not compared with that.
    """
    if not _yearly(view):
        return
    planned = view.document.planned
    for number, series in enumerate(planned, 1):
        if series.provider != planned[0].provider:
            expected = f"{planned[0].provider.value}, as in the first series"
            yield Violation(("planned", number, "provider"), expected, series.provider.value)
    for span, number, value in quantities(view):
        if not is_multiple(value, _STEP):
            yield Violation((*span.point(number), "quantity"), "at most 1 decimal", amount(value), "A42")


@rule("PS-005", SERIES, "A49", on=_ON, source=_FINGRID)
def a_yearly_plan_leaves_no_position_out(view: PlanView) -> Iterator[Violation]:
    """A yearly plan gives a Point for each slot, whatever its curve type says of positions that are missing.

    The order of positions and Periods, and their place in the header interval, are judged in every document.
    """
    if not _yearly(view):
        return
    for span in spans(view):
        if span.curve not in _JUDGED_BY_ALL and span.slots is not None and len(span.points) < span.slots:
            yield Violation((*span.at, *span.inner), f"{span.slots} points", str(len(span.points)))


def _yearly(view: PlanView) -> bool:
    return view.document.type == _YEARLY
