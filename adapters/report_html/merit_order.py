"""The picture of a merit order: bids as steps by price, the need as a line, the clearing price.

Bids of one direction stand side by side, best price first: each is as wide as its MW and as high as
its price. Accepted MW are filled, the rest is outlined, and what nobody may use is hatched. Up bids
rise in price; down bids fall, because there the provider pays. Far outliers would press all others
flat, so both axes end a little beyond what matters and say in words what is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.figures import Figures, plain
from adapters.report_html.svg import Corners, Scale, boxes, picture, rule, tag, text
from gateway.identifiers import AreaId
from gateway.model import ZERO, Direction
from gateway.results import Award, Fate, ServedNeed

WIDTH, HEIGHT = 540.0, 290.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 72.0, WIDTH - 12.0, 42.0, HEIGHT - 44.0
_MOST_POWER, _MOST_PRICE = 4, Decimal("2.5")
"""An axis ends at the latest at so many times what matters on it."""

_DENSE = 50
"""From so many bids on, their bars are drawn without outlines."""

UNUSABLE = frozenset({Fate.BLOCKED, Fate.UNAVAILABLE, Fate.WITHHELD, Fate.NO_PRICE, Fate.OUT_OF_SCOPE})
"""Fates of bids that never competed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bid in the merit order: from ``start_mw`` on, ``offered_mw`` wide."""

    bid_id: str
    area: AreaId
    price: Decimal
    start_mw: Decimal
    offered_mw: Decimal
    accepted_mw: Decimal
    usable: bool

    @property
    def end_mw(self) -> Decimal:
        """Where the next bid begins."""
        return self.start_mw + self.offered_mw


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritOrder:
    """The bids and needs of one direction in one price zone."""

    direction: Direction
    steps: tuple[Step, ...]
    needs: tuple[ServedNeed, ...]
    clearing_price: Decimal | None
    currency: str
    unpriced: int = 0

    @property
    def offered_mw(self) -> Decimal:
        """MW of all bids drawn."""
        return self.steps[-1].end_mw if self.steps else ZERO

    @property
    def accepted_mw(self) -> Decimal:
        """MW accepted of all bids drawn."""
        return sum((step.accepted_mw for step in self.steps), ZERO)

    @property
    def requested_mw(self) -> Decimal:
        """MW of all needs."""
        return sum((need.requested_mw for need in self.needs), ZERO)


def merit_order(
    direction: Direction,
    awards: Iterable[Award],
    needs: Iterable[ServedNeed],
    clearing_price: Decimal | None,
    currency: str,
) -> MeritOrder:
    """Put the bids of *direction* in order: best price first, then those accepted, then by id."""
    own = [award for award in awards if award.direction is direction]
    priced = [(award.bid_price, award) for award in own if award.bid_price is not None]
    priced.sort(key=lambda pair: (pair[0] * direction.sign, pair[1].quantity_mw == ZERO, pair[1].bid_id, pair[1].area))
    steps: list[Step] = []
    for price, award in priced:
        steps.append(
            Step(
                bid_id=award.bid_id,
                area=award.area,
                price=price,
                start_mw=steps[-1].end_mw if steps else ZERO,
                offered_mw=award.offered_mw,
                accepted_mw=award.quantity_mw,
                usable=award.fate not in UNUSABLE,
            )
        )
    wanted = tuple(need for need in needs if need.direction is direction)
    return MeritOrder(
        direction=direction,
        steps=tuple(steps),
        needs=wanted,
        clearing_price=clearing_price,
        currency=currency,
        unpriced=len(own) - len(priced),
    )


def draw(order: MeritOrder, title: str, figures: Figures) -> Markup:
    """Return the picture of *order*."""
    along, up = _power_scale(order), _price_scale(order)
    content = [
        *_axes(along, up, order.currency),
        *_bars(order.steps, along, up),
        rule(_LEFT, up(ZERO), _RIGHT, up(ZERO), "axis"),
        *_need_line(order, along, up, figures),
        *_price_line(order, up, figures),
    ]
    return picture(WIDTH, HEIGHT, title, description(order, figures), content)


def description(order: MeritOrder, figures: Figures) -> str:
    """Say in words what the picture shows."""
    said = [
        f"{len(order.steps)} bids offer {figures.power(order.offered_mw)} MW",
        f"{figures.power(order.accepted_mw)} MW are accepted",
        f"{figures.power(order.requested_mw)} MW are needed here",
    ]
    if order.clearing_price is not None:
        said.append(f"the clearing price is {figures.price(order.clearing_price)} {order.currency}/MWh")
    return "; ".join(said) + "." + cut_off(order, figures)


def cut_off(order: MeritOrder, figures: Figures) -> str:
    """Say what lies beyond the axes or has no place in the picture; nothing where all is drawn."""
    along, up = _power_scale(order), _price_scale(order)
    beyond = order.offered_mw - Decimal(repr(along.high))
    outside = sum(not up.low <= step.price <= up.high for step in _in_sight(order))
    said = []
    if beyond > 0:
        said.append(f"{figures.power(beyond)} MW of further bids lie to the right of the picture")
    if outside:
        said.append(f"{outside} bids have prices beyond its upper or lower edge")
    if order.unpriced:
        said.append(f"{order.unpriced} bids without a price are not drawn")
    return " " + "; ".join(said) + "." if said else ""


def _power_scale(order: MeritOrder) -> Scale:
    matters = max(
        order.accepted_mw, order.requested_mw, max((s.end_mw for s in order.steps if s.accepted_mw), default=ZERO)
    )
    end = min(order.offered_mw, matters * _MOST_POWER) if matters else order.offered_mw
    return Scale(0, float(max(end, matters, Decimal("0.001"))) * 1.04, _LEFT, _RIGHT)


def _in_sight(order: MeritOrder) -> list[Step]:
    """Return the bids that begin before the right edge of the picture."""
    edge = _power_scale(order).high
    return [step for step in order.steps if step.start_mw < edge]


def _price_scale(order: MeritOrder) -> Scale:
    steps = _in_sight(order)
    prices = sorted((float(step.price) for step in steps), key=abs)
    accepted = sorted((float(step.price) for step in steps if step.accepted_mw), key=abs)
    matters = [] if order.clearing_price is None else [float(order.clearing_price)]
    matters += prices[len(prices) // 2 : len(prices) // 2 + 1]
    # A few dear bids that are accepted among many may be cut off, too.
    matters += accepted[len(accepted) * 9 // 10 :][:1]
    reach = max((abs(price) for price in matters), default=0.0) * float(_MOST_PRICE)
    shown = [price for price in prices if abs(price) <= reach] + matters
    low, high = min([0.0, *shown]), max([0.0, *shown])
    margin = (high - low) * 0.08 or 1.0
    return Scale(low - margin if low < 0 else 0.0, high + margin, _BOTTOM, _TOP)


def _axes(along: Scale, up: Scale, currency: str) -> Iterable[Markup]:
    for tick in up.ticks():
        yield rule(_LEFT, up(tick), _RIGHT, up(tick), "grid")
        yield text(plain(tick), _LEFT - 6, up(tick) + 4, anchor="end", class_="tick")
    for tick in along.ticks(8):
        yield rule(along(tick), _BOTTOM, along(tick), _BOTTOM + 4, "axis")
        yield text(plain(tick), along(tick), _BOTTOM + 17, anchor="middle", class_="tick")
    yield text("MW offered, best price first", (_LEFT + _RIGHT) / 2, HEIGHT - 8, anchor="middle", class_="label")
    yield text(f"{currency}/MWh", _LEFT - 6, _TOP - 12, anchor="end", class_="label")


def _bars(steps: Sequence[Step], along: Scale, up: Scale) -> Iterable[Markup]:
    zero = up(ZERO)
    accepted: list[Corners] = []
    rest: list[Corners] = []
    unusable: list[Corners] = []
    for step in steps:
        left, border, right = along(step.start_mw), along(step.start_mw + step.accepted_mw), along(step.end_mw)
        top, bottom = sorted((up(step.price), zero))
        # A bid at a price near zero would vanish.
        top = min(top, bottom - 1)
        if border > left:
            accepted.append((left, top, border, bottom))
        if right > border:
            (rest if step.usable else unusable).append((border, top, right, bottom))
    # Between very narrow bars, lines would be all that is seen.
    dense = " dense" if len(steps) > _DENSE else ""
    yield boxes(rest, f"bid rest{dense}")
    yield boxes(unusable, f"bid unusable{dense}")
    yield boxes(accepted, f"bid accepted{dense}")


def _need_line(order: MeritOrder, along: Scale, up: Scale, figures: Figures) -> Iterable[Markup]:
    """Draw the need as a demand curve: upright where it is inelastic, with a step at each limit price."""
    if not order.requested_mw:
        return
    sign = order.direction.sign
    first, last = (up.high, up.low) if sign > 0 else (up.low, up.high)
    total = sum((need.requested_mw for need in order.needs if need.limit_price is None), ZERO)
    path = f"M{along(total):.1f} {up(first):.1f}"
    limited = [(need.limit_price, need.requested_mw) for need in order.needs if need.limit_price is not None]
    for limit, requested_mw in sorted(limited, key=lambda pair: pair[0] * -sign):
        total += requested_mw
        path += f"V{up(limit):.1f}H{along(total):.1f}"
    yield tag("path", d=f"{path}V{up(last):.1f}", class_="need")
    place = along(total)
    # Text that begins near the right edge would run out of the picture.
    anchor = "end" if place > _RIGHT - 120 else "middle" if place > _LEFT + 60 else "start"
    yield text(f"need {figures.power(total)} MW", place, _TOP - 26, anchor=anchor, class_="mark")
    yield rule(place, _TOP - 22, place, _TOP, "need stem")


def _price_line(order: MeritOrder, up: Scale, figures: Figures) -> Iterable[Markup]:
    if order.clearing_price is None:
        return
    height = up(order.clearing_price)
    yield rule(_LEFT, height, _RIGHT, height, "price")
    words = f"{figures.price(order.clearing_price)} {order.currency}/MWh"
    yield text(words, _RIGHT - 4, height - 5 if height > _TOP + 14 else height + 15, anchor="end", class_="mark")
