"""From bids to offers: merged groups, steps of a unit, and the numbers that the clearing sees."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clearing import clear
from gateway.clearing.eligibility import Usable
from gateway.clearing.example import bid, border, limit, market_of, need, problem_of
from gateway.clearing.market import Scale
from gateway.clearing.offers import Offer, _alone, _together
from gateway.model import Availability, Bid, Capacity, Need
from gateway.results import Fate
from tests.gateway.clearing.reading import accepted, award, fates


def only_offer(*bids: Bid) -> Offer:
    """Return the one offer that *bids* become."""
    (offer,) = problem_of(*bids).offers
    return offer


def group(*sizes: int, **more: object) -> tuple[Bid, ...]:
    """Return an inclusive group of up bids of these MW."""
    return tuple(bid(f"G{at}", "A", "up", mw, 40, inclusive="g", **more) for at, mw in enumerate(sizes, 1))


def test_a_bid_becomes_an_offer_in_whole_ticks() -> None:
    offer = only_offer(bid("D1", "A", "down", "12.5", "-3.25", minimum_mw=2))

    assert (offer.id, offer.sign, offer.price) == ("D1", -1, -325)
    assert (offer.quantity, offer.minimum, offer.granularity) == (12_500, 2_000, 0)


def test_an_indivisible_bid_has_its_quantity_as_its_minimum() -> None:
    offer = only_offer(bid("U1", "A", "up", 12, 30, divisible=False))

    assert offer.minimum == offer.quantity == 12_000


def test_a_minimum_is_rounded_up_to_the_granularity_and_the_quantity_down() -> None:
    offer = only_offer(bid("U1", "A", "up", 33, 30, minimum_mw=12, granularity_mw=5))

    assert (offer.minimum, offer.quantity, offer.granularity) == (15_000, 30_000, 5_000)


def test_an_inclusive_group_becomes_one_offer() -> None:
    offer = only_offer(*group(10, 30))

    assert (offer.id, offer.quantity, offer.minimum, offer.weights) == ("g", 40_000, 0, (10_000, 30_000))
    assert offer.split(20_000) == (5_000, 15_000)


def test_members_with_steps_bind_the_group_to_common_ones() -> None:
    """10 MW in steps of 2 allow fifths, 30 MW in steps of 10 thirds: together only all or nothing."""
    stepped = bid("G1", "A", "up", 10, 40, inclusive="g", granularity_mw=2)
    offer = only_offer(stepped, bid("G2", "A", "up", 30, 40, inclusive="g", granularity_mw=10))
    halves = only_offer(*group(10, 30, granularity_mw=5))

    assert offer.granularity == 40_000
    assert halves.granularity == 20_000, "halves of 10 MW and sixths of 30 MW have halves in common"


@pytest.mark.parametrize(
    "other",
    [
        bid("G2", "B", "up", 30, 40, inclusive="g"),
        bid("G2", "A", "down", 30, 40, inclusive="g"),
        bid("G2", "A", "up", 30, 41, inclusive="g"),
    ],
)
def test_a_group_whose_members_cannot_go_together_takes_no_part(other: Bid) -> None:
    result = clear(market_of(*group(10), other, need("d", "A", 20)))

    assert accepted(result) == {}
    assert set(fates(result).values()) == {Fate.GROUP_REJECTED}
    assert "differ in area, product, direction or price" in award(result, "G1").reason


def test_a_group_goes_without_none_of_its_members() -> None:
    off = bid("G2", "A", "up", 30, 40, inclusive="g", availability=Availability.UNAVAILABLE)
    result = clear(market_of(*group(10), off, need("d", "A", 20)))

    assert fates(result) == {"G1": Fate.GROUP_REJECTED, "G2": Fate.UNAVAILABLE}
    assert "Member G2" in award(result, "G1").reason


def test_steps_behind_an_unusable_one_are_out_of_reach() -> None:
    off = bid("M1", "A", "up", 10, 60, multipart="m", availability=Availability.UNAVAILABLE)
    later = [bid("M2", "A", "up", 10, 70, multipart="m"), bid("M3", "A", "up", 10, 80, multipart="m")]
    result = clear(market_of(off, *later, need("d", "A", 5)))

    assert accepted(result) == {}
    assert fates(result)["M2"] is fates(result)["M3"] is Fate.EARLIER_STEP_OPEN
    assert "M1 is not usable in full" in award(result, "M3").reason


def test_a_multipart_bid_is_one_unit_at_one_place() -> None:
    steps = [bid("M1", "A", "up", 10, 60, multipart="m"), bid("M2", "B", "up", 10, 70, multipart="m")]
    result = clear(market_of(*steps, need("d", "A", 5)))

    assert accepted(result) == {}
    assert "differ in area" in award(result, "M1").reason


def test_steps_that_fill_up_by_themselves_need_no_decision() -> None:
    rising = [bid(f"M{at}", "A", "up", 10, 60 + at, multipart="m") for at in range(3)]
    tied = [bid(f"M{at}", "A", "up", 10, 60, multipart="m") for at in range(3)]

    assert problem_of(*rising).chains == ()
    assert problem_of(*tied).chains == ((0, 1, 2),)
    assert problem_of(*rising, limit("cable", 5, M1=1)).chains == ((0, 1, 2),)


def test_a_granularity_that_all_quantities_keep_needs_no_decision() -> None:
    stepped = [bid(f"U{at}", "A", "up", 10, 60, granularity_mw=5) for at in range(2)]

    assert problem_of(*stepped, need("d", "A", 15)).granular == ()
    assert problem_of(*stepped, need("d", "A", 12)).granular == (0, 1)
    assert problem_of(*stepped, need("d", "A", 15), limit("cable", 5, U0=1)).granular == (0, 1)


def test_the_grid_is_the_greatest_step_of_all_quantities() -> None:
    orders: tuple[Bid | Need | Capacity, ...] = (
        bid("U1", "A", "up", 12, 60),
        need("d", "A", 20),
        *border("A", "B", 8, 4),
    )

    assert problem_of(*orders).grid == 4_000
    assert problem_of(*orders, bid("U2", "A", "up", "0.5", 60)).grid == 500


@pytest.mark.parametrize(
    ("more", "network"),
    [
        ((), True),
        ((limit("cable", 5, U1=1),), False),
        (border("A", "B", 5, loss="0.01"), False),
        ((need("r", "A", 5, product="reserve"),), True),
        ((need("r", "A", 5, product="reserve"), *border("A", "B", 5)), False),
    ],
)
def test_a_network_is_what_has_neither_losses_nor_limits_nor_shared_borders(
    more: tuple[Bid, ...], *, network: bool
) -> None:
    assert problem_of(bid("U1", "A", "up", 10, 20), need("d", "A", 5), *more).is_network is network


@given(mw=st.integers(1, 400), least=st.integers(0, 400), step=st.integers(0, 50), left=st.integers(0, 400))
def test_a_bid_alone_is_a_group_of_one(mw: int, least: int, step: int, left: int) -> None:
    """In tenths of a MW: of *mw* a block leaves *left*; the least quantity and the step need not fit."""
    fields = {"minimum_mw": min(least, mw) / 10, **({"granularity_mw": step / 10} if step else {})}
    member = Usable(bid("B", "A", "up", mw / 10, 30, **fields), Decimal(min(left, mw)) / 10)
    scale = Scale(Decimal("0.1"), Decimal("0.01"))

    assert _alone(member, scale) == _together([member], (mw,), scale)
