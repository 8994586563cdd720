"""A document as it arrives, one series after another, in memory that does not grow with its size.

`stream` takes the bytes in pieces and yields values: first the head (`Opened`), then each record that repeats at the
end of the root element, such as a series (`Part`), and last what was found (`Closed`). Rules
1. The findings are those of the in-memory reader, in its order, with its paths; a document that cannot be read is
   refused by the error that the in-memory reader would raise. What that reader knows before it looks at the first
   series (a fault in the last byte, or in the order of the root's children) is known here at the end only, so nothing
   that was yielded counts before `Closed` says that the document is sound.
2. After the first fault no more parts are yielded, but the bytes are read to the end, because a fault there may be
   the one to tell.
3. An element is emptied as soon as it is read. What stays is an empty element for each part, and the findings.

The rules of a market compare series with each other and need them all: they are not asked here.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, takewhile
from typing import Any

from lxml import etree

from gateway.errors import Malformed
from gateway.report import Finding, Report
from profiles import reading
from profiles.edition import Edition, Field
from profiles.glance import Head, head_of, line_of
from profiles.hardening import LIMITS, Limits, build_tree, check_bytes, check_counts, not_well_formed, push_parser
from profiles.lexical import Simple
from profiles.plan import Column
from profiles.reader import Notes, column, readers, record_reader
from profiles.stray import refuse_stray, search
from profiles.where import Places

_PIECE = 1 << 16
"""Bytes that are handed to the parser at once: what arrives in smaller pieces is joined."""

_COMPLETE_PROLOG = re.compile(
    rb"(?:[ \t\r\n\xef\xbb\xbf]|<!--.*?-->|<\?.*?\?>)*+(?:[^< \t\r\n]|<[^!?]|<!(?!-|\Z))", re.DOTALL
)
"""A prolog with the beginning of what comes after it."""

_count_elements = etree.XPath("count(.//*)")
_count_attributes = etree.XPath("count(.//@*)")
_count_texts = etree.XPath("count(.//text()[normalize-space()])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The head: a document of *edition* whose repeated records are still to come."""

    edition: Edition
    document: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One record of those that repeat: the attribute it belongs to, its number there (from 1), and itself.

    ``line`` returns the line of a path in it; it may be asked until the next value is taken.
    """

    name: str
    number: int
    value: Any
    line: Callable[[str], int | None] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The end: what was found, or why the document cannot be read.

    ``document`` is the document without its parts, None where it cannot be read. ``head`` is what can be told of any
    well-formed document. ``lines`` has the line of each path that the outcome names; ``line`` returns that of another
    one outside the parts. ``digest`` is the SHA-256 of all bytes, in hexadecimal.
    """

    outcome: Report | Malformed
    edition: Edition | None
    document: Any | None
    head: Head
    lines: dict[str, int]
    digest: str
    size_bytes: int
    line: Callable[[str], int | None] = field(compare=False, repr=False)


def stream(
    chunks: Iterable[bytes], *, overlay: str | None = None, limits: Limits = LIMITS
) -> Iterator[Opened | Part | Closed]:
    """Read a document of any known edition from its bytes in pieces of any length; see the rules above.

    ``overlay`` names the market's local codes. The last value is always a `Closed`; a document that cannot be read
    raises nothing. Raises `Misconfigured` for an unknown overlay.
    """
    arriving = _Stream(overlay, limits)
    try:
        for piece in arriving.counted(chunks):
            yield from arriving.feed(piece)
        yield from arriving.finish()
    except Malformed as error:
        yield arriving.closed(error)


def _joined(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join chunks to pieces of `_PIECE` bytes or more, the last one of whatever is left."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


_At = tuple[str, int]
"""A record: attribute, and number there from 1."""


# ---------------------------------------------------------------------------------------------------------------- parts
class _Parts:
    """The records that repeat in the root element of one document, read one by one."""

    def __init__(self, edition: Edition, overlay: str | None) -> None:
        """Take the readers of *edition*."""
        self.edition, self.lines = edition, dict[str, int]()
        overlay = edition.lists or overlay
        known = readers(edition, overlay)
        fields = edition.fields(edition.document)
        self._columns = [(entry, column(edition, entry.kind, overlay, known)) for entry in fields]
        # What follows them would have to be known before the first of them can be told in its place.
        last = max((at for at, entry in enumerate(fields) if not entry.many), default=-1)
        self._streamed = {
            entry.qname: (entry, read)
            for entry, read in self._columns[last + 1 :]
            if not isinstance(entry.kind, Simple)
        }
        self._notes = Notes(Places(edition))
        self._numbers: Counter[str] = Counter()
        self._findings: dict[_At, tuple[Finding, ...]] = {}
        self._faults: dict[_At, Malformed] = {}
        self._strays: dict[etree._Element, Malformed] = {}
        self._opened, self._readable = False, True

    @property
    def tags(self) -> tuple[str, ...]:
        """The qualified names of the records."""
        return tuple(self._streamed)

    def begin(self, root: etree._Element) -> Iterator[Opened]:
        """Yield the head once, where it can be read; why it cannot is said at the end."""
        if not self._opened:
            self._opened = True
            try:
                head = self._head(root)
            except Malformed:
                self._readable = False
            else:
                yield Opened(edition=self.edition, document=head)

    def take(self, element: etree._Element, root: etree._Element) -> Iterator[Opened | Part]:
        """Read one record, yield it where the document is sound so far, and empty its element."""
        yield from self.begin(root)
        entry, read = self._streamed[str(element.tag)]
        self._numbers[entry.name] += 1
        at = entry.name, self._numbers[entry.name]
        if self._readable:
            before = len(self._notes.findings)
            try:
                value = read.convert(element, self._notes)
            except Malformed as error:
                self._faults[at], self._readable = error, False
                self._note(element, error.path)
            else:
                if found := tuple(self._notes.findings[before:]):
                    self._findings[at] = found
                    self._note(element, *(finding.path for finding in found))
                self._search(element, entry)
                if not self._strays:
                    yield Part(name=entry.name, number=at[1], value=value, line=partial(_line_in, element))
        element.clear(keep_tail=True)

    def _note(self, element: etree._Element, *paths: str) -> None:
        """Keep the lines of *paths*, which lead through *element*, while it is there."""
        for path in paths:
            line = _line_in(element, path)
            self.lines |= {} if line is None else {path: line}

    def _search(self, element: etree._Element, entry: Field) -> None:
        """Look for what has no place in a record; the first of it is told, where nothing worse is."""
        notes = self._notes
        attributes = _count_attributes(element) + len(element.attrib)
        seen = (_count_elements(element), attributes, _count_texts(element))
        expected = (notes.elements - 1, notes.schemes, notes.leaves - notes.empty)
        notes.elements, notes.leaves, notes.empty, notes.schemes = 1, 0, 0, 0
        if self._strays or seen == expected:
            return
        try:
            search(element, entry.kind, self.edition)  # type: ignore[arg-type]  # it is a class, or it were not streamed
        except Malformed as error:
            self._strays[element] = error
            self._note(element, error.path)

    def _head(self, root: etree._Element) -> Any:  # noqa: ANN401 - a document of any class
        """Return the document as far as it stands before its records. Raises `Malformed`."""
        children: dict[object, etree._Element] = {}
        for child in takewhile(lambda child: child.tag not in self._streamed, root):
            children.setdefault(child.tag, child)
        notes, values = Notes(Places(self.edition)), {}
        for entry, read in self._columns:
            if entry.qname in children and not entry.many:
                values[entry.name] = read.convert(children[entry.qname], notes)
            elif entry.least and not entry.many:
                raise Malformed(f"/{self.edition.root}/{entry.tag}", f"<{entry.tag}>", "none", "A69")
        return self.edition.document(**values)

    def conclude(self, root: etree._Element) -> tuple[Any, tuple[Finding, ...]]:
        """Return the document without its parts, and all findings in order. Raises `Malformed`."""
        fields = tuple(entry for entry, _ in self._columns)
        columns = tuple(self._known(entry) if entry.qname in self._streamed else read for entry, read in self._columns)
        notes = Notes(Places(self.edition))
        document = record_reader(self.edition, self.edition.document, fields, columns).convert(root, notes)
        refuse_stray(root, self.edition, self._strays)
        nothing: dict[str, Any] = {entry.name: () for entry, _ in self._streamed.values()}
        return replace(document, **nothing), tuple(notes.findings)

    def _known(self, entry: Field) -> Column:
        """Return a reader of records that have been read: it tells again what was found in each."""
        numbers = count(1)

        def convert(_: etree._Element, notes: Notes) -> None:
            at = entry.name, next(numbers)
            if at in self._faults:
                raise self._faults[at]
            notes.take(self._findings.get(at, ()))

        return Column(convert)


def _line_in(element: etree._Element, path: str) -> int | None:
    """Return the line of *path*, which leads through *element*, a child of the root."""
    return line_of(element, "/" + path.split("/", 2)[2])


# ------------------------------------------------------------------------------------------------------------ the bytes
@dataclass(slots=True)
class _Stream:
    """One document on its way: bytes seen so far, and what reads them."""

    overlay: str | None
    limits: Limits
    size: int = 0
    openings: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    start: bytes = b""
    next_try: int = 0
    root: etree._Element | None = None
    parser: Any = None
    parts: _Parts | None = None
    fault: Malformed | None = None
    unknown: Malformed = field(default_factory=lambda: Malformed("/", "a document", "nothing", "A94", "GEN-001"))

    def counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the bytes, counted. Raises `Malformed` after all of them where they are too many."""
        beyond = False
        for piece in _joined(chunks):
            self.size += len(piece)
            self.openings += piece.count(b"<")
            self.digest.update(piece)
            try:
                check_counts(self.size, self.openings, self.limits)
            except Malformed:
                beyond = True
            if not beyond:
                yield piece
        check_counts(self.size, self.openings, self.limits)

    def feed(self, piece: bytes, *, last: bool = False) -> Iterator[Opened | Part]:
        """Hand a piece to the parser and yield what has come to its end."""
        if self.fault is not None:
            return
        try:
            if self.parser is None:
                self.start += piece
                piece = self.start if self._open(last=last) else b""
            if piece:
                self.parser.feed(piece)
        except etree.XMLSyntaxError as error:
            self.fault = not_well_formed(error)
        except Malformed as error:
            self.fault = error
        else:
            yield from self._ended()

    def finish(self) -> Iterator[Opened | Part | Closed]:
        """Yield what is left, and the end. Raises `Malformed` where the document cannot be read."""
        if self.parser is None and self.fault is None:
            yield from self.feed(b"", last=True)
        if self.fault is not None:
            raise self.fault
        try:
            root = self.parser.close()
        except etree.XMLSyntaxError as error:
            raise not_well_formed(error) from error
        self.root = root
        if self.parts is None:
            raise self.unknown
        yield from self._ended()
        yield from self.parts.begin(root)
        document, findings = self.parts.conclude(root)
        yield self.closed(Report(findings), document)

    def closed(self, outcome: Report | Malformed, document: object = None) -> Closed:
        """Return the end."""
        lines: dict[str, int | None] = {}
        known = self.parts.lines if self.parts else {}
        paths = [outcome.path] if isinstance(outcome, Malformed) else [finding.path for finding in outcome.findings]
        broken = isinstance(outcome, Malformed) and outcome.rule == "GEN-001"
        # What is not well-formed has no lines; the parts, which are empty now, have theirs already.
        if self.root is not None and not broken:
            lines = {path: line_of(self.root, path) for path in paths}
            lines |= {path: line for path, line in known.items() if path in lines}
        return Closed(
            outcome=outcome,
            edition=self.parts.edition if self.parts else None,
            document=document,
            head=Head() if self.root is None or broken else head_of(self.root),
            lines={path: line for path, line in lines.items() if line is not None},
            digest=self.digest.hexdigest(),
            size_bytes=self.size,
            line=lambda path: None if self.root is None or broken else line_of(self.root, path),
        )

    def _open(self, *, last: bool) -> bool:
        """Choose the parser as soon as the root element is there. Raises `Malformed`."""
        if not last and (len(self.start) < self.next_try or _COMPLETE_PROLOG.match(self.start) is None):
            # To look again after each piece would take the square of a long comment at the beginning.
            self.next_try = max(self.next_try, 2 * len(self.start))
            return False
        opening = check_bytes(self.start, self.limits)
        self.root = _root_of(self.start, last=last)
        if self.root is None:
            if last:
                build_tree(self.start, opening)  # which says what is wrong
            return False
        try:
            edition = reading.edition_of(self.root)
        except Malformed as error:
            self.unknown, self.parser = error, push_parser("end")
        else:
            self.parts = _Parts(edition, self.overlay)
            self.parser = push_parser("end", *(self.parts.tags or [str(self.root.tag)]))
        return True

    def _ended(self) -> Iterator[Opened | Part]:
        """Yield the parts that have come to their end."""
        for _, element in () if self.parser is None else self.parser.read_events():
            parent = element.getparent()
            if self.parts is None:
                if parent is not None and (len(element) or parent.getparent() is not None):
                    element.clear()  # of a document that nobody knows only the head is looked at
            elif parent is not None and parent.getparent() is None:  # others are deeper, and of the same name
                self.root = parent
                yield from self.parts.take(element, parent)


def _root_of(start: bytes, *, last: bool) -> etree._Element | None:
    """Return the root element of a document that begins with *start*, None where its tag does not end there."""
    probe = push_parser("start")
    # What is wrong after the root element is found again, and told, by the parser of the document.
    with suppress(etree.XMLSyntaxError):
        probe.feed(start)
        if last:
            probe.close()
    return next((root for _, root in probe.read_events()), None)
