"""BP: rules for the marginal prices of balancing energy that is activated across borders."""

from __future__ import annotations

from profiles.rules.engine import NOBODY_YET, kept_elsewhere
from profiles.rules.shape import SERIES

BP_001 = kept_elsewhere(
    "BP-001",
    SERIES,
    kept_by=NOBODY_YET,
    why="It says how a price is published and forbids nothing; no market here publishes prices of that process.",
    statement="The cross-border marginal price of automatic reserve is of type A84, process A67, business type A96.",
    source="public clients of the Transparency Platform",
)
