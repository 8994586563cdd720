"""What a grid allows: the project's own documents, and the operating envelope of EDDIE."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.envelope import Message
from gateway.errors import Unmappable, Unwritable
from gateway.identifiers import ResourceId
from gateway.inquiries import Informative
from gateway.model import GridConstraints, Limit
from gateway.operating_envelopes import OperatingEnvelope, OperatingEnvelopes
from profiles import eddie_operating_envelope as eddie
from profiles import parse, resource_operating_envelope, write, write_message
from profiles.constraint_table import BidCoefficient, ConstraintTableMarketDocument
from profiles.lexical import Coded
from profiles.parts import TimeInterval
from profiles.resource_operating_envelope import ResourceOperatingEnvelopeMarketDocument
from tests.market_values import DSO, EIGHT, TSO, WEST, capacity, quarter
from tests.wire_values import changed, document, first_series, letter, refusal, there_and_back

UNIT = ResourceId("NOKG90901", "NNO")


def limit(number: int, headroom: object, **coefficients: object) -> Limit:
    return Limit(
        id=f"line 7 slot {number}",
        sender=TSO.id,
        interval=quarter(number),
        headroom_mw=Decimal(str(headroom)),
        coefficients={bid: Decimal(str(value)) for bid, value in coefficients.items()},
        reason="line 7 is full",
    )


def bounds(number: int, least: object, greatest: object, id_: str = "f7", **changes: object) -> OperatingEnvelope:
    plain = OperatingEnvelope(
        id=f"{id_}#{number + 1}",
        sender=TSO.id,
        resource=UNIT,
        interval=quarter(number),
        min_mw=None if least is None else Decimal(str(least)),
        max_mw=None if greatest is None else Decimal(str(greatest)),
        area=WEST,
        baseline="plan-1",
        reason="transformer",
    )
    return changed(plain, **changes)


TABLE = GridConstraints(limits=(limit(0, "2.875", up=1, down="-0.7071"), replace(limit(1, -1), reason="")))
CURVE = OperatingEnvelopes(
    envelopes=(
        bounds(0, -2, "3.5"),
        bounds(1, None, 0),
        bounds(3, 1, None, id="f7#3"),
        bounds(0, 0, 0, "g", id="g", area=None, baseline=None, reason="", resource=ResourceId("other", "NNO")),
    )
)


def test_limits_choose_the_constraint_table_and_mean_the_same_when_read() -> None:
    received, report = there_and_back(letter(TABLE))
    assert received.message == TABLE
    assert received.edition == "urn:tso-dso-gateway:constraint-table:1:0"
    assert (report.assumptions, report.losses) == ((), ())


def test_capacities_keep_their_published_document() -> None:
    sent = letter(GridConstraints(capacities=(replace(capacity(10), sender=TSO.id),)))
    assert "capacitydocument" in str(there_and_back(sent)[0].edition)


@pytest.mark.parametrize("edition", ["Capacity_MarketDocument 8.3", "ConstraintTable_MarketDocument 1.0"])
def test_capacities_and_limits_have_no_document_in_common(edition: str) -> None:
    both = GridConstraints(capacities=(capacity(10),), limits=TABLE.limits)
    with pytest.raises(Unwritable):
        there_and_back(letter(both), edition)


def test_envelopes_mean_the_same_when_read() -> None:
    received, report = there_and_back(letter(CURVE))
    assert received.message == CURVE
    assert received.edition == "urn:tso-dso-gateway:resource-operating-envelope:1:0"
    assert (report.assumptions, report.losses) == ((), ())


WRITTEN_TABLE = document(ConstraintTableMarketDocument, letter(TABLE))
WRITTEN_CURVE = document(ResourceOperatingEnvelopeMarketDocument, letter(CURVE))


def test_slots_of_one_constraint_are_one_series_with_a_period_for_each_run() -> None:
    first = WRITTEN_CURVE.series[0]
    assert (first.id, [len(period.points) for period in first.periods]) == ("f7", [2, 1])
    assert (first.quantity_unit, first.sign_convention) == ("MAW", "netInjection")


@pytest.mark.parametrize(
    ("unit", "convention", "expected"),
    [
        ("MAW", "netInjection", (-2, Decimal("3.5"))),
        ("MAW", "netWithdrawal", (Decimal("-3.5"), 2)),
        ("KWT", "netInjection", (Decimal("-0.002"), Decimal("0.0035"))),
        ("KWT", "netWithdrawal", (Decimal("-0.0035"), Decimal("0.002"))),
    ],
)
def test_unit_and_sign_convention_are_heeded(unit: str, convention: str, expected: tuple[Decimal, Decimal]) -> None:
    stated = first_series(WRITTEN_CURVE, quantity_unit=unit, sign_convention=convention)
    first = resource_operating_envelope.to_canonical(stated)[0].message.envelopes[0]
    assert (first.min_mw, first.max_mw) == expected


TWICE = (BidCoefficient(bid="up", coefficient=Decimal(1)), BidCoefficient(bid="up", coefficient=Decimal(2)))
REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "a bid twice": (
        lambda: first_series(WRITTEN_TABLE, coefficients=TWICE),
        "Limit_Series[1]/BidCoefficient[2]/bid_BidTimeSeries.mRID",
        "A55",
    ),
    "kilowatts": (
        lambda: first_series(WRITTEN_TABLE, quantity_unit="KWT"),
        "Limit_Series[1]/quantity_Measurement_Unit.name",
        "999",
    ),
    "no time": (
        lambda: first_series(WRITTEN_TABLE, interval=TimeInterval(start=EIGHT, end=EIGHT)),
        "Limit_Series[1]/timeInterval",
        "A04",
    ),
    "energy": (
        lambda: first_series(WRITTEN_CURVE, quantity_unit="MWH"),
        "Envelope_Series[1]/product",
        "999",
    ),
    "another sign": (
        lambda: first_series(WRITTEN_CURVE, sign_convention="up"),
        "Envelope_Series[1]/signConvention",
        "999",
    ),
    "no bound": (lambda: with_point(minimum=None, maximum=None), "Envelope_Series[1]", "A42"),
    "least above greatest": (lambda: with_point(minimum=Decimal(4)), "Envelope_Series[1]", "A42"),
    "a gap": (lambda: with_point(position=2), "Envelope_Series[1]/Period[1]/Point/position", "A49"),
}


def with_point(**changes: object) -> ResourceOperatingEnvelopeMarketDocument:
    period = WRITTEN_CURVE.series[0].periods[0]
    points = (changed(period.points[0], **changes), *period.points[1:])
    return first_series(WRITTEN_CURVE, periods=(changed(period, points=points),))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


# ---------------------------------------------------------------------------------------------------------------- EDDIE
SECTIONS = eddie.SeriesPeriod(
    resolution="PT15M",
    interval=TimeInterval(start=quarter(0).start, end=quarter(1).end),
    points=(
        eddie.Point(position=1, minimum=Decimal(-2000), maximum=Decimal(3500)),
        eddie.Point(position=2, maximum=Decimal(0)),
    ),
)
SERIES = eddie.TimeSeriesSeries(
    id="f7",
    schedule_kind="load",
    direction="A01",
    resource=Coded(UNIT.value, UNIT.scheme),
    series=(eddie.Series(periods=(SECTIONS,)),),
)
CONTENT = eddie.RECMMOEMarketDocument(
    id="d",
    modified=EIGHT,
    sender=Coded(DSO.id.value, DSO.id.scheme),
    sender_role="A50",
    receiver=Coded(TSO.id.value, TSO.id.scheme),
    receiver_role="A49",
    period=SECTIONS.interval,
    series=(SERIES,),
)
WRAPPED = eddie.RECMMOEEnvelope(document=CONTENT)


def test_an_envelope_of_eddie_informs_until_settings_say_what_it_means() -> None:
    received, _ = eddie.to_canonical(parse(write(WRAPPED, eddie.EDITIONS[0])).document)
    assert received.message == Informative(document="eddie_operating_envelope")
    assert (received.sender, received.created, received.revision) == (DSO, EIGHT, 1)


def test_an_envelope_of_eddie_may_be_dated_by_its_header() -> None:
    dated = eddie.RECMMOEEnvelope(
        header=eddie.MessageDocumentHeader(created=EIGHT), document=replace(CONTENT, modified=None)
    )
    assert eddie.to_canonical(dated)[0].created == EIGHT


@pytest.mark.parametrize(
    ("injection", "direction", "expected"),
    [
        (True, "A01", (-2, Decimal("3.5"))),
        (True, "A02", (Decimal("-3.5"), 2)),
        (False, "A01", (Decimal("-3.5"), 2)),
        (False, "A02", (-2, Decimal("3.5"))),
    ],
)
def test_settings_say_what_the_numbers_mean(
    *, injection: bool, direction: str, expected: tuple[Decimal, Decimal]
) -> None:
    content = replace(CONTENT, series=(replace(SERIES, direction=direction),))
    first, second = eddie.envelopes(content, DSO.id, unit="KWT", injection=injection).envelopes
    assert (first.min_mw, first.max_mw) == expected
    assert (first.id, first.resource, first.interval) == ("f7#1", UNIT, quarter(0))
    assert {second.min_mw, second.max_mw} == {None, Decimal(0)}


UNUSABLE: dict[str, Callable[[], eddie.RECMMOEEnvelope]] = {
    "MarketDocument": eddie.RECMMOEEnvelope,
    "MarketDocument/mRID": lambda: eddie.RECMMOEEnvelope(document=replace(CONTENT, id=None)),
    "MarketDocument/lastModifiedDateTime": lambda: eddie.RECMMOEEnvelope(document=replace(CONTENT, modified=None)),
    "MarketDocument/sender_MarketParticipant.mRID": lambda: eddie.RECMMOEEnvelope(
        document=replace(CONTENT, sender=None)
    ),
    "MarketDocument/receiver_MarketParticipant.mRID": lambda: eddie.RECMMOEEnvelope(
        document=replace(CONTENT, receiver=None)
    ),
}


@pytest.mark.parametrize("path", UNUSABLE)
def test_an_envelope_of_eddie_without_its_head_is_refused(path: str) -> None:
    assert refusal(UNUSABLE[path]()) == (path, "A69")


@pytest.mark.parametrize(
    ("series", "path", "code"),
    [
        (replace(SERIES, id=None), "TimeSeries_Series[1]/mRID", "A69"),
        (replace(SERIES, resource=None), "TimeSeries_Series[1]/mRID", "A69"),
        (replace(SERIES, direction="A03"), "TimeSeries_Series[1]/flowDirection.direction", "999"),
        (
            replace(SERIES, series=(eddie.Series(periods=(replace(SECTIONS, points=(eddie.Point(),)),)),)),
            "TimeSeries_Series[1]/Series/Period/Point/position",
            "A49",
        ),
    ],
)
def test_a_curve_of_eddie_without_its_parts_is_refused(series: eddie.TimeSeriesSeries, path: str, code: str) -> None:
    with pytest.raises(Unmappable) as caught:
        eddie.envelopes(replace(CONTENT, series=(series,)), DSO.id, unit="KWT", injection=True)
    assert (caught.value.path, caught.value.code) == (path, code)


def test_nothing_is_written_in_a_document_that_is_only_read() -> None:
    message: Message = Informative(document="crac")
    with pytest.raises(Unwritable, match="a document that carries it"):
        write_message(letter(message))
    with pytest.raises(Unwritable):
        write_message(letter(CURVE), eddie.EDITIONS[0])
