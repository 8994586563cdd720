"""What a market may not be, and in which steps it is counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, clear
from gateway.clearing.example import QUARTERS, bid, border, limit, market_of, need
from gateway.clearing.market import Commodity, Scale, decimals
from gateway.errors import InvalidValue
from gateway.model import Activation, Bid, Capacity, Limit, Need, Reserve
from gateway.time import Interval

HOUR = Interval(QUARTERS[0].start, QUARTERS[3].end)
TWICE = bid("U1", "A", "up", 10, 20)
ASKED = need("d", "A", 5)


@pytest.mark.parametrize(
    ("things", "path", "found"),
    [
        ((TWICE, replace(TWICE, price=Decimal(30))), "Bid U1", "a second one"),
        ((ASKED, ASKED), "Need d", "a second one"),
        ((limit("cable", 5, U1=1), limit("cable", 6, U1=1)), "Limit cable", "a second one"),
        ((need("d", "A", 5, currency="SEK"),), "Need d.currency", "SEK"),
        ((need("d", "A", 5, 15_001),), "Need d.price", "15001"),
        ((need("d", "A", 5, "NaN"),), "Need d.price", "NaN"),
        ((ASKED, need("e", "A", 5, activation=Activation.DIRECT)), "Need e.activation", "direct"),
        ((ASKED, need("e", "A", 5, interval=HOUR)), "Market", "and"),
        ((border("A", "B", 5, loss="1.5")), "Capacity A-B.loss_factor", "1.5"),
        ((bid("U1", "A", "up", "0.1234567", 20),), "Bid U1.quantity_mw", "0.1234567"),
        ((bid("U1", "A", "up", 1, "0.1234567"),), "Bid U1.price", "0.1234567"),
        ((need("d", "A", "0.1234567"),), "Need d.quantity_mw", "0.1234567"),
        ((bid("U1", "A", "up", 1, 20, granularity_mw="1e-9"),), "Bid U1.granularity_mw", "1E-9"),
    ],
)
def test_a_market_that_contradicts_itself_is_refused(
    things: tuple[Bid | Need | Capacity | Limit, ...], path: str, found: str
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        market_of(*things)

    assert refusal.value.path == path
    assert found in refusal.value.found


@pytest.mark.parametrize("field", ["price_cap", "price_step", "quantity_step"])
@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity"])
def test_rules_without_prices_or_quantities_are_refused(field: str, value: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        ClearingRules(**{field: Decimal(value)})  # type: ignore[arg-type]  # one Decimal field after the other

    assert refusal.value.path == f"ClearingRules.{field}"


def test_the_same_bid_may_be_offered_in_several_intervals() -> None:
    market = market_of(TWICE, replace(TWICE, interval=QUARTERS[1]), ASKED, replace(ASKED, interval=QUARTERS[1]))
    result = clear(market)

    assert [award.quantity_mw for award in result.awards] == [5, 5]
    assert result.welfare == 2 * 5 * (15_000 - 20)


def test_an_interval_in_which_only_bids_are_stated_is_cleared_too() -> None:
    trade = bid("U", "A", "up", 10, 20, interval=QUARTERS[2]), bid("D", "A", "down", 10, 30, interval=QUARTERS[2])
    market = market_of(*trade, ASKED)

    assert market.periods == (QUARTERS[0], QUARTERS[2])
    assert {award.quantity_mw for award in clear(market).awards} == {10}


def test_an_empty_market_has_an_empty_result() -> None:
    result = clear(Market())

    assert (result.awards, result.needs, result.prices, result.flows) == ((), (), (), ())
    assert result.welfare == 0


def test_a_market_of_borders_alone_has_nothing_to_clear() -> None:
    assert clear(market_of(*border("A", "B", 5, 5))).prices == ()


def test_a_need_without_any_bid_is_not_served() -> None:
    result = clear(market_of(need("d", "A", 5), need("e", "B", -5)))

    assert [(each.need_id, each.unserved_mw) for each in result.needs] == [("d", Decimal(5)), ("e", Decimal(5))]
    assert [each.price for each in result.needs] == [15_000, -15_000]


def test_orders_stated_more_finely_make_the_steps_finer() -> None:
    coarse = market_of(TWICE, ASKED)
    fine = market_of(bid("U1", "A", "up", "10.0005", "20.005"), ASKED)

    assert coarse.scale == Scale(Decimal("0.001"), Decimal("0.01"))
    assert fine.scale == Scale(Decimal("0.0001"), Decimal("0.001"))
    assert clear(fine).prices[0].price == Decimal("20.005")


def test_steps_of_the_rules_are_kept() -> None:
    """Three bids share 10 MW in whole MW."""
    shared = [bid(name, "A", "up", 10, 20) for name in ("U1", "U2", "U3")]
    result = clear(market_of(*shared, need("d", "A", 10), rules=ClearingRules(quantity_step=Decimal(1))))

    assert [award.quantity_mw for award in result.awards] == [4, 3, 3]


@pytest.mark.parametrize(("text", "places"), [("1.50", 1), ("0", 0), ("1E+2", 0), ("-0.001", 3), ("NaN", 7)])
def test_decimal_places_are_those_that_count(text: str, places: int) -> None:
    assert decimals(Decimal(text)) == places


def test_a_commodity_is_named_by_process_and_product() -> None:
    assert str(Commodity(Reserve.AFRR, "energy")) == "aFRR energy"
    assert market_of(TWICE).commodities == {Commodity(Reserve.MFRR, "energy")}
