"""Who answers for a unit, and whose order it is: looked up by provider and resource, refused where it is not clear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.errors import Misconfigured
from gateway.identifiers import PartyId, ResourceId
from gateway.settlement.definition import Unit
from tests.gateway.settlement.values import BUYER, LOADS, PLANT, SUPPLIER, definition, order
from tests.market_values import EAST, OTHER_SELLER, SELLER, TSO, WEST


@pytest.mark.parametrize(
    ("provider", "responsible", "supplier", "independent"),
    [
        (SELLER.id, SELLER.id, SELLER.id, False),
        (SELLER.id, SELLER.id, SUPPLIER, True),
        (SELLER.id, SUPPLIER, SUPPLIER, False),
        (SUPPLIER, SELLER.id, SUPPLIER, False),
        (SELLER.id, OTHER_SELLER.id, SUPPLIER, True),
    ],
    ids=["all in one", "aggregator", "aggregator of the supplier", "supplier itself", "three parties"],
)
def test_a_provider_is_independent_of_a_supplier_that_it_has_nothing_to_do_with(
    provider: PartyId, responsible: PartyId, supplier: PartyId, *, independent: bool
) -> None:
    unit = replace(PLANT, provider=provider, provider_responsible=responsible, supplier=supplier)
    assert unit.independent is independent


@pytest.mark.parametrize(("unit", "meter"), [(PLANT, PLANT.resource), (LOADS, LOADS.metering_point)])
def test_a_unit_is_measured_at_its_metering_point_or_by_its_own_name(unit: Unit, meter: object) -> None:
    assert unit.meter == meter


def test_an_order_belongs_to_the_resource_that_it_names() -> None:
    second = replace(PLANT, resource=ResourceId("SECOND", "NNO"))
    roster = replace(definition(), units=(PLANT, second, LOADS)).roster()
    assert [roster.unit(order(unit)) for unit in (PLANT, second, LOADS)] == [PLANT, second, LOADS]
    assert roster.unit(replace(order(LOADS), resource=None)) == LOADS
    with pytest.raises(Misconfigured) as caught:
        roster.unit(replace(order(PLANT), resource=None))
    assert str(caught.value) == f"units: expected one unit of {SELLER.id}, found 2 of them, for bid PLANT up"


def test_the_sale_of_a_trader_belongs_to_no_unit() -> None:
    roster = replace(definition(), traders=frozenset({BUYER})).roster()
    assert roster.unit(replace(order(), provider=BUYER)) is None
    with pytest.raises(Misconfigured, match="called NNO:PLANT"):
        definition().roster().unit(replace(order(), provider=BUYER))


def test_every_area_of_the_market_has_an_operator() -> None:
    assert definition().operator(WEST) == TSO.id
    assert definition().operator(EAST) != TSO.id
