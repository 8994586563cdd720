"""A picture of growth: CPU seconds over the number of bids, both in powers of ten, as SVG."""

from __future__ import annotations

from math import ceil, floor, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT, TOP = 640, 400, 60, 40, 170, 20
COLOURS = ("#1b6ca8", "#c1440e", "#3a7d44", "#6c4f93")


def picture(lines: dict[str, dict[int, float]], title: str) -> str:
    """Return the picture of *lines*: by name, the seconds for each number of bids."""
    points = [point for line in lines.values() for point in line.items()]
    across = _decades([bids for bids, _ in points])
    up = _decades([seconds for _, seconds in points])

    def place(bids: float, seconds: float) -> tuple[float, float]:
        x = LEFT + (log10(bids) - across[0]) / (across[-1] - across[0]) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - (log10(seconds) - up[0]) / (up[-1] - up[0]) * (HEIGHT - BOTTOM - TOP)
        return round(x, 1), round(y, 1)

    parts = [f"<title>{escape(title)}</title>", '<rect width="100%" height="100%" fill="white"/>']
    for decade in across:
        x, y = place(10.0**decade, 10.0 ** up[0])
        parts.append(f'<path d="M{x} {TOP}V{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{10**decade:,}</text>')
    for decade in up:
        x, y = place(10.0 ** across[0], 10.0**decade)
        parts.append(f'<path d="M{x} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{10.0**decade:g} s</text>')
    for colour, (name, line) in zip(COLOURS, lines.items(), strict=False):
        drawn = [place(*point) for point in sorted(line.items())]
        path = "L".join(f"{x} {y}" for x, y in drawn)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = drawn[-1]
        parts.append(f'<text x="{x + 6}" y="{y + 4}" fill="{colour}">{escape(name)}</text>')
    style = 'font-family="sans-serif" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {style}>{"".join(parts)}</svg>\n'


def _decades(values: list[float] | list[int]) -> list[int]:
    return list(range(floor(log10(min(values))), max(ceil(log10(max(values))), floor(log10(min(values))) + 1) + 1))
