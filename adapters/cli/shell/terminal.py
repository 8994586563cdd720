"""The terminal: results to standard output, everything else to standard error.

Colour is used only on a terminal and never where ``NO_COLOR`` is set; nothing is told by colour alone.
What ends a command tells its fault by the exit status:

=====  ==========================================================================
0      clean
1      findings: a document is refused, something was lost
2      usage: an option or a settings file says something that cannot be
3      environment: a file is missing, unreadable, or may not be written
4      a defect of this program
=====  ==========================================================================
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

import typer
from rich.console import Console

from adapters.folder import Unreadable, read_file
from gateway.errors import Malformed

_WIDTH = 200
"""Columns of a table that is not shown on a terminal."""


class Exit(IntEnum):
    """Exit status of a command."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    ENVIRONMENT = 3
    DEFECT = 4


STATUSES = {
    Exit.CLEAN: "clean",
    Exit.FINDINGS: "findings: a document is refused, something was lost",
    Exit.USAGE: "usage: an option or a settings file says something that cannot be",
    Exit.ENVIRONMENT: "environment: a file is missing, unreadable, or may not be written",
    Exit.DEFECT: "a defect of this program",
}
"""What each exit status says."""


def results() -> Console:
    """Return the console of results."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH, emoji=False, markup=False)


def messages() -> Console:
    """Return the console of everything that is no result."""
    return Console(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)


def say(words: str) -> None:
    """Tell the person at the terminal something that is no result."""
    messages().print(words)


def counted(count: int, one: str) -> str:
    """Return a number with its noun, which takes an s unless it is 1.

    >>> counted(1, "document"), counted(0, "finding")
    ('1 document', '0 findings')
    """
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def emit(content: bytes, out: Path | None = None) -> None:
    """Write a result as it is, to *out* or to standard output.

    Raises `Unreadable` where *out* may not be written.
    """
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Unreadable(str(out), "a file that can be written", str(error.strerror).lower()) from error


@contextmanager
def working(on: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    console = messages()
    if console.is_terminal:
        with console.status(on):
            yield
    else:
        yield


def told(error: BaseException) -> Iterable[str]:
    """Yield the sentences of an error, which may be a group of them."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from told(part)
    else:
        yield str(error) or type(error).__name__


def document(path: Path) -> bytes:
    """Return the bytes of a document on disk.

    Raises `Unreadable` where it cannot be read, `Malformed` where it is too long.
    """
    content = read_file(path)
    if content is None:
        raise Malformed("/", "a file of at most 50 MB", "a longer one", "A94", "GEN-001")
    return content


def instant(text: str) -> datetime:
    """Read an instant from the command line; it has to say its offset from UTC.

    >>> instant("2027-01-14T07:00:00+01:00")
    datetime.datetime(2027, 1, 14, 6, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.utcoffset() is None:
        message = f"{text!r} is no instant with its offset, such as 2027-01-14T06:15:00Z"
        raise typer.BadParameter(message)
    return read.astimezone(UTC)
