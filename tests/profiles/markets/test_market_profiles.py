"""A market is a file: read in full or as a difference, and refused with a hint where a key or value is wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.errors import Misconfigured
from gateway.time import Resolution
from profiles import codes, markets
from profiles.markets import AcknowledgementStyle, HeaderSpan, MarketProfile, Obligation, Revisions, Weight
from profiles.registry import EDITIONS

EVERY = [markets.load(name) for name in markets.names()]


def test_markets_are_found_by_their_files() -> None:
    assert markets.names() == ("mari", "nordic_fi", "nordic_fi_afrr", "nordic_no", "project")


def test_the_project_market_is_the_common_denominator() -> None:
    market = markets.load("project")
    assert market.acknowledgement is AcknowledgementStyle.DETAILED
    assert market.overlay is None
    assert market.time_unit == Resolution.parse("PT15M")
    assert market.time_unit_length == timedelta(minutes=15)
    assert market.header.span is HeaderSpan.WITHIN_DAY
    assert market.header.revisions is Revisions.ALWAYS_ONE
    assert market.header.stale_after is None
    assert market.header.max_series == 4000
    assert (market.gates.opening_days, market.gates.bid_closure) == (30, timedelta(minutes=45))
    assert market.gates.need_closure == timedelta(minutes=15)
    bids = market.bids
    assert (bids.minimum_mw, bids.maximum_mw, bids.step_mw) == (Decimal(1), Decimal(9999), Decimal(1))
    assert (bids.price_floor, bids.price_cap, bids.price_step) == (Decimal(-15000), Decimal(15000), Decimal("0.01"))
    assert bids.minimum_quantity is Obligation.REQUIRED
    assert bids.full_activation_time == timedelta(minutes=12, seconds=30)
    assert bids.small_bid_mw is None


def test_the_norwegian_market_tells_only_its_differences() -> None:
    project, norway = markets.load("project"), markets.load("nordic_no")
    assert norway.acknowledgement is AcknowledgementStyle.NORDIC
    assert norway.overlay == "nbm"
    assert (norway.bids.minimum_mw, norway.bids.small_bid_mw) == (Decimal(10), Decimal(5))
    assert (norway.bids.price_floor, norway.bids.price_cap) == (Decimal(-10000), Decimal(10000))
    assert norway.header.stale_after == timedelta(minutes=15)
    assert norway.weights["GEN-014"] is Weight.REJECT
    assert norway.weights["RN-002"] is Weight.REJECT
    assert (norway.gates, norway.needs, norway.time_zone) == (project.gates, project.needs, project.time_zone)


@pytest.mark.parametrize("market", EVERY, ids=lambda market: market.name)
def test_the_codes_of_a_market_exist(market: MarketProfile) -> None:
    def known(name: str) -> frozenset[str]:
        return codes.lookup(name, market.overlay).values

    assert market.bids.products <= known("MarketProduct")
    assert market.bids.directions <= known("Direction")
    assert market.bids.divisible <= known("Indicator")
    assert market.bids.conditions <= known("Status")
    assert {market.quantity_unit, market.price_unit} <= known("UnitOfMeasure")
    assert market.currency in known("Currency")
    terms = market.results
    assert terms.reasons | terms.order_reasons | terms.unavailable_reasons <= known("ReasonCode")
    assert set(market.availability_reasons) <= known("Business")
    assert frozenset().union(*market.availability_reasons.values()) <= known("ReasonCode")


@pytest.mark.parametrize("market", EVERY, ids=lambda market: market.name)
def test_the_rows_of_a_market_name_documents_and_codes_that_exist(market: MarketProfile) -> None:
    roots = {edition.root for edition in EDITIONS}
    columns = {
        "types": "Message",
        "processes": "Process",
        "business_types": "Business",
        "senders": "Role",
        "receivers": "Role",
    }
    assert market.flows
    for row in market.flows:
        assert row.document in roots
        for column, name in columns.items():
            assert getattr(row, column), (row.document, column)
            assert getattr(row, column) <= codes.lookup(name, market.overlay).values, (row.document, column)


def test_a_market_can_be_told_in_a_text() -> None:
    market = markets.read(
        """
        based_on = "nordic_no"
        title = "a trial"
        [bids]
        price_cap = 5000.5
        portfolio_limit_mw = 2000
        [weights]
        RB-003 = "warn"
        """,
        "trial",
    )
    assert (market.name, market.title) == ("trial", "a trial")
    assert (market.bids.price_cap, market.bids.price_floor) == (Decimal("5000.5"), Decimal(-10000))
    assert market.bids.portfolio_limit_mw == 2000
    assert market.weights == {
        "GEN-012": Weight.WARN,
        "RN-002": Weight.REJECT,
        "GEN-014": Weight.REJECT,
        "RB-003": Weight.WARN,
    }


def test_a_list_replaces_the_list_it_differs_from() -> None:
    market = markets.read('based_on = "project"\nbids.products = ["A05"]\n', "trial")
    assert market.bids.products == {"A05"}


def test_a_market_is_read_once() -> None:
    assert markets.load("project") is markets.load("project")


@pytest.mark.parametrize(
    ("text", "path", "hint"),
    [
        ("bids.minimum_mv = 3", "trial.bids.minimum_mv", "did you mean minimum_mw?"),
        ("titel = 'x'", "trial.titel", "did you mean title?"),
        ("zebra = 1", "trial.zebra", "a known key"),
        ("name = 'x'", "trial.name", "named by its file"),
        ("bids.minimum_mw = '3'", "trial.bids.minimum_mw", "a number"),
        ("bids.minimum_mw = true", "trial.bids.minimum_mw", "a number"),
        ("bids.energy_priced = 1", "trial.bids.energy_priced", "true or false"),
        ("bids = 3", "trial.bids", "a table"),
        ("bids.products = 'A05'", "trial.bids.products", "a list"),
        ("bids.products = [5]", "trial.bids.products[1]", "a text"),
        ("header.max_series = 1.5", "trial.header.max_series", "a whole number"),
        ("header.max_series = false", "trial.header.max_series", "a whole number"),
        ("header.span = 'a_day'", "trial.header.span", "did you mean exact_day?"),
        ("weights.RB-003 = 'rejct'", "trial.weights.RB-003", "did you mean reject?"),
        ("weights = ['RB-003']", "trial.weights", "a table"),
        ("availability_reasons = 3", "trial.availability_reasons", "a table"),
        ("acknowledgement = 'nordik'", "trial.acknowledgement", "did you mean nordic?"),
        ("time_unit = '15 minutes'", "trial.time_unit", "a duration"),
        ("gates.bid_closure = 'P1D'", "trial.gates.bid_closure", "a duration such as PT45M"),
        ("gates.bid_closure = 45", "trial.gates.bid_closure", "a duration"),
        ("time_zone = 'Europe/Atlantis'", "trial.time_zone", "IANA"),
        ("time_zone = '/etc/passwd'", "trial.time_zone", "IANA"),
        ("flows = [{ document = 'x' }]", "trial.flows[1].types", "a value"),
        ("title = ", "trial", "TOML"),
    ],
)
def test_what_is_wrong_in_a_market_is_refused_with_its_place(text: str, path: str, hint: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        markets.read(f'based_on = "project"\n{text}\n', "trial")
    assert refusal.value.path == path
    assert hint in refusal.value.expected


def test_a_market_told_in_full_needs_every_value() -> None:
    with pytest.raises(Misconfigured) as refusal:
        markets.read('title = "x"', "trial")
    assert (refusal.value.path, refusal.value.found) == ("trial.acknowledgement", "nothing")


@pytest.mark.parametrize(("name", "hint"), [("projct", "did you mean project?"), ("../project", ""), ("", "")])
def test_a_market_that_does_not_exist_is_refused(name: str, hint: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        markets.load(name)
    assert refusal.value.path == "market"
    assert hint in refusal.value.expected


def test_a_market_cannot_be_a_difference_to_itself() -> None:
    with pytest.raises(Misconfigured, match="based_on"):
        markets.read('based_on = "trial"', "trial")
    with pytest.raises(Misconfigured, match="market: expected one of"):
        markets.read('based_on = "nowhere"', "trial")
