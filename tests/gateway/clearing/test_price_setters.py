"""What set the price of each area, read from results of markets that can be cleared by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.canonical_json import to_json
from gateway.clearing import clear
from gateway.clearing.example import QUARTERS, area, bid, border, limit, market_of, need
from gateway.clearing.price_setters import BindingBorder, PriceCause, PriceSetting, price_settings
from gateway.identifiers import PartyId
from gateway.model import Bid, Capacity, Limit, Need

Thing = Bid | Need | Capacity | Limit

CHEAP, DEAR = bid("A1", "A", "up", 30, 60), bid("A2", "A", "up", 30, 80)
FAR = bid("B1", "B", "up", 90, 40)


def settings(*things: Thing) -> dict[str, PriceSetting]:
    """Return what set the price of each area of a market."""
    return {each.area.value: each for each in price_settings(clear(market_of(*things)))}


@pytest.mark.parametrize(
    ("things", "price", "cause", "orders"),
    [
        ((CHEAP, DEAR, need("d", "A", 20)), 60, PriceCause.ORDER, ("A1",)),
        ((CHEAP, DEAR, need("d", "A", 40)), 80, PriceCause.ORDER, ("A2",)),
        ((CHEAP, DEAR, need("d", "A", 30)), 70, PriceCause.RANGE, ("A1", "A2")),
        ((CHEAP, need("e", "A", 50, 75)), 75, PriceCause.ORDER, ("e",)),
        ((CHEAP, need("d", "A", 50)), 15_000, PriceCause.SCARCITY, ("d",)),
        ((bid("D1", "A", "down", 9, 5), need("d", "A", -20)), -15_000, PriceCause.SCARCITY, ("d",)),
        ((bid("D1", "A", "down", 30, 5), need("d", "A", -20)), 5, PriceCause.ORDER, ("D1",)),
        ((need("u", "A", 20), need("d", "A", -20)), 0, PriceCause.NOTHING, ()),
    ],
    ids=["cheap", "dear", "between", "limit price", "scarcity", "surplus", "down", "netting alone"],
)
def test_one_of_four_things_sets_a_price(
    things: tuple[Thing, ...], price: int, cause: PriceCause, orders: tuple[str, ...]
) -> None:
    found = settings(*things)["A"]

    assert (int(found.price), found.cause, found.orders) == (price, cause, orders)
    assert found.zone == (area("A"),)
    assert (found.borders, found.limits) == ((), ())


def test_a_border_with_room_makes_one_zone_and_the_far_bid_sets_its_price() -> None:
    found = settings(CHEAP, FAR, need("d", "A", 50), *border("B", "A", 80))

    assert {name: (int(each.price), each.orders, each.borders) for name, each in found.items()} == {
        "A": (40, ("B1",), ()),
        "B": (40, ("B1",), ()),
    }
    assert found["A"].zone == found["B"].zone == (area("A"), area("B"))
    assert found["A"].reason == "40.00 EUR/MWh in A: set by B1, taken in part. Zone: A, B."


def test_a_full_border_parts_the_zones_and_is_worth_the_price_difference() -> None:
    """B sends the 25 MW that the border carries; A1 gives the other 5 MW and sets 60, B1 sets 40."""
    found = settings(CHEAP, FAR, need("d", "A", 30), *border("B", "A", 25, 25))
    binding = BindingBorder(
        from_area=area("B"),
        to_area=area("A"),
        quantity_mw=Decimal(25),
        capacity_mw=Decimal(25),
        difference=Decimal("20.00"),
    )

    assert {name: (int(each.price), each.orders, each.zone) for name, each in found.items()} == {
        "A": (60, ("A1",), (area("A"),)),
        "B": (40, ("B1",), (area("B"),)),
    }
    assert found["A"].borders == found["B"].borders == (binding,)
    assert str(binding) == "B to A (25 of 25 MW; 20.00 more at the end)"


def test_a_closed_border_is_said_to_be_closed() -> None:
    found = settings(CHEAP, FAR, need("d", "A", 30), need("f", "B", 10), *border("B", "A", 0))

    assert found["A"].reason.endswith("Binding borders: B to A (closed; 20.00 more at the end).")
    assert found["A"].price == 60
    assert found["B"].price == 40


def test_a_zone_reaches_over_several_borders() -> None:
    chain = (*border("A", "B", 50, 50), *border("B", "C", 50, 50), *border("C", "D", 5, 5))
    found = settings(
        FAR, bid("D1", "D", "up", 50, 90), need("a", "A", 10), need("c", "C", 10), need("d", "D", 20), *chain
    )

    assert {name: each.zone for name, each in found.items()} == {
        **dict.fromkeys("ABC", (area("A"), area("B"), area("C"))),
        "D": (area("D"),),
    }
    assert [str(each) for each in found["B"].borders] == ["C to D (5 of 5 MW; 50.00 more at the end)"]


def test_a_full_border_between_equal_prices_parts_nothing() -> None:
    found = settings(bid("A1", "A", "up", 30, 40), FAR, need("d", "A", 30), *border("B", "A", 15, 15))

    assert found["A"].zone == (area("A"), area("B"))
    assert found["A"].borders == ()


def test_a_grid_limit_that_holds_a_bid_in_part_does_not_make_it_the_price_setter() -> None:
    """The cable lets 12 MW of A1 through; A2 gives the other 18 MW and sets 80."""
    found = settings(CHEAP, DEAR, need("d", "A", 30), limit("cable", 12, A1=1))["A"]

    assert (int(found.price), found.orders, found.limits) == (80, ("A2",), ("cable",))
    assert found.reason.endswith("Grid limits move what bids here see: cable.")


def test_a_grid_limit_of_another_party_is_seen_in_what_the_bid_is_paid() -> None:
    cable = replace(limit("cable", 12, A1=1), sender=PartyId("operator", "example"))
    found = settings(CHEAP, DEAR, need("d", "A", 30), cable)["A"]

    assert (found.orders, found.limits) == (("A2",), ("cable",))


def test_a_grid_limit_with_room_is_not_mentioned() -> None:
    assert settings(CHEAP, DEAR, need("d", "A", 30), limit("cable", 31, A1=1))["A"].limits == ()


def test_losses_join_areas_of_different_prices() -> None:
    """Of 10 MW sent half a tenth is lost on either side: A pays 40 · 1.05 / 0.95 = 44.21."""
    found = settings(FAR, need("d", "A", 9.5), *border("B", "A", 50, loss="0.1"))

    assert [found[name].price for name in "AB"] == [Decimal("44.21"), 40]
    assert found["A"].zone == (area("A"), area("B"))
    assert found["A"].orders == ("B1",)


def test_two_products_share_a_border_that_is_full_for_both() -> None:
    """20 MW of energy and 10 MW of reserve fill the border; neither has room, so both have prices of their own."""
    offers = [
        bid(f"{place}-{product}", place, "up", 50, price, product=product)
        for place, price in (("A", 70), ("B", 40))
        for product in ("energy", "reserve")
    ]
    needs = [need("e", "A", 30), need("r", "A", 30, product="reserve")]
    every = price_settings(clear(market_of(*offers, *needs, *border("B", "A", 30))))
    in_a = {each.product: each for each in every if each.area == area("A")}

    assert {name: each.price for name, each in in_a.items()} == {"energy": 70, "reserve": 70}
    assert sum(each.borders[0].quantity_mw for each in in_a.values()) == 30
    assert all(each.zone == (area("A"),) for each in in_a.values())


def test_every_interval_is_told_for_itself() -> None:
    later = [replace(each, interval=QUARTERS[1]) for each in (DEAR, need("d", "A", 20))]
    result = clear(market_of(CHEAP, need("d", "A", 20), *later))

    assert [(each.interval, each.orders) for each in price_settings(result)] == [
        (QUARTERS[0], ("A1",)),
        (QUARTERS[1], ("A2",)),
    ]


def test_the_settings_can_be_written_as_json() -> None:
    (written,) = (to_json(each) for each in price_settings(clear(market_of(CHEAP, need("d", "A", 20)))))

    assert isinstance(written, dict)
    assert written["cause"] == "order taken in part"
    assert written["zone"] == ["example:A"]
    assert written["reason"] == "60.00 EUR/MWh in A: set by A1, taken in part."


def test_a_result_without_prices_has_nothing_to_explain() -> None:
    assert price_settings(replace(clear(market_of(CHEAP, need("d", "A", 20))), prices=())) == ()
