"""What the certificate looks at: a result laid beside its market, every figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import Market, certify, clear
from gateway.clearing.evidence import Evidence, ends, evidence, node_of_price
from gateway.clearing.example import PARTY, QUARTERS, area, bid, border, limit, market_of, need, number
from gateway.clearing.offers import Node, Offer
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


def offer(of: Evidence, name: str) -> Offer:
    """Return the offer called *name*."""
    return next(each for each in of.usable if each.id == name)


def node(of: Evidence, name: str) -> Node:
    """Return the node of the area called *name*."""
    return next(each for each in of.prices if each.area == area(name))


def test_a_result_is_laid_out_by_name() -> None:
    found = shown(*NETWORK)

    assert {name: each.quantity_mw for name, each in found.awards.items()} == {"A1": 30, "B1": 25, "D1": 0}
    assert {name: each.served_mw for name, each in found.served.items()} == {"dA": 60, "dB": 5}
    assert {key.area.value: each.price for key, each in found.prices.items()} == {"A": 60, "B": 45}
    assert {(a.area.value, b.area.value): each.quantity_mw for (a, b), each in found.flows.items()} == {
        ("A", "B"): 0,
        ("B", "A"): 30,
    }
    assert found.period == QUARTERS[0]
    assert [each.id for each in found.usable] == ["A1", "B1", "D1"]


@pytest.mark.parametrize(
    ("name", "accepted", "quantity", "surplus"), [("A1", 30, 40, 0), ("B1", 25, 60, 0), ("D1", 0, 10, -30)]
)
def test_what_an_offer_has_and_earns(name: str, accepted: int, quantity: int, surplus: int) -> None:
    """D1 would pay 15 for what is worth 45."""
    found = shown(*NETWORK)
    each = offer(found, name)

    assert [found.accepted(each), found.quantity(each), found.surplus(each)] == [accepted, quantity, surplus]
    assert found.grid_cost(each) == 0


def test_what_needs_are_worth_and_what_all_of_it_is() -> None:
    """60 MW at the cap, 5 MW less at 20 that would rather keep it, 30 MW at 60 and 25 at 45."""
    found = shown(*NETWORK)

    assert {name: found.value(each) for name, each in found.needs.items()} == {"dA": 15_000, "dB": 20}
    assert found.value(replace(found.needs["dB"], price=None)) == -15_000
    assert found.welfare == 60 * 15_000 - 5 * 20 - 30 * 60 - 25 * 45


@pytest.mark.parametrize(("loss", "there", "back"), [("0", "15", "-15"), ("0.1", "9.75", "-20.25")])
def test_what_a_megawatt_sent_earns(loss: str, there: str, back: str) -> None:
    """Between 45 and 60; with losses 1.05 MW are bought and 0.95 sold. The way back loses 0.95 · 45 − 1.05 · 60."""
    found = shown(*NETWORK)
    lossy = replace(found.borders[0], loss_factor=number(loss))
    cheap, dear = node(found, "B"), node(found, "A")

    assert found.gain(cheap, dear, lossy) == Decimal(there)
    assert found.gain(dear, cheap, lossy) == Decimal(back)


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
    assert (found.near_mw, found.near_price) == (
        (Decimal(0), Decimal(0)) if exact else (Decimal("0.001"), Decimal("0.02"))
    )


def test_products_without_a_border_share_nothing() -> None:
    assert shown(bid("A1", "A", "up", 4, 6), need("d", "A", 1), need("r", "A", 0, product="reserve")).exact


CABLE = (bid("U1", "A", "up", 40, 20), bid("U2", "A", "up", 40, 50), need("d", "A", 30))


@pytest.mark.parametrize(("sender", "own", "paid"), [(OPERATOR, False, 20), (PARTY, True, 50)])
def test_a_limit_of_an_operator_moves_the_price_that_is_paid_and_a_joint_capacity_does_not(
    sender: PartyId, paid: int, *, own: bool
) -> None:
    """12 MW of U1 at a shadow price of 30."""
    found = shown(*CABLE, replace(limit("cable", 12, U1=1), sender=sender))
    first, second = offer(found, "U1"), offer(found, "U2")

    assert found.limits["cable"] == (Decimal(12), {"U1": Decimal(1)}, own)
    assert [found.shadow("cable"), found.shadow("unknown")] == [30, 0]
    assert [found.grid_cost(first), found.grid_cost(first, own=False)] == [30, 0 if own else 30]
    assert [found.grid_cost(second), found.surplus(first), found.surplus(second)] == [0, 0, 0]
    assert found.awards["U1"].price == paid


@pytest.mark.parametrize(
    ("stated", "limits"),
    [
        ((limit("cable", -3, U1=1),), {"cable": (0, {"U1": 1}, True)}),
        ((limit("cable", 12, U1=1, U2=-0.5),), {"cable": (12, {"U1": 1, "U2": Decimal("-0.5")}, False)}),
        ((limit("cable", 12, U1=0),), {}),
        ((replace(limit("cable", 12, U1=1), interval=QUARTERS[1]),), {}),
        (
            (limit("one", 90, U1=1), limit("two", 80, U2=1)),
            {"one": (90, {"U1": 1}, True), "two": (80, {"U2": 1}, True)},
        ),
    ],
    ids=["no headroom", "relief", "no weight", "later", "two"],
)
def test_limits_are_those_that_count_an_offer_of_the_interval(
    stated: tuple[Limit, ...], limits: dict[str, tuple[object, ...]]
) -> None:
    assert shown(*CABLE, *stated).limits == limits


def test_a_price_at_the_cap_proves_nothing_about_those_who_see_more() -> None:
    """U1 alone cannot serve d: with a limit the price is cut, without one it is exact."""
    cut, exact = shown(CABLE[0], need("d", "A", 50), limit("cable", 12, U1=1)), shown(CABLE[0], need("d", "A", 50))

    assert [cut.cut(node(cut, "A")), exact.cut(node(exact, "A"))] == [True, False]
    assert [cut.untold(offer(cut, "U1")), exact.untold(offer(exact, "U1"))] == [True, False]


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
    found = shown(bid("U", "A", "up", 4, 20, **fields), need("d", "A", 4))

    assert found.decided(found.usable[0]) is decided


def test_every_product_is_seen_on_every_border() -> None:
    found = shown(*NETWORK, need("r", "A", 0, product="reserve"))
    arcs = [(str(start), str(end), int(flow)) for _, start, end, flow in found.arcs()]

    assert arcs == [
        ("A (mFRR energy)", "B (mFRR energy)", 0),
        ("A (mFRR reserve)", "B (mFRR reserve)", 0),
        ("B (mFRR energy)", "A (mFRR energy)", 30),
        ("B (mFRR reserve)", "A (mFRR reserve)", 0),
    ]


def test_prices_and_flows_know_their_nodes() -> None:
    result = clear(market_of(*NETWORK))

    assert str(node_of_price(result.prices[0])) == "A (mFRR energy)"
    assert [str(each) for each in ends(result.flows[0])] == ["A (mFRR energy)", "B (mFRR energy)"]


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
    assert [each.id for each in first.usable] == [each.id for each in idle.usable] == ["y"]
    assert [each.id for each in second.usable] == ["z"]
    assert [each.id for each in free.usable] == ["x", "z"], "had y not been accepted, x could be used"


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
