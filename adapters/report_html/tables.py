"""The rows of the long tables: every bid with its fate, every need, every document, every step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from adapters.report_html.figures import Figures
from adapters.report_html.merit_order import UNUSABLE
from adapters.report_html.overview import anchor
from adapters.report_html.page import DocumentRow, MarketReport
from adapters.report_html.summary import unserved
from adapters.report_html.zones import Slice
from gateway.flow import State
from gateway.report import Severity
from gateway.results import Award, ServedNeed, Verdict

STATE_WORDS = {
    State.DONE: "done",
    State.SKIPPED: "skipped",
    State.WAITING: "waiting",
    State.OPEN: "waiting",
    State.OVERDUE: "late",
}
"""Words of the strip of steps; a step that is open waits for its senders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BidRow:
    """One bid of one interval; what is sorted as a number or a time comes twice."""

    anchor: str
    start: str
    when: str
    area: str
    direction: str
    bid_id: str
    provider: str
    offered: tuple[str, str]
    accepted: tuple[str, str]
    bid_price: tuple[str, str]
    price: tuple[str, str]
    shape: str
    fate: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One need of one interval."""

    start: str
    when: str
    area: str
    direction: str
    need_id: str
    buyer: str
    requested: tuple[str, str]
    served: tuple[str, str]
    limit: tuple[str, str]
    price: tuple[str, str]
    state: str
    abnormal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding about a document."""

    rule: str
    severity: str
    code: str
    path: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One document with its verdict and findings."""

    row: DocumentRow
    shape: str
    abnormal: bool
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of the scheme: its state in words, with counts where intervals differ, and its rounds."""

    number: int
    phase: str
    origin: str
    action: str
    recipients: str
    state: str
    kind: str
    rounds: int


def bid_rows(parts: tuple[Slice, ...], figures: Figures) -> tuple[BidRow, ...]:
    """Return every bid of every interval, in order of time, area and direction, best price first."""
    return tuple(
        _bid_row(part, award, figures)
        for part in parts
        for award in sorted(part.awards, key=lambda award: _bid_order(award, figures))
    )


def need_rows(parts: tuple[Slice, ...], figures: Figures) -> tuple[NeedRow, ...]:
    """Return every need of every interval, in order of time, area and direction."""
    return tuple(
        _need_row(part, need, figures)
        for part in parts
        for need in sorted(part.needs, key=lambda need: (figures.area(need.area), -need.direction.sign, need.need_id))
    )


def file_rows(report: MarketReport) -> tuple[FileRow, ...]:
    """Return every document, the refused ones first."""
    shapes = {Verdict.ACCEPTED: "●", Verdict.PARTLY_ACCEPTED: "◐", Verdict.REFUSED: "✕"}
    ordered = sorted(report.documents, key=lambda row: (row.verdict is not Verdict.REFUSED, row.file))
    return tuple(
        FileRow(
            row=row,
            shape=shapes[row.verdict],
            abnormal=row.verdict is not Verdict.ACCEPTED,
            findings=tuple(
                FindingRow(
                    rule=finding.rule,
                    severity="refuses" if finding.severity is Severity.REJECT else "warns",
                    code=finding.code,
                    path=finding.path,
                    expected=finding.expected,
                    found=finding.found,
                )
                for finding in row.report.findings
            ),
        )
        for row in ordered
    )


def step_rows(report: MarketReport) -> tuple[StepRow, ...]:
    """Return every step of the scheme with where it stands over all intervals."""
    flows = [flow for _, flow in report.procurement.flows]
    rows = []
    for step in report.procurement.scheme.steps:
        states = Counter(STATE_WORDS[flow.states[step.number]] for flow in flows) or Counter(["waiting"])
        words = ", ".join(f"{state} {count}" for state, count in sorted(states.items()))
        gravest = next(word for word in ("late", "waiting", "done", "skipped") if word in states)
        rows.append(
            StepRow(
                number=step.number,
                phase=str(step.phase),
                origin=str(step.origin),
                action=step.action,
                recipients=", ".join(map(str, step.recipients)),
                state=gravest if len(states) == 1 else words,
                kind=gravest,
                rounds=max((flow.round(step.number) for flow in flows), default=0),
            )
        )
    return tuple(rows)


def shape(award: Award) -> str:
    """Return the form of a fate, so that it is never told by colour alone."""
    if award.fate in UNUSABLE:
        return "✕"
    if not award.quantity_mw:
        return "○"
    return "●" if award.quantity_mw == award.offered_mw else "◐"


def _bid_order(award: Award, figures: Figures) -> tuple[object, ...]:
    price = award.bid_price
    no_price = price is None
    return (
        figures.area(award.area),
        -award.direction.sign,
        no_price,
        0 if price is None else price * award.direction.sign,
        award.bid_id,
    )


def _bid_row(part: Slice, award: Award, figures: Figures) -> BidRow:
    fate, _, why = award.fate.value.partition(": ")
    return BidRow(
        anchor=anchor(part),
        start=f"{part.interval.start:%Y-%m-%dT%H:%M:%SZ}",
        when=figures.when(part.interval),
        area=figures.area(award.area),
        direction=award.direction.value,
        bid_id=award.bid_id,
        provider=award.provider.value,
        offered=(str(award.offered_mw), figures.power(award.offered_mw)),
        accepted=(str(award.quantity_mw), figures.power(award.quantity_mw)),
        bid_price=("" if award.bid_price is None else str(award.bid_price), figures.price(award.bid_price)),
        price=("" if award.price is None else str(award.price), figures.price(award.price)),
        shape=shape(award),
        fate=fate,
        reason=figures.named(award.reason or why),
    )


def _need_row(part: Slice, need: ServedNeed, figures: Figures) -> NeedRow:
    abnormal = unserved(need)
    left = f"{figures.power(need.unserved_mw)} MW"
    beyond = "not served within its limit price" if need.served_mw == 0 else f"{left} not served within its limit price"
    more = f", {figures.power(need.excess_mw)} MW beyond it within its tolerance" if need.excess_mw else ""
    state = f"served in full{more}" if not need.unserved_mw else f"{left} unserved" if abnormal else beyond
    return NeedRow(
        start=f"{part.interval.start:%Y-%m-%dT%H:%M:%SZ}",
        when=figures.when(part.interval),
        area=figures.area(need.area),
        direction=need.direction.value,
        need_id=need.need_id,
        buyer=need.buyer.value,
        requested=(str(need.requested_mw), figures.power(need.requested_mw)),
        served=(str(need.served_mw), figures.power(need.served_mw)),
        limit=("" if need.limit_price is None else str(need.limit_price), figures.price(need.limit_price)),
        price=("" if need.price is None else str(need.price), figures.price(need.price)),
        state=state,
        abnormal=abnormal,
    )
