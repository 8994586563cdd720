"""Metered data that are checked as they arrive have the outcome that they have when they are held whole."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.folder import Unreadable, pieces, size_of
from adapters.validation import Checked, Terms, check, check_arriving
from gateway.envelope import Envelope
from gateway.identifiers import AreaId, MeteringPointId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.results import Verdict
from gateway.time import Interval
from profiles import write_message
from profiles.markets import load
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes
from tests.fuzz.byte_noise import damaged

TERMS = Terms(market=load("project"))
DAY = Interval(datetime(2027, 1, 14, tzinfo=UTC), datetime(2027, 1, 15, tzinfo=UTC))
HOURS = [Interval(DAY.start + timedelta(hours=at), DAY.start + timedelta(hours=at + 1)) for at in range(24)]
METER = Party(PartyId("7080000000005", "A10"), Role.METERED_DATA_RESPONSIBLE)
OPERATOR = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MARKET_OPERATOR)


def metered(count: int) -> bytes:
    """Return a day of *count* metering points, each of which has taken some energy in each hour."""
    series = tuple(
        MeasuredSeries(
            id=f"series-{number}",
            unit=Unit.MEGAWATT_HOUR,
            metering_point=MeteringPointId(f"7070575{number:011}", "A10"),
            readings=tuple(
                Reading(interval=hour, value=-Decimal(number + 1), quality=Quality.CALCULATED) for hour in HOURS
            ),
        )
        for number in range(count)
    )
    return write_message(
        Envelope(
            id="metered",
            revision=2,
            sender=METER,
            receiver=OPERATOR,
            created=DAY.end,
            message=Readings(series=series),
            process="A16",
            period=DAY,
            domain=AreaId("10YNO-1--------2", "A01"),
        )
    )


METERED = metered(12)
ENVELOPE_TAG = b"</marketEvaluationPoint.mRID>"


def arriving(data: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def in_series(number: int, old: bytes, new: bytes, data: bytes = METERED) -> bytes:
    """Exchange a piece of one series, counted from 1."""
    head, *series = data.split(b"<Series>")
    assert old in series[number - 1]
    series[number - 1] = series[number - 1].replace(old, new, 1)
    return b"<Series>".join([head, *series])


def undirected(number: int, data: bytes = METERED) -> bytes:
    return in_series(number, b"<flowDirection.direction>A02</flowDirection.direction>", b"", data)


UNIT = (b"_Unit.name>MWH", b"_Unit.name>MAW")
GAP = (b"<position>7<", b"<position>8<")
ROLE = (b"marketRole.type>A25", b"marketRole.type>A42")


def long_curve(number: int, data: bytes = METERED) -> bytes:
    """Let one series hold 60,000 slots, of which its points name 24."""
    wide = in_series(number, b"<curveType>A01", b"<curveType>A03", data)
    earlier = in_series(number, b"<start>2027-01-14T00:00Z", b"<start>2020-03-13T00:00Z", wide)
    head, mark, series = earlier.partition(b"<Series>")
    return head.replace(b"<start>2027-01-14T00:00Z", b"<start>2020-03-13T00:00Z") + mark + series


CASES: dict[str, Callable[[], bytes]] = {
    "nothing wrong": lambda: METERED,
    "two series without direction": lambda: undirected(3, undirected(9)),
    "other business types": lambda: METERED.replace(b">A64<", b">A01<"),
    "an aggregation": lambda: in_series(4, ENVELOPE_TAG, ENVELOPE_TAG).replace(
        b"  <Period>", b"  <objectAggregation>A01</objectAggregation>\n    <Period>", 2
    ),
    "a unit that does not fit the product": lambda: in_series(7, *UNIT, in_series(9, *UNIT)),
    "a wrong code": lambda: in_series(5, b"<quality>A06", b"<quality>Q03"),
    "a wrong code and a unit": lambda: in_series(5, b"<quality>A06", b"<quality>Q03", in_series(7, *UNIT)),
    "another type of document": lambda: METERED.replace(b"<type>A45", b"<type>A14"),
    "another type of document, and a unit": lambda: in_series(2, *UNIT).replace(b"<type>A45", b"<type>A14"),
    "a role without meaning": lambda: METERED.replace(*ROLE),
    "a role without meaning, and a unit": lambda: in_series(2, *UNIT).replace(*ROLE),
    "many slots in one series": lambda: long_curve(3),
    "too many slots together": lambda: long_curve(3, long_curve(8)),
    "too many slots, and a unit": lambda: in_series(2, *UNIT, long_curve(3, long_curve(8))),
    "too many slots, and another type": lambda: long_curve(3, long_curve(8)).replace(b"<type>A45", b"<type>A14"),
    "a missing element": lambda: in_series(6, b"<product>8716867000030</product>", b""),
    "cut off": lambda: METERED[:-30],
    "an unknown edition": lambda: METERED.replace(b"document:1:0", b"document:1:9"),
    "no document": lambda: b"text",
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.slow] * ("many slots" in case)) for case in CASES]
)
def test_the_outcome_is_that_of_the_whole_document(case: str) -> None:
    data = CASES[case]()
    assert (data == METERED) == (case == "nothing wrong")
    expected = check("metered.xml", data, TERMS)
    for size in (7, 1 << 16):
        assert told(check_arriving("metered.xml", arriving(data, size), TERMS)) == told(expected)


def told(checked: Checked | None) -> Checked:
    """Return what was found, without the words of the parser, which speak of its pieces."""
    assert checked is not None
    unread = [
        replace(f, found="") if f.expected == "a well-formed XML document" else f for f in checked.report.findings
    ]
    return replace(checked, report=replace(checked.report, findings=tuple(unread)))


BROKEN: dict[str, Callable[[], bytes]] = {
    "a missing hour": lambda: in_series(5, *GAP),
    "a missing hour in two series": lambda: in_series(9, *GAP, in_series(5, *GAP)),
    "a missing hour, and a unit": lambda: in_series(9, *UNIT, in_series(5, *GAP)),
    "a missing hour, and a unit in that series": lambda: in_series(5, *UNIT, in_series(5, *GAP)),
    "a missing hour, and no direction": lambda: undirected(5, undirected(6, in_series(5, *GAP))),
    "a period beyond the head": lambda: in_series(5, b"<end>2027-01-15T00:00Z", b"<end>2027-01-16T00:00Z"),
    "a wrong check character": lambda: METERED.replace(b"10X1001A1001A38Y", b"10X1001A1001A38X"),
    "a wrong check character, and a missing hour": lambda: in_series(
        5, *GAP, METERED.replace(b"10X1001A1001A38Y", b"10X1001A1001A38X")
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told_in_its_place(case: str) -> None:
    data = BROKEN[case]()
    expected = check("metered.xml", data, TERMS)
    assert any(found.rule.startswith(("TS", "GEN-012")) for found in expected.report.findings)
    for size in (7, 1 << 16):
        assert told(check_arriving("metered.xml", arriving(data, size), TERMS)) == told(expected)


def test_a_series_keeps_its_number_where_an_earlier_one_is_refused() -> None:
    checked = told(check_arriving("metered.xml", arriving(BROKEN["a missing hour, and a unit"]()), TERMS))
    assert [(found.rule, found.path.split("/")[2]) for found in checked.report.findings] == [
        ("TS-008", "Series[5]"),
        ("MAP", "Series[9]"),
    ]


@pytest.mark.parametrize(
    ("number", "earlier"), [(5, b">series-1<"), (3, b">series-11<"), (12, b">series-0<")], ids=["2", "last", "first"]
)
def test_a_document_that_names_two_series_alike_is_wanted_whole(number: int, earlier: bytes) -> None:
    data = in_series(number, f">series-{number - 1}<".encode(), earlier)
    assert any(found.rule == "TS-001" for found in check("metered.xml", data, TERMS).report.findings)
    assert check_arriving("metered.xml", arriving(data), TERMS) is None


def test_what_is_assumed_is_counted_through_all_series() -> None:
    checked = check_arriving("metered.xml", arriving(undirected(3, undirected(9))), TERMS)
    assert told(checked).report.assumptions[-1] == "2 series without flowDirection: positive is injected"
    assert told(checked).verdict is Verdict.ACCEPTED


def test_a_fault_of_meaning_has_the_number_of_its_series() -> None:
    checked = told(check_arriving("metered.xml", arriving(in_series(7, *UNIT)), TERMS))
    (finding,) = checked.report.findings
    assert (finding.rule, finding.path) == ("MAP", "/MeteringData_MarketDocument/Series[7]/product")
    assert checked.verdict is Verdict.REFUSED


def test_damaged_documents_have_the_same_outcome() -> None:
    rng = random.Random(12)
    verdicts = set()
    for _ in range(60):
        data = damaged([METERED[:2500] + METERED[METERED.index(b"</Series>") :]], rng)
        checked = told(check_arriving("metered.xml", arriving(data), TERMS))
        assert checked == told(check("metered.xml", data, TERMS))
        verdicts.add(checked.verdict)
    assert Verdict.REFUSED in verdicts


@pytest.mark.parametrize("name", ["bids.xml", "need-south.xml"])
def test_documents_whose_series_are_compared_are_wanted_whole(name: str) -> None:
    letters = envelopes()
    data = write_message(letters[name] if name in letters else next(iter(letters.values())))
    assert check_arriving(name, arriving(data), TERMS) is None


def test_quirks_want_the_document_whole() -> None:
    assert check_arriving("m.xml", arriving(METERED), replace(TERMS, quirks=("nbm_inclusive_anywhere",))) is None


@pytest.mark.parametrize("above", ["0", "5"])
def test_the_command_says_the_same_by_either_way(above: str, capsysbinary: Capture, tmp_path: Path) -> None:
    file = tmp_path / "metered.xml"
    file.write_bytes(in_series(7, *UNIT))
    ended = gateway(capsysbinary, "validate", file, "--format", "json", "--stream-above", above)
    assert ended.status == 1
    (record,) = json.loads(ended.out)
    assert record["verdict"] == "refused"
    assert [(found["rule"], found["line"]) for found in record["findings"]] == [("MAP", line_of(file, 7, b"<product>"))]


def line_of(file: Path, number: int, piece: bytes) -> int:
    """Return the line of *piece* in one series, counted from 1."""
    data = file.read_bytes()
    start = [at for at in range(len(data)) if data.startswith(b"<Series>", at)][number - 1]
    return data[: data.index(piece, start)].count(b"\n") + 1


def test_the_help_says_from_where_on_documents_are_streamed(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "validate", "--help")
    assert "--stream-above" in ended.out
    assert "series by series" in " ".join(ended.out.replace("│", " ").split())


def test_a_file_comes_in_pieces(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    assert list(pieces(file, 4)) == [b"0123", b"4567", b"89"]
    assert size_of(file) == 10


@pytest.mark.parametrize("ask", [size_of, lambda path: list(pieces(path))], ids=["size", "pieces"])
def test_what_is_no_readable_file_is_refused(ask: Callable[[Path], object], tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(Unreadable):
            ask(path)
