"""Faults of 0.01 MW and 0.01 EUR in a result that is worked out by hand: every item that finds one, where, and by how much.

Two areas: B sends the 30 MW that its border carries to A. B1 gives 40 of its 60 MW and sets 45 in B; the elastic need of
B buys its 10 MW at 50 or better. A1 gives 30 of its 40 MW and sets 60 in A. B2 at 70 and the border back stay idle.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, Pricing, certify, clear
from gateway.clearing.certificate import ITEMS, WHOLE, require
from gateway.clearing.example import QUARTERS, area, bid, border, limit, market_of, need
from gateway.errors import Unsolved
from gateway.identifiers import PartyId
from gateway.model import Bid, Need
from gateway.results import ClearingResult, ExchangeFlow
from tests.gateway.clearing.faults import Fault, both, of_bid, of_flow, of_need, of_price, of_shadow

CENT = Decimal("0.01")
MARKET = market_of(
    bid("A1", "A", "up", 40, 60),
    bid("B1", "B", "up", 60, 45),
    bid("B2", "B", "up", 60, 70),
    need("dA", "A", 60),
    need("dB", "B", 10, 50),
    *border("B", "A", 30, 30),
)
IN_A, IN_B = "A (mFRR energy)", "B (mFRR energy)"
BALANCE_A, BALANCE_B = ("balance", f"balance of {IN_A}"), ("balance", f"balance of {IN_B}")
BUDGET, WORSE, STATED = ("money", "budget"), ("optimality", "welfare below its bound"), ("welfare", "stated welfare")
Found = dict[tuple[str, str], Decimal]


def found(market: Market, result: ClearingResult) -> Found:
    """Return the amount that the certificate finds, by item and place."""
    period = f"{market.periods[0]} "
    told: Found = {}
    for each in certify(market, result):
        key = each.item, each.place.removeprefix(period)
        told[key] = told.get(key, Decimal(0)) + each.amount
    return told


def test_the_right_result_is_the_one_by_hand() -> None:
    result = clear(MARKET)

    assert {each.bid_id: each.quantity_mw for each in result.awards} == {"A1": 30, "B1": 40, "B2": 0}
    assert {each.area.value: each.price for each in result.prices} == {"A": 60, "B": 45}
    assert result.welfare == 60 * 15_000 + 10 * 50 - 30 * 60 - 40 * 45
    assert found(MARKET, result) == {}


ONE_NUMBER: dict[str, tuple[Fault, Found]] = {
    "0.01 MW less of a bid": (
        of_bid("A1", quantity_mw=-CENT),
        {BALANCE_A: CENT, BUDGET: Decimal("0.6"), WORSE: Decimal("0.6"), STATED: Decimal("0.6")},
    ),
    "0.01 MW more of a bid": (
        of_bid("B1", quantity_mw=CENT),
        {BALANCE_B: CENT, BUDGET: Decimal("0.45"), WORSE: Decimal("0.45"), STATED: Decimal("0.45")},
    ),
    "0.01 MW of a bid that is too dear": (
        of_bid("B2", quantity_mw=CENT),
        {
            BALANCE_B: CENT,
            ("no losses", "offer B2"): Decimal("0.25"),
            BUDGET: Decimal("0.45"),
            WORSE: Decimal("0.7"),
            STATED: Decimal("0.7"),
        },
    ),
    "0.01 MW below nothing": (
        of_bid("B2", quantity_mw=-CENT),
        {
            BALANCE_B: CENT,
            ("bounds", "bid B2"): CENT,
            ("divisibility", "minimum of B2"): CENT,
            ("no losses", "offer B2"): Decimal("-0.25"),
            BUDGET: Decimal("0.45"),
            WORSE: Decimal("0.7"),
            STATED: Decimal("0.7"),
        },
    ),
    "half a step": (
        of_bid("B1", quantity_mw=Decimal("0.0005")),
        {
            BALANCE_B: Decimal("0.0005"),
            ("bounds", "step of bid B1"): Decimal("0.0005"),
            BUDGET: Decimal("0.0225"),
            WORSE: Decimal("0.0225"),
            STATED: Decimal("0.0225"),
        },
    ),
    "0.01 MW less of a required need": (
        of_need("dA", served_mw=-CENT),
        {
            BALANCE_A: CENT,
            ("needs", "need dA"): Decimal("149.4"),
            BUDGET: Decimal("0.6"),
            WORSE: Decimal(150),
            STATED: Decimal(150),
        },
    ),
    "0.01 MW more than a need asks for": (
        of_need("dB", served_mw=CENT),
        {
            BALANCE_B: CENT,
            ("bounds", "need dB"): CENT,
            ("needs", "need dB"): Decimal("-0.05"),
            BUDGET: Decimal("0.45"),
            WORSE: Decimal("0.5"),
            STATED: Decimal("0.5"),
        },
    ),
    "0.01 MW less of a flow": (
        of_flow("B", "A", -CENT),
        {BALANCE_A: CENT, BALANCE_B: CENT, ("flows", f"flow {IN_B} to {IN_A}"): Decimal(15), BUDGET: Decimal("0.15")},
    ),
    "0.01 MW beyond a capacity": (
        of_flow("B", "A", CENT),
        {BALANCE_A: CENT, BALANCE_B: CENT, ("capacities", "border B to A"): CENT, BUDGET: Decimal("0.15")},
    ),
    "0.01 MW against the prices": (
        of_flow("A", "B", CENT),
        {
            BALANCE_A: CENT,
            BALANCE_B: CENT,
            ("flows", f"flow {IN_A} to {IN_B}"): Decimal("0.15"),
            BUDGET: Decimal("0.15"),
        },
    ),
    "a flow below nothing": (
        of_flow("A", "B", -CENT),
        {BALANCE_A: CENT, BALANCE_B: CENT, ("capacities", f"flow {IN_A} to {IN_B}"): CENT, BUDGET: Decimal("0.15")},
    ),
    "0.01 EUR more in A": (
        of_price("A", price=CENT),
        {("prices", f"price of {IN_A}"): CENT, ("in the money", "offer A1"): Decimal("0.1"), WORSE: Decimal("0.1")},
    ),
    "0.01 EUR less in A": (
        of_price("A", price=-CENT),
        {("prices", f"price of {IN_A}"): CENT, ("no losses", "offer A1"): Decimal("0.3"), WORSE: Decimal("0.3")},
    ),
    "0.01 EUR more in B": (
        of_price("B", price=CENT),
        {("prices", f"price of {IN_B}"): CENT, ("in the money", "offer B1"): Decimal("0.2"), WORSE: Decimal("0.2")},
    ),
    "a price above a limit price": (
        of_price("B", price=Decimal("5.01"), highest=Decimal(60)),
        {("in the money", "offer B1"): Decimal("100.2"), ("needs", "need dB"): Decimal("0.1"), WORSE: Decimal("100.3")},
    ),
    "0.01 EUR told to a bid": (of_bid("A1", price=CENT), {("prices", "price told to A1"): CENT}),
    "0.01 EUR less told to a bid": (
        of_bid("A1", price=-CENT),
        {("prices", "price told to A1"): CENT, ("no losses", "offer A1"): Decimal("0.3")},
    ),
    "0.01 EUR told to a bid that was not taken": (of_bid("B2", price=CENT), {("prices", "price told to B2"): CENT}),
    "0.01 EUR told to a need": (of_need("dB", price=CENT), {("prices", "price told to dB"): CENT}),
    "an interval that ends 0.01 EUR too low": (of_price("A", highest=-CENT), {("prices", f"price of {IN_A}"): CENT}),
    "an interval that begins 0.01 EUR too high": (of_price("A", lowest=CENT), {("prices", f"price of {IN_A}"): CENT}),
    "0.01 EUR of welfare": (
        lambda result: replace(result, welfare=result.welfare - CENT),
        {STATED: CENT},
    ),
}


@pytest.mark.parametrize("name", ONE_NUMBER)
def test_one_wrong_number_is_found_where_it_is_and_in_what_follows_from_it(name: str) -> None:
    fault, expected = ONE_NUMBER[name]

    assert found(MARKET, fault(clear(MARKET))) == expected


CONSISTENT: dict[str, tuple[Fault, Found]] = {
    "a dearer bid in the place of a cheaper one": (
        both(of_bid("B1", quantity_mw=-CENT), of_bid("B2", quantity_mw=CENT)),
        {("no losses", "offer B2"): Decimal("0.25"), WORSE: Decimal("0.25"), STATED: Decimal("0.25")},
    ),
    "a border that is not used to the full": (
        both(of_flow("B", "A", -CENT), of_bid("A1", quantity_mw=CENT), of_bid("B1", quantity_mw=-CENT)),
        {("flows", f"flow {IN_B} to {IN_A}"): Decimal(15), WORSE: Decimal("0.15"), STATED: Decimal("0.15")},
    ),
    "a need that is left although it pays": (
        both(of_need("dB", served_mw=-CENT), of_bid("B1", quantity_mw=-CENT)),
        {("needs", "need dB"): Decimal("0.05"), WORSE: Decimal("0.05"), STATED: Decimal("0.05")},
    ),
    "one price for both areas": (
        both(of_price("B", price=Decimal(5), lowest=Decimal(5), highest=Decimal(5))),
        {("in the money", "offer B1"): Decimal(100), WORSE: Decimal(100)},
    ),
    "power that goes round": (
        both(of_flow("A", "B", CENT), of_flow("B", "A", CENT)),
        {("capacities", "border B to A"): CENT, ("flows", f"flow {IN_A} to {IN_B}"): Decimal("0.15")},
    ),
}


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_result_that_balances_is_still_found_to_be_worse(name: str) -> None:
    fault, expected = CONSISTENT[name]

    assert found(MARKET, fault(clear(MARKET))) == expected


OPERATOR = PartyId("operator", "example")
CABLE = market_of(
    bid("U1", "A", "up", 40, 20),
    bid("U2", "A", "up", 40, 50),
    need("d", "A", 30),
    replace(limit("cable", 12, U1=1), sender=OPERATOR),
)
"""U1 may give 12 MW through the cable and sees 20; U2 gives 18 and sets 50: the cable is worth 30."""


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (of_bid("U1", quantity_mw=Decimal("0.002")), {"welfare": "0.04"}),
        (
            both(of_bid("U1", quantity_mw=CENT), of_bid("U2", quantity_mw=-CENT)),
            {"grid limits": "0.01", "welfare": "0.3"},
        ),
        (
            both(of_bid("U1", quantity_mw=-CENT), of_bid("U2", quantity_mw=CENT)),
            {"grid limits": "30", "welfare": "0.3"},
        ),
        (of_shadow(price=Decimal("0.02")), {}),
        (of_shadow(price=Decimal("0.03")), {"no losses": "0.36", "prices": "0.03"}),
        (of_shadow(price=Decimal("-0.03")), {"in the money": "0.84", "prices": "0.03"}),
        (of_shadow(price=Decimal("-30.01")), {"grid limits": "0.01", "in the money": "840.28", "prices": "30.01"}),
    ],
    ids=["rounding", "beyond the limit", "below it", "rounding of a price", "too dear", "too cheap", "below nothing"],
)
def test_faults_at_a_grid_limit(fault: Fault, expected: dict[str, str]) -> None:
    """With a limit a step of rounding is allowed for each term: 0.002 MW at the cable, 0.02 EUR of a price."""
    told = {item: amount for (item, _), amount in found(CABLE, fault(clear(CABLE))).items()}

    assert told == {item: Decimal(amount) for item, amount in expected.items()}


GROUPED = market_of(
    bid("B2", "A", "up", 15, 30, minimum_mw=10),
    bid("B3", "A", "up", 30, 40, granularity_mw=5),
    bid("G1", "A", "up", 10, 50, inclusive="g"),
    bid("G2", "A", "up", 30, 50, inclusive="g"),
    bid("M1", "A", "up", 5, 58, multipart="m", minimum_mw=2),
    bid("M2", "A", "up", 5, 59, multipart="m"),
    bid("X1", "A", "up", 10, 20, divisible=False, exclusive="x"),
    bid("X2", "A", "up", 20, 20, divisible=False, exclusive="x"),
    bid("Z", "A", "up", 100, 60),
    need("d", "A", 120),
)
"""X2 20, B2 15, B3 30, G1 10, G2 30, M1 5, M2 5 and 5 of Z make 120 MW at 60."""


@pytest.mark.parametrize(
    ("fault", "item", "place", "amount"),
    [
        (of_bid("B2", quantity_mw=Decimal("-5.01")), "divisibility", "minimum of B2", "0.01"),
        (of_bid("M1", quantity_mw=Decimal("-3.01")), "divisibility", "minimum of M1", "0.01"),
        (of_bid("X2", quantity_mw=-CENT), "divisibility", "minimum of X2", "0.01"),
        (of_bid("B3", quantity_mw=-CENT), "divisibility", "granularity of B3", "4.99"),
        (of_bid("B3", quantity_mw=Decimal("-4.99")), "divisibility", "granularity of B3", "0.01"),
        (both(of_bid("G1", quantity_mw=-CENT), of_bid("G2", quantity_mw=CENT)), "divisibility", "share of G1", "0.01"),
        (both(of_bid("G1", quantity_mw=-CENT), of_bid("G2", quantity_mw=CENT)), "divisibility", "share of G2", "0.01"),
        (of_bid("X1", quantity_mw=Decimal(10)), "groups", "exclusive group x", "10"),
        (of_bid("M1", quantity_mw=-CENT), "groups", "multipart bid m", "5"),
    ],
)
def test_faults_in_what_belongs_together(fault: Fault, item: str, place: str, amount: str) -> None:
    right = clear(GROUPED)
    assert {each.bid_id: each.quantity_mw for each in right.awards if each.quantity_mw} == {
        "X2": 20,
        "B2": 15,
        "B3": 30,
        "G1": 10,
        "G2": 30,
        "M1": 5,
        "M2": 5,
        "Z": 5,
    }
    assert certify(GROUPED, right) == ()

    assert found(GROUPED, fault(right))[item, place] == Decimal(amount)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda r: replace(r, awards=r.awards[1:]), {"answers to A1": 1}),
        (lambda r: replace(r, awards=(*r.awards, r.awards[0])), {"answers to A1": 1}),
        (lambda r: replace(r, awards=(*r.awards, *r.awards[:2])), {"answers to A1": 1, "answers to B1": 1}),
        (
            lambda r: replace(r, awards=(replace(r.awards[0], bid_id="Z"), *r.awards[1:])),
            {"answers to A1": 1, "answers to Z": 1},
        ),
        (
            lambda r: replace(r, awards=(replace(r.awards[0], interval=QUARTERS[1]), *r.awards[1:])),
            {"answers to A1": 2},
        ),
        (lambda r: replace(r, needs=()), {"answers to dA": 1, "answers to dB": 1}),
        (lambda r: replace(r, prices=r.prices[:1]), {"a price for B1": 1, "a price for dB": 1}),
        (
            lambda r: replace(r, prices=()),
            {"a price for A1": 1, "a price for B1": 1, "a price for dA": 1, "a price for dB": 1},
        ),
    ],
    ids=[
        "bid left out",
        "bid twice",
        "two twice",
        "other name",
        "other interval",
        "no needs",
        "price left out",
        "no prices",
    ],
)
def test_what_is_not_answered_once_and_only_once_is_incomplete(wrong: Fault, expected: dict[str, int]) -> None:
    told: dict[str, int] = {}
    for each in certify(MARKET, wrong(clear(MARKET))):
        assert each.item == "complete"
        place = each.place.split(" ", 1)[1]
        told[place] = told.get(place, 0) + int(each.amount)

    assert told == expected


def test_every_item_finds_a_fault_in_these_tables() -> None:
    tables = {item for table in (ONE_NUMBER, CONSISTENT) for _, told in table.values() for item, _ in told}

    assert {*tables, "grid limits", "divisibility", "groups", "volume"} == {*ITEMS, *WHOLE}


def test_a_flow_over_a_border_that_nobody_stated_is_found() -> None:
    right = clear(MARKET)
    invented = ExchangeFlow(
        from_area=area("A"), to_area=area("C"), interval=MARKET.periods[0], quantity_mw=CENT, capacity_mw=Decimal(100)
    )
    wrong = replace(right, flows=(*right.flows, invented))

    assert found(MARKET, wrong) == {("capacities", f"flow {IN_A} to C (mFRR energy)"): CENT}


def test_welfare_first_allows_losses_of_bids_that_hang_on_a_decision_and_of_no_others() -> None:
    """U1 is cut back to 10 MW and sets 20; U2 is whole and loses 10 for each of its 40 MW."""
    bids = [bid("U1", "A", "up", 30, 20), bid("U2", "A", "up", 40, 30, divisible=False)]
    things: tuple[Bid | Need, ...] = (*bids, bid("U3", "A", "up", 30, 50), need("d", "A", 50))
    result = clear(market_of(*things, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST)))
    strict = market_of(*things)

    assert found(strict, result) == {("no losses", "offer U2"): Decimal(400)}


def test_a_refusal_shows_the_first_five_of_many() -> None:
    wrong = replace(clear(MARKET), awards=(), needs=(), prices=())

    with pytest.raises(Unsolved) as refusal:
        require(MARKET, wrong)

    period = MARKET.periods[0]
    shown = [f"complete: {period} answers to {name} by 1" for name in ("A1", "B1", "B2", "dA", "dB")]
    assert str(refusal.value) == (
        f"certificate: expected a result that proves itself, found 7 violations: {'; '.join(shown)}"
    )
