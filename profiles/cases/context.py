"""What is known around the documents of the rule cases, read from tables.

A table names parts of `profiles.rules.context.Context`; ``"unknown"`` leaves a part out. Identifiers are written as
``scheme:value``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Bid, Direction, Reserve
from gateway.time import Interval
from profiles.rules.context import Context, KnownBid, KnownOrder, KnownResource, Peer, SeenDocument

ALPHA = PartyId("10XBSP-ALPHA---F", "A01")
NORTH = AreaId("10YNORTH-------T", "A01")


def read_context(known: Mapping[str, Any], changes: Mapping[str, Any]) -> Context:
    """Return what is *known* about the valid documents, with the parts in *changes* replaced."""
    table = dict(known)
    for name, value in changes.items():
        table[name] = _merged(table.get(name), value)
    return Context(
        **{
            name: _READERS[name](value) if name in _READERS else value
            for name, value in table.items()
            if value != "unknown"
        }
    )


def _merged(old: object, new: object) -> object:
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {key: _merged(old.get(key), value) for key, value in new.items()}
    return new


def _parties(texts: Iterable[str]) -> frozenset[PartyId]:
    return frozenset(_party(text) for text in texts)


def _party(text: str) -> PartyId:
    scheme, _, value = text.partition(":")
    return PartyId(value, scheme)


def _area(text: str) -> AreaId:
    scheme, _, value = text.partition(":")
    return AreaId(value, scheme)


def _resource(text: str) -> ResourceId:
    scheme, _, value = text.partition(":")
    return ResourceId(value, scheme)


def _instant(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _known_bid(name: str, entry: dict[str, Any]) -> KnownBid:
    start = _instant(entry["start"])
    bid = Bid(
        id=name,
        provider=_party(entry.get("provider", str(ALPHA))),
        area=_area(entry.get("area", str(NORTH))),
        direction=Direction.UP,
        interval=Interval(start, start + timedelta(minutes=15)),
        quantity_mw=Decimal(entry["quantity_mw"]),
        minimum_mw=Decimal(entry.get("minimum_mw", 0)),
        divisible=entry.get("divisible", True),
        resource=_resource(entry.get("resource", "A01:10WUNIT-ONE----3")),
        technical_link=entry.get("technical_link"),
        inclusive=entry.get("inclusive"),
        exclusive=entry.get("exclusive"),
    )
    cap = entry.get("cap_mw")
    return KnownBid(
        bid=bid,
        created=_instant(entry.get("created", datetime(2026, 6, 15, 5, tzinfo=UTC))),
        product=entry.get("product"),
        cap_mw=None if cap is None else Decimal(cap),
        available=entry.get("available", True),
    )


_READERS: dict[str, Callable[[Any], Any]] = {
    "now": _instant,
    "answer_by": _instant,
    "own_parties": _parties,
    "areas": lambda texts: frozenset(map(_area, texts)),
    "borders": lambda pairs: frozenset((_area(source), _area(sink)) for source, sink in pairs),
    "sent": frozenset,
    "peer": lambda table: Peer(parties=_parties(table["parties"]), roles=frozenset(table["roles"])),
    "delegations": lambda table: {_party(name): _parties(entry) for name, entry in table.items()},
    "resources": lambda table: {
        _resource(name): KnownResource(
            provider=_party(entry["provider"]),
            operator=_party(entry["operator"]),
            reserves=frozenset(map(Reserve, entry["reserves"])),
            maximum_mw=Decimal(entry["maximum_mw"]),
        )
        for name, entry in table.items()
    },
    "bids": lambda table: {name: _known_bid(name, entry) for name, entry in table.items()},
    "orders": lambda table: {
        name: KnownOrder(
            revision=entry["revision"],
            sent=_instant(entry["sent"]),
            quantities={bid: Decimal(quantity) for bid, quantity in entry["quantities"].items()},
        )
        for name, entry in table.items()
    },
    "seen": lambda entries: {
        (_party(entry["sender"]), entry["id"]): SeenDocument(
            digest=entry["digest"], revision=entry["revision"], series=frozenset(entry.get("series", []))
        )
        for entry in entries
    },
}
