"""Reports for the tests of the page, and a page taken apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from adapters.report_html import DocumentRow, MarketReport
from gateway.envelope import Envelope, Message
from gateway.market import MarketDefinition
from gateway.report import Finding, Level, Report, Severity
from gateway.results import Verdict
from tests.adapters.example import MARKET, QUARTERS, envelopes, procured

VOID = {"br", "input", "link", "meta", "path"}


def refusal(found: str = "nothing") -> Finding:
    return Finding(
        rule="GEN-004",
        severity=Severity.REJECT,
        level=Level.DOCUMENT,
        code="999",
        path="/ReserveBid_MarketDocument",
        expected="an element",
        found=found,
    )


def report(
    messages: Iterable[Envelope[Message]] | None = None,
    documents: tuple[DocumentRow, ...] = (),
    market: MarketDefinition = MARKET,
) -> MarketReport:
    """Return a report of *messages*, or of the market of the example."""
    return MarketReport(
        procurement=procured(messages, market),
        documents=documents,
        received="Every document counts as received at noon.",
        zone=ZoneInfo("Europe/Oslo"),
        version="1.2.3",
    )


def an_hour() -> MarketReport:
    """Return the report of four quarter hours with one document of each verdict."""
    rows = (
        DocumentRow(file="good.xml", verdict=Verdict.ACCEPTED, report=Report(assumptions=("something",))),
        DocumentRow(file="half.xml", verdict=Verdict.PARTLY_ACCEPTED, report=Report(findings=(refusal(),))),
        DocumentRow(file="bad.xml", verdict=Verdict.REFUSED, report=Report(findings=(refusal(), refusal("x")))),
    )
    return report(envelopes(QUARTERS).values(), rows)


@dataclass
class Page(HTMLParser):
    """Elements of a page in their order, with their attributes and the text right inside them."""

    text: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.words.setdefault(self.open[-1], []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def count(self, tag: str) -> int:
        return len(self.all(tag))
