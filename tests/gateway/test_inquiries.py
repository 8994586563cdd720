"""Messages about messages: what an inquiry and a problem may say, and what they may not."""

from dataclasses import replace

import pytest

from gateway.errors import InvalidValue
from gateway.inquiries import InquiryCondition, Problem, StatusInquiry
from gateway.results import Reason
from tests.market_values import EIGHT, WEST

PROBLEM = Problem(expected_type="A37", expected_at=EIGHT, reasons=(Reason(code="A91"),), area=WEST)


def test_an_inquiry_asks_for_something() -> None:
    with pytest.raises(InvalidValue, match="one condition or more"):
        StatusInquiry(conditions=())
    asked = InquiryCondition(attribute="RequestedParty", value="10X1001A1001A38Y", scheme="A01")
    assert StatusInquiry(conditions=(asked,)).conditions == (asked,)


def test_a_problem_has_a_reason() -> None:
    with pytest.raises(InvalidValue, match="one reason or more"):
        replace(PROBLEM, reasons=())


def test_a_problem_knows_no_naive_instants() -> None:
    naive = EIGHT.replace(tzinfo=None)
    with pytest.raises(InvalidValue, match=r"Problem\.expected_at"):
        replace(PROBLEM, expected_at=naive)
    with pytest.raises(InvalidValue, match=r"Problem\.delivery_at"):
        replace(PROBLEM, delivery_at=naive)
    assert replace(PROBLEM, delivery_at=EIGHT).delivery_at == EIGHT
