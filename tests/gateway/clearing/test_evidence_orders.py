"""The orders as columns: what market and result say of an interval, and the offers that the rules would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, clear
from gateway.clearing.eligibility import screen
from gateway.clearing.evidence_orders import (
    Offers,
    Page,
    Units,
    demand_of,
    offers_of,
    pages,
    place_of,
    place_of_node,
    supply_of,
)
from gateway.clearing.example import PARTY, QUARTERS, bid, market_of, need
from gateway.clearing.offers import node_of, offers
from gateway.model import Activation, Availability, Bid, Block, Condition, Direction, Link, Role
from tests.gateway.clearing.drawn import orders

STEPS = Units(Decimal("0.001"), Decimal("0.01"))
FINER = Units(Decimal("0.00001"), Decimal("0.0001"))


def laid_out(market: Market, units: Units = STEPS, bids: Sequence[Bid] | None = None) -> Offers:
    """Return the offers of *bids*, by default all of the market, whose every node has a price."""
    bids = market.bids if bids is None else bids
    traded = {node_of(need) for need in market.needs} or {node_of(bid) for bid in bids}
    commodities = {node.commodity for node in traded}
    places = sorted({place_of(bid) for bid in bids if node_of(bid).commodity in commodities})
    index = {place: at for at, place in enumerate(places)}
    return offers_of(market, bids, supply_of(market, bids, units, index), units, {})


def by_the_rules(market: Market) -> dict[str, tuple[object, ...]]:
    """Return what the rules make of all bids: per offer its first bid and its numbers in steps."""
    made, _ = offers(screen(market, market.periods[0], {}), market.scale)
    return {
        offer.id: (offer.bids[0].id, offer.sign, offer.price, offer.quantity, offer.minimum, offer.granularity)
        for offer in made
    }


def in_columns(market: Market) -> dict[str, tuple[object, ...]]:
    """Return the same from the columns."""
    found = laid_out(market)
    first = [market.bids[at].id for at in found.first]
    numbers = (found.sign, found.price, found.quantity, found.minimum, found.granularity)
    rows = zip(first, *(column.tolist() for column in numbers), strict=True)
    return dict(zip(found.names, rows, strict=True))


def drawn(seed: int) -> Market:
    """Return a market with every kind of bid, some of them blocked, linked, or in another currency."""
    market = market_of(*orders(seed))
    first, second, third, *others = market.bids
    odd = (
        replace(first, links=(Link(second.id, Condition.UNAVAILABLE_IF_ACTIVATED),)),
        replace(second, currency="SEK" if seed % 2 else "EUR"),
        replace(third, activation=Activation.DIRECT if seed % 3 else Activation.SCHEDULED_OR_DIRECT),
    )
    block = Block(
        bid_id=others[0].id,
        interval=QUARTERS[0],
        area=others[0].area,
        requester=PARTY,
        requester_role=Role.DISTRIBUTION_SYSTEM_OPERATOR,
        limit_mw=Decimal(seed % 5),
    )
    return replace(market, bids=(*odd, *others), blocks=(block,))


@pytest.mark.parametrize("seed", range(60))
def test_the_columns_are_what_the_rules_make_of_every_bid(seed: int) -> None:
    market = drawn(seed)

    assert in_columns(market) == by_the_rules(market)


KINDS: dict[str, tuple[Bid, tuple[int, int, int] | None]] = {
    "plain": (bid("b", "A", "up", 10, 5), (10_000, 0, 0)),
    "down": (bid("b", "A", "down", 10, 5), (10_000, 0, 0)),
    "least": (bid("b", "A", "up", 10, 5, minimum_mw=4), (10_000, 4_000, 0)),
    "whole": (bid("b", "A", "up", 10, 5, divisible=False), (10_000, 10_000, 0)),
    "steps": (bid("b", "A", "up", 10, 5, granularity_mw=3), (9_000, 0, 3_000)),
    "least in steps": (bid("b", "A", "up", 10, 5, granularity_mw=3, minimum_mw=4), (9_000, 6_000, 3_000)),
    "one step": (bid("b", "A", "up", 10, 5, granularity_mw=6), (6_000, 0, 6_000)),
    "no step fits": (bid("b", "A", "up", 10, 5, granularity_mw=11), None),
    "whole between steps": (bid("b", "A", "up", 10, 5, granularity_mw=3, divisible=False), None),
    "no price": (bid("b", "A", "up", 10, None), None),
    "nothing": (bid("b", "A", "up", 0, 5), None),
    "both ways": (replace(bid("b", "A", "up", 10, 5), direction=Direction.BOTH), None),
    "unavailable": (bid("b", "A", "up", 10, 5, availability=Availability.UNAVAILABLE), None),
    "beyond the cap": (bid("b", "A", "up", 10, 20_000), None),
    "other money": (bid("b", "A", "up", 10, 5, currency="SEK"), None),
    "other product": (bid("b", "A", "up", 10, 5, product="reserve"), None),
    "direct": (bid("b", "A", "up", 10, 5, activation=Activation.DIRECT), None),
    "either": (bid("b", "A", "up", 10, 5, activation=Activation.SCHEDULED_OR_DIRECT), (10_000, 0, 0)),
    "condition": (
        bid("b", "A", "up", 10, 5, availability=Availability.CONDITIONALLY_UNAVAILABLE),
        None,
    ),
    "part": (bid("b", "A", "up", 10, 5, multipart="m"), (10_000, 0, 0)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("finer", [1, 100])
def test_what_each_kind_of_bid_may_give(kind: str, finer: int) -> None:
    """In a unit that is a hundred times finer every number is a hundred times as large."""
    offered, expected = KINDS[kind]
    market = market_of(offered, need("d", "A", 5))
    found = laid_out(market, STEPS if finer == 1 else FINER)
    numbers = [column.tolist() for column in (found.quantity, found.minimum, found.granularity)]

    assert list(zip(*numbers, strict=True)) == ([] if expected is None else [tuple(finer * n for n in expected)])
    assert found.member_of.tolist() == [-1 if expected is None else 0]
    assert in_columns(market) == by_the_rules(market)


@pytest.mark.parametrize(
    ("fields", "decided"),
    [
        ({}, False),
        ({"minimum_mw": 1}, True),
        ({"divisible": False}, True),
        ({"granularity_mw": 1}, True),
        ({"exclusive": "g"}, True),
        ({"multipart": "m"}, True),
        ({"inclusive": "i"}, False),
    ],
)
def test_what_hangs_on_a_decision(fields: dict[str, object], *, decided: bool) -> None:
    found = laid_out(market_of(bid("U", "A", "up", 4, 20, **fields), need("d", "A", 4)))

    assert found.decided.tolist() == [decided]


def test_members_rivals_and_steps_are_known_by_their_offers() -> None:
    market = market_of(
        bid("m2", "A", "up", 4, 60, multipart="m"),
        bid("m1", "A", "up", 4, 50, multipart="m"),
        bid("x1", "A", "up", 4, 20, exclusive="x"),
        bid("i1", "A", "up", 4, 20, inclusive="i"),
        bid("p", "A", "up", 4, 20),
        bid("i2", "A", "up", 6, 20, inclusive="i"),
        bid("x2", "A", "up", 4, 20, exclusive="x"),
        need("d", "A", 4),
    )
    found = laid_out(market)
    named = {group: [found.names[at] for at in members] for group, members in (found.rivals | found.units).items()}

    assert named == {"x": ["x1", "x2"], "m": ["m1", "m2"]}
    assert [found.names[at] for at in found.member_of] == ["m2", "m1", "x1", "i", "p", "i", "x2"]
    assert found.quantity[found.names.index("i")] == 10_000


def test_a_node_without_a_price_is_told_apart() -> None:
    market = market_of(bid("A1", "A", "up", 4, 20), bid("B1", "B", "up", 4, 20), need("d", "A", 4))
    supply = supply_of(market, market.bids, STEPS, {place_of(market.bids[0]): 0})
    found = offers_of(market, market.bids, supply, STEPS, {})

    assert dict(zip(found.names, found.node.tolist(), strict=True)) == {"A1": 0, "B1": -1}


@pytest.mark.parametrize(
    ("mw", "price", "sign", "value", "asked"),
    [
        (5, 70, 1, 7_000, 5_000),
        (5, None, 1, 1_500_000, 5_000),
        (-5, 20, -1, 2_000, 5_000),
        (-5, None, -1, -1_500_000, 5_000),
    ],
    ids=["up", "inelastic up", "down", "inelastic down"],
)
def test_what_needs_state(mw: int, price: int | None, sign: int, value: int, asked: int) -> None:
    market = market_of(need("d", "B", mw, price))
    found = demand_of(market, market.needs, STEPS, {place_of(market.needs[0]): 7})

    assert [column.tolist() for column in found] == [[7], [sign], [value], [asked]]


def test_places_tell_nodes_apart_as_orders_and_prices_do() -> None:
    order = bid("A1", "A", "up", 4, 20)

    assert place_of(order) == place_of_node(node_of(order)) == ("A", "example", "mFRR", "energy")
    assert len({place_of(replace(order, product=product)) for product in ("energy", "reserve")}) == 2


def test_market_and_result_are_sorted_by_interval() -> None:
    """Equal intervals meet on one page, whether they are one object or several."""
    later = [replace(bid(f"b{n}", "A", "up", 4, 20), interval=replace(QUARTERS[n % 2])) for n in range(4)]
    market = market_of(*later, *(need("d", "A", 1, interval=quarter) for quarter in QUARTERS[:2]))
    found = pages(market, clear(market))

    assert {period: [each.id for each in page.bids] for period, page in found.items()} == {
        QUARTERS[0]: ["b0", "b2"],
        QUARTERS[1]: ["b1", "b3"],
    }
    for page in found.values():
        assert [len(part) for part in (page.awards, page.needs, page.served, page.prices)] == [2, 1, 1, 1]
        assert [*page.flows, *page.shadows] == []


def test_a_stray_bid_has_a_page_of_its_own() -> None:
    market = market_of(bid("a", "A", "up", 4, 20), rules=ClearingRules())
    stray = replace(market, bids=(*market.bids, replace(market.bids[0], id="z", interval=QUARTERS[3])))

    assert pages(stray, clear(market))[QUARTERS[3]] == Page(bids=[stray.bids[1]])
