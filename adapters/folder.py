"""A folder of documents, read with limits.

What lies in a folder may be anything: links that lead elsewhere, pipes that never end, a file of
many gigabytes. Rules

1. Only regular files directly in the folder are read, in the order of their names; links and
   subfolders are named as ignored.
2. A document is a file whose name ends in ``.xml``; every other file is named as ignored.
3. No file longer than `Limits.file_bytes` is taken into memory; it comes back without its content, to
   be refused as a document. More than `Limits.files` documents or `Limits.total_bytes` in all refuse
   the folder, because half a market may not be cleared.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gateway.errors import Misconfigured

DOCUMENT_SUFFIX = ".xml"


class Unreadable(Misconfigured):
    """A file or folder that was asked for is missing, not readable, or beyond the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may be read.

    ``file_bytes`` follows the 50 MB request limit of the Danish DataHub, the largest one published for
    market documents; 4,000 bids, the most that Nordic markets take in one document, need about 6 MB.
    """

    files: int = 10_000
    file_bytes: int = 50_000_000
    total_bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A file by name; ``content`` is None where it was longer than allowed."""

    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something in the folder that is no document, and why it was passed over."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The documents of a folder, and what else lay in it; both by name."""

    documents: tuple[File, ...]
    ignored: tuple[Ignored, ...]


def read_folder(folder: Path, settings_file: str | None = None, limits: Limits = Limits()) -> Folder:
    """Return the documents of *folder*; *settings_file* is neither a document nor ignored.

    Raises `Unreadable` where the folder is missing, unreadable or beyond the limits.
    """
    documents: list[File] = []
    ignored: list[Ignored] = []
    total = 0
    for entry in _entries(folder):
        reason = _not_a_document(entry)
        if entry.name == settings_file and entry.is_file():
            continue
        if reason is not None:
            ignored.append(Ignored(entry.name, reason))
            continue
        content = read_file(Path(entry.path), limits.file_bytes)
        total += len(content or b"")
        documents.append(File(entry.name, content))
        if len(documents) > limits.files:
            raise Unreadable(str(folder), f"at most {limits.files:,} documents", "more")
        if total > limits.total_bytes:
            raise Unreadable(str(folder), f"documents of at most {limits.total_bytes:,} bytes in all", "more")
    return Folder(tuple(documents), tuple(ignored))


def read_file(path: Path, most_bytes: int = Limits().file_bytes) -> bytes | None:
    """Return the bytes of the regular file *path*, or None where there are more than *most_bytes*.

    Raises `Unreadable` where it is missing, no regular file, or may not be read.
    """
    try:
        # Asked before opening: to open a pipe would wait for its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(str(path), "a regular file", "a folder or a device")
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise Unreadable(str(path), "a readable file", _cause(error)) from error
    return content if len(content) <= most_bytes else None


def size_of(path: Path) -> int:
    """Return how many bytes the file *path* has. Raises `Unreadable` where it is missing or no regular file."""
    try:
        found = path.stat()
    except OSError as error:
        raise Unreadable(str(path), "a readable file", _cause(error)) from error
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(str(path), "a regular file", "a folder or a device")
    return found.st_size


def pieces(path: Path, piece_bytes: int = 1 << 16) -> Iterator[bytes]:
    """Yield the bytes of the file *path*, piece by piece. Raises `Unreadable` where it may not be read."""
    try:
        with path.open("rb") as file:
            yield from iter(partial(file.read, piece_bytes), b"")
    except OSError as error:
        raise Unreadable(str(path), "a readable file", _cause(error)) from error


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise Unreadable(str(folder), "a readable folder", _cause(error)) from error


def _not_a_document(entry: os.DirEntry[str]) -> str | None:
    """Say why *entry* is no document, or None where it is one."""
    if entry.is_symlink():
        return "a link"
    if entry.is_dir():
        return "a folder"
    if not entry.is_file():
        return "no regular file"
    if not entry.name.lower().endswith(DOCUMENT_SUFFIX):
        return f"its name does not end in {DOCUMENT_SUFFIX}"
    return None


def _cause(error: OSError) -> str:
    """Return the system's words for *error*, without the path."""
    return (error.strerror or type(error).__name__).lower()
