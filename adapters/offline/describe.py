"""A received document in words, for tables and reports."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.offline.reception import Received, shown
from adapters.report_html import DocumentRow
from profiles import registry
from profiles.codes import lookup
from profiles.edition import Edition


def document_row(document: Received, zone: ZoneInfo) -> DocumentRow:
    """Return the row of *document* in the report; times are local in *zone*."""
    seen = document.head
    return DocumentRow(
        file=shown(document.file),
        verdict=document.verdict,
        report=document.report,
        document=kind(seen.root, seen.type),
        edition=edition_name(document.reading.edition) if document.reading else None,
        document_id=seen.id,
        sender=seen.sender.value if seen.sender else None,
        sent=_local(seen.created, zone),
    )


def kind(root: str | None, document_type: str | None) -> str | None:
    """Return what a document is, in words with its code: ``Reserve tender (A37)``.

    >>> kind("ReserveBid_MarketDocument", None), kind(None, None)
    ('ReserveBid', None)
    """
    if document_type is None:
        return root.removesuffix("_MarketDocument") if root else None
    meaning = lookup("MessageTypeList").meaning(document_type)
    return f"{meaning} ({document_type})" if meaning else document_type


def edition_name(edition: Edition) -> str:
    """Return the short name of an edition, such as ``reserve_bid/7.4``.

    >>> edition_name(registry.EDITIONS[0])
    'acknowledgement/8.1'
    """
    module = next(name for name, module in registry.DOCUMENTS.items() if edition in module.EDITIONS)
    return f"{module}/{edition.name}"


def _local(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
