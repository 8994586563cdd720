"""SC-001, SC-003, SC-004: schedules of exchanges and their confirmations, at each bound and beyond it."""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, broken, judged, only, said

INTERFACE, TRADE = "TimeSeries[1]", "TimeSeries[2]"
NORTH, RIVER, SOUTH = "10YNORTH-------T", "10YRIVER-------S", "10YSOUTH-------5"
IN, OUT = "in_Domain.mRID", "out_Domain.mRID"


def earlier(*series: str, revision: int = 1) -> list[dict[str, object]]:
    """Return what came before under the mRID of the schedule."""
    name = "0f6ad3f8-3a77-5e0c-93c7-7a7d5e2d9c11"
    sender = "A01:10XTSO-NORTH---B"
    return [{"sender": sender, "id": name, "digest": "another", "revision": revision, "series": list(series)}]


# ------------------------------------------------------------------------------------------------------------ SC-001
@pytest.mark.parametrize(
    ("source", "sink", "expected"),
    [
        (NORTH, RIVER, None),
        (RIVER, NORTH, None),
        (NORTH, NORTH, ("another area than the one it leaves", NORTH)),
        (RIVER, RIVER, ("another area than the one it leaves", RIVER)),
        (NORTH, SOUTH, ("a known border", f"{NORTH} to {SOUTH}")),
        (SOUTH, RIVER, ("a known border", f"{SOUTH} to {RIVER}")),
    ],
)
def test_an_exchange_over_an_interface_leads_over_a_known_border(
    source: str, sink: str, expected: tuple[str, str] | None
) -> None:
    found = said("schedule", ("set", f"{INTERFACE}/{OUT}", source), ("set", f"{INTERFACE}/{IN}", sink))
    assert found == ([("SC-001", "A82", f"/{INTERFACE}/{IN}", *expected)] if expected else [])


def test_where_no_borders_are_known_they_exist() -> None:
    report = judged("schedule", ("set", f"{INTERFACE}/{IN}", SOUTH), borders="unknown")
    assert report.clean
    assert "SC-001: the interfaces exist" in report.assumptions
    assert broken("schedule", ("set", f"{INTERFACE}/{IN}", NORTH), borders="unknown") == ["SC-001"]


def test_a_border_is_known_in_its_direction() -> None:
    one_way = [[f"A01:{RIVER}", f"A01:{NORTH}"]]
    assert broken("schedule", borders=one_way) == ["SC-001"]


@pytest.mark.parametrize("party", ["in_MarketParticipant.mRID", "out_MarketParticipant.mRID"])
def test_a_trade_may_stay_in_one_area(party: str) -> None:
    assert broken("schedule", ("drop", f"{TRADE}/{party}")) == []
    both: list[Step] = [("drop", f"{TRADE}/{side}_MarketParticipant.mRID") for side in ("in", "out")]
    assert said("schedule", *both) == [
        ("SC-001", "A82", f"/{TRADE}/{IN}", "another area than the one it leaves", RIVER)
    ]


@pytest.mark.parametrize("side", [IN, OUT])
def test_what_names_one_area_is_no_exchange_over_an_interface(side: str) -> None:
    assert broken("schedule", ("drop", f"{INTERFACE}/{side}"), borders=[]) == []
    assert broken("schedule", borders=[]) == ["SC-001"]


# ------------------------------------------------------------------------------------------------------------ SC-003
@pytest.mark.parametrize(
    ("revision", "version", "wrong"),
    [("1", "1", False), ("1", "2", True), ("2", "2", False), ("9", "10", True), ("10", "9", False), ("10", "11", True)],
)
@pytest.mark.parametrize("series", [INTERFACE, TRADE])
def test_a_version_is_not_above_the_revision(series: str, revision: str, version: str, *, wrong: bool) -> None:
    """As numbers: 9 is below 10."""
    place = f"{series}/version"
    found = said("schedule", ("set", "revisionNumber", revision), ("set", place, version))
    told = ("SC-003", "A50", f"/{place}", f"at most {revision}, the revision", version)
    assert found == ([told] if wrong else [])


@pytest.mark.parametrize(
    ("before", "missing"),
    [
        (["interface-7", "trade"], None),
        (["trade"], None),
        ([], None),
        (["evening"], "evening"),
        (["trade", "b", "a"], "a, b"),
        (["d", "c", "b", "a"], "a, b, c and 1 more"),
    ],
)
def test_a_new_revision_has_every_series_of_the_one_before(before: list[str], missing: str | None) -> None:
    found = said("schedule", ("set", "revisionNumber", "2"), seen=earlier(*before))
    told = ("SC-003", "A52", "/TimeSeries", "every series of the revision before", f"none for {missing}")
    assert found == ([told] if missing else [])


def test_what_another_sender_sent_is_another_schedule() -> None:
    other = [entry | {"sender": "A01:10XDSO-RIVER---L"} for entry in earlier("evening")]
    assert broken("schedule", ("set", "revisionNumber", "2"), seen=other) == []
    report = judged("schedule", ("set", "revisionNumber", "2"), seen="unknown")
    assert report.clean
    assert "SC-003: no series of an earlier revision is missing" in report.assumptions


# ------------------------------------------------------------------------------------------------------------ SC-004
@pytest.mark.parametrize(
    ("codes", "wrong"),
    [
        (["A06", "A30"], False),
        (["A07", "A29"], False),
        (["A08", "A28"], False),
        (["A88", "A30"], False),
        (["A30", "A08"], False),
        (["A30", "A29"], True),
        (["A01", "A28"], True),
    ],
)
def test_a_confirmation_says_whether_the_schedule_was_accepted(codes: list[str], *, wrong: bool) -> None:
    steps = [("set", f"Reason[{number}]/code", code) for number, code in enumerate(codes, 1)]
    told = ("999", "/Reason", "A06, A07, A08 or A88", ", ".join(codes))
    assert only("SC-004", said("confirmation", *steps)) == ([told] if wrong else [])


@pytest.mark.parametrize("text", ["", "one", "1.0", "9" * 60, "9" * 5000, "²"])
@pytest.mark.parametrize("tag", ["revisionNumber", f"{TRADE}/version"])
def test_a_revision_or_version_that_is_no_number_has_its_own_finding_and_no_other(tag: str, text: str) -> None:
    found = said("schedule", ("set", tag, text))
    assert [row[0] for row in found] == ["GEN-004"]
