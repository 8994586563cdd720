"""Bid_TimeSeries with a need: what a system operator asks for, between the wire and the canonical model."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Activation, Direction, Need, Reserve, ReserveNeed
from gateway.time import Interval
from profiles import bids
from profiles.cases.edits import changed
from profiles.lexical import Coded
from tests.profiles.documents.messages import meaning, period, source, with_periods

NEEDS = source("reserve_bid", "7.4/own-written-needs")
NO1 = AreaId("10YNO-1--------2", "A01")
SELLER, OTHER = PartyId("9999909919920", "A10"), PartyId("9999909919939", "A10")
UNIT = ResourceId("NOKG90901", "NNO")
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
NEED = Need(
    id="n",
    buyer=OTHER,
    area=NO1,
    direction=Direction.DOWN,
    interval=Interval(TEN + QUARTER, TEN + 4 * QUARTER),
    quantity_mw=Decimal(4),
)


@pytest.mark.parametrize(("code", "required"), [("B75", True), ("B90", False)])
def test_the_business_type_says_whether_a_need_must_be_met(code: str, required: bool) -> None:  # noqa: FBT001 - a parameter of the test
    message, _ = meaning(changed(NEEDS, [("set", "Bid_TimeSeries[2]/businessType", code)]), ReserveNeed)
    assert message.needs[1].required is required
    assert bids.need_series(message.needs[1], OTHER).business_type == code


@pytest.mark.parametrize("activation", list(Activation))
def test_how_a_need_may_be_met_is_written_as_its_product(activation: Activation) -> None:
    codes = {Activation.SCHEDULED: "A05", Activation.DIRECT: "A06", Activation.SCHEDULED_OR_DIRECT: "A07"}
    written = bids.need_series(dataclasses.replace(NEED, activation=activation), OTHER)
    assert written.product == codes[activation]
    (again,) = bids.needs(written, Coded(OTHER.value, OTHER.scheme), Reserve.MFRR)
    assert again.activation is activation


def test_a_need_of_an_unknown_product_is_met_as_scheduled() -> None:
    tag = "Bid_TimeSeries[1]/standard_MarketProduct.marketProductType"
    for edit in [("set", tag, "A02"), ("drop", tag)]:
        assert meaning(changed(NEEDS, [edit]), ReserveNeed)[0].needs[0].activation is Activation.SCHEDULED


def test_what_a_need_says_is_written_element_by_element() -> None:
    written = bids.need_series(NEED, SELLER)
    assert (written.id, written.business_type, written.divisible) == ("n", "B75", "A01")
    assert written.provider == Coded("9999909919939", "A10")
    assert written.acquiring_domain == written.connecting_domain == Coded("10YNO-1--------2", "A01")
    assert (written.quantity_unit, written.energy_price_unit, written.currency) == ("MAW", None, "EUR")
    assert (written.direction, written.status, written.resource) == ("A02", None, None)
    (one,) = written.periods
    assert (one.resolution, one.points[0].quantity, one.points[0].energy_price) == ("PT45M", Decimal(4), None)
    priced = bids.need_series(dataclasses.replace(NEED, price=Decimal(3), resource=UNIT), OTHER)
    assert (priced.provider, priced.energy_price_unit, priced.resource) == (None, "MWH", Coded("NOKG90901", "NNO"))
    assert priced.periods[0].points[0].energy_price == Decimal(3)


def test_the_needs_of_a_series_are_numbered_too() -> None:
    hour = Interval(TEN, TEN + 4 * QUARTER)
    points = [f"<quantity.quantity>{mw}</quantity.quantity>" for mw in (12, 13)]
    data = with_periods(NEEDS, "Bid_TimeSeries", period(hour, "PT30M", *points))
    found = meaning(data, ReserveNeed)[0].needs
    assert [(need.id, int(need.quantity_mw), need.price) for need in found] == [
        ("elastic#1", 12, None),
        ("elastic#2", 13, None),
        ("wish", 3, None),
    ]
    assert found[1].interval == Interval(TEN + 2 * QUARTER, TEN + 4 * QUARTER)
