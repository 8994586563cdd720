"""A merit order puts the best price first, fills what is accepted, and says what it does not draw."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from lxml.etree import fromstring

from adapters.report_html.figures import Figures
from adapters.report_html.merit_order import MeritOrder, description, draw, merit_order
from adapters.report_html.zones import slices
from gateway.model import Direction
from gateway.results import Award, Fate, ServedNeed
from tests.adapters.example import MARKET, NORTH, SOUTH, procured

RESULT = procured().result
FIGURES = Figures.of(RESULT, MARKET, ZoneInfo("Europe/Oslo"))
(PART,) = slices(RESULT)


def order(direction: Direction, awards: tuple[Award, ...] = PART.awards, price: int | None = 60) -> MeritOrder:
    needs = PART.needs_of([NORTH, SOUTH], direction)
    return merit_order(direction, awards, needs, None if price is None else Decimal(price), "EUR")


def award(mw: int, price: int | None, accepted: int = 0, fate: Fate = Fate.OUT_OF_THE_MONEY) -> Award:
    return replace(
        PART.awards[0],
        bid_id=f"{mw} at {price}",
        offered_mw=Decimal(mw),
        quantity_mw=Decimal(accepted),
        bid_price=None if price is None else Decimal(price),
        fate=fate,
    )


def classes(drawn: str) -> dict[str, str]:
    """Return the outlines of a picture by class."""
    root = fromstring(drawn)
    return {path.attrib["class"]: path.attrib["d"] for path in root.iter("path")}


def words(drawn: str) -> list[str]:
    root = fromstring(drawn)
    return [element.text or "" for element in root.iter("text")]


def test_up_bids_rise_in_price_and_stand_side_by_side() -> None:
    steps = order(Direction.UP).steps
    assert [step.price for step in steps] == [40, 60, 75, 90]
    assert [step.start_mw for step in steps] == [0, 50, 110, 140]
    assert [step.accepted_mw for step in steps] == [50, 25, 30, 25]


def test_down_bids_fall_in_price() -> None:
    awards = tuple(replace(award(10, price), direction=Direction.DOWN) for price in (20, -5, 45))
    assert [step.price for step in order(Direction.DOWN, awards).steps] == [45, 20, -5]


def test_the_picture_says_need_price_and_unit() -> None:
    said = words(draw(order(Direction.UP), "T", FIGURES))
    assert {"need 130 MW", "60.00 EUR/MWh", "EUR/MWh", "MW offered, best price first"} <= set(said)


def test_accepted_rest_and_unusable_are_told_apart() -> None:
    awards = (award(10, 20, 10), award(10, 30, 4), award(10, 25, fate=Fate.BLOCKED))
    drawn = classes(draw(order(Direction.UP, awards), "T", FIGURES))
    assert drawn["bid accepted"].count("Z") == 2
    assert drawn["bid rest"].count("Z") == 1
    assert drawn["bid unusable"].count("Z") == 1


def test_many_bids_are_drawn_without_outlines() -> None:
    awards = tuple(award(1, price) for price in range(60))
    assert "bid rest dense" in classes(draw(order(Direction.UP, awards), "T", FIGURES))


def test_a_need_with_a_limit_price_makes_a_step() -> None:
    def path(limit: int | None) -> str:
        need = replace(PART.needs[0], limit_price=None if limit is None else Decimal(limit))
        drawn = draw(replace(order(Direction.UP), needs=(need, PART.needs[1])), "T", FIGURES)
        return classes(drawn)["need"]

    assert path(None).count("H") == 0
    assert path(70).count("H") == 1


@pytest.mark.parametrize("direction", [Direction.UP, Direction.DOWN])
def test_a_limited_need_steps_towards_the_worse_price(direction: Direction) -> None:
    def limited(name: str, limit: int) -> ServedNeed:
        return replace(PART.needs[0], need_id=name, direction=direction, limit_price=Decimal(limit))

    both = replace(order(Direction.UP), direction=direction, needs=(limited("a", 50), limited("b", 80)))
    heights = [float(step.split("H")[0]) for step in classes(draw(both, "T", FIGURES))["need"].split("V")[1:]]
    assert heights == sorted(heights, reverse=direction is Direction.DOWN)


def test_what_is_not_drawn_is_said() -> None:
    far = tuple(award(1_000, price) for price in (61, 62))
    awards = (award(50, 40, 50), award(10, 9_000), award(10, None, fate=Fate.NO_PRICE), *far)
    needs = (replace(PART.needs[0], requested_mw=Decimal(50)),)
    said = description(replace(order(Direction.UP, awards), needs=needs), FIGURES)
    assert "4 bids offer 2\u202f060 MW" in said
    assert "1\u202f852 MW of further bids lie to the right of the picture" in said
    assert "1 bids without a price are not drawn" in said


def test_prices_beyond_the_edge_are_counted() -> None:
    awards = (award(50, 40, 50), award(10, 9_000), award(10, 41))
    assert "1 bids have prices beyond its upper or lower edge" in description(order(Direction.UP, awards), FIGURES)


@pytest.mark.parametrize("price", [None, 0, -120, 15_000])
def test_any_price_can_be_drawn(price: int | None) -> None:
    assert "<svg" in draw(order(Direction.UP, price=price), "T", FIGURES)


def test_nothing_at_all_can_be_drawn() -> None:
    empty = MeritOrder(direction=Direction.UP, steps=(), needs=(), clearing_price=None, currency="EUR")
    assert "0 bids offer 0 MW" in draw(empty, "T", FIGURES)
