"""Elements of a picture: the few lines that every drawing needs.

Pictures are drawn as values by pure functions. They carry classes instead of colours, so that one style
sheet serves the light and the dark theme and no ``style`` attribute is needed, which a strict Content
Security Policy would block. Every text is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

Attribute = str | float | None

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle."""


def tag(name: str, *children: Markup | str, **attributes: Attribute) -> Markup:
    """Return one element; ``class_`` and ``font_size`` become ``class`` and ``font-size``.

    A child that is no `Markup` is escaped. An attribute of None is left out.

    >>> tag("text", "<b>", x=1.0, class_="axis", y=None)
    Markup('<text x="1" class="axis">&lt;b&gt;</text>')
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else _short(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = Markup("").join(children)
    # Built from escaped parts only.
    return Markup(f"<{name}{written}>{content}</{name}>") if content else Markup(f"<{name}{written}/>")  # noqa: S704


def picture(width: float, height: float, title: str, description: str, content: Iterable[Markup]) -> Markup:
    """Return a picture that says in words what it shows, to those who do not see it."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", description),
        *content,
        role="img",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
    )


def standalone(drawing: Markup, style: Markup) -> bytes:
    """Return a picture as a file of its own, with the style sheet that its classes need."""
    head, rest = drawing.split(">", 1)
    opened = Markup(f'{head} xmlns="http://www.w3.org/2000/svg"><style>')  # noqa: S704 - parts of our own picture
    return (opened + style + Markup("</style>") + Markup(rest)).encode()  # noqa: S704 - as above


def text(words: str, x: float, y: float, *, anchor: str | None = None, class_: str | None = None) -> Markup:
    """Return *words* at a point; ``anchor`` is ``middle`` or ``end``."""
    return tag("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def rule(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """Return a straight line."""
    return tag("path", d=f"M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}", class_=class_)


def boxes(corners: Iterable[Corners], class_: str) -> Markup:
    """Return rectangles as one path, or nothing where there are none.

    One path for hundreds of rectangles keeps a page small.
    """
    outline = "".join(
        f"M{_short(left)} {_short(top)}H{_short(right)}V{_short(bottom)}H{_short(left)}Z"
        for left, top, right, bottom in corners
    )
    return tag("path", d=outline, class_=class_) if outline else Markup("")


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from values to places on the page."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float | Decimal) -> float:
        """Return the place of *value*, kept within the scale."""
        share = (float(value) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))

    def ticks(self, about: int = 6) -> tuple[Decimal, ...]:
        """Return round values that cut the scale into about so many parts.

        >>> [str(tick) for tick in Scale(0, 130, 0, 1).ticks()]
        ['0', '25', '50', '75', '100', '125']
        """
        step = round_step((self.high - self.low) / about)
        first = (Decimal(repr(self.low)) / step).to_integral_value(rounding="ROUND_CEILING")
        count = int((Decimal(repr(self.high)) / step - first).to_integral_value(rounding="ROUND_FLOOR")) + 1
        return tuple((first + at) * step for at in range(count))


def round_step(length: float) -> Decimal:
    """Return the 1, 2, 2.5 or 5 times a power of ten that is next above *length*.

    >>> [str(round_step(length)) for length in (0.03, 1, 21, 300)]
    ['0.05', '1', '25', '500']
    """
    wanted = Decimal(repr(length))
    power = Decimal(1).scaleb(wanted.adjusted())
    steps = (
        Decimal(f"{factor * power:f}") for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
    )
    return next(step for step in steps if step >= wanted)


def _short(value: Attribute) -> str:
    """Return numbers to a tenth of a pixel, without zeros that say nothing."""
    # Adding zero turns a negative zero into a positive one.
    return value if isinstance(value, str) else f"{round(value or 0.0, 1) + 0.0:g}"
