"""AR: rules for allocation results (IEC 62325-451-7)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.identifiers import PartyId
from gateway.report import Level
from profiles.markets import Weight
from profiles.reserve_allocation_result import ReserveAllocationResultMarketDocument, TimeSeries
from profiles.rules import matrix
from profiles.rules.context import KnownBid, identifier
from profiles.rules.engine import View, Violation, kept_elsewhere, rule
from profiles.rules.history import earlier_revision, next_revision
from profiles.rules.shape import SERIES, amount, either, few, spans

ResultView = View[ReserveAllocationResultMarketDocument]

_ON = (ReserveAllocationResultMarketDocument,)
_CODE_LIST, _FINGRID, _DECISION = "ENTSO-E code list", "Fingrid market guide", "project decision"
_RESULT = "A38"
_REFUSALS = frozenset({"A70", "A71", "B09", "B16", "B46", "B47"})
_MOST_PERIODS = 2


@rule("AR-001", SERIES, "A62", "A77", on=_ON, source="ENTSO-E code list; Fingrid market guide")
def results_are_of_this_market(view: ResultView) -> Iterator[Violation]:
    """A result is of type A38, or B23 before activation, and speaks of business the market has."""
    types, known = matrix.TYPES[ReserveAllocationResultMarketDocument], matrix.allowed_business_types(view)
    if view.document.type not in types:
        yield Violation(("type",), either(types), view.document.type, "A77")
    for number, series in enumerate(view.document.series, 1):
        if known and series.business_type not in known:
            yield Violation(("series", number, "business_type"), either(known), series.business_type)


@rule("AR-002", SERIES, "A55", on=_ON, source=_FINGRID, needs=("bids",))
def results_refer_to_accepted_bids(view: ResultView) -> Iterator[Violation]:
    """A result refers to an accepted bid of the party that is named as its tenderer."""
    bids = view.context.bids or {}
    for number, series in enumerate(view.document.series, 1):
        known = None if series.bid is None else bids.get(series.bid)
        if series.bid is not None and known is None:
            yield Violation(("series", number, "bid"), "an accepted bid", series.bid)
        elif known is not None and series.tendering_party is not None:
            provider = known.bid.provider
            if identifier(PartyId, series.tendering_party) != provider:
                found = f"{series.tendering_party.scheme}:{series.tendering_party.value}"
                yield Violation(("series", number, "tendering_party"), str(provider), found)


@rule("AR-003", SERIES, "A42", on=_ON, source=_DECISION, needs=("bids",))
def awards_are_within_the_offer(view: ResultView) -> Iterator[Violation]:
    """An award is not above the offer, all of it where that cannot be divided, and not below its minimum."""
    bids = view.context.bids or {}
    for span in spans(view):
        series = view.document.series[span.series - 1]
        known = None if series.bid is None else bids.get(series.bid)
        if known is None:
            continue
        for number, point in enumerate(span.period.points, 1):
            expected = _award_wanted(known, point.quantity)
            if expected is not None:
                yield Violation((*span.at, "points", number, "quantity"), expected, amount(point.quantity))


def _award_wanted(known: KnownBid, awarded: Decimal) -> str | None:
    """Say what the award should have been, or None where it can be."""
    bid = known.bid
    if awarded <= 0 or bid.least_mw <= awarded <= bid.quantity_mw:
        return None
    if not bid.divisible:
        return f"0 or {amount(bid.quantity_mw)} MW: the offer cannot be divided"
    return f"0, or {amount(bid.minimum_mw)} to {amount(bid.quantity_mw)} MW"


@rule("AR-004", SERIES, "A69", on=_ON, source="ENTSO-E document schemas")
def awards_have_the_clearing_price(view: ResultView) -> Iterator[Violation]:
    """An award of energy has the clearing price as its energy price; the price bid stands beside it, if at all."""
    if view.document.type != _RESULT or not view.market.bids.energy_priced:
        return
    for span in spans(view):
        for number, point in enumerate(span.period.points, 1):
            if point.quantity > 0 and point.energy_price is None:
                yield Violation((*span.at, "points", number, "energy_price"), "the clearing price", "nothing")


@rule("AR-005", SERIES, "999", on=_ON, source=_FINGRID, weight=Weight.WARN, optional=True)
def reasons_of_results_are_known(view: ResultView) -> Iterator[Violation]:
    """The reasons of a result are among those that the market uses for it."""
    known = view.market.results.reasons
    for number, series in enumerate(view.document.series, 1):
        for at, reason in enumerate(series.reasons, 1):
            if reason.code not in known:
                yield Violation(("series", number, "reasons", at, "code"), either(known), reason.code)


@rule("AR-006", SERIES, "A41", on=_ON, source=_FINGRID)
def a_result_has_one_slot_per_period(view: ResultView) -> Iterator[Violation]:
    """A result has one Period, or two where a direct activation spans two time units; each is one slot."""
    for number, series in enumerate(view.document.series, 1):
        if len(series.periods) > _MOST_PERIODS:
            expected = f"at most {_MOST_PERIODS} Periods"
            yield Violation(("series", number, "periods"), expected, str(len(series.periods)))
    for span in spans(view):
        if span.slots is not None and span.slots != 1:
            expected = f"the length of the Period, {span.end - span.start}"
            yield Violation((*span.at, "resolution"), expected, span.period.resolution)


AR_007 = kept_elsewhere(
    "AR-007",
    Level.DOCUMENT,
    "999",
    kept_by="profiles.reader",
    why="It is about the names of elements, which the declaration of the edition has.",
    statement="Elements have the names of the edition: energy_Measurement_Unit.name, and no product before 6.5.",
    source="ENTSO-E document schemas; Fingrid market guide",
)


@rule("AR-008", Level.DOCUMENT, "A51", on=_ON, source=_DECISION, needs=("seen",))
def a_new_result_lists_everything_again(view: ResultView) -> Iterator[Violation]:
    """Each new result of a run has the next revision and every series of the one before."""
    yield from next_revision(view)
    earlier = earlier_revision(view)
    missing = set() if earlier is None else earlier.series - {series.id for series in view.document.series}
    if missing:
        yield Violation(("series",), "every series of the revision before", f"none for {few(missing)}")


@rule("AR-009", SERIES, "999", on=_ON, source="ENTSO-E code list; project decision", weight=Weight.WARN)
def a_refused_bid_has_a_reason(view: ResultView) -> Iterator[Violation]:
    """A bid that is listed with quantity 0 has a reason why it is not accepted."""
    for number, series in enumerate(view.document.series, 1):
        if _refused(series) and not any(reason.code in _REFUSALS for reason in series.reasons):
            yield Violation(("series", number, "reasons"), either(_REFUSALS), "none of them")


def _refused(series: TimeSeries) -> bool:
    return not any(point.quantity for period in series.periods for point in period.points)
