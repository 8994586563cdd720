"""The terms that are published for each market, one by one, as the guides of the operators print them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from profiles import markets
from profiles.markets import AcknowledgementStyle, Revisions, Weight

TERMS = {
    # market: opening (days), gate (min), activation (min), least MW, most MW, price limit, series
    "project": (30, 45, "12.5", 1, 9999, 15000, 4000),
    "nordic_no": (30, 45, "12.5", 10, 9999, 10000, 4000),
    "nordic_fi": (30, 45, "12.5", 1, 9999, 10000, 2000),
    "nordic_fi_afrr": (7, 25, "5", 1, 999, 15000, 2000),
    "mari": (30, 25, "12.5", 1, 9999, 15000, 4000),
}
OFFERS = {
    # market: processes, business types, senders, receivers of the first row of offers; products; divisible
    "nordic_no": ("A47", "B74", "A46", "A34", "A05 A07 Z01", "A01 A02"),
    "nordic_fi": ("A47", "B74", "A39 A46", "A34", "A05 A07", "A01 A02"),
    "nordic_fi_afrr": ("A51", "B74", "A39 A46", "A04", "A01", "A01"),
    "mari": ("A47", "B74", "A39 A46", "A34", "A05 A07", "A01 A02"),
}


def test_every_market_has_its_terms_here() -> None:
    assert set(TERMS) == set(markets.names())


@pytest.mark.parametrize(("name", "terms"), TERMS.items(), ids=TERMS)
def test_gates_and_limits_are_the_published_ones(name: str, terms: tuple[int, int, str, int, int, int, int]) -> None:
    market = markets.load(name)
    assert (
        market.gates.opening_days,
        market.gates.bid_closure,
        market.bids.full_activation_time,
        market.bids.minimum_mw,
        market.bids.maximum_mw,
        market.bids.price_cap,
        market.header.max_series,
    ) == (terms[0], timedelta(minutes=terms[1]), timedelta(minutes=float(terms[2])), *map(Decimal, terms[3:]))
    assert market.bids.price_floor == -Decimal(terms[5])
    assert (market.bids.step_mw, market.bids.price_step) == (Decimal(1), Decimal("0.01"))


@pytest.mark.parametrize(("name", "row"), OFFERS.items(), ids=OFFERS)
def test_offers_go_from_providers_to_the_operator(name: str, row: tuple[str, ...]) -> None:
    market = markets.load(name)
    offers = market.flows[0]
    assert (offers.document, offers.types) == ("ReserveBid_MarketDocument", frozenset({"A37"}))
    found = (offers.processes, offers.business_types, offers.senders, offers.receivers)
    assert (*found, market.bids.products, market.bids.divisible) == tuple(frozenset(words.split()) for words in row)


def test_finland_differs_from_norway_in_what_its_guide_says() -> None:
    finland, norway = markets.load("nordic_fi"), markets.load("nordic_no")
    assert (finland.bids.portfolio_limit_mw, norway.bids.portfolio_limit_mw) == (Decimal(2000), None)
    assert (finland.bids.small_bid_mw, norway.bids.small_bid_mw) == (None, Decimal(5))
    assert (finland.header.stale_after, norway.header.stale_after) == (None, timedelta(minutes=15))
    assert finland.acknowledgement is norway.acknowledgement is AcknowledgementStyle.NORDIC
    assert finland.overlay == norway.overlay == "nbm"


def test_the_automatic_reserve_of_finland_keeps_what_is_not_its_own() -> None:
    automatic, manual = markets.load("nordic_fi_afrr"), markets.load("nordic_fi")
    assert automatic.weights == manual.weights
    assert automatic.bids.portfolio_limit_mw == manual.bids.portfolio_limit_mw
    assert automatic.bids.auctions == frozenset()
    assert {flow.document for flow in automatic.flows} == {
        "ReserveBid_MarketDocument",
        "ReserveAllocationResult_MarketDocument",
        "BidAvailability_MarketDocument",
    }


def test_at_the_platform_revisions_ascend_and_needs_are_due_twelve_minutes_before() -> None:
    platform = markets.load("mari")
    assert platform.header.revisions is Revisions.ASCENDING
    assert platform.gates.need_closure == platform.gates.capacity_closure == timedelta(minutes=12)
    assert platform.acknowledgement is AcknowledgementStyle.DETAILED
    assert platform.weights["RN-002"] is Weight.REJECT
    (row,) = [flow for flow in platform.flows if "B21" in flow.types]
    assert row.senders == {"A04", "A49", "A50"}
    assert row.receivers == {"A11", "A35"}
