"""What the certificate asks about buyers beyond their limit prices: excess within a tolerance, and least volume.

Market and result come here spread (`gateway.clearing.tolerance.spread`, `unfolded`): each excess is a need of its own,
with a limit price of 0. Its size, its price, its part of balance, money and welfare are judged like those of any need.

Where the least volume comes first, no residual path may lead from an activated down bid to an activated up bid
(`gateway.clearing.least_volume`). Bids that stand aside may then be refused in the money, and a border at the edge of a
region may be full against the prices; both where the path that is missing says so, read from the result.
"""

from __future__ import annotations

import numpy as np

from gateway.clearing.counting import Numbers
from gateway.clearing.evidence import Evidence
from gateway.clearing.least_volume import Regions, regions
from gateway.clearing.problem import Mask
from gateway.clearing.tolerance import MARK, Excess, excesses, owner_of
from gateway.market import CounterActivation
from gateway.model import Need


def needs_of(shown: Evidence) -> list[Need]:
    """Return the needs of the interval, in the order of the columns."""
    return [need for need in shown.market.needs if need.interval == shown.period]


def _with_excess(shown: Evidence) -> bool:
    """Whether any need of the interval goes by the name of an excess; only then the needs themselves are looked at."""
    return any(name.endswith(MARK) for name in shown.needs.names)


def granted(shown: Evidence) -> Mask:
    """Return which needs are an excess that may be bought at any price: all, if a decision hangs on any offer."""
    if not _with_excess(shown):
        return np.zeros(len(shown.needs.names), dtype=bool)
    return excesses(needs_of(shown)) & bool(shown.offers.decided.any())


def too_early(shown: Evidence) -> Numbers:
    """Return what is served of each excess although its need is not served in full, in units of volume."""
    needs = needs_of(shown) if _with_excess(shown) else []
    place = {need.id: at for at, need in enumerate(needs)}
    early = np.zeros_like(shown.needs.volume)
    for at, need in enumerate(needs):
        if isinstance(need, Excess) and shown.needs.volume[at]:
            owner = place[owner_of(need)]
            short = shown.needs.volume[owner] < shown.demand.asked[owner] - shown.near_mw
            early[at] = shown.needs.volume[at] if short else 0
    return early


def regions_of(shown: Evidence) -> Regions | None:
    """Return where bids of either direction can take part; None where welfare comes first."""
    if shown.rules.counter_activation is CounterActivation.WELFARE_FIRST:
        return None
    arcs, up, taken = shown.arcs, shown.offers.sign > 0, shown.accepted > 0
    return regions(
        len(shown.nodes.nodes),
        (arcs.start, arcs.end),
        more=(arcs.flow < shown.capacity[arcs.border]).astype(bool),
        less=(arcs.flow > 0).astype(bool),
        activated=(shown.offers.node[up & taken], shown.offers.node[~up & taken]),
    )


def in_vain(shown: Evidence) -> Numbers:
    """Return what is activated of each offer at a node where up and down could be cut back, in units of volume."""
    found = regions_of(shown)
    where = np.zeros(len(shown.nodes.nodes), dtype=bool) if found is None else found.overlap
    return np.asarray(np.where(where[shown.offers.node], shown.accepted, 0))


def aside(shown: Evidence) -> Mask:
    """Return which offers stand aside, so that they may be refused in the money."""
    found = regions_of(shown)
    if found is None:
        return np.zeros(len(shown.offers.names), dtype=bool)
    return found.aside(shown.offers.node, shown.offers.sign)


def at_edges(shown: Evidence) -> Mask:
    """Return which arcs carry what the least volume asks for, whatever the prices."""
    found = regions_of(shown)
    if found is None:
        return np.zeros(shown.arcs.start.size, dtype=bool)
    return found.edges(shown.arcs.start, shown.arcs.end)
