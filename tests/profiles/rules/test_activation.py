"""AC-001 to AC-012: activation orders and the answers to them, at each bound and beyond it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

STATUS = "TimeSeries/marketObjectStatus.status"
ORDER, ORDER_REVISION = "order_MarketDocument.mRID", "order_MarketDocument.revisionNumber"
QUANTITY = "TimeSeries/Period/Point/quantity"
PERIOD = "TimeSeries/Period/timeInterval"
HEADER = "activation_Time_Period.timeInterval"
REASON = "<Reason><code>B59</code></Reason>"
at = datetime.fromisoformat


def order(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    """Return that the order of the valid answer was given with these terms."""
    given = {"revision": 1, "sent": at("2026-06-15T05:59:00Z"), "quantities": {"known-divisible": 25}}
    return {"order-given": given | changes}


def interval(place: str, start: str, end: str) -> list[Step]:
    return [("set", f"{place}/start", f"2026-06-15T{start}Z"), ("set", f"{place}/end", f"2026-06-15T{end}Z")]


# ------------------------------------------------------------------------------------------------------------ AC-001
@pytest.mark.parametrize(
    ("base", "status", "expected"),
    [
        ("scheduled_order", "A10", None),
        ("scheduled_order", "A07", "A10"),
        ("scheduled_order", "A11", "A10"),
        ("direct_order", "A10", None),
        ("direct_order", "A06", "A10"),
        ("answer", "A07", None),
        ("answer", "A10", "A07 or A11"),
        ("answer", "A09", "A07 or A11"),
    ],
)
def test_an_order_orders_and_an_answer_answers(base: str, status: str, expected: str | None) -> None:
    found = said(base, ("set", STATUS, status))
    assert found == (
        [("AC-001", "A77", "/TimeSeries[1]/marketObjectStatus.status", expected, status)] if expected else []
    )


def test_of_a_type_that_is_neither_no_status_is_judged() -> None:
    found = broken("scheduled_order", ("set", "type", "A96"), ("set", STATUS, "A06"))
    assert found == ["GEN-010"]


# ------------------------------------------------------------------------------------------------------------ AC-002
@pytest.mark.parametrize(
    ("steps", "place", "expected", "found"),
    [
        ([("drop", ORDER)], ORDER, "the id and revision of the order", "nothing"),
        ([("drop", ORDER_REVISION)], ORDER_REVISION, "the id and revision of the order", "nothing"),
        ([("drop", ORDER), ("drop", ORDER_REVISION)], ORDER, "the id and revision of the order", "nothing"),
        ([("set", ORDER, "never-given")], ORDER, "an order that was given", "never-given"),
        ([("set", ORDER_REVISION, "2")], ORDER_REVISION, "1", "2"),
    ],
)
def test_an_answer_names_its_order(steps: list[Step], place: str, expected: str, found: str) -> None:
    assert said("answer", *steps) == [("AC-002", "A51", f"/{place}", expected, found)]


def test_the_id_of_an_order_need_not_be_a_uuid() -> None:
    """Statnett's example has an id of 22 characters."""
    given = {"vRPUllMkQFemNLJ6LDQs1A": order()["order-given"]}
    assert broken("answer", ("set", ORDER, "vRPUllMkQFemNLJ6LDQs1A"), orders=given) == []


def test_an_answer_is_to_the_latest_revision_of_the_order() -> None:
    assert [row[3:] for row in said("answer", orders=order(revision=3))] == [("3", "1")]
    assert broken("answer", ("set", ORDER_REVISION, "3"), orders=order(revision=3)) == []


def test_where_no_orders_are_known_the_answer_is_taken_on_trust() -> None:
    report = judged("answer", ("set", ORDER, "never-given"), orders="unknown")
    assert report.clean
    assert "AC-002: the order that is answered was given" in report.assumptions


# ------------------------------------------------------------------------------------------------------------ AC-003
QUANTITY_AT = "/TimeSeries[1]/Period[1]/Point[1]/quantity"


@pytest.mark.parametrize(
    ("answered", "wrong"),
    [("25", False), ("25.000", False), ("25.001", True), ("24.999", True), ("24", True), ("0", True)],
)
def test_an_answer_repeats_the_quantity_by_value(answered: str, *, wrong: bool) -> None:
    found = said("answer", ("set", QUANTITY, answered))
    assert found == ([("AC-003", "A42", QUANTITY_AT, "25", answered)] if wrong else [])


@pytest.mark.parametrize("answered", ["0", "25", "7"])
def test_who_cannot_deliver_need_not_repeat_the_quantity(answered: str) -> None:
    steps = [("set", STATUS, "A11"), ("set", QUANTITY, answered), ("after", "TimeSeries/Period", REASON)]
    assert broken("answer", *steps) == []


@pytest.mark.parametrize(
    ("ordered", "expected"),
    [
        ({"known-divisible": 25, "second": 5}, [("/TimeSeries", "every bid of the order", "none for second")]),
        (
            {"a": 1, "b": 2, "c": 3, "d": 4},
            [
                ("/TimeSeries", "every bid of the order", "none for a, b, c and 1 more"),
                ("/TimeSeries[1]/mRID", "a bid of the order", "known-divisible"),
            ],
        ),
        ({}, [("/TimeSeries[1]/mRID", "a bid of the order", "known-divisible")]),
    ],
)
def test_an_answer_has_the_bids_of_the_order(ordered: dict[str, int], expected: list[tuple[str, str, str]]) -> None:
    given = order()["order-given"] | {"quantities": ordered}
    found = said("answer", ("set", ORDER, "another-order"), orders={"another-order": given})
    assert found == [("AC-003", "A42", *row) for row in expected]


def test_an_answer_without_a_period_repeats_no_quantity() -> None:
    assert broken("answer", ("drop", "TimeSeries/Period")) == []


@pytest.mark.parametrize(("first", "second", "wrong"), [("25", "24", []), ("24", "25", ["24"])])
def test_of_several_quantities_the_first_repeats_the_order(first: str, second: str, wrong: list[str]) -> None:
    point = f"<Point><position>2</position><quantity>{second}</quantity></Point>"
    found = only("AC-003", said("answer", ("set", QUANTITY, first), ("after", "TimeSeries/Period/Point", point)))
    assert [row[3] for row in found] == wrong


def test_an_order_repeats_no_order() -> None:
    given = {"order-scheduled": {"revision": 1, "sent": at("2026-06-15T05:50:00Z"), "quantities": {"other": 1}}}
    assert broken("scheduled_order", ("set", ORDER_REVISION, "2"), orders=given) == []


# ------------------------------------------------------------------------------------------------------------ AC-004
@pytest.mark.parametrize(
    ("within", "now", "due"),
    [
        ("PT2M", "2026-06-15T06:01:00Z", None),
        ("PT2M", "2026-06-15T06:01:01Z", "2026-06-15T06:01Z"),
        ("PT90S", "2026-06-15T06:00:30Z", None),
        ("PT90S", "2026-06-15T06:00:31Z", "2026-06-15T06:00:30Z"),
    ],
)
def test_a_late_answer_is_noted(within: str, now: str, due: str | None) -> None:
    report = judged("answer", now=at(now), terms=f'gates.answer_within = "{within}"')
    found = [(f.rule, f.severity, f.level, f.code, f.expected, f.found) for f in report.findings]
    assert found == ([("AC-004", "warn", "document", "A57", f"an answer by {due}", now)] if due else [])


# ------------------------------------------------------------------------------------------------- AC-005 and AC-006
@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("10:00", "10:15", False),
        ("10:15", "10:30", False),
        ("10:00", "10:30", True),
        ("10:00", "10:14", True),
        ("10:05", "10:20", True),
    ],
)
def test_a_scheduled_order_is_for_one_quarter_hour(start: str, end: str, *, wrong: bool) -> None:
    steps = [*interval(HEADER, "10:00", "11:00"), *interval(PERIOD, start, end)]
    found = only("AC-005", said("scheduled_order", *steps))
    told = (
        "A04",
        "/TimeSeries[1]/Period[1]/timeInterval",
        "one PT15M on its grid",
        f"2026-06-15T{start}Z/2026-06-15T{end}Z",
    )
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize("base", ["direct_order", "answer"])
def test_only_a_scheduled_order_is(base: str) -> None:
    steps = [*interval(HEADER, "10:00", "10:30"), *interval(PERIOD, "10:04", "10:30")]
    assert "AC-005" not in broken(base, *steps)


@pytest.mark.parametrize(
    ("header", "period", "resolution", "expected"),
    [
        (("10:00", "10:30"), ("10:00", "10:30"), "PT30M", None),
        (("10:00", "10:30"), ("10:09", "10:30"), "PT21M", None),
        (("10:00", "10:30"), ("10:29", "10:30"), "PT1M", None),
        (("10:00", "10:30"), ("10:09", "10:30"), "PT7M", ("resolution", "the whole length, 0:21:00", "PT7M")),
        (
            ("10:00", "10:30"),
            ("10:09", "10:29"),
            "PT20M",
            ("timeInterval", "an end at 2026-06-15T10:30Z", "2026-06-15T10:29Z"),
        ),
        (
            ("10:00", "10:45"),
            ("10:09", "10:45"),
            "PT36M",
            ("timeInterval", "a header of two time units", "2026-06-15T10:00Z/2026-06-15T10:45Z"),
        ),
        (
            ("10:00", "10:15"),
            ("10:09", "10:15"),
            "PT6M",
            ("timeInterval", "a header of two time units", "2026-06-15T10:00Z/2026-06-15T10:15Z"),
        ),
    ],
)
def test_a_direct_order_lasts_to_the_end_of_the_next_time_unit(
    header: tuple[str, str], period: tuple[str, str], resolution: str, expected: tuple[str, str, str] | None
) -> None:
    steps = [
        *interval(HEADER, *header),
        *interval(PERIOD, *period),
        ("set", "TimeSeries/Period/resolution", resolution),
    ]
    found = only("AC-006", said("direct_order", *steps))
    assert found == ([("A41", f"/TimeSeries[1]/Period[1]/{expected[0]}", *expected[1:])] if expected else [])


# ------------------------------------------------------------------------------------------------- AC-007 and AC-009
def accepted(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    bid = {"start": datetime(2026, 6, 15, 10, tzinfo=UTC), "quantity_mw": 30}
    return {"known-divisible": bid | changes}


@pytest.mark.parametrize(("product", "wrong"), [("A05", True), ("A06", False), ("A07", False), ("A01", True)])
@pytest.mark.parametrize("base", ["direct_order", "scheduled_order"])
def test_a_direct_order_is_for_a_product_for_it(base: str, product: str, *, wrong: bool) -> None:
    found = only("AC-007", said(base, bids={"known-divisible": {"product": product}}))
    told = ("A59", "/TimeSeries[1]/mRID", "a bid of product A06 or A07", product)
    assert found == ([told] if wrong and base == "direct_order" else [])


@pytest.mark.parametrize("base", ["direct_order", "scheduled_order"])
def test_an_order_is_for_a_bid_that_is_there(base: str) -> None:
    place = "/TimeSeries[1]/mRID"
    gone = said(base, bids={"known-divisible": {"available": False}})
    assert gone == [("AC-009", "B16", place, "an available bid", "known-divisible, unavailable")]
    unknown = said(base, ("set", "TimeSeries/mRID", "nobody's"))
    assert unknown == [("AC-009", "B16", place, "an accepted bid", "nobody's")]
    assert broken(base, ("set", "TimeSeries/mRID", "nobody's"), bids="unknown") == []


def test_an_answer_about_a_bid_that_is_gone_is_an_answer() -> None:
    assert broken("answer", bids={"known-divisible": {"available": False}}) == []


# ------------------------------------------------------------------------------------------------------------ AC-008
@pytest.mark.parametrize("base", ["scheduled_order", "direct_order"])
@pytest.mark.parametrize(
    ("code", "wrong"), [("B22", False), ("B49", False), ("B59", True), ("999", True), (None, True)]
)
def test_an_order_says_what_it_is_for(base: str, code: str | None, *, wrong: bool) -> None:
    step: Step = ("drop", "TimeSeries/Reason") if code is None else ("set", "TimeSeries/Reason/code", code)
    told = ("AC-008", "A69", "/TimeSeries[1]/Reason", "B22 or B49", code or "nothing")
    assert said(base, step) == ([told] if wrong else [])


def test_one_good_reason_among_others_will_do() -> None:
    other = ("after", "TimeSeries/Reason", "<Reason><code>999</code></Reason>")
    assert broken("scheduled_order", other) == []
    assert said("scheduled_order", other, ("set", "TimeSeries/Reason/code", "B59"))[0][4] in {"B59, 999", "999, B59"}


@pytest.mark.parametrize(
    ("status", "codes", "wrong"),
    [
        ("A11", ["B59"], False),
        ("A11", ["999"], False),
        ("A11", ["B49"], True),
        ("A11", [], True),
        ("A07", [], False),
        ("A07", ["B49"], False),
    ],
)
def test_a_refusal_says_why_and_a_yes_need_not(status: str, codes: list[str], *, wrong: bool) -> None:
    reasons = [("after", "TimeSeries/Period", f"<Reason><code>{code}</code></Reason>") for code in codes]
    found = said("answer", ("set", STATUS, status), *reasons)
    told = ("AC-008", "A69", "/TimeSeries[1]/Reason", "999 or B59", ", ".join(codes) or "nothing")
    assert found == ([told] if wrong else [])


def test_the_reasons_are_those_of_the_market() -> None:
    terms = 'results.order_reasons = ["B18"]\nresults.unavailable_reasons = ["B16"]'
    assert [row[3:] for row in said("scheduled_order", terms=terms)] == [("B18", "B49")]
    steps = [("set", STATUS, "A11"), ("after", "TimeSeries/Period", REASON)]
    assert [row[3:] for row in said("answer", *steps, terms=terms)] == [("B16", "B59")]
    assert broken("scheduled_order", terms="results.order_reasons = []") == []


# ------------------------------------------------------------------------------------------------------------ AC-012
@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(1, "2", None), (1, "1", "2"), (1, "3", "2"), (4, "5", None), (4, "1", "5"), (1, None, "2")],
)
def test_an_order_that_is_repeated_is_the_next_revision(before: int, now: str | None, expected: str | None) -> None:
    given = {"order-scheduled": {"revision": before, "sent": at("2026-06-15T05:50:00Z"), "quantities": {}}}
    step: Step = ("drop", ORDER_REVISION) if now is None else ("set", ORDER_REVISION, now)
    found = said("scheduled_order", step, orders=given)
    assert found == ([("AC-012", "A51", f"/{ORDER_REVISION}", expected, now or "nothing")] if expected else [])


def test_a_first_order_may_go_without_order_id() -> None:
    assert broken("scheduled_order", ("drop", ORDER), ("drop", ORDER_REVISION)) == []
    assert broken("scheduled_order", ("set", ORDER, "another"), orders=order()) == []
