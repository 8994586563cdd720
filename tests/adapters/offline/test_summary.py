"""The lines that a person reads in the end: short where there is little to say, and never endless."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.folder import File, Folder, Ignored
from adapters.market_file import read_market
from adapters.offline.outputs import Outputs
from adapters.offline.run import Run, run
from adapters.offline.summary import MOST_LINES, MOST_NOTES, summary
from gateway.results import ClearingResult
from gateway.schemes import named
from gateway.time import QUARTER_HOUR, Interval
from profiles import write_message
from tests.adapters.example import HOUR, MARKET_FILE, NORTH, envelopes
from tests.adapters.report_html.results import award, need, price, result

OUT = Path("out")


@pytest.fixture(scope="module")
def outcome() -> Run:
    files = tuple(File(name, write_message(letter)) for name, letter in envelopes().items())
    return run(Folder(files, ()), read_market(MARKET_FILE), named("centralised"), None)


def lines(of: Run) -> list[str]:
    return list(summary(of, Outputs({"a": b"", "b": b""}, ()), OUT))


def with_result(outcome: Run, other: ClearingResult) -> Run:
    return replace(outcome, procurement=replace(outcome.procurement, rounds=(other,)))


def test_it_begins_with_the_documents_and_ends_with_the_place(outcome: Run) -> None:
    told = lines(outcome)
    assert told[0] == "Documents: 3 read, 3 accepted"
    assert told[-1] == "2 files are in out; begin with out/report.html"


def test_refusals_are_told_with_their_first_cause(outcome: Run) -> None:
    bad = (File("bad.xml", b"bad"), File("worse\n.xml", b""))
    refused = run(Folder(bad, ()), outcome.settings, named("centralised"), outcome.now)
    told = lines(refused)
    assert told[0] == "Documents: 2 read, 2 refused"
    assert told[1].startswith("  bad.xml refused: GEN-001 /: expected a well-formed XML document")
    assert told[2].startswith("  worse?.xml refused: GEN-001")


def test_many_refusals_are_cut(outcome: Run) -> None:
    bad = tuple(File(f"{at:03}.xml", b"bad") for at in range(MOST_LINES + 3))
    told = lines(run(Folder(bad, ()), outcome.settings, named("centralised"), outcome.now))
    assert sum("refused: " in line for line in told) == MOST_LINES
    assert "  and 3 more documents: see the report" in told


def test_ignored_files_are_named(outcome: Run) -> None:
    some = replace(outcome.folder, ignored=(Ignored("a.txt", "a reason"), Ignored("b\x07", "a link")))
    assert "Ignored: a.txt (a reason), b? (a link)" in lines(replace(outcome, folder=some))


def test_fates_are_counted_the_frequent_ones_first(outcome: Run) -> None:
    told = lines(with_result(outcome, result(award("a", 1, 2), award("b", 1, 2), award("c", 1, None))))
    at = told.index("Bids: 3")
    assert told[at + 1] == "      3 not accepted: its price is worse than the clearing price"


def test_needs_that_are_not_met_say_why(outcome: Run) -> None:
    told = lines(with_result(outcome, result(need("a", 10, 4), need("b", -10, 4, limit=5), need("c", 9, 9))))
    at = told.index("Needs: 1 of 3 served in full")
    assert told[at + 1 : at + 3] == [
        "  North 2027-01-14 08:00\u201308:15 CET: 4 of 10 MW up, UNSERVED",
        "  North 2027-01-14 08:00\u201308:15 CET: 4 of 10 MW down, within its limit price",
    ]


def test_areas_of_one_price_stand_together(outcome: Run) -> None:
    other = replace(NORTH, value="10YZZ")
    told = lines(with_result(outcome, result(price(NORTH, 60), price(other, 60))))
    assert "  2027-01-14 08:00\u201308:15 CET: 60.00 in 10YZZ, North" in told


def test_no_price_is_told(outcome: Run) -> None:
    assert "  none was formed" in lines(with_result(outcome, result()))


def test_a_long_day_is_cut(outcome: Run) -> None:
    day = Interval(HOUR.start, HOUR.start.replace(hour=17))
    prices = [replace(price(NORTH, 60), interval=slot) for slot in QUARTER_HOUR.slots(day)]
    told = lines(with_result(outcome, result(*prices)))
    assert sum("60.00 in North" in line for line in told) == MOST_LINES
    assert f"  and {40 - MOST_LINES} more intervals: see the report" in told


def test_notes_are_told_once_with_names_and_cut(outcome: Run) -> None:
    notes = (f"about {NORTH.value}", f"about {NORTH.value}", *(f"note {at}" for at in range(MOST_NOTES)))
    told = lines(with_result(outcome, replace(result(), notes=notes)))
    assert [line for line in told if line.startswith("Note: ")][:2] == ["Note: about North", "Note: note 0"]
    assert "  and 1 more notes: see the report" in told
