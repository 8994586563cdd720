"""What a local market hands up: the cost of every exchange that the feeder can have, as bids of one seller.

Divisible resources make a curve, sent as ordinary bids; indivisible ones an exclusive group of quantities with their
total costs (`gateway.clearing.nodal.orders`). Bids start from the export that costs the feeder least, which is sent
with them: the market that takes them must count with it, not with the forecast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.clearing.nodal.curve import Curve, residual_supply
from gateway.clearing.nodal.orders import FeederOffer, as_bids, as_exclusive_group
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.errors import InvalidValue
from gateway.network.model import Feeder

_WHOLE_MW = Decimal(1)


@dataclass(frozen=True, slots=True)
class HandedUp:
    """The offer of a feeder, and the curve behind it; an exclusive group has none."""

    offer: FeederOffer
    curve: Curve | None


def hand_up(
    system: CoordinatedSystem, feeder: Feeder, switches: Switches, committed_mw: Mapping[str, Decimal]
) -> HandedUp:
    """Return what *feeder* offers, with MW of its bids that are firm already.

    Raises `InvalidValue` for resources that depend on each other, and as `gateway.clearing.nodal.curve.residual_supply`
    and `gateway.clearing.nodal.orders.as_exclusive_group`.
    """
    for bid in system.inside(feeder):
        if bid.group or bid.granularity_mw or bid.links:
            raise InvalidValue(f"bid {bid.id}", "a resource by itself, where its feeder hands up", "further conditions")
    market = replace(system.market, committed_mw=committed_mw)
    blank = replace(system.blank, id=feeder.id)
    if any(bid.least_mw for bid in system.inside(feeder)):
        return HandedUp(as_exclusive_group(market, feeder.id, blank, switches.step_mw or _WHOLE_MW), None)
    curve = residual_supply(market, feeder.id)
    return HandedUp(as_bids(curve, blank, switches.step_mw), curve)
