"""CA: rules for capacities of borders and interfaces (IEC 62325-451-3)."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.identifiers import AreaId
from gateway.report import Level
from profiles.capacity import CapacityMarketDocument, TimeSeries
from profiles.rules import matrix
from profiles.rules.context import identifier
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import SERIES, amount, either, moment, overlapping, spans

CapacityView = View[CapacityMarketDocument]

_ON = (CapacityMarketDocument,)
_CODE_LIST, _PLATFORM, _DECISION = "ENTSO-E code list", "Nordic balancing message guides", "project decision"


@rule("CA-001", SERIES, "A62", "A77", on=_ON, source="ENTSO-E code list; Nordic balancing message guides")
def capacities_are_of_this_market(view: CapacityView) -> Iterator[Violation]:
    """Capacities are of type A26, A31 (agreed) or A32 (proposed), and of a meaning that the market has."""
    types, known = matrix.TYPES[CapacityMarketDocument], matrix.allowed_business_types(view)
    if view.document.type not in types:
        yield Violation(("type",), either(types), view.document.type, "A77")
    for number, series in enumerate(view.document.series, 1):
        if known and series.business_type not in known:
            yield Violation(("series", number, "business_type"), either(known), series.business_type)


@rule("CA-002", SERIES, "A82", "A23", on=_ON, source=_CODE_LIST)
def a_border_has_two_sides(view: CapacityView) -> Iterator[Violation]:
    """A capacity is for a known border, from one area to another."""
    borders = view.context.borders
    if borders is None:
        view.assume("CA-002: the borders exist")
    for number, series in enumerate(view.document.series, 1):
        source, sink = series.out_domain, series.in_domain
        if source == sink:
            yield Violation(("series", number, "in_domain"), "another area than the one it leaves", sink.value)
        elif borders is not None and (identifier(AreaId, source), identifier(AreaId, sink)) not in borders:
            found = f"{source.value} to {sink.value}"
            yield Violation(("series", number, "in_domain"), "a known border", found, "A23")


@rule("CA-003", SERIES, "A46", "A55", on=_ON, source=_DECISION)
def a_capacity_is_said_once(view: CapacityView) -> Iterator[Violation]:
    """A capacity is not negative; each border, direction, meaning and time is said once."""
    for span in spans(view):
        directed = view.document.series[span.series - 1].direction is not None
        for number, point in enumerate(span.period.points, 1):
            if point.quantity < 0 and not directed:  # with a direction it is TS-015
                yield Violation((*span.at, "points", number, "quantity"), "0 or more", amount(point.quantity))
    for earlier, later in overlapping(view, _border):
        expected = f"a time that series {earlier.series} leaves free"
        yield Violation((*later.at, "interval"), expected, f"{moment(later.start)}/{moment(later.end)}", "A55")


def _border(series: TimeSeries) -> tuple[object, ...]:
    return (series.out_domain, series.in_domain, series.connecting_line, series.direction, series.business_type)


CA_004 = kept_elsewhere(
    "CA-004",
    SERIES,
    kept_by="gateway.clearing.borders",
    why="It compares the documents of two senders.",
    statement="Where both sides of a border state a capacity the lower holds; where neither does it is 0.",
    source=_PLATFORM,
)
CA_005 = kept_elsewhere(
    "CA-005",
    SERIES,
    "A67",
    kept_by="gateway.procurement",
    why="It is about a document that did not come.",
    statement="A capacity that is missing at clearing time is replaced as configured, and the report says so.",
    source="Nordic balancing message guides; project decision",
)


@rule("CA-006", Level.DOCUMENT, "A57", on=_ON, source=_DECISION, needs=("now",))
def capacities_come_before_the_gate(view: CapacityView) -> Iterator[Violation]:
    """A capacity is received before the gate of its time unit closes."""
    now, gates = view.context.now, view.market.gates
    starts = [span.start for span in spans(view)]
    if now is None or not starts:
        return
    closed = min(starts) - gates.capacity_closure
    if now > closed or (now == closed and not gates.boundary_open):
        yield Violation((), f"receipt before gate closure at {moment(closed)}", moment(now))


CA_007 = kept_elsewhere(
    "CA-007",
    SERIES,
    "A27",
    kept_by="gateway.clearing",
    why="It is about the outcome of the clearing.",
    statement="No allocation exceeds the capacity.",
    source=_CODE_LIST,
)
CA_008 = kept_elsewhere(
    "CA-008",
    SERIES,
    kept_by=NOBODY_YET,
    why="The canonical capacity has no place for reasons; the report of the reading tells that they are lost.",
    statement="Why a capacity was reduced is kept with it.",
    source=_CODE_LIST,
)
