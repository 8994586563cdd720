"""Code lists: which values a coded element may hold, and what they mean.

ENTSO-E publishes the lists (IEC 62325-451, "ENTSO-E code list document") as numbered releases; a
market may add local codes of its own, all beginning with ``Z``. Rules

1. The lists are data: `entsoe_94.toml` holds the standard values, one ``<overlay>_<release>.toml``
   each market's local values, `meanings.toml` what we say about a value.
2. An overlay belongs to the release it was written for. With the overlay ``nbm`` the lists are
   those of release 91 and the Nordic codes; a newer standard code is unknown there, as it is to
   every peer that has that pair of files.
3. A value is in a list or it is not. The published schemas are laxer in two ways: their local
   extension file holds a placeholder ``A01`` in every list, and the Nordic one leaves 22 lists
   open to any word. Neither is repeated here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.errors import Misconfigured

RELEASE = 94
"""The release of the standard lists that holds where no overlay asks for an older one."""

_OLDER = 91
_OVERLAY_FILE = re.compile(r"(?!entsoe)([a-z]+)_([0-9]+)\.toml")
_RANGE = re.compile(r"([A-Z])([0-9]{2})-\1([0-9]{2})")


@dataclass(frozen=True, slots=True)
class CodeList:
    """The values that one list allows, under a release and, where there is one, an overlay.

    ``uid``: ENTSO-E's number of the list, empty where it has none.

    >>> "B74" in lookup("BusinessTypeList"), "Z58" in lookup("ReasonCodeTypeList")
    (True, False)
    >>> lookup("ReasonCodeTypeList", "nbm").meaning("Z58")
    'chosen for scheduled activation'
    """

    name: str
    uid: str
    release: int
    overlay: str | None
    values: frozenset[str]
    _meanings: Mapping[str, str] = field(repr=False, compare=False)

    def __contains__(self, code: object) -> bool:
        """Whether *code* is a value of the list."""
        return code in self.values

    def __iter__(self) -> Iterator[str]:
        """Yield the values in alphabetical order."""
        return iter(sorted(self.values))

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.values)

    def meaning(self, code: str) -> str | None:
        """Say in our words what *code* stands for; None where we have no words or it is not in the list."""
        return self._meanings.get(code) if code in self.values else None


@cache
def lookup(name: str, overlay: str | None = None, release: int | None = None) -> CodeList:
    """Return the list *name*: ``BusinessTypeList``, as the document schemas say, or ``Business`` for short.

    ``overlay`` adds a market's local codes and sets the release they were written for. ``release``
    asks for an older state of the standard list, to know what a peer on that release understands.
    Raises `Misconfigured` for an unknown list, overlay or release.
    """
    full = name if name in _standard() else f"{name}TypeList"
    if full not in _standard():
        raise Misconfigured("code list", f"one of {', '.join(names())}", name)
    return _build(full, overlay, _release_of(overlay, release))


@cache
def _build(name: str, overlay: str | None, state: int) -> CodeList:
    entry = _standard()[name]
    values = entry["values"] - entry["after_91"] if state == _OLDER else entry["values"]
    meanings = _texts("meanings.toml").get(name, {})
    if overlay is not None:
        local = _local(overlay).get(name, {})
        values |= _spread(local.get("values", ""))
        meanings = meanings | local.get("meanings", {})
    return CodeList(name, entry["uid"], state, overlay, values, meanings)


def names() -> tuple[str, ...]:
    """Return the names of all lists in alphabetical order."""
    return tuple(sorted(_standard()))


def overlays() -> tuple[str, ...]:
    """Return the names of the overlays in alphabetical order."""
    return tuple(sorted(_overlay_releases()))


def _release_of(overlay: str | None, release: int | None) -> int:
    if overlay is not None and overlay not in _overlay_releases():
        raise Misconfigured("overlay", f"one of {', '.join(overlays())}", overlay)
    own = RELEASE if overlay is None else _overlay_releases()[overlay]
    state = own if release is None else release
    if state not in {RELEASE, _OLDER}:
        raise Misconfigured("code list release", f"{_OLDER} or {RELEASE}", str(state))
    if overlay is not None and state != own:
        raise Misconfigured("code list release", f"{own} for overlay {overlay}", str(state))
    return state


@cache
def _overlay_releases() -> dict[str, int]:
    """Return each overlay with its release, as the names of the data files say."""
    found = (_OVERLAY_FILE.fullmatch(entry.name) for entry in files(__name__).iterdir())
    return {name[1]: int(name[2]) for name in found if name}


def _spread(compact: str) -> frozenset[str]:
    """Write out ranges: ``A01-A03 999`` is A01, A02, A03 and 999."""
    found: set[str] = set()
    for word in compact.split():
        span = _RANGE.fullmatch(word)
        found |= {f"{span[1]}{n:02}" for n in range(int(span[2]), int(span[3]) + 1)} if span else {word}
    return frozenset(found)


@cache
def _standard() -> dict[str, dict[str, Any]]:
    return {
        name: {
            "uid": entry.get("uid", ""),
            "values": _spread(entry["values"]),
            "after_91": _spread(entry.get("after_91", "")),
        }
        for name, entry in _texts("entsoe_94.toml")["lists"].items()
    }


def _local(overlay: str) -> dict[str, Any]:
    lists: dict[str, Any] = _texts(f"{overlay}_{_overlay_releases()[overlay]}.toml")["lists"]
    return lists


@cache
def _texts(file: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(file).read_text("utf-8"))
