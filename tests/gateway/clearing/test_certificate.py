"""The certificate finds a fault of 0.01 MW or 0.01 EUR, whatever it is a fault of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, certify, clear
from gateway.clearing.certificate import ITEMS, WHOLE, certificate, require
from gateway.clearing.example import area, bid, border, limit, market_of, need
from gateway.errors import Unsolved
from gateway.identifiers import PartyId
from gateway.market import CounterActivation
from gateway.model import Availability
from gateway.results import ExchangeFlow
from tests.gateway.clearing.faults import Fault, both, of_bid, of_flow, of_need, of_price, of_shadow

CENT = Decimal("0.01")
OPERATOR = PartyId("operator", "example")

MARKET = market_of(
    bid("A1", "A", "up", 40, 60),
    bid("A2", "A", "up", 60, 120),
    bid("B1", "B", "up", 50, 45),
    bid("B2", "B", "up", 15, 30, minimum_mw=10),
    bid("B3", "B", "up", 30, 40, granularity_mw=5, divisible=False),
    bid("G1", "A", "up", 10, 50, inclusive="g"),
    bid("G2", "A", "up", 30, 50, inclusive="g"),
    bid("M1", "A", "up", 5, 58, multipart="m", minimum_mw=2),
    bid("M2", "A", "up", 5, 90, multipart="m"),
    bid("X1", "A", "up", 10, 20, divisible=False, exclusive="x"),
    bid("X2", "A", "up", 20, 30, divisible=False, exclusive="x"),
    bid("off", "A", "up", 10, 1, availability=Availability.UNAVAILABLE),
    bid("Bd", "B", "down", 50, 15),
    need("dA", "A", 120),
    need("dB", "B", -10),
    need("eB", "B", 15, 70),
    *border("A", "B", 50, 20),
)
SIMPLE = market_of(
    bid("A1", "A", "up", 40, 60),
    bid("B1", "B", "up", 60, 45),
    bid("B2", "B", "up", 60, 70),
    need("dA", "A", 60),
    need("dB", "B", 10, 50),
    *border("B", "A", 30, 30),
)
LIMITED = market_of(
    bid("U1", "A", "up", 40, 20),
    bid("U2", "A", "up", 40, 50),
    need("d", "A", 30),
    replace(limit("cable", 12, U1=1), sender=OPERATOR),
)
CROSSED = market_of(
    bid("U1", "A", "up", 30, 20),
    bid("D1", "A", "down", 15, 35),
    need("d", "A", 10),
    rules=ClearingRules(counter_activation=CounterActivation.VOLUME_FIRST),
)


def items(market: Market, fault: Fault) -> set[str]:
    """Return the certificate items that find *fault* in the right result of *market*."""
    right = clear(market)
    assert certify(market, right) == ()
    return {violation.item for violation in certify(market, fault(right))}


@pytest.mark.parametrize("market", [MARKET, SIMPLE, LIMITED])
def test_a_right_result_has_a_clean_certificate(market: Market) -> None:
    assert certify(market, clear(market)) == ()


FAULTS: list[tuple[str, Market, Fault]] = [
    ("balance", SIMPLE, of_bid("A1", quantity_mw=-CENT)),
    ("balance", SIMPLE, of_need("dA", served_mw=-CENT)),
    ("balance", SIMPLE, of_flow("B", "A", -CENT)),
    ("bounds", SIMPLE, of_bid("B2", quantity_mw=-CENT)),
    ("bounds", SIMPLE, of_bid("B1", quantity_mw=Decimal(60))),
    ("bounds", SIMPLE, of_bid("A1", quantity_mw=Decimal("0.0005"))),
    ("bounds", SIMPLE, of_need("dA", served_mw=CENT)),
    ("bounds", SIMPLE, of_need("dA", served_mw=Decimal(-61))),
    ("bounds", MARKET, of_bid("off", quantity_mw=CENT)),
    ("divisibility", MARKET, of_bid("B2", quantity_mw=Decimal("-5.01"))),
    ("divisibility", MARKET, of_bid("B3", quantity_mw=-CENT)),
    ("divisibility", MARKET, both(of_bid("G1", quantity_mw=-CENT), of_bid("G2", quantity_mw=CENT))),
    ("groups", MARKET, of_bid("X1", quantity_mw=Decimal(10))),
    ("groups", MARKET, both(of_bid("M1", quantity_mw=-CENT), of_bid("M2", quantity_mw=CENT))),
    ("capacities", SIMPLE, of_flow("B", "A", CENT)),
    ("capacities", SIMPLE, of_flow("A", "B", -CENT)),
    ("grid limits", LIMITED, both(of_bid("U1", quantity_mw=CENT), of_bid("U2", quantity_mw=-CENT))),
    ("grid limits", LIMITED, of_shadow(price=Decimal(-31))),
    ("in the money", SIMPLE, of_price("A", price=CENT)),
    ("in the money", LIMITED, of_shadow(price=Decimal("-0.05"))),
    ("no losses", SIMPLE, of_price("A", price=-CENT)),
    ("no losses", MARKET, of_price("B", price=Decimal("-5.01"), lowest=Decimal(-10))),
    ("no losses", SIMPLE, of_bid("A1", price=-CENT)),
    ("no losses", LIMITED, of_shadow(price=Decimal("0.05"))),
    ("needs", SIMPLE, both(of_need("dB", served_mw=-CENT), of_bid("B1", quantity_mw=-CENT))),
    ("needs", SIMPLE, of_price("B", price=Decimal("5.01"), highest=Decimal(60))),
    ("needs", SIMPLE, both(of_need("dA", served_mw=-CENT), of_bid("A1", quantity_mw=-CENT))),
    (
        "flows",
        SIMPLE,
        both(of_flow("B", "A", -CENT), of_bid("A1", quantity_mw=CENT), of_bid("B1", quantity_mw=-CENT)),
    ),
    (
        "flows",
        SIMPLE,
        both(of_flow("A", "B", CENT), of_bid("A1", quantity_mw=CENT), of_bid("B1", quantity_mw=-CENT)),
    ),
    ("prices", SIMPLE, of_price("A", price=CENT)),
    ("prices", SIMPLE, of_price("A", price=Decimal(20_000), highest=Decimal(20_000))),
    ("prices", SIMPLE, of_bid("B2", price=CENT)),
    ("prices", SIMPLE, of_need("dB", price=CENT)),
    ("money", SIMPLE, of_need("dA", served_mw=-CENT)),
    ("money", SIMPLE, of_flow("B", "A", CENT)),
    ("optimality", SIMPLE, both(of_need("dB", served_mw=-CENT), of_bid("B1", quantity_mw=-CENT))),
    ("optimality", SIMPLE, of_price("A", price=CENT)),
    ("volume", CROSSED, both(of_bid("U1", quantity_mw=CENT), of_bid("D1", quantity_mw=CENT))),
    ("welfare", SIMPLE, lambda result: replace(result, welfare=result.welfare + CENT)),
    ("complete", SIMPLE, lambda result: replace(result, awards=result.awards[1:])),
    ("complete", SIMPLE, lambda result: replace(result, awards=(*result.awards, result.awards[0]))),
    ("complete", SIMPLE, lambda result: replace(result, needs=result.needs[1:])),
    ("complete", SIMPLE, lambda result: replace(result, prices=result.prices[1:])),
    ("complete", SIMPLE, lambda result: replace(result, prices=(*result.prices, result.prices[0]))),
]


@pytest.mark.parametrize(("item", "market", "fault"), FAULTS)
def test_a_small_fault_is_found_by_the_item_that_it_is_a_fault_of(item: str, market: Market, fault: Fault) -> None:
    assert item in items(market, fault)


def test_every_item_has_a_fault_that_it_finds() -> None:
    assert {item for item, _, _ in FAULTS} == {*ITEMS, *WHOLE, "complete"}


def test_a_flow_over_a_border_that_nobody_stated_is_found() -> None:
    right = clear(SIMPLE)
    invented = ExchangeFlow(
        from_area=area("A"),
        to_area=area("C"),
        interval=SIMPLE.periods[0],
        quantity_mw=CENT,
        capacity_mw=Decimal(100),
    )

    assert "capacities" in {each.item for each in certify(SIMPLE, replace(right, flows=(*right.flows, invented)))}


def test_the_result_of_another_market_is_no_proof() -> None:
    """A1 is cheaper now: yesterday's answer is consistent and still not the best."""
    cheaper = replace(SIMPLE, bids=(replace(SIMPLE.bids[0], price=Decimal(44)), *SIMPLE.bids[1:]))

    assert {"in the money", "optimality"} <= {each.item for each in certify(cheaper, clear(SIMPLE))}


def test_a_result_that_fails_is_refused_with_the_evidence() -> None:
    wrong = of_bid("A1", quantity_mw=-CENT)(clear(SIMPLE))

    with pytest.raises(Unsolved) as refusal:
        require(SIMPLE, wrong)

    assert refusal.value.path == "certificate"
    assert "balance of A (mFRR energy) by 0.01" in refusal.value.found


def test_an_offer_that_was_not_accepted_is_right_only_at_a_price() -> None:
    market = market_of(bid("A1", "A", "up", 40, 60), bid("C1", "C", "up", 40, 60), need("d", "A", 5))
    right = clear(market)
    wrong = replace(right, prices=tuple(price for price in right.prices if price.area == area("A")))

    assert [str(each) for each in certify(market, wrong)] == [f"complete: {market.periods[0]} a price for C1 by 1"]


@pytest.mark.parametrize("market", [MARKET, SIMPLE, LIMITED])
def test_a_right_result_leaves_no_residual_beyond_a_step(market: Market) -> None:
    residuals = certificate(market, clear(market)).residuals

    assert residuals.keys() == {*ITEMS, *WHOLE}
    assert max(residuals.values()) <= Decimal("0.001")


@pytest.mark.parametrize(
    ("item", "fault", "residual"),
    [
        ("balance", of_bid("A1", quantity_mw=-CENT), CENT),
        ("in the money", of_price("A", price=CENT), Decimal("0.1")),
        ("prices", of_price("A", price=Decimal(2)), Decimal(2)),
        ("welfare", lambda result: replace(result, welfare=result.welfare + CENT), CENT),
    ],
)
def test_the_largest_residual_of_an_item_is_told(item: str, fault: Fault, residual: Decimal) -> None:
    assert certificate(SIMPLE, fault(clear(SIMPLE))).residuals[item] == residual


def test_a_market_of_huge_volumes_and_fine_steps_is_exact() -> None:
    """5 · 10⁵ MW at up to 15,000, both in millionths: 7.5 · 10²¹ units of money, beyond 64 bits."""
    fine = ClearingRules(price_step=Decimal("0.000001"), quantity_step=Decimal("0.000001"))
    market = market_of(bid("A1", "A", "up", "1E+6", 60), need("d", "A", "5E+5"), rules=fine)
    right = clear(market)

    assert certify(market, right) == ()
    assert {each.item for each in certify(market, of_bid("A1", quantity_mw=Decimal("0.000001"))(right))} == {
        "balance",
        "money",
        "optimality",
        "welfare",
    }


def test_a_violation_names_item_place_and_amount() -> None:
    violation = certify(SIMPLE, of_bid("A1", quantity_mw=-CENT)(clear(SIMPLE)))[0]

    assert str(violation) == f"balance: {SIMPLE.periods[0]} balance of A (mFRR energy) by 0.010"
