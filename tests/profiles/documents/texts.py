"""What arrives and what is written: a message beside its text, period by period and edition by edition."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.time import Interval
from profiles.edition import Edition

M = TypeVar("M", bound=Message)

SHORT_DAY = Interval(datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC))
LONG_DAY = Interval(datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC))
"""The market days of Central Europe on which clocks change in 2027: 23 and 25 hours."""

CLOCK_DAYS = pytest.mark.parametrize(("day", "hours"), [(SHORT_DAY, 23), (LONG_DAY, 25)], ids=["23 hours", "25 hours"])

Said = tuple[str, str, str]
"""Path, expected and found of an error."""


def received(letter: Envelope[M], data: bytes, edition: Edition) -> Envelope[M]:
    """Return *letter* as it arrives in *data*: with its edition and the digest of its bytes."""
    return dataclasses.replace(letter, edition=edition.namespace, digest=hashlib.sha256(data).hexdigest())


def with_period(data: bytes, on: Interval, resolution: str, points: Mapping[int, str], tag: str = "Period") -> bytes:
    """Return *data* with another first period; *points* has position and content of each point."""
    rows = "".join(f"<Point><position>{at}</position>{content}</Point>" for at, content in points.items())
    whole = f"<timeInterval><start>{on.start:%Y-%m-%dT%H:%MZ}</start><end>{on.end:%Y-%m-%dT%H:%MZ}</end></timeInterval>"
    before, _, rest = data.decode().partition(f"<{tag}>")
    after = rest.partition(f"</{tag}>")[2]
    assert after, f"no {tag}"
    return f"{before}<{tag}>{whole}<resolution>{resolution}</resolution>{rows}</{tag}>{after}".encode()


def without(data: bytes, *tags: str) -> bytes:
    """Return *data* without the lines that hold an element of one of *tags*."""
    for tag in tags:
        assert f"<{tag}".encode() in data, f"nothing to drop: {tag}"
    return b"".join(
        line for line in data.splitlines(keepends=True) if not any(f"<{tag}".encode() in line for tag in tags)
    )


def renamed(data: bytes, names: Mapping[str, str]) -> bytes:
    """Return *data* with other names of elements."""
    text = data.decode()
    for old, new in names.items():
        assert f"<{old}" in text, f"nothing to rename: {old}"
        text = text.replace(f"<{old}>", f"<{new}>").replace(f"<{old} ", f"<{new} ").replace(f"</{old}>", f"</{new}>")
    return text.encode()


def unwritable(write: Callable[[], object]) -> Said:
    """Return why *write* does not write."""
    with pytest.raises(Unwritable) as caught:
        write()
    return caught.value.path, caught.value.expected, caught.value.found


def homeless(edition: Edition, *values: tuple[str, object]) -> Said:
    """Return what is said where *edition* has no element for *values*, each with its path below the root."""
    rows = (f"/{edition.root}/{path}: {value!r} has no place in {edition}" for path, value in values)
    return "edition", "an edition that holds all that is said", "; ".join(rows)
