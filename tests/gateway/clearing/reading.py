"""What a result says, in the shortest form: plain numbers by id or name."""

from __future__ import annotations

from decimal import Decimal

from gateway.results import Award, ClearingResult, Fate


def accepted(result: ClearingResult) -> dict[str, Decimal]:
    """Return the MW of every accepted bid."""
    return {award.bid_id: award.quantity_mw for award in result.awards if award.quantity_mw}


def served(result: ClearingResult) -> dict[str, Decimal]:
    """Return the MW served of every need."""
    return {need.need_id: need.served_mw for need in result.needs}


def prices(result: ClearingResult, product: str = "energy") -> dict[str, Decimal]:
    """Return the price of every area."""
    return {price.area.value: price.price for price in result.prices if price.product == product}


def flows(result: ClearingResult) -> dict[str, Decimal]:
    """Return every flow that is not nothing."""
    return {
        f"{flow.from_area.value}->{flow.to_area.value}": flow.quantity_mw for flow in result.flows if flow.quantity_mw
    }


def fates(result: ClearingResult) -> dict[str, Fate]:
    """Return what became of every bid."""
    return {award.bid_id: award.fate for award in result.awards}


def award(result: ClearingResult, bid_id: str) -> Award:
    """Return the one award of a bid."""
    (found,) = (each for each in result.awards if each.bid_id == bid_id)
    return found
