"""Cases for rules: a valid document of `tests/data/rules/base`, changed in one stated way.

A case file is TOML with one ``[[case]]`` for each change::

    [[case]]
    rule = "RB-006"                       # the rule that must be broken, and no other
    what = "half a megawatt"
    base = "bids"
    edit = [["set", "Bid_TimeSeries[1]/Period/Point/quantity.quantity", "10.5"]]
    code = "A42"
    at = "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/Period[1]/Point[1]/quantity.quantity"

``weight = "warn"`` where it only warns; ``level`` and ``found`` are compared where given. ``terms`` is TOML laid over the
market ``project``; ``context`` replaces parts of what is known (`tests/data/rules/context.toml`). A ``[[sound]]`` entry
is a change that breaks nothing.

Edits: ``set`` text, ``attribute`` name value, ``drop``, ``copy`` (after itself), ``after`` xml, ``before`` xml, and
``text`` old new, which changes the bytes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Bid, Direction, Reserve
from gateway.report import Report
from gateway.time import Interval
from profiles import markets
from profiles.markets import MarketProfile
from profiles.reading import Parsed, parse
from profiles.rules.context import Context, KnownBid, KnownOrder, KnownResource, Peer, SeenDocument
from profiles.rules.engine import check

DATA = Path(__file__).resolve().parents[2] / "data" / "rules"
BASES = sorted(path.stem for path in (DATA / "base").glob("*.xml"))
ALPHA = PartyId("10XBSP-ALPHA---F", "A01")
NORTH = AreaId("10YNORTH-------T", "A01")


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One change of one document that breaks no rule."""

    what: str
    base: str
    edit: tuple[tuple[str, ...], ...]
    terms: str = ""
    context: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.what

    @property
    def market(self) -> MarketProfile:
        """The market `project` with the terms of this case."""
        return market(self.terms)

    def document(self) -> Parsed:
        """The document with its change."""
        return parse(changed(self.base, self.edit), overlay=self.market.overlay)

    def known(self) -> Context:
        """What is known besides."""
        return context(dict(self.context))

    def check(self) -> Report:
        """Judge the document."""
        parsed = self.document()
        return check(parsed.document, parsed.edition, self.market, self.known())


@cache
def market(terms: str) -> MarketProfile:
    """Return the market `project` with *terms* laid over it."""
    return markets.read(f'based_on = "project"\n{terms}', "case") if terms else markets.load("project")


@dataclass(frozen=True, kw_only=True)
class Case(Sound):
    """One change of one document, and the one rule that it breaks."""

    rule: str
    code: str
    at: str
    weight: str = "reject"
    level: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"


def cases() -> list[Case]:
    """Read every case of the folder."""
    return [Case(**table) for table in _tables("case")]


def sound() -> list[Sound]:
    """Read every change of the folder that breaks nothing."""
    return [Sound(**table) for table in _tables("sound")]


def _tables(name: str) -> Iterator[dict[str, Any]]:
    for path in sorted(DATA.glob("*.toml")):
        for table in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal).get(name, []):
            table["edit"] = tuple(tuple(map(str, step)) for step in table.get("edit", []))
            table["context"] = tuple(table.get("context", {}).items())
            yield table


# ------------------------------------------------------------------------------------------------------------ documents
def source(base: str) -> bytes:
    """Return the bytes of a valid document."""
    return (DATA / "base" / f"{base}.xml").read_bytes()


def changed(base: str, edits: Iterable[tuple[str, ...]]) -> bytes:
    """Return the bytes of a valid document with changes."""
    data = source(base)
    steps = list(edits)
    for _, old, new in (step for step in steps if step[0] == "text"):
        assert old.encode() in data, f"{old!r} is not in {base}"
        data = data.replace(old.encode(), new.encode())
    root = etree.fromstring(data)
    for kind, path, *rest in (step for step in steps if step[0] != "text"):
        node = root.find("/".join(f"{{*}}{step}" for step in path.split("/")))
        assert node is not None, f"{path} is not in {base}"
        EDITS[kind](node, *rest)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _set(node: etree._Element, text: str) -> None:
    node.text = text


def _attribute(node: etree._Element, name: str, value: str) -> None:
    node.set(name, value)


def _drop(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def _copy(node: etree._Element) -> None:
    node.addnext(etree.fromstring(etree.tostring(node)))


def _fragment(node: etree._Element, xml: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns="{etree.QName(node).namespace}">{xml}</x>')[0]


def _after(node: etree._Element, xml: str) -> None:
    node.addnext(_fragment(node, xml))


def _before(node: etree._Element, xml: str) -> None:
    node.addprevious(_fragment(node, xml))


EDITS: dict[str, Callable[..., None]] = {
    "set": _set,
    "attribute": _attribute,
    "drop": _drop,
    "copy": _copy,
    "after": _after,
    "before": _before,
}


# -------------------------------------------------------------------------------------------------------------- context
def context(changes: dict[str, Any] | None = None) -> Context:
    """Return what is known about the valid documents, with some parts replaced."""
    table = tomllib.loads((DATA / "context.toml").read_text("utf-8"), parse_float=Decimal)
    for name, value in (changes or {}).items():
        table[name] = _merged(table.get(name), value)
    return Context(
        **{
            name: READERS[name](value) if name in READERS else value
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


READERS: dict[str, Callable[[Any], Any]] = {
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
