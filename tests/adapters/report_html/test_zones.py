"""A result is cut into intervals, and areas of one price that borders join stand in one merit order."""

from dataclasses import replace
from decimal import Decimal

from adapters.report_html.zones import price_zones, slices
from gateway.model import Direction
from gateway.results import ClearingResult
from tests.adapters.example import NORTH, QUARTERS, SOUTH, envelopes, procured

EMPTY = ClearingResult(awards=(), needs=(), prices=(), flows=())


def test_a_full_border_parts_two_zones() -> None:
    (part,) = slices(procured().result)
    assert price_zones(part) == ((NORTH,), (SOUTH,))
    assert part.area_prices == {NORTH: Decimal(60), SOUTH: Decimal(90)}


def test_a_wide_border_makes_one_zone() -> None:
    (part,) = slices(procured(envelopes(border_mw=200).values()).result)
    assert price_zones(part) == ((NORTH, SOUTH),)


def test_equal_prices_without_a_border_are_two_zones() -> None:
    (part,) = slices(procured(envelopes(border_mw=200).values()).result)
    assert price_zones(replace(part, flows=())) == ((NORTH,), (SOUTH,))


def test_areas_without_a_price_stand_alone() -> None:
    (part,) = slices(procured().result)
    assert price_zones(replace(part, prices=())) == ((NORTH,), (SOUTH,))


def test_every_item_is_in_the_slice_of_its_interval() -> None:
    result = procured(envelopes(QUARTERS).values()).result
    parts = slices(result)
    assert [part.interval for part in parts] == list(QUARTERS)
    assert sum(len(part.awards) for part in parts) == len(result.awards) == 20
    assert all(award.interval == part.interval for part in parts for award in part.awards)
    assert slices(EMPTY) == ()


def test_the_balance_of_a_zone_closes() -> None:
    (part,) = slices(procured().result)
    for zone in ([NORTH], [SOUTH], [NORTH, SOUTH]):
        accepted = part.accepted_mw(zone, Direction.UP) - part.accepted_mw(zone, Direction.DOWN)
        served = sum(need.served_mw for need in part.needs_of(zone, Direction.UP))
        assert accepted - served == part.net_export_mw(zone)
    assert part.net_export_mw([NORTH]) == 45
