"""Nodal markets that cannot be cleared are refused, and parts of one are markets themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.clearing.example import QUARTERS, bid
from gateway.clearing.nodal.market import feeder_alone, transmission_alone
from gateway.errors import InvalidValue
from tests.gateway.clearing.nodal.systems import market_of_two_feeders


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"buses": {}}, "a bus of the network"),
        ({"injections_mw": {"Z": Decimal(1)}}, "names of the market, found Z"),
        ({"injections_mvar": {"Z": Decimal(1)}}, "names of the market, found Z"),
        ({"tan_phi": {"Z": Decimal(1)}}, "names of the market, found Z"),
        ({"committed_mw": {"Z": Decimal(1)}}, "names of the market, found Z"),
        ({"committed_mw": {"E4": Decimal(4)}}, "a commitment within 3 MW, found 4"),
        ({"price_cap": Decimal(80)}, "a price within ±80, found 90"),
    ],
)
def test_what_cannot_be_is_refused(reference_data: Path, change: dict[str, object], expected: str) -> None:
    market = market_of_two_feeders(reference_data)

    with pytest.raises(InvalidValue, match=expected):
        replace(market, **change)  # type: ignore[arg-type]  # the table mixes fields


def test_bids_are_of_one_interval_and_have_names_of_their_own(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)
    later = replace(bid("late", "A", "up", 1, 1), interval=QUARTERS[1])

    with pytest.raises(InvalidValue, match="of all bids"):
        replace(market, bids=(*market.bids, later), buses={**market.buses, "late": "T1"})
    with pytest.raises(InvalidValue, match="every identifier once"):
        replace(market, bids=(*market.bids, market.bids[0]))
    with pytest.raises(InvalidValue, match="found None"):
        replace(market, bids=(replace(market.bids[0], price=None),))


def test_a_feeder_alone_keeps_what_is_in_it(reference_data: Path) -> None:
    market = replace(market_of_two_feeders(reference_data), tan_phi={"E1": Decimal(1), "G1": Decimal(1)})

    alone = feeder_alone(market, "F1")
    assert {each.id for each in alone.bids} == {"E1", "E2", "E3", "E4", "E5"} == set(alone.buses)
    assert alone.injections_mw == {"D1": -3, "D2": 5}
    assert alone.tan_phi == {"E1": 1}
    assert alone.network.buses == ("T2", "D0", "D1", "D2")
    with pytest.raises(InvalidValue, match="the feeder, found F9"):
        feeder_alone(market, "F9")


def test_the_transmission_network_alone_sees_feeders_as_injections(reference_data: Path) -> None:
    market = market_of_two_feeders(reference_data)
    offer = bid("offer", "A", "up", 1, 2)

    alone = transmission_alone(market, {"F1": Decimal(1), "F2": Decimal(-8)}, {"F1": (offer,)})
    assert alone.injections_mw == {"T1": -6 - 8, "T2": 1}
    assert alone.buses == {"G1": "T1", "G1d": "T1", "G2": "T2", "G2d": "T2", "offer": "T2"}
    assert alone.network.feeders == ()
