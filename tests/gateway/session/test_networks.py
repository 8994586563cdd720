"""Sessions that a network clears: the same documents give each scheme the cost that is known for it by hand.

The system is the small one of `gateway.coordination.example`, whose costs stand there: 600, 668, 668, 633, 716 and
876 EUR/h. What is missing at T1 is a need that is sent, the bids come as documents, the buyers of the integrated
scheme are balance responsible parties with a price; nothing but the network is known beforehand.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from gateway.coordination.example import SMALL
from gateway.identifiers import PartyId
from gateway.market import Area, MarketDefinition
from gateway.model import Bid, Block, Blocking, GridConstraints, Need, Party, Role
from gateway.results import Fate
from gateway.schemes import named, names
from gateway.session import Session, replay
from gateway.session.networks import BUS, Grid, by_network
from tests.gateway.session.period import ACCEPTED, Room, bids, codes, needs
from tests.gateway.session.test_schemes import SCHEDULE
from tests.market_values import DSO, EAST, OPERATOR, SELLER, TSO, WEST, bid, need, quarter

BELOW = {"D1", "D2", "H1"}
BRP = Party(PartyId("7080000000067", "A10"), Role.BALANCE_RESPONSIBLE_PARTY)
MARKET = MarketDefinition(
    operator=OPERATOR,
    areas=(Area(id=WEST, name="above", operator=TSO.id), Area(id=EAST, name="below", operator=DSO.id)),
)
INJECTIONS = {**SMALL.market.injections_mw, "T1": Decimal(0)}
BUSES = {**SMALL.market.buses, "BRPY": "T1"}
GRID = Grid(
    system=replace(
        SMALL, market=replace(SMALL.market, injections_mw=INJECTIONS, buses=BUSES), trades=(), trade_buses={}
    ),
    areas={WEST: "T1"},
)
NEED = need("n", 6)
PURCHASE = replace(need("BRPX", 3, 55), buyer=BRP.id)
SALE = replace(bid("BRPY", 2, 40), provider=BRP.id)


def offers() -> tuple[Bid, ...]:
    """Return the bids of the system as documents would tell them."""
    return tuple(
        replace(
            one,
            provider=SELLER.id,
            area=EAST if SMALL.market.buses[one.id] in BELOW else WEST,
            interval=quarter(),
        )
        for one in SMALL.market.bids
    )


def opened(scheme: str, grid: Grid = GRID) -> Room:
    members = (TSO, DSO, SELLER)
    clearings = by_network(named(scheme), grid)
    return Room(Session.begin(named(scheme), MARKET, quarter(), members=members, clearings=clearings))


def sent(scheme: str, wanted: Need = NEED, grid: Grid = GRID, *more: Bid) -> Room:
    """Let the documents arrive in time."""
    parties = opened(scheme, grid)
    for minutes, area in ((60, WEST), (59, EAST)):
        own = tuple(one for one in offers() if one.area == area)
        assert codes(parties.hear(bids(*own, *(more if area == WEST else ())), SELLER, minutes)) == ACCEPTED
    parties.hear(SCHEDULE, TSO, 50)
    parties.hear(GridConstraints(), DSO, 44)
    parties.hear(needs(), DSO, 43)
    assert codes(parties.hear(needs(wanted), TSO, 42)) == ACCEPTED
    parties.hear(GridConstraints(), TSO, 41)
    return parties


@cache
def cleared(scheme: str) -> Room:
    """Return a period whose orders are out, for tests that only look at it."""
    parties = sent(scheme, NEED, GRID, *([SALE] if scheme == "integrated" else []))
    if scheme == "integrated":
        assert codes(parties.hear(needs(PURCHASE), BRP, 40)) == ACCEPTED
    for minutes in (37.5, 30, 22.5, 15, 14, 12, 7.5):
        parties.tick(minutes)
    return parties


def cost(parties: Room) -> Decimal:
    """Return what the ordered bids cost per hour, less what buyers other than the operators pay."""
    prices = {one.id: one.direction.sign * (one.price or 0) for one in (*offers(), SALE)}
    ordered = parties.session.standing.ordered_mw()
    bought = [
        need.served_mw * (need.limit_price or 0)
        for result in parties.session.standing.results().values()
        for need in result.needs
        if need.buyer == BRP.id
    ]
    return sum((prices[name] * power for name, power in ordered.items()), Decimal(0)) - sum(bought, Decimal(0))


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("centralised", 600),
        ("common_centralised", 668),
        ("common_decentralised", 668),
        ("integrated", 633),
        ("local", 716),
        ("shared", 876),
    ],
)
def test_each_scheme_costs_what_is_known_by_hand(scheme: str, expected: int) -> None:
    assert round(cost(cleared(scheme)), 6) == expected


@pytest.mark.parametrize("scheme", names())
def test_a_session_that_a_network_clears_is_replayed_with_the_same_plan(scheme: str) -> None:
    session = cleared(scheme).session
    assert replay(session.journal, session.plan).written() == session.written()


def test_prices_are_told_by_bus() -> None:
    result = cleared("common_centralised").session.standing.results()[8]
    prices = {price.area.value: round(price.price, 6) for price in result.prices if price.area.scheme == BUS}
    # 50 at the transmission buses; at D1 and D2 less 0.02 and 0.04 times the price 1700 of the voltage.
    assert {bus: prices[bus] for bus in ("T1", "T2", "D1", "D2")} == {"T1": 50, "T2": 50, "D1": 16, "D2": -18}


def test_an_award_is_settled_at_the_price_of_its_bus() -> None:
    awards = {award.bid_id: award for award in cleared("common_centralised").session.standing.results()[8].awards}
    assert awards["E4"].quantity_mw == 1
    assert round(awards["E4"].price or Decimal(0), 6) == -18
    assert awards["E4"].fate is Fate.PARTLY_ACCEPTED
    assert awards["G2"].fate is Fate.OUT_OF_THE_MONEY
    # E2 offers at 20 where the price is -18: out of the money at its bus, though the price above is 50.
    assert awards["E2"].fate is Fate.OUT_OF_THE_MONEY


def test_a_block_is_a_cap_in_the_next_round() -> None:
    parties = sent("centralised")
    parties.tick(15)
    first = parties.session.standing.results()[5]
    used = {award.bid_id: award.quantity_mw for award in first.awards if award.quantity_mw}
    assert used["G1"] > 0
    block = Block(
        bid_id="G1", requester=DSO.id, requester_role=DSO.role, interval=quarter(), area=WEST, limit_mw=Decimal(2)
    )
    assert codes(parties.hear(Blocking(blocks=(block,)), DSO, 14)) == ACCEPTED
    again = {award.bid_id: award.quantity_mw for award in parties.session.standing.results()[5].awards}
    assert again["G1"] == 2


@pytest.mark.parametrize(
    "change",
    [{"divisible": False}, {"price": None}, {"exclusive": "g"}, {"id": "stranger"}],
    ids=["indivisible", "without a price", "in a group", "at no bus"],
)
def test_a_bid_that_has_no_place_in_the_network_is_out_of_scope(change: dict[str, object]) -> None:
    other = replace(bid("G2x", 5, 1), **change)  # type: ignore[arg-type]  # as drawn
    market = replace(GRID.system.market, buses={**BUSES, "G2x": "T2"})
    grid = replace(GRID, system=replace(GRID.system, market=market))
    parties = sent("common_centralised", NEED, grid, other)
    parties.tick(15)
    fates = {award.bid_id: award.fate for award in parties.session.standing.results()[8].awards}
    assert fates[other.id] is Fate.OUT_OF_SCOPE


def test_without_any_bid_that_has_a_place_nothing_is_served() -> None:
    parties = opened("common_centralised")
    parties.hear(bids(bid("stranger", 5, 1)), SELLER, 60)
    parties.hear(needs(NEED), TSO, 42)
    for minutes in (15, 14):
        parties.tick(minutes)
    assert [unmet.unserved_mw for unmet in parties.session.unserved] == [6]


def test_what_the_network_cannot_deliver_is_unserved() -> None:
    parties = sent("common_centralised", replace(NEED, quantity_mw=Decimal(100)))
    for minutes in (15, 14):
        parties.tick(minutes)
    (unmet,) = parties.session.unserved
    assert 0 < unmet.unserved_mw < 100
