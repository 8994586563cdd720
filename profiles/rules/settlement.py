"""FS: rules for the money of a settlement (financial settlement report)."""

from __future__ import annotations

from gateway.report import Level
from profiles.rules.engine import kept_elsewhere

FS_001 = kept_elsewhere(
    "FS-001",
    Level.DOCUMENT,
    "A54",
    kept_by="gateway.settlement.ledger",
    why="It sums over the reports to all parties; each posting there has a payer and a payee.",
    statement="In one run of the settlement the money of all parties and accounts adds up to 0.",
    source="project decision",
)
FS_002 = kept_elsewhere(
    "FS-002",
    Level.INTERVAL,
    "A42",
    kept_by="gateway.settlement.payments",
    why="A report has quantity and money, and no price to multiply by.",
    statement="Quantity times price is the money, to 0.01.",
    source="project decision",
)
