"""Systems run under every coordination scheme, and settled: who pays whom on the small system, and what always holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from gateway.clearing.example import area
from gateway.coordination.example import SMALL
from gateway.coordination.outcome import Outcome
from gateway.coordination.run import run
from gateway.coordination.system import CoordinatedSystem, Switches
from gateway.identifiers import PartyId, ResourceId
from gateway.measurements import MeasuredSeries, Reading, Readings
from gateway.measurements import Unit as Measure
from gateway.model import ZERO, Bid
from gateway.results import ClearingResult
from gateway.schemes import named, names
from gateway.settlement.baseline import BaselineMethod
from gateway.settlement.case import SettlementCase
from gateway.settlement.coordinated import Deviation, coordinated_result, handed_up_awards
from gateway.settlement.cost_split import PurposedActivation, by_purpose
from gateway.settlement.definition import Grid, SettlementDefinition, Unit
from gateway.settlement.ledger import CENT, ROUNDING
from gateway.settlement.nodal import MARKET
from gateway.settlement.run import SettlementRun, identities, settle
from tests.gateway.coordination.random_systems import system

D = Decimal
A = area("A")


def party(name: str) -> PartyId:
    return PartyId(name, "example")


TSO = party("TSO")
DEVIATIONS = (
    Deviation(party=TSO, bus="T1", power_mw=D(-10)),
    Deviation(party=party("F1"), bus="D2", power_mw=D(2)),
    Deviation(party=party("F2"), bus="H1", power_mw=D(-4)),
)
"""What was not scheduled in the small system."""


def with_parties(given: CoordinatedSystem) -> CoordinatedSystem:
    """Return *given* with a provider and a resource for each bid, and a party for each trade, of the same name."""

    def named_after(bid: Bid) -> Bid:
        return replace(bid, provider=party(bid.id), resource=ResourceId(bid.id, "example"))

    market = replace(given.market, bids=tuple(map(named_after, given.market.bids)))
    trades = tuple(replace(trade, provider=party(trade.id)) for trade in given.trades)
    return replace(given, market=market, trades=trades)


def units(given: CoordinatedSystem) -> Iterable[Unit]:
    """Yield a unit for each bid, connected to the operator of its network: a feeder is operated by who is called so."""
    inside = {bid.id: feeder.id for feeder in given.feeders for bid in given.inside(feeder)}
    for bid in given.market.bids:
        yield Unit(
            resource=ResourceId(bid.id, "example"),
            provider=bid.provider,
            provider_responsible=bid.provider,
            supplier=bid.provider,
            operator=party(inside[bid.id]) if bid.id in inside else TSO,
            grid=Grid.DISTRIBUTION if bid.id in inside else Grid.TRANSMISSION,
            baseline=BaselineMethod.ZERO,
        )


def meters(given: CoordinatedSystem, outcome: Outcome, error_mw: Random | None = None) -> Readings:
    """Return what the meter of each bid's resource shows: what was accepted, or something near it."""
    series = []
    for bid in given.market.bids:
        assert bid.resource is not None
        error = ZERO if error_mw is None else D(error_mw.randint(-20, 20)) / 10
        power = bid.direction.sign * outcome.accepted_mw[bid.id] + error
        reading = Reading(interval=bid.interval, value=power)
        series.append(MeasuredSeries(id=bid.id, unit=Measure.MEGAWATT, readings=(reading,), resource=bid.resource))
    return Readings(series=tuple(series))


def settled(
    scheme: str, given: CoordinatedSystem, outcome: Outcome, result: ClearingResult, errors: Random | None = None
) -> SettlementRun:
    distributors = {feeder.id: party(feeder.id) for feeder in given.feeders}
    definition = SettlementDefinition(
        scheme=scheme,
        operators={A: TSO},
        units=tuple(units(given)),
        traders=frozenset(trade.provider for trade in given.trades),
    )
    return settle(
        SettlementCase(
            definition=definition,
            result=result,
            readings=(meters(given, outcome, errors),),
            interface_awards=tuple(handed_up_awards(outcome, given, distributors)),
            cost_key={TSO: D(600), party("F1"): D(68)},
            rent_key={party("F1"): D(1)},
        )
    )


def balances(run: SettlementRun) -> dict[str, str]:
    found = run.ledger.balances().items()
    return {name.removeprefix("example:"): f"{amount:f}" for name, amount in found if amount}


# ---- the small system


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        # a quarter of 600, 716, 876 and 668 per hour
        ("centralised", {"TSO": "-150.00", "G1": "150.00"}),
        ("local", {"TSO": "-175.00", "F1": "-4.00", "G1": "175.00", "E3": "4.00"}),
        (
            "shared",
            {"TSO": "-125.00", "F1": "-4.00", "F2": "-90.00", "G1": "125.00", "E3": "4.00", "H1u": "90.00"},
        ),
        # the cost of 167 by the key of 600 to 68
        ("common_centralised", {"TSO": "-150.00", "F1": "-17.00", "G1": "162.50", "E4": "4.50"}),
        ("common_decentralised", {"TSO": "-150.00", "F1": "-17.00", "G1": "162.50", "E4": "4.50"}),
        # the operators pay their deviations, 125 and 9 and 50; the rent of 17 is that of the voltage in F1
        (
            "integrated",
            {
                "TSO": "-125.00", "F1": "8.00", "F2": "-50.00", "BRPX": "-37.50", "BRPY": "25.00", "G1": "175.00",
                "E4": "4.50",
            },
        ),
    ],
)  # fmt: skip
def test_who_pays_whom_on_the_small_system(scheme: str, expected: dict[str, str]) -> None:
    given = with_parties(SMALL)
    outcome = run(named(scheme), given)
    deviations = DEVIATIONS if scheme == "integrated" else ()
    found = settled(scheme, given, outcome, coordinated_result(outcome, given, deviations))
    assert balances(found) == expected
    assert list(identities(found)) == []
    assert found.final


def test_a_priced_interface_leads_the_local_scheme_to_the_common_optimum() -> None:
    """The distribution operator buys E4 for itself, and hands up at the price of its interface: 668 per hour."""
    given = with_parties(SMALL)
    outcome = run(named("local"), given, Switches(reference_prices={"F1": D(50), "F2": D(50)}))
    found = settled("local", given, outcome, coordinated_result(outcome, given))
    assert balances(found) == {"TSO": "-162.50", "F1": "-4.50", "G1": "162.50", "E4": "4.50"}


def test_what_was_bought_for_voltage_is_charged_to_who_needs_it() -> None:
    given = with_parties(SMALL)
    outcome = run(named("common_centralised"), given)
    (binding,) = [each for decision in outcome.decisions if decision.result for each in decision.result.bindings]
    assert (binding.place, binding.shadow_price) == ("D2", D(1700))
    bids = {bid.id: bid for bid in given.market.bids}
    made = [
        PurposedActivation(
            bid_id=name,
            injection_mw=bids[name].direction.sign * mw,
            price=outcome.prices[given.market.buses[name]].price,
            owner="F1" if given.market.buses[name] == "D2" else None,
        )
        for name, mw in outcome.accepted_mw.items()
        if mw and name in bids
    ]
    assert by_purpose(made, "TSO", outcome.prices["T1"].price) == {"TSO": 600, "F1": 68}


def test_the_awards_say_who_bought_and_for_a_limit_or_not() -> None:
    given = with_parties(SMALL)
    outcome = run(named("common_centralised"), given)
    found = settled("common_centralised", given, outcome, coordinated_result(outcome, given))
    told = {done.order.bid_id: (done.order.price, done.order.for_constraint) for done in found.delivered}
    assert told == {"G1": (D(50), False), "E4": (D(-18), True)}
    reasons = {award.bid_id: award.reason for award in found.case.result.awards}
    assert reasons["E4"] == "Bought by TSO & DSO in step 8."
    assert found.case.result.welfare == -668


def test_the_rent_of_the_integrated_market_is_that_of_its_one_binding_limit() -> None:
    """1700 per hour and unit, 1.10 less the 1.06 of the schedule, for a quarter of an hour."""
    given = with_parties(SMALL)
    outcome = run(named("integrated"), given)
    found = settled("integrated", given, outcome, coordinated_result(outcome, given, DEVIATIONS))
    paid = {entry.purpose: entry.amount for entry in found.ledger.postings}
    assert paid["congestion rent"] == 17
    deviations = {each.bus: paid[f"purchase deviation {each.bus}"] for each in DEVIATIONS}
    assert deviations == {"T1": D(125), "D2": D(9), "H1": D(50)}


def test_an_award_to_a_feeder_is_what_it_moves_and_not_what_its_offer_started_from() -> None:
    """F1 exports 2 MW of itself, its offer starts from 0, it ends at 1: the central market took 1 MW away."""
    given = with_parties(SMALL)
    outcome = run(named("common_decentralised"), given)
    (award,) = handed_up_awards(outcome, given, {"F1": party("F1"), "F2": party("F2")})
    assert (award.distributor, award.injection_mw, award.price) == (party("F1"), D(-1), D(50))
    assert not list(handed_up_awards(run(named("shared"), given), given, {}))


# ---- any system


def random_deviations(given: CoordinatedSystem) -> tuple[Deviation, ...]:
    buses = {bus: party(feeder.id) for feeder in given.feeders for bus in feeder.buses}
    return tuple(
        Deviation(party=buses.get(bus, TSO), bus=bus, power_mw=power)
        for bus, power in given.market.injections_mw.items()
    )


def assert_settled(number: int) -> None:
    """Settle system *number* under every scheme, with meters that do not quite show what was ordered."""
    given = with_parties(system(number))
    for scheme in names():
        outcome = run(named(scheme), given)
        result = coordinated_result(outcome, given, random_deviations(given) if scheme == "integrated" else ())
        found = settled(scheme, given, outcome, result, Random(number))
        assert list(identities(found)) == [], (number, scheme)
        accounts = found.ledger.balances()
        assert accounts.get(MARKET, ZERO) == 0
        assert abs(accounts.get(ROUNDING, ZERO)) <= CENT * len(found.ledger.postings)


@pytest.mark.parametrize("number", range(4))
def test_a_random_system_is_settled_under_every_scheme(number: int) -> None:
    assert_settled(number)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(4, 336, 83))
def test_hundreds_of_random_systems_are_settled_under_every_scheme(first: int) -> None:
    for number in range(first, first + 83):
        assert_settled(number)
