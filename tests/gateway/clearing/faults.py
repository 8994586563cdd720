"""Faults to plant into a right result: a little more or less of one number, told consistently or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from gateway.clearing.example import area
from gateway.results import ClearingResult

Fault = Callable[[ClearingResult], ClearingResult]


def of_bid(name: str, **changes: Decimal) -> Fault:
    """Return the fault of adding to fields of one award."""
    return lambda result: replace(
        result,
        awards=tuple(
            replace(each, **{field: getattr(each, field) + by for field, by in changes.items()})
            if each.bid_id == name
            else each
            for each in result.awards
        ),
    )


def of_need(name: str, **changes: Decimal) -> Fault:
    """Return the fault of adding to fields of one served need."""
    return lambda result: replace(
        result,
        needs=tuple(
            replace(each, **{field: getattr(each, field) + by for field, by in changes.items()})
            if each.need_id == name
            else each
            for each in result.needs
        ),
    )


def of_price(name: str, **changes: Decimal) -> Fault:
    """Return the fault of adding to fields of the price of one area, and of telling it to everyone there."""

    def plant(result: ClearingResult) -> ClearingResult:
        prices = tuple(
            replace(each, **{field: getattr(each, field) + by for field, by in changes.items()})
            if each.area == area(name)
            else each
            for each in result.prices
        )
        awards = tuple(
            replace(each, price=each.price + changes.get("price", 0))
            if each.area == area(name) and each.price
            else each
            for each in result.awards
        )
        needs = tuple(
            replace(each, price=each.price + changes.get("price", 0))
            if each.area == area(name) and each.price
            else each
            for each in result.needs
        )
        return replace(result, prices=prices, awards=awards, needs=needs)

    return plant


def of_flow(start: str, end: str, by: Decimal) -> Fault:
    """Return the fault of adding to one flow."""
    return lambda result: replace(
        result,
        flows=tuple(
            replace(each, quantity_mw=each.quantity_mw + by)
            if (each.from_area, each.to_area) == (area(start), area(end))
            else each
            for each in result.flows
        ),
    )


def of_shadow(**changes: Decimal) -> Fault:
    """Return the fault of adding to fields of every shadow price."""
    return lambda result: replace(
        result,
        shadow_prices=tuple(
            replace(each, **{field: getattr(each, field) + by for field, by in changes.items()})
            for each in result.shadow_prices
        ),
    )


def both(*faults: Fault) -> Fault:
    """Return several faults at once, such as one that keeps the balance."""

    def plant(result: ClearingResult) -> ClearingResult:
        for fault in faults:
            result = fault(result)
        return result

    return plant
