"""The Nordic morning tells the story that its README tells."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.offline.run import Run
from gateway.clearing import ClearingRules, Market, Pricing, certify
from gateway.envelope import Envelope, Message
from gateway.model import Direction
from gateway.procurement import procure
from gateway.results import Award, ClearingResult, Fate
from tests.examples.conftest import EXAMPLES

README = (EXAMPLES / "nordic_morning" / "README.md").read_text(encoding="utf-8")
MINUS = "\N{MINUS SIGN}"
QUARTERS = ("0700", "0715", "0730", "0745")


def names(run: Run) -> dict[str, str]:
    return {area.id.value: area.name for area in run.settings.market.areas}


def prices(run: Run, result: ClearingResult) -> dict[tuple[str, str], Decimal]:
    """Return the price by quarter hour and zone."""
    named = names(run)
    return {(f"{p.interval.start:%H%M}", named[p.area.value]): p.price for p in result.prices}


def award(result: ClearingResult, resource: str, quarter: str, direction: Direction = Direction.UP) -> Award:
    """Return the only award of a resource in a quarter hour."""
    (found,) = awards(result, resource, quarter, direction)
    return found


def awards(result: ClearingResult, resource: str, quarter: str, direction: Direction = Direction.UP) -> list[Award]:
    """Return the awards of a resource in a quarter hour, cheapest first."""
    found = [
        entry
        for entry in result.awards
        if entry.resource is not None
        and entry.resource.value == f"EXAMPLE-{resource}"
        and f"{entry.interval.start:%H%M}" == quarter
        and entry.direction is direction
    ]
    return sorted(found, key=lambda entry: entry.bid_price or Decimal(0))


def test_the_table_of_prices_in_the_readme_is_the_result(morning: Run) -> None:
    columns = ("NO3 NO4 SE1 SE2", "NO1 NO2 NO5 SE3", "SE4 DK2", "FI", "DK1")
    assert f"| quarter hour (UTC) | {' | '.join(columns)} |" in README
    found = prices(morning, morning.procurement.result)
    for quarter in QUARTERS:
        (row,) = re.findall(rf"^\| {quarter[:2]}:{quarter[2:]} \|(.+)\|$", README, re.MULTILINE)
        told = [Decimal(cell.strip(" *").replace(MINUS, "-")) for cell in row.split("|")]
        for zones, price in zip(columns, told, strict=True):
            assert {zone: found[quarter, zone] for zone in zones.split()} == dict.fromkeys(zones.split(), price)


def test_the_result_passes_the_certificate_that_knows_only_market_and_result(morning: Run) -> None:
    procurement = morning.procurement
    book, market = procurement.book, procurement.market
    rules = ClearingRules(
        price_cap=market.price_cap,
        price_step=market.price_step,
        quantity_step=market.quantity_step,
        pricing=market.pricing,
        currency=market.currency,
    )
    stated = Market(
        bids=book.bids,
        needs=book.needs,
        capacities=book.capacities,
        limits=book.limits,
        blocks=book.blocks,
        rules=rules,
    )
    assert certify(stated, procurement.result) == ()


def test_every_need_is_served_but_for_the_one_with_a_limit(morning: Run) -> None:
    short = [need for need in morning.procurement.result.needs if need.unserved_mw]
    assert [(names(morning)[need.area.value], f"{need.interval.start:%H%M}") for need in short] == [("FI", "0745")]
    (elastic,) = short
    assert (elastic.requested_mw, elastic.served_mw) == (Decimal(240), Decimal(180))
    assert elastic.price == elastic.limit_price == Decimal(96)


def test_the_lower_of_two_views_of_a_border_counts(morning: Run) -> None:
    flows = {
        (names(morning)[flow.from_area.value], names(morning)[flow.to_area.value], f"{flow.interval.start:%H%M}"): flow
        for flow in morning.procurement.result.flows
    }
    assert [flows["NO1", "SE3", quarter].capacity_mw for quarter in QUARTERS] == [310, 300, 290, 300]
    sent = {
        capacity.quantity_mw
        for capacity in morning.procurement.book.capacities
        if (capacity.from_area.value, capacity.to_area.value) == ("10YNO-1--------2", "10Y1001A1001A46L")
        and f"{capacity.interval.start:%H%M}" == "0700"
    }
    assert sent == {Decimal(310), Decimal(340)}


def test_a_price_differs_across_a_border_only_where_it_is_full(morning: Run) -> None:
    found, named = prices(morning, morning.procurement.result), names(morning)
    full = set()
    for flow in morning.procurement.result.flows:
        quarter, origin, target = f"{flow.interval.start:%H%M}", named[flow.from_area.value], named[flow.to_area.value]
        if flow.capacity_mw and flow.quantity_mw == flow.capacity_mw:
            full.add((quarter, origin, target))
        elif flow.quantity_mw:
            assert found[quarter, origin] == found[quarter, target]
    assert full == {
        ("0715", "SE3", "SE4"),
        ("0715", "DK1", "DK2"),
        ("0730", "DK1", "NO2"),
        ("0730", "DK1", "SE3"),
        ("0730", "DK1", "DK2"),
    }


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_potline_is_rejected_though_it_is_cheaper_than_the_price(quarter: str, morning: Run) -> None:
    potline = award(morning.procurement.result, "NO2-POTLINE", quarter)
    assert potline.fate is Fate.PARADOXICALLY_REJECTED
    assert potline.quantity_mw == 0
    assert potline.bid_price is not None
    assert potline.price is not None
    assert potline.bid_price < potline.price
    lost = (potline.price - potline.bid_price) * potline.offered_mw
    assert f"{lost:.2f} EUR" in potline.reason


@pytest.mark.parametrize("quarter", QUARTERS)
def test_of_the_four_price_steps_of_the_cascade_two_are_used(quarter: str, morning: Run) -> None:
    steps = awards(morning.procurement.result, "NO5-CASCADE", quarter)
    assert [step.quantity_mw for step in steps] == [20, 20, 0, 0]


def test_one_town_of_pools_is_in_and_one_is_out(morning: Run) -> None:
    result = morning.procurement.result
    pools = {
        town: [award(result, f"NO1-POOL-{town}-{n}", "0700") for n in (1, 2, 3)] for town in ("LAKESIDE", "HILLTOP")
    }
    assert [pool.quantity_mw for pool in pools["LAKESIDE"]] == [3, 4, 5]
    assert [pool.quantity_mw for pool in pools["HILLTOP"]] == [0, 0, 0]


def test_the_battery_rests_after_each_quarter_hour_of_delivery(morning: Run) -> None:
    turns = [award(morning.procurement.result, "SE3-RADIO-SUBURB", quarter) for quarter in QUARTERS]
    assert [turn.quantity_mw for turn in turns] == [3, 0, 3, 0]
    assert [turn.fate for turn in turns] == [Fate.ACCEPTED, Fate.UNAVAILABLE] * 2


def test_the_distribution_operator_is_told_twice_and_the_second_round_obeys_it(morning: Run) -> None:
    first, second = morning.procurement.rounds
    assert (first.revision, second.revision) == (1, 2)
    before = {
        name: award(first, f"SE4-{name}", "0715").quantity_mw for name in ("HEAT-05", "HEAT-06", "POOL-02", "POOL-07")
    }
    after = {name: award(second, f"SE4-{name}", "0715") for name in before}
    assert before == {"HEAT-05": 16, "HEAT-06": 35, "POOL-02": 4, "POOL-07": 5}
    assert {name: entry.quantity_mw for name, entry in after.items()} == {
        "HEAT-05": 0,
        "HEAT-06": 10,
        "POOL-02": 0,
        "POOL-07": 0,
    }
    assert {name: entry.fate for name, entry in after.items()} == {
        "HEAT-05": Fate.BLOCKED,
        "HEAT-06": Fate.LIMITED,
        "POOL-02": Fate.BLOCKED,
        "POOL-07": Fate.BLOCKED,
    }


def test_a_blocked_pool_takes_its_town_with_it(morning: Run) -> None:
    first, second = morning.procurement.rounds
    others = ("SE4-POOL-01", "SE4-POOL-03", "SE4-POOL-08")
    assert [award(first, other, "0715").quantity_mw for other in others] == [5, 2, 2]
    assert [award(second, other, "0715").fate for other in others] == [Fate.GROUP_REJECTED] * 3


def test_the_block_costs_what_the_readme_says_and_moves_no_other_price(morning: Run) -> None:
    first, second = morning.procurement.rounds
    assert f"falls by {first.welfare - second.welfare:,.2f} EUR per hour" in " ".join(README.split())
    before, after = prices(morning, first), prices(morning, second)
    moved = {key: (str(before[key]), str(after[key])) for key in before if before[key] != after[key]}
    assert moved == {("0715", "SE4"): ("124.18", "136.64"), ("0715", "DK2"): ("124.18", "136.64")}


def test_at_the_negative_price_providers_are_paid_for_taking_energy(morning: Run) -> None:
    result = morning.procurement.result
    down = [entry for entry in result.awards if entry.area.value == "10YDK-1--------W" and entry.quantity_mw]
    in_third = [entry for entry in down if f"{entry.interval.start:%H%M}" == "0730"]
    assert {entry.direction for entry in in_third} == {Direction.DOWN}
    assert sum(entry.quantity_mw for entry in in_third) == 470 - 160
    assert prices(morning, result)["0730", "DK1"] < 0


def test_no_accepted_bid_loses_at_its_price(morning: Run) -> None:
    losing = [
        entry.bid_id
        for entry in morning.procurement.result.awards
        if entry.quantity_mw
        and entry.price is not None
        and entry.bid_price is not None
        and entry.direction.sign * (entry.price - entry.bid_price) < 0
    ]
    assert losing == []


def test_every_bid_has_a_fate_and_the_readme_counts_those_of_the_good_documents(morning: Run) -> None:
    result = morning.procurement.result
    assert {entry.bid_id for entry in result.awards} == {bid.id for bid in morning.procurement.book.bids}
    newcomer = sum(entry.provider.value == "9520000000714" for entry in result.awards)
    assert f"{len(result.awards) - newcomer:,} bids" in README


def without_the_block(run: Run) -> list[Envelope[Message]]:
    """Return what was accepted but for the blocking, so that one round is enough."""
    return [
        document.envelope
        for document in run.received
        if document.envelope is not None and document.file != "blocking_coast_grid.xml"
    ]


def test_without_the_block_there_is_one_round(morning: Run) -> None:
    procurement = morning.procurement
    again = procure(procurement.scheme, procurement.market, without_the_block(morning), morning.now)
    assert len(again.rounds) == 1
    assert again.result.prices == procurement.rounds[0].prices


def test_with_welfare_first_the_potline_is_accepted_a_cent_below_its_price(morning: Run) -> None:
    procurement = morning.procurement
    market = replace(procurement.market, pricing=Pricing.WELFARE_FIRST)
    again = procure(procurement.scheme, market, without_the_block(morning), morning.now)
    potline = award(again.result, "NO2-POTLINE", "0700")
    assert (potline.quantity_mw, potline.price) == (Decimal(300), Decimal("84.49"))
    assert again.result.welfare > procurement.rounds[0].welfare
    assert any(potline.bid_id in note and "3.00" in note for note in again.result.notes)
    assert "it is 84.49, a cent below" in README
