"""The canonical model: what a resource may inject and take, slot by slot.

An operating envelope is a system operator's statement about one resource: its net injection in an interval has to stay
between two powers. It needs no bid, no price and no picture of the grid, so it can be told before bidding, and told to
whoever controls the resource. Conventions as in `gateway.model`: net injection is positive, MW, half-open intervals.

For a clearing an envelope becomes two linear limits on the bids of its resource, measured from what the resource is
scheduled to do without them (`limits`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Bid, Limit
from gateway.time import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingEnvelope:
    """The net injection of ``resource`` stays between ``min_mw`` and ``max_mw`` throughout an interval.

    None means no bound on that side. ``id`` names the constraint, ``baseline`` the schedule from which bids are
    measured, where the operator refers to one. ``area`` is where the resource is connected.
    Raises `InvalidValue` for bounds that are not finite or cross each other, and where there is none.
    """

    id: str
    sender: PartyId
    resource: ResourceId
    interval: Interval
    min_mw: Decimal | None = None
    max_mw: Decimal | None = None
    area: AreaId | None = None
    baseline: str | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse bounds that cannot be."""
        name, bounds = f"OperatingEnvelope {self.id}", [b for b in (self.min_mw, self.max_mw) if b is not None]
        if not bounds or not all(bound.is_finite() for bound in bounds):
            raise InvalidValue(name, "a finite bound", f"{self.min_mw} to {self.max_mw}", "A42")
        if bounds[0] > bounds[-1]:
            raise InvalidValue(name, "min_mw <= max_mw", f"{bounds[0]} > {bounds[1]}", "A42")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingEnvelopes:
    """Step 4: the operating envelopes of one document."""

    envelopes: tuple[OperatingEnvelope, ...]


def limits(envelope: OperatingEnvelope, scheduled_mw: Decimal, bids: Iterable[Bid]) -> tuple[Limit, ...]:
    """Return *envelope* as limits on those of *bids* that move its resource in its interval.

    With sign +1 for up and -1 for down, ``sum(sign * accepted) <= max - scheduled`` and
    ``sum(-sign * accepted) <= scheduled - min``. A schedule outside the envelope gives a negative headroom, which
    counts as 0: no bid may make it worse.

    >>> from datetime import UTC, datetime
    >>> on = Interval(datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, 15, tzinfo=UTC))
    >>> envelope = OperatingEnvelope(
    ...     id="f7", sender=PartyId("7080000000005", "A10"), resource=ResourceId("unit", "NNO"), interval=on,
    ...     min_mw=Decimal(-2), max_mw=Decimal(3),
    ... )
    >>> [(limit.id, str(limit.headroom_mw)) for limit in limits(envelope, Decimal(1), [])]
    [('f7 min', '3'), ('f7 max', '2')]
    """
    signs = {
        bid.id: Decimal(bid.direction.sign)
        for bid in bids
        if bid.resource == envelope.resource and bid.interval.overlaps(envelope.interval) and bid.direction.sign
    }
    sides = (("min", envelope.min_mw, Decimal(-1)), ("max", envelope.max_mw, Decimal(1)))
    return tuple(
        Limit(
            id=f"{envelope.id} {side}",
            sender=envelope.sender,
            interval=envelope.interval,
            headroom_mw=outward * (bound - scheduled_mw),
            coefficients={bid_id: outward * sign for bid_id, sign in signs.items()},
            reason=envelope.reason,
        )
        for side, bound, outward in sides
        if bound is not None
    )
