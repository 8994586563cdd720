"""Where the marks of a layer stand on its page: the same for every kind of drawing.

Columns are the domains, rows the zones with the market on top. A cell stacks its marks; a row is as high as its
fullest cell. What lies nowhere stands in a row of its own below. Lengths are in pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from adapters.sgam.marks import Mark
from gateway.sgam.model import Domain, Place, Zone

LEFT, TOP, COLUMN, GAP, LINE = 96, 64, 258, 8, 14
_LETTERS = 40
"""Characters of a line in a box."""
_LEAST = 40
"""The least height of a row."""
ROWS: tuple[Zone | None, ...] = (*reversed(Zone), None)
"""The rows from the top; None is that below the plane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle with lines of text; ``entry`` is the id of what it shows."""

    entry: str
    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """The point in its middle."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class Page:
    """The page of one layer."""

    marks: Sequence[Mark]

    @property
    def width(self) -> float:
        """How wide the page is."""
        return LEFT + COLUMN * len(Domain) + GAP

    @property
    def height(self) -> float:
        """How high the page is."""
        return self.bottom(ROWS[-1]) + GAP

    def top(self, row: Zone | None) -> float:
        """Return where a row begins."""
        return TOP + sum(self._heights[each] for each in ROWS[: ROWS.index(row)])

    def bottom(self, row: Zone | None) -> float:
        """Return where a row ends."""
        return self.top(row) + self._heights[row]

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes, cell by cell."""
        cells = [(row, domain) for row in ROWS if row for domain in Domain]
        return (
            *(box for row, domain in cells for box in self._stack(row, domain)),
            *self._below(),
        )

    @cached_property
    def _heights(self) -> dict[Zone | None, float]:
        found: dict[Zone | None, float] = {None: self._height(self._loose) if self._loose else 0.0}
        for row in Zone:
            found[row] = max(self._height(self._in(row, domain)) for domain in Domain)
        return found

    @cached_property
    def _loose(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.place is None]

    def _in(self, row: Zone, domain: Domain) -> list[Mark]:
        return [mark for mark in self.marks if mark.place == Place(domain=domain, zone=row)]

    def _height(self, stacked: Sequence[Mark]) -> float:
        return max(_LEAST, GAP + sum(box_height(lines(mark.words)) + GAP for mark in stacked))

    def _stack(self, row: Zone, domain: Domain) -> Iterator[Box]:
        left = LEFT + COLUMN * list(Domain).index(domain)
        yield from _stacked(self._in(row, domain), left, self.top(row))

    def _below(self) -> Iterator[Box]:
        yield from _stacked(self._loose, LEFT, self.top(None))


def _stacked(marks: Sequence[Mark], left: float, top: float) -> Iterator[Box]:
    at = top + GAP
    for mark in marks:
        words = lines(mark.words)
        height = box_height(words)
        yield Box(entry=mark.entry, left=left + GAP, top=at, width=COLUMN - 2 * GAP, height=height, lines=words)
        at += height + GAP


def lines(words: str) -> tuple[str, ...]:
    """Break words into the lines of a box."""
    return tuple(textwrap.wrap(words, _LETTERS))


def box_height(shown: Sequence[str]) -> float:
    """Return how high a box of so many lines is."""
    return GAP + LINE * len(shown)
