"""Markets drawn by a number: every kind of order, border and limit, small or large, the same on every machine."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from gateway.clearing.example import QUARTERS, bid, border, limit, need
from gateway.model import Bid, Capacity, Limit, Need

AREAS = "ABCD"
Thing = Bid | Need | Capacity | Limit


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
