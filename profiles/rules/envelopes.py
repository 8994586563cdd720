"""OE: rules for operating envelopes, those of this project and those of the EDDIE framework.

An envelope of EDDIE names neither unit nor sign convention, and often no sender; only its bounds are judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.errors import Unmappable
from gateway.identifiers import PartyId, ResourceId
from profiles.eddie_operating_envelope import RECMMOEEnvelope
from profiles.measured import unit_of
from profiles.resource_operating_envelope import ResourceOperatingEnvelopeMarketDocument
from profiles.rules.context import identifier
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import INTERVAL, SERIES, amount, block, spans

EnvelopeView = View[ResourceOperatingEnvelopeMarketDocument]

_ON = (ResourceOperatingEnvelopeMarketDocument,)
_DECISION = "project decision"
_ACTIVE_POWER = "8716867000016"


@rule("OE-001", SERIES, "A64", on=_ON, source=_DECISION, needs=("resources",))
def an_operator_limits_what_is_in_its_grid(view: EnvelopeView) -> Iterator[Violation]:
    """The resource of an envelope is registered in the grid of the sender."""
    resources = view.context.resources or {}
    sender = identifier(PartyId, view.document.sender)
    for number, series in enumerate(view.document.series, 1):
        name = identifier(ResourceId, series.resource)
        registered = None if name is None else resources.get(name)
        if registered is None or registered.operator != sender:
            found = "one that is not registered" if registered is None else f"one in the grid of {registered.operator}"
            yield Violation(("series", number, "resource"), f"a resource in the grid of {sender}", found)


@rule("OE-002", INTERVAL, "A42", on=(*_ON, RECMMOEEnvelope), source=_DECISION)
def bounds_do_not_cross(view: View[Any]) -> Iterator[Violation]:
    """The least quantity of a slot is not above the greatest, and the unit is one of power.

    The sign convention is mandatory in the project's document and one of two words, so the reader tells where not.
    """
    if isinstance(view.document, ResourceOperatingEnvelopeMarketDocument):
        for number, series in enumerate(view.document.series, 1):
            if not _is_power(series.quantity_unit):
                yield Violation(("series", number, "quantity_unit"), "a unit of active power", series.quantity_unit)
    for span in spans(view):
        for number, point in enumerate(span.points, 1):
            least, greatest = point.minimum, point.maximum
            if least is not None and greatest is not None and least > greatest:
                on = None if point.position is None else block(view, span, number)
                expected = f"at most {amount(greatest)}, the greatest"
                yield Violation((*span.point(number), "minimum"), expected, amount(least), interval=on)


def _is_power(unit: str) -> bool:
    try:
        unit_of(unit, _ACTIVE_POWER)
    except Unmappable:
        return False
    return True


OE_003 = kept_elsewhere(
    "OE-003",
    SERIES,
    "A41",
    kept_by="profiles.rules.series",
    why="TS-006 judges it, in every document with Periods.",
    statement="The interval of an envelope is a whole multiple of its resolution.",
    source="public balancing data, where it is broken",
)
OE_004 = kept_elsewhere(
    "OE-004",
    SERIES,
    "A67",
    kept_by=NOBODY_YET,
    why="It is about time units that no document speaks of, and the clearing takes limits, not envelopes.",
    statement="A resource whose envelope leaves time units open is blocked in them, or has no limit.",
    source=_DECISION,
)
OE_005 = kept_elsewhere(
    "OE-005",
    SERIES,
    kept_by="gateway.clearing.problem",
    why="It compares the envelope with a schedule, which is no part of the document.",
    statement="Where the schedule is outside the envelope the headroom is 0, not negative: it must not get worse.",
    source=_DECISION,
)
