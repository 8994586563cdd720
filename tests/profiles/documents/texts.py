"""Documents as text: a hand-written file, one thing in it changed, and what is then said of it.

A file is what the sender's system would put on the wire. A test changes pieces of its text, so that what is refused is
seen as a receiver sees it: the whole way from bytes, with the path from the root.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from gateway.envelope import Envelope, Message
from gateway.errors import GatewayError, Malformed, Unmappable, Unwritable
from gateway.report import Report
from gateway.time import Interval
from profiles import parse, to_canonical
from profiles.edition import Edition

M = TypeVar("M", bound=Message)

DATA = Path(__file__).parents[2] / "data"

SHORT_DAY = Interval(datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC))
LONG_DAY = Interval(datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC))
"""The market days of Central Europe on which clocks change in 2027: 23 and 25 hours."""

CLOCK_DAYS = pytest.mark.parametrize(("day", "hours"), [(SHORT_DAY, 23), (LONG_DAY, 25)], ids=["23 hours", "25 hours"])

Said = tuple[str, str, str, str]
"""Path, expected, found and reason code of an error."""


def text_of(document: str, edition: str, name: str) -> str:
    """Return a file of the test data."""
    return (DATA / document / edition / f"{name}.xml").read_text("utf-8")


def swap(text: str, *changes: tuple[str, str]) -> str:
    """Return *text* with the first occurrence of each old piece exchanged; each has to be there."""
    for old, new in changes:
        assert old in text, f"nothing to exchange: {old}"
        text = text.replace(old, new, 1)
    return text


def drop(text: str, *tags: str) -> str:
    """Return *text* without the first element of each of *tags*."""
    for tag in tags:
        before, _, rest = text.partition(f"<{tag}")
        assert rest, f"nothing to drop: {tag}"
        text = before.rstrip(" ") + rest.partition(f"</{tag}>")[2].lstrip("\n")
    return text


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return *text* with other names of elements."""
    for old, new in names.items():
        assert f"<{old}" in text, f"nothing to rename: {old}"
        text = text.replace(f"<{old}>", f"<{new}>").replace(f"<{old} ", f"<{new} ").replace(f"</{old}>", f"</{new}>")
    return text


def as_edition(text: str, source: Edition, target: Edition) -> str:
    """Return *text* under the namespace of another edition, otherwise as it is."""
    return swap(text, (f'xmlns="{source.namespace}"', f'xmlns="{target.namespace}"'))


def with_period(text: str, on: Interval, resolution: str, points: Mapping[int, str], tag: str = "Period") -> str:
    """Return *text* with another first period; *points* has position and content of each point."""
    rows = "".join(f"<Point><position>{at}</position>{content}</Point>" for at, content in points.items())
    whole = f"<timeInterval><start>{on.start:%Y-%m-%dT%H:%MZ}</start><end>{on.end:%Y-%m-%dT%H:%MZ}</end></timeInterval>"
    before, _, rest = text.partition(f"<{tag}>")
    after = rest.partition(f"</{tag}>")[2]
    assert after, f"no {tag}"
    return f"{before}<{tag}>{whole}<resolution>{resolution}</resolution>{rows}</{tag}>{after}"


def meaning(text: str) -> tuple[Envelope[Message], Report]:
    """Return what *text* means and what was assumed and lost; the document itself has to be without fault."""
    parsed = parse(text.encode())
    assert parsed.report.clean, parsed.report.findings
    return to_canonical(parsed)


def received(letter: Envelope[M], text: str, edition: Edition) -> Envelope[M]:
    """Return *letter* as it arrives in *text*: with its edition and the digest of its bytes."""
    return dataclasses.replace(letter, edition=edition.namespace, digest=hashlib.sha256(text.encode()).hexdigest())


def refusal(text: str) -> Said:
    """Return why *text*, a document without fault, has no meaning here."""
    return _said(Unmappable, lambda: meaning(text))


def unreadable(text: str) -> Said:
    """Return why *text* is no document of its edition."""
    return _said(Malformed, lambda: parse(text.encode()))


def unwritable(write: Callable[[], object]) -> Said:
    """Return why *write* does not write."""
    return _said(Unwritable, write)


def verdict(text: str) -> tuple[str, str, str, str, str]:
    """Return rule, reason code, path, expected and found of the one thing that is wrong with *text*.

    The rule is ``MAP`` for what has no meaning here.
    """
    try:
        parsed = parse(text.encode())
        if parsed.report.findings:
            (one,) = parsed.report.findings
            return one.rule, one.code, one.path, one.expected, one.found
        to_canonical(parsed)
    except (Malformed, Unmappable) as error:
        rule = error.rule if isinstance(error, Malformed) else "MAP"
        return rule, error.code, error.path, error.expected, error.found
    return "", "", "", "", ""


def _said(kind: type[GatewayError], call: Callable[[], object]) -> Said:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.path, caught.value.expected, caught.value.found, caught.value.code
