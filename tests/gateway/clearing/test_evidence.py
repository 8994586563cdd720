"""What the certificate looks at: a result laid beside its market, every figure worked out by hand.

Volumes are counted in steps of 0.001 MW and prices in steps of 0.01; the tests show them in MW and money.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from gateway.clearing import Market, certify, clear
from gateway.clearing.counting import Numbers, told
from gateway.clearing.evidence import Evidence, evidence
from gateway.clearing.evidence_grid import ends, node_of_price
from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, market_of, need, number
from gateway.identifiers import PartyId
from gateway.model import Bid, Block, Capacity, Condition, Limit, Link, Need

Thing = Bid | Need | Capacity | Limit | Block
OPERATOR = PartyId("operator", "example")
NETWORK: tuple[Thing, ...] = (
    bid("A1", "A", "up", 40, 60),
    bid("B1", "B", "up", 60, 45),
    bid("D1", "B", "down", 10, 15),
    need("dA", "A", 60),
    need("dB", "B", -5, 20),
    *border("B", "A", 30, 30),
)
"""B sends 30 MW; 25 MW of it are made, 5 are what dB leaves. A pays 60, B 45."""


def shown(*things: Thing) -> Evidence:
    """Return the one interval of a market with its right result."""
    market = market_of(*things)
    (found,) = evidence(market, clear(market))
    return found


def in_mw(of: Evidence, volumes: Numbers) -> list[Decimal]:
    """Return volumes in MW."""
    return [told(volume, of.units.mw) for volume in volumes]


def in_money(of: Evidence, prices: Numbers) -> list[Decimal]:
    """Return prices per MWh."""
    return [told(price, of.units.price) for price in prices]


def test_a_result_is_laid_out_in_columns() -> None:
    found = shown(*NETWORK)
    flows = zip(found.arcs.start, found.arcs.end, in_mw(found, found.arcs.flow), strict=True)

    assert dict(zip(found.bids.names, in_mw(found, found.bids.volume), strict=True)) == {"A1": 30, "B1": 25, "D1": 0}
    assert in_money(found, found.bids.told.price) == [60, 45, 45]
    assert dict(zip(found.needs.names, in_mw(found, found.needs.volume), strict=True)) == {"dA": 60, "dB": 5}
    assert [node.area.value for node in found.nodes.nodes] == ["A", "B"]
    assert in_money(found, found.nodes.price) == [60, 45]
    assert [tuple(map(int, flow)) for flow in flows] == [(0, 1, 0), (1, 0, 30)]
    assert (found.period, found.units) == (QUARTERS[0], (Decimal("0.001"), Decimal("0.01")))
    assert found.offers.names == ["A1", "B1", "D1"]


def test_what_offers_have_and_earn() -> None:
    """D1 would pay 15 for what is worth 45."""
    found = shown(*NETWORK)

    assert in_mw(found, found.accepted) == [30, 25, 0]
    assert in_mw(found, found.offers.quantity) == [40, 60, 10]
    assert in_money(found, found.surplus) == [0, 0, -30]
    assert found.grid_cost().tolist() == [0, 0, 0]


def test_what_needs_are_worth_and_what_all_of_it_is() -> None:
    """60 MW at the cap, 5 MW less at 20 that would rather keep it, 30 MW at 60 and 25 at 45."""
    found = shown(*NETWORK)
    inelastic = shown(*NETWORK[:4], need("dB", "B", -5), *NETWORK[5:])

    assert in_money(found, found.demand.value) == [15_000, 20]
    assert in_money(found, found.better) == [15_000 - 60, 45 - 20]
    assert in_money(inelastic, inelastic.demand.value) == [15_000, -15_000]
    assert told(found.welfare, found.money) == 60 * 15_000 - 5 * 20 - 30 * 60 - 25 * 45


@pytest.mark.parametrize(("loss", "there", "back"), [("0", "15", "-15"), ("0.1", "9.75", "-20.25")])
def test_what_a_megawatt_sent_earns(loss: str, there: str, back: str) -> None:
    """Between 45 and 60; with losses 1.05 MW are bought and 0.95 sold. The way back loses 0.95 · 45 − 1.05 · 60."""
    found = shown(*NETWORK)
    lossy = replace(found, arcs=found.arcs._replace(half_loss=np.full(2, float(number(loss)) / 2)))

    assert in_money(lossy, lossy.gain) == [Decimal(back), Decimal(there)]


@pytest.mark.parametrize(
    ("more", "exact"),
    [
        ((), True),
        ((limit("cable", 100, A1=1),), False),
        ((limit("cable", 100, nobody=1),), True),
        (border("A", "C", 5, loss="0.01"), False),
        ((need("r", "A", 0, product="reserve"),), False),
    ],
    ids=["network", "limit", "limit of nobody", "losses", "shared border"],
)
def test_only_a_network_leaves_nothing_to_rounding(more: tuple[Thing, ...], *, exact: bool) -> None:
    found = shown(*NETWORK, *more)

    assert found.exact is exact
    assert (int(found.near_mw), int(found.near_price)) == ((0, 0) if exact else (1, 2))
    assert (found.near_mw, found.near_price) < (1.01, 2.01)


def test_products_without_a_border_share_nothing() -> None:
    assert shown(bid("A1", "A", "up", 4, 6), need("d", "A", 1), need("r", "A", 0, product="reserve")).exact


CABLE = (bid("U1", "A", "up", 40, 20), bid("U2", "A", "up", 40, 50), need("d", "A", 30))


@pytest.mark.parametrize(("sender", "own", "paid"), [(OPERATOR, False, 20), (PARTY, True, 50)])
def test_a_limit_of_an_operator_moves_the_price_that_is_paid_and_a_joint_capacity_does_not(
    sender: PartyId, paid: int, *, own: bool
) -> None:
    """12 MW of U1 at a shadow price of 30."""
    found = shown(*CABLE, replace(limit("cable", 12, U1=1), sender=sender))

    assert found.limits.own.tolist() == [own]
    assert in_money(found, found.limits.shadow) == [30]
    assert in_money(found, found.grid_cost()) == [30, 0]
    assert in_money(found, found.grid_cost(own=False)) == [0 if own else 30, 0]
    assert in_money(found, found.surplus) == [0, 0]
    assert in_money(found, found.bids.told.price)[0] == paid


@pytest.mark.parametrize(
    ("stated", "limits"),
    [
        ((limit("cable", -3, U1=1),), {"cable": (0, [1, 0], True)}),
        ((limit("cable", 12, U1=1, U2=-0.5),), {"cable": (12, [1, -0.5], False)}),
        ((limit("cable", 12, U1=0),), {}),
        ((replace(limit("cable", 12, U1=1), interval=QUARTERS[1]),), {}),
        ((limit("one", 90, U1=1), limit("two", 80, U2=1)), {"one": (90, [1, 0], True), "two": (80, [0, 1], True)}),
    ],
    ids=["no headroom", "relief", "no weight", "later", "two"],
)
def test_limits_are_those_that_count_an_offer_of_the_interval(
    stated: tuple[Limit, ...], limits: dict[str, tuple[object, ...]]
) -> None:
    found = shown(*CABLE, *stated)
    rows: Iterator[tuple[object, ...]] = zip(
        in_mw(found, found.limits.headroom), found.limits.matrix.toarray().tolist(), found.limits.own, strict=True
    )

    assert dict(zip(found.limits.names, rows, strict=True)) == limits


def test_a_limit_counts_a_group_by_the_shares_of_its_members() -> None:
    """10 of 40 MW count 1, the others nothing."""
    members = (bid("G1", "A", "up", 10, 20, inclusive="g"), bid("G2", "A", "up", 30, 20, inclusive="g"))

    assert shown(*members, need("d", "A", 4), limit("cable", 90, G1=1)).limits.matrix.toarray().tolist() == [[0.25]]


def test_a_price_at_the_cap_proves_nothing_about_those_who_see_more() -> None:
    """U1 alone cannot serve d: with a limit the price is cut, without one it is exact."""
    cut, exact = shown(CABLE[0], need("d", "A", 50), limit("cable", 12, U1=1)), shown(CABLE[0], need("d", "A", 50))

    assert [cut.cut.tolist(), exact.cut.tolist()] == [[True], [False]]
    assert [cut.untold.tolist(), exact.untold.tolist()] == [[True], [False]]


def test_every_product_is_seen_on_every_border() -> None:
    found = shown(*NETWORK, need("r", "A", 0, product="reserve"))

    assert [found.arc_name(at) for at in range(4)] == [
        "flow A (mFRR energy) to B (mFRR energy)",
        "flow A (mFRR reserve) to B (mFRR reserve)",
        "flow B (mFRR energy) to A (mFRR energy)",
        "flow B (mFRR reserve) to A (mFRR reserve)",
    ]
    assert in_mw(found, found.arcs.flow) == [0, 0, 30, 0]
    assert in_mw(found, found.used) == [0, 30]
    assert [found.border_name(at) for at in range(2)] == ["border A to B", "border B to A"]


def test_prices_and_flows_know_their_nodes() -> None:
    result = clear(market_of(*NETWORK))

    assert str(node_of_price(result.prices[0])) == "A (mFRR energy)"
    assert [str(each) for each in ends(result.flows[0])] == ["A (mFRR energy)", "B (mFRR energy)"]


def test_a_result_that_leaves_the_steps_is_counted_in_finer_ones() -> None:
    market = market_of(*NETWORK)
    right = clear(market)
    finer = replace(right, awards=tuple(replace(a, quantity_mw=a.quantity_mw / 3) for a in right.awards))
    (found,) = evidence(market, replace(finer, prices=right.prices))

    assert found.units.mw < Decimal("1e-20")
    assert told(found.bids.volume[1], found.units.mw) == right.awards[1].quantity_mw / 3
    assert told(found.step, found.units.mw) == Decimal("0.001")


def two_quarters() -> Market:
    """Return a market of two quarters; x may be used in the second one only if y was not in the first."""
    link = Link("y", Condition.UNAVAILABLE_IF_ACTIVATED)
    second = QUARTERS[1]
    return market_of(
        bid("x", "A", "up", 10, 5, interval=second, links=(link,)),
        bid("z", "A", "up", 10, 50, interval=second),
        bid("y", "A", "up", 10, 20),
        need("d", "A", 5),
        need("d", "A", 5, interval=second),
    )


def test_intervals_come_in_the_order_of_time_and_later_ones_know_what_the_earlier_say() -> None:
    market = two_quarters()
    result = clear(market)
    first, second = evidence(market, result)
    (idle, free) = evidence(
        market, replace(result, awards=tuple(replace(a, quantity_mw=Decimal(0)) for a in result.awards))
    )

    assert (first.period, second.period) == (QUARTERS[0], QUARTERS[1])
    assert first.offers.names == idle.offers.names == ["y"]
    assert second.offers.names == ["z"]
    assert sorted(free.offers.names) == ["x", "z"], "had y not been accepted, x could be used"


def test_a_bid_that_its_link_keeps_out_may_not_be_accepted() -> None:
    market = two_quarters()
    right = clear(market)
    wrong = replace(
        right,
        awards=tuple(replace(a, quantity_mw=Decimal({"x": 5, "z": 0}.get(a.bid_id, 5))) for a in right.awards),
    )

    assert certify(market, right) == ()
    assert ("bounds", f"{QUARTERS[1]} bid x", Decimal(5)) in {
        (v.item, v.place, v.amount) for v in certify(market, wrong)
    }
