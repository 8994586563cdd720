"""The plane of a layer as a picture: five domains by six zones, and on it what lies there."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from adapters.report_html.svg import picture, rule, standalone, tag, text
from adapters.sgam.layout import COLUMN, GAP, LEFT, LINE, ROWS, TOP, Box, Page
from adapters.sgam.marks import marks
from adapters.sgam.players import GATEWAY
from gateway.sgam.model import Architecture, Domain, Layer

_STYLE = Markup(
    "text{font:11px sans-serif;fill:#1f2933} .title{font:bold 15px sans-serif} .head{font-weight:bold} "
    ".page{fill:#fff} .cell{fill:#f5f7fa;stroke:#9aa5b1} .box{fill:#fff;stroke:#1f5fa8} .gateway{fill:#dceaf9} "
    ".way{stroke:#52606d;fill:none}"
)


def plane(model: Architecture, layer: Layer) -> bytes:
    """Draw one layer as an SVG file that says in words what it shows."""
    page = Page(marks(model, layer))
    title = f"{layer.capitalize()} layer, scheme {model.scheme}"
    words = "; ".join(" ".join(box.lines) for box in page.boxes)
    content = [
        tag("rect", x=0.0, y=0.0, width=page.width, height=page.height, class_="page"),
        text(title, GAP, 24, class_="title"),
        *_grid(page),
        *(_ways(page) if layer is Layer.COMMUNICATION else ()),
        *(part for box in page.boxes for part in _box(box)),
    ]
    return standalone(picture(page.width, page.height, title, words or "nothing", content), _STYLE)


def _grid(page: Page) -> Iterator[Markup]:
    for column, domain in enumerate(Domain):
        yield text(domain.value, LEFT + COLUMN * (column + 0.5), TOP - 12, anchor="middle", class_="head")
        for row in ROWS:
            if row:
                left, top = LEFT + COLUMN * column, page.top(row)
                yield tag("rect", x=left, y=top, width=COLUMN, height=page.bottom(row) - top, class_="cell")
    for row in ROWS:
        if page.bottom(row) > page.top(row):
            yield text(row.value if row else "nowhere", GAP, (page.top(row) + page.bottom(row)) / 2 + 4, class_="head")


def _ways(page: Page) -> Iterator[Markup]:
    """Draw a line from the gateway to each link; boxes lie on top of them."""
    hubs = [box for box in page.boxes if box.entry == GATEWAY]
    for hub in hubs:
        yield from (rule(*hub.middle, *box.middle, "way") for box in page.boxes if box is not hub)


def _box(box: Box) -> Iterator[Markup]:
    kind = "box gateway" if box.entry == GATEWAY else "box"
    yield tag("rect", x=box.left, y=box.top, width=box.width, height=box.height, rx=3.0, class_=kind)
    for number, line in enumerate(box.lines, 1):
        yield text(line, box.left + 6, box.top + LINE * number)
