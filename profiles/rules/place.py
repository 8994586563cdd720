"""From the names of a declaration to a path in a document."""

from __future__ import annotations

from typing import Any

from profiles.edition import Edition
from profiles.wire import places


def locate(edition: Edition, at: tuple[str | int, ...]) -> str:
    """Return the slash path of ``at`` (attribute names, positions from 1) with the tags of *edition*.

    >>> from profiles.reserve_bid import EDITIONS
    >>> locate(EDITIONS[0], ("series", 3, "quantity_unit"))
    '/ReserveBid_MarketDocument/Bid_TimeSeries[3]/quantity_Measurement_Unit.name'
    """
    cls: Any = edition.document
    steps = [edition.root]
    for step in at:
        if isinstance(step, int):
            steps[-1] += f"[{step}]"
            continue
        tag, cls = _child(edition, cls, step)
        steps.append(tag)
    return "/" + "/".join(steps)


def _child(edition: Edition, cls: type[Any], name: str) -> tuple[str, Any]:
    """Return tag and kind of an attribute; an element that the edition lacks keeps its declared tag."""
    for own in edition.fields(cls):
        if own.name == name:
            return own.tag, own.kind
    return next((place.tag, place.kind) for declared, place in places(cls) if declared == name)
