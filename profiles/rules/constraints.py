"""CR: rules for what limits the grid: CRAC, critical network elements, generation and load shift keys.

These documents are read for reports and for other tools. Nothing is cleared by them, so what is odd is told and
refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from profiles import codes
from profiles.crac import CRACMarketDocument
from profiles.critical_network_element import CriticalNetworkElementMarketDocument
from profiles.glsk import GLSKMarketDocument
from profiles.lexical import Coded, Simple
from profiles.markets import Weight
from profiles.rules.engine import NOBODY_YET, At, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import SERIES
from profiles.wire import places

_ON = (CRACMarketDocument, CriticalNetworkElementMarketDocument, GLSKMarketDocument)
_CODE_LIST, _PUBLIC = "ENTSO-E code list", "public balancing data"
_PLACEHOLDER = re.compile(r".*FAKE.*|1-+0")
_EIC = "A01"

CR_001 = kept_elsewhere(
    "CR-001",
    SERIES,
    kept_by="profiles.rules.series",
    why="TS-007 judges it, and only warns where Points hold situations.",
    statement="A series of curve A03 may start after position 1: no situation applies before it.",
    source=_PUBLIC,
)
CR_002 = kept_elsewhere(
    "CR-002",
    SERIES,
    "A42",
    kept_by="profiles.lexical",
    why="It is about the type of an element, which the declaration of the edition has.",
    statement="Values carry no sign; positiveFlowIn tells their direction.",
    source="ENTSO-E document schemas",
)
CR_003 = kept_elsewhere(
    "CR-003",
    SERIES,
    "B32",
    "B33",
    kept_by=NOBODY_YET,
    why="It compares the document with the grid model, which the gateway is not told.",
    statement="The resources of the document are in the grid model and in the network dictionary.",
    source=_CODE_LIST,
)


@rule("CR-004", SERIES, "999", on=_ON, source=_PUBLIC, weight=Weight.WARN)
def identifiers_are_no_placeholders(view: View[Any]) -> Iterator[Violation]:
    """An EIC names something: it has no FAKE in it, and is not a 1 and a 0 with dashes between."""
    for at, _, value in _values(view.document):
        if isinstance(value, Coded) and value.scheme == _EIC and _PLACEHOLDER.fullmatch(value.value):
            yield Violation(at, "an identifier that names something", f"{value.scheme}:{value.value}")


@rule("CR-005", SERIES, "999", on=_ON, source=f"{_PUBLIC}; {_CODE_LIST}", weight=Weight.WARN, optional=True)
def codes_have_one_meaning(view: View[Any]) -> Iterator[Violation]:
    """A code is one of the standard lists: a local one that the market knows may mean something else to its sender.

    A local code that the market does not know is refused by the reader.
    """
    overlay = view.market.overlay
    for at, kind, value in _values(view.document) if overlay else ():
        if kind.codes is not None and value in _local(kind.codes, overlay):
            yield Violation(at, f"a code of the standard {kind.codes}", value)


@cache
def _local(name: str, overlay: str | None) -> frozenset[str]:
    """Return the codes that an overlay adds to a list of the standard."""
    return codes.lookup(name, overlay=overlay).values - codes.lookup(name).values


def _values(record: Any, at: At = ()) -> Iterator[tuple[At, Simple[Any], Any]]:  # noqa: ANN401 - any record
    """Yield ``(where, type, value)`` of everything that a record and the records in it say."""
    for name, place in places(type(record)):
        held = getattr(record, name)
        each = enumerate(held, 1) if place.many else (() if held is None else ((0, held),))
        for number, value in each:
            here = (*at, name, number) if place.many else (*at, name)
            if isinstance(place.kind, Simple):
                yield here, place.kind, value
            else:
                yield from _values(value, here)
