"""A balancing process as data: which reserve, how it is activated, which capacity it may use, and its goals.

The files of the processes declare one `Process` each. Scheduled processes clear bids of every kind by
`gateway.clearing`, whose goals in their order are satisfied demand that must be met, welfare, least flows; for
divisible bids that is the transport problem with the same goals. Cycles of automatic reserve and netting are that
problem itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.areas import Exchange
from gateway.coupling.transport import Face, Goal, Layout
from gateway.model import Activation, Reserve


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process: ``unit`` is how long one of its answers holds; ``goals`` stand in their order.

    ``reserve`` is None where nothing is activated; a goal may be a rule that shares what others left open.
    """

    title: str
    exchange: Exchange
    reserve: Reserve | None
    activation: Activation
    unit: timedelta
    goals: tuple[Goal | Callable[[Layout, Face], Face], ...]
