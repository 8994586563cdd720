"""What can be told of bytes whether or not they are a valid document: their head, and the lines of paths.

`profiles.read` refuses a document as a whole where its structure is wrong; then its parts are not known,
yet the answer has to go to somebody, and a person wants to know the line. A glance takes the few values
of the head from wherever they stand in the first level of the tree and vouches for none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lxml import etree

from gateway.errors import Malformed
from gateway.identifiers import PartyId
from profiles.codes import lookup
from profiles.hardening import LIMITS, Limits, parse_tree

_STEP = re.compile(r"([^\[\]/]+)(?:\[([0-9]+)\])?")
_LONGEST, _LONGEST_PARTY = 60, 16
"""Letters of an mRID and of a party; what is longer is no identifier of the standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a document as far as it can be seen; None for what is missing or has no sense.

    ``revision`` is text as it stands on the wire, like the attribute of a declared document.
    """

    root: str | None = None
    id: str | None = None
    revision: str | None = None
    type: str | None = None
    process: str | None = None
    created: datetime | None = None
    sender: PartyId | None = None
    sender_role: str | None = None
    receiver: PartyId | None = None
    receiver_role: str | None = None


def head(data: bytes, limits: Limits = LIMITS) -> Head:
    """Return what the head of *data* says; nothing but None where *data* is not well-formed XML.

    >>> head(b"<X><mRID>a1</mRID><type>A37</type></X>").id, head(b"<X>").id
    ('a1', None)
    """
    try:
        root = parse_tree(data, limits)
    except Malformed:
        return Head()
    return head_of(root)


def head_of(root: etree._Element) -> Head:
    """Return what the head of the document under *root* says."""
    first: dict[str, etree._Element] = {}
    for child in root:
        first.setdefault(etree.QName(child).localname, child)
    return Head(
        root=etree.QName(root).localname,
        id=_text(first.get("mRID")),
        revision=_text(first.get("revisionNumber")),
        type=_text(first.get("type")),
        process=_text(first.get("process.processType")),
        created=_instant(_text(first.get("createdDateTime"))),
        sender=_party(first.get("sender_MarketParticipant.mRID")),
        sender_role=_text(first.get("sender_MarketParticipant.marketRole.type")),
        receiver=_party(first.get("receiver_MarketParticipant.mRID")),
        receiver_role=_text(first.get("receiver_MarketParticipant.marketRole.type")),
    )


def lines(data: bytes, paths: Iterable[str], limits: Limits = LIMITS) -> Mapping[str, int]:
    r"""Return the line in *data* of each element path, counted from 1; of its nearest parent where it is missing.

    Nothing is returned for *data* that is not well-formed. Beyond line 65,535 the XML library knows lines from the
    text beside an element, which may be a line away.

    >>> lines(b"<a>\n<b/>\n<b><c/></b>\n</a>", ["/a", "/a/b[2]/c", "/a/b[2]/d", "/x"])
    {'/a': 1, '/a/b[2]/c': 3, '/a/b[2]/d': 3, '/x': 1}
    """
    try:
        parse_tree(data, limits)
    except Malformed:
        return {}
    # Read once more with the blanks between elements: without them the library counts no lines beyond 65,535.
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    found = {path: line_of(root, path) for path in paths}
    return {path: line for path, line in found.items() if line is not None}


def line_of(root: etree._Element, path: str) -> int | None:
    """Return the line of the element at *path*, or of the last one that there is on the way to it from the root."""
    here = root
    for name, number in _STEP.findall(path)[1:]:
        before = max(0, int(number or 1) - 1)
        child = next(islice(here.iterchildren(f"{{*}}{name}"), before, None), None)
        if child is None:
            break
        here = child
    return here.sourceline


def _text(element: etree._Element | None) -> str | None:
    text = "" if element is None else (element.text or "").strip()
    return text if 0 < len(text) <= _LONGEST else None


def _party(element: etree._Element | None) -> PartyId | None:
    value, scheme = _text(element), None if element is None else element.get("codingScheme")
    if value is None or len(value) > _LONGEST_PARTY or scheme not in lookup("CodingSchemeTypeList"):
        return None
    return PartyId(value, scheme or "")


def _instant(text: str | None) -> datetime | None:
    """Return an instant in UTC, which is how the standard writes them."""
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.utcoffset() is not None and not instant.utcoffset() else None
