"""MO: rules for merit order lists (IEC 62325-451-7).

One document may hold several lists, one for each time and direction. A list is of type A43, final A66 or merged B41;
the request for a reduction and its answer (A42, A64) name bids in no order.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from profiles.merit_order_list import BidTimeSeries, MeritOrderListMarketDocument
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import DOCUMENT, SERIES, amount

ListView = View[MeritOrderListMarketDocument]

_ON = (MeritOrderListMarketDocument,)
_CODE_LIST, _DECISION = "ENTSO-E code list", "project decision"
_LISTS = frozenset({"A43", "A66", "B41"})
_MERGED = "B41"
_OUTCOMES = frozenset({"B53", "B54"})
_SIGNS = {"A01": 1, "A02": -1}


@rule("MO-001", SERIES, "A55", on=_ON, source="ENTSO-E document schemas; project decision")
def a_bid_is_listed_once(view: ListView) -> Iterator[Violation]:
    """A bid, named by its mRID in marketAgreement.mRID, stands once in a list.

    Its auction, period, status and direction are mandatory in every edition, so the reader tells where one is missing.
    Which bids there are is known to who made the list, not to the operators that receive it.
    """
    first: dict[str, int] = {}
    for number, series in enumerate(view.document.series, 1):
        earlier = first.setdefault(series.bid, number)
        if earlier != number:
            yield Violation(("series", number, "bid"), "a bid of its own", f"{series.bid}, as in series {earlier}")


@rule("MO-002", DOCUMENT, "A77", on=_ON, source=_DECISION)
def a_list_is_in_the_order_of_its_prices(view: ListView) -> Iterator[Violation]:
    """Bids up ascend in price and bids down descend; of equal ones the earlier stands first, then the lesser id.

    Priorities ascend strictly. Prices compare in one currency; a bid with several Points has no one price.
    """
    if view.document.type not in _LISTS:
        return
    last_priced: dict[tuple[object, ...], BidTimeSeries] = {}
    last_priority: dict[tuple[object, ...], int] = {}
    for number, series in enumerate(view.document.series, 1):
        of_list = (series.bid_period.start, series.bid_period.end, series.direction)
        earlier = last_priority.get(of_list)
        if series.priority is not None:
            if earlier is not None and series.priority <= earlier:
                yield Violation(("series", number, "priority"), f"more than {earlier}", str(series.priority))
            last_priority[of_list] = series.priority
        if _price(series) is not None and series.direction in _SIGNS:
            before = last_priced.get((*of_list, series.currency))
            if before is not None:
                yield from _out_of_order(before, series, number)
            last_priced[*of_list, series.currency] = series


def _out_of_order(before: BidTimeSeries, series: BidTimeSeries, number: int) -> Iterator[Violation]:
    """Yield what is wrong with the place of a priced bid after the one *before* it."""
    least, price = _price(before) or Decimal(0), _price(series) or Decimal(0)
    step = (price - least) * _SIGNS[series.direction]
    if step < 0:
        bound = "at least" if series.direction == "A01" else "at most"
        expected = f"{bound} {amount(least)}, the price of {before.bid}"
        yield Violation(("series", number, "periods", 1, "points", 1, "energy_price"), expected, amount(price))
    elif step == 0 and _rank(series, before) < _rank(before, series):
        expected = f"a place before {before.bid}, which has the same price"
        yield Violation(("series", number, "bid"), expected, f"{series.bid} after it")


def _rank(series: BidTimeSeries, other: BidTimeSeries) -> tuple[float, str]:
    """Return what orders two bids of one price: the time of each where both have one, then the id."""
    if series.agreement_created is None or other.agreement_created is None:
        return 0, series.bid
    return series.agreement_created.timestamp(), series.bid


def _price(series: BidTimeSeries) -> Decimal | None:
    """Return the price of energy of a bid; None where it has none, or one for each of several Points."""
    points = [point for period in series.periods for point in period.points]
    return points[0].energy_price if len(points) == 1 else None


MO_003 = kept_elsewhere(
    "MO-003",
    SERIES,
    kept_by="gateway.areas",
    why="Neither a bid that was left out nor the list that another peer holds is seen in a list.",
    statement="Bids that are not available stand in the list with status A11; every peer has a list of one digest.",
    source=_DECISION,
)


@rule("MO-004", DOCUMENT, "A77", on=_ON, source=_CODE_LIST)
def a_merged_list_says_how_merging_went(view: ListView) -> Iterator[Violation]:
    """A document of type B41 carries either reason B53, the merging succeeded, or B54, it failed."""
    document = view.document
    if document.type != _MERGED:
        return
    reasons = [*document.reasons, *(reason for series in document.series for reason in series.reasons)]
    found = sorted({reason.code for reason in reasons} & _OUTCOMES)
    if len(found) != 1:
        yield Violation(("reasons",), "B53 or B54", " and ".join(found) or "neither")


MO_005 = kept_elsewhere(
    "MO-005",
    SERIES,
    kept_by=NOBODY_YET,
    why="It is about the outcome of the clearing; a list that the gateway writes has bids, and no needs.",
    statement="A need that cannot be met is listed with status A33.",
    source=_CODE_LIST,
)
