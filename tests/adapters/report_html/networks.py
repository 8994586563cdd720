"""A small nodal market for the tests of its page: two buses, a full line, and a feeder with a full section."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adapters.report_html.network_page import NetworkReport
from gateway.clearing.example import bid
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from profiles.grid.matpower import read_case
from profiles.grid.matpower_feeder import to_feeder, with_feeder
from profiles.grid.matpower_network import to_dispatch
from tests.profiles.grid.feeder_case import FORK, TOP

BLANK = bid("blank", "area", "up", 1, 0)


def top_alone(*, limit: int = 15, load: int = 20) -> NodalMarket:
    """Return the transmission case: 60 MW at 20, a line, and at its other end a load and 60 MW at 50."""
    case, _ = read_case(
        TOP.replace(" 15 0 0 0 0 1 -30", f" {limit} 0 0 0 0 1 -30").replace("2 1 20", f"2 1 {load}").encode()
    )
    return to_dispatch(case, BLANK)[0].market


def with_fork(**changes: Any) -> NodalMarket:  # noqa: ANN401 - fields of a feeder
    """Return it with the feeder below bus 2; *changes* are fields of the feeder."""
    below, _ = to_feeder(read_case(FORK.encode())[0], "F", "2", BLANK)
    return with_feeder(top_alone(), replace(below, feeder=replace(below.feeder, **changes)))


def report(market: NodalMarket, *remarks: str) -> NetworkReport:
    """Return what the page of *market* is made from."""
    result = clear_nodal(market)
    return NetworkReport(title="Nodal market two", market=market, result=result, cost=result.cost, remarks=remarks)
