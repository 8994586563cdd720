"""Corrections of perimeters, money, and messages about messages: to document and back."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.accounts import (
    AdjustmentKind,
    PerimeterAdjustment,
    PerimeterCorrection,
    Settlement,
    SettlementKind,
    SettlementLine,
)
from gateway.envelope import Message
from gateway.errors import Unwritable
from gateway.identifiers import ResourceId
from gateway.inquiries import InquiryCondition, Problem, StatusInquiry
from gateway.model import Reserve
from gateway.results import Reason
from profiles import energy_account, financial_settlement_report
from profiles.energy_account import EnergyAccountMarketDocument
from profiles.financial_settlement_report import FinancialSettlementReportMarketDocument
from profiles.parts import Reason as WireReason
from tests.market_values import EAST, EIGHT, OTHER_SELLER, SELLER, WEST, quarter
from tests.wire_values import changed, document, first_series, letter, refusal, there_and_back


def adjustment(number: int, energy: object, **changes: object) -> PerimeterAdjustment:
    plain = PerimeterAdjustment(
        id=f"a#{number + 1}",
        party=SELLER.id,
        area=WEST,
        interval=quarter(number),
        energy_mwh=Decimal(str(energy)),
        price=Decimal("62.5"),
    )
    return changed(plain, **changes)


def line(number: int, kind: SettlementKind, amount: object, **changes: object) -> SettlementLine:
    plain = SettlementLine(
        id=f"l#{number + 1}",
        kind=kind,
        reserve=Reserve.MFRR if kind is SettlementKind.BALANCING_ENERGY else None,
        interval=quarter(number),
        quantity_mwh=Decimal("0.5"),
        amount=Decimal(str(amount)),
        area=WEST,
    )
    return changed(plain, **changes)


MESSAGES: dict[str, Message] = {
    "adjustments": PerimeterCorrection(
        adjustments=(
            adjustment(0, "-0.4"),
            adjustment(1, "0.55"),
            adjustment(3, 0, id="b", party=OTHER_SELLER.id, kind=AdjustmentKind.IMBALANCE, price=None, currency="NOK"),
        ),
        final=False,
    ),
    "money": Settlement(
        lines=(
            line(0, SettlementKind.BALANCING_ENERGY, 25),
            line(1, SettlementKind.BALANCING_ENERGY, "-6.25"),
            *(
                line(at, kind, at, id=kind.name)
                for at, kind in enumerate(SettlementKind)
                if kind is not SettlementKind.BALANCING_ENERGY
            ),
            *(
                line(at, SettlementKind.BALANCING_ENERGY, 1, id=str(kind), reserve=kind)
                for at, kind in enumerate(Reserve)
            ),
            line(
                0,
                SettlementKind.CONGESTION_INCOME,
                "-93.75",
                id="border",
                area=EAST,
                to_area=WEST,
                resource=ResourceId("10T-NO-SE-00001B", "A01"),
                currency="NOK",
            ),
        )
    ),
    "a settlement to come": Settlement(lines=(line(0, SettlementKind.IMBALANCE, 1, id="x"),), final=False),
    "a question": StatusInquiry(
        conditions=(
            InquiryCondition(attribute="DocumentType", value="A37"),
            InquiryCondition(attribute="RequestedParty", value="10X1001A1001A38Y", scheme="A01"),
        )
    ),
    "a complaint": Problem(
        expected_type="A37",
        expected_at=EIGHT,
        expected_process="A47",
        timeframe="A01",
        delivery_at=quarter().end,
        area=WEST,
        reasons=(Reason(code="A91"), Reason(code="999", text="nobody answers the telephone")),
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_written_means_the_same_when_read(name: str) -> None:
    received, report = there_and_back(letter(MESSAGES[name]))
    assert received.message == MESSAGES[name]
    assert (report.losses, report.assumptions) == ((), ())


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("adjustments", "EnergyAccount_MarketDocument 4.0"),
        ("adjustments", "EnergyAccount_MarketDocument 3.0"),
        ("a question", "StatusRequest_MarketDocument 4.0"),
    ],
)
def test_older_editions_carry_it_too(name: str, edition: str) -> None:
    assert there_and_back(letter(MESSAGES[name]), edition)[0].message == MESSAGES[name]


def test_a_time_frame_has_no_place_in_the_oldest_problem_statement() -> None:
    with pytest.raises(Unwritable, match="timeframe"):
        there_and_back(letter(MESSAGES["a complaint"]), "ProblemStatement_MarketDocument 3.0")


def test_a_problem_statement_has_a_period() -> None:
    with pytest.raises(Unwritable, match=r"period\.timeInterval"):
        there_and_back(replace(letter(MESSAGES["a complaint"]), period=None))


ACCOUNT = document(EnergyAccountMarketDocument, letter(MESSAGES["adjustments"]))
MONEY = document(FinancialSettlementReportMarketDocument, letter(MESSAGES["money"]))


def with_point(**changes: object) -> FinancialSettlementReportMarketDocument:
    period = MONEY.series[0].periods[0]
    points = (changed(period.points[0], **changes), *period.points[1:])
    return first_series(MONEY, periods=(changed(period, points=points),))


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "a perimeter of nobody": (lambda: first_series(ACCOUNT, party=None), "TimeSeries[1]/marketParticipant.mRID", "A69"),
    "another correction": (lambda: first_series(ACCOUNT, business_type="A01"), "TimeSeries[1]/businessType", "A62"),
    "another report": (lambda: replace(MONEY, type="A37"), "type", "A77"),
    "another payment": (lambda: first_series(MONEY, business_type="A01"), "TimeSeries[1]/businessType", "A62"),
    "no currency": (lambda: first_series(MONEY, currency=None), "TimeSeries[1]/currency_Unit.name", "A69"),
    "no money": (
        lambda: with_point(monetary_value=None),
        "TimeSeries[1]/Point/monetaryValue_Quantity.quantity",
        "A69",
    ),
    "payment for power": (
        lambda: first_series(MONEY, quantity_unit="MAW"),
        "TimeSeries[1]/measurement_Unit.name",
        "999",
    ),
    "payment for reactive energy": (
        lambda: first_series(MONEY, product="8716867000047"),
        "TimeSeries[1]/product",
        "999",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_is_refused_with_its_place(name: str) -> None:
    build, path, code = REFUSED[name]
    assert refusal(build()) == (path, code)


def test_lines_of_one_account_are_one_series() -> None:
    assert [len(series.periods[0].points) for series in MONEY.series][:2] == [2, 1]
    assert [series.id for series in ACCOUNT.series] == ["a", "b"]


def test_a_settlement_without_a_status_is_final() -> None:
    received, report = financial_settlement_report.to_canonical(replace(MONEY, status=None))
    assert received.message.final
    assert report.assumptions == ("no docStatus: final",)


def test_nothing_that_is_dropped_goes_unsaid() -> None:
    whys = (WireReason(code="A48"),)
    series = changed(with_point(reasons=whys).series[0], reasons=whys)
    full = replace(MONEY, series=(series,), reasons=whys)
    assert financial_settlement_report.to_canonical(full)[1].losses == ("Reason: dropped 1 times",) * 3
    point = changed(ACCOUNT.series[0].periods[0].points[0], in_quality="A03", out_quality="A04", reasons=whys)
    period = changed(ACCOUNT.series[0].periods[0], points=(point,), resolution="PT30M")
    account = first_series(ACCOUNT, periods=(period,), metering_point=ACCOUNT.series[0].area, agreement="a")
    assert [loss.partition(":")[0] for loss in energy_account.to_canonical(account)[1].losses] == [
        "marketAgreement.mRID",
        "marketEvaluationPoint.mRID",
        "Reason",
        "in_Quantity.quality",
        "out_Quantity.quality",
    ]
