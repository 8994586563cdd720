"""RB-022, RB-025 to RB-028 and RB-042: what the members of a group of offers have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, market, only, said

IDS = (
    "1db6c922-6d64-5350-b964-fb8ce459f715",
    "9119357a-3228-5c08-b3a9-369cac43c7f0",
    "15656fc3-66ff-5a3c-b2e3-9b193f0c8b7a",
)
TAGS = {
    "exclusive": "exclusiveBidsIdentification",
    "multipart": "multipartBidIdentification",
    "inclusive": "inclusiveBidsIdentification",
}
RULES = {"exclusive": "RB-026", "multipart": "RB-027", "inclusive": "RB-028"}
SECOND = "Bid_TimeSeries[2]"


def group(kind: str, *members: int, name: str = "group") -> list[Step]:
    """Return the steps that put offers into a group; the inclusive id stands further back in the series."""
    element = f"<{TAGS[kind]}>{name}</{TAGS[kind]}>"
    before = [("before", f"Bid_TimeSeries[{n}]/Period", element) for n in members]
    after = [("after", f"Bid_TimeSeries[{n}]/divisible", element) for n in members]
    return [*(before if kind == "inclusive" else after)]


def put(series: int, tag: str, value: str) -> Step:
    return ("set", f"Bid_TimeSeries[{series}]/{tag}", value)


def alike() -> list[Step]:
    """Return the steps by which the second offer has the price of the first."""
    return [put(2, "Period/Point/energy_Price.amount", "45.50")]


def chain(series: int, name: str) -> Step:
    """Return the step that gives an offer a technical link; it stands before the group."""
    return (
        "after",
        f"Bid_TimeSeries[{series}]/divisible",
        f"<linkedBidsIdentification>{name}</linkedBidsIdentification>",
    )


def condition(series: int, target: str = "earlier") -> list[Step]:
    link = f"<Linked_BidTimeSeries><mRID>{target}</mRID><status><value>A55</value></status></Linked_BidTimeSeries>"
    return [put(series, "status/value", "A65"), ("after", f"Bid_TimeSeries[{series}]/Period", link)]


def known(name: str = "earlier", hour: int = 9, minute: int = 45, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    return {name: {"start": datetime(2026, 6, 15, hour, minute, tzinfo=UTC), "quantity_mw": 10, **more}}


# ------------------------------------------------------------------------------------- what must agree, kind by kind
DIFFERENCES: dict[str, tuple[Step, str, str]] = {
    "product": (
        put(2, "standard_MarketProduct.marketProductType", "A05"),
        "standard_MarketProduct.marketProductType",
        "A05",
    ),
    "area": (put(2, "connecting_Domain.mRID", "10YRIVER-------S"), "connecting_Domain.mRID", "10YRIVER-------S"),
    "link": (chain(2, "unit"), "linkedBidsIdentification", "unit"),
    "direction": (put(2, "flowDirection.direction", "A02"), "flowDirection.direction", "A02"),
}
"""How the second offer is made to differ from the first, where that is told, and as what."""

MAY_DIFFER = {("exclusive", "direction")}
"""Statnett's example of an exclusive group has bids of both directions."""


@pytest.mark.parametrize("kind", TAGS)
@pytest.mark.parametrize("what", DIFFERENCES)
def test_the_members_of_a_group_agree(kind: str, what: str) -> None:
    step, place, told = DIFFERENCES[what]
    price = alike() if kind == "inclusive" else []
    found = only(RULES[kind], said("bids", *group(kind, 1, 2), *price, step))
    wrong = ("A59", f"/{SECOND}/{place}", f"the same as in series 1 of the {kind} group", told)
    assert found == ([] if (kind, what) in MAY_DIFFER else [wrong])


@pytest.mark.parametrize("kind", TAGS)
def test_the_members_of_a_group_are_of_one_time(kind: str) -> None:
    price = [put(n, "Period/Point/energy_Price.amount", "1") for n in (1, 3)] if kind == "inclusive" else []
    found = only(RULES[kind], said("bids", *group(kind, 1, 3), *price))
    place, expected = "/Bid_TimeSeries[3]/Period[1]/timeInterval", f"the same as in series 1 of the {kind} group"
    assert found == [("A59", place, expected, "2026-06-15T10:15Z")]


@pytest.mark.parametrize("kind", TAGS)
def test_a_group_that_agrees_is_sound(kind: str) -> None:
    assert broken("bids", *group(kind, 1, 2), *(alike() if kind == "inclusive" else [])) == []


@pytest.mark.parametrize("kind", TAGS)
def test_a_member_without_the_link_of_the_others_lacks_it(kind: str) -> None:
    price = alike() if kind == "inclusive" else []
    found = only(RULES[kind], said("bids", *group(kind, 1, 2), *price, chain(1, "unit")))
    expected = f"the same as in series 1 of the {kind} group"
    assert found == [("A59", f"/{SECOND}/linkedBidsIdentification", expected, "nothing")]


@pytest.mark.parametrize("kind", TAGS)
def test_two_groups_of_one_kind_have_nothing_to_do_with_each_other(kind: str) -> None:
    steps = [*group(kind, 1), *group(kind, 2, name="other"), put(2, "connecting_Domain.mRID", "10YRIVER-------S")]
    assert only(RULES[kind], said("bids", *steps)) == []


# ------------------------------------------------------------------------------------------------ conditional links
@pytest.mark.parametrize("kind", ["exclusive", "multipart"])
def test_a_member_of_an_exclusive_or_multipart_group_has_no_condition(kind: str) -> None:
    found = said("bids", *group(kind, 1, 2), *condition(2), bids=known())
    assert found == [(RULES[kind], "A59", f"/{SECOND}/Linked_BidTimeSeries[1]", "no conditional link", "earlier")]


def test_the_members_of_an_inclusive_group_have_the_same_conditions() -> None:
    steps = [*group("inclusive", 1, 2), *alike()]
    both = broken("bids", *steps, *condition(1), *condition(2), bids=known())
    assert both == []
    one = only("RB-028", said("bids", *steps, *condition(1), bids=known()))
    expected = "the same as in series 1 of the inclusive group"
    assert one == [("A59", f"/{SECOND}/Linked_BidTimeSeries", expected, "nothing")]
    other = only(
        "RB-028", said("bids", *steps, *condition(1), *condition(2, "another"), bids=known() | known("another"))
    )
    assert other == [("A59", f"/{SECOND}/Linked_BidTimeSeries", expected, "another under A55")]


# ----------------------------------------------------------------------------------------------------------- prices
@pytest.mark.parametrize(
    ("price", "multipart", "inclusive"),
    [("45.50", True, False), ("45.5", True, False), ("45.51", False, True), ("-45.50", False, True)],
)
def test_price_steps_differ_and_inclusive_prices_are_one(price: str, *, multipart: bool, inclusive: bool) -> None:
    step = put(2, "Period/Point/energy_Price.amount", price)
    place, text = f"/{SECOND}/Period[1]/Point[1]/energy_Price.amount", price.removesuffix("0")
    steps = only("RB-027", said("bids", *group("multipart", 1, 2), step))
    assert steps == ([("A59", place, "another price than series 1", text)] if multipart else [])
    one = only("RB-028", said("bids", *group("inclusive", 1, 2), step))
    expected = "the same as in series 1 of the inclusive group"
    assert one == ([("A59", place, expected, text)] if inclusive else [])


def test_steps_without_a_price_are_no_steps_of_one_price() -> None:
    steps = [("drop", f"Bid_TimeSeries[{n}]/Period/Point/energy_Price.amount") for n in (1, 2)]
    assert broken("bids", *group("multipart", 1, 2), *steps) == ["RB-007", "RB-007"]


def test_in_a_capacity_market_the_price_of_capacity_is_meant() -> None:
    prices = [
        ("after", "Bid_TimeSeries[1]/Period/Point/minimum_Quantity.quantity", "<price.amount>7</price.amount>"),
        ("after", "Bid_TimeSeries[2]/Period/Point/quantity.quantity", "<price.amount>7.0</price.amount>"),
    ]
    found = only("RB-027", said("bids", *group("multipart", 1, 2), *prices, terms="bids.energy_priced = false"))
    assert found == [("A59", f"/{SECOND}/Period[1]/Point[1]/price.amount", "another price than series 1", "7")]


# --------------------------------------------------------------------------------------------- sums of inclusive groups
@pytest.mark.parametrize(
    ("first", "second", "step", "total"),
    [
        ("10.25", "19.75", "1", None),
        ("10.25", "19.74", "1", "29.99"),
        ("0.01", "0.99", "1", None),
        ("0.01", "0.98", "1", "0.99"),
        ("10", "20.5", "0.5", None),
        ("10", "20.25", "0.5", "30.25"),
        ("12", "18", "5", None),
        ("12", "17", "5", "29"),
    ],
)
def test_the_sum_of_an_inclusive_group_is_on_the_step(first: str, second: str, step: str, total: str | None) -> None:
    steps = [
        *group("inclusive", 1, 2),
        *alike(),
        put(1, "Period/Point/quantity.quantity", first),
        put(1, "Period/Point/minimum_Quantity.quantity", "0"),
        put(2, "Period/Point/quantity.quantity", second),
    ]
    found = only("RB-028", said("bids", *steps, terms=f"bids.step_mw = {step}"))
    place, expected = (
        "/Bid_TimeSeries[1]/inclusiveBidsIdentification",
        f"a sum of the group that is a multiple of {step} MW",
    )
    assert found == ([("A59", place, expected, total)] if total else [])


@pytest.mark.parametrize(("part", "wrong"), [("10.25", False), ("0.25", False), ("10.255", True)])
def test_parts_of_an_inclusive_group_have_a_step_of_their_own(part: str, *, wrong: bool) -> None:
    steps = [*group("inclusive", 1, 2), *alike(), put(2, "Period/Point/quantity.quantity", part)]
    found = only("RB-006", said("bids", *steps))
    place = f"/{SECOND}/Period[1]/Point[1]/quantity.quantity"
    assert found == ([("A42", place, "a multiple of 0.01 MW", part)] if wrong else [])


# ------------------------------------------------------------------------------------------------------------ RB-025
@pytest.mark.parametrize(
    ("kinds", "place"),
    [
        (("exclusive", "multipart"), "multipartBidIdentification"),
        (("exclusive", "inclusive"), "inclusiveBidsIdentification"),
        (("multipart", "inclusive"), "inclusiveBidsIdentification"),
    ],
)
def test_an_offer_is_in_one_group_only(kinds: tuple[str, str], place: str) -> None:
    steps = [step for kind in sorted(kinds) for step in group(kind, 3)]
    assert said("bids", *steps) == [("RB-025", "A77", f"/Bid_TimeSeries[3]/{place}", "one group at most", "2 groups")]


def test_three_groups_are_counted() -> None:
    steps = [step for kind in ("exclusive", "multipart", "inclusive") for step in group(kind, 3)]
    ((*_, found),) = only("RB-025", said("bids", *steps))
    assert found == "3 groups"


# ------------------------------------------------------------------------------------------------------------ RB-022
def accepted(*series: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    return {IDS[n - 1]: known(hour=10, minute=0, product="A07", **more)["earlier"] for n in series}


@pytest.mark.parametrize("kind", TAGS)
@pytest.mark.parametrize(("zeros", "wrong"), [((), []), ((1,), [1]), ((2,), [2]), ((1, 2), [])])
def test_a_group_is_cancelled_whole_or_not_at_all(kind: str, zeros: tuple[int, ...], wrong: list[int]) -> None:
    steps = [*group(kind, 1, 2), *(alike() if kind == "inclusive" else [])]
    steps += [put(n, "Period/Point/quantity.quantity", "0") for n in zeros]
    steps += [put(1, "Period/Point/minimum_Quantity.quantity", "0")] if 1 in zeros else []
    found = only(
        "RB-022",
        said("bids", *steps, bids=accepted(1, 2)),
    )
    assert found == [
        (
            "A59",
            f"/Bid_TimeSeries[{n}]/Period[1]/Point[1]/quantity.quantity",
            "0 for a whole group",
            "0 for this series alone",
        )
        for n in wrong
    ]


def test_what_was_never_accepted_cannot_be_cancelled() -> None:
    step = put(2, "Period/Point/quantity.quantity", "0")
    place, expected = f"/{SECOND}/Period[1]/Point[1]/quantity.quantity", "0 for an offer that was accepted"
    assert said("bids", step) == [("RB-022", "A59", place, expected, "0 for this series alone")]
    assert broken("bids", step, bids=accepted(2)) == []
    assert broken("bids", step, bids="unknown") == []


# ------------------------------------------------------------------------------------------------------------ RB-042
def combined(*types: str) -> list[Step]:
    """Return the steps that make the first offers an exclusive group of these business types."""
    numbers = range(1, len(types) + 1)
    return [
        *group("exclusive", *numbers),
        *(put(n, "businessType", kind) for n, kind in zip(numbers, types, strict=True)),
    ]


@pytest.mark.parametrize("reserve", ["C26", "C27"])
def test_fast_and_slow_reserve_combine_one_to_one(reserve: str) -> None:
    steps = [*combined("Z85", reserve), put(2, "Period/Point/quantity.quantity", "30")]
    found = said("bids", *steps, **market("fi_ffr"))
    assert only("RB-042", found) == []
    assert only("RB-026", found) == []


def test_a_combination_is_of_one_quantity_and_time() -> None:
    two = only("RB-042", said("bids", *combined("Z85", "C27"), **market("fi_ffr")))
    expected = "the same as in series 1 of the combination"
    assert two == [("A59", f"/{SECOND}/Period[1]/Point[1]/quantity.quantity", expected, "20")]
    three = only("RB-042", said("bids", *combined("Z85", "C27", "C27"), **market("fi_ffr")))
    assert [(place.split("/", 2)[1], want, got) for _, place, want, got in three] == [
        (SECOND, expected, "20"),
        ("Bid_TimeSeries[3]", "one offer of each", "3 offers"),
        ("Bid_TimeSeries[3]", expected, "2026-06-15T10:15Z"),
        ("Bid_TimeSeries[3]", expected, "12"),
    ]


@pytest.mark.parametrize("types", [("Z85", "Z85"), ("C26", "C27"), ("B74", "B74")])
def test_any_other_exclusive_group_is_no_combination(types: tuple[str, str]) -> None:
    assert only("RB-042", said("bids", *combined(*types), **market("fi_ffr"))) == []
