"""What a unit can do over several intervals, and what of it is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.canonical_json import read, write
from gateway.clearing.example import PARTY, bid
from gateway.errors import InvalidValue
from gateway.model import BidSet
from gateway.units import UnitProfile


def test_a_unit_without_limits_has_none() -> None:
    unit = UnitProfile(id="U", provider=PARTY)

    limits = (unit.ramp_mw_per_hour, unit.energy_mwh, unit.maximum_energy_mwh, unit.maximum_activations)
    assert limits == (None, None, None, None)


@pytest.mark.parametrize(
    "limits",
    [
        {"ramp_mw_per_hour": Decimal(0)},
        {"energy_mwh": Decimal("-2.5")},
        {"energy_mwh": Decimal(0)},
        {"maximum_energy_mwh": Decimal(0)},
        {"maximum_activations": 0},
    ],
    ids=lambda limits: str(next(iter(limits))),
)
def test_limits_at_the_edge_are_limits(limits: dict[str, Decimal]) -> None:
    unit = UnitProfile(id="U", provider=PARTY, **limits)  # type: ignore[arg-type]  # one field or another

    assert {name: getattr(unit, name) for name in limits} == limits


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"id": ""}, "UnitProfile.id"),
        ({"ramp_mw_per_hour": Decimal(-1)}, "UnitProfile U.ramp_mw_per_hour"),
        ({"ramp_mw_per_hour": Decimal("NaN")}, "UnitProfile U.ramp_mw_per_hour"),
        ({"energy_mwh": Decimal("Infinity")}, "UnitProfile U.energy_mwh"),
        ({"maximum_energy_mwh": Decimal("-0.1")}, "UnitProfile U.maximum_energy_mwh"),
        ({"maximum_activations": -1}, "UnitProfile U.maximum_activations"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_limit_that_cannot_be_is_refused_with_its_place(fields: dict[str, object], where: str) -> None:
    named: dict[str, object] = {"id": "U", "provider": PARTY, **fields}
    with pytest.raises(InvalidValue) as caught:
        UnitProfile(**named)  # type: ignore[arg-type]  # wrong on purpose

    assert caught.value.path == where


def test_units_travel_with_the_bids_of_a_document() -> None:
    unit = UnitProfile(id="U", provider=PARTY, ramp_mw_per_hour=Decimal("12.5"), maximum_activations=2)
    message = BidSet(bids=(bid("A1", "A", "up", 5, 20, technical_link="U"),), units=(unit,))

    assert read(BidSet, write(message)) == message


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"parent": "A1"}, "Bid A1.parent"),
        ({"parent": "g", "inclusive": "g"}, "Bid A1.parent"),
        ({"multipart": "m", "block_bid": "k"}, "Bid A1.multipart"),
        ({"multipart": "m", "parent": "P"}, "Bid A1.multipart"),
    ],
    ids=["its own parent", "its group as parent", "a step in a block bid", "a step with a parent"],
)
def test_a_bid_that_hangs_on_itself_is_refused(fields: dict[str, str], where: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        bid("A1", "A", "up", 5, 20, **fields)

    assert caught.value.path == where
