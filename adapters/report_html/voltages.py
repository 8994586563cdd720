"""The picture of the voltages along a feeder: every bus at its distance from the root, its bounds as lines.

The distance is electrical, the sum of the impedances on the way, so that the drop between two buses can be read as a
slope. The dashed line is the state before any activation. A bus whose bound is reached has a diamond and its name, one
beyond it a triangle; the lowest and the highest bus are named in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.figures import number, shortened
from adapters.report_html.network_state import Profile, Voltage
from adapters.report_html.svg import Scale, picture, rule, tag, text

WIDTH, HEIGHT = 760.0, 340.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, WIDTH - 24.0, 34.0, HEIGHT - 46.0
_MARGIN = 0.12
_LONGEST_NAME = 18
_APART = 14.0
"""Two names that are nearer than that do not both fit."""


def draw(profile: Profile, title: str) -> Markup:
    """Return the picture of *profile*."""
    along, up = _scales(profile)
    content = [
        *_axes(along, up),
        *_bounds(profile, up),
        _ways(profile, along, up, lambda each: each.before_pu, "flow idle"),
        _ways(profile, along, up, lambda each: each.voltage_pu, "flow flowing"),
        *(
            tag("circle", cx=along(v.distance_pu), cy=up(v.voltage_pu), r=3, class_="bid accepted")
            for v in profile.voltages
        ),
        *_marks(profile, along, up),
    ]
    return picture(WIDTH, HEIGHT, title, description(profile), content)


def lowest(profile: Profile) -> Voltage:
    """Return the bus of the lowest voltage."""
    return min(profile.voltages, key=lambda each: (each.voltage_pu, each.bus))


def highest(profile: Profile) -> Voltage:
    """Return the bus of the highest voltage."""
    return max(profile.voltages, key=lambda each: (each.voltage_pu, each.bus))


def description(profile: Profile) -> str:
    """Say in words what the picture shows."""
    low, high = lowest(profile), highest(profile)
    said = [
        f"{len(profile.voltages)} buses between {volts(profile.least_pu)} and {volts(profile.most_pu)} per unit",
        f"lowest {volts(low.voltage_pu)} at {low.bus}",
        f"highest {volts(high.voltage_pu)} at {high.bus}",
        *(f"{each.bus} is {state(each)}" for each in profile.voltages if state(each)),
    ]
    return "; ".join(said) + "."


def state(voltage: Voltage) -> str:
    """Return whether a bound is reached or broken, in words; nothing where there is room."""
    if voltage.excess:
        return "beyond its bound"
    return "" if voltage.shadow_price is None else "at its bound"


def volts(value: Decimal) -> str:
    """Return a voltage in per unit."""
    return number(value, 4)


def _scales(profile: Profile) -> tuple[Scale, Scale]:
    heights = [float(each) for v in profile.voltages for each in (v.before_pu, v.voltage_pu)]
    low, high = min(*heights, float(profile.least_pu)), max(*heights, float(profile.most_pu))
    room = (high - low) * _MARGIN or 0.01
    far = max(float(each.distance_pu) for each in profile.voltages) or 1.0
    return Scale(0, far * 1.03, _LEFT, _RIGHT), Scale(low - room, high + room, _BOTTOM, _TOP)


def _axes(along: Scale, up: Scale) -> Iterator[Markup]:
    for tick in up.ticks():
        yield rule(_LEFT, up(tick), _RIGHT, up(tick), "grid")
        yield text(number(tick, 3), _LEFT - 6, up(tick) + 4, anchor="end", class_="tick")
    for tick in along.ticks():
        yield rule(along(tick), _BOTTOM, along(tick), _BOTTOM + 4, "axis")
        yield text(f"{tick:f}", along(tick), _BOTTOM + 17, anchor="middle", class_="tick")
    yield rule(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "axis")
    words = "impedance from the root, per unit"
    yield text(words, (_LEFT + _RIGHT) / 2, HEIGHT - 10, anchor="middle", class_="label")
    yield text("voltage, per unit", _LEFT - 52, _TOP - 18, class_="label")


def _bounds(profile: Profile, up: Scale) -> Iterator[Markup]:
    for value, word, aside in ((profile.most_pu, "most", -6), (profile.least_pu, "least", 15)):
        yield rule(_LEFT, up(value), _RIGHT, up(value), "need")
        yield text(f"{word} {volts(value)}", _RIGHT - 4, up(value) + aside, anchor="end", class_="mark")


def _ways(profile: Profile, along: Scale, up: Scale, height: Callable[[Voltage], Decimal], class_: str) -> Markup:
    """Draw every section as a line from its parent to its child."""
    place = {each.bus: (along(each.distance_pu), up(height(each))) for each in profile.voltages}
    ends = [(place[each.parent], place[each.bus]) for each in profile.voltages if each.parent is not None]
    outline = "".join(f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" for (a, b), (c, d) in ends)
    return tag("path", d=outline, class_=class_) if outline else Markup("")


def _buses(profile: Profile, along: Scale, up: Scale) -> Iterator[Markup]:
    for each in profile.voltages:
        yield tag("circle", cx=along(each.distance_pu), cy=up(each.voltage_pu), r=3, class_="bid accepted")


def _marks(profile: Profile, along: Scale, up: Scale) -> Iterator[Markup]:
    """Draw a mark at each bound that is reached, and the names that fit."""
    flagged = [each for each in profile.voltages if state(each)]
    for each in flagged:
        x, y = along(each.distance_pu), up(each.voltage_pu)
        outline = f"M{x:.1f} {y - 8:.1f}l7 13h-14Z" if each.excess else f"M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7 -7Z"
        yield tag("path", d=outline, class_="triangle" if each.excess else "diamond")
    taken: list[tuple[float, float]] = []
    for each in dict.fromkeys((*flagged, lowest(profile), highest(profile))):
        x, y = along(each.distance_pu), up(each.voltage_pu)
        if all(abs(x - a) > 8 * _APART or abs(y - b) > _APART for a, b in taken):
            taken.append((x, y))
            yield _name(each, x, y, above=each.voltage_pu > (profile.least_pu + profile.most_pu) / 2)


def _name(voltage: Voltage, x: float, y: float, *, above: bool) -> Markup:
    words = f"{shortened(voltage.bus, _LONGEST_NAME)} {volts(voltage.voltage_pu)}"
    anchor = "end" if x > (_LEFT + _RIGHT) / 2 else "start"
    # Beside its bound, a name would stand on the words of the bound.
    return text(words, x, y + (22 if above else -12), anchor=anchor, class_="mark")
