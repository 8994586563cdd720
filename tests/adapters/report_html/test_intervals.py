"""One interval in detail: areas, exchange and merit orders say the same as the result."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.report_html.intervals import IntervalView, Remark, interval_view, plan
from adapters.report_html.zones import Slice
from gateway.identifiers import AreaId
from gateway.results import Award, ClearingPrice, ExchangeFlow, Fate, ServedNeed
from tests.adapters.example import NORTH, SOUTH
from tests.adapters.report_html.results import award, figures_of, flow, need, part, price

Piece = Award | ServedNeed | ClearingPrice | ExchangeFlow

MARKET = (
    award("cheap", 50, 40, Fate.ACCEPTED),
    award("dear", 60, 60, Fate.PARTLY_ACCEPTED),
    award("down", -20, 30),
    award("south", 30, 75, Fate.ACCEPTED, SOUTH),
    need("n", 30, 30),
    need("s", 75, 75, area=SOUTH),
    price(NORTH, 60),
    price(SOUTH, 90),
    flow(45, 45),
    flow(0, 45, SOUTH, NORTH),
)


def seen(*pieces: Piece) -> IntervalView:
    """Return the view of an interval of *pieces*."""
    of = part(*pieces)
    return interval_view(of, plan([of]), "EUR", figures_of(*pieces))


def test_the_interval_is_named_in_local_time_and_utc() -> None:
    view = seen(*MARKET)
    assert (view.anchor, view.label) == ("interval-20270114T070000Z", "2027-01-14 08:00\u201308:15 CET")
    assert view.utc == "2027-01-14 07:00\u201307:15 UTC"


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((price(NORTH, 60), price(SOUTH, 90)), "60.00 to 90.00 EUR/MWh"),
        ((price(NORTH, 60), price(SOUTH, 60)), "60.00 EUR/MWh"),
        ((need("a", 10, 0),), "no price"),
    ],
)
def test_the_price_is_told_in_the_line_that_unfolds(pieces: tuple[Piece, ...], words: str) -> None:
    assert seen(*pieces).price == words


def test_an_area_tells_what_it_needs_accepts_and_exports() -> None:
    north, south = seen(*MARKET).areas
    assert (north.name, north.price, north.set_by) == ("North", "60.00", "B1")
    assert north.needs == ("30 of 30", "\u2013")
    assert north.accepted == ("80", "0")
    assert (north.net_export, south.net_export) == ("45", "\u221245")
    assert south.needs == ("75 of 75", "\u2013")


def test_a_range_of_prices_is_told_only_where_there_is_one() -> None:
    wide = replace(price(SOUTH, 90), lowest=Decimal(75), highest=Decimal("90.5"))
    north, south = seen(price(NORTH, 60), wide).areas
    assert (north.supported, south.supported) == ("\u2013", "75.00 to 90.50")


def test_an_area_without_price_or_bids_is_told_all_the_same() -> None:
    (north, south) = seen(price(NORTH, 60), flow(0, 45)).areas
    assert (south.price, south.supported, south.set_by) == ("\u2013", "\u2013", "")
    assert (north.accepted, south.accepted) == (("0", "0"), ("0", "0"))


@pytest.mark.parametrize(
    ("pieces", "remarks"),
    [
        (MARKET, (Remark("1 border full", grave=False),)),
        ((need("a", 10, 4),), (Remark("6 MW unserved", grave=True),)),
        ((need("a", 10, 4, limit=50),), ()),
        (
            (need("a", 10, 4), flow(5, 5), flow(7, 7, SOUTH, AreaId("third", "example"))),
            (Remark("6 MW unserved", grave=True), Remark("2 borders full", grave=False)),
        ),
    ],
)
def test_what_stands_out_is_told_in_the_line_that_unfolds(
    pieces: tuple[Piece, ...], remarks: tuple[Remark, ...]
) -> None:
    assert seen(*pieces).remarks == remarks


def test_the_exchange_is_drawn_and_told_in_a_table() -> None:
    view = seen(*MARKET)
    assert view.exchange is not None
    assert "North to South: 45 / 45 full" in view.exchange
    (row,) = view.flows
    assert (row.origin, row.target, row.flow, row.capacity, row.state) == ("North", "South", "45", "45", "full")


@pytest.mark.parametrize(
    ("mw", "capacity", "state"), [(45, 45, "full"), (5, 45, "free"), (0, 45, "idle"), (0, 0, "closed")]
)
def test_a_border_has_one_of_four_states(mw: int, capacity: int, state: str) -> None:
    (row,) = seen(flow(mw, capacity)).flows
    assert row.state == state


def test_areas_that_no_border_joins_have_no_picture_of_exchange() -> None:
    view = seen(price(NORTH, 60), price(SOUTH, 90))
    assert view.exchange is None
    assert view.flows == ()


def test_many_areas_take_the_full_width() -> None:
    areas = [AreaId(f"A{at:02}", "example") for at in range(12)]
    ring = [flow(1, 2, one, other) for one, other in zip(areas, [*areas[1:], areas[0]], strict=True)]
    assert seen(*ring).wide
    assert not seen(*MARKET).wide


def test_the_layout_serves_all_intervals() -> None:
    third = AreaId("third", "example")
    one, other = part(flow(1, 2)), part(flow(1, 2, SOUTH, third))
    assert set(plan([one, other]).places) == {NORTH, SOUTH, third}


def titles(view: IntervalView) -> list[str]:
    return [order.title for order in view.orders]


def test_each_price_zone_has_its_merit_orders() -> None:
    assert titles(seen(*MARKET)) == ["Up, North", "Down, North", "Up, South"]


def test_one_zone_is_called_all_areas() -> None:
    joined = [piece for piece in MARKET if not isinstance(piece, ClearingPrice)]
    assert titles(seen(*joined, price(NORTH, 60), price(SOUTH, 60))) == ["Up, all areas", "Down, all areas"]


def test_a_direction_with_needs_but_no_bids_is_drawn() -> None:
    (order,) = seen(need("a", -10, 0), price(NORTH, 60)).orders
    assert order.title == "Down, all areas"
    assert order.steps == ()
    assert order.sentence == "Offered 0, accepted 0, needed here 10, served 0 MW."


def test_the_table_of_a_merit_order_is_its_picture() -> None:
    order = seen(*MARKET).orders[0]
    assert [(step.bid_id, step.price, step.offered, step.accepted, step.up_to) for step in order.steps] == [
        ("cheap", "40.00", "50", "50", "50"),
        ("dear", "60.00", "60", "30", "110"),
    ]


def test_the_sentence_says_why_accepted_and_needed_differ() -> None:
    north, _, south = seen(*MARKET).orders
    assert north.sentence == ("Offered 110, accepted 80, needed here 30, served 30 MW; the zone exports 45 MW net.")
    assert south.sentence.endswith("the zone imports 45 MW net.")


def test_bids_without_a_price_are_told_of() -> None:
    (order,) = seen(award("a", 10, 40), award("b", 10, None, Fate.NO_PRICE), price(NORTH, 60)).orders
    assert order.sentence.endswith("1 bids without a price are not drawn.")


def balance(of: Slice) -> bool:
    """Whether the flows of a slice are the same seen from both ends."""
    return of.net_export_mw([NORTH]) == -of.net_export_mw([SOUTH])


def test_what_leaves_one_area_reaches_the_other() -> None:
    assert balance(part(*MARKET))
