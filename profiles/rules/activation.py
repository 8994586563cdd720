"""AC: rules for activation orders and the answers to them (IEC 62325-451-7).

=========  =====================  ==================================================
type       says                   interval
=========  =====================  ==================================================
A39        scheduled activation   the market time unit of the bid
A40        direct activation      from any minute to the end of the next time unit
A41        answer to either       that of the order
=========  =====================  ==================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.report import Level
from profiles.activation import ActivationMarketDocument, TimeSeries
from profiles.markets import Weight
from profiles.rules.context import KnownOrder
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import SERIES, amount, either, few, moment, on_border, spans

OrderView = View[ActivationMarketDocument]

_ON = (ActivationMarketDocument,)
_BOTH, _FINGRID, _CODE_LIST = "Fingrid market guide; Statnett examples", "Fingrid market guide", "ENTSO-E code list"
_SCHEDULED, _DIRECT, _ANSWER = "A39", "A40", "A41"
_UNAVAILABLE = "A11"
_STATUSES = {
    _SCHEDULED: frozenset({"A10"}),
    _DIRECT: frozenset({"A10"}),
    _ANSWER: frozenset({"A07", _UNAVAILABLE}),
}
_DIRECT_PRODUCTS = frozenset({"A06", "A07"})


@rule("AC-001", SERIES, "A77", on=_ON, source=_BOTH)
def the_status_fits_the_message(view: OrderView) -> Iterator[Violation]:
    """An order says ordered (A10); an answer says activated (A07) or unavailable (A11)."""
    allowed = _STATUSES.get(view.document.type)
    for number, series in enumerate(view.document.series, 1):
        if allowed is not None and series.status not in allowed:
            yield Violation(("series", number, "status"), either(allowed), series.status)


@rule("AC-002", Level.DOCUMENT, "A51", on=_ON, source=_BOTH)
def an_answer_names_its_order(view: OrderView) -> Iterator[Violation]:
    """An answer carries the id and the revision of the order it answers; the id need not be a UUID."""
    document, orders = view.document, view.context.orders
    if document.type != _ANSWER:
        return
    if document.order is None or document.order_revision is None:
        missing = "order" if document.order is None else "order_revision"
        yield Violation((missing,), "the id and revision of the order", "nothing")
    elif orders is None:
        view.assume("AC-002: the order that is answered was given")
    elif (known := orders.get(document.order)) is None:
        yield Violation(("order",), "an order that was given", document.order)
    elif str(known.revision) != document.order_revision:
        yield Violation(("order_revision",), str(known.revision), document.order_revision)


def _answered(view: OrderView) -> KnownOrder | None:
    """Return the order that an answer answers, None where there is none or it is not known."""
    document = view.document
    if document.type != _ANSWER or document.order is None:
        return None
    return (view.context.orders or {}).get(document.order)


@rule("AC-003", SERIES, "A42", on=_ON, source="Statnett examples", needs=("orders",))
def an_answer_repeats_the_order(view: OrderView) -> Iterator[Violation]:
    """An answer has the bids of the order, each with the quantity ordered; by value, 10.000 answers 10."""
    order = _answered(view)
    if order is None:
        return
    for number, series in enumerate(view.document.series, 1):
        ordered, found = order.quantities.get(series.id), _quantity(series)
        if ordered is None:
            yield Violation(("series", number, "id"), "a bid of the order", series.id)
        elif found is not None and found != ordered and series.status != _UNAVAILABLE:
            at = ("series", number, "periods", 1, "points", 1, "quantity")
            yield Violation(at, amount(ordered), amount(found))
    missing = set(order.quantities) - {series.id for series in view.document.series}
    if missing:
        yield Violation(("series",), "every bid of the order", f"none for {few(missing)}")


def _quantity(series: TimeSeries) -> Decimal | None:
    return series.periods[0].points[0].quantity if series.periods else None


@rule(
    "AC-004",
    Level.DOCUMENT,
    "A57",
    on=_ON,
    source="Fingrid market guide; Nordic mFRR EAM guide",
    weight=Weight.WARN,
    needs=("orders", "now"),
)
def an_answer_comes_in_time(view: OrderView) -> Iterator[Violation]:
    """An answer comes within the market's time; the provider stays accountable in any case."""
    order, now, within = _answered(view), view.context.now, view.market.gates.answer_within
    if order is not None and now is not None and now > order.sent + within:
        yield Violation((), f"an answer by {moment(order.sent + within)}", moment(now))


@rule("AC-005", SERIES, "A04", on=_ON, source=_BOTH)
def a_scheduled_order_is_for_one_time_unit(view: OrderView) -> Iterator[Violation]:
    """A scheduled activation lasts exactly one market time unit."""
    unit = view.market.time_unit_length
    for span in spans(view) if view.document.type == _SCHEDULED else ():
        if span.start < span.end and (span.end - span.start != unit or not on_border(span.start, unit)):
            found = f"{moment(span.start)}/{moment(span.end)}"
            yield Violation((*span.at, "interval"), f"one {view.market.time_unit} on its grid", found)


@rule("AC-006", SERIES, "A41", on=_ON, source=_BOTH)
def a_direct_order_lasts_to_the_next_time_unit(view: OrderView) -> Iterator[Violation]:
    """A direct activation is one slot that ends with the header's interval: its time unit and the next."""
    period, unit = view.document.period, view.market.time_unit_length
    for span in spans(view) if view.document.type == _DIRECT else ():
        if period.end - period.start != 2 * unit:
            found = f"{moment(period.start)}/{moment(period.end)}"
            yield Violation((*span.at, "interval"), "a header of two time units", found)
        elif span.end != period.end:
            yield Violation((*span.at, "interval"), f"an end at {moment(period.end)}", moment(span.end))
        elif span.slots is not None and span.slots != 1:
            yield Violation(
                (*span.at, "resolution"), f"the whole length, {span.end - span.start}", span.period.resolution
            )


@rule("AC-007", SERIES, "A59", on=_ON, source=_CODE_LIST, needs=("bids",))
def a_direct_order_is_for_a_direct_product(view: OrderView) -> Iterator[Violation]:
    """A bid is activated directly only if its product allows it (A06, A07)."""
    bids = view.context.bids or {}
    for number, series in enumerate(view.document.series if view.document.type == _DIRECT else (), 1):
        known = bids.get(series.id)
        if known is not None and known.product is not None and known.product not in _DIRECT_PRODUCTS:
            yield Violation(("series", number, "id"), f"a bid of product {either(_DIRECT_PRODUCTS)}", known.product)


@rule("AC-008", SERIES, "A69", on=_ON, source=_FINGRID)
def orders_and_refusals_have_reasons(view: OrderView) -> Iterator[Violation]:
    """An order says why (B22, B49), and so does an answer that the bid is unavailable (B59, 999)."""
    terms = view.market.results
    for number, series in enumerate(view.document.series, 1):
        wanted: frozenset[str] = frozenset()
        if view.document.type in {_SCHEDULED, _DIRECT}:
            wanted = terms.order_reasons
        elif series.status == _UNAVAILABLE:
            wanted = terms.unavailable_reasons
        if wanted and wanted.isdisjoint(reason.code for reason in series.reasons):
            found = ", ".join(reason.code for reason in series.reasons) or "nothing"
            yield Violation(("series", number, "reasons"), either(wanted), found)


@rule("AC-009", SERIES, "B16", on=_ON, source=_CODE_LIST, needs=("bids",))
def an_ordered_bid_is_available(view: OrderView) -> Iterator[Violation]:
    """An order is for a bid that was accepted and is available."""
    bids = view.context.bids or {}
    for number, series in enumerate(view.document.series if view.document.type != _ANSWER else (), 1):
        known = bids.get(series.id)
        if known is None:
            yield Violation(("series", number, "id"), "an accepted bid", series.id)
        elif not known.available:
            yield Violation(("series", number, "id"), "an available bid", f"{series.id}, unavailable")


AC_010 = kept_elsewhere(
    "AC-010",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about messages that are sent; sending and receiving over a network is not built.",
    statement="The acknowledgement of an order and the answer to it are two messages.",
    source=_FINGRID,
)


AC_011 = kept_elsewhere(
    "AC-011",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about a rhythm of messages; sending and receiving over a network is not built.",
    statement="A provider answers each heartbeat, an order with a series ACTIVATION_HEARTBEAT; else its bids are "
    "unavailable.",
    source="Nordic mFRR EAM guide",
)


@rule("AC-012", Level.DOCUMENT, "A51", on=_ON, source=_FINGRID, needs=("orders",))
def a_repeated_order_is_the_next_revision(view: OrderView) -> Iterator[Violation]:
    """An order that is given again keeps its order id and has the next order revision."""
    document, orders = view.document, view.context.orders or {}
    known = None if document.order is None or document.type == _ANSWER else orders.get(document.order)
    if known is not None and document.order_revision != str(known.revision + 1):
        yield Violation(("order_revision",), str(known.revision + 1), document.order_revision or "nothing")


AC_013 = kept_elsewhere(
    "AC-013",
    SERIES,
    kept_by="gateway.clearing.eligibility",
    why="It is about a later bid, not about the order.",
    statement="After a direct activation the technically linked bid of the next time unit is unavailable.",
    source=_FINGRID,
)
AC_014 = kept_elsewhere(
    "AC-014",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is for comparison: these times are of German redispatch, which no market here is.",
    statement="An order is answered within 5 minutes; acknowledgements come within 6 hours, requests for the state "
    "within 24 hours.",
    source="public documentation of German redispatch",
)
