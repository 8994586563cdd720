"""RB-015 to RB-019 and RB-021: offers beside registered areas and resources, and beside what they change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

ONE, TWO = "A01:10WUNIT-ONE----3", "A01:10WUNIT-TWO----P"
FIRST = "Bid_TimeSeries[1]"
FIRST_ID = "1db6c922-6d64-5350-b964-fb8ce459f715"
RESOURCE = f"{FIRST}/registeredResource.mRID"
TEN = datetime(2026, 6, 15, 10, tzinfo=UTC)


def put(series: int, tag: str, value: str) -> Step:
    return ("set", f"Bid_TimeSeries[{series}]/{tag}", value)


def quantity(series: int, text: str) -> Step:
    return put(series, "Period/Point/quantity.quantity", text)


def exclusive(*series: int, name: str = "either") -> list[Step]:
    element = f"<exclusiveBidsIdentification>{name}</exclusiveBidsIdentification>"
    return [("after", f"Bid_TimeSeries[{n}]/divisible", element) for n in series]


# ------------------------------------------------------------------------------------------------------------ RB-015
@pytest.mark.parametrize("tag", ["acquiring_Domain.mRID", "connecting_Domain.mRID"])
@pytest.mark.parametrize(
    ("area", "wrong"), [("10YNORTH-------T", False), ("10YRIVER-------S", False), ("10YSOUTH-------5", True)]
)
def test_both_areas_of_an_offer_are_known(tag: str, area: str, *, wrong: bool) -> None:
    found = said("bids", put(2, tag, area))
    told = ("RB-015", "A23", f"/Bid_TimeSeries[2]/{tag}", "a known area", f"A01:{area}")
    assert found == ([told] if wrong else [])
    assert "RB-015" not in broken("bids", put(2, tag, area), areas="unknown")


def test_an_area_under_another_scheme_is_another_area() -> None:
    step = ("attribute", f"{FIRST}/connecting_Domain.mRID", "codingScheme", "NNO")
    assert [row[4] for row in said("bids", step)] == ["NNO:10YNORTH-------T"]


def test_the_same_unknown_area_is_told_in_each_offer() -> None:
    found = only("RB-015", said("bids", *(put(n, "connecting_Domain.mRID", "10YSOUTH-------5") for n in (1, 2, 3))))
    assert [place for _, place, _, _ in found] == [f"/Bid_TimeSeries[{n}]/connecting_Domain.mRID" for n in (1, 2, 3)]


# --------------------------------------------------------------------------------------------------- RB-016 and RB-017
@pytest.mark.parametrize(
    ("registered", "subject", "named", "expected"),
    [
        ("ALPHA---F", "ALPHA---F", None, None),
        ("BETA----K", "ALPHA---F", None, ("a resource of 10XBSP-ALPHA---F", "one of 10XBSP-BETA----K")),
        ("BETA----K", "BETA----K", None, None),
        ("ALPHA---F", "BETA----K", None, ("a resource of 10XBSP-BETA----K", "one of 10XBSP-ALPHA---F")),
        ("BETA----K", "ALPHA---F", "BETA----K", None),
        ("ALPHA---F", "ALPHA---F", "BETA----K", ("a resource of 10XBSP-BETA----K", "one of 10XBSP-ALPHA---F")),
    ],
)
def test_a_resource_belongs_to_who_offers_it(
    registered: str, subject: str, named: str | None, expected: tuple[str, str] | None
) -> None:
    """That is the provider of the series where it names one, else the subject of the document."""
    provider = f"<provider_MarketParticipant.mRID codingScheme='A01'>10XBSP-{named}</provider_MarketParticipant.mRID>"
    steps: list[Step] = [("set", "subject_MarketParticipant.mRID", f"10XBSP-{subject}")]
    steps += [("after", f"{FIRST}/connecting_Domain.mRID", provider)] if named else []
    found = only("RB-016", said("bids", *steps, resources={ONE: {"provider": f"A01:10XBSP-{registered}"}}))
    mine = [row for row in found if row[1] == f"/{RESOURCE}"]
    assert mine == ([("A64", f"/{RESOURCE}", *expected)] if expected else [])


def test_without_a_subject_the_sender_offers() -> None:
    steps = [("drop", "subject_MarketParticipant.mRID"), ("drop", "subject_MarketParticipant.marketRole.type")]
    assert broken("bids", *steps) == []
    found = only("RB-016", said("bids", *steps, resources={TWO: {"provider": "A01:10XBSP-BETA----K"}}))
    assert found == [
        (
            "A64",
            "/Bid_TimeSeries[3]/registeredResource.mRID",
            "a resource of 10XBSP-ALPHA---F",
            "one of 10XBSP-BETA----K",
        )
    ]


def test_an_offer_need_not_name_a_resource() -> None:
    assert broken("bids", ("drop", RESOURCE)) == []


def test_a_resource_that_nobody_registered_is_told_by_its_scheme() -> None:
    found = said("bids", ("attribute", RESOURCE, "codingScheme", "NNO"))
    assert found == [("RB-016", "A64", f"/{RESOURCE}", "a registered resource", "NNO:10WUNIT-ONE----3")]


@pytest.mark.parametrize(
    ("reserves", "process", "expected"),
    [
        (["mFRR"], "A47", None),
        (["mFRR", "aFRR"], "A47", None),
        (["aFRR"], "A47", ("mFRR", "aFRR")),
        (["FCR", "aFRR"], "A47", ("mFRR", "FCR, aFRR")),
        ([], "A47", ("mFRR", "nothing")),
        (["mFRR"], "A51", ("aFRR", "mFRR")),
        (["aFRR"], "A51", None),
        (["mFRR"], "A52", ("FCR", "mFRR")),
        (["mFRR"], "A46", ("RR", "mFRR")),
        (["mFRR"], "A15", None),
    ],
)
def test_a_resource_is_qualified_for_the_reserve(
    reserves: list[str], process: str, expected: tuple[str, str] | None
) -> None:
    found = only(
        "RB-017", said("bids", ("set", "process.processType", process), resources={ONE: {"reserves": reserves}})
    )
    mine = [row for row in found if row[1] == f"/{RESOURCE}"]
    told = [("A68", f"/{RESOURCE}", f"a resource qualified for {expected[0]}", expected[1])] if expected else []
    assert mine == told


def test_qualification_is_optional_and_registration_is_not() -> None:
    off = 'weights.RB-017 = "off"'
    assert broken("bids", terms=off, resources={ONE: {"reserves": []}}) == []
    assert broken("bids", put(1, "registeredResource.mRID", "10WFEEDER-ONE--K"), terms=off) == ["RB-016"]
    assert broken("bids", put(1, "registeredResource.mRID", "10WFEEDER-ONE--K"), resources="unknown") == []


# ------------------------------------------------------------------------------------------------------------ RB-018
@pytest.mark.parametrize(
    ("maximum", "told"),
    [("50", None), ("51", None), ("49.999", "at most 49.999 MW together"), ("49", "at most 49 MW together")],
)
def test_the_offers_of_a_unit_do_not_exceed_it(maximum: str, told: str | None) -> None:
    """30 MW and 20 MW up at 10:00."""
    report = judged("bids", resources={ONE: {"maximum_mw": maximum}})
    place = "/ReserveBid_MarketDocument/Bid_TimeSeries[2]/Period[1]/Point[1]/quantity.quantity"
    expected = [("RB-018", "warn", place, told, "50 MW")] if told else []
    assert [(f.rule, f.severity, f.path, f.expected, f.found) for f in report.findings] == expected


def test_one_offer_alone_can_be_too_large_for_its_unit() -> None:
    found = said("bids", resources={TWO: {"maximum_mw": "11.9"}})
    assert found[0][2:] == (
        "/Bid_TimeSeries[3]/Period[1]/Point[1]/quantity.quantity",
        "at most 11.9 MW together",
        "12 MW",
    )


@pytest.mark.parametrize(
    "step",
    [put(2, "flowDirection.direction", "A02"), put(2, "registeredResource.mRID", "10WUNIT-TWO----P")],
    ids=["another direction", "another unit"],
)
def test_other_directions_and_units_are_summed_apart(step: Step) -> None:
    assert broken("bids", step, resources={ONE: {"maximum_mw": 30}}) == []


@pytest.mark.parametrize(
    ("first", "second", "maximum", "told"),
    [("30", "20", 30, None), ("20", "30", 30, None), ("20", "30", 29, "30 MW"), ("30", "20", 29, "30 MW")],
)
def test_of_an_exclusive_group_the_largest_counts(first: str, second: str, maximum: int, told: str | None) -> None:
    steps = [*exclusive(1, 2), quantity(1, first), quantity(2, second)]
    found = only("RB-018", said("bids", *steps, resources={ONE: {"maximum_mw": maximum}}))
    assert {text for *_, text in found} == ({told} if told else set())


def test_a_group_and_an_offer_beside_it_add_up() -> None:
    moved = [
        put(3, "registeredResource.mRID", "10WUNIT-ONE----3"),
        put(3, "Period/timeInterval/start", "2026-06-15T10:00Z"),
        put(3, "Period/timeInterval/end", "2026-06-15T10:15Z"),
    ]
    assert broken("bids", *exclusive(1, 2), *moved, resources={ONE: {"maximum_mw": 42}}) == []
    found = only("RB-018", said("bids", *exclusive(1, 2), *moved, resources={ONE: {"maximum_mw": 41}}))
    assert [text for *_, text in found] == ["42 MW"]


# ------------------------------------------------------------------------------------------------------------ RB-019
@pytest.mark.parametrize(
    ("limit", "told"),
    [(None, None), ("50", None), ("49.9", "at most 49.9 MW in direction A01 at 2026-06-15T10:00Z")],
)
def test_the_portfolio_keeps_to_its_limit(limit: str | None, told: str | None) -> None:
    terms = "" if limit is None else f"bids.portfolio_limit_mw = {limit}"
    found = said("bids", terms=terms)
    assert found == ([("RB-019", "A65", "/Bid_TimeSeries", told, "50 MW")] if told else [])


@pytest.mark.parametrize(("first", "wrong"), [("1980", False), ("1981", True)])
def test_finland_has_a_limit_of_2000_megawatts(first: str, *, wrong: bool) -> None:
    steps = [quantity(1, first), put(1, "Period/Point/minimum_Quantity.quantity", "0")]
    found = only("RB-019", said("bids", *steps, over="nordic_fi"))
    told = ("A65", "/Bid_TimeSeries", "at most 2000 MW in direction A01 at 2026-06-15T10:00Z", "2001 MW")
    assert found == ([told] if wrong else [])


def test_each_direction_and_time_has_the_limit_to_itself() -> None:
    steps = [put(2, "flowDirection.direction", "A02")]
    assert broken("bids", *steps, terms="bids.portfolio_limit_mw = 30") == []
    found = said("bids", *steps, terms="bids.portfolio_limit_mw = 11")
    assert [(row[3], row[4]) for row in found] == [
        ("at most 11 MW in direction A01 at 2026-06-15T10:00Z", "30 MW"),
        ("at most 11 MW in direction A02 at 2026-06-15T10:00Z", "20 MW"),
        ("at most 11 MW in direction A01 at 2026-06-15T10:15Z", "12 MW"),
    ]


# ------------------------------------------------------------------------------------------------------------ RB-021
def accepted(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    return {FIRST_ID: {"start": TEN, "quantity_mw": 30, "product": "A07", "resource": ONE} | changes}


def test_an_update_may_change_quantity_price_and_minimum() -> None:
    steps = [
        quantity(1, "25"),
        put(1, "Period/Point/energy_Price.amount", "1"),
        put(1, "Period/Point/minimum_Quantity.quantity", "5"),
    ]
    assert broken("bids", *steps, bids=accepted()) == []


@pytest.mark.parametrize(
    ("changes", "place", "expected", "found"),
    [
        (
            {"start": datetime(2026, 6, 15, 10, 15, tzinfo=UTC)},
            "Period[1]/timeInterval",
            "2026-06-15T10:15Z/2026-06-15T10:30Z",
            "2026-06-15T10:00Z",
        ),
        ({"resource": TWO}, "registeredResource.mRID", "10WUNIT-TWO----P", "10WUNIT-ONE----3"),
        (
            {"product": "A05"},
            "standard_MarketProduct.marketProductType",
            "A05, the product it was accepted with",
            "A07",
        ),
    ],
)
def test_an_update_keeps_time_resource_and_product(
    changes: dict[str, Any], place: str, expected: str, found: str
) -> None:
    told = ("RB-021", "A59", f"/{FIRST}/{place}", expected, found)
    assert said("bids", bids=accepted(**changes)) == [told]


def test_what_was_not_said_then_may_be_said_now() -> None:
    unsaid = {key: value for key, value in accepted()[FIRST_ID].items() if key != "product"}
    assert broken("bids", bids={FIRST_ID: unsaid}) == []
    assert broken("bids", ("drop", RESOURCE), bids=accepted()) == []
    step = ("drop", f"{FIRST}/standard_MarketProduct.marketProductType")
    assert only("RB-021", said("bids", step, bids=accepted()))[0][3] == "nothing"


@pytest.mark.parametrize(
    ("tag", "where"),
    [
        ("exclusiveBidsIdentification", "after"),
        ("multipartBidIdentification", "after"),
        ("inclusiveBidsIdentification", "before"),
    ],
)
def test_a_simple_offer_stays_simple(tag: str, where: str) -> None:
    at = f"{FIRST}/divisible" if where == "after" else f"{FIRST}/Period"
    step = (where, at, f"<{tag}>group</{tag}>")
    told = ("RB-021", "A59", f"/{FIRST}/{tag}", "no group: the offer was a simple one", "group")
    assert said("bids", step, bids=accepted()) == [told]
    assert broken("bids", step, bids=accepted(exclusive="group")) == []


def test_an_offer_that_is_new_is_no_update() -> None:
    assert broken("bids", *exclusive(1), bids={}) == []
