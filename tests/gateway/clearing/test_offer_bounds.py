"""What bids become, around every bound: quantity, minimum, granularity, shares of a group, and what cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gateway.clearing.eligibility import screen
from gateway.clearing.example import PARTY, QUARTERS, area, bid, limit, market_of, number
from gateway.clearing.market import Scale
from gateway.clearing.offers import Offer, merit, offers, proportional
from gateway.model import Bid, Block, Role
from gateway.results import Fate


def made(*bids: Bid, caps: dict[str, float] | None = None, scale: Scale | None = None) -> list[Offer | str]:
    """Return the offers that bids become, or the sentence for each that becomes none; *caps*: what blocks leave."""
    blocks = [
        Block(
            bid_id=name,
            requester=PARTY,
            requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
            interval=QUARTERS[0],
            area=area("A"),
            limit_mw=number(mw),
        )
        for name, mw in (caps or {}).items()
    ]
    market = market_of(*bids, *blocks)
    kept, refused = offers(screen(market, QUARTERS[0], {}), scale or market.scale)
    return [*kept, *(each.reason for each in refused)]


NO_AMOUNT = "No amount satisfies its minimum, its granularity and its caps together."


@pytest.mark.parametrize(
    ("fields", "cap", "expected"),
    [
        ({}, None, (10_000, 0, 0)),
        ({"divisible": False}, None, (10_000, 10_000, 0)),
        ({"minimum_mw": 4}, None, (10_000, 4_000, 0)),
        ({"minimum_mw": 10}, None, (10_000, 10_000, 0)),
        ({"granularity_mw": 5}, None, (10_000, 0, 5_000)),
        ({"granularity_mw": 4}, None, (8_000, 0, 4_000)),
        ({"granularity_mw": 10}, None, (10_000, 0, 10_000)),
        ({"granularity_mw": 11}, None, NO_AMOUNT),
        ({"granularity_mw": 4, "minimum_mw": 3}, None, (8_000, 4_000, 4_000)),
        ({"granularity_mw": 4, "minimum_mw": 4}, None, (8_000, 4_000, 4_000)),
        ({"granularity_mw": 4, "minimum_mw": 5}, None, (8_000, 8_000, 0)),
        ({"granularity_mw": 4, "minimum_mw": 8}, None, (8_000, 8_000, 0)),
        ({"granularity_mw": 4, "minimum_mw": 9}, None, NO_AMOUNT),
        ({"granularity_mw": 5, "divisible": False}, None, (10_000, 10_000, 0)),
        ({"granularity_mw": 4, "divisible": False}, None, NO_AMOUNT),
        ({}, 3, (3_000, 0, 0)),
        ({}, 0.001, (1, 0, 0)),
        ({}, 12, (10_000, 0, 0)),
        ({"minimum_mw": 4}, 4, (4_000, 4_000, 0)),
        ({"granularity_mw": 4}, 7.9, (4_000, 0, 4_000)),
        ({"granularity_mw": 4}, 3.9, NO_AMOUNT),
    ],
)
def test_a_bid_of_ten_megawatts(
    fields: dict[str, object], cap: float | None, expected: tuple[int, int, int] | str
) -> None:
    """Quantity, minimum and granularity in steps of 0.001 MW."""
    (found,) = made(bid("U", "A", "up", 10, 20, **fields), caps=None if cap is None else {"U": cap})

    assert (found if isinstance(found, str) else (found.quantity, found.minimum, found.granularity)) == expected


@pytest.mark.parametrize(
    ("mw", "scale_mw", "quantity"),
    [("2.57", "0.1", 25), ("2.6", "0.1", 26), ("2.599999", "0.1", 25), ("0.1", "0.1", 1)],
)
def test_a_quantity_is_rounded_down_to_steps(mw: str, scale_mw: str, quantity: int) -> None:
    (found,) = made(bid("U", "A", "up", mw, 20), scale=Scale(number(scale_mw), number("0.01")))

    assert isinstance(found, Offer)
    assert found.quantity == quantity


def test_a_bid_smaller_than_a_step_takes_no_part() -> None:
    (found,) = made(bid("U", "A", "up", "1.5", 20, granularity_mw=2))

    assert found == NO_AMOUNT


@pytest.mark.parametrize(
    ("sizes", "fields", "caps", "expected"),
    [
        ((10, 30), ({}, {}), {}, (40_000, 0, 0)),
        ((10, 30), ({"minimum_mw": 5}, {}), {}, (40_000, 20_000, 0)),
        ((10, 30), ({"minimum_mw": 5}, {"minimum_mw": 20}), {}, (40_000, 26_667, 0)),
        ((10, 30), ({"divisible": False}, {}), {}, (40_000, 40_000, 0)),
        ((10, 30), ({}, {}), {"G1": 5}, (20_000, 0, 0)),
        ((10, 30), ({}, {}), {"G1": 5, "G2": 3}, (4_000, 0, 0)),
        ((10, 30), ({"minimum_mw": 6}, {}), {"G2": 15}, NO_AMOUNT),
        ((10, 30), ({"divisible": False}, {}), {"G2": 29}, NO_AMOUNT),
        ((10, 30), ({"granularity_mw": 5}, {}), {}, (40_000, 0, 20_000)),
        ((10, 30), ({"granularity_mw": 5}, {"granularity_mw": 10}), {}, (40_000, 0, 40_000)),
        ((10, 20), ({"granularity_mw": 2}, {"granularity_mw": 4}), {}, (30_000, 0, 6_000)),
        ((10, 20), ({"granularity_mw": 2}, {"granularity_mw": 4}), {"G2": 15}, (18_000, 0, 6_000)),
        ((7, 7, 7), ({}, {}, {}), {}, (21_000, 0, 0)),
    ],
)
def test_an_inclusive_group_goes_in_one_ratio(
    sizes: tuple[int, ...],
    fields: tuple[dict[str, object], ...],
    caps: dict[str, float],
    expected: tuple[int, int, int] | str,
) -> None:
    """The largest ratio is the least of usable ÷ offered, the smallest the greatest of minimum ÷ offered."""
    members = [
        bid(f"G{at}", "A", "up", mw, 20, inclusive="g", **more)
        for at, (mw, more) in enumerate(zip(sizes, fields, strict=True), 1)
    ]
    found = made(*members, caps=caps)

    if isinstance(expected, str):
        assert found == [expected] * len(sizes)
    else:
        (offer,) = found
        assert isinstance(offer, Offer)
        assert (offer.quantity, offer.minimum, offer.granularity) == expected
        assert offer.weights == tuple(1000 * mw for mw in sizes)
        assert offer.offered == 1000 * sum(sizes)


@pytest.mark.parametrize("ticks", [0, 1, 2, 3, 10, 13_333, 39_999, 40_000])
def test_the_parts_of_an_award_sum_up_and_keep_the_ratio(ticks: int) -> None:
    (offer,) = made(*(bid(name, "A", "up", mw, 20, inclusive="g") for name, mw in (("G1", 10), ("G2", 30))))
    assert isinstance(offer, Offer)
    parts = offer.split(ticks)

    assert sum(parts) == ticks
    assert all(
        abs(part - Fraction(ticks * weight, 40_000)) < 1 for part, weight in zip(parts, offer.weights, strict=True)
    )


@pytest.mark.parametrize(
    ("weights", "coefficient"),
    [({"G1": 1}, "0.25"), ({"G2": 1}, "0.75"), ({"G1": 1, "G2": 1}, "1"), ({"G1": 3, "G2": -1}, "0"), ({"Z": 1}, "0")],
)
def test_a_megawatt_of_a_group_counts_in_a_limit_by_the_shares_of_its_members(
    weights: dict[str, float], coefficient: str
) -> None:
    (offer,) = made(*(bid(name, "A", "up", mw, 20, inclusive="g") for name, mw in (("G1", 10), ("G2", 30))))

    assert isinstance(offer, Offer)
    assert offer.coefficient(limit("cable", 5, **weights)) == number(coefficient)


def test_steps_of_a_unit_go_by_merit() -> None:
    """Up: cheapest first; down: dearest first; without a price before all, then by id."""
    ups = [
        bid("b", "A", "up", 1, 20),
        bid("a", "A", "up", 1, 20),
        bid("c", "A", "up", 1, -5),
        bid("d", "A", "up", 1, None),
    ]
    downs = [bid("b", "A", "down", 1, 20), bid("a", "A", "down", 1, -5), bid("c", "A", "down", 1, 30)]

    assert [each.id for each in sorted(ups, key=merit)] == ["d", "c", "a", "b"]
    assert [each.id for each in sorted(downs, key=merit)] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("steps", "usable", "obstacle"),
    [
        ((10, 20, 30), ["M10", "M20", "M30"], None),
        ((10, None, 30), [], "M20"),
        ((10, 0, 30), ["M10"], "M20"),
        ((10, 5, 30), ["M10", "M20"], "M20"),
    ],
    ids=["all", "no price", "blocked", "capped"],
)
def test_a_step_that_can_never_be_full_closes_those_behind_it(
    steps: tuple[int | None, ...], usable: list[str], obstacle: str | None
) -> None:
    """Steps of 10 MW; the second has no price (and so stands before all), is blocked, or is capped at 5 MW."""
    second = steps[1]
    names = ("M10", "M20", "M30")
    prices = (10, None if second is None else 20, 30)
    bids = [bid(name, "A", "up", 10, price, multipart="m") for name, price in zip(names, prices, strict=True)]
    caps = {"M20": float(second)} if second in {0, 5} else {}
    found = made(*bids, caps=caps)

    assert [each.id for each in found if isinstance(each, Offer)] == usable
    reason = f"A cheaper step of its multipart bid can never be full: {obstacle} is not usable in full."
    assert {each for each in found if isinstance(each, str)} == ({reason} if obstacle else set())


def test_fates_of_what_cannot_be_merged() -> None:
    """A group is rejected as one; a single bid is unavailable."""
    group = [bid("G1", "A", "up", 10, 20, inclusive="g"), bid("G2", "A", "up", 10, 21, inclusive="g")]
    market = market_of(*group, bid("U", "A", "up", 1, 20, granularity_mw=2))
    _, refused = offers(screen(market, QUARTERS[0], {}), market.scale)

    assert {each.bid.id: each.fate for each in refused} == {
        "G1": Fate.GROUP_REJECTED,
        "G2": Fate.GROUP_REJECTED,
        "U": Fate.UNAVAILABLE,
    }


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1, (0, 1), (0, 1)),
        (2, (1, 1, 1), (1, 1, 0)),
        (100, (1, 2, 3), (17, 33, 50)),
        (7, (5,), (7,)),
        (3, (10, 10, 10, 10), (1, 1, 1, 0)),
    ],
)
def test_proportional_parts(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert proportional(total, weights) == parts
