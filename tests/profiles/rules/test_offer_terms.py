"""RB-007 to RB-014 and RB-020: price, minimum, codes and status of one offer, at each bound and beyond it."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, broken, only, said

FIRST = "Bid_TimeSeries[1]"
POINT = f"{FIRST}/Period/Point"
PRICE_AT = f"/{FIRST}/Period[1]/Point[1]/energy_Price.amount"
MINIMUM_AT = f"/{FIRST}/Period[1]/Point[1]/minimum_Quantity.quantity"


def minimum(text: str) -> tuple[str, ...]:
    return ("set", f"{POINT}/minimum_Quantity.quantity", text)


def price(text: str) -> tuple[str, ...]:
    return ("set", f"{POINT}/energy_Price.amount", text)


# --------------------------------------------------------------------------------------------------- RB-007 to RB-009
@pytest.mark.parametrize(
    ("market", "value", "expected"),
    [
        ("project", "15000", None),
        ("project", "15000.00", None),
        ("project", "15000.01", "-15000 to 15000"),
        ("project", "-15000", None),
        ("project", "-15000.01", "-15000 to 15000"),
        ("nordic_no", "10000", None),
        ("nordic_no", "10000.01", "-10000 to 10000"),
        ("nordic_no", "-10000", None),
        ("nordic_no", "-10000.01", "-10000 to 10000"),
    ],
)
def test_a_price_is_legal_to_its_limit_and_not_a_cent_further(market: str, value: str, expected: str | None) -> None:
    found = only("RB-008", said("bids", price(value), over=market))
    assert found == ([("B51", PRICE_AT, expected, value)] if expected else [])


@pytest.mark.parametrize(
    ("value", "wrong"), [("45", False), ("45.01", False), ("45.010", False), ("45.001", True), ("-5.005", True)]
)
def test_a_price_is_in_whole_cents(value: str, *, wrong: bool) -> None:
    found = only("RB-009", said("bids", price(value)))
    assert found == ([("A59", PRICE_AT, "a multiple of 0.01", value)] if wrong else [])


@pytest.mark.parametrize(
    ("terms", "value", "wrong"),
    [
        ("bids.price_step = 0.05", "45.05", False),
        ("bids.price_step = 0.05", "45.01", True),
        ("bids.price_step = 1", "45.5", True),
    ],
)
def test_the_price_step_is_the_markets(terms: str, value: str, *, wrong: bool) -> None:
    assert bool(only("RB-009", said("bids", price(value), terms=terms))) == wrong


def test_an_energy_market_wants_an_energy_price_and_a_capacity_market_a_price() -> None:
    missing = said("bids", ("drop", f"{POINT}/energy_Price.amount"))
    assert missing == [("RB-007", "A69", PRICE_AT, "a price", "nothing")]
    capacity = only("RB-007", said("bids", terms="bids.energy_priced = false"))
    assert [place.rpartition("/")[2] for _, place, _, _ in capacity] == ["price.amount"] * 3


@pytest.mark.parametrize(
    ("value", "rules"), [("0", []), ("0.01", []), ("15000", []), ("-0.01", ["RB-008"]), ("0.005", ["RB-009"])]
)
def test_the_price_of_capacity_is_not_negative(value: str, rules: list[str]) -> None:
    capacity = [
        ("after", f"Bid_TimeSeries[{n}]/Period/Point/minimum_Quantity.quantity", f"<price.amount>{text}</price.amount>")
        for n, text in ((1, value), (3, "1"))
    ]
    capacity.append(("after", "Bid_TimeSeries[2]/Period/Point/quantity.quantity", "<price.amount>1</price.amount>"))
    assert broken("bids", *capacity, terms="bids.energy_priced = false\nbids.price_floor = 0") == rules


# --------------------------------------------------------------------------------------------------- RB-010 and RB-011
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", None),
        ("1", None),
        ("30", None),
        ("30.000", None),
        ("30.001", "0 to 30 MW"),
        ("31", "0 to 30 MW"),
        ("-1", "0 to 30 MW"),
    ],
)
def test_the_minimum_of_a_divisible_offer_lies_within_it(value: str, expected: str | None) -> None:
    found = only("RB-010", said("bids", minimum(value)))
    assert found == ([("A77", MINIMUM_AT, expected, value)] if expected else [])


@pytest.mark.parametrize(
    ("divisible", "has_minimum", "obligation", "expected"),
    [
        ("A01", True, "required", None),
        ("A01", False, "required", "a minimum quantity, 0 where any part will do"),
        ("A02", True, "required", "no minimum"),
        ("A02", False, "required", None),
        ("A01", True, "absent", "no minimum"),
        ("A01", False, "absent", None),
        ("A02", True, "absent", "no minimum"),
        ("A02", False, "absent", None),
    ],
)
def test_who_may_and_who_must_have_a_minimum(
    divisible: str, *, has_minimum: bool, obligation: str, expected: str | None
) -> None:
    steps: list[Step] = [("set", f"{FIRST}/divisible", divisible)]
    steps += [] if has_minimum else [("drop", f"{POINT}/minimum_Quantity.quantity")]
    found = only("RB-010", said("bids", *steps, terms=f'bids.minimum_quantity = "{obligation}"'))
    told = ("A77", MINIMUM_AT, expected, "10" if has_minimum else "nothing")
    assert [row for row in found if row[1] == MINIMUM_AT] == ([told] if expected else [])


@pytest.mark.parametrize(
    ("value", "least", "wrong"),
    [
        ("0", "1", False),
        ("1", "1", False),
        ("0.999", "1", True),
        ("0.1", "1", True),
        ("0.5", "0.5", False),
        ("4", "5", True),
    ],
)
def test_a_part_is_not_smaller_than_the_least_part(value: str, least: str, *, wrong: bool) -> None:
    found = said("bids", minimum(value), terms=f"bids.least_part_mw = {least}")
    assert found == ([("RB-011", "A42", MINIMUM_AT, f"0, or at least {least} MW", value)] if wrong else [])


# --------------------------------------------------------------------------------------------------- RB-012 to RB-014
@pytest.mark.parametrize(
    ("rule", "tag", "value", "terms", "expected"),
    [
        ("RB-012", "divisible", "A02", 'bids.divisible = ["A01"]', "A01"),
        ("RB-012", "divisible", "A01", 'bids.divisible = ["A02"]', "A02"),
        ("RB-013", "flowDirection.direction", "A03", "", "A01 or A02"),
        ("RB-013", "flowDirection.direction", "A04", "", "A01 or A02"),
        ("RB-013", "flowDirection.direction", "A02", 'bids.directions = ["A01"]', "A01"),
        ("RB-013", "flowDirection.direction", "A01", 'bids.directions = ["A03"]', "A03"),
        ("RB-014", "standard_MarketProduct.marketProductType", "A06", "", "A05 or A07"),
        ("RB-014", "standard_MarketProduct.marketProductType", "A01", "", "A05 or A07"),
        ("RB-014", "standard_MarketProduct.marketProductType", "A07", 'bids.products = ["A01"]', "A01"),
    ],
)
def test_a_code_of_another_market_is_refused(rule: str, tag: str, value: str, terms: str, expected: str) -> None:
    found = only(rule, said("bids", ("set", f"{FIRST}/{tag}", value), terms=terms))
    assert found[0] == ("A59", f"/{FIRST}/{tag}", expected, value)


@pytest.mark.parametrize(
    ("name", "tag", "value"),
    [("directions", "flowDirection.direction", "A03"), ("products", "standard_MarketProduct.marketProductType", "A01")],
)
def test_a_market_that_names_no_codes_takes_any(name: str, tag: str, value: str) -> None:
    assert broken("bids", ("set", f"{FIRST}/{tag}", value), terms=f"bids.{name} = []") == []


def test_norway_has_a_product_of_its_own() -> None:
    step = ("set", f"{FIRST}/standard_MarketProduct.marketProductType", "Z01")
    assert only("RB-014", said("bids", step, over="nordic_no")) == []
    found = said("bids", step)
    assert [row[0] for row in found] == ["GEN-005", "RB-014"]


# ------------------------------------------------------------------------------------------------------------ RB-020
LINK = (
    "after",
    "Bid_TimeSeries[3]/Period",
    "<Linked_BidTimeSeries><mRID>1db6c922-6d64-5350-b964-fb8ce459f715</mRID><status><value>{}</value></status></Linked_BidTimeSeries>",
)


@pytest.mark.parametrize(
    ("status", "condition", "expected"),
    [
        ("A06", None, None),
        ("A11", None, None),
        ("A65", "A55", None),
        ("A66", "A67", None),
        ("A65", None, "a link beside A65 or A66"),
        ("A66", None, "a link beside A65 or A66"),
        ("A06", "A55", "A65 or A66 beside links"),
        ("A11", "A67", "A65 or A66 beside links"),
    ],
)
def test_a_conditional_status_goes_with_a_condition(status: str, condition: str | None, expected: str | None) -> None:
    steps = [("set", "Bid_TimeSeries[3]/status/value", status)]
    steps += [] if condition is None else [(LINK[0], LINK[1], LINK[2].format(condition))]
    found = only("RB-020", said("bids", *steps))
    assert found == ([("A77", "/Bid_TimeSeries[3]/status", expected, status)] if expected else [])


def test_a_link_without_any_status_is_told_so() -> None:
    steps = [("drop", "Bid_TimeSeries[3]/status"), (LINK[0], LINK[1], LINK[2].format("A55"))]
    assert said("bids", *steps) == [
        ("RB-020", "A77", "/Bid_TimeSeries[3]/status", "A65 or A66 beside links", "nothing")
    ]
