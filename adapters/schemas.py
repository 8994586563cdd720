"""A folder of official schemas, read with limits; `profiles.official` judges by them.

Only regular files directly in the folder whose name ends in ``.xsd`` are read: code lists and local extensions belong
together, so a market's schemas stand in one folder with its own pair of these files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from adapters.folder import Limits, Unreadable, read_file
from profiles.official import Bundle

SCHEMAS = "GATEWAY_SCHEMAS"
"""Environment variable that names the folder where no option does."""

_SUFFIX = ".xsd"
_LIMITS = Limits(files=2_000, file_bytes=20_000_000, total_bytes=200_000_000)


@cache
def read_schemas(folder: Path) -> Bundle:
    """Return the schemas in *folder*; a process reads a folder once.

    Raises `Unreadable` where the folder is missing, holds no schema, or is beyond the limits.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == _SUFFIX and path.is_file())
    except OSError as error:
        raise Unreadable(str(folder), "a readable folder of schemas", str(error.strerror).lower()) from error
    if not 0 < len(paths) <= _LIMITS.files:
        raise Unreadable(str(folder), f"1 to {_LIMITS.files} files whose name ends in {_SUFFIX}", str(len(paths)))
    files: dict[str, bytes] = {}
    for path in paths:
        content = read_file(path, _LIMITS.file_bytes)
        if content is None:
            raise Unreadable(str(path), f"a schema of at most {_LIMITS.file_bytes:,} bytes", "a longer one")
        files[path.name] = content
        if sum(map(len, files.values())) > _LIMITS.total_bytes:
            raise Unreadable(str(folder), f"schemas of at most {_LIMITS.total_bytes:,} bytes in all", "more")
    return Bundle(files=files)
