"""Capacity_MarketDocument: what a border can carry, element by element."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.model import Capacity, CapacityKind, GridConstraints, Limit, Party, Reserve, Role
from gateway.time import Interval, market_day
from profiles import capacity, parse, write, write_message
from profiles.cases.edits import changed
from profiles.lexical import Coded
from tests.profiles.documents.messages import (
    Change,
    in_edition,
    meaning,
    opened,
    period,
    refusal,
    refused,
    reported,
    source,
    with_periods,
)
from tests.wire_values import changed as exchanged

BOTH_WAYS = source("capacity", "8.3/own-interface-both-ways")
NO1, NO2 = AreaId("10YNO-1--------2", "A01"), AreaId("10YNO-2--------T", "A01")
DSO = Party(PartyId("9999909919939", "A10"), Role.DISTRIBUTION_SYSTEM_OPERATOR)
OPERATOR = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MARKET_OPERATOR)
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
EDITIONS = {edition.name: edition for edition in capacity.EDITIONS}


def slot(number: int) -> Interval:
    """Return the quarter hour that starts *number* quarters after ten."""
    return Interval(TEN + number * QUARTER, TEN + (number + 1) * QUARTER)


def export(number: int, mw: int) -> Capacity:
    """Return what may flow from NO1 to NO2 in one slot, as the first series of the message says it."""
    return Capacity(
        id=f"export#{number}",
        sender=DSO.id,
        from_area=NO1,
        to_area=NO2,
        interval=slot(number - 1),
        quantity_mw=Decimal(mw),
        kind=CapacityKind.MAXIMUM_EXCHANGE,
    )


IMPORT = Capacity(
    id="import",
    sender=DSO.id,
    from_area=NO2,
    to_area=NO1,
    interval=slot(0),
    quantity_mw=Decimal(300),
    kind=CapacityKind.MAXIMUM_EXCHANGE,
)
CAPACITIES = (export(1, 21), export(2, 22), export(3, 23), export(4, 24), IMPORT)
LETTER = Envelope(
    id="doc-1",
    revision=1,
    document_type="A26",
    process="A15",
    reserve=None,
    sender=DSO,
    receiver=OPERATOR,
    created=TEN,
    period=Interval(TEN, TEN + 4 * QUARTER),
    domain=NO2,
    message=GridConstraints(capacities=CAPACITIES),
)


def letter(*capacities: Capacity) -> Envelope[GridConstraints]:
    """Return a letter that says nothing but *capacities*."""
    return Envelope(
        id="doc-2", sender=DSO, receiver=OPERATOR, created=TEN, message=GridConstraints(capacities=capacities)
    )


# ------------------------------------------------------------------------------------------------ what a message means
def test_a_message_means_what_its_elements_say() -> None:
    found, report = opened(BOTH_WAYS)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert found.edition == "urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:3"
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


def test_what_a_message_means_is_written_as_the_same_bytes() -> None:
    assert write_message(LETTER) == BOTH_WAYS


@pytest.mark.parametrize("kind", ["A26", "A31", "A32"])
def test_available_agreed_and_proposed_capacities_mean_the_same(kind: str) -> None:
    found, _ = opened(changed(BOTH_WAYS, [("set", "type", kind)]))
    assert found.document_type == kind
    assert found.message == LETTER.message
    assert f"<type>{kind}</type>".encode() in write_message(found)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("A26", CapacityKind.AVAILABLE), ("A27", CapacityKind.TOTAL), ("C12", CapacityKind.MAXIMUM_EXCHANGE)],
)
def test_the_business_type_says_what_the_number_means(code: str, kind: CapacityKind) -> None:
    read, _ = meaning(changed(BOTH_WAYS, [("set", "TimeSeries[2]/businessType", code)]), GridConstraints)
    assert read.capacities[4] == dataclasses.replace(IMPORT, kind=kind)
    (series,) = capacity.from_canonical(letter(read.capacities[4])).series
    assert series.business_type == code


def test_variable_blocks_hold_until_the_next_point() -> None:
    points = period(Interval(TEN, TEN + 6 * QUARTER), "PT15M", "1:<quantity>5</quantity>", "4:<quantity>7</quantity>")
    data = with_periods(changed(BOTH_WAYS, [("set", "TimeSeries[1]/curveType", "A03")]), "TimeSeries", points)
    read, _ = meaning(data, GridConstraints)
    assert [one.quantity_mw for one in read.capacities[:-1]] == [5, 5, 5, 7, 7, 7]
    assert [one.interval for one in read.capacities[:-1]] == [slot(number) for number in range(6)]
    assert [one.id for one in read.capacities[:-1]] == [f"export#{number}" for number in range(1, 7)]


def test_slots_are_counted_through_all_periods_of_a_series() -> None:
    early = period(slot(0), "PT15M", "<quantity>1</quantity>")
    late = period(Interval(TEN + 4 * QUARTER, TEN + 8 * QUARTER), "PT30M", *["<quantity>2</quantity>"] * 2)
    read, _ = meaning(with_periods(BOTH_WAYS, "TimeSeries", early, late), GridConstraints)
    found: list[object] = [(one.id, one.quantity_mw, one.interval) for one in read.capacities[:-1]]
    assert found == [
        ("export#1", 1, slot(0)),
        ("export#2", 2, Interval(TEN + 4 * QUARTER, TEN + 6 * QUARTER)),
        ("export#3", 2, Interval(TEN + 6 * QUARTER, TEN + 8 * QUARTER)),
    ]


# The day of a change of clock starts at 23:00 UTC in winter and at 22:00 UTC in summer, and has an hour less or more.
DAYS = [
    (date(2026, 3, 29), 23, "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
    (date(2026, 3, 30), 24, "2026-03-29T22:00Z", "2026-03-30T22:00Z"),
    (date(2026, 10, 25), 25, "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
]


@pytest.mark.parametrize(("day", "hours", "start", "end"), DAYS)
def test_a_market_day_has_as_many_hours_as_the_clock_shows(day: date, hours: int, start: str, end: str) -> None:
    whole = market_day(day)
    assert str(whole) == f"{start}/{end}"
    points = [f"<quantity>{100 + hour}</quantity>" for hour in range(hours)]
    read, _ = meaning(with_periods(BOTH_WAYS, "TimeSeries", period(whole, "PT60M", *points)), GridConstraints)
    found = read.capacities[:-1]
    assert [one.quantity_mw for one in found] == list(range(100, 100 + hours))
    assert (found[0].interval.start, found[-1].interval.end) == (whole.start, whole.end)
    assert found[-1].id == f"export#{hours}"
    (series,) = capacity.from_canonical(letter(*found)).series
    (written,) = series.periods
    assert (written.interval.start, written.interval.end, written.resolution) == (whole.start, whole.end, "PT60M")
    assert [point.position for point in written.points] == list(range(1, hours + 1))


@pytest.mark.parametrize("change", refused("capacity"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("capacity"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, GridConstraints)
    assert message == LETTER.message
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
def test_a_series_is_one_border_direction_and_meaning() -> None:
    total = dataclasses.replace(export(1, 9), kind=CapacityKind.TOTAL)
    back = dataclasses.replace(IMPORT, id="export")
    written = capacity.from_canonical(letter(export(1, 21), total, back, export(2, 22)))
    found = [(one.id, one.business_type, one.out_domain.value, one.in_domain.value) for one in written.series]
    assert found == [
        ("export", "C12", NO1.value, NO2.value),
        ("export", "A27", NO1.value, NO2.value),
        ("export", "C12", NO2.value, NO1.value),
    ]
    assert [[point.quantity for point in one.periods[0].points] for one in written.series] == [[21, 22], [9], [300]]


def test_slots_are_written_in_the_order_of_time() -> None:
    (series,) = capacity.from_canonical(letter(export(2, 22), export(1, 21))).series
    (one,) = series.periods
    assert [(point.position, int(point.quantity)) for point in one.points] == [(1, 21), (2, 22)]


def test_a_gap_and_another_length_start_a_new_period() -> None:
    long = dataclasses.replace(export(5, 25), interval=Interval(TEN + 4 * QUARTER, TEN + 6 * QUARTER))
    (series,) = capacity.from_canonical(letter(export(1, 21), export(3, 23), export(4, 24), long)).series
    found: list[object] = [
        (one.interval.start, one.resolution, [p.quantity for p in one.points]) for one in series.periods
    ]
    assert found == [
        (TEN, "PT15M", [21]),
        (TEN + 2 * QUARTER, "PT15M", [23, 24]),
        (TEN + 4 * QUARTER, "PT30M", [25]),
    ]
    assert series.curve_type == "A01"


def test_what_the_envelope_leaves_open_follows_from_the_capacities() -> None:
    written = capacity.from_canonical(letter(export(2, 22), export(4, 24)))
    assert (written.type, written.process, written.revision) == ("A26", "A15", "1")
    assert (written.period.start, written.period.end) == (TEN + QUARTER, TEN + 4 * QUARTER)
    assert (written.domain.value, written.domain.scheme) == (NO1.value, "A01")
    (series,) = written.series
    assert (series.product, series.quantity_unit) == ("8716867000016", "MAW")
    assert {series.direction, series.requester, series.auction, series.connecting_line} == {None}


@pytest.mark.parametrize(("reserve", "process"), [(None, "A15"), (Reserve.MFRR, "A15"), (Reserve.RR, "A15")])
def test_the_process_is_the_determination_of_capacity(reserve: Reserve | None, process: str) -> None:
    assert capacity.from_canonical(exchanged(letter(IMPORT), reserve=reserve)).process == process
    assert capacity.from_canonical(exchanged(letter(IMPORT), reserve=reserve, process="A47")).process == "A47"


def test_no_capacity_at_all_is_written_where_the_envelope_says_when_and_where() -> None:
    empty = exchanged(letter(), period=slot(0), domain=NO2)
    assert capacity.from_canonical(empty).series == ()
    assert opened(write_message(empty))[0].message == GridConstraints()


LIMIT = Limit(id="feeder", sender=DSO.id, interval=slot(0), headroom_mw=Decimal(3))
UNWRITABLE = {
    "linear limits": (
        exchanged(LETTER, message=GridConstraints(limits=(LIMIT, LIMIT))),
        ("GridConstraints.limits", "no linear limits", "2"),
    ),
    "losses": (
        letter(IMPORT, dataclasses.replace(IMPORT, loss_factor=Decimal("0.03"))),
        ("Capacity.loss_factor", "0", "a loss factor"),
    ),
    "no domain": (exchanged(letter(), period=slot(0)), ("domain.mRID", "a domain", "none")),
    "no period": (
        exchanged(letter(), domain=NO2),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        capacity.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
UNIT = {"8.3": "measurement_Unit.name", "8.2": "measurement_Unit.name", "8.1": "measurement_Unit.name"}


@pytest.mark.parametrize("name", ["8.3", "8.2", "8.1", "8.0"])
def test_every_edition_says_the_same_under_its_own_names(name: str) -> None:
    data = write_message(LETTER, EDITIONS[name])
    unit = UNIT.get(name, "measure_Unit.name")
    same = in_edition(BOTH_WAYS, "capacity", name).replace(b"measurement_Unit.name", unit.encode())
    assert data == same
    assert parse(data).edition is EDITIONS[name]
    assert opened(data)[0].message == LETTER.message


ADDED = [
    ("secondary_unit", "MAW", "secondary_Measurement_Unit.name", {"8.3", "8.2", "8.1"}),
    ("requester", Coded("9999909919939", "A10"), "requesting_MarketParticipant.mRID", {"8.3", "8.2"}),
    ("requester_role", "A50", "requesting_MarketParticipant.marketRole.type", {"8.3", "8.2"}),
    ("direction", "A01", "flowDirection.direction", {"8.3"}),
    ("auction", "a", "auction.mRID", {"8.3", "8.2", "8.1", "8.0"}),
]


@pytest.mark.parametrize(("field", "value", "tag", "known"), ADDED)
@pytest.mark.parametrize("name", ["8.3", "8.2", "8.1", "8.0"])
def test_an_element_is_written_only_in_the_editions_that_have_it(
    field: str, value: object, tag: str, known: set[str], name: str
) -> None:
    plain = capacity.from_canonical(letter(IMPORT))
    document = exchanged(plain, series=(exchanged(plain.series[0], **{field: value}),))
    if name in known:
        assert parse(write(document, EDITIONS[name])).document == document
        return
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert caught.value.path == f"/Capacity_MarketDocument/TimeSeries[1]/{tag}"
    assert caught.value.expected == f"no such element in Capacity_MarketDocument {name}"
    assert caught.value.found == repr(value)
