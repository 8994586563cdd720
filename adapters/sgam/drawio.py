"""All layers as one file of draw.io (diagrams.net), a page for each, with boxes that stay joined when they are moved.

The file is the uncompressed XML form of mxGraph: cells 0 and 1 are its root and layer, every box is a vertex, every
link an edge between its box and that of the gateway.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from adapters.report_html.svg import tag
from adapters.sgam.layout import COLUMN, LEFT, ROWS, TOP, Box, Page
from adapters.sgam.marks import marks
from adapters.sgam.players import GATEWAY
from gateway.sgam.model import Architecture, Domain, Layer

_HEAD, _CELL = "text;html=0;align=center;verticalAlign=middle;fontStyle=1", "rounded=0;fillColor=#f5f7fa;html=0"
_BOX, _EDGE = "rounded=1;whiteSpace=wrap;html=0;align=left;spacingLeft=6;fontSize=11", "endArrow=none;html=0"


def drawio(model: Architecture) -> bytes:
    """Draw all layers as one file."""
    pages = (tag("diagram", _page(model, layer), id=layer.value, name_=layer.value) for layer in Layer)
    return tag("mxfile", *pages, host=model.operator.value).encode()


def _page(model: Architecture, layer: Layer) -> Markup:
    page = Page(marks(model, layer))
    root = tag("mxCell", id="0"), tag("mxCell", id="1", parent="0")
    parts = (*root, *_grid(page), *_boxes(page), *(_edges(page) if layer is Layer.COMMUNICATION else ()))
    return tag("mxGraphModel", tag("root", *parts), pageWidth=page.width, pageHeight=page.height)


def _vertex(name: str, words: str, style: str, place: tuple[float, float, float, float]) -> Markup:
    x, y, width, height = place
    geometry = tag("mxGeometry", x=x, y=y, width=width, height=height, as_="geometry")
    return tag("mxCell", geometry, id=name, value=words, style=style, vertex="1", parent="1")


def _grid(page: Page) -> Iterator[Markup]:
    for column, domain in enumerate(Domain):
        left = LEFT + COLUMN * column
        yield _vertex(f"domain {domain}", domain.value, _HEAD, (left, TOP - 32, COLUMN, 24))
        for row in ROWS:
            if row:
                place = (left, page.top(row), COLUMN, page.bottom(row) - page.top(row))
                yield _vertex(f"cell {domain} {row}", "", _CELL, place)
    for row in ROWS:
        if row:
            yield _vertex(f"zone {row}", row.value, _HEAD, (0, page.top(row), LEFT, 24))


def _name(number: int, box: Box) -> str:
    """Name a box: one entry may have several, so that its id alone would not do."""
    return f"{number} {box.entry}"


def _boxes(page: Page) -> Iterator[Markup]:
    for number, box in enumerate(page.boxes):
        place = (box.left, box.top, box.width, box.height)
        yield _vertex(_name(number, box), " ".join(box.lines), _BOX, place)


def _edges(page: Page) -> Iterator[Markup]:
    named = {_name(number, box): box.entry for number, box in enumerate(page.boxes)}
    for hub in (name for name, entry in named.items() if entry == GATEWAY):
        for name in (name for name in named if name != hub):
            ends = {"id": f"edge {name}", "style": _EDGE, "edge": "1", "parent": "1", "source": hub, "target": name}
            yield tag("mxCell", tag("mxGeometry", relative="1", as_="geometry"), **ends)
