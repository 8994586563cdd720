"""What binds offers to each other beyond balances and groups: parents, block bids, links, and units over intervals.

Offers are named by their position in the problem. Nothing accepted satisfies every one of these, so that a clearing
with them is never infeasible.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gateway.clearing.rows import LimitRow
from gateway.time import Interval


@dataclass(frozen=True, slots=True)
class Dependence:
    """An offer is accepted only where one of ``accepted`` is, or one of ``refused`` is not; ``reason``: in words."""

    offer: int
    accepted: tuple[int, ...]
    refused: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class BlockBid:
    """Offers that are accepted all in one ratio or not at all; ``decided``: not in any small ratio."""

    name: str
    offers: tuple[int, ...]
    decided: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """A unit whose activation has a stated sum: ``row`` with that headroom, or all ``offers`` at nothing.

    ``optional``: the sum is not 0, so that nothing at all is an answer beside it.
    """

    row: LimitRow
    offers: tuple[int, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A unit in one interval: its offers there, and its slots of the adjoining intervals."""

    period: Interval
    offers: tuple[int, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Timing:
    """One rule of a unit over its slots: the ``counted`` ones, against slot ``at`` or a number ``most``; see below.

    least duration     Σ start ≤ on_at
    rest               Σ stop ≤ 1 − on_at
    longest duration   Σ on ≤ most
    activations        Σ start ≤ most
    """

    counted: tuple[int, ...]
    at: int = -1
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class Couplings:
    """All couplings of a problem. ``joint``: offers that earn as one over several intervals, by name."""

    dependences: tuple[Dependence, ...] = ()
    block_bids: tuple[BlockBid, ...] = ()
    ramps: tuple[LimitRow, ...] = ()
    energies: tuple[LimitRow, ...] = ()
    shifts: tuple[Shift, ...] = ()
    slots: tuple[Slot, ...] = ()
    least_durations: tuple[Timing, ...] = ()
    rests: tuple[Timing, ...] = ()
    longest_durations: tuple[Timing, ...] = ()
    activations: tuple[Timing, ...] = ()
    ratios: tuple[LimitRow, ...] = ()
    joint: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.tied)

    @cached_property
    def rows(self) -> tuple[LimitRow, ...]:
        """The rows over volumes: ramps, energies, sums and ratios."""
        return (*self.ramps, *self.energies, *(shift.row for shift in self.shifts), *self.ratios)

    @cached_property
    def switched(self) -> frozenset[int]:
        """The offers whose acceptance another decision looks at, or hangs on."""
        looked_at = {at for each in self.dependences for at in (each.offer, *each.accepted, *each.refused)}
        blocks = {at for block in self.block_bids if block.decided for at in block.offers}
        return frozenset(looked_at | blocks | {at for slot in self.slots for at in slot.offers})

    @cached_property
    def optional(self) -> frozenset[int]:
        """The offers of units that are activated with a stated sum or not at all."""
        return frozenset(at for shift in self.shifts if shift.optional for at in shift.offers)

    @cached_property
    def tied(self) -> frozenset[int]:
        """All offers that something binds."""
        blocks = {at for block in self.block_bids for at in block.offers}
        in_rows = {at for row in self.rows for at in row.coefficients}
        return self.switched | self.optional | blocks | in_rows

    def kept_out(self, accepted: NDArray[np.int64]) -> dict[int, str]:
        """Return the offers that hang on others and may not be accepted with what is *accepted* of these, and why."""
        return {
            each.offer: each.reason
            for each in self.dependences
            if not (any(accepted[at] for at in each.accepted) or any(not accepted[at] for at in each.refused))
        }

    def closed(self, accepted: NDArray[np.int64]) -> frozenset[int]:
        """Return the offers that hang on others, or on a sum that is not delivered, and may not be accepted."""
        idle = {
            at
            for shift in self.shifts
            if shift.optional and not accepted[list(shift.offers)].any()
            for at in shift.offers
        }
        return frozenset(self.kept_out(accepted)) | idle

    @cached_property
    def starting(self) -> tuple[int, ...]:
        """The slots whose beginning counts."""
        return tuple(sorted({at for rule in (*self.least_durations, *self.activations) for at in rule.counted}))

    @cached_property
    def stopping(self) -> tuple[int, ...]:
        """The slots whose end counts."""
        return tuple(sorted({at for rule in self.rests for at in rule.counted}))

    @cached_property
    def switches(self) -> tuple[int, ...]:
        """The shifts that are optional, by position."""
        return tuple(at for at, shift in enumerate(self.shifts) if shift.optional)


NONE = Couplings()
"""Nothing binds any offers."""
