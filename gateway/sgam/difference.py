"""What changed between two exports, such as before and after a test event.

Entries are compared by their ids and field by field; relations are there or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.canonical_json import Json, to_json
from gateway.sgam.model import Architecture, Entry, Layer


class Change(StrEnum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change. ``where``: a layer, ``relation`` or ``model``. The last three say what changed in an entry."""

    where: str
    entry: str
    change: Change
    field: str = ""
    first: str | None = None
    second: str | None = None


def differences(first: Architecture, second: Architecture) -> tuple[Difference, ...]:
    """Return what *second* has otherwise than *first*: the model, then layers from the bottom up, then relations."""
    ours, theirs = first.layers(), second.layers()
    return (
        *_of_model(first, second),
        *(each for layer in Layer for each in _of_layer(layer, _by_id(ours[layer]), _by_id(theirs[layer]))),
        *_of_relations(first, second),
    )


def _of_model(first: Architecture, second: Architecture) -> Iterator[Difference]:
    for name in ("operator", "scheme", "profile"):
        if getattr(first, name) != getattr(second, name):
            yield Difference(
                where="model",
                entry=first.schema,
                change=Change.CHANGED,
                field=name,
                first=str(getattr(first, name)),
                second=str(getattr(second, name)),
            )


_FieldMap = Mapping[str, Json]


def _by_id(entries: tuple[Entry, ...]) -> dict[str, _FieldMap]:
    return {entry.id: flat_fields(entry) for entry in entries}


def flat_fields(entry: Entry) -> dict[str, Json]:
    """Return the fields of an entry by their paths; ``security.tls`` is one of them."""
    found: dict[str, Json] = {}
    data = to_json(entry)
    for name, value in (data if isinstance(data, dict) else {}).items():
        found |= (
            {f"{name}.{part}": inner for part, inner in value.items()} if isinstance(value, dict) else {name: value}
        )
    return found


def _of_layer(layer: Layer, ours: dict[str, _FieldMap], theirs: dict[str, _FieldMap]) -> Iterator[Difference]:
    for name in sorted(ours | theirs):
        if name not in theirs or name not in ours:
            yield Difference(where=layer, entry=name, change=Change.REMOVED if name in ours else Change.ADDED)
            continue
        for field, value in ours[name].items():
            if value != theirs[name][field]:
                yield Difference(
                    where=layer,
                    entry=name,
                    change=Change.CHANGED,
                    field=field,
                    first=_shown(value),
                    second=_shown(theirs[name][field]),
                )


def _shown(value: Json) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_relations(first: Architecture, second: Architecture) -> Iterator[Difference]:
    ours, theirs = set(first.relations), set(second.relations)
    for each in sorted(ours ^ theirs):
        change = Change.REMOVED if each in ours else Change.ADDED
        yield Difference(where="relation", entry=f"{each.source} {each.kind} {each.target}", change=change)
