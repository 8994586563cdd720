"""Cases for rules: a valid document, changed in one stated way, that breaks one rule and no other.

A case file is TOML with one ``[[case]]`` for each change::

    [[case]]
    rule = "RB-006"                       # the rule that must be broken, and no other
    what = "half a megawatt"
    base = "bids"
    edit = [["set", "Bid_TimeSeries[1]/Period/Point/quantity.quantity", "10.5"]]
    code = "A42"
    at = "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/Period[1]/Point[1]/quantity.quantity"

``weight = "warn"`` where it only warns; ``level``, ``expected``, ``found`` and ``interval`` (of the finding) are
compared where given. ``terms`` is TOML over the market ``over``, which is ``project`` unless another is named;
``context`` replaces parts of what is known (``context.toml``). A ``[[sound]]`` entry is a change that breaks nothing.

Edits: ``set`` text, ``attribute`` name value, ``drop``, ``copy`` (after itself), ``after`` xml, ``before`` xml, and
``text`` old new, which changes the bytes. A document that is changed in its bytes alone need not be XML any more.

Beside the case files lie ``base/<name>.xml``, the valid documents, and ``context.toml``, what is known about them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from gateway.errors import Malformed, Misconfigured
from gateway.report import Report
from profiles import markets
from profiles.cases.context import read_context
from profiles.cases.edits import Edit, changed
from profiles.markets import MarketProfile
from profiles.reading import Parsed, parse
from profiles.rules.context import Context
from profiles.rules.engine import check, rules
from profiles.rules.receipts import finding_of

CONTEXT = "context.toml"
_BASE = "base/"


@dataclass(frozen=True, eq=False)
class Suite:
    """The files of a folder of cases, by their path below it."""

    files: Mapping[str, bytes]

    def source(self, base: str) -> bytes:
        """Return the bytes of a valid document. Raises `Misconfigured` where there is none of the name."""
        name = f"{_BASE}{base}.xml"
        if name not in self.files:
            raise Misconfigured("base", f"one of {', '.join(self.bases())}", base)
        return self.files[name]

    def bases(self) -> tuple[str, ...]:
        """Return the names of the valid documents."""
        names = sorted(name for name in self.files if name.startswith(_BASE) and name.endswith(".xml"))
        return tuple(name.removeprefix(_BASE).removesuffix(".xml") for name in names)

    def context(self, changes: Mapping[str, Any] | None = None) -> Context:
        """Return what is known about the valid documents, with some parts replaced."""
        return read_context(_toml(self.files.get(CONTEXT, b"")), changes or {})

    def cases(self) -> list[Case]:
        """Return every case."""
        return [Case(suite=self, **table) for table in self._tables("case")]

    def sound(self) -> list[Sound]:
        """Return every change that breaks nothing."""
        return [Sound(suite=self, **table) for table in self._tables("sound")]

    def _tables(self, kind: str) -> Iterator[dict[str, Any]]:
        for name in sorted(name for name in self.files if name.endswith(".toml") and name != CONTEXT):
            for table in _toml(self.files[name]).get(kind, []):
                table["edit"] = tuple(tuple(map(str, step)) for step in table.get("edit", []))
                table["context"] = tuple(table.get("context", {}).items())
                yield table


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured("cases", "TOML in UTF-8", str(error)) from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Sound:
    """One change of one document that breaks no rule."""

    suite: Suite = field(repr=False, compare=False)
    what: str
    base: str
    edit: tuple[Edit, ...] = ()
    terms: str = ""
    over: str = "project"
    context: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """Return what is changed."""
        return self.what

    @property
    def market(self) -> MarketProfile:
        """The market with the terms of this case."""
        return _market(self.over, self.terms)

    def document(self) -> Parsed:
        """Return the document with its change. Raises `Malformed` where it cannot be read."""
        return parse(changed(self.suite.source(self.base), self.edit), overlay=self.market.overlay)

    def known(self) -> Context:
        """Return what is known besides."""
        return self.suite.context(dict(self.context))

    def check(self) -> Report:
        """Read and judge the document; what ends the reading is one finding."""
        try:
            parsed = self.document()
        except Malformed as error:
            return Report((finding_of(error),))
        return parsed.report + check(parsed.document, parsed.edition, self.market, self.known())


@cache
def _market(name: str, terms: str) -> MarketProfile:
    """Return the market *name* with *terms* laid over it."""
    return markets.read(f'based_on = "{name}"\n{terms}', "case") if terms else markets.load(name)


@dataclass(frozen=True, kw_only=True, eq=False)
class Case(Sound):
    """One change of one document, and the one rule that it breaks."""

    rule: str
    code: str
    at: str
    weight: str = "reject"
    level: str | None = None
    expected: str | None = None
    found: str | None = None
    interval: str | None = None

    def __str__(self) -> str:
        """Return the rule and what is changed."""
        return f"{self.rule} {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule of the matrix: its cases, and those that break another rule besides, or not this one.

    ``kept_by``: who sees to the rule where it has no check and so no case.
    """

    rule: str
    kept_by: str
    cases: tuple[str, ...]
    astray: tuple[str, ...]

    @property
    def proven(self) -> bool:
        """Whether a case breaks exactly this rule, and none breaks anything else."""
        return bool(self.kept_by or self.cases) and not self.astray


def matrix(suite: Suite) -> tuple[Row, ...]:
    """Return one row for each rule, after judging the document of every case.

    Raises `Misconfigured` for a case that names no rule.
    """
    broken = {case: {finding.rule for finding in case.check().findings} for case in suite.cases()}
    unknown = sorted({case.rule for case in broken} - set(rules()))
    if unknown:
        raise Misconfigured("case.rule", "a rule", ", ".join(unknown))
    return tuple(
        Row(
            rule=name,
            kept_by=entry.kept_by,
            cases=tuple(f"{case.base}: {case.what}" for case in broken if case.rule == name),
            astray=tuple(
                f"{case.base}: {case.what} ({', '.join(sorted(found)) or 'nothing'})"
                for case, found in broken.items()
                if case.rule == name and found != {name}
            ),
        )
        for name, entry in rules().items()
    )
