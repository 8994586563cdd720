"""RB-001 to RB-006: what an offer is, when it comes, its time and its size, at each bound and beyond it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.profiles.rules.cases import broken, judged, market, only, said

FIRST = "Bid_TimeSeries[1]"
POINT = f"{FIRST}/Period/Point"
QUANTITY_AT = f"/{FIRST}/Period[1]/Point[1]/quantity.quantity"
SIZE = {"A01:10WUNIT-ONE----3": {"maximum_mw": 99_999}}
"""A resource so large that no sum is too much for it."""


FIRST_ID = "1db6c922-6d64-5350-b964-fb8ce459f715"
at = datetime.fromisoformat


def quantity(text: str, series: int = 1) -> tuple[str, ...]:
    return ("set", f"Bid_TimeSeries[{series}]/Period/Point/quantity.quantity", text)


def minimum(text: str) -> tuple[str, ...]:
    return ("set", f"{POINT}/minimum_Quantity.quantity", text)


# ------------------------------------------------------------------------------------------------------------ RB-001
@pytest.mark.parametrize(
    ("document_type", "rules"),
    [("A37", []), ("B40", []), ("A24", ["GEN-010"]), ("A38", ["RB-001"]), ("A44", ["RB-001"])],
)
def test_offers_come_in_documents_for_offers(document_type: str, rules: list[str]) -> None:
    assert broken("bids", ("set", "type", document_type)) == rules


def test_a_type_that_no_bid_document_has_is_a_fault_of_the_document() -> None:
    (finding,) = judged("bids", ("set", "type", "A38")).findings
    assert (finding.rule, finding.code, finding.level, finding.subject) == ("RB-001", "A77", "document", None)
    assert (finding.expected, finding.found) == ("A24, A37, B21 or B40", "A38")


@pytest.mark.parametrize("business", ["A96", "C26", "C27", "A95", "B95"])
def test_business_of_another_reserve_is_refused_with_its_series(business: str) -> None:
    found = said("bids", ("set", f"{FIRST}/businessType", business))
    assert found == [("RB-001", "A62", f"/{FIRST}/businessType", "B74, B75 or B90", business)]


@pytest.mark.parametrize(
    ("auction", "rules"),
    [("MFRR_ENERGY_ACTIVATION_MARKET", []), ("MFRR", ["RB-001"]), ("mfrr_energy_activation_market", ["RB-001"])],
)
def test_norway_and_finland_name_their_auction(auction: str, rules: list[str]) -> None:
    steps = [("set", f"Bid_TimeSeries[{n}]/auction.mRID", "MFRR_ENERGY_ACTIVATION_MARKET") for n in (2, 3)]
    for over in ("nordic_no", "nordic_fi"):
        assert broken("bids", ("set", f"{FIRST}/auction.mRID", auction), *steps, over=over) == rules


def test_an_offer_without_auction_is_told_so_where_there_is_one() -> None:
    found = said("bids", ("drop", f"{FIRST}/auction.mRID"), terms='bids.auctions = ["MFRR", "SPOT"]')
    assert found == [("RB-001", "A77", f"/{FIRST}/auction.mRID", "MFRR or SPOT", "nothing")]


def test_a_market_that_names_no_auction_takes_any() -> None:
    assert broken("bids", ("set", f"{FIRST}/auction.mRID", "anything")) == []


# ------------------------------------------------------------------------------------------------------------ RB-002
CREATED = ("set", "createdDateTime", "2026-05-01T00:00:00Z")


@pytest.mark.parametrize(
    ("name", "now", "closed"),
    [
        ("project", "2026-06-15T09:14:59Z", []),
        ("project", "2026-06-15T09:15:00Z", [1, 2]),
        ("project", "2026-06-15T09:29:59Z", [1, 2]),
        ("project", "2026-06-15T09:30:00Z", [1, 2, 3]),
        ("mari", "2026-06-15T09:34:59Z", []),
        ("mari", "2026-06-15T09:35:00Z", [1, 2]),
        ("mari", "2026-06-15T09:50:00Z", [1, 2, 3]),
    ],
)
def test_each_offer_has_a_gate_of_its_own(name: str, now: str, closed: list[int]) -> None:
    """Two offers are for 10:00 and one for 10:15; the gate closes 45 minutes before, or 25 after MARI."""
    found = said("bids", CREATED, over=name, now=at(now))
    assert [place for rule, _, place, _, _ in found if rule == "RB-002"] == [f"/Bid_TimeSeries[{n}]" for n in closed]
    assert {rule for rule, *_ in found} <= {"RB-002"}


def test_a_gate_that_has_closed_is_named_with_the_time_of_receipt() -> None:
    found = said("bids", CREATED, now=at("2026-06-15T09:20:30Z"))
    assert [row[1:] for row in found] == [
        ("A57", f"/Bid_TimeSeries[{n}]", "receipt before gate closure at 2026-06-15T09:15Z", "2026-06-15T09:20:30Z")
        for n in (1, 2)
    ]


@pytest.mark.parametrize(
    ("days", "now", "rules"),
    [
        (30, "2026-05-15T21:59:59Z", ["RB-002"] * 3),
        (30, "2026-05-15T22:00:00Z", []),
        (7, "2026-06-07T21:59:59Z", ["RB-002"] * 3),
        (7, "2026-06-07T22:00:00Z", []),
        (0, "2026-06-14T21:59:59Z", ["RB-002"] * 3),
        (0, "2026-06-14T22:00:00Z", []),
    ],
)
def test_a_gate_opens_some_market_days_before_delivery(days: int, now: str, rules: list[str]) -> None:
    """The day of delivery, 15 June, begins at 22:00Z the evening before."""
    found = broken("bids", CREATED, terms=f"gates.opening_days = {days}", now=at(now), bids={}, orders={})
    assert found == rules


def test_without_the_time_of_receipt_no_gate_is_judged() -> None:
    report = judged("bids", CREATED, now="unknown")
    assert report.clean
    assert any("RB-002" in sentence for sentence in report.assumptions)


# --------------------------------------------------------------------------------------------------- RB-003 to RB-005
HALF = f"{FIRST}/Period/timeInterval"


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("10:00", "10:15", False),
        ("21:45", "22:00", False),
        ("10:00", "10:30", True),
        ("10:01", "10:16", True),
        ("10:05", "10:20", True),
        ("10:00", "10:14", True),
        ("10:00", "11:00", True),
    ],
)
def test_an_offer_is_for_one_quarter_hour_of_the_grid(start: str, end: str, *, wrong: bool) -> None:
    day = "2026-06-15T{}Z".format
    steps = [("set", f"{HALF}/start", day(start)), ("set", f"{HALF}/end", day(end))]
    found = only("RB-004", said("bids", *steps))
    told = ("A04", f"/{FIRST}/Period[1]/timeInterval", "one PT15M on its grid", f"{day(start)}/{day(end)}")
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize(
    ("resolution", "wrong"),
    [("PT15M", False), ("PT900S", False), ("P0Y0M0DT0H15M0.000S", False), ("PT5M", True), ("PT7M30S", True)],
)
def test_the_resolution_of_an_offer_is_a_quarter_hour_by_value(resolution: str, *, wrong: bool) -> None:
    found = only("RB-005", said("bids", ("set", f"{FIRST}/Period/resolution", resolution)))
    assert found == ([("A41", f"/{FIRST}/Period[1]/resolution", "PT15M", resolution)] if wrong else [])


def test_an_hour_is_the_unit_of_the_capacity_markets() -> None:
    steps = [("set", f"{HALF}/end", "2026-06-15T11:00Z"), ("set", f"{FIRST}/Period/resolution", "PT1H")]
    found = said("bids", *steps, terms='time_unit = "PT60M"')
    assert [row[0] for row in found if FIRST in row[2]] == []
    assert only("RB-004", found)[0][2:] == ("one PT60M on its grid", "2026-06-15T10:00Z/2026-06-15T10:15Z")


def test_a_second_point_and_a_second_period_are_counted() -> None:
    point = [("copy", POINT), ("set", f"{POINT}[2]/position", "2")]
    assert only("RB-003", said("bids", *point)) == [("A49", f"/{FIRST}/Period[1]/Point", "one Point", "2")]
    assert only("RB-003", said("bids", ("copy", f"{FIRST}/Period"))) == [("A49", f"/{FIRST}/Period", "one Period", "2")]
    assert "RB-003" not in broken("bids", *point, terms='weights.RB-003 = "off"')


# ------------------------------------------------------------------------------------------------------------ RB-006
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", None),
        ("2.000", None),
        ("9999", None),
        ("0.999", "1 to 9999 MW"),
        ("0.5", "1 to 9999 MW"),
        ("9999.001", "1 to 9999 MW"),
        ("10000", "1 to 9999 MW"),
        ("1.5", "a multiple of 1 MW"),
        ("9998.999", "a multiple of 1 MW"),
    ],
)
def test_the_project_takes_whole_megawatts_from_1_to_9999(value: str, expected: str | None) -> None:
    found = only("RB-006", said("bids", quantity(value), minimum("0"), resources=SIZE))
    assert found == ([("A42", QUANTITY_AT, expected, value)] if expected else [])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("nordic_fi_afrr", "999", None),
        ("nordic_fi_afrr", "1000", "1 to 999 MW"),
        ("fi_fcr_n", "0.1", None),
        ("fi_fcr_n", "5", None),
        ("fi_fcr_n", "5.1", "0.1 to 5 MW"),
        ("fi_fcr_n", "0.09", "0.1 to 5 MW"),
        ("fi_fcr_n", "0.15", "a multiple of 0.1 MW"),
        ("fi_fcr_d", "1", None),
        ("fi_fcr_d", "10", None),
        ("fi_fcr_d", "0.9", "1 to 10 MW"),
        ("fi_fcr_d", "10.1", "1 to 10 MW"),
        ("fi_ffr", "0.1", None),
        ("fi_ffr", "0.35", "a multiple of 0.1 MW"),
    ],
)
def test_other_markets_have_other_sizes(name: str, value: str, expected: str | None) -> None:
    found = only("RB-006", said("bids", quantity(value), **market(name)))
    assert [row for row in found if row[1] == QUANTITY_AT] == (
        [("A42", QUANTITY_AT, expected, value)] if expected else []
    )


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("10", "10", []),
        ("5", "10", []),
        ("9", "10", []),
        ("10", "5", []),
        ("5", "9", [2]),
        ("4", "5", [1]),
        ("4", "4", [1, 2]),
        ("9.5", "10", [1]),
    ],
)
def test_norway_takes_one_small_bid_per_area_direction_and_time(first: str, second: str, refused: list[int]) -> None:
    steps = [quantity(first), minimum("0"), quantity(second, 2)]
    found = only("RB-006", said("bids", *steps, over="nordic_no"))
    assert [place for _, place, _, _ in found] == [
        f"/Bid_TimeSeries[{n}]/Period[1]/Point[1]/quantity.quantity" for n in refused
    ]


def test_a_small_bid_of_the_other_direction_or_time_is_another_one() -> None:
    steps = [quantity("5"), minimum("0"), quantity("5", 2), quantity("5", 3)]
    down = ("set", "Bid_TimeSeries[2]/flowDirection.direction", "A02")
    assert only("RB-006", said("bids", *steps, down, over="nordic_no")) == []
    assert len(only("RB-006", said("bids", *steps, over="nordic_no"))) == 1


def test_nothing_cancels_and_less_than_nothing_is_a_matter_of_signs() -> None:
    known = {FIRST_ID: {"start": at("2026-06-15T10:00:00Z"), "quantity_mw": 30, "product": "A07"}}
    assert broken("bids", quantity("0"), minimum("0"), bids=known) == []
    assert broken("bids", quantity("-5"), minimum("0")) == ["TS-015"]
