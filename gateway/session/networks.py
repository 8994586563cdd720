"""Clearings of a network: the steps of a session decided by the engine of `gateway.coordination`.

The orders of the session take their place in a system that is known beforehand: each bid at its bus, each stated
volume D as an injection of -D at the bus of its area, so that needs and forecasts are one picture; a need with a price
is an order to buy where the scheme has buyers. Only freely divisible bids take part. The course of the scheme is run
again from its first clearing to the one that is asked for, which gives the same decisions as before; what it adds is
the result of the step. Blocks of the session are caps; the check itself is left to the distribution operators.

An award is settled at the price of its bus. Prices are told by bus, an area of the scheme ``bus``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gateway.clearing.outcome import award
from gateway.coordination.course import Course
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.identifiers import AreaId
from gateway.model import ZERO, Bid, Direction, Need
from gateway.results import Award, ClearingPrice, ClearingResult, Fate, ServedNeed
from gateway.schemes import HandUp, JointClearing, PostCheck, Scheme
from gateway.session.clearings import Clearing, Situation

BUS = "bus"
"""Coding scheme of a bus where an area is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What is known of the network before the session.

    ``system``: the networks, the injections without any need, and the bus of every bid that may come. ``areas``: the
    bus at which the needs of an area stand. ``switches``: what the scheme leaves to the operators.
    """

    system: CoordinatedSystem
    areas: Mapping[AreaId, str]
    switches: Switches = field(default_factory=Switches)


def by_network(scheme: Scheme, grid: Grid) -> Mapping[int, Clearing]:
    """Return the clearing of each step of *scheme* in which volumes are decided, on *grid*."""
    steps = [rule.step for rule in scheme.clearings if not isinstance(rule, HandUp | PostCheck)]
    return {step: _bound(step, grid) for step in steps}


def _bound(step: int, grid: Grid) -> Clearing:
    return lambda situation: _cleared(step, grid, situation)


def _cleared(step: int, grid: Grid, situation: Situation) -> ClearingResult:
    """Return what *step* adds to the course of the scheme."""
    placed = tuple(bid for bid in situation.book.bids if _has_place(grid, bid))
    if not placed:
        return ClearingResult(awards=(), needs=tuple(_needs(grid, situation, None)), prices=(), flows=())
    before = course = Course(
        scheme=situation.scheme, system=_with_orders(grid, situation, placed), switches=grid.switches
    )
    caps = {block.bid_id: block.limit_mw or ZERO for block in situation.book.blocks}
    for rule in situation.scheme.clearings:
        if isinstance(rule, PostCheck) or rule.step > step:
            continue
        before = course
        course = course.jointly(rule, caps) if isinstance(rule, JointClearing) else course.after(rule)
    return ClearingResult(
        awards=tuple(_awards(step, situation, before, course)),
        needs=tuple(_needs(grid, situation, course)),
        prices=tuple(_prices(course, placed[0])),
        flows=(),
        welfare=-sum((decision.cost for decision in course.decisions if decision.step == step), ZERO),
        currency=situation.market.currency,
    )


def _has_place(grid: Grid, bid: Bid) -> bool:
    """Whether *bid* can take part: freely divisible, with a price, at a bus that is known."""
    market = grid.system.market
    free = not (bid.least_mw or bid.granularity_mw or bid.group or bid.links or bid.parent or bid.block_bid)
    return free and bid.price is not None and abs(bid.price) <= market.price_cap and bid.id in market.buses


def _is_purchase(need: Need, situation: Situation) -> bool:
    """Whether *need* competes at its price: in a scheme with buyers, where it states one."""
    buyers = any(isinstance(rule, JointClearing) and rule.buyers for rule in situation.scheme.clearings)
    return buyers and need.price is not None


def _with_orders(grid: Grid, situation: Situation, placed: tuple[Bid, ...]) -> CoordinatedSystem:
    """Return the system in which the orders of the session take part."""
    market, injections = grid.system.market, dict(grid.system.market.injections_mw)
    needs = [need for need in situation.book.needs if need.area in grid.areas]
    for need in needs:
        bus = grid.areas[need.area]
        if not _is_purchase(need, situation):
            injections[bus] = injections.get(bus, ZERO) - need.direction.sign * need.quantity_mw
    bought = [need for need in needs if _is_purchase(need, situation)]
    buses = {bid.id: market.buses[bid.id] for bid in placed}
    return replace(
        grid.system,
        market=replace(market, bids=placed, buses=buses, injections_mw=injections),
        trades=tuple(_purchase(need, placed[0]) for need in bought),
        trade_buses={need.id: grid.areas[need.area] for need in bought},
    )


def _purchase(need: Need, sample: Bid) -> Bid:
    """Return *need* as the order that takes its energy out of the network: to buy upward is to inject less."""
    direction = Direction.DOWN if need.direction is Direction.UP else Direction.UP
    return replace(
        sample, id=need.id, provider=need.buyer, direction=direction, quantity_mw=need.quantity_mw, price=need.price
    )


def _awards(step: int, situation: Situation, before: Course, course: Course) -> Iterator[Award]:
    """Yield what the step adds to each bid, at the price at which it was bought."""
    bought = {each.bid_id: each.price for each in course.purchases if each.step == step}
    buses = course.system.market.buses
    for bid in situation.book.bids:
        quantity = course.accepted_mw.get(bid.id, ZERO) - before.accepted_mw.get(bid.id, ZERO)
        at_bus = course.prices.get(buses.get(bid.id, ""))
        price = bought.get(bid.id, at_bus.price if at_bus else None)
        fate = _fate(bid, quantity, price, placed=bid.id in buses)
        reason = f"Step {step} accepts {quantity} MW at bus {buses.get(bid.id, 'none')}."
        yield award(bid, quantity, price, fate, reason)


def _fate(bid: Bid, quantity_mw: Decimal, price: Decimal | None, *, placed: bool) -> Fate:
    if not placed:
        return Fate.OUT_OF_SCOPE
    if quantity_mw:
        return Fate.ACCEPTED if quantity_mw == bid.quantity_mw else Fate.PARTLY_ACCEPTED
    gain = bid.direction.sign * ((price or ZERO) - (bid.price or ZERO))
    return Fate.LIMITED if gain > ZERO else Fate.AT_THE_MARGIN if not gain else Fate.OUT_OF_THE_MONEY


def _needs(grid: Grid, situation: Situation, course: Course | None) -> Iterator[ServedNeed]:
    """Yield how far each need is met: what is missing at its bus is missing to it."""
    for need in situation.book.needs:
        bus = grid.areas.get(need.area, "")
        missing = need.quantity_mw if course is None else _missing(need, bus, situation, course)
        at_bus = course.prices.get(bus) if course else None
        yield ServedNeed(
            need_id=need.id,
            buyer=need.buyer,
            area=need.area,
            direction=need.direction,
            interval=need.interval,
            requested_mw=need.quantity_mw,
            served_mw=need.quantity_mw - min(need.quantity_mw, max(ZERO, missing)),
            price=at_bus.price if at_bus else None,
            limit_price=need.price,
            currency=need.currency,
            reserve=need.reserve,
        )


def _missing(need: Need, bus: str, situation: Situation, course: Course) -> Decimal:
    """Return the MW of *need* that are not served; below 0 or above its quantity where its bus lacks other power."""
    if _is_purchase(need, situation):
        return need.quantity_mw - course.accepted_mw.get(need.id, ZERO)
    return need.direction.sign * course.missing_mw.get(bus, ZERO)


def _prices(course: Course, sample: Bid) -> Iterator[ClearingPrice]:
    for bus, price in sorted(course.prices.items()):
        yield ClearingPrice(
            area=AreaId(bus, BUS),
            interval=sample.interval,
            price=price.price,
            lowest=price.lowest,
            highest=price.highest,
            currency=sample.currency,
            reserve=sample.reserve,
        )
