"""The rows of the markets: every combination that the published tables allow, and none besides."""

from __future__ import annotations

import pytest

from profiles import markets
from profiles.markets import MarketProfile, Weight

PROJECT, NORWAY = markets.load("project"), markets.load("nordic_no")
EVERY = [markets.load(name) for name in markets.names()]
BID = "ReserveBid_MarketDocument"
RESULT = "ReserveAllocationResult_MarketDocument"
ORDER = "Activation_MarketDocument"
AVAILABILITY = "BidAvailability_MarketDocument"
CAPACITY = "Capacity_MarketDocument"
PRICES = "Balancing_MarketDocument"

Row = tuple[str, str, str, str, str, str]
"""Document, type, process, business type, role of the sender, role of the receiver."""


def allows(market: MarketProfile, row: Row) -> bool:
    """Whether a row of the market has all values of *row*."""
    document, kind, process, business, sender, receiver = row
    return any(
        flow.document == document
        and kind in flow.types
        and process in flow.processes
        and business in flow.business_types
        and sender in flow.senders
        and receiver in flow.receivers
        for flow in market.flows
    )


STEPS: list[tuple[str, Row]] = [
    ("a buyer's volumes to the market operator", (BID, "B21", "A47", "B75", "A04", "A35")),
    ("a distribution operator's volumes", (BID, "B21", "A47", "B75", "A50", "A11")),
    ("volumes that may stay unmet", (BID, "B21", "A47", "B90", "A49", "A35")),
    ("elastic needs published as offers are", (BID, "A37", "A47", "B75", "A04", "A35")),
    ("needs of a balance responsible party", (BID, "B21", "A47", "B75", "A08", "A11")),
    ("a provider's bids", (BID, "A37", "A47", "B74", "A46", "A34")),
    ("a complete set of bids", (BID, "B40", "A47", "B74", "A46", "A34")),
    ("bids that a distribution operator hands on", (BID, "A37", "A47", "B74", "A50", "A11")),
    ("limits of an interface", (CAPACITY, "A26", "A15", "C12", "A50", "A35")),
    ("limits while they are proposed", (CAPACITY, "A32", "A15", "A26", "A50", "A11")),
    ("agreed limits", (CAPACITY, "A31", "A15", "A26", "A49", "A35")),
    ("results to a distribution operator", (RESULT, "A38", "A47", "B74", "A11", "A50")),
    ("the list before activation", (RESULT, "B23", "A47", "A97", "A35", "A50")),
    ("a bid blocked by a distribution operator", (AVAILABILITY, "B45", "A47", "C41", "A50", "A35")),
    ("results to a provider", (RESULT, "A38", "A47", "A97", "A04", "A46")),
    ("a scheduled order", (ORDER, "A39", "A47", "A97", "A04", "A46")),
    ("a direct order", (ORDER, "A40", "A61", "A97", "A04", "A46")),
    ("the answer to an order", (ORDER, "A41", "A47", "A97", "A46", "A04")),
    ("clearing prices", (PRICES, "B24", "A47", "A97", "A04", "A46")),
    ("prices of activated energy", (PRICES, "A84", "A16", "A97", "A04", "A46")),
]
"""The steps of a market with central dispatch of reserve, and the documents that carry them."""

NORDIC = {
    "a buyer's volumes to the market operator",
    "a provider's bids",
    "results to a provider",
    "a scheduled order",
    "the answer to an order",
}
CARRIED = {
    "nordic_no": NORDIC,
    "nordic_fi": NORDIC,
    "nordic_fi_afrr": set(),
    "mari": {
        "a buyer's volumes to the market operator",
        "a distribution operator's volumes",
        "volumes that may stay unmet",
        "elastic needs published as offers are",
        "a provider's bids",
        "bids that a distribution operator hands on",
        "limits of an interface",
        "agreed limits",
        "the list before activation",
    },
}
"""What each market carries of these; the automatic reserve of Finland has another process."""


@pytest.mark.parametrize(("step", "row"), STEPS, ids=[step for step, _ in STEPS])
def test_the_common_market_carries_every_step(step: str, row: Row) -> None:
    assert allows(PROJECT, row), step


@pytest.mark.parametrize("market", CARRIED)
@pytest.mark.parametrize(("step", "row"), STEPS, ids=[step for step, _ in STEPS])
def test_a_market_carries_what_its_guides_publish(market: str, step: str, row: Row) -> None:
    assert allows(markets.load(market), row) == (step in CARRIED[market])


@pytest.mark.parametrize(
    ("what", "row"),
    [
        ("bids of automatic reserve", (BID, "A37", "A51", "B74", "A46", "A04")),
        ("results of automatic reserve", (RESULT, "A38", "A51", "B74", "A04", "A46")),
        ("automatic reserve that is not available", (AVAILABILITY, "B45", "A51", "C42", "A46", "A34")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_automatic_reserve_is_carried_in_its_market_alone(what: str, row: Row) -> None:
    assert [market.name for market in EVERY if allows(market, row)] == ["nordic_fi_afrr"], what


NEVER: list[tuple[str, Row]] = [
    ("offers by a metered data responsible", (BID, "A37", "A47", "B74", "A25", "A34")),
    ("offers to a provider", (BID, "A37", "A47", "B74", "A46", "A46")),
    ("offers in a document of needs", (BID, "B21", "A47", "B74", "A46", "A34")),
    ("needs of a provider", (BID, "B21", "A47", "B75", "A46", "A35")),
    ("offers of containment reserve", (BID, "A37", "A52", "B74", "A46", "A34")),
    ("an order by a provider", (ORDER, "A39", "A47", "A97", "A46", "A04")),
    ("an answer by an imbalance settler", (ORDER, "A41", "A47", "A97", "A05", "A04")),
    ("an order of automatic reserve", (ORDER, "A39", "A47", "A96", "A04", "A46")),
    ("a result by a provider", (RESULT, "A38", "A47", "B74", "A46", "A11")),
    ("a capacity by a provider", (CAPACITY, "A26", "A15", "A26", "A46", "A11")),
    ("a meaning that is no capacity", (CAPACITY, "A26", "A15", "B74", "A50", "A11")),
    ("a statement without a limit", (AVAILABILITY, "B45", "A47", "B74", "A50", "A11")),
]


@pytest.mark.parametrize(("what", "row"), NEVER, ids=[what for what, _ in NEVER])
@pytest.mark.parametrize("market", EVERY, ids=lambda market: market.name)
def test_no_market_carries_what_nobody_may_say(market: MarketProfile, what: str, row: Row) -> None:
    assert not allows(market, row), what


def test_the_request_of_norway_is_for_one_time_unit_and_names_its_source() -> None:
    (request,) = [flow for flow in NORWAY.flows if "B21" in flow.types]
    assert request.types == {"B21"}
    assert request.processes == {"A47"}
    assert request.business_types == {"B75", "B90"}
    assert request.senders == {"A04"}
    assert request.receivers == {"A35"}
    assert (NORWAY.weights["RN-002"], PROJECT.weights["RN-002"]) == (Weight.REJECT, Weight.OFF)


@pytest.mark.parametrize("market", EVERY, ids=lambda market: market.name)
def test_providers_have_offers_and_no_needs(market: MarketProfile) -> None:
    providers = {"A27", "A39", "A46", "A52", "A56"}
    for flow in (flow for flow in market.flows if flow.document == BID):
        needs = flow.business_types & {"B75", "B90"}
        assert not needs or not flow.senders & providers
        assert flow.business_types in ({"B74"}, {"B75", "B90"})
        assert "B21" not in flow.types or needs


@pytest.mark.parametrize("market", EVERY, ids=lambda market: market.name)
def test_whoever_may_order_may_be_answered(market: MarketProfile) -> None:
    orders = [flow for flow in market.flows if flow.document == ORDER and "A39" in flow.types]
    answers = [flow for flow in market.flows if flow.document == ORDER and "A41" in flow.types]
    ordering = frozenset().union(*(flow.senders for flow in orders))
    ordered = frozenset().union(*(flow.receivers for flow in orders))
    assert ordering == frozenset().union(*(flow.receivers for flow in answers))
    assert ordered == frozenset().union(*(flow.senders for flow in answers))
