"""What the certificate asks about buyers beyond their limit prices: the excess within a tolerance.

Market and result come here spread (`gateway.clearing.tolerance.spread`, `unfolded`): each excess is a need of its own,
with a limit price of 0. Its size, its price, its part of balance, money and welfare are judged like those of any need.
"""

from __future__ import annotations

import numpy as np

from gateway.clearing.counting import Numbers
from gateway.clearing.evidence import Evidence
from gateway.clearing.problem import Mask
from gateway.clearing.tolerance import Excess, excesses, owner_of
from gateway.model import Need


def needs_of(shown: Evidence) -> list[Need]:
    """Return the needs of the interval, in the order of the columns."""
    return [need for need in shown.market.needs if need.interval == shown.period]


def granted(shown: Evidence) -> Mask:
    """Return which needs are an excess that may be bought at any price: all, if a decision hangs on any offer."""
    return excesses(needs_of(shown)) & bool(shown.offers.decided.any())


def too_early(shown: Evidence) -> Numbers:
    """Return what is served of each excess although its need is not served in full, in units of volume."""
    needs = needs_of(shown)
    place = {need.id: at for at, need in enumerate(needs)}
    early = np.zeros_like(shown.needs.volume)
    for at, need in enumerate(needs):
        if isinstance(need, Excess) and shown.needs.volume[at]:
            owner = place[owner_of(need)]
            short = shown.needs.volume[owner] < shown.demand.asked[owner] - shown.near_mw
            early[at] = shown.needs.volume[at] if short else 0
    return early
