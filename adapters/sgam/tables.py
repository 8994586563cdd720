"""The layers and the relations as tables (CSV, RFC 4180): a row for each entry, a column for each field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

from gateway.canonical_json import Json
from gateway.sgam.difference import flat_fields
from gateway.sgam.model import Architecture


def tables(model: Architecture) -> dict[str, bytes]:
    """Return a file for each layer and one of the relations."""
    found = {f"{layer}.csv": _table(map(flat_fields, entries)) for layer, entries in model.layers().items()}
    relations = ({"source": each.source, "kind": each.kind.value, "target": each.target} for each in model.relations)
    return found | {"relation.csv": _table(relations)}


def _table(records: Iterable[Mapping[str, Json]]) -> bytes:
    rows = list(records)
    out = io.StringIO()
    writer = csv.writer(out)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue().encode()


def _cell(value: Json) -> str:
    """Return a value as a cell; a list of texts is divided by semicolons.

    >>> _cell(["A37", "B40"]), _cell(None), _cell(8443)
    ('A37; B40', '', '8443')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(part, str) for part in value):
            return "; ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)
