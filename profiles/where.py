"""Where in a document: ``/ReserveBid_MarketDocument/Bid_TimeSeries[3]/Period[1]/resolution``.

Elements that may repeat carry their number, counted from 1 among those of their name.
"""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from profiles.edition import Edition
from profiles.wire import elements


@lru_cache(maxsize=256)
def _repeatable(edition: Edition) -> frozenset[str]:
    """Return the qualified names of the elements that may repeat in *edition*."""
    return frozenset(f.qname for cls in elements(edition.document) for f in edition.fields(cls) if f.many)


def path_of(node: etree._Element, edition: Edition) -> str:
    """Return the path of *node* from the root."""
    parts = []
    for here in (node, *node.iterancestors()):
        name = etree.QName(here).localname
        if here.tag in _repeatable(edition):
            name += f"[{1 + sum(1 for _ in here.itersiblings(here.tag, preceding=True))}]"
        parts.append(name)
    return "/" + "/".join(reversed(parts))
