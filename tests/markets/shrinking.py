"""From a market that breaks a law to a small one that still does, and its text for a test.

Things are left out one by one, and conditions and decimals taken from what remains, as long as the same law stays
broken. Nothing can be taken from the market that is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from decimal import Decimal

from gateway.clearing.example import QUARTERS, market_of
from gateway.clearing.market import ClearingRules, Market
from gateway.errors import InvalidValue
from gateway.model import ZERO, Activation, Availability, Bid, Capacity, Need
from tests.markets.drawing import Thing, things
from tests.markets.laws import Breach, breach

PLAIN: dict[type, dict[str, object]] = {
    Bid: {
        "divisible": True,
        "minimum_mw": ZERO,
        "granularity_mw": None,
        "exclusive": None,
        "multipart": None,
        "inclusive": None,
        "links": (),
        "block_bid": None,
        "parent": None,
        "technical_link": None,
        "minimum_duration": None,
        "resting_time": None,
        "availability": Availability.AVAILABLE,
        "activation": Activation.SCHEDULED,
        "product": "energy",
        "interval": QUARTERS[0],
    },
    Need: {
        "price": None,
        "required": True,
        "tolerance_mw": ZERO,
        "activation": Activation.SCHEDULED,
        "product": "energy",
        "interval": QUARTERS[0],
    },
    Capacity: {"loss_factor": ZERO, "interval": QUARTERS[0]},
}
"""What the fields of a plain thing are."""


def smallest(market: Market, found: Breach, broken: Callable[..., Breach | None] = breach) -> Market:
    """Return a market from which nothing can be taken without keeping the law of *found*."""
    while True:
        for smaller in _smaller(market):
            told = broken(smaller, (found.law,))
            if told is not None and _kind(told) == _kind(found):
                market = smaller
                break
        else:
            return market


def _kind(found: Breach) -> str:
    """Return the kind of a breach: which field differs, or which error was raised."""
    return found.how.split(":")[0]


def _smaller(market: Market) -> Iterator[Market]:
    """Yield the markets that lack one thing, or in which one thing is plainer."""
    parts = things(market)
    for at in range(len(parts)):
        yield market_of(*parts[:at], *parts[at + 1 :], rules=market.rules)
    for at, part in enumerate(parts):
        for plainer in _plainer(part):
            try:
                yield market_of(*parts[:at], plainer, *parts[at + 1 :], rules=market.rules)
            except InvalidValue:
                continue  # two things of one identifier, or needs of both activations


def _plainer(part: Thing) -> Iterator[Thing]:
    for name, value in PLAIN.get(type(part), {}).items():
        if getattr(part, name) != value:
            changed: Thing = replace(part, **{name: value})  # type: ignore[arg-type]  # a field of its own type
            yield changed
    if isinstance(part, Bid | Need | Capacity) and part.quantity_mw != part.quantity_mw.to_integral_value():
        yield replace(part, quantity_mw=part.quantity_mw.to_integral_value())
    if isinstance(part, Bid) and part.price is not None and part.price != part.price.to_integral_value():
        yield replace(part, price=part.price.to_integral_value())


def written(market: Market) -> str:
    """Return *market* as a text from which a test can be made: each thing with the fields that are not the default."""
    rules = {field.name: getattr(market.rules, field.name) for field in fields(ClearingRules)}
    changed = [f"{name}={value!s}" for name, value in rules.items() if value != getattr(ClearingRules(), name)]
    return "\n".join([*map(_line, things(market)), *([f"rules {' '.join(changed)}"] if changed else [])])


def _line(part: Thing) -> str:
    told = [f"{field.name}={_word(getattr(part, field.name))}" for field in fields(part) if _tells(part, field.name)]
    return f"{type(part).__name__} {' '.join(told)}"


def _tells(part: Thing, name: str) -> bool:
    (default,) = (field.default for field in fields(part) if field.name == name)
    value = getattr(part, name)
    silent = name in {"provider", "buyer", "sender", "requester"} or (name == "interval" and value == QUARTERS[0])
    return not silent and (default is MISSING or value != default)


def _word(value: object) -> str:
    if value in QUARTERS:
        return f"QUARTERS[{QUARTERS.index(value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_word(each)}" for key, each in value.items()) + "}"
    return format(value, "f") if isinstance(value, Decimal) else str(getattr(value, "value", value))
