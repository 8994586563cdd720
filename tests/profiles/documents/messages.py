"""Hand-written messages, and stated changes of them that a document module refuses or reports.

``tests/data/<document>/<edition>/own-*.xml`` are whole messages. ``tests/data/<document>/changes.toml`` names one of them
as ``base`` and lists changes of it, in the edits of `profiles.cases.edits`::

    base = "8.3/own-interface-both-ways"

    [[refused]]
    what = "a border of an area with itself"
    edit = [["set", "TimeSeries[1]/in_Domain.mRID", "10YNO-1--------2"]]
    at = "/Capacity_MarketDocument/TimeSeries[1]"
    expected = "Capacity export#1.to_area: another area than from_area"
    found = "A01:10YNO-1--------2"

    [[reported]]
    what = "no curve"
    edit = [["drop", "TimeSeries[1]/curveType"]]
    assumptions = ["1 series without curveType: A01"]

``by`` says who refuses: ``Unmappable`` where nothing is said, ``Malformed``, or the rule of a finding. ``code`` is 999
where nothing is said. ``edition`` gives the message the namespace of another edition, ``base`` replaces that of the file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree

from gateway.envelope import Envelope, Message
from gateway.errors import Malformed, Unmappable
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, registry, to_canonical
from profiles.cases.edits import Edit, changed
from profiles.edition import Edition

DATA = Path(__file__).resolve().parents[2] / "data"
M = TypeVar("M")


def source(document: str, name: str) -> bytes:
    """Return a hand-written message: ``source("capacity", "8.3/own-interface-both-ways")``."""
    return (DATA / document / f"{name}.xml").read_bytes()


def in_edition(data: bytes, document: str, edition: str) -> bytes:
    """Return *data* with the namespace of another edition and nothing else changed."""
    old = _namespace(data)
    return data.replace(f'"{old}"'.encode(), f'"{registry.named(document, edition).namespace}"'.encode(), 1)


def _namespace(data: bytes) -> str:
    return data.partition(b'xmlns="')[2].partition(b'"')[0].decode()


def meaning(data: bytes, kind: type[M], *, overlay: str | None = None) -> tuple[M, Report]:
    """Return the message in *data*, which is of the given *kind* and without findings, and the report of its mapping."""
    letter, report = opened(data, overlay=overlay)
    assert isinstance(letter.message, kind)
    return letter.message, report


def opened(data: bytes, *, overlay: str | None = None) -> tuple[Envelope[Message], Report]:
    """Return the whole envelope in *data*, which is without findings, and the report of its mapping."""
    parsed = parse(data, overlay=overlay)
    assert parsed.report.clean
    return to_canonical(parsed)


def refusal(data: bytes, *, overlay: str | None = None) -> tuple[str, str, str, str, str]:
    """Return who refuses *data*, where, what was expected and found, and the reason code; blank where nobody does."""
    try:
        parsed = parse(data, overlay=overlay)
        for one in parsed.report.findings:
            return one.rule, one.path, one.expected, one.found, one.code
        to_canonical(parsed)
    except (Malformed, Unmappable) as error:
        return type(error).__name__, error.path, error.expected, error.found, error.code
    return "", "", "", "", ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a message, and what comes of it."""

    document: str
    base: str
    what: str
    edit: tuple[Edit, ...] = ()
    edition: str | None = None
    overlay: str | None = None
    by: str = "Unmappable"
    at: str = ""
    expected: str = ""
    found: str = ""
    code: str = "999"
    assumptions: tuple[str, ...] = ()
    losses: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """Return what is changed."""
        return self.what if self.edition is None else f"{self.edition}: {self.what}"

    @property
    def data(self) -> bytes:
        """The message with its change."""
        data = changed(source(self.document, self.base), self.edit)
        return data if self.edition is None else in_edition(data, self.document, self.edition)

    @property
    def refusal(self) -> tuple[str, str, str, str, str]:
        """Who must refuse it, where, what was expected and found, and the reason code."""
        return self.by, self.at, self.expected, self.found, self.code


def refused(document: str, file: str = "changes") -> list[Change]:
    """Return the changes of a message of *document* that must be refused."""
    return _changes(document, file, "refused")


def reported(document: str, file: str = "changes") -> list[Change]:
    """Return the changes of a message of *document* that have a meaning with something assumed or lost."""
    return _changes(document, file, "reported")


def _changes(document: str, file: str, kind: str) -> list[Change]:
    tables = _tables(document, file)
    return [Change(document=document, **{"base": tables["base"], **_frozen(row)}) for row in tables.get(kind, [])]


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    edits = tuple(tuple(step) for step in row.get("edit", []))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()} | {"edit": edits}


@cache
def _tables(document: str, file: str) -> dict[str, Any]:
    return tomllib.loads((DATA / document / f"{file}.toml").read_text("utf-8"))


def period(interval: Interval, resolution: str, *points: str) -> str:
    """Return a ``Period`` as XML; each of *points* is what stands in a ``Point`` beside its position.

    ``"5:<quantity>3</quantity>"`` is at position 5; without a number it is at the one after the last.
    """
    written, last = [], 0
    for point in points:
        number, mark, content = point.partition(":<")
        last = int(number) if mark else last + 1
        inside = f"<{content}" if mark else point
        written.append(f"<Point><position>{last}</position>{inside}</Point>")
    start, end = f"{interval.start:%Y-%m-%dT%H:%MZ}", f"{interval.end:%Y-%m-%dT%H:%MZ}"
    when = f"<timeInterval><start>{start}</start><end>{end}</end></timeInterval>"
    return f"<Period>{when}<resolution>{resolution}</resolution>{''.join(written)}</Period>"


def with_periods(data: bytes, series: str, *periods: str) -> bytes:
    """Return *data* with other periods in the first element called *series*."""
    first = f"{series}[1]/Period[1]"
    count = len(etree.fromstring(data).findall(f"{{*}}{series}[1]/{{*}}Period"))
    others = [("drop", f"{series}[1]/Period[{number}]") for number in range(count, 1, -1)]
    added = [("after", first, one) for one in reversed(periods)]
    return changed(data, (*others, *added, ("drop", first)))


def declared(edition: Edition, cls: type) -> list[str]:
    """Return tag, type, least and greatest number (``-`` without bound) of each element of a class in an edition."""
    return [
        f"{entry.tag} {getattr(entry.kind, 'name', None) or getattr(entry.kind, '__name__', '')} {entry.least} "
        f"{'-' if entry.many else 1}"
        for entry in edition.fields(cls)
    ]
