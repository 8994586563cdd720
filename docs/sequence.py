"""Sequence pictures of coordination schemes, drawn from their step tables.

One column for each party, and one for the operator of each market; one row for each step, with its number and message.
What a party does by itself is a dot. Columns stand in the order in which the table first names them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from adapters.report_html.svg import picture, rule, tag, text
from gateway.flow import Actor, Step
from gateway.schemes import Scheme

COLUMN, ROW, TOP, LEFT = 120, 30, 56, 84
_STYLE = (
    "text{font:11px sans-serif;fill:#1f2933} .head{font-weight:bold} .phase{fill:#52606d} "
    ".life{stroke:#cbd2d9;fill:none} .way{stroke:#1f5fa8;stroke-width:1.4;fill:none} .tip{fill:#1f5fa8} "
    ".page{fill:#ffffff} .band{fill:#f5f7fa}"
)


def column(actor: Actor) -> str:
    """Name the column of an actor: the operator of a market by its role, everybody else by the party.

    >>> [column(Actor.read(text)) for text in ("MO_L/FD (DSO)", "Buyer (DSO)", "Seller (CMP, transmission)", "DER")]
    ['MO_L (DSO)', 'DSO', 'CMP', 'DER']
    """
    role, party = actor.role.partition("/")[0], actor.party.partition(",")[0].partition(" as ")[0]
    return f"{role} ({party})" if role.startswith("MO") else party or actor.role


def columns(scheme: Scheme) -> tuple[str, ...]:
    """Name all columns of a scheme, in the order of its table."""
    actors = (actor for step in scheme.steps for actor in (step.origin, *step.recipients))
    return tuple(dict.fromkeys(map(column, actors)))


def sequence(scheme: Scheme) -> Markup:
    """Draw the steps of a scheme."""
    names = columns(scheme)
    width, height = LEFT + COLUMN * len(names), TOP + ROW * len(scheme.steps) + ROW // 2
    content = [
        tag("style", _STYLE),
        tag("rect", x=0.0, y=0.0, width=width, height=height, class_="page"),
        *_bands(scheme.steps, width),
        *_lifelines(names, height),
        *(part for row, step in enumerate(scheme.steps) for part in _step(step, _y(row), names)),
    ]
    return picture(width, height, f"{scheme.title}: sequence of steps", _words(scheme), content)


def _words(scheme: Scheme) -> str:
    told = (f"{s.number} {s.origin} to {', '.join(map(str, s.recipients)) or 'itself'}" for s in scheme.steps)
    return "; ".join(told)


def _x(name: str, names: Sequence[str]) -> float:
    return LEFT + COLUMN * (names.index(name) + 0.5)


def _y(row: int) -> float:
    return TOP + ROW * (row + 0.75)


def _bands(steps: Sequence[Step], width: float) -> Iterator[Markup]:
    """Draw every other phase on a band, and name all."""
    row = 0
    for place, (phase, group) in enumerate(groupby(steps, key=lambda step: step.phase)):
        count, top = len(list(group)), TOP + ROW * row
        if place % 2:
            yield tag("rect", x=0.0, y=float(top), width=width, height=ROW * count, class_="band")
        yield text(phase.value, 6, top + 0.75 * ROW + 4, class_="phase")
        row += count


def _lifelines(names: Sequence[str], height: float) -> Iterator[Markup]:
    for name in names:
        yield text(name, _x(name, names), TOP - 20, anchor="middle", class_="head")
        yield rule(_x(name, names), TOP - 12, _x(name, names), height - 6, "life")


def _step(step: Step, y: float, names: Sequence[str]) -> Iterator[Markup]:
    start = _x(column(step.origin), names)
    label = f"{step.number} {step.message}".strip()
    ends = dict.fromkeys(_x(column(each), names) for each in step.recipients)
    away = [end for end in ends if end != start]
    if len(away) < len(ends) or not ends:
        yield tag("circle", cx=start, cy=y, r=4, class_="tip")
    yield from (part for end in away for part in _arrow(start, end, y))
    beside = start - COLUMN if start == _x(names[-1], names) else start + COLUMN
    yield text(label, (start + (away[0] if away else beside)) / 2, y - 5, anchor="middle")


def _arrow(start: float, end: float, y: float) -> Iterator[Markup]:
    way = 1 if end > start else -1
    yield rule(start, y, end - 6 * way, y, "way")
    yield tag("path", d=f"M{end:g} {y:g}L{end - 8 * way:g} {y - 4:g}V{y + 4:g}Z", class_="tip")
