"""TS: rules for series, periods and points, in every document that has them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from profiles.balancing import BalancingMarketDocument
from profiles.capacity import CapacityMarketDocument
from profiles.lexical import Simple
from profiles.reserve_allocation_result import ReserveAllocationResultMarketDocument
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import At, View, Violation, kept_elsewhere, rule
from profiles.rules.place import locate
from profiles.rules.shape import (
    BOUNDED,
    DATED,
    INTERVAL,
    LISTED,
    SERIES,
    SITUATIONS,
    TIMED,
    Span,
    amount,
    block,
    either,
    is_multiple,
    listed,
    moment,
    overlapping,
    quantities,
    spans,
)
from profiles.rules.tracks import form, told
from profiles.wire import places

NEED = "B21"
_BLOCKS = {None, "A01", "A03"}
_FIRST = ("series", 1)
_FIXED = {None, "A01"}
_BREAKPOINTS = {"A04", "A05"}
_ONE_LIST = ((("series", True),),)
_CODE_LIST, _FINGRID, _DECISION = "ENTSO-E code list", "Fingrid market guide", "project decision"


@rule("TS-001", SERIES, "A55", on=LISTED, apart=True, source=_CODE_LIST)
def series_ids_are_unique(view: View[Any]) -> Iterator[Violation]:
    """The mRID of a series occurs once in a document; of a report on several documents, once in each of them."""
    ways = form(type(view.document)).lists
    simple = ways == _ONE_LIST
    first = view.named
    for steps in ways:
        for at, series in listed(view, steps):
            key = series.id if simple else (series.id, _reported(view, at))
            here = view.in_whole(at)
            earlier = first.setdefault(key, here)
            if earlier is not here and series.id is not None:
                place = f"series {earlier[1]}" if simple else locate(view.edition, earlier)
                yield Violation((*at, "id"), "an mRID of its own", f"{series.id}, as in {place}")


def _reported(view: View[Any], at: At) -> object:
    """Return which of several documents the series is of: what stands beside its list in the record around it."""
    record = view.document
    if not isinstance(at[1], int) or len(at) == len(_FIRST):
        return None
    around = getattr(record, str(at[0]))[at[1] - 1]
    return tuple(getattr(around, name) for name, place in places(type(around)) if isinstance(place.kind, Simple))


@rule("TS-002", SERIES, "A04", on=TIMED, apart=True, source="public balancing data, where it is broken")
def a_period_has_a_length(view: View[Any]) -> Iterator[Violation]:
    """A Period starts before it ends."""
    for span in spans(view):
        if span.start >= span.end:
            yield Violation((*span.at, "interval"), "a start before the end", _both(span))


@rule("TS-003", SERIES, "A04", on=BOUNDED, apart=True, source=_FINGRID)
def a_period_lies_in_the_header_interval(view: View[Any]) -> Iterator[Violation]:
    """A Period lies inside the interval of the header."""
    _, whole = told(view.document, "period")
    if whole is None or whole.start >= whole.end:
        return
    start, end = whole.start, whole.end
    for span in spans(view):
        if span.start < span.end and (span.start < start or span.end > end):
            yield Violation((*span.at, "interval"), f"inside {moment(start)}/{moment(end)}", _both(span))


@rule("TS-004", SERIES, "A04", on=TIMED, apart=True, source=_FINGRID)
def periods_ascend(view: View[Any]) -> Iterator[Violation]:
    """The Periods of a series follow each other without overlap."""
    for earlier, later in pairwise(spans(view)):
        if later.owner is earlier.owner and later.start < earlier.end and _runs(earlier) and _runs(later):
            yield Violation((*later.at, "interval"), f"a start at or after {moment(earlier.end)}", _both(later))


@rule("TS-005", SERIES, "A41", on=TIMED, apart=True, source=_FINGRID)
def the_resolution_is_allowed(view: View[Any]) -> Iterator[Violation]:
    """A resolution has a length, and the market knows it; equal lengths compare equal, PT60M is PT1H."""
    free = view.edition.document not in {CapacityMarketDocument, BalancingMarketDocument}
    allowed = set(view.market.resolutions)
    for span in spans(view):
        if span.resolution is None or not (free or span.resolution in allowed):
            known = "a duration above zero" if free else either(tuple(str(entry) for entry in allowed))
            yield Violation((*span.at, "resolution"), known, span.period.resolution)


@rule("TS-006", SERIES, "A41", on=TIMED, apart=True, source="public balancing data, where it is broken")
def the_resolution_divides_the_period(view: View[Any]) -> Iterator[Violation]:
    """A Period holds a whole number of slots, at least one; days, months and years count in market time."""
    for span in spans(view):
        if span.slots is None and span.resolution is not None and _runs(span):
            yield Violation(
                (*span.at, "resolution"), f"a length that divides {span.end - span.start}", span.period.resolution
            )


def _irregular(view: View[Any]) -> list[Span]:
    """Return the Periods that are not simply one slot with one point, but those of curves that TS-013 refuses."""
    found: list[Span] = view.recall(_find_irregular)
    return found


def _find_irregular(view: View[Any]) -> list[Span]:
    told_elsewhere = type(view.document) in curves_are_blocks.documents
    return [
        span
        for span in spans(view)
        if span.slots is not None
        and not (span.slots == 1 and len(span.points) == 1 and span.points[0].position == 1)
        and (span.curve in _BLOCKS or not told_elsewhere)
        and all(point.position is not None for point in span.points)
    ]


def _last(span: Span) -> int:
    """Return the last position that there is; breakpoints have one more, for the end."""
    return (span.slots or 0) + (span.curve in _BREAKPOINTS)


@rule(
    "TS-007",
    SERIES,
    "A49",
    on=TIMED,
    mild=SITUATIONS,
    apart=True,
    source=_FINGRID,
)
def positions_start_at_one(view: View[Any]) -> Iterator[Violation]:
    """The first Point of a Period has position 1; where Points hold situations, not values, a later one only warns."""
    for span in _irregular(view):
        first = span.points[0].position
        if first != 1:
            yield Violation((*span.point(1), "position"), "1", str(first))


@rule("TS-008", SERIES, "A49", on=TIMED, apart=True, source=_FINGRID)
def positions_ascend(view: View[Any]) -> Iterator[Violation]:
    """Positions ascend strictly."""
    for span in _irregular(view):
        for number, (earlier, later) in enumerate(pairwise(span.points), 2):
            if later.position <= earlier.position:
                expected = f"more than {earlier.position}"
                yield Violation((*span.point(number), "position"), expected, str(later.position))


@rule("TS-009", SERIES, "A49", on=TIMED, apart=True, source=_FINGRID)
def positions_end_with_the_period(view: View[Any]) -> Iterator[Violation]:
    """No position lies beyond the last slot of the Period."""
    for span in _irregular(view):
        for number, point in enumerate(span.points, 1):
            if point.position > _last(span):
                expected = f"at most {_last(span)}"
                yield Violation((*span.point(number), "position"), expected, str(point.position))
                break


@rule("TS-010", SERIES, "A49", on=TIMED, apart=True, source=_CODE_LIST)
def fixed_blocks_are_complete(view: View[Any]) -> Iterator[Violation]:
    """Curve A01, and a series that names no curve, gives one Point for each slot; none is filled in."""
    for span in _irregular(view):
        positions = [point.position for point in span.points]
        fixed = span.curve in _FIXED
        sound = positions == sorted(set(positions)) and positions[0] == 1 and positions[-1] <= (span.slots or 0)
        if sound and fixed and len(positions) != span.slots:
            yield Violation((*span.at, *span.inner), f"{span.slots} points", str(len(positions)))


TS_011 = kept_elsewhere(
    "TS-011",
    SERIES,
    kept_by="profiles.slots",
    why="It is about the meaning of a position that is missing, and forbids nothing.",
    statement="Under curve A03 a missing position repeats the value before it, to the next Point or the end.",
    source=_CODE_LIST,
)
TS_012 = kept_elsewhere(
    "TS-012",
    SERIES,
    kept_by="profiles.slots",
    why="It is about the meaning of an element that is missing, and forbids nothing.",
    statement="A series without curveType is of curve A01.",
    source=_DECISION,
)


@rule("TS-013", SERIES, "A59", on=DATED, source=_DECISION)
def curves_are_blocks(view: View[Any]) -> Iterator[Violation]:
    """Bids, needs, limits, results and prices are blocks: curve A01 or A03."""
    for number, series in enumerate(view.document.series, 1):
        curve = getattr(series, "curve_type", None)
        if curve not in _BLOCKS:
            yield Violation(("series", number, "curve_type"), "A01 or A03", str(curve))


@rule("TS-014", INTERVAL, "A42", on=DATED, source="Fingrid market guide; Statnett examples")
def quantities_have_few_decimals(view: View[Any]) -> Iterator[Violation]:
    """A quantity has no more digits after the point than the market allows; by value, 10.000 has none."""
    step = Decimal(1).scaleb(-view.market.quantity_decimals)
    for span, number, value in quantities(view):
        if not is_multiple(value, step):
            at = (*span.at, "points", number, "quantity")
            expected = f"at most {view.market.quantity_decimals} decimals"
            yield Violation(at, expected, amount(value), interval=block(view, span, number))


@rule("TS-015", INTERVAL, "A46", on=DATED, source="ENTSO-E code list; Fingrid market guide")
def quantities_carry_no_sign(view: View[Any]) -> Iterator[Violation]:
    """A quantity is not negative where an element tells the direction."""
    document = view.document
    if isinstance(document, ReserveBidMarketDocument) and document.type == NEED:
        return  # RN-005
    for span, number, value in quantities(view):
        if value < 0 and getattr(span.owner, "direction", None) is not None:
            at = (*span.point(number), "quantity")
            yield Violation(at, "0 or more", amount(value), interval=block(view, span, number))


@rule("TS-016", SERIES, "A59", on=DATED, source=_FINGRID)
def units_are_those_of_the_market(view: View[Any]) -> Iterator[Violation]:
    """Quantities and energy prices are in the units of the market."""
    expected = {
        "quantity_unit": view.market.quantity_unit,
        "energy_price_unit": view.market.price_unit,
        "energy_unit": view.market.price_unit,
    }
    present = {name: unit for name, unit in expected.items() if hasattr(next(iter(view.document.series), None), name)}
    for number, series in enumerate(view.document.series, 1):
        for name, unit in present.items():
            found = getattr(series, name)
            if found is not None and found != unit:
                yield Violation(("series", number, name), unit, found)


@rule("TS-017", SERIES, "A61", on=DATED, source=_FINGRID)
def the_currency_is_that_of_the_market(view: View[Any]) -> Iterator[Violation]:
    """Prices are in the currency of the market."""
    for number, series in enumerate(view.document.series, 1):
        currency = getattr(series, "currency", None)
        if currency is not None and currency != view.market.currency:
            yield Violation(("series", number, "currency"), view.market.currency, currency)


@rule("TS-018", INTERVAL, "B05", on=(ReserveBidMarketDocument,), source=_CODE_LIST)
def what_is_not_available_has_no_quantity(view: View[Any]) -> Iterator[Violation]:
    """A Point of quality A02 (there is no value) has no quantity."""
    for span in spans(view):
        for number, point in enumerate(span.points, 1):
            if point.quality == "A02":
                at = (*span.at, "points", number, "quality")
                yield Violation(at, "another quality beside a quantity", "A02", interval=block(view, span, number))


@rule(
    "TS-019",
    SERIES,
    "A55",
    on=(ReserveAllocationResultMarketDocument, BalancingMarketDocument),
    source=_DECISION,
)
def nothing_is_said_twice(view: View[Any]) -> Iterator[Violation]:
    """Two series of a document do not speak of the same object, direction and time."""
    for earlier, later in overlapping(view, _object_of):
        expected = f"a time that series {earlier.series} leaves free"
        yield Violation((*later.at, "interval"), expected, _both(later))


TS_020 = kept_elsewhere(
    "TS-020",
    SERIES,
    kept_by="profiles.lexical",
    why="It is about the arithmetic of the gateway, not about the document.",
    statement="Numbers are exact decimals from the document to the settlement, never binary floats.",
    source=_DECISION,
)


def _object_of(series: Any) -> tuple[object, ...]:  # noqa: ANN401 - a series of either document
    """Return what a series speaks of: the bid of a result, else its area, product and direction."""
    if hasattr(series, "bid"):
        return (series.bid or series.id, series.direction)
    names = ("acquiring_domain", "connecting_domain", "business_type", "product", "original_product", "direction")
    more = ("agreement_type", "psr_type", "currency", "auction")
    return tuple(getattr(series, name) for name in names + more)


def _runs(span: Span) -> bool:
    return span.start < span.end


def _both(span: Span) -> str:
    return f"{moment(span.start)}/{moment(span.end)}"
