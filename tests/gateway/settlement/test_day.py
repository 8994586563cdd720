"""A whole day of settlement: 96 quarter hours, missing and late values, the day before and after a change of the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from gateway.measurements import Readings
from gateway.model import ZERO
from gateway.results import ClearingResult
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules
from gateway.settlement.case import Perimeter, SettlementCase
from gateway.settlement.definition import Unit
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.ledger import Ledger
from gateway.settlement.run import correct, identities, settle
from gateway.settlement.statements import perimeters, settlements
from gateway.time import QUARTER_HOUR, Interval, market_day
from tests.gateway.settlement.values import DOWN, LOADS, PLANT, SUPPLIER, UP, D, award, definition, result, series
from tests.market_values import OTHER_SELLER, SELLER, TSO, WEST

WINTER, SPRING, AUTUMN = date(2027, 1, 14), date(2027, 3, 28), date(2027, 10, 31)


def slots(day: date) -> tuple[Interval, ...]:
    return QUARTER_HOUR.slots(market_day(day))


def cleared(day: date) -> ClearingResult:
    """Return 10 MW of PLANT upward at 50 in even quarters, 2 MW of LOADS downward at 20 in odd ones."""
    awards = []
    for at, on in enumerate(slots(day)):
        one = award(LOADS, 2, 20, DOWN) if at % 2 else award(PLANT, 10, 50, UP)
        awards.append(replace(one, interval=on, bid_id=f"{one.bid_id} {at}"))
    return replace(result(*awards), prices=())


def plan(unit: Unit, power: object, day: date) -> ResourceSchedules:
    blocks = tuple(PowerBlock(interval=on, power_mw=D(str(power))) for on in slots(day))
    own = ResourceSchedule(
        id="plan", kind=PlanKind.NET, provider=unit.provider, area=WEST, blocks=blocks, resource=unit.resource
    )
    return ResourceSchedules(planned=(own,))


def metered(day: date, missing: tuple[int, ...] = ()) -> Readings:
    """Return what the meters showed: PLANT as ordered, LOADS 0.4 MW short of it; *missing* are quarters of LOADS."""
    plant = [5 if at % 2 else 15 for at in range(len(slots(day)))]
    loads = [None if at in missing else "-5.6" if at % 2 else -4 for at in range(len(slots(day)))]
    return Readings(series=(series(PLANT, plant, slots(day)), series(LOADS, loads, slots(day))))


def case(day: date, readings: tuple[Readings, ...]) -> SettlementCase:
    shares = [Perimeter(party=OTHER_SELLER.id, area=WEST, interval=on) for at, on in enumerate(slots(day)) if at % 2]
    prices = [ImbalancePrice(area=WEST, interval=on, shortage=D(60), surplus=D(60)) for on in slots(day)]
    return SettlementCase(
        definition=definition(),
        result=cleared(day),
        readings=readings,
        schedules=(plan(PLANT, 5, day), plan(LOADS, -4, day)),
        perimeters=tuple(shares),
        imbalance_prices=tuple(prices),
    )


@pytest.mark.parametrize(("day", "quarters"), [(WINTER, 96), (SPRING, 92), (AUTUMN, 100)], ids=str)
def test_a_day_is_its_quarters(day: date, quarters: int) -> None:
    """An even quarter pays PLANT 125; in an odd one the aggregator pays 10 and has 0.1 MWh too much, worth 6."""
    run = settle(case(day, (metered(day),)))
    halves = quarters // 2
    assert len(run.delivered) == quarters
    assert run.ledger.balances() == {
        str(TSO.id): D(-121 * halves),
        str(SELLER.id): D(125 * halves),
        str(OTHER_SELLER.id): D(-4 * halves),
    }
    assert run.final
    assert list(identities(run)) == []


def test_every_quarter_stands_in_one_series_of_the_statement() -> None:
    run = settle(case(WINTER, (metered(WINTER),)))
    lines = settlements(run)[OTHER_SELLER.id].lines
    imbalances = [line for line in lines if line.quantity_mwh == D("0.1")]
    assert len(imbalances) == 48
    assert {line.id.partition("#")[2] for line in imbalances} == {str(number) for number in range(1, 49)}
    told = perimeters(run)[TSO.id, SUPPLIER].adjustments
    assert sum((moved.energy_mwh for moved in told), ZERO) == D("-19.2")


def test_values_that_are_missing_at_night_are_settled_in_the_morning() -> None:
    """Two per cent are missing; put as requested they leave no imbalance, of which each is worth 6."""
    gaps = (7, 41)
    first = settle(case(WINTER, (metered(WINTER, gaps),)))
    assert not first.final
    assert sum(done.estimated for done in first.delivered) == 2
    assert [finding.interval for finding in first.report.findings] == [slots(WINTER)[at] for at in gaps]
    late = correct(first, [metered(WINTER)])
    assert late.final
    assert {name: amount for name, amount in late.ledger.balances().items() if amount} == {
        str(OTHER_SELLER.id): D(12), str(TSO.id): D(-12),
    }  # fmt: skip
    assert [entry.subject and entry.subject.interval for entry in late.ledger.postings] == [
        slots(WINTER)[at] for at in gaps
    ]
    assert late.settled == settle(case(WINTER, (metered(WINTER),))).ledger
    assert correct(late, [metered(WINTER)]).ledger == Ledger()


def test_the_day_of_one_order_is_told_once_whatever_the_order_of_the_documents() -> None:
    both = metered(WINTER)
    apart = tuple(Readings(series=(one,)) for one in both.series)
    runs = [settle(case(WINTER, documents)) for documents in ((both,), apart, apart[::-1])]
    assert runs[0].ledger == runs[1].ledger == runs[2].ledger


def test_awards_are_settled_in_the_order_of_time_and_not_of_the_result() -> None:
    forward = case(WINTER, (metered(WINTER),))
    backward = replace(forward, result=replace(forward.result, awards=forward.result.awards[::-1]))
    assert settle(forward).ledger == settle(backward).ledger


def test_a_quarter_of_an_hour_lost_to_the_clock_is_no_gap() -> None:
    spring = slots(SPRING)
    assert spring[-1].end - spring[0].start == timedelta(hours=23)
    assert all(earlier.end == later.start for earlier, later in pairwise(spring))
    energies = [done.delivered_mwh for done in settle(case(SPRING, (metered(SPRING),))).delivered]
    assert sum(energies, ZERO) == 46 * (D("2.5") + Decimal("0.4"))
