"""The forms in which a model is written: names of files and their bytes. The same model gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from adapters.sgam.drawio import drawio
from adapters.sgam.linked_data import linked_data
from adapters.sgam.plane import plane
from adapters.sgam.tables import tables
from gateway import canonical_json
from gateway.sgam.model import Architecture, Layer


class Form(StrEnum):
    """How a model is written."""

    JSON = "json"
    JSONLD = "jsonld"
    SVG = "svg"
    DRAWIO = "drawio"
    CSV = "csv"


FORMS: Mapping[Form, Callable[[Architecture], dict[str, bytes]]] = {
    Form.JSON: lambda model: {"sgam.json": canonical_json.write(model).encode()},
    Form.JSONLD: lambda model: {"sgam.jsonld": linked_data(model)},
    Form.SVG: lambda model: {f"{layer}.svg": plane(model, layer) for layer in Layer},
    Form.DRAWIO: lambda model: {"sgam.drawio": drawio(model)},
    Form.CSV: tables,
}
"""The files of each form."""
