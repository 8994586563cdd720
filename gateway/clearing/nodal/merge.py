"""The residual supply curve of a feeder whose sections limit it but whose voltages do not: no solver needed.

With e the activation below a section, the cost of its subtree is convex in e: a start value with its cost, and a list
of (price, width) by rising price. A bus joins its own bids to the lists of its children: the cheapest way to share e
among convex costs is to merge their lists by price. A section then cuts the list to what it can carry: the cheapest
items are taken in advance until its lower limit is reached, the dearest are dropped beyond its upper one. At the root
stands the curve.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.clearing.nodal.arrays import NodalProblem
from gateway.clearing.nodal.curve import Curve, curve_of

_NEAR_MW = 1e-9


@dataclass(slots=True)
class _Offered:
    """What a subtree offers: from ``start`` MW at ``cost`` on, items of (price, width)."""

    start: float = 0.0
    cost: float = 0.0
    items: list[tuple[float, float]] = field(default_factory=list)

    def join(self, other: _Offered) -> None:
        """Take the offers of another subtree along."""
        self.start += other.start
        self.cost += other.cost
        self.items += other.items

    def cut(self, least: float, most: float) -> bool:
        """Keep what lies between *least* and *most*; return whether anything does."""
        self.items.sort()
        taken = 0
        while self.start < least - _NEAR_MW and taken < len(self.items):
            price, width = self.items[taken]
            part = min(width, least - self.start)
            self.start, self.cost = self.start + part, self.cost + price * part
            self.items[taken] = price, width - part
            taken += part == width
        del self.items[:taken]
        room, kept = most - self.start, []
        for price, width in self.items:
            part = min(width, room)
            if part > 0:
                kept.append((price, part))
                room -= part
        self.items = kept
        return least - _NEAR_MW <= self.start <= most + _NEAR_MW


def thermal_supply(problem: NodalProblem) -> Curve | None:
    """Return the residual supply curve of a market of one feeder under its limits of active power alone.

    Nothing where some section is overloaded whatever is activated.
    """
    radial = problem.radial
    offered = [_Offered() for _ in radial.buses]
    for at, bid in enumerate(problem.bids):
        place, price = offered[problem.place[at]], float(problem.price[at])
        least, most = float(problem.least[at]), float(problem.quantity[at])
        # A down bid is accepted in full to begin with; less of it is more injection.
        before = least if bid.direction.sign > 0 else -most
        place.start, place.cost = place.start + before, place.cost + price * before
        place.items.append((price, most - least))
    for at in range(len(radial.buses) - 1, 0, -1):
        limit, rest = float(radial.limit_mva[at]), float(problem.at_rest.active[at])
        if not offered[at].cut(-limit - rest, limit - rest):
            return None
        offered[radial.parent[at]].join(offered[at])
    root, rest_mw = offered[0], float(problem.at_rest.active[0])
    export, cost = rest_mw + root.start, root.cost
    found = {export: cost}
    for price, width in sorted(root.items):
        export, cost = export + width, cost + price * width
        found[export] = cost
    return curve_of(found, rest_mw, 0.0)
