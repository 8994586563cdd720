"""Markets drawn by a number: every kind of order, border and limit, small or large, the same on every machine."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from gateway.clearing.example import QUARTERS, bid, border, limit, need, unit
from gateway.model import Availability, Bid, Capacity, Condition, Limit, Link, Need
from gateway.time import Interval
from gateway.units import UnitProfile

AREAS = "ABCD"
Thing = Bid | Need | Capacity | Limit | UnitProfile


def orders(seed: int, most: int = 12) -> list[Thing]:
    """Return a market of *most* bids or half as many, with losses or a grid limit now and then.

    Needs are drawn so that about half of the markets are short of something.
    """
    draw = Random(seed)
    made: list[Thing] = [
        need(f"d{n}", draw.choice(AREAS), draw.choice([-1, 1]) * draw.randint(1, 8 * most)) for n in range(3)
    ]
    made.append(need("e", draw.choice(AREAS), draw.choice([-1, 1]) * draw.randint(1, 60), draw.randint(-20, 120)))
    made += [_bid(draw, n) for n in range(draw.randint(most // 2, most))]
    loss = draw.choice(["0", "0", "0.05"])
    made += [
        *border("A", "B", draw.randint(0, 40), draw.randint(0, 40), loss=loss),
        *border("B", "C", draw.randint(0, 40)),
        *border("C", "D", draw.randint(0, 40), draw.randint(0, 40)),
    ]
    if draw.random() < 0.3:
        made.append(limit("cable", draw.randint(-5, 30), b0=1, b1=-0.5, b2=1))
    return made


def _bid(draw: Random, number: int) -> Bid:
    kind = draw.choice(["plain", "plain", "least", "whole", "step", "rival", "unit", "least step"])
    mw = draw.randint(2, 30)
    kinds: dict[str, dict[str, Any]] = {
        "plain": {},
        "least": {"minimum_mw": draw.randint(1, mw)},
        "whole": {"divisible": False},
        "step": {"granularity_mw": draw.choice([2, 3])},
        "rival": {"exclusive": f"g{draw.randint(0, 3)}", "divisible": draw.random() < 0.5},
        "unit": {"multipart": f"m{number % 3}", "divisible": draw.random() < 0.5},
        "least step": {"granularity_mw": 2, "minimum_mw": 2},
    }
    place, sense = ("A", "up") if kind == "unit" else (draw.choice(AREAS), draw.choice(["up", "down"]))
    return bid(f"b{number}", place, sense, mw, draw.randint(-10, 100), **kinds[kind])


SPANNING = ("plain", "least", "step", "rival", "child", "whole block", "block", "unit", "timed", "linked", "waiting")
"""The kinds of bids that `spanning` draws."""


def spanning(seed: int, most: int = 14) -> list[Thing]:
    """Return a market of two to four intervals with bids that span them: all bid types, mixed.

    Names repeat on purpose: children name bids that do not exist, parents are children, units stand in block bids.
    """
    draw = Random(seed)
    periods = QUARTERS[: draw.randint(2, 4)]
    made: list[Thing] = []
    for at in periods:
        for place in "AB":
            wanted = draw.choice([-1, 1, 1]) * draw.randint(1, 4 * most)
            made.append(need(f"d{place}", place, wanted, interval=at))
        made.append(bid(f"z{at.start:%H%M}", "A", "up", 80, 120, interval=at))
        loss = draw.choice(["0", "0", "0", "0.05"])
        made += [
            replace(way, interval=at) for way in border("A", "B", draw.randint(0, 40), draw.randint(0, 40), loss=loss)
        ]
    for number in range(draw.randint(most // 2, most)):
        made += _spanning_bids(draw, number, periods)
    made += [unit(f"u{name}", **_profile(draw)) for name in range(3) if draw.random() < 0.7]
    if draw.random() < 0.3:
        made.append(limit("cable", draw.randint(0, 30), b0=1, b1=-0.5, b2=1))
    return made


def _spanning_bids(draw: Random, number: int, periods: tuple[Interval, ...]) -> list[Bid]:
    """Return one bid, or one for each of several intervals."""
    kind = draw.choice(SPANNING)
    place, sense = draw.choice("AB"), draw.choice(["up", "up", "down"])
    half_hour, quarter = 2 * periods[0].duration, periods[0].duration
    name, most = f"b{number}", len(periods) if kind in {"whole block", "block", "unit", "timed"} else 1
    times = {
        "minimum_duration": draw.choice([None, half_hour]),
        "maximum_duration": draw.choice([None, quarter, half_hour]),
        "resting_time": draw.choice([None, half_hour]),
    }
    kinds: dict[str, dict[str, Any]] = {
        "plain": {},
        "least": {"minimum_mw": 2},
        "step": {"granularity_mw": 2},
        "rival": {"exclusive": f"g{number % 2}", "divisible": draw.random() < 0.5},
        "child": {
            "parent": f"b{draw.choice([at for at in range(14) if at != number])}",
            "divisible": draw.random() < 0.5,
        },
        "whole block": {"block_bid": name, "divisible": False},
        "block": {"block_bid": name, "minimum_mw": draw.choice([0, 0, 1])},
        "unit": {"technical_link": f"u{number % 3}", "minimum_mw": draw.choice([0, 0, 2])},
        "timed": {"technical_link": f"t{number % 2}", **times},
        "linked": {"links": (Link(f"b{draw.randrange(14)}", draw.choice(_FORBID)),)},
        "waiting": {
            "links": (Link(f"b{draw.randrange(14)}", draw.choice(_PERMIT)),),
            "availability": Availability.CONDITIONALLY_UNAVAILABLE,
        },
    }
    at = sorted(draw.sample(range(len(periods)), draw.randint(min(2, most), most)))
    return [
        bid(name, place, sense, draw.randint(2, 30), draw.randint(-10, 100), interval=periods[each], **kinds[kind])
        for each in at
    ]


_FORBID = (Condition.UNAVAILABLE_IF_ACTIVATED, Condition.UNAVAILABLE_IF_NOT_ACTIVATED)
_PERMIT = (Condition.AVAILABLE_IF_ACTIVATED, Condition.AVAILABLE_IF_NOT_ACTIVATED)


def _profile(draw: Random) -> dict[str, object]:
    """Return one or two limits of a unit."""
    limits: dict[str, object] = {
        "ramp_mw_per_hour": draw.choice([8, 20, 60]),
        "energy_mwh": draw.choice([0, 0, 2, 5, -3]),
        "maximum_energy_mwh": draw.choice([1, 4, 9]),
        "maximum_activations": draw.choice([0, 1]),
    }
    return {name: limits[name] for name in draw.sample(sorted(limits), draw.randint(1, 2))}


def auction(bids: int, areas: int, whole: float, seed: int, periods: int = 1) -> list[Thing]:
    """Return a balancing auction of *bids*, a share *whole* of them non-divisible, over a ring of *areas*.

    Up bids cost 55 to 600 and down bids pay −150 to 45 per MWh, each area at a level of its own; of the non-divisible
    ones a third is indivisible, a third has a least quantity and a third stands in exclusive groups of three. Needs take
    between half of the down bids and 60 % of the up bids of an area; borders are narrow.
    """
    draw = Random(seed)
    level = [draw.gauss(0, 15) for _ in range(areas)]
    made: list[Thing] = []
    offered = {(area, period, up): 0 for area in range(areas) for period in range(periods) for up in (True, False)}
    for number in range(bids):
        area, period, up = draw.randrange(areas), draw.randrange(periods), draw.random() < 0.5
        price = (draw.uniform(55, 600) if up else draw.uniform(-150, 45)) + level[area]
        mw = draw.randint(1, 50)
        fields = _non_divisible(draw, mw, number) if draw.random() < whole else {}
        plain = bid(f"b{number:06}", f"z{area:02}", "up" if up else "down", mw, round(price, 2), **fields)
        made.append(replace(plain, interval=QUARTERS[period]))
        offered[area, period, up] += mw
    for area in range(areas):
        for period in range(periods):
            share = draw.uniform(-0.5, 0.6)
            wanted = round(share * offered[area, period, share > 0], 1) or 0.1
            made.append(replace(need(f"n{area:02}", f"z{area:02}", wanted), interval=QUARTERS[period]))
            mw = max(1, round(bids * 3 / areas / periods * draw.uniform(0.05, 0.5)))
            made += [
                replace(way, interval=QUARTERS[period])
                for way in (border(f"z{area:02}", f"z{(area + 1) % areas:02}", mw, mw) if areas > 1 else ())
            ]
    return made


def _non_divisible(draw: Random, mw: int, number: int) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {"divisible": False},
        {"minimum_mw": -(-2 * mw // 5)},
        {"divisible": False, "exclusive": f"g{number // 30}"},
    ]
    return draw.choice(kinds)
