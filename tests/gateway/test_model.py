"""Canonical values: what cannot be is not built, values do not change, errors and reports say what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from gateway import errors
from gateway.envelope import Envelope
from gateway.errors import Fault, GatewayError, InvalidValue, Malformed
from gateway.model import BidSet, Direction, Limit
from gateway.report import Finding, Level, Report, Severity
from tests.market_values import OPERATOR, SELLER, TSO, WEST, bid, capacity, envelope, need, quarter

IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "bid without id": lambda: bid(""),
    "bid of less than nothing": lambda: bid("b", -1),
    "bid of no number": lambda: bid("b", "NaN"),
    "bid without bound": lambda: bid("b", "Infinity"),
    "bid with a minimum above its quantity": lambda: replace(bid("b", 10), minimum_mw=Decimal(11)),
    "bid with a negative minimum": lambda: replace(bid("b", 10), minimum_mw=Decimal(-1)),
    "bid at no price": lambda: bid("b", 10, "NaN"),
    "need of less than nothing": lambda: need("n", -1),
    "need of no number": lambda: need("n", "NaN"),
    "need in both directions": lambda: need("n", direction=Direction.BOTH),
    "negative capacity": lambda: capacity(-1),
    "border of an area with itself": lambda: capacity(10, WEST, WEST),
    "revision 0": lambda: replace(envelope(BidSet(bids=())), revision=0),
    "revision 1000": lambda: replace(envelope(BidSet(bids=())), revision=1000),
    "document created at a naive instant": lambda: Envelope(
        id="d", sender=SELLER, receiver=OPERATOR, created=quarter().start.replace(tzinfo=None), message=BidSet(bids=())
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_built(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IMPOSSIBLE[name]()
    assert caught.value.fault is Fault.OURS
    assert caught.value.path
    assert caught.value.found


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        bid("b").id = "other"  # type: ignore[misc]


@pytest.mark.parametrize(("direction", "sign"), [(Direction.UP, 1), (Direction.DOWN, -1), (Direction.BOTH, 0)])
def test_a_direction_has_a_sign(direction: Direction, sign: int) -> None:
    assert direction.sign == sign


def test_a_bid_knows_its_group_and_least_quantity() -> None:
    plain = bid("b", 10)
    assert plain.group is None
    assert plain.least_mw == 0
    assert replace(plain, divisible=False).least_mw == 10
    assert replace(plain, minimum_mw=Decimal(4)).least_mw == 4
    assert replace(plain, exclusive="x").group == "x"
    assert replace(plain, multipart="m").group == "m"
    assert replace(plain, inclusive="i").group == "i"


def test_a_limit_names_only_the_bids_that_count() -> None:
    limit = Limit(id="c", sender=TSO.id, interval=quarter(), headroom_mw=Decimal(5), coefficients={"b": Decimal("0.5")})
    assert limit.coefficients == {"b": Decimal("0.5")}


@pytest.mark.parametrize("cls", GatewayError.__subclasses__())
def test_each_error_says_where_what_and_whose_fault(cls: type[GatewayError]) -> None:
    error = cls("/Document/mRID", "an id", "nothing", "A69")
    assert str(error) == "/Document/mRID: expected an id, found nothing"
    assert isinstance(error.fault, Fault)
    assert error.code == "A69"
    assert cls.__name__ in (errors.__doc__ or "")


def test_a_malformed_document_breaks_a_general_rule() -> None:
    assert Malformed("/", "XML", "text").rule == "GEN-004"
    assert Malformed("/", "a known namespace", "urn:x", "A94", "GEN-002").rule == "GEN-002"


def finding(severity: Severity, level: Level, subject: str | None = None) -> Finding:
    return Finding(
        rule="RB-006",
        severity=severity,
        level=level,
        code="A42",
        path="/D/S[1]",
        expected="1",
        found="2",
        subject=subject,
    )


def test_a_report_knows_what_it_refuses() -> None:
    warning = Report((finding(Severity.WARN, Level.DOCUMENT),))
    assert not warning.rejects_document
    assert not warning.clean
    series = Report((finding(Severity.REJECT, Level.SERIES, "s1"), finding(Severity.WARN, Level.SERIES, "s2")))
    assert not series.rejects_document
    assert series.rejected_subjects == {"s1"}
    assert Report((finding(Severity.REJECT, Level.DOCUMENT),)).rejects_document
    assert Report().clean
    assert str(series.findings[0]) == "RB-006 /D/S[1]: expected 1, found 2"


def test_reports_join_in_order() -> None:
    joined = Report(assumptions=("a",)) + Report((finding(Severity.WARN, Level.SERIES),), ("b",), ("lost",))
    assert joined.assumptions == ("a", "b")
    assert joined.losses == ("lost",)
    assert len(joined.findings) == 1
