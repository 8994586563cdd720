"""The model as linked data (JSON-LD 1.1): a node for each entry, its relations as references to other nodes.

Terms are those of this project, with the layers, domains and zones as IEC SRD 63200:2021 calls them. Classes and
properties stand in two tables, so that who wants those of an ontology has to map two tables and nothing else.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from gateway.canonical_json import Json
from gateway.sgam.difference import flat_fields
from gateway.sgam.model import Architecture, Entry, Layer, Relates

VOCABULARY = "urn:tso-dso-gateway:sgam:term:"
NODES = "urn:tso-dso-gateway:sgam:"

CLASSES = {
    Layer.COMPONENT: "Component",
    Layer.COMMUNICATION: "CommunicationLink",
    Layer.INFORMATION: "InformationObject",
    Layer.FUNCTION: "Function",
    Layer.BUSINESS: "BusinessActor",
}
"""The class of the entries of each layer."""

TERMS = {
    Relates.USES: "uses",
    Relates.ACTS_THROUGH: "actsThrough",
    Relates.EXCHANGES: "exchanges",
    Relates.TRAVELS_ON: "travelsOn",
    Relates.JOINS: "joins",
}
"""The property that says each relation."""


def linked_data(model: Architecture) -> bytes:
    """Write the model as JSON-LD."""
    context: Json = {"@vocab": VOCABULARY, **{term: {"@type": "@id"} for term in TERMS.values()}}
    graph: list[Json] = [_node(model, layer, entry) for layer, entries in model.layers().items() for entry in entries]
    return (json.dumps({"@context": context, "@graph": graph}, indent=2, ensure_ascii=False) + "\n").encode()


def node(entry: str) -> str:
    """Return the name of a node.

    >>> node("business:10X-MO:market operator")
    'urn:tso-dso-gateway:sgam:business:10X-MO:market%20operator'
    """
    return NODES + quote(entry, safe=":")


def _node(model: Architecture, layer: Layer, entry: Entry) -> Json:
    fields = {name: value for name, value in flat_fields(entry).items() if name != "id" and value is not None}
    related: dict[str, Json] = {
        term: [node(target) for target in targets]
        for kind, term in TERMS.items()
        if (targets := model.related(entry.id, kind))
    }
    return {"@id": node(entry.id), "@type": CLASSES[layer], "layer": layer.value, **fields, **related}
