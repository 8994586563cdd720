"""The documents as which a message travels, and those that a line of a peer book lets through.

A message is written as the first edition of every document that carries it. Types are those that the mappings of the
documents know (`profiles`), processes those that the market allows for document and type; where the market says
nothing of the document, the process is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.sgam.model import Information, Travel
from profiles.edition import Edition
from profiles.markets import MarketProfile
from profiles.registry import DOCUMENTS
from security.peers import ANY, Allowance, Flow

# fmt: off
TYPES: Mapping[tuple[str, str], frozenset[str]] = {
    (document, message): frozenset(types.split())
    for document, message, types in (
        ("activation",                    "ActivationOrders",    "A39 A40 A41"),
        ("balancing",                     "ClearingPrices",      "B24"),
        ("bid_availability",              "Blocking",            "B45"),
        ("capacity",                      "GridConstraints",     "A26 A31 A32"),
        ("constraint_table",              "GridConstraints",     ""),
        ("energy_account",                "Readings",            "A10 A11"),
        ("energy_account",                "PerimeterCorrection", "A12"),
        ("financial_settlement_report",   "Settlement",          "B44"),
        ("measurement_value",             "Readings",            "A45"),
        ("metering_data",                 "Readings",            "A45"),
        ("reserve_allocation_result",     "Allocation",          "A38 B23"),
        ("reserve_bid",                   "BidSet",              "A24 A37 B40"),
        ("reserve_bid",                   "ReserveNeed",         "A37 B21"),
        ("schedule",                      "ExchangeSchedules",   "A01 A02 A03 A04 A05 A06 A09 A30 B27"),
    )
}
# fmt: on
"""By document and message that a scheme tells, the types of it; none where the document has no type."""


def information(messages: Iterable[tuple[str, Travel]], market: MarketProfile) -> Iterator[Information]:
    """Yield what *messages* travel as, by their ids: ``document:reserve_bid:BidSet:in``."""
    for message, travel in sorted(set(messages)):
        for name, module in DOCUMENTS.items():
            if message in (carried.__name__ for carried in module.MESSAGES):
                yield _information(name, module.EDITIONS[0], message, travel, market)


def _information(name: str, edition: Edition, message: str, travel: Travel, market: MarketProfile) -> Information:
    types = TYPES[name, message]
    flows = [flow for flow in market.flows if flow.document == edition.root and flow.types & types]
    return Information(
        id=f"document:{name}:{message}:{travel}",
        message=message,
        document=edition.root,
        edition=edition.name,
        namespace=edition.namespace,
        travel=travel,
        types=tuple(sorted(types)),
        processes=tuple(sorted({process for flow in flows for process in flow.processes})),
    )


_TRAVELS = {Flow.IN: Travel.IN, Flow.OUT: Travel.OUT}


def admitted(allowance: Allowance, item: Information, scheme: str) -> bool:
    """Whether a line of a peer book lets documents of *item* through, for one of its types and processes."""
    return (
        _TRAVELS[allowance.direction] is item.travel
        and _meets(allowance.document, item.types)
        and (not item.processes or _meets(allowance.process, item.processes))
        and _meets(allowance.scheme, (scheme,))
    )


def _meets(allowed: frozenset[str], values: Iterable[str]) -> bool:
    return ANY in allowed or not allowed.isdisjoint(values)
