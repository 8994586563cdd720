"""A nodal market small enough for a sheet of paper: a triangle of three buses with one feeder on it.

All lines have 1000 MW per radian, so that of a MW from N to S two thirds go straight and one third over M; NS may carry
20 MW. The feeder R-E-G hangs on M: a MW injected at E raises w by 0.02 at E and G, at G by 0.02 and 0.04; a Mvar raises
it by 0.04 everywhere below R. 50 MW are missing at S, 5 too many are at N, 3 are missing at M and 1 at G.

By hand: e1 stops at w_E = 1.1 with 3.5 MW; m1 is full; n1 fills NS with 20.25 MW; s1 gives the rest and sets 70 at S.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gateway.clearing.example import bid
from gateway.clearing.nodal.market import NodalMarket
from gateway.network.model import Feeder, Line, Network, Section, Thermal, Transmission

TENTH, HALF = Decimal("0.1"), Decimal("0.5")
BIDS = (
    ("e1", "E", "up", 4, 30),
    ("g1", "G", "down", 3, 10),
    ("g2", "G", "up", 6, 40),
    ("m1", "M", "up", 10, 35),
    ("n1", "N", "up", 60, 20),
    ("s1", "S", "up", 60, 70),
)


def triangle(limit_mw: int = 20) -> Transmission:
    """Return three buses and three equal lines, of which NS has a limit."""
    lines = tuple(
        Line(id=f"{a}{b}", from_bus=a, to_bus=b, x_pu=TENTH, limit_mw=Decimal(limit_mw) if a + b == "NS" else None)
        for a, b in ("NS", "NM", "MS")
    )
    return Transmission(buses=("N", "S", "M"), lines=lines, reference="S")


def feeder(thermal: Thermal = Thermal.SEPARATE) -> Feeder:
    """Return the feeder R-E-G, limited to 5 MVA in its first section."""
    first = Section(id="RE", parent="R", child="E", r_pu=TENTH, x_pu=2 * TENTH, limit_mva=Decimal(5))
    second = Section(id="EG", parent="E", child="G", r_pu=TENTH, x_pu=Decimal(0))
    bounds = {"w_min": Decimal("0.9"), "w_max": Decimal("1.1")}
    return Feeder(id="F", interface="M", root="R", sections=(first, second), thermal=thermal, **bounds)


def hand_market(*leave_out: str, **changes: object) -> NodalMarket:
    """Return the market without the bids named, and with other fields."""
    kept = [each for each in BIDS if each[0] not in leave_out]
    market = NodalMarket(
        network=Network(transmission=triangle(), feeders=(feeder(),)),
        bids=tuple(bid(name, "A", direction, mw, price) for name, _, direction, mw, price in kept),
        buses={name: bus for name, bus, *_ in kept},
        injections_mw={"N": Decimal(5), "S": Decimal(-50), "M": Decimal(-3), "G": Decimal(-1)},
        injections_mvar={"G": -HALF},
        tan_phi={"e1": HALF} if "e1" not in leave_out else {},
    )
    return replace(market, **changes)  # type: ignore[arg-type]  # one field or the other
