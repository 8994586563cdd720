"""Where in a document: ``/ReserveBid_MarketDocument/Bid_TimeSeries[3]/Period[1]/resolution``.

Elements that may repeat carry their number, counted from 1 among those of their name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from profiles.edition import Edition
from profiles.wire import elements

_LONGEST_SHOWN = 80


@lru_cache(maxsize=256)
def _repeatable(edition: Edition) -> frozenset[str]:
    """Return the qualified names of the elements that may repeat in *edition*."""
    return frozenset(f.qname for cls in elements(edition.document) for f in edition.fields(cls) if f.many)


def shown(text: str) -> str:
    """Return *text* in quotes, its beginning where it is long: an error does not grow with the document."""
    more = len(text) - _LONGEST_SHOWN
    return repr(text) if more <= 0 else f"{text[:_LONGEST_SHOWN]!r} and {more} characters more"


def name_of(tag: object) -> str:
    """Return the local name of a *tag*, its beginning where it is long; "?" for what has none."""
    name = etree.QName(tag).localname if isinstance(tag, str) else "?"
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."


def path_of(node: etree._Element, edition: Edition) -> str:
    """Return the path of *node* from the root."""
    return Places(edition).path(node)


@dataclass(slots=True)
class Places:
    """Paths of many nodes of one document, asked for more or less in document order.

    The number that was found last below a parent is kept, so that the next one is counted from there: the time for
    all paths grows with the document and not with its square.
    """

    edition: Edition
    _last: dict[tuple[etree._Element | None, str], tuple[etree._Element, int]] = field(default_factory=dict)

    def path(self, node: etree._Element) -> str:
        """Return the path of *node* from the root."""
        repeatable = _repeatable(self.edition)
        parts = []
        for here in (node, *node.iterancestors()):
            name = name_of(here.tag)
            parts.append(f"{name}[{self._number(here)}]" if here.tag in repeatable else name)
        return "/" + "/".join(reversed(parts))

    def _number(self, node: etree._Element) -> int:
        """Return which of the siblings of its name *node* is, from 1."""
        tag = str(node.tag)
        key = node.getparent(), tag
        last, number = self._last.get(key, (None, 0))
        if node is last:
            return number
        steps = 1
        for sibling in node.itersiblings(tag, preceding=True):
            if sibling is last:
                break
            steps += 1
        else:
            number = 0
        self._last[key] = node, number + steps
        return number + steps
