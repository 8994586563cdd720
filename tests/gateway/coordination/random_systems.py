"""Random small systems by number: the same number is the same system, so that a finding can be looked at again.

Two or three transmission buses in a chain or ring, one or two feeders below them, resources at most buses, and a state
that was balanced before forecasts changed: schedules sum to zero at every interface, deviations do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from gateway.clearing.example import bid
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.system import CoordinatedSystem
from gateway.model import Bid
from gateway.network.model import Feeder, Line, Network, Section, Transmission

BASE_MVA = Decimal(10)
RESISTANCES = (Decimal("0.02"), Decimal("0.05"), Decimal("0.1"))
REACTANCES = (Decimal("0.1"), Decimal("0.2"))
LINE_LIMITS = (Decimal(4), Decimal(8), Decimal(100))


@dataclass
class _Drawn:
    """What has been drawn of a system so far."""

    random: Random
    bids: list[Bid] = field(default_factory=list)
    buses: dict[str, str] = field(default_factory=dict)
    injections: dict[str, Decimal] = field(default_factory=dict)
    schedules: dict[str, Decimal] = field(default_factory=dict)

    def offer(self, bus: str, direction: str, mw: int, prices: tuple[int, int]) -> None:
        """Offer up to *mw* at a price in a range."""
        name = f"{bus}-{direction}"
        self.bids.append(bid(name, "A", direction, mw, self.random.randint(*prices)))
        self.buses[name] = bus

    def top(self) -> Transmission:
        """Draw the transmission network, with a lot on offer."""
        count = self.random.randint(2, 3)
        for at in range(count):
            self.offer(f"T{at}", "up", 40, (40, 90))
            self.offer(f"T{at}", "down", 40, (0, 35))
            self.injections[f"T{at}"] = Decimal(self.random.randint(-12, 8))
        pairs = [(at, at + 1) for at in range(count - 1)]
        if count > 2 and self.random.random() < 1 / 2:
            pairs.append((0, 2))
        lines = tuple(
            Line(
                id=f"{a}-{b}",
                from_bus=f"T{a}",
                to_bus=f"T{b}",
                x_pu=self.random.choice(REACTANCES),
                limit_mw=self.random.choice(LINE_LIMITS),
            )
            for a, b in pairs
        )
        buses = tuple(f"T{at}" for at in range(count))
        return Transmission(buses=buses, lines=lines, reference="T0", base_mva=BASE_MVA)

    def feeder(self, name: str, interface: str) -> Feeder:
        """Draw a small tree, its schedule and deviation, and bids of its resources."""
        sections, scheduled = [], 0
        for child in range(1, self.random.randint(2, 4)):
            bus = f"{name}N{child}"
            sections.append(
                Section(
                    id=f"s{bus}",
                    parent=f"{name}N{self.random.randint(0, child - 1)}",
                    child=bus,
                    r_pu=self.random.choice(RESISTANCES),
                    x_pu=Decimal("0.05"),
                    limit_mva=Decimal(self.random.randint(3, 12)),
                )
            )
            schedule = self.random.randint(-3, 3)
            scheduled += schedule
            self.injections[bus] = Decimal(schedule + self.random.randint(-2, 2))
            for direction, prices in (("up", (15, 99)), ("down", (-30, 25))):
                if self.random.random() < 4 / 5:
                    self.offer(bus, direction, self.random.randint(1, 6), prices)
        self.schedules[name] = Decimal(scheduled)
        self.injections[interface] -= scheduled  # the transmission network's schedule answers for it
        return Feeder(
            id=name,
            interface=interface,
            root=f"{name}N0",
            sections=tuple(sections),
            w_min=Decimal("0.9025"),
            w_max=Decimal("1.1025"),
            base_mva=BASE_MVA,
        )


def system(number: int) -> CoordinatedSystem:
    """Return the random system of that number."""
    drawn = _Drawn(Random(number))
    top = drawn.top()
    feeders = tuple(drawn.feeder(f"F{at}", drawn.random.choice(top.buses)) for at in range(drawn.random.randint(1, 2)))
    trades = (
        bid("buyer", "A", "down", drawn.random.randint(1, 5), drawn.random.randint(30, 70)),
        bid("seller", "A", "up", drawn.random.randint(1, 5), drawn.random.randint(30, 70)),
    )
    return CoordinatedSystem(
        market=NodalMarket(
            network=Network(transmission=top, feeders=feeders),
            bids=tuple(drawn.bids),
            buses=drawn.buses,
            injections_mw=drawn.injections,
        ),
        trades=trades,
        trade_buses={each.id: drawn.random.choice(top.buses) for each in trades},
        schedules_mw=drawn.schedules,
    )
