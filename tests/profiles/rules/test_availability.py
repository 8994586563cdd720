"""BA-001 to BA-008: statements that a bid is unavailable or capped, at each bound and beyond it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

FIRST, SECOND = "BidTimeSeries[1]", "BidTimeSeries[2]"
LIMIT, UNIT = f"{FIRST}/operationalLimit_Quantity.quantity", f"{FIRST}/limit_Measurement_Unit.name"
ROLE = "requestingParty_MarketParticipant.marketRole.type"
RIVER, NORTH = "A01:10XDSO-RIVER---L", "A01:10XTSO-NORTH---B"
TEN = datetime(2026, 6, 15, 10, tzinfo=UTC)
at = datetime.fromisoformat


def bid(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML
    """Return what else is known of the bid that the first statement caps."""
    return {"known-divisible": changes}


# ------------------------------------------------------------------------------------------------------------ BA-001
@pytest.mark.parametrize(("kind", "wrong"), [("B45", False), ("A42", True), ("A38", True)])
def test_a_statement_is_of_one_type(kind: str, *, wrong: bool) -> None:
    assert said("availability", ("set", "type", kind)) == ([("BA-001", "A77", "/type", "B45", kind)] if wrong else [])


@pytest.mark.parametrize(
    ("role", "wrong"), [("A46", False), ("A49", False), ("A50", False), ("A04", True), ("A11", True), ("A27", True)]
)
@pytest.mark.parametrize("series", [1, 2])
def test_providers_and_operators_may_ask(role: str, series: int, *, wrong: bool) -> None:
    place = f"BidTimeSeries[{series}]/{ROLE}"
    found = said("availability", ("set", place, role))
    assert found == ([("BA-001", "A78", f"/{place}", "A46, A49 or A50", role)] if wrong else [])


# ------------------------------------------------------------------------------------------------------------ BA-002
MATRIX = {
    "C40": ["B09", "B16", "B18", "B58", "B59"],
    "C41": ["B09", "B16", "B18", "B46", "B47", "B58", "B59", "B60"],
    "C42": ["B09", "B16", "B18", "B58", "B59"],
    "C43": ["B18", "B46", "B47", "B60"],
    "C44": ["B18", "B46", "B47", "B60"],
    "C45": ["B18", "B46", "B47", "B60"],
    "C46": ["B18", "B46", "B47", "B60"],
}
"""Fingrid's tables for manual and automatic reserve together: why with which limit, besides the provider's own id."""

REASONS = ["B09", "B16", "B18", "B22", "B46", "B47", "B49", "B58", "B59", "B60", "999"]


def words(codes: list[str]) -> str:
    ordered = sorted(codes)
    return ", ".join(ordered[:-1]) + f" or {ordered[-1]}"


@pytest.mark.parametrize("business", MATRIX)
def test_the_reasons_that_go_with_a_limit(business: str) -> None:
    kind = ("set", f"{FIRST}/businessType", business)
    found = {code: said("availability", kind, ("set", f"{FIRST}/Reason/code", code)) for code in REASONS}
    assert [code for code in REASONS if not found[code]] == MATRIX[business]
    wrong = words(["A95", *MATRIX[business]])
    for code in set(REASONS) - set(MATRIX[business]):
        assert found[code] == [("BA-002", "A77", f"/{FIRST}/Reason[1]/code", wrong, code)]


@pytest.mark.parametrize("business", MATRIX)
def test_the_providers_own_id_is_a_second_reason_and_never_the_only_one(business: str) -> None:
    kind = ("set", f"{FIRST}/businessType", business)
    code = ("set", f"{FIRST}/Reason/code", MATRIX[business][0])
    own = ("after", f"{FIRST}/Reason", "<Reason><code>A95</code><text>unit-1</text></Reason>")
    assert broken("availability", kind, code, own) == []
    alone = said("availability", kind, ("set", f"{FIRST}/Reason/code", "A95"))
    assert alone == [("BA-002", "A77", f"/{FIRST}/Reason", words(MATRIX[business]), "A95 alone")]


def test_a_statement_without_a_reason_lacks_one() -> None:
    ((*_, found),) = only("BA-002", said("availability", ("drop", f"{SECOND}/Reason")))
    assert found == "nothing"
    assert broken("availability", ("drop", f"{SECOND}/Reason"), terms='weights.BA-002 = "off"') == []


def test_a_limit_that_the_market_does_not_have_is_judged_as_such() -> None:
    steps = [("set", f"{FIRST}/businessType", "A53"), ("set", f"{FIRST}/Reason/code", "B22")]
    assert broken("availability", *steps) == ["GEN-010"]


# ------------------------------------------------------------------------------------------------- BA-003 and BA-004
@pytest.mark.parametrize("document", ["NA", "eae4e3d8-9daf-5502-9126-1bbea93c684c"])
def test_the_bid_is_known_and_its_document_may_be_left_open(document: str) -> None:
    step = ("set", f"{FIRST}/bidDocument_MarketDocument.mRID", document)
    assert broken("availability", step) == []
    unknown = said("availability", step, ("set", f"{FIRST}/mRID", "nobody's"))
    assert unknown == [("BA-003", "A55", f"/{FIRST}/mRID", "an accepted bid", "nobody's")]


def test_that_the_bid_is_known_is_optional() -> None:
    step = ("set", f"{FIRST}/mRID", "nobody's")
    assert broken("availability", step, terms='weights.BA-003 = "off"') == []
    assert broken("availability", step, bids="unknown") == []


@pytest.mark.parametrize(
    ("start", "end", "covers"),
    [
        ("10:00", "10:15", True),
        ("09:45", "10:30", True),
        ("10:15", "10:30", False),
        ("10:01", "10:15", False),
        ("10:00", "10:14", False),
    ],
)
def test_a_statement_covers_the_time_of_its_bid(start: str, end: str, *, covers: bool) -> None:
    place, day = "time_Period.timeInterval", "2026-06-15T{}Z".format
    steps = [("set", f"{place}/start", day(start)), ("set", f"{place}/end", day(end)), ("drop", SECOND)]
    found = only("BA-004", said("availability", *steps))
    wanted = "a document interval that covers 2026-06-15T10:00Z/2026-06-15T10:15Z"
    assert found == ([] if covers else [("A04", f"/{FIRST}/mRID", wanted, f"{day(start)}/{day(end)}")])


# ------------------------------------------------------------------------------------------------- BA-005 and BA-006
@pytest.mark.parametrize(
    ("limit", "wrong"),
    [("0", False), ("15", False), ("30", False), ("30.000", False), ("30.001", True), ("-0.001", True)],
)
def test_a_cap_lies_between_nothing_and_the_offer(limit: str, *, wrong: bool) -> None:
    found = said("availability", ("set", LIMIT, limit))
    assert found == ([("BA-005", "A42", f"/{LIMIT}", "0 to 30 MW", limit)] if wrong else [])


@pytest.mark.parametrize(("limit", "wrong"), [("0", False), ("99999", False), ("-1", True)])
def test_of_a_bid_that_is_not_known_only_the_sign_is_judged(limit: str, *, wrong: bool) -> None:
    found = said("availability", ("set", LIMIT, limit), bids="unknown")
    assert found == ([("BA-005", "A42", f"/{LIMIT}", "0 MW or more", limit)] if wrong else [])


@pytest.mark.parametrize(("unit", "wrong"), [("MAW", False), ("KWT", True), (None, True)])
def test_a_cap_has_the_unit_of_the_market(unit: str | None, *, wrong: bool) -> None:
    step: Step = ("drop", UNIT) if unit is None else ("set", UNIT, unit)
    found = said("availability", step)
    assert found == ([("BA-005", "A42", f"/{UNIT}", "MAW", unit or "nothing")] if wrong else [])


def test_without_a_cap_no_unit_is_needed() -> None:
    assert broken("availability", ("drop", LIMIT), ("drop", UNIT)) == []


def test_a_cap_is_judged_after_a_statement_without_one() -> None:
    place, cap = f"{SECOND}/domain.mRID", "operationalLimit_Quantity.quantity"
    unit = ("after", place, "<limit_Measurement_Unit.name>MAW</limit_Measurement_Unit.name>")
    steps: list[Step] = [("drop", LIMIT), ("drop", UNIT), unit, ("after", place, f"<{cap}>-1</{cap}>")]
    found = only("BA-005", said("availability", *steps, bids="unknown"))
    assert found == [("A42", f"/{SECOND}/{cap}", "0 MW or more", "-1")]


@pytest.mark.parametrize(
    ("before", "limit", "wrong"),
    [
        ("15", "15", False),
        ("15", "14.9", False),
        ("15", "0", False),
        ("15", "15.1", True),
        ("0", "0.1", True),
        (None, "30", False),
    ],
)
def test_a_cap_only_goes_down(before: str | None, limit: str, *, wrong: bool) -> None:
    known = {} if before is None else bid(cap_mw=before)
    found = said("availability", ("set", LIMIT, limit), bids=known)
    assert found == ([("BA-006", "A59", f"/{LIMIT}", f"at most {before} MW", limit)] if wrong else [])


def test_a_bid_that_is_taken_out_is_no_higher_cap() -> None:
    assert broken("availability", ("drop", LIMIT), ("drop", UNIT), bids=bid(cap_mw="15")) == []


# ------------------------------------------------------------------------------------------------------------ BA-007
@pytest.mark.parametrize(
    ("role", "operator", "wrong"),
    [("A50", RIVER, False), ("A50", NORTH, True), ("A49", NORTH, False), ("A46", NORTH, False)],
)
def test_a_distribution_operator_caps_in_its_own_grid(role: str, operator: str, *, wrong: bool) -> None:
    unit = {"A01:10WUNIT-ONE----3": {"operator": operator}}
    steps = [("set", f"{FIRST}/{ROLE}", role), ("drop", SECOND)]
    found = said("availability", *steps, resources=unit)
    told = (
        "BA-007",
        "A64",
        f"/{FIRST}/mRID",
        f"a resource in the grid of {RIVER}",
        f"a resource in the grid of {operator}",
    )
    assert found == ([told] if wrong else [])


def test_who_asks_is_the_requester_and_else_the_sender() -> None:
    """The second statement names no requester: the sender, operator of River, asks."""
    unit = {"A01:10WUNIT-ONE----3": {"operator": NORTH}}
    requester = ("set", f"{FIRST}/requestingParty_MarketParticipant.mRID", "10XTSO-NORTH---B")
    found = said("availability", requester, resources=unit)
    assert [row[2] for row in found] == [f"/{SECOND}/mRID"]


def test_a_bid_without_a_registered_resource_is_in_no_grid() -> None:
    found = only("BA-007", said("availability", ("drop", SECOND), bids=bid(resource="A01:10WUNKNOWN----X")))
    assert found == [("A64", f"/{FIRST}/mRID", f"a resource in the grid of {RIVER}", "no registered resource")]


# ------------------------------------------------------------------------------------------------------------ BA-008
@pytest.mark.parametrize(
    ("now", "late"), [("2026-06-15T06:05:00Z", False), ("2026-06-15T06:05:01Z", True), ("2026-06-15T07:00:30Z", True)]
)
def test_a_statement_in_the_check_of_a_result_comes_in_time(now: str, *, late: bool) -> None:
    found = said("availability", now=at(now))
    assert found == ([("BA-008", "A57", "/", "a statement by 2026-06-15T06:05Z", now)] if late else [])


@pytest.mark.parametrize(
    ("part", "words_"), [("now", "the time of receipt"), ("answer_by", "until when an answer is due")]
)
def test_where_no_answer_is_due_none_is_late(part: str, words_: str) -> None:
    known: dict[str, Any] = {"now": at("2026-06-15T09:00:00Z"), part: "unknown"}
    report = judged("availability", **known)
    assert report.clean
    assert any(told.startswith("BA-008") or "BA-008" in told for told in report.assumptions if words_ in told)
