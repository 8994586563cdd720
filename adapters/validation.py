"""Documents checked one by one, and what was found as values for tables, JSON and SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from adapters.offline.describe import edition_name, kind
from adapters.offline.reception import unanswered_verdict
from gateway.canonical_json import Json
from gateway.errors import Malformed
from gateway.report import Finding, Report
from gateway.results import Verdict
from profiles import Reading, read
from profiles.glance import head, lines
from profiles.markets import MarketProfile
from profiles.official import Bundle, Complaint, OfficialVerdict
from profiles.reading import series_path
from profiles.registry import has_separate_series
from profiles.rules.context import Context
from profiles.rules.engine import Arriving
from profiles.rules.receipts import acknowledge, finding_of
from profiles.streamed_meaning import Meaning
from profiles.streaming import Closed, Opened, Part, stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One file, what it is, and what was found in it; ``lines`` has the line of each path that has one.

    ``official`` is what the official schema says, where it was asked.
    """

    file: str
    document: str | None
    edition: str | None
    verdict: Verdict
    report: Report
    lines: Mapping[str, int] = field(default_factory=dict)
    official: OfficialVerdict | None = None

    def line(self, finding: Finding) -> int | None:
        """Return the line of *finding* in the file, where it is known."""
        return self.lines.get(finding.path)

    @property
    def clean(self) -> bool:
        """Whether nobody found anything, not even that there is no official schema to ask."""
        return self.report.clean and (self.official is None or self.official.valid is True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what a document is checked: rules of the market, overlay, tolerated quirks, instant of receipt.

    ``official``: the official schemas, where they are asked too; ``explain``: in the words of the second library.
    """

    market: MarketProfile
    overlay: str | None = None
    quirks: Sequence[str] = ()
    now: datetime | None = None
    official: Bundle | None = None
    explain: bool = False


def check(name: str, content: bytes | None, terms: Terms) -> Checked:
    """Check the document *content* of the file *name*; None stands for a file that is too long.

    Raises `Misconfigured` for an unknown overlay or quirk.
    """
    reading, outcome = _read(content, terms)
    report = outcome if isinstance(outcome, Report) else Report(findings=(finding_of(outcome),))
    receipt = acknowledge(outcome, terms.market.acknowledgement, document=reading.document if reading else None)
    seen = head(content or b"")
    return Checked(
        file=name,
        document=kind(seen.root, seen.type),
        edition=edition_name(reading.edition) if reading else None,
        verdict=receipt.verdict if receipt else unanswered_verdict(report),
        report=report,
        lines=lines(content or b"", {finding.path for finding in report.findings}),
        official=_official(content, terms),
    )


def check_arriving(name: str, chunks: Iterable[bytes], terms: Terms) -> Checked | None:
    """Check a document of the file *name* as it arrives, without holding it; the outcome is that of `check`.

    None where the document is wanted whole: a rule of the market compares series, two series have one mRID, a series
    makes the head wrong, the meaning is more than that of each series, or a quirk or the official schema is to look at
    it. Raises `Misconfigured` for an unknown overlay.
    """
    if terms.quirks or terms.official is not None:
        return None
    judging: _Judging | None = None
    for value in stream(chunks, overlay=terms.overlay or terms.market.overlay):
        if isinstance(value, Opened):
            judging = _Judging.begin(value, terms)
            if judging is None:
                return None
        elif isinstance(value, Part) and judging is not None:
            if not judging.take(value):
                return None
        elif isinstance(value, Closed):
            return _arrived(name, value, judging, terms)
    return None


@dataclass(slots=True)
class _Judging:
    """What was found so far in a document that is arriving: by the rules, and in its meaning."""

    rules: Arriving
    meaning: Meaning
    report: Report
    lines: dict[str, int | None] = field(default_factory=dict)
    _of_head: frozenset[Finding] = frozenset()

    @staticmethod
    def begin(value: Opened, terms: Terms) -> _Judging | None:
        """Judge the head; None where the series cannot be judged one by one."""
        rules = Arriving(value.edition, terms.market, Context(now=terms.now))
        if not has_separate_series(value.edition) or not rules.fits:
            return None
        report = rules.judge(value.document)
        return _Judging(rules, Meaning(value.edition, value.document), report, {}, frozenset(report.findings))

    def take(self, part: Part) -> bool:
        """Judge one series, and ask after its meaning where no rule refuses it; False where the whole is wanted."""
        said = self.rules.judge(replace(self.meaning.head, series=(part.value,)), part.number)
        found = tuple(one for one in said.findings if one not in self._of_head)
        subjects = Report(found).rejected_subjects
        place = f"{series_path(self.rules.edition)}[{part.number}]"
        if not all(one.path.startswith(place) for one in found):
            return False
        if any(self.rules.repeats(mrid, part.number) for mrid in subjects):
            return False
        self.report += Report(found, tuple(one for one in said.assumptions if one not in self.report.assumptions))
        self.lines |= {one.path: part.line(one.path) for one in found}
        if not subjects:
            self.meaning.add(part)
        return True


def _arrived(name: str, closed: Closed, judging: _Judging | None, terms: Terms) -> Checked | None:
    """Return what was found in a document that has come to its end."""
    outcome, report = closed.outcome, Report()
    if isinstance(outcome, Malformed):
        report = Report(findings=(finding_of(outcome),))
    elif judging is None:
        return None
    else:
        report = outcome + judging.report
        report += Report() if report.rejects_document else judging.meaning.conclude()
    said = outcome if isinstance(outcome, Malformed) else report
    lines_of_series = {**judging.lines, **judging.meaning.lines} if judging else {}
    found = {one.path: lines_of_series.get(one.path) or closed.line(one.path) for one in report.findings}
    named = judging.rules.names if judging else None
    receipt = acknowledge(said, terms.market.acknowledgement, document=closed.document, series=named)
    return Checked(
        file=name,
        document=kind(closed.head.root, closed.head.type),
        edition=edition_name(closed.edition) if closed.edition and closed.document else None,
        verdict=receipt.verdict if receipt else unanswered_verdict(report),
        report=report,
        lines={path: line for path, line in found.items() if line is not None} | closed.lines,
    )


def _official(content: bytes | None, terms: Terms) -> OfficialVerdict | None:
    if terms.official is None or content is None:
        return None
    return terms.official.judge(content, explain=terms.explain)


def _read(content: bytes | None, terms: Terms) -> tuple[Reading | None, Report | Malformed]:
    if content is None:
        return None, Malformed("/", "a file of at most 50 MB", "a longer one", "A94", "GEN-001")
    context = Context(now=terms.now) if terms.now else None
    try:
        reading = read(content, terms.market, context=context, overlay=terms.overlay, quirks=terms.quirks)
    except Malformed as error:
        return None, error
    return reading, reading.report


_SAID = {True: "valid", False: "not valid", None: "not judged"}


def said(verdict: OfficialVerdict) -> str:
    """Return an official verdict in words.

    >>> said(OfficialVerdict(valid=None))
    'not judged'
    """
    return _SAID[verdict.valid]


def official_record(verdict: OfficialVerdict) -> dict[str, Json]:
    """Return an official verdict as JSON."""
    return {
        "verdict": said(verdict),
        "schema": verdict.schema,
        "complaints": [_complaint(complaint) for complaint in verdict.complaints],
        "explained": [_complaint(complaint) for complaint in verdict.explained],
    }


def _complaint(complaint: Complaint) -> dict[str, Json]:
    return {
        "path": complaint.path,
        "line": complaint.line or None,
        "message": complaint.message,
        "expected": list(complaint.expected),
    }
