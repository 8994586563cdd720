"""SC: rules for schedules of exchanges and the confirmations that answer them (IEC 62325-451-2).

A series without parties is an exchange over an interface, between the grids of two operators; one with parties is a
trade, which may stay in one area.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.identifiers import AreaId
from profiles.confirmation import ConfirmationMarketDocument
from profiles.rules.context import identifier
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.history import earlier_revision, revision_number, whole_number
from profiles.rules.shape import DOCUMENT, SERIES, either, few
from profiles.schedule import ScheduleMarketDocument

ScheduleView = View[ScheduleMarketDocument]

_ON = (ScheduleMarketDocument,)
_CODE_LIST = "ENTSO-E code list"
_VERDICTS = frozenset({"A06", "A07", "A08", "A88"})


@rule("SC-001", SERIES, "A82", on=_ON, source=_CODE_LIST)
def an_interface_has_two_sides(view: ScheduleView) -> Iterator[Violation]:
    """An exchange over an interface leads from the area of one operator to that of another, over a known border.

    That the exchanges of all parties sum up to zero is a matter of all their schedules together.
    """
    borders = view.context.borders
    if borders is None:
        view.assume("SC-001: the interfaces exist")
    for number, series in enumerate(view.document.series, 1):
        source, sink = series.out_domain, series.in_domain
        if series.in_party or series.out_party or source is None or sink is None:
            continue
        if source == sink:
            yield Violation(("series", number, "in_domain"), "another area than the one it leaves", sink.value)
        elif borders is not None and (identifier(AreaId, source), identifier(AreaId, sink)) not in borders:
            yield Violation(("series", number, "in_domain"), "a known border", f"{source.value} to {sink.value}")


SC_002 = kept_elsewhere(
    "SC-002",
    SERIES,
    "A28",
    "A29",
    kept_by=NOBODY_YET,
    why="It compares the schedules of two parties; no part of the gateway matches them.",
    statement="Each exchange has a counterpart in the schedule of the other party, with the same quantities.",
    source=_CODE_LIST,
)


@rule("SC-003", SERIES, "A50", "A52", on=_ON, source=_CODE_LIST)
def versions_follow_the_revision(view: ScheduleView) -> Iterator[Violation]:
    """The version of a series is not above the revision, and a new revision has every series of the one before."""
    document, revision = view.document, revision_number(view)
    for number, series in enumerate(document.series, 1):
        version = whole_number(series.version)
        if version is not None and revision is not None and version > revision:
            yield Violation(("series", number, "version"), f"at most {document.revision}, the revision", series.version)
    if view.context.seen is None:
        view.assume("SC-003: no series of an earlier revision is missing")
    earlier = earlier_revision(view)
    missing = set() if earlier is None else earlier.series - {series.id for series in document.series}
    if missing:
        yield Violation(("series",), "every series of the revision before", f"none for {few(missing)}", "A52")


@rule("SC-004", DOCUMENT, "999", on=(ConfirmationMarketDocument,), source=_CODE_LIST)
def a_confirmation_says_what_was_accepted(view: View[ConfirmationMarketDocument]) -> Iterator[Violation]:
    """A confirmation has one of the reasons A06 (accepted), A07 (in part), A08 (rejected) and A88 (matched)."""
    codes = [reason.code for reason in view.document.reasons]
    if _VERDICTS.isdisjoint(codes):
        yield Violation(("reasons",), either(_VERDICTS), ", ".join(codes))
