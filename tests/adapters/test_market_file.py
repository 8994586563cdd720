"""The market file: what it says is taken exactly, and what it cannot say is refused with the place and a suggestion."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from adapters.market_file import MarketSettings, read_market
from gateway.areas import OPEN_END, BalancingArea, Cooperation, Exchange, Membership, Outage
from gateway.errors import Misconfigured
from gateway.identifiers import AreaId, PartyId
from gateway.market import (
    Area,
    Border,
    CapacityFallback,
    CounterActivation,
    Gates,
    GuaranteedVolume,
    MarketDefinition,
    Pricing,
)
from gateway.model import Activation, Direction, Party, Reserve, Role
from gateway.time import CENTRAL_EUROPE, QUARTER_HOUR, Interval, Resolution
from profiles.markets import AcknowledgementStyle

OPERATOR = '[operator]\nid = "10X1001A1001A38Y"\n'
NO1, NO2 = AreaId("10YNO-1--------2", "A01"), AreaId("10YNO-2--------T", "A01")

EVERYTHING = """
[operator]
id = "10X1001A1001A38Y"
role = "reserve allocator"

[market]
profile = "nordic_no"
overlay = "nbm"
quirks = ["nbm_inclusive_anywhere"]
acknowledgement_style = "nordic"
reserve = "aFRR"
activation = "direct"
resolution = "PT1H"
currency = "NOK"
domain = "10YNO-1--------2"
closed = true
capacity_fallback = "static"
pricing = "welfare first"
counter_activation = "volume first"
price_cap = 9_999.5
price_step = "0.1"
quantity_step = 1
time_zone = "Europe/Oslo"

[gates]
bids = "PT25M"
needs = "PT12M"
clearing = "PT10M"
orders = "PT7M30S"

[[areas]]
id = "10YNO-1--------2"
name = "NO1"
operator = "A10:5790000432752"

[[areas]]
id = "10YNO-2--------T"

[[borders]]
from = "10YNO-1--------2"
to = "10YNO-2--------T"
forward_mw = 100
backward_mw = 12.25
loss_factor = 0.03

[[guaranteed]]
areas = ["10YNO-1--------2", "10YNO-2--------T"]
direction = "up"
quantity_mw = 250.5
"""


def complaints(text: str) -> list[str]:
    """Return what is wrong with *text*, one line each."""
    with pytest.raises(ExceptionGroup) as caught:
        read_market(text)
    assert all(isinstance(error, Misconfigured) for error in caught.value.exceptions)
    return [str(error) for error in caught.value.exceptions]


def test_the_operator_alone_gives_the_defaults() -> None:
    operator = Party(PartyId("10X1001A1001A38Y", "A01"), Role.MARKET_OPERATOR)
    settings = read_market(OPERATOR)
    assert settings == MarketSettings(market=MarketDefinition(operator=operator))
    assert settings.zone is CENTRAL_EUROPE


def test_every_key_reaches_its_place() -> None:
    assert read_market(EVERYTHING) == MarketSettings(
        market=MarketDefinition(
            operator=Party(PartyId("10X1001A1001A38Y", "A01"), Role.RESERVE_ALLOCATOR),
            reserve=Reserve.AFRR,
            activation=Activation.DIRECT,
            resolution=Resolution(seconds=Decimal(3600)),
            currency="NOK",
            domain=NO1,
            areas=(
                Area(id=NO1, name="NO1", operator=PartyId("5790000432752", "A10")),
                Area(id=NO2, name="10YNO-2--------T"),
            ),
            borders=(
                Border(
                    from_area=NO1,
                    to_area=NO2,
                    forward_mw=Decimal(100),
                    backward_mw=Decimal("12.25"),
                    loss_factor=Decimal("0.03"),
                ),
            ),
            closed=True,
            fallback=CapacityFallback.STATIC,
            gates=Gates(
                bids=timedelta(minutes=25),
                needs=timedelta(minutes=12),
                clearing=timedelta(minutes=10),
                orders=timedelta(minutes=7, seconds=30),
            ),
            pricing=Pricing.WELFARE_FIRST,
            counter_activation=CounterActivation.VOLUME_FIRST,
            price_cap=Decimal("9999.5"),
            price_step=Decimal("0.1"),
            quantity_step=Decimal(1),
            guaranteed=(GuaranteedVolume(areas=(NO1, NO2), direction=Direction.UP, quantity_mw=Decimal("250.5")),),
        ),
        profile="nordic_no",
        overlay="nbm",
        quirks=("nbm_inclusive_anywhere",),
        style=AcknowledgementStyle.NORDIC,
        zone=ZoneInfo("Europe/Oslo"),
    )


def test_a_number_with_a_point_is_exact() -> None:
    market = read_market(OPERATOR + "[market]\nprice_step = 0.1\n").market
    assert market.price_step == Decimal("0.1")


REFUSED: Mapping[str, tuple[str, str]] = {
    "no TOML": ("[operator", "market.toml: expected a TOML text, found Expected ']'"),
    "no operator": ("", "market.toml: operator: expected this key, found nothing"),
    "a misspelt table": (OPERATOR + "[gate]", "market.toml: gate: expected 'gates', found an unknown key"),
    "a misspelt key": (OPERATOR + "[market]\npricecap = 1", "market.pricecap: expected 'price_cap', found an unknown"),
    "a key in an array": (
        OPERATOR + '[[areas]]\nid = "10YNO-2--------T"\nnmae = "NO2"',
        "areas[1].nmae: expected 'name', found an unknown key",
    ),
    "a key like no other": (OPERATOR + "colour = 1", "operator.colour: expected one of id, role"),
    "a wrong check character": ('[operator]\nid = "10X1001A1001A38Z"', "expected an EIC with check character Y"),
    "an area for a party": ('[operator]\nid = "10YNO-2--------T"', "expected an EIC of type X"),
    "no party at all": ("[operator]\nid = 7", "expected an EIC of 16 characters"),
    "a role nobody has": ('[operator]\nid = "10X1001A1001A38Y"\nrole = "king"', "'system operator', 'trans"),
    "a style nobody has": (
        OPERATOR + '[market]\nacknowledgement_style = "terse"',
        "acknowledgement_style: expected 'entsoe_detailed' or 'nordic', found 'terse'",
    ),
    "a currency in small letters": (OPERATOR + '[market]\ncurrency = "eur"', "three capital letters"),
    "a text for a switch": (OPERATOR + '[market]\nclosed = "yes"', "closed: expected true or false, found 'yes'"),
    "a switch for a number": (OPERATOR + "[market]\nprice_cap = true", "price_cap: expected a number, found true"),
    "a text for a number": (OPERATOR + '[market]\nprice_cap = "high"', "price_cap: expected a number, found 'high'"),
    "no number": (OPERATOR + "[market]\nprice_cap = nan", "price_cap: expected a finite number"),
    "a cap of nothing": (OPERATOR + "[market]\nprice_cap = 0", "price_cap: expected greater than 0, found 0"),
    "a number for a duration": (OPERATOR + "[gates]\nbids = 45", "gates.bids: expected an xs:duration"),
    "a calendar duration": (OPERATOR + '[gates]\nbids = "P1D"', "expected hours, minutes and seconds"),
    "gates in the wrong order": (OPERATOR + '[gates]\nbids = "PT1M"', "gates: expected bids, needs, clearing and"),
    "an unknown zone": (OPERATOR + '[market]\ntime_zone = "Mars"', "time_zone: expected an IANA time zone"),
    "a zone that is a path": (OPERATOR + '[market]\ntime_zone = "../../x"', "time_zone: expected an IANA time zone"),
    "a text for a list": (OPERATOR + '[market]\nquirks = "a"', "quirks: expected a list, found 'a'"),
    "a number for a text": (OPERATOR + "[market]\nprofile = 7", "profile: expected a text in quotes, found 7"),
    "a table for a list": (OPERATOR + "[borders]\nx = 1", "market.toml: borders: expected a list"),
    "a number for a table": ("areas = [7]\n" + OPERATOR, "market.toml: areas[1]: expected a table, found 7"),
    "a negative capacity": (
        OPERATOR + '[[borders]]\nfrom = "10YNO-1--------2"\nto = "10YNO-2--------T"\nforward_mw = -1',
        "borders[1].forward_mw: expected greater than or equal to 0, found -1",
    ),
    "a guarantee of nothing": (
        OPERATOR + '[[guaranteed]]\nareas = ["10YNO-1--------2"]\ndirection = "up"\nquantity_mw = 0',
        "guaranteed[1].quantity_mw: expected greater than 0, found 0",
    ),
    "a guarantee nowhere": (
        OPERATOR + '[[guaranteed]]\nareas = []\ndirection = "up"\nquantity_mw = 1',
        "guaranteed[1].areas: expected ",
    ),
    "a guarantee both ways": (
        OPERATOR + '[[guaranteed]]\nareas = ["10YNO-1--------2"]\ndirection = "up and down"\nquantity_mw = 1',
        "guaranteed[1].direction: expected ",
    ),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    assert any(said in line for line in complaints(text)), complaints(text)


def test_all_mistakes_are_told_at_once() -> None:
    told = complaints('[market]\nprofil = "x"\nprice_cap = 0\n[gates]\nbids = "soon"\n')
    assert [line.split(":")[1].strip() for line in told] == [
        "operator",
        "market.price_cap",
        "market.profil",
        "gates.bids",
    ]


AREAS = OPERATOR + '[[areas]]\nid = "10YNO-1--------2"\n[[areas]]\nid = "10YNO-2--------T"\n'


def test_a_border_joins_two_areas_of_the_file() -> None:
    border = '[[borders]]\nfrom = "{}"\nto = "{}"\n'
    assert read_market(AREAS + border.format(NO1.value, NO2.value)).market.borders[0].to_area == NO2
    assert complaints(AREAS + border.format(NO1.value, NO1.value)) == [
        "market.toml: borders[1].to: expected another area than from, found 10YNO-1--------2"
    ]
    assert complaints(AREAS + border.format(NO1.value, "10YNO-3--------J")) == [
        "market.toml: borders[1].to: expected one of the areas of this file, found 10YNO-3--------J"
    ]


def test_a_guarantee_is_for_areas_of_the_file() -> None:
    volume = '[[guaranteed]]\nareas = ["{}", "10YNO-2--------T"]\ndirection = "down"\nquantity_mw = 1\n'
    (kept,) = read_market(AREAS + volume.format(NO1.value)).market.guaranteed
    assert (kept.areas, kept.direction) == ((NO1, NO2), Direction.DOWN)
    assert complaints(AREAS + volume.format("10YNO-3--------J")) == [
        "market.toml: guaranteed[1].areas: expected areas of this file, found 10YNO-3--------J, 10YNO-2--------T"
    ]


def test_an_area_stands_once() -> None:
    assert complaints(AREAS + '[[areas]]\nid = "10YNO-1--------2"') == [
        "market.toml: areas[3].id: expected each area once, found 10YNO-1--------2"
    ]


COOPERATION = (
    AREAS
    + """
[[cobas]]
name = "north"
exchanges = ["mFRR", "imbalance netting"]
[[cobas]]
name = "all"
[[memberships]]
area = "10YNO-1--------2"
coba = "north"
since = 2027-01-14T01:00:00+01:00
[[outages]]
areas = ["10YNO-1--------2", "10YNO-2--------T"]
start = 2027-01-14T10:00:00Z
end = 2027-01-14T12:00:00Z
[[outages]]
areas = ["10YNO-2--------T"]
start = 2027-01-15T00:00:00Z
"""
)


def test_who_clears_with_whom_stands_in_the_file() -> None:
    def at(day: int, hour: int) -> datetime:
        return datetime(2027, 1, day, hour, tzinfo=UTC)

    assert read_market(OPERATOR).cooperation is None
    assert read_market(COOPERATION).cooperation == Cooperation(
        memberships=(Membership(area=NO1, coba="north", since=at(14, 0)),),
        resolution=QUARTER_HOUR,
        outages=(
            Outage(areas=frozenset({NO1, NO2}), interval=Interval(at(14, 10), at(14, 12))),
            Outage(areas=frozenset({NO2}), interval=Interval(at(15, 0), OPEN_END)),
        ),
        cobas=(
            BalancingArea(name="north", exchanges=frozenset({Exchange.MANUAL_RESTORATION, Exchange.NETTING})),
            BalancingArea(name="all"),
        ),
    )


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("01:00:00+01:00", "01:00:00", "memberships[1].since: expected an instant with its offset, such as"),
        ("2027-01-14T01:00:00+01:00", '"now"', "memberships[1].since: expected an instant with its offset, such as"),
        (
            "01:00:00+01:00",
            "01:05:00+01:00",
            "memberships: expected a border of the PT15M grid, found 2027-01-14 00:05",
        ),
        ("T12:00:00Z", "T09:00:00Z", "outages: expected a start before the end, found 2027-01-14T10:00Z/"),
        ("T12:00:00Z", "T12:01:00Z", "outages: expected a border of the PT15M grid"),
        ('["10YNO-2--------T"]', "[]", "outages[2].areas: expected"),
        ('coba = "north"', 'coba = "south"', "memberships: expected one of all, north, found south"),
        ('name = "all"', 'name = "north"', "cobas: expected each CoBA once"),
        ('exchanges = ["mFRR", "imbalance netting"]', "exchanges = []", "cobas[1].exchanges: expected"),
        ('"mFRR", "imb', '"electricity", "imb', "cobas[1].exchanges[1]: expected 'RR', 'mFRR', 'imbalance netting'"),
        ('area = "10YNO-1--------2"', 'area = "10YNO-3--------J"', "memberships[1].area: expected one of the areas"),
    ],
)
def test_a_cooperation_that_cannot_be_is_told_with_its_place(right: str, wrong: str, said: str) -> None:
    assert right in COOPERATION
    told = complaints(COOPERATION.replace(right, wrong, 1))
    assert any(line.startswith(f"market.toml: {said}") for line in told), told


def test_a_file_of_another_name_is_named_in_complaints() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        read_market("", "north.toml")
    assert str(caught.value.exceptions[0]).startswith("north.toml: operator")
