"""The settlement file: defaults, every table, and complaints that name place, expected and found."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from adapters import settlement_file
from adapters.settlement_file import SettlementSettings, read_settlement
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.market import Area, MarketDefinition
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.case import InterfaceAward, InterfaceSchedule, NettedImbalance, Perimeter
from gateway.settlement.definition import Grid, SettlementDefinition, Substitute, Unit
from gateway.settlement.history import Calendar
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.orders import EnergyShape, Shape
from gateway.settlement.payments import PaymentTerms, VolumeBasis
from tests.conftest import ROOT
from tests.market_values import DSO, EAST, EIGHT, OPERATOR, SELLER, TSO, WEST, quarter

D = Decimal
UNIT = """
[[units]]
resource = "NNO:PLANT"
provider = "A10:7080000000012"
operator = "10X1001A1001A38Y"
grid = "transmission"
baseline = "schedule"
"""
FULL = f"""
scheme = "shared"
traders = ["A10:7080000000012"]

[terms]
basis = "lesser of requested and delivered"
penalty_per_mwh = 12.50
compensation_price = 45
make_whole = true
substitute = "nothing delivered"
shape = "trapezoid"
exchange_shape = "trapezoid"
ramp = "PT5M"

[baseline]
highest = 4
days = 5
cap = 0.1
time_zone = "Europe/Oslo"
window = "PT2H"
holidays = [2027-01-01]
{UNIT}
provider_responsible = "A10:7080000000029"
supplier = "A10:7080000000005"
metering_point = "A10:707057500000000018"
event_days = [2027-01-13, 2027-01-12]

[[operators]]
area = "10YNO-2--------T"
operator = "10X1001A1001A38Y"

[[perimeters]]
party = "A10:7080000000012"
area = "10YNO-2--------T"
start = 2027-01-14T09:00:00+01:00
allocated_mwh = -0.6
position_mwh = -1

[[imbalance_prices]]
area = "10YNO-2--------T"
start = 2027-01-14T08:00:00Z
duration = "PT15M"
shortage = 60
surplus = 20

[[interface_awards]]
area = "10YNO-2--------T"
start = 2027-01-14T08:00:00Z
distributor = "A10:7080000000005"
injection_mw = 2
price = 52

[[interface_schedules]]
area = "10YNO-2--------T"
start = 2027-01-14T08:00:00Z
distributor = "A10:7080000000005"
meter = "NNO:INTERFACE"
export_mw = 8

[[netted]]
operator = "10X1001A1001A38Y"
start = 2027-01-14T08:00:00Z
energy_mwh = 30
value = 60

[[cost_key]]
party = "A10:7080000000005"
weight = 68

[[rent_key]]
party = "10X1001A1001A38Y"
weight = 1

[[exporter_shares]]
between = ["A10:7080000000005", "10X1001A1001A38Y"]
share = 0.4
"""


def test_an_empty_file_says_the_defaults() -> None:
    assert read_settlement("") == SettlementSettings(definition=SettlementDefinition(scheme="", operators={}))


def test_a_unit_answers_for_itself_unless_told() -> None:
    (unit,) = read_settlement(UNIT).definition.units
    assert unit == Unit(
        resource=ResourceId("PLANT", "NNO"),
        provider=SELLER.id,
        provider_responsible=SELLER.id,
        supplier=SELLER.id,
        operator=TSO.id,
        grid=Grid.TRANSMISSION,
        baseline=BaselineMethod.SCHEDULE,
    )
    assert not unit.independent


def test_who_answers_for_the_provider_supplies_the_unit_unless_told() -> None:
    (unit,) = read_settlement(UNIT + 'provider_responsible = "A10:7080000000029"\n').definition.units
    assert unit.supplier == unit.provider_responsible == PartyId("7080000000029", "A10")


def test_every_key_is_read() -> None:
    found = read_settlement(FULL)
    assert found.scheme == "shared"
    definition = found.definition
    assert definition.traders == {SELLER.id}
    assert definition.operators == {WEST: TSO.id}
    assert definition.terms == PaymentTerms(basis=VolumeBasis.LESSER, penalty_per_mwh=D("12.50"))
    assert definition.exchange_shape == EnergyShape(shape=Shape.TRAPEZOID, ramp=timedelta(minutes=5))
    assert definition.shape == EnergyShape(shape=Shape.TRAPEZOID, ramp=timedelta(minutes=5))
    assert (definition.compensation_price, definition.make_whole, definition.substitute) == (
        D(45), True, Substitute.NOTHING,
    )  # fmt: skip
    terms = definition.baseline
    assert (terms.highest, terms.days, terms.cap) == (4, 5, D("0.1"))
    assert terms.calendar == Calendar(
        zone=ZoneInfo("Europe/Oslo"), holidays=frozenset({date(2027, 1, 1)}), window=timedelta(hours=2)
    )
    (unit,) = definition.units
    assert (unit.supplier, unit.metering_point) == (DSO.id, MeteringPointId("707057500000000018", "A10"))
    assert unit.event_days == {date(2027, 1, 12), date(2027, 1, 13)}
    assert unit.independent
    assert definition.exporter_shares == {f"{TSO.id}-{DSO.id}": D("0.4")}


def test_every_table_of_periods_and_keys_is_read() -> None:
    found, on = read_settlement(FULL), quarter()
    assert on.start == EIGHT
    assert found.perimeters == (
        Perimeter(party=SELLER.id, area=WEST, interval=on, allocated_mwh=D("-0.6"), position_mwh=D(-1)),
    )
    assert found.imbalance_prices == (ImbalancePrice(area=WEST, interval=on, shortage=D(60), surplus=D(20)),)
    assert found.interface_awards == (
        InterfaceAward(distributor=DSO.id, area=WEST, interval=on, injection_mw=D(2), price=D(52)),
    )
    meter = ResourceId("INTERFACE", "NNO")
    assert found.interface_schedules == (
        InterfaceSchedule(distributor=DSO.id, area=WEST, interval=on, meter=meter, export_mw=D(8)),
    )
    assert found.netted == (NettedImbalance(operator=TSO.id, interval=on, energy_mwh=D(30), value=D(60)),)
    assert (found.cost_key, found.rent_key) == ({DSO.id: D(68)}, {TSO.id: D(1)})


def test_what_the_file_leaves_open_is_that_of_the_result() -> None:
    areas = tuple(Area(id=area, name="", operator=OPERATOR.id) for area in (WEST, EAST))
    market = MarketDefinition(operator=OPERATOR, currency="NOK", areas=(*areas, Area(id=AreaId("x", "y"), name="")))
    found = read_settlement('[[operators]]\narea = "10YNO-2--------T"\noperator = "10X1001A1001A38Y"\n')
    complete = found.complete("local", market)
    assert complete.operators == {WEST: TSO.id, EAST: OPERATOR.id}
    assert (complete.scheme, complete.currency) == ("local", "NOK")
    assert read_settlement(FULL).complete("local", market).scheme == "shared"


def complaints(text: str) -> list[str]:
    with pytest.raises(ExceptionGroup) as caught:
        read_settlement(text)
    return [str(error) for error in caught.value.exceptions]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[terms]\nbases = 1\n", "terms.bases: expected 'basis', found an unknown key"),
        ("[terms]\npenalty_per_mwh = -1\n", "terms.penalty_per_mwh: expected greater than or equal to 0, found -1"),
        ('[terms]\nramp = "soon"\n', "terms.ramp: expected an xs:duration that is not negative, such as PT15M, found 'soon'"),
        (UNIT.replace("NNO:PLANT", ""), "units[1].resource: expected a value and a coding scheme"),
        (UNIT.replace('grid = "transmission"\n', ""), "units[1].grid: expected this key, found nothing"),
        (UNIT * 2, "units: expected each resource once, found NNO:PLANT"),
        ("[baseline]\nhighest = 11\n", "baseline.highest: expected at most 10, the days, found 11"),
        (
            '[[perimeters]]\nparty = "A10:7080000000012"\narea = "10YNO-2--------T"\nstart = 2027-01-14T08:00:00\n',
            "perimeters[1].start: expected an instant with its offset, such as 2027-01-14T10:00:00Z",
        ),
        (
            '[[exporter_shares]]\nbetween = ["10X1001A1001A38Y"]\nshare = 1\n',
            "exporter_shares[1].between: expected Tuple should have at least 2 items",
        ),
        ("scheme = ", "settlement.toml: expected a TOML text"),
    ],
    ids=["key", "penalty", "ramp", "resource", "missing", "twice", "more than all", "naive", "one end", "no TOML"],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, complaint: str) -> None:
    (told,) = complaints(text)
    assert complaint in told


def test_all_complaints_are_told_at_once() -> None:
    assert len(complaints("[terms]\nbases = 1\n[baseline]\nday = 3\n")) == 2


# ---- the page


def rows() -> list[str]:
    page = (ROOT / "docs" / "reference" / "settlement-file.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)


def keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def test_every_key_of_the_file_has_its_row_on_the_page_and_no_other_has() -> None:
    tables = {name: model for name, model in settlement_file._TABLES.items() if name}
    wanted = [key for key in keys(settlement_file._File) if key not in tables]
    wanted += [key for model in tables.values() for key in keys(model)]
    assert sorted(rows()) == sorted(wanted)


def test_the_page_has_a_section_for_each_table() -> None:
    page = (ROOT / "docs" / "reference" / "settlement-file.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## `\[+(\w+)\]+`$", page, re.MULTILINE)
    assert sections == [name for name in settlement_file._TABLES if name]


def test_the_example_of_the_page_is_read() -> None:
    page = (ROOT / "docs" / "reference" / "settlement-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(read_settlement(example).definition.units) == 1
