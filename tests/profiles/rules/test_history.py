"""GEN-013, GEN-015, GEN-018, RN-003 and AR-008: a document beside those that came from its sender before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.profiles.rules.cases import broken, judged, said

IDS = {
    "bids": ("A01:10XBSP-ALPHA---F", "eae4e3d8-9daf-5502-9126-1bbea93c684c"),
    "needs": ("A01:10XDSO-RIVER---L", "7bc2d80b-b8b6-5adc-97a1-28a56e4907c9"),
    "capacities": ("A01:10XTSO-NORTH---B", "0b1f1f0e-7f0a-5b57-9c2e-4f6c3a1d2e3f"),
    "availability": ("A01:10XDSO-RIVER---L", "d90f7b6e-94e5-5359-a42d-e7deeddbf6f6"),
    "prices": ("A01:10XTSO-NORTH---B", "5d5b3a52-6f4e-5a55-8d4e-0d2f1b7c9a10"),
    "result": ("A01:10XTSO-NORTH---B", "66a356c0-cd7f-51f5-9e60-521b40150093"),
    "scheduled_order": ("A01:10XTSO-NORTH---B", "fc77f346-6662-500d-a5cf-63cd5b4fe175"),
    "acknowledgement": ("A01:10XBSP-ALPHA---F", "2b0f8a3e-1c64-5c0e-9a7e-6f1d2c3b4a59"),
}
"""Sender and mRID of each valid document."""

ASCENDING = 'header.revisions = "ascending"'


def earlier(base: str, revision: int, digest: str = "another", **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - TOML
    """Return that the document came before, as *revision* and with other bytes."""
    sender, name = IDS[base]
    return [{"sender": sender, "id": name, "digest": digest, "revision": revision, **more}]


def revision(number: int) -> tuple[str, ...]:
    return ("set", "revisionNumber", str(number))


# ------------------------------------------------------------------------------------------------------------ GEN-013
@pytest.mark.parametrize("base", IDS)
def test_other_bytes_under_a_used_id_are_refused(base: str) -> None:
    place, name = "/mRID", IDS[base][1]
    found = said(base, seen=earlier(base, 1))
    assert found == [("GEN-013", "A51", place, "an mRID not used before, or the next revision", name)]


@pytest.mark.parametrize("base", IDS)
def test_the_same_bytes_again_are_only_noted(base: str) -> None:
    report = judged(base, seen=earlier(base, 1, "digest of what arrived"))
    assert report.findings == ()
    assert report.assumptions[-1] == "GEN-013: the same bytes came before; the answer is the one given then"


@pytest.mark.parametrize("base", IDS)
def test_the_id_of_another_sender_is_free(base: str) -> None:
    entries = [entry | {"sender": "A01:10XBSP-BETA----K"} for entry in earlier(base, 1)]
    assert broken(base, seen=entries) == []


@pytest.mark.parametrize(
    ("part", "sentence"), [("seen", "which documents came earlier"), ("digest", "the digest of the bytes")]
)
def test_without_a_memory_no_document_is_a_repetition(part: str, sentence: str) -> None:
    known: dict[str, Any] = {"seen": earlier("bids", 1), part: "unknown"}
    report = judged("bids", **known)
    assert report.clean
    assert next(told for told in report.assumptions if "GEN-013" in told).endswith(
        f"not checked: {sentence} is not known"
    )


# ------------------------------------------------------------------------------- GEN-015, RN-003, AR-008: the revisions
CHAINS = {
    "capacities": "GEN-015",
    "availability": "GEN-015",
    "prices": "GEN-015",
    "needs": "RN-003",
    "result": "AR-008",
}
"""Documents that are replaced by their next revision, and the rule that sees to it."""


@pytest.mark.parametrize("base", CHAINS)
@pytest.mark.parametrize(
    ("before", "now", "rule", "expected"),
    [
        (1, 2, None, ""),
        (7, 8, None, ""),
        (1, 3, "chain", "2"),
        (4, 2, "chain", "5"),
        (4, 1, "chain", "5"),
        (998, 999, None, ""),
        (2, 2, "GEN-013", ""),
    ],
)
def test_the_next_revision_replaces_the_one_before(
    base: str, before: int, now: int, rule: str | None, expected: str
) -> None:
    found = said(base, revision(now), seen=earlier(base, before))
    if rule == "chain":
        assert found == [(CHAINS[base], "A51", "/revisionNumber", expected, str(now))]
    else:
        assert [row[0] for row in found] == ([] if rule is None else [rule])


@pytest.mark.parametrize("base", CHAINS)
def test_a_document_that_is_new_may_have_any_revision(base: str) -> None:
    assert broken(base, revision(5), seen=[]) == []


@pytest.mark.parametrize("number", [2, 3, 999])
@pytest.mark.parametrize("market", ["project", "nordic_no"])
def test_offers_are_always_revision_1(number: int, market: str) -> None:
    found = [row for row in said("bids", revision(number), over=market) if row[0] == "GEN-015"]
    assert found == [("GEN-015", "A51", "/revisionNumber", "1: a change is a new document", str(number))]


@pytest.mark.parametrize(("before", "now", "expected"), [(1, 2, None), (1, 3, "2"), (2, 1, "3"), (None, 4, None)])
def test_offers_may_ascend_where_the_market_says_so(before: int | None, now: int, expected: str | None) -> None:
    seen = [] if before is None else earlier("bids", before)
    found = said("bids", revision(now), terms=ASCENDING, seen=seen)
    assert found == ([("GEN-015", "A51", "/revisionNumber", expected, str(now))] if expected else [])


def test_needs_ascend_whatever_the_market_says_of_offers() -> None:
    assert broken("needs", revision(2), seen=earlier("needs", 1)) == []
    assert broken("needs", revision(2), seen=[]) == []


def test_the_order_of_revisions_is_optional_but_for_needs_and_results() -> None:
    off = 'weights.GEN-015 = "off"'
    assert broken("capacities", revision(9), terms=off, seen=earlier("capacities", 1)) == []
    assert broken("needs", revision(9), terms=off, seen=earlier("needs", 1)) == ["RN-003"]
    assert broken("result", revision(9), terms=off, seen=earlier("result", 1)) == ["AR-008"]


def test_orders_count_by_their_order_revision_alone() -> None:
    assert broken("scheduled_order", revision(9), seen=earlier("scheduled_order", 1)) == []


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (["award-1", "award-2"], None),
        (["award-1"], None),
        (["award-1", "award-9"], "none for award-9"),
        (["a", "b", "c"], "none for a, b, c"),
        (["a", "b", "c", "d", "e"], "none for a, b, c and 2 more"),
    ],
)
def test_a_new_result_lists_every_series_again(series: list[str], expected: str | None) -> None:
    found = said("result", revision(2), seen=earlier("result", 1, series=series))
    told = ("AR-008", "A51", "/TimeSeries", "every series of the revision before", expected)
    assert found == ([told] if expected else [])


# ------------------------------------------------------------------------------------------------------------ GEN-018
@pytest.mark.parametrize(
    ("known", "created", "wrong"),
    [
        ("05:58:59", "2026-06-15T05:59:00Z", False),
        ("05:59:00", "2026-06-15T05:59:00Z", True),
        ("05:59:30", "2026-06-15T05:59:00Z", True),
        ("05:59:30", "2026-06-15T05:59:31Z", False),
    ],
)
def test_an_update_is_younger_than_what_it_changes(known: str, created: str, *, wrong: bool) -> None:
    name = "1db6c922-6d64-5350-b964-fb8ce459f715"
    stated = datetime.fromisoformat(f"2026-06-15T{known}+00:00")
    entry = {"start": datetime(2026, 6, 15, 10, tzinfo=UTC), "quantity_mw": 30, "product": "A07", "created": stated}
    found = said("bids", ("set", "createdDateTime", created), bids={name: entry})
    at = f"{stated:%Y-%m-%dT%H:%M:%SZ}" if stated.second else f"{stated:%Y-%m-%dT%H:%MZ}"
    told = ("GEN-018", "A51", "/createdDateTime", f"after {at}, when bid {name} was stated", "2026-06-15T05:59Z")
    assert found == ([told] if wrong else [])


def test_many_old_updates_are_one_fault_of_the_document() -> None:
    ids = ["1db6c922-6d64-5350-b964-fb8ce459f715", "9119357a-3228-5c08-b3a9-369cac43c7f0"]
    entry = {
        "start": datetime(2026, 6, 15, 10, tzinfo=UTC),
        "quantity_mw": 30,
        "product": "A07",
        "created": datetime(2026, 6, 15, 6, tzinfo=UTC),
    }
    assert broken("bids", bids=dict.fromkeys(ids, entry)) == ["GEN-018"]
