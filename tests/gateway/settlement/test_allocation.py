"""Perimeters out of documents: allocated energy and own trades, with revisions, other sides and what is no trade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.measurements import MeasuredSeries, Quality, Reading, Readings, Unit
from gateway.model import Party, Role
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from gateway.settlement.allocation import told_perimeters
from gateway.settlement.case import Perimeter
from gateway.time import Interval
from profiles import parse, to_canonical, write_message
from tests.gateway.settlement.values import BUYER, SUPPLIER, D
from tests.market_values import EAST, EIGHT, OPERATOR, WEST, envelope, quarter

HOUR = Interval(EIGHT, EIGHT + timedelta(hours=1))
SUPPLIER_PARTY = Party(SUPPLIER, Role.BALANCE_RESPONSIBLE_PARTY)
BUYER_PARTY = Party(BUYER, Role.BALANCE_RESPONSIBLE_PARTY)


def allocation(*values: object, party: PartyId = SUPPLIER, unit: Unit = Unit.MEGAWATT_HOUR) -> Envelope[Message]:
    """Return the aggregated energy of *party* in the first quarters; None is a value that is missing."""
    readings = tuple(
        Reading(
            interval=quarter(at),
            value=None if value is None else D(str(value)),
            quality=Quality.NOT_AVAILABLE if value is None else None,
        )
        for at, value in enumerate(values)
    )
    series = MeasuredSeries(id="a", unit=unit, readings=readings, party=party, area=WEST)
    return replace(envelope(Readings(series=(series,)), OPERATOR), document_type="A11")


def trade(
    mw: object, seller: PartyId = BUYER, buyer: PartyId = SUPPLIER, on: Interval = HOUR, **more: object
) -> ExchangeSchedule:
    """Return a trade inside WEST."""
    told: dict[str, object] = {"kind": ExchangeKind.INTERNAL_TRADE, "from_area": WEST, "to_area": WEST, **more}
    return ExchangeSchedule(
        id=f"{seller} {buyer} {mw}",
        blocks=(PowerBlock(interval=on, power_mw=D(str(mw))),),
        from_party=seller,
        to_party=buyer,
        **told,  # type: ignore[arg-type] # fields of the schedule by name
    )


def schedule(
    *trades: ExchangeSchedule, sender: Party = SUPPLIER_PARTY, name: str = "s", revision: int = 1
) -> Envelope[Message]:
    return replace(envelope(ExchangeSchedules(exchanges=trades), sender, name), revision=revision)


def figures(letters: Iterable[Envelope[Message]]) -> list[tuple[Decimal, Decimal]]:
    return [(each.allocated_mwh, each.position_mwh) for each in told_perimeters(letters)]


def test_a_supplier_that_bought_what_its_customers_take() -> None:
    assert told_perimeters([allocation("-0.6"), schedule(trade(4))]) == (
        Perimeter(party=SUPPLIER, area=WEST, interval=quarter(), allocated_mwh=D("-0.6"), position_mwh=D(-1)),
    )


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([allocation("-0.6")], [("-0.6", "0")]),
        ([schedule(trade(4))], []),
        ([allocation("-0.6", "-0.7"), schedule(trade(4))], [("-0.6", "-1"), ("-0.7", "-1")]),
        ([allocation(None, "-0.7")], [("-0.7", "0")]),
        ([allocation("-2.4", unit=Unit.MEGAWATT)], [("-0.6", "0")]),
        ([allocation("-0.6"), allocation("-0.5")], [("-0.5", "0")]),
        ([allocation("-0.6"), schedule(trade(4), trade(2, SUPPLIER, BUYER))], [("-0.6", "-0.5")]),
    ],
    ids=["no trades", "no allocation", "two periods", "missing", "power", "later", "bought and sold"],
)
def test_what_is_allocated_against_what_was_traded(
    letters: list[Envelope[Message]], expected: list[tuple[str, str]]
) -> None:
    assert figures(letters) == [(D(allocated), D(position)) for allocated, position in expected]


def test_the_last_revision_of_a_document_lists_all_trades() -> None:
    first, second = schedule(trade(4), trade(8)), schedule(trade(6), revision=2)
    for order in ((first, second), (second, first)):
        assert figures([allocation(-1), *order]) == [(D(-1), D("-1.5"))]
    assert figures([allocation(-1), first, schedule(trade(6), name="another")]) == [(D(-1), D("-4.5"))]


def test_what_the_other_side_told_is_its_own_position() -> None:
    letters = [
        allocation(-1),
        allocation(1, party=BUYER),
        schedule(trade(4)),
        schedule(trade(5), sender=BUYER_PARTY),
    ]
    found = {each.party: each.position_mwh for each in told_perimeters(letters)}
    assert found == {SUPPLIER: D(-1), BUYER: D("1.25")}


@pytest.mark.parametrize("kind", [ExchangeKind.PRODUCTION, ExchangeKind.CONSUMPTION, ExchangeKind.OPERATOR_EXCHANGE])
def test_what_is_no_trade_makes_no_position(kind: ExchangeKind) -> None:
    assert figures([allocation(-1), schedule(trade(4, kind=kind))]) == [(D(-1), D(0))]


def test_energy_moved_between_areas_is_sold_in_one_and_bought_in_the_other() -> None:
    moved = trade(4, SUPPLIER, SUPPLIER, kind=ExchangeKind.EXTERNAL_TRADE, to_area=EAST)
    assert figures([allocation(0), schedule(moved)]) == [(D(0), D(1))]
    arrived = trade(4, SUPPLIER, SUPPLIER, kind=ExchangeKind.EXTERNAL_TRADE, from_area=EAST)
    assert figures([allocation(0), schedule(arrived)]) == [(D(0), D(-1))]


def test_only_energy_of_a_party_in_an_area_is_allocated() -> None:
    letter = allocation(-1)
    assert isinstance(letter.message, Readings)
    (own,) = letter.message.series
    for other in (
        replace(own, party=None), replace(own, area=None), replace(own, to_area=AreaId("x", "A01")),
    ):  # fmt: skip
        assert told_perimeters([replace(letter, message=Readings(series=(other,)))]) == ()
    assert told_perimeters([replace(letter, document_type="A10")]) == ()


def test_documents_say_it_on_the_wire_too() -> None:
    letters = [to_canonical(parse(write_message(one)))[0] for one in (allocation("-0.6"), schedule(trade(4)))]
    assert figures(letters) == [(D("-0.6"), D(-1))]


@given(st.lists(st.tuples(st.decimals(0, 500, places=1), st.integers(0, 3), st.booleans()), max_size=6))
def test_positions_of_both_sides_of_all_trades_cancel(drawn: list[tuple[Decimal, int, bool]]) -> None:
    made = tuple(
        replace(trade(mw, *((SUPPLIER, BUYER) if sells else (BUYER, SUPPLIER)), on=quarter(at)), id=str(number))
        for number, (mw, at, sells) in enumerate(drawn)
    )
    letters = [
        allocation(0, 0, 0, 0),
        allocation(0, 0, 0, 0, party=BUYER),
        schedule(*made),
        schedule(*made, sender=BUYER_PARTY),
    ]
    assert sum(each.position_mwh for each in told_perimeters(letters)) == 0
