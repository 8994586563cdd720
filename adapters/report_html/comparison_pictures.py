"""Pictures of a comparison: bars to both sides of zero, ranges of prices, and a grid of who is cheapest where.

Nothing is told by colour alone: every bar, range and cell has its number beside or inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.figures import number, plain, shortened
from adapters.report_html.svg import Scale, boxes, picture, rule, tag, text

WIDTH = 800.0
_LEFT, _RIGHT, _TOP, _ROW, _BAR = 230.0, 640.0, 24.0, 24.0, 15.0
_LONGEST_NAME = 36
_CELL_HEIGHT = 30.0
_SHADES = 6


@dataclass(frozen=True, slots=True)
class Range:
    """A row of a picture: from ``low`` to ``high`` on the axis, with its number in words; ``remark`` marks it."""

    name: str
    low: Decimal
    high: Decimal
    words: str
    remark: str = ""


def bar(name: str, value: Decimal, words: str, remark: str = "") -> Range:
    """Return a row that begins at zero."""
    return Range(name, min(value, Decimal(0)), max(value, Decimal(0)), words, remark)


def draw(rows: Sequence[Range], title: str, unit: str) -> Markup:
    """Return the picture of *rows*, which share an axis in *unit* that holds zero."""
    low = min(0.0, *(float(row.low) for row in rows))
    high = max(0.0, *(float(row.high) for row in rows))
    along = Scale(low, high if high > low else low + 1, _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(rows)
    content = [*_axis(along, bottom, unit), *_rows(rows, along), rule(along(0), _TOP - 6, along(0), bottom, "axis")]
    return picture(WIDTH, bottom + 38, title, description(rows), content)


def description(rows: Sequence[Range]) -> str:
    """Say in words what the picture shows."""
    return "; ".join(f"{row.name}: {row.words}" + (f", {row.remark}" if row.remark else "") for row in rows) + "."


def _axis(along: Scale, bottom: float, unit: str) -> Iterator[Markup]:
    for tick in along.ticks(5):
        yield rule(along(tick), _TOP - 6, along(tick), bottom, "grid")
        yield text(plain(tick), along(tick), bottom + 15, anchor="middle", class_="tick")
    yield text(unit, (_LEFT + _RIGHT) / 2, bottom + 32, anchor="middle", class_="label")


def _rows(rows: Sequence[Range], along: Scale) -> Iterator[Markup]:
    for at, row in enumerate(rows):
        middle = _TOP + _ROW * (at + 0.5)
        left, right = along(row.low), along(row.high)
        # What is next to nothing would vanish.
        yield boxes([(left, middle - _BAR / 2, max(right, left + 1.5), middle + _BAR / 2)], "bid accepted")
        yield text(shortened(row.name, _LONGEST_NAME), _LEFT - 12, middle + 4, anchor="end")
        yield text(row.words, _RIGHT + 30, middle + 4)
        if row.remark:
            yield tag("path", d=f"M{_RIGHT + 16:.1f} {middle - 6:.1f}l6 11h-12Z", class_="triangle")


@dataclass(frozen=True, slots=True)
class Cell:
    """A scheme at one value: its total, whether it is sound, whether it is the cheapest of the sound ones."""

    total: Decimal
    sound: bool
    cheapest: bool


def grid(rows: Sequence[tuple[str, Sequence[Cell]]], columns: Sequence[str], title: str, axis: str) -> Markup:
    """Return the grid of *rows* over *columns*; a darker cell is a dearer one within its column."""
    width = (WIDTH - _LEFT - 10) / len(columns)
    bottom = _TOP + 16 + _CELL_HEIGHT * len(rows)
    content = [text(axis, (_LEFT + WIDTH - 10) / 2, 14, anchor="middle", class_="label")]
    content += [
        text(name, _LEFT + width * (at + 0.5), _TOP + 10, anchor="middle", class_="tick")
        for at, name in enumerate(columns)
    ]
    for at, (name, cells) in enumerate(rows):
        top = _TOP + 16 + _CELL_HEIGHT * at
        content.append(text(name, _LEFT - 12, top + 19, anchor="end"))
        for place, cell in enumerate(cells):
            column = [others[place] for _, others in rows]
            content += _cell(cell, column, (_LEFT + width * place, top, width))
    return picture(WIDTH, bottom + 8, title, _grid_words(rows, columns, axis), content)


def _cell(cell: Cell, column: Sequence[Cell], place: tuple[float, float, float]) -> Iterator[Markup]:
    left, top, width = place
    shade = _shade(cell, column) if cell.sound else 0
    form = f"shade-{shade}" if cell.sound else "bid rest"
    yield boxes([(left + 1, top + 1, left + width - 1, top + _CELL_HEIGHT - 1)], form)
    middle, ink = left + width / 2, f"on-{shade}" if cell.sound else None
    yield text(number(cell.total, 0), middle + 6, top + 19, anchor="middle", class_=ink)
    if not cell.sound:
        yield tag("path", d=f"M{left + 13:.1f} {top + 9:.1f}l6 11h-12Z", class_="triangle")
    elif cell.cheapest:
        yield tag("path", d=f"M{left + 13:.1f} {top + 9:.1f}l6 6l-6 6l-6 -6Z", class_="diamond")


def _shade(cell: Cell, column: Sequence[Cell]) -> int:
    """Return the step of the scale, lightest for the cheapest sound cell of its column."""
    totals = [each.total for each in column if each.sound]
    span = max(totals) - min(totals)
    return int((cell.total - min(totals)) / span * (_SHADES // 2)) if span else 0


def _grid_words(rows: Sequence[tuple[str, Sequence[Cell]]], columns: Sequence[str], axis: str) -> str:
    said = []
    for place, column in enumerate(columns):
        best = " and ".join(name for name, cells in rows if cells[place].cheapest) or "no scheme"
        said.append(f"at {column} {best}")
    return f"Cheapest sound scheme by {axis}: " + "; ".join(said) + "."
