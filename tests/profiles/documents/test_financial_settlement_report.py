"""FinancialSettlementReport_MarketDocument: lines of money, how they are numbered, refused, lost and written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from gateway.accounts import Settlement, SettlementKind, SettlementLine
from gateway.envelope import Envelope
from gateway.identifiers import AreaId, ResourceId
from gateway.model import Party, Reserve, Role
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, write_message
from profiles.cases.edits import changed
from profiles.financial_settlement_report import EDITIONS, FinancialSettlementReportMarketDocument
from tests.market_values import EAST, EIGHT, OPERATOR, SELLER, WEST, quarter
from tests.profiles.documents.messages import Change, meaning, opened, refusal, refused, reported, source
from tests.profiles.documents.texts import CLOCK_DAYS, Said, received, unwritable, with_period, without
from tests.wire_values import changed as with_changes

DATA = source("financial_settlement_report", "1.0/own-energy-border-rounding")
(EDITION,) = EDITIONS


def hours(first: int, last: int) -> Interval:
    """Return the time from *first* to *last*, in hours after eight."""
    return Interval(EIGHT + timedelta(hours=first), EIGHT + timedelta(hours=last))


def energy(number: int, on: Interval, mwh: str, amount: str) -> SettlementLine:
    """Return one line of the payment for balancing energy."""
    return SettlementLine(
        id=f"energy#{number}",
        kind=SettlementKind.BALANCING_ENERGY,
        reserve=Reserve.MFRR,
        interval=on,
        quantity_mwh=Decimal(mwh),
        amount=Decimal(amount),
        area=WEST,
    )


ENERGY = (
    energy(1, quarter(0), "0.5", "25"),
    energy(2, quarter(1), "0.25", "-6.25"),
    energy(3, hours(1, 2), "2", "101.10"),
    energy(4, hours(2, 3), "0", "0"),
)
BORDER = SettlementLine(
    id="border",
    kind=SettlementKind.CONGESTION_INCOME,
    interval=hours(0, 1),
    quantity_mwh=Decimal("12.5"),
    amount=Decimal("-93.75"),
    currency="NOK",
    area=EAST,
    to_area=WEST,
    resource=ResourceId("10T-NO-SE-00001Y", "A01"),
)
ROUNDING = SettlementLine(
    id="rounding",
    kind=SettlementKind.ROUNDING,
    interval=hours(0, 3),
    quantity_mwh=Decimal(0),
    amount=Decimal("0.01"),
)
LETTER = Envelope(
    id="settlement-7",
    document_type="B44",
    process="A06",
    sender=Party(OPERATOR.id, Role.IMBALANCE_SETTLEMENT_RESPONSIBLE),
    receiver=SELLER,
    created=EIGHT - timedelta(hours=1),
    period=hours(0, 3),
    domain=WEST,
    message=Settlement(lines=(*ENERGY, BORDER, ROUNDING), final=False),
)


def sent(*lines: SettlementLine) -> Envelope[Settlement]:
    """Return LETTER with other lines."""
    return replace(LETTER, message=Settlement(lines=lines))


def written(letter: Envelope[Settlement]) -> FinancialSettlementReportMarketDocument:
    document = parse(write_message(letter)).document
    assert isinstance(document, FinancialSettlementReportMarketDocument)
    return document


def lines(data: bytes) -> tuple[SettlementLine, ...]:
    """Return the lines that *data* means."""
    return meaning(data, Settlement)[0].lines


def test_a_report_means_its_lines_field_by_field() -> None:
    envelope, report = opened(DATA)
    assert envelope == received(LETTER, DATA, EDITION)
    assert report == Report()
    assert LETTER.message.totals == {"EUR": Decimal("119.86"), "NOK": Decimal("-93.75")}


def test_the_same_letter_is_written_as_the_same_text() -> None:
    assert write_message(LETTER).decode() == DATA.decode()


@pytest.mark.parametrize("change", refused("financial_settlement_report"), ids=str)
def test_a_report_that_cannot_be_held_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("financial_settlement_report"), ids=str)
def test_what_is_lost_is_said_and_changes_nothing_else(change: Change) -> None:
    message, report = meaning(change.data, Settlement)
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)
    assert message == LETTER.message


KINDS = [
    ("A95", SettlementKind.BALANCING_ENERGY, Reserve.FCR),
    ("A96", SettlementKind.BALANCING_ENERGY, Reserve.AFRR),
    ("A97", SettlementKind.BALANCING_ENERGY, Reserve.MFRR),
    ("A98", SettlementKind.BALANCING_ENERGY, Reserve.RR),
    ("B95", SettlementKind.RESERVE_CAPACITY, None),
    ("A20", SettlementKind.IMBALANCE, None),
    ("A17", SettlementKind.DEVIATION, None),
    ("B10", SettlementKind.CONGESTION_INCOME, None),
    ("C10", SettlementKind.EXCHANGE, None),
    ("C87", SettlementKind.COST_SHARE, None),
    ("B77", SettlementKind.PENALTY, None),
    ("C56", SettlementKind.ROUNDING, None),
]


@pytest.mark.parametrize(("code", "kind", "reserve"), KINDS)
def test_a_business_type_is_a_kind_of_payment_both_ways(
    code: str, kind: SettlementKind, reserve: Reserve | None
) -> None:
    paid = replace(BORDER, kind=kind, reserve=reserve)
    assert lines(changed(DATA, [("set", "TimeSeries[2]/businessType", code)]))[4] == paid
    assert written(sent(paid)).series[0].business_type == code


def test_every_payment_has_its_code() -> None:
    assert {kind for _, kind, _ in KINDS} == set(SettlementKind)
    assert {reserve for _, _, reserve in KINDS} == {*Reserve, None}


@pytest.mark.parametrize(("code", "final"), [("A01", False), ("A02", True)])
def test_the_status_says_whether_the_settlement_is_final_both_ways(code: str, *, final: bool) -> None:
    assert meaning(changed(DATA, [("set", "docStatus/value", code)]), Settlement)[0].final is final
    status = written(replace(LETTER, message=Settlement(lines=(ROUNDING,), final=final))).status
    assert status is not None
    assert status.value == code


def test_a_settlement_without_a_status_is_taken_as_final_and_says_so() -> None:
    message, report = meaning(changed(DATA, [("drop", "docStatus")]), Settlement)
    assert message == replace(LETTER.message, final=True)
    assert report == Report(assumptions=("no docStatus: final",))


@pytest.mark.parametrize(
    ("inside", "outside", "area", "to_area"),
    [
        (True, True, EAST, WEST),
        (True, False, WEST, None),
        (False, True, EAST, None),
        (False, False, None, None),
    ],
    ids=["both", "only in", "only out", "neither"],
)
def test_two_areas_are_a_border_and_one_is_a_place(
    *, inside: bool, outside: bool, area: AreaId | None, to_area: AreaId | None
) -> None:
    said = {"TimeSeries[2]/in_Domain.mRID": inside, "TimeSeries[2]/out_Domain.mRID": outside}
    line = lines(changed(DATA, [("drop", path) for path, kept in said.items() if not kept]))[4]
    assert (line.area, line.to_area) == (area, to_area)
    assert lines(write_message(sent(line))) == (line,)


def test_slots_of_one_series_are_numbered_and_find_together_again() -> None:
    document = written(sent(ROUNDING, ENERGY[3], ENERGY[1], ENERGY[0]))
    assert [series.id for series in document.series] == ["rounding", "energy"]
    first, second = document.series[1].periods
    assert [(point.position, point.monetary_value) for point in first.points] == [
        (1, Decimal(25)),
        (2, Decimal("-6.25")),
    ]
    assert [(point.position, point.quantity) for point in second.points] == [(1, Decimal(0))]
    assert (first.resolution, second.resolution) == ("PT15M", "PT60M")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "other#2"},
        {"kind": SettlementKind.PENALTY, "reserve": None},
        {"reserve": Reserve.RR},
        {"currency": "NOK"},
        {"area": EAST},
        {"to_area": EAST},
        {"resource": ResourceId("NOKG90901", "NNO")},
    ],
    ids=["series", "kind", "reserve", "currency", "area", "border", "line"],
)
def test_what_differs_in_its_head_is_a_series_of_its_own(changes: dict[str, object]) -> None:
    assert len(written(sent(ENERGY[0], ENERGY[1])).series) == 1
    assert len(written(sent(ENERGY[0], with_changes(ENERGY[1], **changes))).series) == 2


def test_a_line_whose_identifier_ends_in_a_word_keeps_it() -> None:
    line = replace(ROUNDING, id="batch#seven")
    assert lines(write_message(sent(line))) == (line,)


def test_a_letter_that_says_little_gets_the_usual_head() -> None:
    plain = replace(sent(*ENERGY), document_type=None, process=None, period=None, domain=None)
    document = written(plain)
    assert (document.type, document.process, document.domain) == ("B44", "A06", None)
    assert (document.period.start, document.period.end) == (EIGHT, hours(0, 3).end)
    data = without(DATA, "domain.mRID")
    assert write_message(replace(LETTER, domain=None, document_type=None, process=None)) == data


UNWRITABLE: dict[str, tuple[Envelope[Settlement], Said]] = {
    "nothing at no time": (
        replace(sent(), period=None),
        ("timeInterval", "a period in the envelope, or something in the message", "neither"),
    ),
    "nothing": (
        sent(),
        (
            "/FinancialSettlementReport_MarketDocument/TimeSeries",
            "at least 1 in FinancialSettlementReport_MarketDocument 1.0",
            "0",
        ),
    ),
    "a border of nowhere": (
        sent(ROUNDING, replace(BORDER, area=None)),
        ("SettlementLine border", "two areas, or one as area", "to A01:10YNO-2--------T"),
    ),
    "a border of an area with itself": (
        sent(replace(BORDER, to_area=EAST)),
        ("SettlementLine border", "two areas, or one as area", "to A01:10YNO-1--------2"),
    ),
    "an unknown currency": (
        sent(replace(ROUNDING, currency="XEU")),
        (
            "/FinancialSettlementReport_MarketDocument/TimeSeries[1]/currency_Unit.name",
            "a value of CurrencyTypeList",
            "'XEU'",
        ),
    ),
    "an interval within a minute": (
        sent(replace(ROUNDING, interval=Interval(EIGHT, EIGHT + timedelta(seconds=30)))),
        (
            "/FinancialSettlementReport_MarketDocument/TimeSeries[1]/Period[1]/timeInterval/end",
            "a whole minute",
            "datetime.datetime(2027, 1, 14, 8, 0, 30, tzinfo=datetime.timezone.utc)",
        ),
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_is_no_report_is_not_written(name: str) -> None:
    letter, said = UNWRITABLE[name]
    assert unwritable(lambda: write_message(letter)) == said


def test_a_curve_of_variable_blocks_pays_in_each_slot() -> None:
    curve = changed(DATA, [("set", "TimeSeries[1]/curveType", "A03")])
    money = "<quantity>1</quantity><monetaryValue_Quantity.quantity>{}</monetaryValue_Quantity.quantity>"
    data = with_period(curve, hours(0, 1), "PT15M", {1: money.format(7), 3: money.format(8)})
    assert [(line.id, int(line.amount)) for line in lines(data)[:4]] == [
        ("energy#1", 7),
        ("energy#2", 7),
        ("energy#3", 8),
        ("energy#4", 8),
    ]


@CLOCK_DAYS
def test_a_day_of_clock_change_is_paid_hour_by_hour(day: Interval, hours: int) -> None:
    money = "<quantity>{0}</quantity><monetaryValue_Quantity.quantity>-{0}</monetaryValue_Quantity.quantity>"
    points = {at: money.format(at) for at in range(1, hours + 1)}
    data = changed(with_period(DATA, day, "PT60M", points), [("drop", "TimeSeries[1]/Period[2]")])
    paid = lines(data)[:hours]
    assert [(one.id, int(one.quantity_mwh), int(one.amount)) for one in paid] == [
        (f"energy#{at}", at, -at) for at in points
    ]
    (period,) = written(sent(*paid)).series[0].periods
    assert (period.interval.start, period.interval.end, period.resolution) == (day.start, day.end, "PT60M")
    assert [point.position for point in period.points] == list(points)
