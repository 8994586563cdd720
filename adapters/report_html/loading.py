"""The picture of how far a network is used: a bar for each of its most loaded lines, against its limit.

Bars are shares of the limit, so that lines of every size can be compared; the flow stands beside them in MW or MVA. A
limit that binds has a diamond and its shadow price, one that is broken a triangle and the amount, both in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.figures import number, plain, shortened
from adapters.report_html.network_state import Load
from adapters.report_html.svg import Scale, boxes, picture, rule, tag, text

WIDTH = 800.0
MOST_DRAWN = 30
"""Lines that are drawn; the table beside the picture has more."""
_LEFT, _RIGHT, _TOP, _ROW = 180.0, 440.0, 44.0, 22.0
_BAR = 14.0
_LONGEST_NAME = 26
_WIDEST = 1.5
"""The axis ends at the latest at so many times the limit."""


def drawn(loads: Iterable[Load]) -> tuple[Load, ...]:
    """Return the loads that the picture shows: the most loaded ones that have a limit."""
    return tuple(load for load in loads if load.share is not None)[:MOST_DRAWN]


def draw(loads: Sequence[Load], title: str) -> Markup:
    """Return the picture of *loads*, which all have limits."""
    bottom = _TOP + _ROW * len(loads)
    along = Scale(0, _reach(loads), _LEFT, _RIGHT)
    content = [*_axis(along, bottom), *_rows(loads, along), rule(along(1), _TOP - 6, along(1), bottom, "need")]
    return picture(WIDTH, bottom + 34, title, description(loads), content)


def description(loads: Sequence[Load]) -> str:
    """Say in words what the picture shows."""
    said = [f"{name(load)}: {words(load)}" for load in loads if load.shadow_price is not None]
    least = f" The least loaded of them uses {percent(loads[-1])} of its limit." if loads else ""
    binding = "; ".join(said) or "no limit is reached"
    return f"The {len(loads)} most loaded lines and sections. {binding}.{least}"


def name(load: Load) -> str:
    """Return what a line is called: its identifier and its ends."""
    return f"{load.id}: {load.start}\u2013{load.end}"


def percent(load: Load) -> str:
    """Return how far a line is used."""
    return "" if load.share is None else f"{number(load.share * 100, 0)} %"


def words(load: Load) -> str:
    """Return the flow beside the limit, and what a limit that is reached is worth."""
    used = f"{number(abs(load.flow), 1)} of {plain(_tenths(load.limit))} {load.unit}"
    if load.excess:
        return f"{used}, {plain(_tenths(load.excess))} too much"
    return used if load.shadow_price is None else f"{used}, full: {number(load.shadow_price, 2)} per {load.unit}h"


def _tenths(value: Decimal | None) -> Decimal:
    return (value or Decimal(0)).quantize(Decimal("0.1"))


def _reach(loads: Sequence[Load]) -> float:
    most = max((float(load.share or 0) for load in loads), default=1.0)
    return min(_WIDEST, max(1.1, most * 1.05))


def _axis(along: Scale, bottom: float) -> Iterator[Markup]:
    for tick in along.ticks(5):
        yield rule(along(tick), _TOP - 6, along(tick), bottom, "grid")
        yield text(plain(tick * 100), along(tick), bottom + 15, anchor="middle", class_="tick")
    yield text("% of the limit", (_LEFT + _RIGHT) / 2, bottom + 30, anchor="middle", class_="label")
    yield text("limit", along(1), _TOP - 12, anchor="middle", class_="mark")


def _rows(loads: Sequence[Load], along: Scale) -> Iterator[Markup]:
    for at, load in enumerate(loads):
        middle = _TOP + _ROW * (at + 0.5)
        # A line that carries next to nothing would vanish.
        end = max(along(load.share or 0), _LEFT + 1)
        yield boxes([(_LEFT, middle - _BAR / 2, end, middle + _BAR / 2)], "bid accepted")
        yield text(shortened(name(load), _LONGEST_NAME), _LEFT - 8, middle + 4, anchor="end")
        yield from _mark(load, middle)
        yield text(words(load), _RIGHT + 24, middle + 4, class_=None if load.shadow_price is None else "mark")


def _mark(load: Load, middle: float) -> Iterator[Markup]:
    """Draw a triangle where a limit is broken, a diamond where it is reached."""
    if load.excess:
        yield tag("path", d=f"M{_RIGHT + 12:.1f} {middle - 6:.1f}l6 11h-12Z", class_="triangle")
    elif load.shadow_price is not None:
        yield tag("path", d=f"M{_RIGHT + 12:.1f} {middle - 6:.1f}l6 6l-6 6l-6 -6Z", class_="diamond")
