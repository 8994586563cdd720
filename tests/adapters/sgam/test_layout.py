"""Where marks lie on the plane, and that no two boxes lie on each other."""

from itertools import combinations

import pytest

from adapters.sgam.layout import COLUMN, GAP, LEFT, LINE, ROWS, TOP, Box, Page, lines
from adapters.sgam.marks import Mark, marks
from gateway import schemes
from gateway.sgam.model import Domain, Layer, Place, Zone
from tests.adapters.sgam.installation import ENDPOINT, model

MODEL = model()
PLACE = Place(domain=Domain.DER, zone=Zone.ENTERPRISE)


def words(layer: Layer, entry: str) -> list[tuple[str, Place | None]]:
    return [(mark.words, mark.place) for mark in marks(MODEL, layer) if mark.entry == entry]


def apart(one: Box, other: Box) -> bool:
    return (
        one.left + one.width <= other.left
        or other.left + other.width <= one.left
        or one.top + one.height <= other.top
        or other.top + other.height <= one.top
    )


# ---- marks


def test_a_link_lies_where_its_far_end_is() -> None:
    assert words(Layer.COMMUNICATION, "link:agg-c:https") == [
        ("peer:agg-c: HTTPS port 8443, TLS 1.3, every PT15M", PLACE)
    ]
    ((shown, place),) = words(Layer.COMMUNICATION, f"link:dso-b:ecp-amqp:{ENDPOINT}")
    assert shown == f"server:dso-b:{ENDPOINT}: AMQP port 5671, TLS 1.2, every PT15M"
    assert place == Place(domain=Domain.DISTRIBUTION, zone=Zone.ENTERPRISE)


def test_information_lies_with_all_who_get_it() -> None:
    shown = words(Layer.INFORMATION, "document:activation:ActivationOrders:out")
    assert {text for text, _ in shown} == {"out: ActivationOrders as Activation 6.2 (A39, A40, A41)"}
    assert [place.domain for _, place in shown if place] == [Domain.DER, Domain.TRANSMISSION]


def test_information_that_nobody_may_send_lies_nowhere() -> None:
    assert words(Layer.INFORMATION, "document:constraint_table:GridConstraints:in") == [
        ("in: GridConstraints as ConstraintTable 1.0", None)
    ]


def test_a_function_lies_with_who_performs_it() -> None:
    (told,) = words(Layer.FUNCTION, "step:centralised:03")
    assert told == ("3 Seller (CMP) sends aggregated bids (transmission and distribution)", PLACE)


def test_a_business_lies_where_it_acts() -> None:
    ((shown, place),) = words(Layer.BUSINESS, "business:10X-AGG-C------I:balancing service provider")
    assert shown == "10X-AGG-C------I, balancing service provider: Regulation (EU) 2017/2195, Article 16"
    assert place == PLACE


@pytest.mark.parametrize("layer", Layer)
def test_every_entry_of_a_layer_is_shown(layer: Layer) -> None:
    shown = {mark.entry for mark in marks(MODEL, layer)}
    beside = {"gateway"} if layer is Layer.COMMUNICATION else set()
    assert shown == {entry.id for entry in MODEL.layers()[layer]} | beside


# ---- boxes


@pytest.mark.parametrize("layer", Layer)
@pytest.mark.parametrize("scheme", schemes.names())
def test_no_two_boxes_lie_on_each_other_and_all_lie_on_the_page(scheme: str, layer: Layer) -> None:
    page = Page(marks(model(scheme=scheme), layer))
    assert len(page.boxes) == len(page.marks)
    assert all(apart(one, other) for one, other in combinations(page.boxes, 2))
    assert all(box.left + box.width <= page.width and box.top + box.height <= page.height for box in page.boxes)


def test_a_box_lies_in_the_cell_of_its_place() -> None:
    page = Page([Mark(entry="a", words="one", place=PLACE), Mark(entry="b", words="two", place=PLACE)])
    column = LEFT + COLUMN * 3
    for box in page.boxes:
        assert column <= box.left
        assert box.left + box.width <= column + COLUMN
        assert page.top(Zone.ENTERPRISE) <= box.top
        assert box.top + box.height <= page.bottom(Zone.ENTERPRISE)
    assert [box.entry for box in page.boxes] == ["a", "b"]


def test_a_cell_stacks_its_boxes_with_a_gap_between_them() -> None:
    page = Page([Mark(entry=name, words=name, place=PLACE) for name in ("one", "two", "three")])
    tops = [box.top for box in page.boxes]
    assert tops == [page.top(Zone.ENTERPRISE) + GAP + at * (GAP + LINE + GAP) for at in range(3)]
    assert page.bottom(Zone.ENTERPRISE) == page.boxes[-1].top + page.boxes[-1].height + GAP


def test_an_empty_page_is_as_high_as_its_empty_rows() -> None:
    assert Page([]).height == TOP + 6 * 40 + GAP
    assert Page([]).width == LEFT + 5 * COLUMN + GAP


def test_the_market_is_on_top_and_each_row_begins_where_the_one_above_ends() -> None:
    page = Page(marks(MODEL, Layer.FUNCTION))
    assert ROWS[0] is Zone.MARKET
    assert [page.top(row) for row in ROWS[1:]] == [page.bottom(row) for row in ROWS[:-1]]


def test_what_lies_nowhere_stands_below_the_plane() -> None:
    page = Page([Mark(entry="lost", words="lost", place=None)])
    (box,) = page.boxes
    assert box.top >= page.bottom(Zone.PROCESS)
    assert Page([Mark(entry="a", words="one", place=PLACE)]).top(None) == Page([]).bottom(None)


def test_words_are_broken_into_lines_and_none_is_lost() -> None:
    text = "10X-TSO-A------1, transmission system operator: Regulation (EU) 2017/2195, Article 14"
    assert " ".join(lines(text)) == text
    assert all(len(line) <= 40 for line in lines(text))
