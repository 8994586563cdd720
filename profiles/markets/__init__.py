"""Market profiles: what one market asks of the documents that the standard leaves open.

A market is one TOML file of this folder, read into a `MarketProfile`. Rules

1. A file tells only how it differs from the market it is ``based_on``; `project` is told in full.
2. An unknown key, a value of the wrong kind and a market that does not exist are refused, with the
   nearest known name. Nothing is read over in silence.
3. Sources of the figures stand beside them in the files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.errors import Misconfigured
from gateway.toml_tables import build, suggestion
from profiles.markets.profile import (
    AcknowledgementStyle,
    Flow,
    HeaderSpan,
    MarketProfile,
    Obligation,
    Revisions,
    Weight,
)

__all__ = [
    "AcknowledgementStyle",
    "Flow",
    "HeaderSpan",
    "MarketProfile",
    "Obligation",
    "Revisions",
    "Weight",
    "load",
    "names",
    "read",
]


def names() -> tuple[str, ...]:
    """Return the names of the markets in alphabetical order: the files of this folder."""
    return tuple(
        sorted(file.name[: -len(".toml")] for file in files(__name__).iterdir() if file.name.endswith(".toml"))
    )


@cache
def load(name: str) -> MarketProfile:
    """Return the market *name*.

    Raises `Misconfigured` where there is none, or where its file is wrong.

    >>> load("nordic_no").bids.minimum_mw, load("project").bids.minimum_mw
    (Decimal('10'), Decimal('1'))
    """
    return build(MarketProfile, {**_whole(name), "name": name}, name)


def read(text: str, name: str) -> MarketProfile:
    """Return the market that the TOML *text* describes; it may be ``based_on`` a market of this folder.

    Raises `Misconfigured`.
    """
    return build(MarketProfile, _inherited(_parse(text, name), name) | {"name": name}, name)


@cache
def _whole(name: str) -> Mapping[str, Any]:
    """Return the table of the market *name* with what it takes over from others, to be read and not changed."""
    if name not in names():
        raise Misconfigured("market", f"one of {', '.join(names())}{suggestion(name, names())}", name)
    return _inherited(_parse(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"), name), name)


def _inherited(table: dict[str, Any], name: str) -> dict[str, Any]:
    if "name" in table:
        raise Misconfigured(f"{name}.name", "nothing: a market is named by its file", repr(table["name"]))
    base = table.pop("based_on", None)
    if base is None:
        return table
    if base == name:
        raise Misconfigured(f"{name}.based_on", "another market", name)
    return _over(_whole(base), table)


def _over(base: Mapping[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    """Lay *table* over *base*: tables are merged, everything else replaces."""
    return dict(base) | {
        key: _over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in table.items()
    }


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(name, "TOML", str(error)) from error
