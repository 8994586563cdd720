"""RN-001 to RN-007: needs of reserve, in the common market and in Norway, at each bound and beyond it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

at = datetime.fromisoformat
FIRST, SECOND = "Bid_TimeSeries[1]", "Bid_TimeSeries[2]"
PRICE = f"{FIRST}/Period/Point/energy_Price.amount"


def header(start: str, end: str) -> list[Step]:
    place = "reserveBid_Period.timeInterval"
    return [("set", f"{place}/start", f"2026-06-15T{start}Z"), ("set", f"{place}/end", f"2026-06-15T{end}Z")]


# ------------------------------------------------------------------------------------------------------------ RN-001
@pytest.mark.parametrize(("business", "sound"), [("B75", True), ("B90", True), ("B74", False), ("A97", False)])
def test_a_document_of_needs_holds_needs(business: str, *, sound: bool) -> None:
    found = only("RN-001", said("needs", ("set", f"{SECOND}/businessType", business)))
    assert found == ([] if sound else [("A62", f"/{SECOND}/businessType", "B75 or B90", business)])


def test_an_elastic_need_may_be_published_as_an_offer_is() -> None:
    """Platforms publish needs in documents of type A37; the business type tells them from offers."""
    assert broken("needs", ("set", "type", "A37")) == []
    assert only("RB-003", said("needs", ("set", "type", "A37"))) == []


def test_a_need_is_no_offer_whatever_its_document_is_called() -> None:
    found = said("needs", ("set", "type", "A37"), ("set", PRICE, "120.005"), terms="bids.auctions = ['MFRR']")
    assert found == []


# ------------------------------------------------------------------------------------------------------------ RN-002
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("07:00", "07:15", None),
        ("08:00", "08:15", None),
        ("07:00", "07:30", ("one PT15M", "2026-06-15T07:00Z/2026-06-15T07:30Z")),
        ("07:00", "08:00", ("one PT15M", "2026-06-15T07:00Z/2026-06-15T08:00Z")),
        ("08:15", "08:30", ("a start by 2026-06-15T08:00Z", "2026-06-15T08:15Z")),
        ("09:00", "09:15", ("a start by 2026-06-15T08:00Z", "2026-06-15T09:00Z")),
    ],
)
@pytest.mark.parametrize("market", ["project", "nordic_no"])
def test_norway_asks_for_one_time_unit_within_two_hours(
    market: str, start: str, end: str, expected: tuple[str, str] | None
) -> None:
    """It is 06:00. The common market lets a need speak of a whole day."""
    found = only("RN-002", said("needs", *header(start, end), over=market))
    told = [("A04", "/reserveBid_Period.timeInterval", *expected)] if expected else []
    assert found == (told if market == "nordic_no" else [])


@pytest.mark.parametrize(("horizon", "rules"), [("PT1H", []), ("PT59M59S", ["RN-002"]), ("PT0S", ["RN-002"])])
def test_the_horizon_is_the_markets(horizon: str, rules: list[str]) -> None:
    terms = f'needs.horizon = "{horizon}"\nweights.RN-002 = "reject"'
    steps = [("drop", SECOND), *header("07:00", "07:15")]
    assert broken("needs", *steps, terms=terms) == rules


def test_without_a_clock_no_need_is_too_far_ahead() -> None:
    report = judged(
        "needs", ("drop", SECOND), *header("07:00", "07:15"), now="unknown", terms='weights.RN-002 = "reject"'
    )
    assert report.clean
    assert "RN-002: the need is not too far ahead" in report.assumptions


# ------------------------------------------------------------------------------------------------------------ RN-004
@pytest.mark.parametrize(
    ("market", "price", "expected"),
    [
        ("project", "15000", None),
        ("project", "-15000", None),
        ("project", "15000.01", "-15000 to 15000"),
        ("project", "-15000.01", "-15000 to 15000"),
        ("nordic_no", "10000", None),
        ("nordic_no", "10000.01", "-10000 to 10000"),
        ("nordic_no", "-10000.01", "-10000 to 10000"),
    ],
)
def test_the_limit_of_a_need_is_within_the_prices_of_the_market(market: str, price: str, expected: str | None) -> None:
    found = only("RN-004", said("needs", ("set", PRICE, price), over=market))
    place = f"/{FIRST}/Period[1]/Point[1]/energy_Price.amount"
    assert found == ([("A77", place, expected, price)] if expected else [])


def test_a_need_pays_no_price_of_capacity() -> None:
    element = ("after", f"{SECOND}/Period/Point[2]/quantity.quantity", "<price.amount>0.50</price.amount>")
    place = f"/{SECOND}/Period[1]/Point[2]/price.amount"
    assert said("needs", element) == [("RN-004", "A77", place, "no price of capacity", "0.5")]


def test_a_need_without_a_limit_is_inelastic() -> None:
    assert broken("needs", ("drop", PRICE)) == []


# ------------------------------------------------------------------------------------------------------------ RN-005
@pytest.mark.parametrize(("value", "wrong"), [("0", False), ("0.001", False), ("-0.001", True), ("-5", True)])
def test_a_need_has_no_sign(value: str, *, wrong: bool) -> None:
    place = f"{SECOND}/Period/Point[1]/quantity.quantity"
    found = said("needs", ("set", place, value))
    told = ("RN-005", "A46", f"/{SECOND}/Period[1]/Point[1]/quantity.quantity", "0 or more", value)
    assert found == ([told] if wrong else [])


def test_a_sign_is_told_with_its_quarter_hour() -> None:
    (found,) = judged("needs", ("set", f"{SECOND}/Period/Point[2]/quantity.quantity", "-3")).findings
    assert (found.level, str(found.interval)) == ("interval", "2026-06-15T07:15Z/2026-06-15T07:30Z")


@pytest.mark.parametrize(("direction", "wrong"), [("A01", False), ("A02", False), ("A03", True), ("A04", True)])
@pytest.mark.parametrize("kind", ["B21", "A37"])
def test_a_need_is_up_or_down(kind: str, direction: str, *, wrong: bool) -> None:
    place = f"{FIRST}/flowDirection.direction"
    found = said("needs", ("set", "type", kind), ("set", place, direction))
    assert found == ([("RN-005", "A46", f"/{place}", "A01 or A02", direction)] if wrong else [])


def test_a_need_called_an_offer_has_its_sign_judged_as_one() -> None:
    steps = [("set", "type", "A37"), ("set", f"{FIRST}/Period/Point/quantity.quantity", "-1")]
    assert broken("needs", *steps) == ["TS-015"]


# ------------------------------------------------------------------------------------------------------------ RN-006
@pytest.mark.parametrize(
    ("market", "now", "wrong"),
    [
        ("project", "2026-06-15T06:44:59Z", False),
        ("project", "2026-06-15T06:45:00Z", True),
        ("project", "2026-06-15T06:45:01Z", True),
        ("mari", "2026-06-15T06:47:59Z", False),
        ("mari", "2026-06-15T06:48:00Z", True),
    ],
)
def test_needs_come_before_the_gate_of_the_operators(market: str, now: str, *, wrong: bool) -> None:
    closed = "2026-06-15T06:45Z" if market == "project" else "2026-06-15T06:48Z"
    received = f"{now[:16]}Z" if now[17:19] == "00" else now
    told = ("A57", "/", f"receipt before gate closure at {closed}", received)
    assert only("RN-006", said("needs", now=at(now), over=market)) == ([told] if wrong else [])


@pytest.mark.parametrize(("open_", "rules"), [("true", []), ("false", ["RN-006"])])
def test_the_instant_of_closure_is_in_time_where_the_market_says_so(open_: str, rules: list[str]) -> None:
    now = at("2026-06-15T06:45:00Z")
    assert broken("needs", now=now, terms=f"gates.boundary_open = {open_}") == rules
    assert broken("needs", now=at("2026-06-15T06:45:01Z"), terms=f"gates.boundary_open = {open_}") == ["RN-006"]


def test_the_earliest_need_of_a_document_sets_the_gate() -> None:
    place = f"{FIRST}/Period/timeInterval"
    steps = [("set", f"{place}/start", "2026-06-15T07:15Z"), ("set", f"{place}/end", "2026-06-15T07:30Z")]
    now = at("2026-06-15T06:50:00Z")
    assert [row[3][-17:] for row in said("needs", *steps, now=now)] == ["2026-06-15T06:45Z"]
    assert broken("needs", *steps, ("drop", SECOND), now=now) == []


# ------------------------------------------------------------------------------------------------------------ RN-007
@pytest.mark.parametrize(("role", "wrong"), [("A50", True), ("A49", False), ("A04", False)])
@pytest.mark.parametrize("series", [1, 2])
def test_a_distribution_operator_says_where_it_needs(role: str, series: int, *, wrong: bool) -> None:
    place = f"Bid_TimeSeries[{series}]/registeredResource.mRID"
    found = said("needs", ("set", "sender_MarketParticipant.marketRole.type", role), ("drop", place))
    assert found == ([("RN-007", "A69", f"/{place}", "a feeder or an interface", "nothing")] if wrong else [])


# --------------------------------------------------------------------------------------------------------- in Norway
def request(sender: str = "A04", receiver: str = "A35") -> list[Step]:
    """Return the steps that make the valid document an mFRR request of a Nordic system operator."""
    return [
        ("drop", SECOND),
        *header("07:00", "07:15"),
        ("set", "sender_MarketParticipant.marketRole.type", sender),
        ("set", "receiver_MarketParticipant.marketRole.type", receiver),
    ]


def test_norway_takes_the_needs_of_its_operators() -> None:
    assert broken("needs", *request(), over="nordic_no") == []
    assert broken("needs", *request(), ("set", f"{FIRST}/businessType", "B90"), over="nordic_no") == []


@pytest.mark.parametrize(
    ("sender", "receiver", "rules"),
    [("A50", "A35", ["GEN-007"]), ("A04", "A34", ["GEN-008"]), ("A49", "A11", ["GEN-007", "GEN-008"])],
)
def test_norway_takes_needs_from_operators_for_the_merit_order_list(
    sender: str, receiver: str, rules: list[str]
) -> None:
    assert broken("needs", *request(sender, receiver), over="nordic_no") == rules


def test_norway_takes_no_needs_in_documents_for_offers() -> None:
    steps = [*request("A46", "A34"), ("set", "type", "A37")]
    assert said("needs", *steps, over="nordic_no") == [("RN-001", "A62", f"/{FIRST}/businessType", "B74", "B75")]
