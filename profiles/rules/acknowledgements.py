"""AK: rules for acknowledgements that we receive (IEC 62325-451-1). They are read, never answered."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.report import Level
from profiles.acknowledgement import AcknowledgementMarketDocument
from profiles.markets import Weight
from profiles.rules.engine import NOBODY_YET, View, Violation, kept_elsewhere, rule
from profiles.rules.shape import either

AcknowledgementView = View[AcknowledgementMarketDocument]

_ON = (AcknowledgementMarketDocument,)
_FINGRID = "Fingrid market guide"
VERDICTS = frozenset({"A01", "A02", "A03", "B70"})


@rule("AK-001", Level.DOCUMENT, "999", on=_ON, source="ENTSO-E code list", weight=Weight.WARN)
def the_verdict_is_known(view: AcknowledgementView) -> Iterator[Violation]:
    """One of the reasons is a verdict: A01, A02, A03 or B70; any other acknowledgement counts as a refusal."""
    codes = [reason.code for reason in view.document.reasons]
    if VERDICTS.isdisjoint(codes):
        yield Violation(("reasons",), either(VERDICTS), ", ".join(codes) or "nothing")


@rule("AK-002", Level.DOCUMENT, "999", on=_ON, source=_FINGRID, weight=Weight.WARN, needs=("sent",))
def it_answers_something_sent(view: AcknowledgementView) -> Iterator[Violation]:
    """An acknowledgement names a document that was sent, by its mRID or by the name of its payload."""
    named = [name for name in (view.document.received, view.document.received_title) if name]
    if not any(name in (view.context.sent or frozenset()) for name in named):
        yield Violation(("received",), "a document that was sent", ", ".join(named) or "nothing")


AK_003 = kept_elsewhere(
    "AK-003",
    Level.DOCUMENT,
    kept_by=NOBODY_YET,
    why="It is about an answer that does not come; sending over a network is not built.",
    statement="A document without acknowledgement is sent again, byte for byte, and then reported as a problem.",
    source="project decision",
)


@rule("AK-004", Level.DOCUMENT, "999", on=_ON, source=_FINGRID, weight=Weight.WARN)
def it_says_what_it_answers(view: AcknowledgementView) -> Iterator[Violation]:
    """An acknowledgement repeats the type of the document; some producers leave it out."""
    if view.document.received is not None and view.document.received_type is None:
        yield Violation(("received_type",), "the type of the document", "nothing")
