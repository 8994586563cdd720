"""The dependency matrix of a market: which values may stand together in one document.

A row (`profiles.markets.Flow`) names a document, its types, processes, business types and the roles that
send and receive it. A document must fit one row; the families' own rules say what a document *is*, so
that each fault is named once: the type by the family, the process and mixtures by GEN-010, the roles by
GEN-007 and GEN-008, the business type of a series by the family where it has such a rule.
"""

from __future__ import annotations

from typing import Any

from profiles.bid_availability import BidAvailabilityMarketDocument
from profiles.capacity import CapacityMarketDocument
from profiles.markets import Flow
from profiles.reserve_allocation_result import ReserveAllocationResultMarketDocument
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import View

TYPES: dict[type[Any], frozenset[str]] = {
    ReserveBidMarketDocument: frozenset({"A24", "A37", "B21", "B40"}),
    ReserveAllocationResultMarketDocument: frozenset({"A38", "B23"}),
    BidAvailabilityMarketDocument: frozenset({"B45"}),
    CapacityMarketDocument: frozenset({"A26", "A31", "A32"}),
}
"""Types of the documents whose family has a rule for them: RB-001, AR-001, BA-001, CA-001."""

BUSINESS_RULES: frozenset[type[Any]] = frozenset(
    {ReserveBidMarketDocument, ReserveAllocationResultMarketDocument, CapacityMarketDocument}
)
"""Documents whose family has a rule for the business type of a series: RB-001, RN-001, AR-001, CA-001."""


def typed(view: View[Any]) -> tuple[Flow, ...]:
    """Return the rows for the type of the document."""
    document, root = view.document, view.edition.root
    return tuple(row for row in view.market.flows if row.document == root and document.type in row.types)


def rows(view: View[Any]) -> tuple[Flow, ...]:
    """Return the rows for the type and the process of the document."""
    return tuple(row for row in typed(view) if view.document.process in row.processes)


def business_types(view: View[Any]) -> frozenset[str]:
    """Return the business types of all series."""
    found: frozenset[str] = view.recall(_business_types)
    return found


def _business_types(view: View[Any]) -> frozenset[str]:
    return frozenset(series.business_type for series in view.document.series)


def fitting(view: View[Any]) -> tuple[Flow, ...]:
    """Return the rows that allow every business type of the document; all rows where none does."""
    candidates = rows(view)
    return tuple(row for row in candidates if business_types(view) <= row.business_types) or candidates


def allowed_business_types(view: View[Any]) -> frozenset[str]:
    """Return the business types of all rows for the type and the process of the document."""
    return frozenset().union(*(row.business_types for row in rows(view)))
