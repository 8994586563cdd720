"""Markets over some quarter hours in the shortest form, and what their results say of one bid.

Z offers 100 MW at 90 in every quarter hour and sets the price there unless something cheaper is left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gateway.clearing import ClearingRules, certify, clear
from gateway.clearing.example import QUARTERS, bid, market_of, need
from gateway.model import Activation, Bid, Block, Need
from gateway.results import ClearingResult, Fate
from gateway.units import UnitProfile


def at(quarter: int, name: str, mw: float, price: float, way: str = "up", **more: object) -> Bid:
    """Return a bid in area A for one of the four quarter hours."""
    fields: dict[str, Any] = dict(more)
    return replace(bid(name, "A", way, mw, price, **fields), interval=QUARTERS[quarter])


def series(name: str, mw: Iterable[float], price: float, **more: object) -> list[Bid]:
    """Return one bid for each of the first quarter hours, with these quantities."""
    fields: dict[str, Any] = dict(more)
    return [at(quarter, name, each, price, **fields) for quarter, each in enumerate(mw)]


def asked(*mw: float, activation: Activation = Activation.SCHEDULED) -> list[Need]:
    """Return a need in area A for each of the first quarter hours."""
    plain = [replace(need("d", "A", each), activation=activation) for each in mw]
    return [replace(each, interval=QUARTERS[quarter]) for quarter, each in enumerate(plain)]


def filled(*mw: float) -> list[Bid | Need]:
    """Return needs, and Z in each quarter hour."""
    return [*asked(*mw), *series("Z", [100] * len(mw), 90)]


def cleared(*things: Bid | Need | UnitProfile | Block, rules: ClearingRules | None = None) -> ClearingResult:
    """Clear, and ask the certificate once more."""
    market = market_of(*things, rules=rules)
    result = clear(market)
    assert certify(market, result) == ()
    return result


def taken(result: ClearingResult, name: str) -> list[float]:
    """Return the accepted MW of one bid, by interval."""
    return [float(each.quantity_mw) for each in result.awards if each.bid_id == name]


def told(result: ClearingResult, name: str) -> list[Fate]:
    """Return the fates of one bid, by interval."""
    return [each.fate for each in result.awards if each.bid_id == name]


def price(result: ClearingResult) -> list[float]:
    """Return the prices of area A, by interval."""
    return [float(each.price) for each in result.prices]
