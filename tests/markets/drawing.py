"""Small markets drawn at random, every feature of the clearing mixed with every other.

A market begins plain: divisible bids, inelastic needs and a chain of borders between four areas. Each row of `FEATURES`
then changes something about it; which rows do is drawn first, so that every pair of features meets often. A number
draws the same market on every machine. Prices lie on a coarse grid, so that ties are frequent, and about half of the
markets are short of something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations
from random import Random

from gateway.clearing.example import PARTY, QUARTERS, bid, border, limit, market_of, need, unit
from gateway.clearing.market import ClearingRules, Market
from gateway.market import Pricing
from gateway.model import Activation, Availability, Bid, Block, Capacity, Condition, Limit, Link, Need, Role
from gateway.time import Interval
from gateway.units import UnitProfile

AREAS = "ABCD"
SHARE = 0.35
"""How often a feature is mixed in."""
Thing = Bid | Need | Capacity | Limit | Block | UnitProfile


@dataclass(frozen=True)
class Drawn:
    """A market, the number that drew it, and the features that are mixed in it."""

    seed: int
    features: tuple[str, ...]
    market: Market

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The features that meet, two by two."""
        return tuple(combinations(self.features, 2))


@dataclass
class Draft:
    """A market in the making."""

    random: Random
    bids: list[Bid] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    capacities: list[Capacity] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    units: list[UnitProfile] = field(default_factory=list)
    rules: ClearingRules = field(default_factory=ClearingRules)

    def coin(self, share: float = 0.5) -> bool:
        """Return True in a *share* of cases."""
        return self.random.random() < share

    def way(self) -> str:
        """Return a direction."""
        return self.random.choice(["up", "down"])

    def place(self) -> str:
        """Return the name of an area."""
        return self.random.choice(AREAS)

    def price(self) -> int:
        """Return a price per MWh that others are likely to have too."""
        return 5 * self.random.randint(-2, 20)

    def offer(self, name: str, way: str, place: str, price: int, **more: object) -> Bid:
        """Return a bid of 2 to 30 MW."""
        return bid(name, place, way, self.random.randint(2, 30), price, **more)

    def asked(self, name: str, most: int, price: int | None = None, **more: object) -> Need:
        """Return a need of up to *most* MW, more often upwards."""
        mw = self.random.choice([-1, 1, 1]) * self.random.randint(1, most)
        return need(name, self.place(), mw, price, **more)

    def change(self, changed: Callable[[Bid], Bid], share: float = 0.3) -> None:
        """Change about a *share* of the bids that have no conditions yet."""
        self.bids = [changed(each) if _plain(each) and self.coin(share) else each for each in self.bids]


def _plain(each: Bid) -> bool:
    return each.divisible and not (each.minimum_mw or each.granularity_mw or each.group or each.links)


def draw(seed: int, features: tuple[str, ...] | None = None) -> Drawn:
    """Draw a market, with these *features* or with those that the number draws."""
    random = Random(seed)
    drawn = tuple(name for name in FEATURES if random.random() < SHARE)
    mixed, draft = drawn if features is None else features, Draft(random)
    _begin(draft)
    for name in mixed:
        FEATURES[name](draft)
    made: list[Thing] = [*draft.bids, *draft.needs, *draft.capacities, *draft.limits, *draft.blocks, *draft.units]
    return Drawn(seed, mixed, market_of(*made, rules=draft.rules))


def things(market: Market) -> tuple[Thing, ...]:
    """Return everything of *market* but its rules."""
    return (*market.bids, *market.needs, *market.capacities, *market.limits, *market.blocks, *market.units)


def _begin(draft: Draft) -> None:
    draft.needs = [draft.asked(f"d{at}", 60) for at in range(2)]
    draft.bids = [
        draft.offer(f"b{at}", draft.way(), draft.place(), draft.price()) for at in range(draft.random.randint(3, 9))
    ]
    for start, end in ("AB", "BC", "CD"):
        draft.capacities += border(start, end, draft.random.randint(0, 40), draft.random.randint(0, 40))


def _minimum(draft: Draft) -> None:
    draft.change(lambda each: replace(each, minimum_mw=Decimal(draft.random.randint(1, int(each.quantity_mw)))))


def _indivisible(draft: Draft) -> None:
    draft.change(lambda each: replace(each, divisible=False))


def _granular(draft: Draft) -> None:
    draft.change(lambda each: replace(each, granularity_mw=Decimal(draft.random.choice([2, 3]))))


def _exclusive(draft: Draft) -> None:
    whole = draft.coin()
    for at in range(3):
        rival = draft.offer(f"x{at}", draft.way(), draft.place(), draft.price(), exclusive="x", divisible=whole)
        draft.bids.append(rival)


def _multipart(draft: Draft) -> None:
    way, place = draft.way(), draft.place()
    for at in range(3):
        step = draft.offer(f"m{at}", way, place, draft.price(), multipart="m", divisible=draft.coin())
        draft.bids.append(step)


def _inclusive(draft: Draft) -> None:
    way, place, price, least = draft.way(), draft.place(), draft.price(), draft.random.choice([0, 2])
    for at in range(2):
        draft.bids.append(draft.offer(f"i{at}", way, place, price, inclusive="i", minimum_mw=least))


def _elastic(draft: Draft) -> None:
    draft.needs += [draft.asked(f"e{at}", 30, draft.price()) for at in range(2)]


def _optional(draft: Draft) -> None:
    draft.needs.append(draft.asked("o", 20, draft.price(), required=False))


def _scarcity(draft: Draft) -> None:
    draft.needs.append(draft.asked("s", 300))


def _fine(draft: Draft) -> None:
    """Prices of their own, and parts of a MW."""
    tenth, cent = Decimal("0.1"), Decimal("0.01")

    def finer(each: Bid) -> Bid:
        price = (each.price or 0) + cent * draft.random.randint(0, 400)
        return replace(each, quantity_mw=each.quantity_mw + tenth * draft.random.randint(0, 9), price=price)

    draft.change(finer, 0.8)


def _products(draft: Draft) -> None:
    """A second product, with bids and a need of its own, over the same borders."""
    for at in range(3):
        draft.bids.append(draft.offer(f"r{at}", draft.way(), draft.place(), draft.price(), product="reserve"))
    draft.needs.append(draft.asked("r", 20, product="reserve"))


def _losses(draft: Draft) -> None:
    draft.capacities = [replace(each, loss_factor=Decimal("0.05")) for each in draft.capacities]


def _operators(draft: Draft) -> None:
    """A second statement of the operator at the other end of a border: the tighter one counts."""
    for each in draft.random.sample(draft.capacities, 2):
        draft.capacities.append(replace(each, id=f"{each.id}'", quantity_mw=Decimal(draft.random.randint(0, 40))))


def _limits(draft: Draft) -> None:
    """A row of a grid over some bids, sometimes with no room left."""
    names = sorted({draft.random.choice(draft.bids).id for _ in range(3)})
    counts = {name: draft.random.choice([1.0, 0.5, -0.5]) for name in names}
    draft.limits.append(limit("cable", draft.random.randint(-5, 30), **counts))


def _blocked(draft: Draft) -> None:
    """One bid blocked, another capped, by the operator of their grid."""
    for at, each in enumerate(draft.random.sample(draft.bids, 2)):
        left = Decimal(draft.random.randint(0, int(each.quantity_mw))) if at else None
        role = Role.DISTRIBUTION_SYSTEM_OPERATOR
        draft.blocks.append(Block(bid_id=each.id, requester=PARTY, requester_role=role, interval=each.interval,
                                  area=each.area, limit_mw=left))  # fmt: skip


def _direct(draft: Draft) -> None:
    """Needs of direct activation, which only some bids can serve."""
    draft.needs = [replace(each, activation=Activation.DIRECT) for each in draft.needs]
    draft.bids = [
        replace(each, activation=Activation.SCHEDULED_OR_DIRECT if draft.coin(0.8) else Activation.SCHEDULED)
        for each in draft.bids
    ]


def _periods(draft: Draft) -> None:
    """The same identifiers in the next quarter hour, at other prices."""
    draft.bids += [replace(each, interval=QUARTERS[1], price=Decimal(draft.price())) for each in _free(draft)]
    draft.needs += [replace(each, interval=QUARTERS[1]) for each in draft.needs]
    draft.capacities += [replace(each, interval=QUARTERS[1]) for each in draft.capacities]
    draft.limits += [replace(each, interval=QUARTERS[1]) for each in draft.limits]


def _free(draft: Draft) -> list[Bid]:
    """Return the bids whose price may change: members of an inclusive group have one together."""
    return [each for each in draft.bids if not each.inclusive]


def _links(draft: Draft) -> None:
    """Bids of the next quarter hour that depend on what became of a bid of this one."""
    earlier = [each for each in draft.bids if each.interval == QUARTERS[0]]
    activation = draft.needs[0].activation
    draft.needs.append(replace(draft.asked("later", 50, activation=activation), interval=QUARTERS[1]))
    for at in range(3):
        condition = draft.random.choice([*Condition])
        opens = condition.value.startswith(("available", "for direct"))
        status = Availability.CONDITIONALLY_UNAVAILABLE if opens else Availability.CONDITIONALLY_AVAILABLE
        linked = (Link(draft.random.choice(earlier).id, condition),)
        made = draft.offer(f"l{at}", draft.way(), draft.place(), draft.price(), links=linked, availability=status)
        draft.bids.append(replace(made, interval=QUARTERS[1], activation=earlier[0].activation))


def _tolerance(draft: Draft) -> None:
    """Inelastic needs that may be served beyond their size."""
    draft.needs = [
        replace(each, tolerance_mw=Decimal(draft.random.randint(1, 12))) if each.price is None else each
        for each in draft.needs
    ]


def _later(draft: Draft) -> tuple[Interval, Interval]:
    """Return two intervals, with something to be served in the second."""
    if not any(each.interval == QUARTERS[1] for each in draft.needs):
        activation = draft.needs[0].activation
        draft.needs.append(replace(draft.asked("l", 50, activation=activation), interval=QUARTERS[1]))
    return QUARTERS[0], QUARTERS[1]


def _block_bids(draft: Draft) -> None:
    """Bids of both intervals that are accepted in one ratio."""
    for name in ("k0", "k1"):
        way, place, whole = draft.way(), draft.place(), draft.coin()
        for interval in _later(draft):
            part = draft.offer(name, way, place, draft.price(), block_bid=name, divisible=not whole)
            draft.bids.append(replace(part, interval=interval, activation=draft.bids[0].activation))


def _children(draft: Draft) -> None:
    """Bids that are accepted only with another one."""
    for at in range(2):
        parent = draft.random.choice(draft.bids)
        way, place = parent.direction.value, parent.area.value
        child = draft.offer(f"c{at}", way, place, draft.price(), parent=parent.id, divisible=draft.coin())
        draft.bids.append(replace(child, interval=parent.interval, activation=parent.activation))


def _units(draft: Draft) -> None:
    """A unit in both intervals, with a ramp, an energy or a number of activations."""
    place, activation = draft.place(), draft.bids[0].activation
    for interval in _later(draft):
        for way in ("up", "down"):
            part = draft.offer(f"u{way}", way, place, draft.price(), technical_link="u")
            draft.bids.append(replace(part, interval=interval, activation=activation))
    limits: dict[str, int] = {
        "ramp_mw_per_hour": 20,
        "maximum_energy_mwh": 4,
        "maximum_activations": 1,
        "energy_mwh": 0,
    }
    name = draft.random.choice(sorted(limits))
    draft.units.append(unit("u", **{name: limits[name]}))


def _durations(draft: Draft) -> None:
    """A resource that is activated for half an hour, or rests for half an hour."""
    way, place, half_hour = draft.way(), draft.place(), 2 * QUARTERS[0].duration
    name = draft.random.choice(["minimum_duration", "resting_time"])
    for interval in _later(draft):
        more = {"technical_link": "t", name: half_hour}
        part = draft.offer("t", way, place, draft.price(), **more)
        draft.bids.append(replace(part, interval=interval, activation=draft.bids[0].activation))


def _welfare_first(draft: Draft) -> None:
    draft.rules = replace(draft.rules, pricing=Pricing.WELFARE_FIRST)


FEATURES: dict[str, Callable[[Draft], None]] = {
    "minimum": _minimum,
    "indivisible": _indivisible,
    "granularity": _granular,
    "exclusive": _exclusive,
    "multipart": _multipart,
    "inclusive": _inclusive,
    "elastic": _elastic,
    "optional": _optional,
    "scarcity": _scarcity,
    "fine": _fine,
    "products": _products,
    "losses": _losses,
    "operators": _operators,
    "limits": _limits,
    "blocked": _blocked,
    "direct": _direct,
    "periods": _periods,
    "links": _links,
    "tolerance": _tolerance,
    "block bids": _block_bids,
    "children": _children,
    "units": _units,
    "durations": _durations,
    "welfare first": _welfare_first,
}
"""What can be mixed into a market, in the order in which it is."""
