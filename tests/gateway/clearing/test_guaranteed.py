"""Guaranteed volumes: which bids stay out of the common list, why, and what that costs the market."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from gateway.clearing import ClearingRules, certify, clear
from gateway.clearing.example import PARTY, QUARTERS, area, bid, border, market_of, need
from gateway.clearing.guaranteed import withheld
from gateway.errors import InvalidValue
from gateway.market import GuaranteedVolume
from gateway.model import Activation, Availability, Bid, Block, Capacity, Condition, Direction, Link, Need, Role
from gateway.results import ClearingResult, Fate
from tests.gateway.clearing.reading import accepted, award, fates, prices

EITHER: dict[str, object] = {"activation": Activation.SCHEDULED_OR_DIRECT}
CHEAP = bid("A1", "A", "up", 30, 60, **EITHER)
DEAR = bid("A2", "A", "up", 30, 80, **EITHER)
DEAREST = bid("A3", "A", "up", 30, 90)
"""The dearest bid is for scheduled activation only."""


def guarantee(mw: float, direction: Direction = Direction.UP, *areas: str) -> GuaranteedVolume:
    """Return a guarantee of *mw* in *areas*, or in A."""
    return GuaranteedVolume(areas=tuple(map(area, areas or ("A",))), direction=direction, quantity_mw=Decimal(str(mw)))


def cleared(*things: Bid | Need | Capacity | Block | GuaranteedVolume) -> ClearingResult:
    """Return the result of a market with guarantees."""
    kept = tuple(each for each in things if isinstance(each, GuaranteedVolume))
    others = [each for each in things if not isinstance(each, GuaranteedVolume)]
    market = market_of(*others, rules=ClearingRules(guaranteed=kept))
    result = clear(market)
    assert certify(market, result) == ()
    return result


def kept_out(result: ClearingResult) -> set[str]:
    """Return the bids that a guarantee keeps out."""
    return {name for name, fate in fates(result).items() if fate is Fate.WITHHELD}


def test_the_dearest_bid_that_can_be_activated_directly_stays_out() -> None:
    """Without the guarantee A2 would set 80; now A3, which cannot be activated directly, sets 90."""
    asked = need("d", "A", 50)
    free, held = cleared(CHEAP, DEAR, DEAREST, asked), cleared(CHEAP, DEAR, DEAREST, asked, guarantee(20))

    assert accepted(free) == {"A1": 30, "A2": 20}
    assert accepted(held) == {"A1": 30, "A3": 20}
    assert prices(free) == {"A": 80}
    assert prices(held) == {"A": 90}
    assert award(held, "A2").fate is Fate.WITHHELD
    assert award(held, "A2").reason == "Withheld for direct activation: 20 MW up are guaranteed in A."
    assert free.welfare - held.welfare == 20 * (90 - 80)


@pytest.mark.parametrize(
    ("mw", "names"),
    [(0.001, {"A2"}), (30, {"A2"}), (30.001, {"A1", "A2"}), (60, {"A1", "A2"})],
    ids=["a little", "exactly one", "a little more", "both"],
)
def test_bids_are_withheld_whole_until_the_volume_is_covered(mw: float, names: set[str]) -> None:
    result = cleared(CHEAP, DEAR, DEAREST, need("d", "A", 10), guarantee(mw))

    assert kept_out(result) == names
    assert result.notes == ()


def test_a_guarantee_that_cannot_be_covered_is_told_and_stops_nothing() -> None:
    result = cleared(CHEAP, DEAR, DEAREST, need("d", "A", 10), guarantee(75))

    assert kept_out(result) == {"A1", "A2"}
    assert accepted(result) == {"A3": 10}
    assert result.notes == (f"{QUARTERS[0]}: 75 MW up are guaranteed in A, but 15 MW of it are not offered.",)


def test_of_down_bids_the_one_that_pays_least_is_the_dearest() -> None:
    pays_well, pays_badly = bid("D1", "A", "down", 30, 25, **EITHER), bid("D2", "A", "down", 30, 5, **EITHER)
    result = cleared(pays_well, pays_badly, CHEAP, need("d", "A", -10), guarantee(10, Direction.DOWN))

    assert kept_out(result) == {"D2"}
    assert accepted(result) == {"D1": 10}


def test_at_one_price_the_higher_id_stays_out() -> None:
    twins = [replace(CHEAP, id=name) for name in ("U1", "U10", "U2")]
    result = cleared(*twins, need("d", "A", 10), guarantee(40))

    assert kept_out(result) == {"U2", "U10"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_bids_means_nothing(order: tuple[int, ...]) -> None:
    offered = (CHEAP, DEAR, replace(CHEAP, id="A0"))

    assert cleared(*(offered[at] for at in order), need("d", "A", 10), guarantee(50)) == cleared(
        *offered, need("d", "A", 10), guarantee(50)
    )


DIRECT = bid("A9", "A", "up", 20, 100, activation=Activation.DIRECT)
BLOCKED = Block(
    bid_id="A9",
    requester=PARTY,
    requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
    interval=QUARTERS[0],
    area=area("A"),
)


@pytest.mark.parametrize(
    ("direct", "names"),
    [
        ((DIRECT,), set()),
        ((replace(DIRECT, quantity_mw=Decimal(19)),), {"A2"}),
        ((replace(DIRECT, area=area("B")),), {"A2"}),
        ((replace(DIRECT, direction=Direction.DOWN),), {"A2"}),
        ((replace(DIRECT, interval=QUARTERS[1]),), {"A2"}),
        ((replace(DIRECT, availability=Availability.UNAVAILABLE),), {"A2"}),
        ((DIRECT, BLOCKED), {"A2"}),
    ],
    ids=["enough", "too little", "elsewhere", "other direction", "later", "unavailable", "blocked"],
)
def test_bids_for_direct_activation_only_cover_the_guarantee_first(
    direct: tuple[Bid | Block, ...], names: set[str]
) -> None:
    assert kept_out(cleared(CHEAP, DEAR, *direct, need("d", "A", 10), guarantee(20))) == names


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": Activation.SCHEDULED},
        {"area": area("B")},
        {"exclusive": "g"},
        {"multipart": "m"},
        {"inclusive": "i"},
        {"technical_link": "t"},
        {"links": (Link("A0", Condition.UNAVAILABLE_IF_ACTIVATED),)},
        {"availability": Availability.UNAVAILABLE},
        {"price": None},
    ],
    ids=[
        "scheduled",
        "elsewhere",
        "exclusive",
        "multipart",
        "inclusive",
        "technical",
        "linked",
        "unavailable",
        "unpriced",
    ],
)
def test_a_bid_that_cannot_stand_for_the_guarantee_is_passed_over(changes: dict[str, object]) -> None:
    result = cleared(CHEAP, replace(DEAR, **changes), need("d", "A", 10), guarantee(20))  # type: ignore[arg-type]  # fields by name

    assert kept_out(result) == {"A1"}


def test_what_a_block_leaves_of_a_bid_is_what_it_counts() -> None:
    """The operator leaves 15 of the 30 MW of A2, so that A1 is needed too for 20 MW."""
    result = cleared(
        CHEAP, DEAR, need("d", "A", 10), guarantee(20), replace(BLOCKED, bid_id="A2", limit_mw=Decimal(15))
    )

    assert kept_out(result) == {"A1", "A2"}


def test_a_guarantee_for_two_areas_takes_the_dearest_of_both() -> None:
    far = replace(DEAR, id="B1", area=area("B"), price=Decimal(85))
    result = cleared(CHEAP, DEAR, far, need("d", "A", 40), *border("B", "A", 50), guarantee(30, Direction.UP, "A", "B"))

    assert kept_out(result) == {"B1"}
    assert award(result, "B1").reason == "Withheld for direct activation: 30 MW up are guaranteed in A, B."


def test_a_bid_counts_for_every_guarantee_that_it_serves() -> None:
    result = cleared(CHEAP, DEAR, need("d", "A", 10), guarantee(30), guarantee(20, Direction.UP, "A", "B"))

    assert kept_out(result) == {"A2"}


def test_directions_are_guaranteed_apart() -> None:
    down = bid("D1", "A", "down", 30, 5, **EITHER)
    result = cleared(CHEAP, DEAR, down, need("d", "A", 10), guarantee(20), guarantee(20, Direction.DOWN))

    assert kept_out(result) == {"A2", "D1"}


def test_in_a_direct_activation_every_bid_is_there() -> None:
    asked = need("d", "A", 50, activation=Activation.DIRECT)
    result = cleared(CHEAP, DEAR, DIRECT, asked, guarantee(60))

    assert kept_out(result) == set()
    assert accepted(result) == {"A1": 30, "A2": 20}


def test_without_a_guarantee_nothing_is_withheld() -> None:
    market = market_of(CHEAP, DEAR)

    assert withheld(market, QUARTERS[0], [(CHEAP, CHEAP.quantity_mw)]).reasons == {}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"areas": ()}, "GuaranteedVolume.areas"),
        ({"direction": Direction.BOTH}, "GuaranteedVolume.direction"),
        ({"quantity_mw": Decimal(0)}, "GuaranteedVolume.quantity_mw"),
        ({"quantity_mw": Decimal("NaN")}, "GuaranteedVolume.quantity_mw"),
    ],
    ids=["no area", "both directions", "nothing", "no number"],
)
def test_a_guarantee_of_nothing_is_refused(changes: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        replace(guarantee(20), **changes)  # type: ignore[arg-type]  # fields by name

    assert refused.value.path == path
