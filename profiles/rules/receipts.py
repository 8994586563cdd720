"""From what was found to the acknowledgement: the one way by which an error becomes an answer.

Two styles (`profiles.markets.AcknowledgementStyle`):

========  ===========================================  ================================================
level     ``DETAILED``                                 ``NORDIC``
========  ===========================================  ================================================
document  A01 accepted; A02 refused; A03 some series   A01 or A02: one refused series refuses the whole
          are refused; the causes follow, each with    document; the cause is the text of A02, further
          its code                                     causes are 999 with text
series    A20 and the causes; those that concern       999 with text
          an interval stand with it
========  ===========================================  ================================================

A series of which only some intervals are wrong is refused as a whole, and so A21 (accepted but for some
intervals) is never said: with a hole in it the series would say something that its sender did not.
Warnings are kept in the report and not told. An acknowledgement is never answered (GEN-021), a document
that cannot be read is answered by the name of its payload, and a fault of this installation by
A94, without particulars.

An answer is valid whatever was received. Every ``received_MarketDocument`` element is optional, so what
the head says is repeated where the element that repeats it could hold it, and left out elsewhere: an
mRID that is too long, a revision with a leading zero, a code of no list. A cut mRID would name another
document. Only words are cut: the text of a reason and the name of the payload. A series whose mRID cannot
be repeated cannot be named; what is wrong with it is told of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gateway.errors import Fault, GatewayError, Malformed
from gateway.report import Finding, Level, Report, Severity
from gateway.results import Reason, Receipt, RefusedSeries, Verdict
from gateway.time import Interval
from profiles import codes
from profiles.acknowledgement import EDITIONS, AcknowledgementMarketDocument, RejectedTimeSeries
from profiles.lexical import NotLexical, Simple
from profiles.markets import AcknowledgementStyle
from profiles.wire import places

ACCEPTED, REFUSED, SERIES_ERRORS = "A01", "A02", "A03"
SERIES_REFUSED = "A20"
UNPROCESSABLE, UNSPECIFIC = "A94", "999"

_LONGEST_TEXT = 512
_LONGEST_TITLE = 150
_MOST_CAUSES = 50
"""Causes told at one place; a broken document can have as many as elements, its answer need not."""

_TYPES: dict[tuple[type[Any], str], Simple[Any]] = {
    (cls, name): place.kind
    for cls in (AcknowledgementMarketDocument, RejectedTimeSeries)
    for name, place in places(cls)
    if isinstance(place.kind, Simple)
}
"""Simple type of each element of an acknowledgement, by class and attribute."""


def acknowledge(  # noqa: PLR0913 - one argument for each thing that the answer repeats
    outcome: Report | GatewayError,
    style: AcknowledgementStyle,
    *,
    document: object | None = None,
    series: int | None = None,
    title: str | None = None,
    overlay: str | None = None,
) -> Receipt | None:
    """Return the answer to a received document, or None where it is an acknowledgement itself.

    ``outcome``: what reading and checking found, or the error that ended them. ``document``: as far as
    it could be read. ``series``: how many it has, where it is given without them. ``title``: name of the
    transport's payload, told where the document does not name itself. ``overlay``: local codes in which
    the answer will be written.

    >>> from gateway.errors import Malformed
    >>> error = Malformed("/", "well-formed XML", "an unclosed element", "A94", "GEN-001")
    >>> answer = acknowledge(error, AcknowledgementStyle.DETAILED, title="bids.xml")
    >>> answer.verdict.value, answer.title, [reason.code for reason in answer.reasons]
    ('refused', 'bids.xml', ['A02', 'A94'])
    """
    if isinstance(document, AcknowledgementMarketDocument) or _broken_acknowledgement(outcome):
        return None
    findings = tuple(map(_nameable, _findings(outcome)))
    write = _nordic if style is AcknowledgementStyle.NORDIC else _detailed
    verdict, reasons, refused = write(findings, len(_names(document)) if series is None else series)
    repeated = {name: _repeated(document, name, attribute, overlay) for name, attribute in _HEAD.items()}
    revision = repeated["received_revision"]
    return Receipt(
        verdict=verdict,
        document_id=repeated["received"],
        revision=None if revision is None else int(revision),
        document_type=repeated["received_type"],
        process=repeated["received_process"],
        title=_writable(title)[:_LONGEST_TITLE] if title and repeated["received"] is None else None,
        created=repeated["received_created"],
        reasons=reasons,
        refused=refused,
    )


_HEAD = {
    "received": "id",
    "received_revision": "revision",
    "received_type": "type",
    "received_process": "process",
    "received_created": "created",
}
"""What an acknowledgement repeats: its own attribute, and that of the received document."""


def _repeated(document: object | None, name: str, attribute: str, overlay: str | None) -> Any:  # noqa: ANN401 - of either type
    """Return what the received document says, or None where the acknowledgement could not hold it."""
    value = getattr(document, attribute, None)
    holds = value is not None and _holds(_TYPES[AcknowledgementMarketDocument, name], value, overlay)
    return value if holds else None


def _holds(kind: Simple[Any], value: Any, overlay: str | None = None) -> bool:  # noqa: ANN401 - of any type
    """Whether an element of type *kind* can hold *value*, which is more than blanks."""
    try:
        text = kind.write(value)
    except NotLexical:
        return False
    known = kind.codes is None or text in codes.lookup(kind.codes, overlay)
    return bool(text.strip()) and known and kind.facet(value) is None


def _nameable(finding: Finding) -> Finding:
    """Return *finding* as one about the document where the series it is about cannot be named."""
    if finding.subject is None or _holds(_TYPES[RejectedTimeSeries, "id"], finding.subject):
        return finding
    return replace(finding, level=Level.DOCUMENT, subject=None, interval=None)


def _writable(text: str) -> str:
    """Return *text* with a question mark for every character that does not print, and so may not be XML."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


_Answer = tuple[Verdict, tuple[Reason, ...], tuple[RefusedSeries, ...]]


def _broken_acknowledgement(outcome: Report | GatewayError) -> bool:
    return isinstance(outcome, Malformed) and outcome.path.split("/")[1:2] == [EDITIONS[0].root]


def _findings(outcome: Report | GatewayError) -> tuple[Finding, ...]:
    """Return what refuses something; an error is one finding about the document."""
    if isinstance(outcome, Report):
        return tuple(finding for finding in outcome.findings if finding.severity is Severity.REJECT)
    return (finding_of(outcome),)


def finding_of(error: GatewayError) -> Finding:
    """Return an error that ended the reading as one finding about the document; a fault of ours gives nothing away."""
    ours = error.fault is not Fault.SENDER
    return Finding(
        rule=error.rule if isinstance(error, Malformed) else "",
        severity=Severity.REJECT,
        level=Level.DOCUMENT,
        code=UNPROCESSABLE if ours else error.code,
        path="/" if ours else error.path,
        expected="a document that this system can process" if ours else error.expected,
        found="one that it cannot process now" if ours else error.found,
    )


def _detailed(findings: Sequence[Finding], total: int) -> _Answer:
    about_document = [finding for finding in findings if finding.level is Level.DOCUMENT]
    refused = tuple(_refused_series(name, causes) for name, causes in _by_series(findings).items())
    if about_document or (refused and len(refused) >= total):
        return Verdict.REFUSED, (Reason(code=REFUSED), *_reasons(about_document)), refused
    if refused:
        return Verdict.PARTLY_ACCEPTED, (Reason(code=SERIES_ERRORS),), refused
    return Verdict.ACCEPTED, (Reason(code=ACCEPTED),), ()


def _refused_series(name: str, causes: Sequence[Finding]) -> RefusedSeries:
    """Return the answer for one series: why it is refused, and what is wrong in which interval."""
    general: list[Finding] = []
    by_interval: dict[Interval, list[Finding]] = {}
    for cause in causes:
        (general if cause.interval is None else by_interval.setdefault(cause.interval, [])).append(cause)
    return RefusedSeries(
        series_id=name,
        reasons=(Reason(code=SERIES_REFUSED), *_reasons(general)),
        intervals=tuple((interval, _reasons(found)) for interval, found in sorted(by_interval.items())),
    )


def _nordic(findings: Sequence[Finding], total: int) -> _Answer:
    del total  # one refused series refuses the whole document
    if not findings:
        return Verdict.ACCEPTED, (Reason(code=ACCEPTED, text="Message fully accepted."),), ()
    about_document = [finding for finding in findings if finding.level is Level.DOCUMENT]
    causes = _reasons(about_document, UNSPECIFIC)
    first = Reason(code=REFUSED, text=causes[0].text if causes else "Message fully rejected.")
    refused = tuple(
        RefusedSeries(series_id=name, reasons=_reasons(found, UNSPECIFIC))
        for name, found in _by_series(findings).items()
    )
    return Verdict.REFUSED, (first, *causes[1:]), refused


def _names(document: object) -> frozenset[str]:
    """Return the mRIDs of the series; the bids of a merit order list are series without one."""
    named = (getattr(series, "id", None) for series in getattr(document, "series", ()))
    return frozenset(name for name in named if name is not None)


def _by_series(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.level is not Level.DOCUMENT and finding.subject is not None:
            found.setdefault(finding.subject, []).append(finding)
    return found


def _reasons(findings: Sequence[Finding], code: str | None = None) -> tuple[Reason, ...]:
    """Return a reason for each finding, each told once, under *code* where it is given."""
    told = tuple(
        dict.fromkeys(Reason(code=code or finding.code, text=_words(finding)) for finding in findings[:_MOST_CAUSES])
    )
    more = len(findings) - _MOST_CAUSES
    return (*told, Reason(code=UNSPECIFIC, text=f"and {more} more")) if more > 0 else told


def _words(finding: Finding) -> str:
    """Say in words what is wrong: the rule, the place, what was expected and found."""
    text = _writable(str(finding).strip())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 3] + "..."
