"""Balancing_MarketDocument: the clearing prices of areas and products, element by element."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.identifiers import AreaId, PartyId
from gateway.model import Party, Reserve, Role
from gateway.results import ClearingPrice, ClearingPrices
from gateway.time import Interval, market_day
from profiles import balancing, parse, write, write_message
from profiles.balancing import FinancialPrice
from profiles.cases.edits import changed
from profiles.parts import Reason
from tests.profiles.documents.messages import (
    Change,
    in_edition,
    meaning,
    opened,
    period,
    refusal,
    refused,
    reported,
    source,
    with_periods,
)
from tests.wire_values import changed as exchanged

PRICES = source("balancing", "4.5/own-two-areas")
EDITIONS = {edition.name: edition for edition in balancing.EDITIONS}
FINLAND, SE3 = AreaId("10YFI-1--------U", "A01"), AreaId("10Y1001A1001A46L", "A01")
START = datetime(2026, 3, 28, 23, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = Interval(START, START + 4 * QUARTER)


def slot(number: int) -> Interval:
    """Return the quarter hour that starts *number* quarters after the day of the change of clock does."""
    return Interval(START + number * QUARTER, START + (number + 1) * QUARTER)


def price(number: int, amount: str, lowest: str, highest: str) -> ClearingPrice:
    """Return the price of upward aFRR in Finland in one slot."""
    return ClearingPrice(
        area=FINLAND,
        interval=slot(number),
        price=Decimal(amount),
        lowest=Decimal(lowest),
        highest=Decimal(highest),
        product="energy up",
        reserve=Reserve.AFRR,
    )


SWEDISH = ClearingPrice(
    area=SE3,
    interval=HOUR,
    price=Decimal("512.75"),
    lowest=Decimal(500),
    highest=Decimal(520),
    currency="SEK",
    reserve=Reserve.AFRR,
)
FIRST, NEGATIVE, NOUGHT = price(0, "45.5", "45", "46"), price(1, "-3", "-3", "0.25"), price(3, "0", "0", "0")
LETTER = Envelope(
    id="prices-1",
    document_type="B24",
    process="A51",
    reserve=Reserve.AFRR,
    sender=Party(PartyId("10X1001A1001A418", "A01"), Role.MARKET_OPERATOR),
    receiver=Party(PartyId("10X1001A1001A264", "A01"), Role.INFORMATION_RECEIVER),
    created=START - QUARTER,
    period=HOUR,
    domain=FINLAND,
    message=ClearingPrices(prices=(FIRST, NEGATIVE, NOUGHT, SWEDISH)),
)


def letter(*prices: ClearingPrice, **head: object) -> Envelope[ClearingPrices]:
    """Return a letter about aFRR that leaves open all that follows from its prices."""
    bare = exchanged(LETTER, document_type=None, process=None, period=None, domain=None)
    return exchanged(bare, message=ClearingPrices(prices=prices), **head)


def prices(*edits: tuple[str, ...]) -> tuple[ClearingPrice, ...]:
    """Return the prices of the message after some changes."""
    return meaning(changed(PRICES, edits), ClearingPrices)[0].prices


# ------------------------------------------------------------------------------------------------ what a message means
def test_prices_mean_what_their_elements_say() -> None:
    found, report = opened(PRICES)
    assert dataclasses.replace(found, edition=None, digest=None) == LETTER
    assert (report.findings, report.assumptions, report.losses) == ((), (), ())


@pytest.mark.parametrize("name", ["own-two-areas", "own-clearing-prices"])
def test_what_a_message_means_is_written_as_the_same_bytes(name: str) -> None:
    data = source("balancing", f"4.5/{name}")
    assert write_message(opened(data)[0]) == data


RESERVES = [("A97", Reserve.MFRR), ("A96", Reserve.AFRR), ("A98", Reserve.RR), ("A95", Reserve.FCR)]


@pytest.mark.parametrize(("code", "reserve"), RESERVES)
def test_the_business_type_is_the_reserve(code: str, reserve: Reserve) -> None:
    found = prices(("set", "TimeSeries[2]/businessType", code))[-1]
    assert found == dataclasses.replace(SWEDISH, reserve=reserve)
    assert balancing.from_canonical(letter(found)).series[0].business_type == code


@pytest.mark.parametrize(
    ("code", "product", "written"),
    [("A01", "energy up", "A01"), ("A02", "energy down", "A02"), ("A03", "energy", None)],
)
def test_a_direction_makes_the_product(code: str, product: str, written: str | None) -> None:
    found = prices(("set", "TimeSeries[1]/flowDirection.direction", code))[0]
    assert found == dataclasses.replace(FIRST, product=product)
    assert balancing.from_canonical(letter(found)).series[0].direction == written


def test_without_a_direction_the_product_is_energy() -> None:
    assert prices(("drop", "TimeSeries[1]/flowDirection.direction"))[0].product == "energy"


@pytest.mark.parametrize(
    ("dropped", "area"),
    [
        ([], SE3),
        (["TimeSeries[2]/acquiring_Domain.mRID"], SE3),
        (["TimeSeries[2]/connecting_Domain.mRID"], SE3),
        (["TimeSeries[2]/connecting_Domain.mRID", "TimeSeries[2]/acquiring_Domain.mRID"], FINLAND),
        (["area_Domain.mRID"], SE3),
    ],
    ids=["both", "connecting", "acquiring", "the head's", "no head's"],
)
def test_the_area_is_the_connecting_one_else_the_acquiring_one_else_the_heads(dropped: list[str], area: AreaId) -> None:
    assert prices(*(("drop", tag) for tag in dropped))[-1] == dataclasses.replace(SWEDISH, area=area)


def test_the_connecting_area_goes_before_the_acquiring_one() -> None:
    assert prices(("set", "TimeSeries[2]/acquiring_Domain.mRID", "10YNO-1--------2"))[-1].area == SE3


@pytest.mark.parametrize(
    ("dropped", "lowest", "highest"),
    [
        (["min"], "512.75", "520"),
        (["max"], "500", "512.75"),
        (["min", "max"], "512.75", "512.75"),
    ],
)
def test_where_a_bound_is_missing_it_is_the_price(dropped: list[str], lowest: str, highest: str) -> None:
    found = prices(*(("drop", f"TimeSeries[2]/Period/Point/{bound}_Price.amount") for bound in dropped))[-1]
    assert found == dataclasses.replace(SWEDISH, lowest=Decimal(lowest), highest=Decimal(highest))


def test_a_curve_of_variable_blocks_repeats_its_price() -> None:
    rows = [f"{at}:<activation_Price.amount>{amount}</activation_Price.amount>" for at, amount in ((1, 7), (3, 8))]
    data = with_periods(
        changed(PRICES, [("set", "TimeSeries[1]/curveType", "A03")]), "TimeSeries", period(HOUR, "PT15M", *rows)
    )
    found = meaning(changed(data, [("drop", "TimeSeries[2]")]), ClearingPrices)[0].prices
    assert [int(one.price) for one in found] == [7, 7, 8, 8]
    assert [one.interval for one in found] == [slot(number) for number in range(4)]
    assert [(one.lowest, one.highest) for one in found] == [(one.price, one.price) for one in found]


DAYS = [(date(2026, 3, 29), 92), (date(2026, 6, 1), 96), (date(2026, 10, 25), 100)]


@pytest.mark.parametrize(("day", "slots"), DAYS)
def test_a_day_of_prices_has_as_many_quarter_hours_as_the_clock_shows(day: date, slots: int) -> None:
    whole = market_day(day)
    rows = [f"<activation_Price.amount>{at}</activation_Price.amount>" for at in range(slots)]
    data = changed(with_periods(PRICES, "TimeSeries", period(whole, "PT15M", *rows)), [("drop", "TimeSeries[2]")])
    message, report = meaning(data, ClearingPrices)
    assert [int(one.price) for one in message.prices] == list(range(slots))
    assert (message.prices[0].interval.start, message.prices[-1].interval.end) == (whole.start, whole.end)
    assert report.assumptions == (f"{slots} prices without bounds: the price itself",)
    (series,) = balancing.from_canonical(letter(*message.prices)).series
    ((start, end, resolution, points),) = [
        (one.interval.start, one.interval.end, one.resolution, one.points) for one in series.periods
    ]
    assert (start, end, resolution) == (whole.start, whole.end, "PT15M")
    assert [point.position for point in points] == list(range(1, slots + 1))


def test_a_series_without_periods_has_no_prices() -> None:
    assert prices(("drop", "TimeSeries[1]/Period[2]"), ("drop", "TimeSeries[1]/Period[1]")) == (SWEDISH,)


@pytest.mark.parametrize("change", refused("balancing"), ids=str)
def test_what_has_no_meaning_is_refused_with_its_place(change: Change) -> None:
    assert refusal(change.data) == change.refusal


@pytest.mark.parametrize("change", reported("balancing"), ids=str)
def test_what_is_assumed_or_dropped_is_reported(change: Change) -> None:
    message, report = meaning(change.data, ClearingPrices)
    assert [one.price for one in message.prices] == [one.price for one in LETTER.message.prices]
    assert (report.assumptions, report.losses) == (change.assumptions, change.losses)


# ---------------------------------------------------------------------------------------------------- what is written
def test_a_series_is_one_area_product_currency_and_reserve() -> None:
    sent = (
        FIRST,
        dataclasses.replace(FIRST, product="energy down"),
        dataclasses.replace(FIRST, currency="NOK"),
        dataclasses.replace(FIRST, reserve=Reserve.RR),
        dataclasses.replace(FIRST, area=SE3),
        NEGATIVE,
    )
    written = balancing.from_canonical(letter(*sent)).series
    rows: list[object] = [
        (one.id, one.business_type, one.direction, one.currency, one.connecting_domain and one.connecting_domain.value)
        for one in written
    ]
    assert rows == [
        ("1", "A96", "A01", "EUR", FINLAND.value),
        ("2", "A96", "A02", "EUR", FINLAND.value),
        ("3", "A96", "A01", "NOK", FINLAND.value),
        ("4", "A98", "A01", "EUR", FINLAND.value),
        ("5", "A96", "A01", "EUR", SE3.value),
    ]
    assert [len(one.periods[0].points) for one in written] == [2, 1, 1, 1, 1]
    assert {(one.curve_type, one.price_unit) for one in written} == {("A01", "MWH")}


def test_slots_are_written_in_the_order_of_time_and_a_gap_starts_a_period() -> None:
    (series,) = balancing.from_canonical(letter(NOUGHT, NEGATIVE, FIRST)).series
    found = [
        (one.interval.start, one.resolution, [(point.position, str(point.activation_price)) for point in one.points])
        for one in series.periods
    ]
    assert found == [
        (START, "PT15M", [(1, "45.5"), (2, "-3")]),
        (START + 3 * QUARTER, "PT15M", [(1, "0")]),
    ]


def test_who_set_the_price_is_not_published() -> None:
    secret = dataclasses.replace(FIRST, set_by=("bid-1",))
    assert balancing.from_canonical(letter(secret)) == balancing.from_canonical(letter(FIRST))
    assert b"bid-1" not in write_message(letter(secret))


def test_what_the_envelope_leaves_open_follows_from_the_prices() -> None:
    written = balancing.from_canonical(letter(NEGATIVE, NOUGHT))
    assert (written.type, written.process, written.revision, written.domain) == ("B24", "A51", "1", None)
    assert (written.period.start, written.period.end) == (START + QUARTER, START + 4 * QUARTER)
    assert (written.status, written.allocation_decision, written.reasons) == (None, None, ())


UNWRITABLE = {
    "no period": (letter(), ("timeInterval", "a period in the envelope, or something in the message", "neither")),
    "another product": (
        letter(dataclasses.replace(FIRST, product="capacity")),
        ("flowDirection.direction", "one of energy, energy down, energy up", "'capacity'"),
    ),
    "no reserve": (letter(FIRST, reserve=None), ("process.processType", "a process or a reserve", "neither")),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_the_document_cannot_carry_is_not_written(name: str) -> None:
    sent, expected = UNWRITABLE[name]
    with pytest.raises(Unwritable) as caught:
        balancing.from_canonical(sent)
    assert (caught.value.path, caught.value.expected, caught.value.found) == expected


# -------------------------------------------------------------------------------------------------------- the editions
@pytest.mark.parametrize("name", ["4.5", "4.4", "4.3", "4.2", "4.1"])
def test_every_edition_says_the_same_under_its_own_names(name: str) -> None:
    data = write_message(LETTER, EDITIONS[name])
    same = in_edition(PRICES, "balancing", name)
    assert data == (same if name == "4.5" else same.replace(b"Measurement_Unit", b"Measure_Unit"))
    assert parse(data).edition is EDITIONS[name]
    assert opened(data)[0].message == LETTER.message


WHY, PAID = (Reason(code="A95"),), FinancialPrice(amount=Decimal(1), direction="A01")
ADDED = [
    ("auction", "a", "auction.mRID", {"4.5", "4.4", "4.3", "4.2"}),
    ("reasons", WHY, "Reason", {"4.5", "4.4", "4.3"}),
    ("cancelled", "A01", "cancelledTS", {"4.5", "4.4", "4.3", "4.2", "4.1"}),
]


@pytest.mark.parametrize(("field", "value", "tag", "known"), ADDED)
@pytest.mark.parametrize("name", ["4.5", "4.4", "4.3", "4.2", "4.1"])
def test_an_element_is_written_only_in_the_editions_that_have_it(
    field: str, value: object, tag: str, known: set[str], name: str
) -> None:
    plain = balancing.from_canonical(letter(FIRST))
    document = exchanged(plain, series=(exchanged(plain.series[0], **{field: value}),))
    if name in known:
        assert f"<{tag}>".encode() in write(document, EDITIONS[name])
        return
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    assert caught.value.path == f"/Balancing_MarketDocument/TimeSeries[1]/{tag}"
    assert caught.value.expected == f"no such element in Balancing_MarketDocument {name}"


@pytest.mark.parametrize("name", ["4.5", "4.4", "4.3", "4.2", "4.1"])
@pytest.mark.parametrize(
    ("paid", "known", "expected"),
    [
        (PAID, {"4.5", "4.4", "4.3", "4.2", "4.1"}, ""),
        (exchanged(PAID, direction=None), {"4.5", "4.4"}, "direction"),
        (exchanged(PAID, descriptor="A02"), {"4.5", "4.4"}, "priceDescriptor.type"),
    ],
    ids=["directed", "undirected", "described"],
)
def test_a_part_of_a_price_names_who_pays_and_since_4_4_what_for(
    name: str, paid: FinancialPrice, known: set[str], expected: str
) -> None:
    plain = balancing.from_canonical(letter(FIRST))
    (one,) = plain.series[0].periods
    point = exchanged(one.points[0], financial_prices=(paid,))
    series = exchanged(plain.series[0], periods=(exchanged(one, points=(point,)),))
    document = exchanged(plain, series=(series,))
    if name in known:
        assert parse(write(document, EDITIONS[name])).document == document
        return
    with pytest.raises(Unwritable) as caught:
        write(document, EDITIONS[name])
    place = "/Balancing_MarketDocument/TimeSeries[1]/Period[1]/Point[1]/Financial_Price[1]"
    assert caught.value.path == f"{place}/{expected}"
