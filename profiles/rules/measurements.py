"""ME: rules for measured values of metering points, areas and borders (IEC 62325-451)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.identifiers import PartyId
from profiles.markets import Weight
from profiles.measurement_value import MeasurementValueMarketDocument
from profiles.metering_data import MeteringDataMarketDocument
from profiles.rules.context import identifier
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.history import raised_revision, revision_number
from profiles.rules.shape import DOCUMENT, SERIES, amount, block, either, quantities, spans

_ON: tuple[type[Any], ...] = (MeteringDataMarketDocument, MeasurementValueMarketDocument)
_DIRECTED = (MeteringDataMarketDocument,)
_CODE_LIST, _DECISION = "ENTSO-E code list", "project decision"
_ESTIMATED = "A03"
_DIRECTIONS = frozenset({"A01", "A02"})

ME_001 = kept_elsewhere(
    "ME-001",
    SERIES,
    "A64",
    "B03",
    kept_by=NOBODY_YET,
    why="It needs a register of metering points, and the list of those that are expected; neither is kept.",
    statement="A metering point is known and lies in the area of the sender, and every one that is expected is there.",
    source=_CODE_LIST,
)


@rule("ME-002", DOCUMENT, "B04", on=_ON, source=_CODE_LIST, weight=Weight.WARN, optional=True, apart=True)
def nothing_is_estimated_at_first(view: View[Any]) -> Iterator[Violation]:
    """Values that are sent for the first time are not estimated (A03); those of a correction may be."""
    told: set[int] = set()
    for span in spans(view) if revision_number(view) == 1 else ():
        if span.series in told or getattr(span.owner, "original_series", None) is not None:
            continue
        for number, point in enumerate(span.points, 1):
            if point.quality == _ESTIMATED:
                told.add(span.series)
                yield Violation((*span.point(number), "quality"), "a value that is not estimated", point.quality)
                break


@rule(
    "ME-003",
    SERIES,
    "A51",
    on=_ON,
    source="ENTSO-E document schemas; project decision",
    apart=True,
    needs=("seen", "digest"),
)
def a_correction_says_what_it_corrects(view: View[Any]) -> Iterator[Violation]:
    """A correction raises the revision of its document, or names the series that it corrects, which came earlier."""
    yield from raised_revision(view)
    for number, series in enumerate(view.document.series, 1):
        original = getattr(series, "original_series", None)
        if original is not None and original not in view.recall(_earlier_series):
            yield Violation(("series", number, "original_series"), "a series that came earlier", original)


def _earlier_series(view: View[Any]) -> frozenset[str]:
    """Return the ids of all series that came earlier from this sender."""
    sender = identifier(PartyId, view.document.sender)
    seen = view.context.seen or {}
    return frozenset().union(*(document.series for (party, _), document in seen.items() if party == sender))


@rule("ME-004", SERIES, "A42", on=_DIRECTED, source=_DECISION, apart=True)
def the_direction_is_the_sign(view: View[Any]) -> Iterator[Violation]:
    """A series that names a direction goes into the grid (A01) or out of it (A02), and its values carry no sign."""
    for number, series in enumerate(view.document.series, 1):
        if series.direction is not None and series.direction not in _DIRECTIONS:
            yield Violation(("series", number, "direction"), either(_DIRECTIONS), series.direction)
    for span, number, value in quantities(view):
        if value < 0 and span.owner.direction in _DIRECTIONS:
            at = (*span.point(number), "quantity")
            yield Violation(at, "0 or more", amount(value), interval=block(view, span, number))


ME_005 = kept_elsewhere(
    "ME-005",
    SERIES,
    kept_by="gateway.settlement.deliveries",
    why="It is about the settlement; the reading keeps a gap as it is.",
    statement="A gap, which is a value of quality A02 without quantity, is filled by rule, and marked estimated (A03).",
    source=_DECISION,
)
