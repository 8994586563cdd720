"""Clearing again gives the answer of a clearing from the beginning under every rule for buyers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.clearing import ClearingRules, Market, clear
from gateway.clearing.example import area, bid, border, market_of, need
from gateway.clearing.reclear import Standing
from gateway.market import CounterActivation, GuaranteedVolume
from gateway.model import Activation, Direction

EITHER: dict[str, object] = {"activation": Activation.SCHEDULED_OR_DIRECT}
KEPT = GuaranteedVolume(areas=(area("A"),), direction=Direction.UP, quantity_mw=Decimal(20))
WAY = border("A", "B", 5)
MARKETS = {
    "tolerance with decisions": market_of(
        bid("U1", "A", "up", 55, 30, divisible=False),
        bid("U2", "A", "up", 50, 80),
        need("d", "A", 50, tolerance_mw=10),
        *WAY,
    ),
    "tolerance without": market_of(
        bid("U1", "A", "up", 53, -5), bid("U2", "A", "up", 50, 80), need("d", "A", 50, tolerance_mw=10), *WAY
    ),
    "guaranteed volume": market_of(
        bid("U1", "A", "up", 55, 30, **EITHER),
        bid("U2", "A", "up", 55, 90, **EITHER),
        bid("U3", "A", "up", 50, 80),
        need("d", "A", 50),
        *WAY,
        rules=ClearingRules(guaranteed=(KEPT,)),
    ),
    "least volume": market_of(
        bid("U1", "A", "up", 30, 20),
        bid("U2", "A", "up", 30, 21),
        bid("D", "A", "down", 15, 35),
        need("d", "A", 10),
        *WAY,
        rules=ClearingRules(counter_activation=CounterActivation.VOLUME_FIRST),
    ),
    "equal prices in two areas": market_of(
        bid("A1", "A", "up", 30, 20),
        bid("B1", "B", "up", 30, 20),
        bid("B2", "B", "up", 5, 10),
        need("d", "B", 34),
        *WAY,
    ),
    "several buyers": market_of(
        bid("U1", "A", "up", 30, 20),
        bid("U2", "A", "up", 30, 40),
        need("t", "A", 20),
        need("b", "B", 4, 35),
        need("s", "A", -6, 10),
        *WAY,
    ),
}


@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_each_bid_that_is_withdrawn_and_comes_back_leads_to_the_answer_from_the_beginning(market: Market) -> None:
    standing = Standing(market)

    for gone in market.bids:
        rest = replace(market, bids=tuple(bid for bid in market.bids if bid is not gone))
        assert standing.again(rest) == clear(rest)
        assert standing.again(market) == clear(market)
