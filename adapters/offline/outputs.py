"""The outcome of a run as named files: acknowledgements, results, orders, prices, and the report.

Names tell a person what a file is (``allocations/seller_10X..._20270114T0700Z.xml``) and depend on the
outcome alone. An acknowledgement has the name of the file that it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from adapters.offline.describe import document_row
from adapters.offline.reception import shown
from adapters.offline.run import Run
from adapters.report_html import MarketReport, render
from gateway import canonical_json
from gateway.clearing.price_setters import price_settings
from gateway.clearing.trades import trades
from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.report import Report
from gateway.results import ActivationOrders, Allocation, ClearingPrices
from profiles import unsaid, write_message
from profiles.markets import load

_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Content by relative path; in a sentence each, the answers that no edition could hold, and what was shortened."""

    files: dict[str, bytes]
    unwritten: tuple[str, ...]
    losses: tuple[str, ...] = ()


def outputs(outcome: Run, version: str) -> Outputs:
    """Return every file of *outcome*; *version* is that of this program."""
    overlay = outcome.settings.overlay or load(outcome.settings.profile).overlay
    files: dict[str, bytes] = {}
    unwritten: list[str] = []
    losses: list[str] = []
    for path, envelope in _letters(outcome):
        name = _free(path, files)
        try:
            files[name] = write_message(envelope, overlay=overlay)
        except Unwritable as error:
            unwritten.append(f"{name}: {error}")
        else:
            losses += (f"{name}: {shortened}" for shortened in unsaid(envelope))
    outcome = _with_losses(outcome, losses)
    files["result.json"] = canonical_json.write(_record(outcome, version)).encode()
    files["report.html"] = render(market_report(outcome, version)).encode()
    return Outputs(files, tuple(unwritten), tuple(losses))


def _with_losses(outcome: Run, losses: Iterable[str]) -> Run:
    """Return *outcome* with what writing the answers lost in the report of its procurement."""
    procurement = outcome.procurement
    report = procurement.report + Report(losses=tuple(losses))
    return replace(outcome, procurement=replace(procurement, report=report))


def market_report(outcome: Run, version: str) -> MarketReport:
    """Return what the HTML report is made from."""
    return MarketReport(
        procurement=outcome.procurement,
        documents=tuple(document_row(document, outcome.settings.zone) for document in outcome.received),
        received=outcome.clock,
        ignored=tuple((shown(entry.name), entry.reason) for entry in outcome.folder.ignored),
        zone=outcome.settings.zone,
        version=version,
    )


def answer_path(envelope: Envelope[Message]) -> str:
    """Return the path of an answer: folder by what it is, name by receiver, period and revision."""
    receiver = _UNSAFE.sub("_", envelope.receiver.id.value)
    when = f"_{envelope.period.start:%Y%m%dT%H%MZ}" if envelope.period else ""
    revision = f"_r{envelope.revision}" if envelope.revision > 1 else ""
    match envelope.message:
        case Allocation(awards=awards, needs=needs):
            own = all(award.provider == envelope.receiver.id for award in awards)
            kind = "buyer" if needs else "seller" if own else "check"
            return f"allocations/{kind}_{receiver}{when}{revision}.xml"
        case ActivationOrders():
            return f"activations/{receiver}{when}{revision}.xml"
        case ClearingPrices():
            return f"prices/prices{when}{revision}.xml"
        case other:
            return f"answers/{type(other).__name__}_{receiver}{when}{revision}.xml"


def _letters(outcome: Run) -> Iterator[tuple[str, Envelope[Message]]]:
    for file, envelope in outcome.acknowledgements:
        yield f"acknowledgements/{file}", envelope
    for answer in outcome.procurement.answers:
        yield answer_path(answer), answer


def _free(path: str, taken: Iterable[str]) -> str:
    """Return *path*, numbered where another answer has the same one."""
    stem = path.removesuffix(".xml")
    return next(name for name in (path, *(f"{stem}_{n}.xml" for n in range(2, 10_000))) if name not in taken)


def _record(outcome: Run, version: str) -> dict[str, object]:
    """Return what `result.json` holds."""
    procurement = outcome.procurement
    return {
        "gateway": version,
        "scheme": procurement.scheme.name,
        "received": outcome.clock,
        "market": procurement.market,
        "documents": [
            {
                "file": shown(document.file),
                "document": document.head.id,
                "digest": document.reading.digest if document.reading else None,
                "verdict": document.verdict,
                "report": document.report,
            }
            for document in outcome.received
        ],
        "ignored": [{"file": shown(entry.name), "reason": entry.reason} for entry in outcome.folder.ignored],
        "rounds": len(procurement.rounds),
        "result": procurement.result,
        "price_settings": price_settings(procurement.result),
        "trades": trades(procurement.result),
        "steps": [{"interval": interval, "states": flow.states} for interval, flow in procurement.flows],
        "report": procurement.report,
    }
