"""The market of an installation: its gates, the names of its areas, and the defaults that it states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.market import GATES, Area, Border, CapacityFallback, Gates, MarketDefinition, Pricing
from gateway.model import Activation, Reserve
from gateway.time import QUARTER_HOUR
from tests.market_values import EAST, OPERATOR, TSO, WEST, quarter

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("gate", "closes"),
    [
        ("bids", datetime(2027, 1, 14, 7, 15, tzinfo=UTC)),
        ("local_needs", datetime(2027, 1, 14, 7, 22, 30, tzinfo=UTC)),
        ("local_clearing", datetime(2027, 1, 14, 7, 30, tzinfo=UTC)),
        ("offers", datetime(2027, 1, 14, 7, 37, 30, tzinfo=UTC)),
        ("needs", datetime(2027, 1, 14, 7, 45, tzinfo=UTC)),
        ("clearing", datetime(2027, 1, 14, 7, 46, tzinfo=UTC)),
        ("orders", datetime(2027, 1, 14, 7, 52, 30, tzinfo=UTC)),
    ],
)
def test_the_gates_of_the_quarter_at_eight(gate: str, closes: datetime) -> None:
    assert Gates().closes(gate, quarter()) == closes
    assert Gates().closes(gate, quarter(4)) == closes + 60 * MINUTE


def test_every_gate_has_its_time_and_they_follow_each_other() -> None:
    business = ("bids", "local_needs", "local_clearing", "offers", "needs", "clearing", "orders")
    assert set(business) == set(GATES)
    closing = [Gates().closes(gate, quarter()) for gate in business]
    assert closing == sorted(closing)


def test_a_market_may_have_gates_of_its_own() -> None:
    early = Gates(bids=60 * MINUTE, needs=60 * MINUTE, clearing=55 * MINUTE)
    assert early.closes("needs", quarter()) == datetime(2027, 1, 14, 7, tzinfo=UTC)
    assert early.orders == timedelta(minutes=7, seconds=30)


@pytest.mark.parametrize("minutes", list(permutations((40, 30, 20, 10))))
def test_gates_close_in_the_order_of_the_business_or_not_at_all(minutes: tuple[int, int, int, int]) -> None:
    bids, needs, clearing, orders = (number * MINUTE for number in minutes)
    if minutes == (40, 30, 20, 10):
        assert Gates(bids=bids, needs=needs, clearing=clearing, orders=orders).clearing == 20 * MINUTE
        return
    with pytest.raises(InvalidValue, match="in this order before the interval"):
        Gates(bids=bids, needs=needs, clearing=clearing, orders=orders)


def test_no_gate_closes_after_the_interval_has_begun() -> None:
    with pytest.raises(InvalidValue, match="in this order before the interval"):
        Gates(orders=-MINUTE)


@pytest.mark.parametrize(
    ("area", "name"),
    [(WEST, "West"), (EAST, "10YNO-1--------2"), (AreaId(WEST.value, "NNO"), WEST.value)],
    ids=["known", "unknown", "known under another scheme"],
)
def test_an_area_is_called_by_its_name_or_its_identifier(area: AreaId, name: str) -> None:
    market = MarketDefinition(operator=OPERATOR, areas=(Area(id=WEST, name="West", operator=TSO.id),))
    assert market.area_name(area) == name


def test_the_defaults_of_a_market() -> None:
    market = MarketDefinition(operator=OPERATOR)
    assert (market.reserve, market.activation) == (Reserve.MFRR, Activation.SCHEDULED)
    assert (market.resolution, market.currency) == (QUARTER_HOUR, "EUR")
    assert (market.closed, market.fallback) == (False, CapacityFallback.ZERO)
    assert market.pricing is Pricing.STRICT
    assert (market.price_cap, market.price_step) == (Decimal(15000), Decimal("0.01"))
    assert market.quantity_step == Decimal("0.001")
    assert (market.areas, market.borders, market.domain) == ((), (), None)


def test_a_border_carries_nothing_unless_it_says_so() -> None:
    border = Border(from_area=WEST, to_area=EAST)
    assert {border.forward_mw, border.backward_mw, border.loss_factor} == {Decimal(0)}
