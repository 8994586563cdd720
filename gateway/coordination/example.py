"""A small system on which every scheme ends differently: two transmission buses, two feeders, ten resources.

At T1 10 MW are missing, at H1 4 MW; D2 has 2 MW too many, which raises w(D2) to 1.14 where 1.10 is allowed. A MW at D1
raises it by 0.02, at D2 by 0.04; nothing else in the networks is near a limit.

By hand, in EUR/h: without limits of feeders E2 3 MW at 20, E1 5 MW at 30 and G1 4 MW at 50 cost 410 and break w(D1) and
w(D2). With them, E4 down 1 MW at -18 and G1 13 MW at 50 cost 668. An operator of F1 for itself takes E3 down 2 MW at
-8, and G1 14 MW at 50 make 716. If each feeder keeps its schedule, E3 16, H1u 4 MW at 90 and G1 10 MW at 50 make 876.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.clearing.example import bid, number
from gateway.clearing.nodal.market import NodalMarket
from gateway.coordination.system import CoordinatedSystem
from gateway.network.model import Feeder, Line, Network, Section, Transmission

_BASE_MVA = Decimal(10)
_OFFERS = (
    # id, bus, direction, MW, price per MWh
    ("G1", "T1", "up", 20, 50),
    ("G1d", "T1", "down", 20, 30),
    ("G2", "T2", "up", 20, 70),
    ("G2d", "T2", "down", 20, 25),
    ("E1", "D1", "up", 5, 30),
    ("E2", "D2", "up", 3, 20),
    ("E3", "D1", "down", 4, -8),
    ("E4", "D2", "down", 3, -18),
    ("E5", "D1", "up", 4, 60),
    ("H1u", "H1", "up", 6, 90),
)
_TRADES = (("BRPX", "T2", "down", 3, 55), ("BRPY", "T1", "up", 2, 40))
_INJECTIONS_MW = {"T1": -6, "D1": -3, "D2": 5, "H1": -8}


def _section(parent: str, child: str, impedance_pu: float, limit_mva: int) -> Section:
    z_pu = number(impedance_pu)
    return Section(
        id=f"{parent}-{child}", parent=parent, child=child, r_pu=z_pu, x_pu=z_pu, limit_mva=Decimal(limit_mva)
    )


def _feeder(name: str, interface: str, *sections: Section) -> Feeder:
    return Feeder(
        id=name,
        interface=interface,
        root=sections[0].parent,
        sections=sections,
        w_min=Decimal("0.9025"),
        w_max=Decimal("1.1"),
        base_mva=_BASE_MVA,
    )


_NETWORK = Network(
    transmission=Transmission(
        buses=("T1", "T2"),
        lines=(Line(id="T1-T2", from_bus="T1", to_bus="T2", x_pu=Decimal("0.1"), limit_mw=Decimal(100)),),
        reference="T1",
        base_mva=_BASE_MVA,
    ),
    feeders=(
        _feeder("F1", "T2", _section("D0", "D1", 0.1, 10), _section("D1", "D2", 0.1, 8)),
        _feeder("F2", "T1", _section("H0", "H1", 0.02, 12)),
    ),
)

SMALL = CoordinatedSystem(
    market=NodalMarket(
        network=_NETWORK,
        bids=tuple(bid(name, "A", direction, mw, price) for name, _, direction, mw, price in _OFFERS),
        buses={name: bus for name, bus, *_ in _OFFERS},
        injections_mw={bus: Decimal(mw) for bus, mw in _INJECTIONS_MW.items()},
    ),
    trades=tuple(bid(name, "A", direction, mw, price) for name, _, direction, mw, price in _TRADES),
    trade_buses={name: bus for name, bus, *_ in _TRADES},
    schedules_mw={"F1": Decimal(0), "F2": Decimal(-4)},
)
"""The system; its feeders agreed to export 0 and to import 4 MW."""
