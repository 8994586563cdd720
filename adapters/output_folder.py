"""A folder that is written by us: nothing of anybody else's is ever overwritten.

Rules
1. The folder must be empty or absent, or one that an earlier run wrote; then the caller has to ask
   for it, and only what that run wrote is replaced or removed.
2. What was written is listed in the file `LIST`. It is written first, so that a folder whose run was
   interrupted is still known as ours.
3. Each file appears whole or not at all: it is written beside its place and then renamed.
4. The folder may not be, hold, or lie within the folder that was read.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from adapters.folder import Unreadable

LIST = ".gateway-files"
"""Names the files of a run, one relative path per line."""


def prepare(out: Path, source: Path, *, overwrite: bool) -> None:
    """Refuse *out* where it may not be written. *source* is the folder that was read.

    Raises `Unreadable`.
    """
    target, origin = out.resolve(), source.resolve()
    if target == origin or origin in target.parents or target in origin.parents:
        raise Unreadable(str(out), f"a folder outside {source}", "one that holds the other")
    try:
        present = {entry.name for entry in out.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        raise Unreadable(str(out), "a folder that can be written", str(error.strerror).lower()) from error
    if present and LIST not in present:
        raise Unreadable(str(out), "an empty folder or one that an earlier run wrote", "other files in it")
    if present and not overwrite:
        raise Unreadable(str(out), "an empty folder, or --force to overwrite what an earlier run wrote", "its results")


def write_files(out: Path, files: Mapping[str, bytes]) -> None:
    """Write *files* into *out*, which was prepared, and remove what an earlier run wrote besides.

    Raises `Unreadable` where the system refuses.
    """
    try:
        earlier = _listed(out)
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / LIST, _list({*files, *earlier}))
        for name, content in files.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            _replace(out / name, content)
        for name in earlier - files.keys():
            (out / name).unlink(missing_ok=True)
        _replace(out / LIST, _list(files))
    except OSError as error:
        cause = str(error.strerror or type(error).__name__).lower()
        raise Unreadable(str(error.filename or out), "a place that can be written", cause) from error


def _listed(out: Path) -> set[str]:
    """Return what an earlier run wrote; paths that lead out of the folder are not ours."""
    try:
        names = (out / LIST).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    root = out.resolve()
    return {name for name in names if name and root in (out / name).resolve().parents}


def _list(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in sorted(names)).encode()


def _replace(path: Path, content: bytes) -> None:
    """Put *content* at *path* in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # A temporary file is readable by its owner alone.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
