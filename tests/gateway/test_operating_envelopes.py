"""Operating envelopes: what they may say, and the limits on bids that follow from them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidValue
from gateway.identifiers import ResourceId
from gateway.model import Direction
from gateway.operating_envelopes import OperatingEnvelope, limits
from tests.market_values import DSO, WEST, bid, quarter

UNIT, OTHER = ResourceId("NOKG90901", "NNO"), ResourceId("NOKG90902", "NNO")
ENVELOPE = OperatingEnvelope(
    id="feeder 7",
    sender=DSO.id,
    resource=UNIT,
    interval=quarter(),
    min_mw=Decimal(-2),
    max_mw=Decimal(3),
    area=WEST,
    reason="transformer",
)
UP = replace(bid("up", 4), resource=UNIT)
DOWN = replace(bid("down", 4, direction=Direction.DOWN), resource=UNIT)

IMPOSSIBLE: dict[str, Callable[[], object]] = {
    "no bound": lambda: replace(ENVELOPE, min_mw=None, max_mw=None),
    "least above greatest": lambda: replace(ENVELOPE, min_mw=Decimal(4)),
    "no number": lambda: replace(ENVELOPE, max_mw=Decimal("NaN")),
    "infinity": lambda: replace(ENVELOPE, min_mw=Decimal("-Infinity")),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_not_built(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IMPOSSIBLE[name]()
    assert (caught.value.path, caught.value.code) == ("OperatingEnvelope feeder 7", "A42")


def test_an_envelope_bounds_the_bids_of_its_resource_both_ways() -> None:
    least, greatest = limits(ENVELOPE, Decimal(1), [UP, DOWN])
    one = Decimal(1)
    assert (least.id, least.headroom_mw) == ("feeder 7 min", 3 * one)
    assert least.coefficients == {"up": -one, "down": one}
    assert (greatest.id, greatest.headroom_mw) == ("feeder 7 max", 2 * one)
    assert greatest.coefficients == {"up": one, "down": -one}
    assert (greatest.sender, greatest.interval, greatest.reason) == (DSO.id, quarter(), "transformer")


@pytest.mark.parametrize(
    "other",
    [
        replace(UP, resource=OTHER),
        replace(UP, resource=None),
        replace(UP, interval=quarter(1)),
        replace(UP, direction=Direction.BOTH),
    ],
    ids=["another resource", "no resource", "another quarter", "no direction"],
)
def test_other_bids_do_not_count(other: object) -> None:
    assert all(not limit.coefficients for limit in limits(ENVELOPE, Decimal(0), [other]))  # type: ignore[list-item]  # a bid


@pytest.mark.parametrize(
    ("min_mw", "max_mw", "sides"), [(None, 3, ["max"]), (-2, None, ["min"]), (0, 0, ["min", "max"])]
)
def test_what_is_not_bounded_gives_no_limit(min_mw: int | None, max_mw: int | None, sides: list[str]) -> None:
    part = replace(
        ENVELOPE,
        min_mw=None if min_mw is None else Decimal(min_mw),
        max_mw=None if max_mw is None else Decimal(max_mw),
    )
    assert [limit.id.rpartition(" ")[2] for limit in limits(part, Decimal(0), [UP])] == sides


def test_a_schedule_outside_the_envelope_leaves_a_negative_headroom() -> None:
    assert limits(ENVELOPE, Decimal(5), [UP])[1].headroom_mw == -2


@given(st.integers(-5, 5), st.integers(0, 4), st.integers(0, 4))
def test_the_limits_hold_exactly_where_the_injection_is_in_the_envelope(scheduled: int, up: int, down: int) -> None:
    accepted = {"up": Decimal(up), "down": Decimal(down)}
    injection = scheduled + up - down
    held = all(
        sum(share * accepted[bid_id] for bid_id, share in limit.coefficients.items()) <= limit.headroom_mw
        for limit in limits(ENVELOPE, Decimal(scheduled), [UP, DOWN])
    )
    assert held == (-2 <= injection <= 3)
