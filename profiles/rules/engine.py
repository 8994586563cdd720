"""The rule engine: which rules there are, and what they find in a document.

A rule is one sentence with a check beside it, declared in a module of this folder::

    @rule("TS-001", SERIES, "A55", on=DATED, source="ENTSO-E code list")
    def series_ids_are_unique(view: View[Any]) -> Iterator[Violation]:
        \"\"\"The mRID of a series occurs once in a document.\"\"\"

Rules of the engine
1. Modules are found by folder; a rule is in force as soon as its module is there.
2. A check is pure: it sees a `View` (document, edition, market, context) and yields violations. It
   says *where* by the names of the declaration; the path is built from the edition's tags.
3. A market may set the weight of optional rules only, and only of rules that exist.
4. A rule that needs context which is not known is not judged; the report says so as an assumption.
5. Findings stand in document order, then in the order of rule ids.
6. A rule that is kept elsewhere (by the reader, the clearing) or not yet has a row without a check, so that it
   can be explained: who keeps it, and why it is not judged in a document.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import profiles.rules
from gateway.errors import Misconfigured
from gateway.report import Finding, Level, Report, Severity
from gateway.time import Interval
from gateway.toml_tables import suggestion
from profiles.edition import Edition
from profiles.markets import MarketProfile, Weight
from profiles.rules.context import WORDS, Context
from profiles.rules.place import locate

D = TypeVar("D")

MOST_PER_SERIES = 100
"""Violations of one rule that are told of one series, or of the document as a whole; a day has at most 100 quarters."""

At = tuple[str | int, ...]
"""Where: attribute names and positions from 1, such as ``("series", 3, "periods", 1, "resolution")``."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule is broken at one place; ``code`` where it is not the first of the rule's."""

    at: At
    expected: str
    found: str
    code: str | None = None
    interval: Interval | None = None


@dataclass(slots=True)
class View(Generic[D]):
    """One document under check, with all that a rule may look at.

    ``named`` has where each mRID of a series stands. ``first`` is the number that the first series here has in the
    whole document, of which this may be a part.
    """

    document: D
    edition: Edition
    market: MarketProfile
    context: Context
    assumptions: list[str] = field(default_factory=list)
    memory: dict[object, Any] = field(default_factory=dict)
    named: dict[object, At] = field(default_factory=dict)
    first: int = 1

    def in_whole(self, at: At) -> At:
        """Return a place of this part as a place of the whole document."""
        number = _series(at)
        return at if self.first == 1 or not number else (at[0], number + self.first - 1, *at[2:])

    def recall(self, derive: Callable[[View[Any]], Any]) -> Any:  # noqa: ANN401 - what `derive` returns
        """Return what *derive* makes of this view, made once for all rules."""
        if derive not in self.memory:
            self.memory[derive] = derive(self)
        return self.memory[derive]

    def assume(self, sentence: str) -> None:
        """Note what a rule had to take for granted."""
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)


Check = Callable[[View[Any]], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One row of the rule tables.

    ``codes``: reason codes, the usual one first. ``statement``: what a document must do.
    ``documents``: classes it applies to. ``weight``: unless the market says otherwise, which it may
    where ``optional``. ``mild``: documents in which it only warns. ``apart``: looks at the head and at one
    series after another, at no two but for their mRIDs. ``needs``: parts of the context without which it is
    not judged.
    ``kept_by``: who sees to it where there is no check, and ``why`` there is none.
    """

    id: str
    level: Level
    codes: tuple[str, ...]
    statement: str
    source: str
    documents: tuple[type[Any], ...] = ()
    weight: Weight = Weight.REJECT
    optional: bool = False
    mild: tuple[type[Any], ...] = ()
    apart: bool = False
    needs: tuple[str, ...] = ()
    kept_by: str = ""
    why: str = ""
    check: Check | None = None


def rule(
    name: str,
    level: Level,
    *codes: str,
    on: tuple[type[Any], ...],
    source: str,
    **terms: Any,  # noqa: ANN401 - the optional fields of a Rule
) -> Callable[[Check], Rule]:
    """Declare the decorated check as a rule; its docstring is the statement.

    ``terms``: ``weight``, ``optional``, ``mild``, ``apart``, ``needs`` of `Rule`.
    """

    def declare(check: Check) -> Rule:
        return Rule(
            id=name,
            level=level,
            codes=codes,
            statement=" ".join(inspect.cleandoc(check.__doc__ or "").split("\n\n")[0].split()),
            source=source,
            documents=on,
            check=check,
            **terms,
        )

    return declare


NOBODY_YET = "nobody yet"
"""Who keeps a rule of a part that is not built."""


def kept_elsewhere(name: str, level: Level, *codes: str, **terms: Any) -> Rule:  # noqa: ANN401 - fields of a Rule
    """Declare a rule that is not judged in a document.

    ``terms``: ``kept_by``, the part of the gateway that sees to it, or `NOBODY_YET`; ``why`` it is no matter of one
    document; ``statement`` and ``source`` of `Rule`.
    """
    return Rule(id=name, level=level, codes=codes, **terms)


def check(document: object, edition: Edition, market: MarketProfile, context: Context | None = None) -> Report:
    """Judge *document* by all rules of *market* that apply to it.

    Raises `Misconfigured` where the market sets the weight of a rule that is unknown or not optional.
    """
    return _judged(View(document, edition, market, context or Context()))


@dataclass(slots=True)
class Arriving:
    """Judges a document whose series come one after another, by rules that never look at two series together.

    The mRIDs of the series are remembered, nothing else is.
    """

    edition: Edition
    market: MarketProfile
    context: Context = field(default_factory=Context)
    _named: dict[object, At] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether all rules of the market for such documents are of that kind. Raises `Misconfigured`."""
        return all(entry.apart for entry, _ in _plan(self.edition, self.market))

    def judge(self, document: object, first: int = 1) -> Report:
        """Judge the head with some of the series; what is wrong with the head is told each time.

        ``first`` is the number of the first of these series in the whole document, in which places are counted.
        """
        return _judged(View(document, self.edition, self.market, self.context, named=self._named, first=first))

    @property
    def names(self) -> int:
        """How many mRIDs the series so far have."""
        return len(self._named.keys() - {None})

    def repeats(self, mrid: str, number: int) -> bool:
        """Whether an earlier series than the one of this *number* has the *mrid*."""
        return self._named.get(mrid, _at(number)) != _at(number)


def _at(number: int) -> At:
    return "series", number


def _judged(view: View[Any]) -> Report:
    missing: dict[str, list[str]] = {}
    placed: list[tuple[int, str, Finding]] = []
    for applied, severity in _plan(view.edition, view.market):
        unknown = next((part for part in applied.needs if getattr(view.context, part) is None), None)
        if unknown is not None:
            missing.setdefault(unknown, []).append(applied.id)
        else:
            placed += [
                (_series(v.at), applied.id, _finding(view, applied, severity, v)) for v in _violations(applied, view)
            ]
    placed.sort(key=lambda entry: entry[:2])
    unjudged = tuple(f"{', '.join(ids)} not checked: {WORDS[part]} is not known" for part, ids in missing.items())
    return Report(tuple(finding for _, _, finding in placed), unjudged + tuple(view.assumptions))


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its id, in the order of the ids."""
    modules = [
        importlib.import_module(f"{profiles.rules.__name__}.{module.name}")
        for module in pkgutil.iter_modules(profiles.rules.__path__)
    ]
    found: dict[str, Rule] = {}
    for entry in (value for module in modules for value in vars(module).values() if isinstance(value, Rule)):
        if found.setdefault(entry.id, entry) is not entry:
            raise Misconfigured(f"rule {entry.id}", "one declaration", "two")
    return dict(sorted(found.items()))


@lru_cache(maxsize=256)
def _plan(edition: Edition, market: MarketProfile) -> tuple[tuple[Rule, Severity], ...]:
    """Return the rules in force for documents of an edition, with what follows from each."""
    for name in market.weights:
        if name not in rules() or not rules()[name].optional:
            known = [entry.id for entry in rules().values() if entry.optional]
            raise Misconfigured(f"{market.name}.weights.{name}", f"an optional rule{suggestion(name, known)}", name)
    weights = ((entry, market.weights.get(entry.id, entry.weight)) for entry in rules().values() if entry.check)
    return tuple(
        (entry, Severity.WARN if edition.document in entry.mild else Severity(weight))
        for entry, weight in weights
        if weight is not Weight.OFF and edition.document in entry.documents
    )


def _violations(applied: Rule, view: View[Any]) -> list[Violation]:
    try:
        return [] if applied.check is None else list(_first(applied.check(view)))
    except OverflowError:  # time before the year 1 or after 9999 cannot be reckoned with
        return [Violation((), "times that can be reckoned with", "one at an end of the calendar")]


def _first(violations: Iterable[Violation]) -> Iterator[Violation]:
    """Yield the first violations in each series: one is enough to refuse it, and effort stays in proportion."""
    seen: Counter[int] = Counter()
    for violation in violations:
        position = _series(violation.at)
        seen[position] += 1
        if seen[position] <= MOST_PER_SERIES:
            yield violation


def _series(at: At) -> int:
    """Return the position of the series that is meant, 0 for the document as a whole."""
    return at[1] if len(at) > 1 and at[0] == "series" and isinstance(at[1], int) else 0


def _finding(view: View[Any], applied: Rule, severity: Severity, violation: Violation) -> Finding:
    position = _series(violation.at)
    subject = getattr(view.document.series[position - 1], "id", None) if position else None
    about_series = subject is not None and applied.level is not Level.DOCUMENT
    return Finding(
        rule=applied.id,
        severity=severity,
        level=applied.level if about_series else Level.DOCUMENT,
        code=violation.code or applied.codes[0],
        path=locate(view.edition, view.in_whole(violation.at)),
        expected=violation.expected,
        found=violation.found,
        subject=subject if about_series else None,
        interval=violation.interval,
    )
