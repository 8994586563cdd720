"""The forms in which a model is written: what stands in the files, and that it is always the same."""

import csv
import io
import json
import xml.etree.ElementTree as ET  # our own drawings
from dataclasses import replace

import pytest

from adapters.sgam.forms import FORMS, Form
from adapters.sgam.linked_data import CLASSES, NODES, TERMS, node
from gateway.canonical_json import read
from gateway.sgam.model import Architecture, Domain, Layer, Relates, Zone
from tests.adapters.sgam.installation import BOOK, installation, model

MODEL = model()
SVG = "{http://www.w3.org/2000/svg}"


def written(form: Form, name: str, found: Architecture = MODEL) -> str:
    return FORMS[form](found)[name].decode()


FILES = {
    Form.JSON: {"sgam.json"},
    Form.JSONLD: {"sgam.jsonld"},
    Form.SVG: {f"{layer}.svg" for layer in Layer},
    Form.DRAWIO: {"sgam.drawio"},
    Form.CSV: {"relation.csv"} | {f"{layer}.csv" for layer in Layer},
}


@pytest.mark.parametrize("form", Form)
def test_a_form_has_its_files(form: Form) -> None:
    assert set(FORMS[form](MODEL)) == FILES[form]


@pytest.mark.parametrize("form", Form)
def test_the_same_model_gives_the_same_bytes(form: Form) -> None:
    assert FORMS[form](installation(BOOK).architecture()) == FORMS[form](MODEL)


@pytest.mark.parametrize("form", Form)
def test_another_model_gives_other_bytes(form: Form) -> None:
    assert FORMS[form](model(scheme="local")) != FORMS[form](MODEL)


def test_no_two_forms_write_a_file_of_one_name() -> None:
    names = [name for form in Form for name in FORMS[form](MODEL)]
    assert len(names) == len(set(names)) == 14


def test_json_is_the_model() -> None:
    assert read(Architecture, written(Form.JSON, "sgam.json")) == MODEL


# ---- linked data

NODE = dict[str, object]


def graph() -> dict[str, NODE]:
    data = json.loads(written(Form.JSONLD, "sgam.jsonld"))
    nodes: list[NODE] = data["@graph"]
    return {str(found["@id"]): found for found in nodes}


def test_every_entry_is_a_node_of_the_class_of_its_layer() -> None:
    expected = {
        node(entry.id): (CLASSES[layer], layer.value) for layer, entries in MODEL.layers().items() for entry in entries
    }
    assert {name: (found["@type"], found["layer"]) for name, found in graph().items()} == expected


def test_every_relation_is_a_reference_to_a_node_that_is_there() -> None:
    nodes = graph()
    terms = {term: kind for kind, term in TERMS.items()}
    found = {
        (name, terms[key], target)
        for name, fields in nodes.items()
        for key, targets in fields.items()
        if key in terms and isinstance(targets, list)
        for target in targets
    }
    assert found == {(node(each.source), each.kind, node(each.target)) for each in MODEL.relations}
    assert {target for _, _, target in found} <= set(nodes)


def test_references_are_told_apart_from_texts_by_the_context() -> None:
    context = json.loads(written(Form.JSONLD, "sgam.jsonld"))["@context"]
    assert {term: context[term] for term in TERMS.values()} == {term: {"@type": "@id"} for term in TERMS.values()}
    assert set(TERMS) == set(Relates)


def test_the_name_of_a_node_is_an_iri() -> None:
    assert all(" " not in name and name.startswith(NODES) for name in graph())


# ---- tables


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(Form.CSV, name), newline="")))


def test_a_table_has_a_row_for_each_entry() -> None:
    for layer, entries in MODEL.layers().items():
        assert [row["id"] for row in rows(f"{layer}.csv")] == [entry.id for entry in entries]


def test_a_cell_holds_a_field_by_its_path() -> None:
    found = {row["id"]: row for row in rows("communication.csv")}["link:agg-c:https"]
    assert (found["port"], found["security.tls"], found["ends"]) == ("8443", "1.3", "gateway; peer:agg-c")
    assert found["security.entries"] == "agg-c.in; agg-c.out"


def test_the_table_of_relations_has_them_all() -> None:
    assert [tuple(row.values()) for row in rows("relation.csv")] == [
        (each.source, each.kind.value, each.target) for each in MODEL.relations
    ]


def test_a_layer_without_entries_is_an_empty_table() -> None:
    assert FORMS[Form.CSV](model(None))["communication.csv"].strip() == b""


# ---- pictures


@pytest.mark.parametrize("layer", Layer)
def test_a_plane_has_five_domains_and_six_zones(layer: Layer) -> None:
    drawing = ET.fromstring(written(Form.SVG, f"{layer}.svg"))  # noqa: S314 - our own drawing
    heads = [found.text for found in drawing.iter(f"{SVG}text") if found.get("class") == "head"]
    assert heads[:11] == [*Domain, *reversed(Zone)]
    cells = [found for found in drawing.iter(f"{SVG}rect") if found.get("class") == "cell"]
    assert len(cells) == 30


@pytest.mark.parametrize("layer", Layer)
def test_a_plane_says_in_words_what_it_shows(layer: Layer) -> None:
    drawing = ET.fromstring(written(Form.SVG, f"{layer}.svg"))  # noqa: S314 - our own drawing
    assert drawing.get("role") == "img"
    title, told = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert title is not None
    assert title.text == f"{layer.capitalize()} layer, scheme centralised"
    assert told is not None
    boxes = [found for found in drawing.iter(f"{SVG}rect") if "box" in (found.get("class") or "")]
    assert len((told.text or "").split("; ")) >= len(boxes) > 0


def test_only_the_plane_of_links_has_lines_and_one_for_each() -> None:
    lines = {layer: written(Form.SVG, f"{layer}.svg").count('class="way"') for layer in Layer}
    assert lines == {layer: len(MODEL.links) if layer is Layer.COMMUNICATION else 0 for layer in Layer}


def test_a_name_with_signs_of_markup_stays_a_text() -> None:
    nasty = replace(MODEL, functions=(replace(MODEL.functions[0], action="<script>&"),), relations=())
    for form, name in ((Form.SVG, "function.svg"), (Form.DRAWIO, "sgam.drawio")):
        drawing = written(form, name, nasty)
        assert "<script" not in drawing
        ET.fromstring(drawing)  # noqa: S314 - our own drawing


# ---- draw.io


def pages() -> dict[str, ET.Element]:
    drawing = ET.fromstring(written(Form.DRAWIO, "sgam.drawio"))  # noqa: S314 - our own drawing
    return {str(page.get("name")): page for page in drawing.iter("diagram")}


def test_a_file_of_drawio_has_a_page_for_each_layer() -> None:
    assert list(pages()) == list(Layer)


@pytest.mark.parametrize("layer", Layer)
def test_every_cell_of_a_page_has_a_name_of_its_own_and_a_parent_that_is_there(layer: Layer) -> None:
    cells = list(pages()[layer].iter("mxCell"))
    names = [cell.get("id") for cell in cells]
    assert len(names) == len(set(names))
    assert {cell.get("parent") for cell in cells[1:]} <= set(names)
    assert sum("cell " in str(name) for name in names) == 30


def test_every_link_is_an_edge_between_boxes_that_are_there() -> None:
    cells = list(pages()[Layer.COMMUNICATION].iter("mxCell"))
    names = {cell.get("id") for cell in cells}
    edges = [(cell.get("source"), cell.get("target")) for cell in cells if cell.get("edge") == "1"]
    assert len(edges) == len(MODEL.links)
    assert {name for ends in edges for name in ends} <= names
    assert {source for source, _ in edges} == {"0 gateway"}
