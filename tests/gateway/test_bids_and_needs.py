"""Bids, needs and their words: groups, least quantities, links, and what a message of the model says by default."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.envelope import Envelope, Message
from gateway.model import (
    Activation,
    Availability,
    Bid,
    BidSet,
    Block,
    Blocking,
    Capacity,
    CapacityKind,
    Condition,
    Direction,
    GridConstraints,
    Limit,
    Link,
    Need,
    Party,
    Reserve,
    ReserveNeed,
    Role,
)
from tests.market_values import DSO, EAST, OPERATOR, SELLER, TSO, WEST, bid, block, capacity, envelope, need, quarter

D = Decimal


# ---- bids


@pytest.mark.parametrize(
    ("quantity", "minimum", "divisible", "least"),
    [
        ("10", "0", True, "0"),
        ("10", "4", True, "4"),
        ("10", "10", True, "10"),
        ("10", "0", False, "10"),
        ("10", "4", False, "10"),
        ("0", "0", False, "0"),
    ],
)
def test_the_least_amount_in_which_a_bid_is_accepted(
    quantity: str, minimum: str, least: str, *, divisible: bool
) -> None:
    offered = replace(bid("b", quantity), minimum_mw=D(minimum), divisible=divisible)
    assert offered.least_mw == D(least)


@pytest.mark.parametrize(
    ("member", "group"),
    [
        (bid("b"), None),
        (replace(bid("b"), exclusive="x"), "x"),
        (replace(bid("b"), multipart="m"), "m"),
        (replace(bid("b"), inclusive="i"), "i"),
    ],
    ids=["alone", "exclusive", "multipart", "inclusive"],
)
def test_a_bid_belongs_to_the_group_that_it_names(member: Bid, group: str | None) -> None:
    assert member.group == group


def test_a_technical_link_is_no_group() -> None:
    linked = replace(bid("b"), technical_link="unit", links=(Link("a", Condition.AVAILABLE_IF_ACTIVATED),))
    assert linked.group is None


def test_what_a_bid_says_where_nobody_says_more() -> None:
    plain = bid("b")
    assert (plain.currency, plain.reserve, plain.activation) == ("EUR", Reserve.MFRR, Activation.SCHEDULED)
    assert (plain.product, plain.availability) == ("energy", Availability.AVAILABLE)
    assert (plain.divisible, plain.minimum_mw, plain.granularity_mw) == (True, D(0), None)
    assert (plain.links, plain.national, plain.resource) == ((), (), None)
    durations = (plain.activation_time, plain.resting_time, plain.minimum_duration, plain.maximum_duration)
    assert durations == (None, None, None, None)


@given(quantity=st.decimals(0, 1000, places=3), minimum=st.decimals(0, 1000, places=3), divisible=st.booleans())
def test_a_bid_is_built_exactly_where_its_minimum_fits(quantity: Decimal, minimum: Decimal, *, divisible: bool) -> None:
    try:
        offered = replace(bid("b", quantity), minimum_mw=minimum, divisible=divisible)
    except ValueError:
        assert minimum > quantity
        return
    assert offered.minimum_mw <= offered.least_mw <= offered.quantity_mw


# ---- words


@pytest.mark.parametrize(("direction", "sign"), [(Direction.UP, 1), (Direction.DOWN, -1), (Direction.BOTH, 0)])
def test_the_sign_of_a_direction(direction: Direction, sign: int) -> None:
    assert direction.sign == sign


def test_the_first_six_conditions_take_away_and_the_other_six_give() -> None:
    conditions = list(Condition)
    assert len(conditions) == 12
    assert all(one.startswith(("unavailable", "not for direct")) for one in conditions[:6])
    assert all(one.startswith(("available", "for direct")) for one in conditions[6:])
    assert len({one.value for one in conditions}) == 12


def test_the_balancing_processes_are_those_of_the_guideline() -> None:
    assert [reserve.value for reserve in Reserve] == ["FCR", "aFRR", "mFRR", "RR"]


def test_every_role_has_a_name_of_its_own() -> None:
    assert len({role.value for role in Role}) == len(Role)
    assert all(role.value == role.value.strip().replace("_", " ") for role in Role)


def test_parties_are_sorted_by_identifier_and_then_by_role() -> None:
    first = Party(SELLER.id, Role.BALANCING_SERVICE_PROVIDER)
    second = Party(SELLER.id, Role.PRODUCER)
    assert sorted([TSO, second, first]) == [TSO, first, second]


# ---- messages


def test_what_a_need_says_where_nobody_says_more() -> None:
    plain: Need = need("n")
    assert (plain.price, plain.required, plain.currency, plain.product) == (None, True, "EUR", "energy")
    assert (plain.reserve, plain.activation, plain.resource) == (Reserve.MFRR, Activation.SCHEDULED, None)


def test_what_a_capacity_says_where_nobody_says_more() -> None:
    plain: Capacity = capacity(5)
    assert (plain.kind, plain.loss_factor) == (CapacityKind.AVAILABLE, D(0))


def test_what_a_block_and_a_limit_say_where_nobody_says_more() -> None:
    whole = Block(bid_id="b", requester=DSO.id, requester_role=DSO.role, interval=quarter(), area=WEST)
    assert (whole.limit_mw, whole.kind, whole.reason) == (None, "thermal", "")
    limit = Limit(id="l", sender=DSO.id, interval=quarter(), headroom_mw=D("-1"))
    assert (dict(limit.coefficients), limit.reason, limit.headroom_mw) == ({}, "", D(-1))


def test_limits_do_not_share_their_coefficients() -> None:
    one, other = (Limit(id=name, sender=DSO.id, interval=quarter(), headroom_mw=D(1)) for name in "ab")
    assert one.coefficients is not other.coefficients


def test_messages_are_empty_where_nothing_is_said() -> None:
    assert (GridConstraints().capacities, GridConstraints().limits) == ((), ())
    assert BidSet(bids=()).replaces_all is False
    assert ReserveNeed(needs=()).needs == ()
    assert Blocking(blocks=(block("b"),)).blocks[0].requester == DSO.id


MESSAGES = get_args(Message)


@pytest.mark.parametrize("kind", MESSAGES, ids=[kind.__name__ for kind in MESSAGES])
def test_every_message_is_a_frozen_value_with_a_docstring(kind: type) -> None:
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # what the decorator was told
    assert not hasattr(kind, "__dict__") or "__slots__" in vars(kind)
    assert (kind.__doc__ or "").strip()


def test_a_message_has_one_name_among_all() -> None:
    assert len({kind.__name__ for kind in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize(
    "value", [bid("b"), need("n"), capacity(1), envelope(BidSet(bids=()))], ids=lambda v: type(v).__name__
)
def test_no_field_of_a_value_can_be_set(value: object) -> None:
    for field in fields(value):  # type: ignore[arg-type]  # each is a dataclass
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)


# ---- envelopes


def test_what_an_envelope_says_where_nobody_says_more() -> None:
    letter = Envelope(id="d", sender=SELLER, receiver=OPERATOR, created=quarter().start, message=BidSet(bids=()))
    assert (letter.revision, letter.document_type, letter.process, letter.reserve) == (1, None, None, None)
    assert (letter.period, letter.domain, letter.subject) == (None, None, None)
    assert (letter.edition, letter.digest) == (None, None)


@given(st.integers(-5, 1200))
def test_a_revision_has_one_to_three_digits(revision: int) -> None:
    letter = envelope(BidSet(bids=()))
    try:
        assert replace(letter, revision=revision).revision == revision
    except ValueError:
        assert not 1 <= revision <= 999
    else:
        assert 1 <= revision <= 999


@pytest.mark.parametrize(("origin", "target"), list(product([WEST, EAST], repeat=2)))
def test_a_border_joins_two_areas(origin: object, target: object) -> None:
    try:
        carried = capacity(1, origin, target)  # type: ignore[arg-type]  # two areas
    except ValueError:
        assert origin == target
        return
    assert (carried.from_area, carried.to_area) == (origin, target)
    assert origin != target
