"""Schemes side by side: golden costs, figures that are the ledger's, who is ranked, and how messages are counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.coordination.comparison import Actor, SchemeFigures, cheapest, compared
from gateway.coordination.example import SMALL
from gateway.coordination.messages import MessageCount
from gateway.coordination.money import PeriodCase
from gateway.coordination.run import run
from gateway.errors import InvalidValue
from gateway.identifiers import PartyId
from gateway.model import ZERO, Direction
from gateway.schemes import named, names
from gateway.settlement.coordinated import Deviation
from tests.gateway.coordination.random_systems import system
from tests.gateway.settlement.test_coordinated import DEVIATIONS, party, with_parties

D = Decimal


def case(deviations: tuple[Deviation, ...] = DEVIATIONS) -> PeriodCase:
    """Return the small system, each bid with a provider of its own."""
    return PeriodCase(
        system=with_parties(SMALL),
        transmission_operator=party("TSO"),
        distributors={"F1": party("F1"), "F2": party("F2")},
        deviations_mw={each.bus: each.power_mw for each in deviations},
    )


FIGURES = {each.scheme.name: each for each in compared([case()], map(named, names()), D("0.02"))}


def received(figures: SchemeFigures) -> dict[str, str]:
    return {actor.value: f"{amount:.2f}" for actor, amount in figures.received().items() if amount}


# ---- the small system


@pytest.mark.parametrize(
    ("scheme", "cost_per_hour", "up_mw", "down_mw"),
    [
        ("centralised", 600, 12, 0),
        ("local", 716, 14, 2),
        ("common_centralised", 668, 13, 1),
        ("common_decentralised", 668, 13, 1),
        ("shared", 876, 14, 2),
        ("integrated", 633, 14, 1),
    ],
)
def test_costs_and_volumes_of_the_golden_case(scheme: str, cost_per_hour: int, up_mw: int, down_mw: int) -> None:
    """A quarter hour: a quarter of what stands here. The trades of 3 MW bought and 2 MW sold are nobody's resource."""
    found = FIGURES[scheme]
    assert found.cost * 4 == cost_per_hour
    assert found.energy_mwh(Direction.UP) * 4 == up_mw
    assert found.energy_mwh(Direction.DOWN) * 4 == down_mw


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("centralised", {"TSO": "-150.00", "providers": "150.00"}),
        ("local", {"TSO": "-175.00", "DSOs": "-4.00", "providers": "179.00"}),
        ("shared", {"TSO": "-125.00", "DSOs": "-94.00", "providers": "219.00"}),
        # at nodal prices: 10 MW at 50; 4 MW at 50 less the rent of 17 and what the surplus of 2 MW at -18 costs
        ("common_centralised", {"TSO": "-125.00", "DSOs": "-42.00", "providers": "167.00"}),
        ("common_decentralised", {"TSO": "-125.00", "DSOs": "-42.00", "providers": "167.00"}),
        ("integrated", {"TSO": "-125.00", "DSOs": "-42.00", "BRPs": "-12.50", "providers": "179.50"}),
    ],
)
def test_what_each_group_receives(scheme: str, expected: dict[str, str]) -> None:
    assert received(FIGURES[scheme]) == expected


def test_the_key_of_a_joint_market_is_that_of_nodal_prices() -> None:
    """F1 pays 9 for its surplus and keeps the rent of 17 of its voltage; F2 pays 50."""
    accounts = FIGURES["common_centralised"].ledger.balances()
    assert accounts["example:F1"] == 8
    assert accounts["example:F2"] == -50


def test_only_schemes_that_leave_nothing_undone_are_ranked() -> None:
    """The centralised scheme is cheapest and leaves the voltage at D2 broken."""
    figures = FIGURES.values()
    assert [name for name, each in FIGURES.items() if not each.sound] == ["centralised"]
    assert (FIGURES["centralised"].violations_before, FIGURES["centralised"].violations) == (1, 1)
    assert [each.scheme.name for each in cheapest(figures)] == ["integrated"]
    alone = [each for each in figures if not each.others_buy]
    assert [each.scheme.name for each in cheapest(alone)] == ["common_decentralised"]


def test_schemes_that_tie_to_the_cent_are_all_cheapest() -> None:
    free = [replace(each, message_cost=ZERO) for each in FIGURES.values() if not each.others_buy]
    assert [each.scheme.name for each in cheapest(free)] == ["common_centralised", "common_decentralised"]


def test_no_scheme_is_cheapest_where_none_is_sound() -> None:
    assert cheapest([FIGURES["centralised"]]) == ()


def test_an_integrated_market_without_other_buyers_is_ranked_like_the_rest() -> None:
    given = case()
    alone = replace(given, system=replace(given.system, trades=(), trade_buses={}))
    (found,) = compared([alone], [named("integrated")])
    assert not found.others_buy
    assert found.cost * 4 == 668


def test_payments_are_told_once_for_each_pair() -> None:
    assert FIGURES["local"].payments() == {
        (Actor.TRANSMISSION_OPERATOR, Actor.PROVIDERS): D("175.00"),
        (Actor.DISTRIBUTION_OPERATORS, Actor.PROVIDERS): D("4.00"),
    }
    assert (Actor.ACCOUNTS, Actor.PROVIDERS) in FIGURES["common_centralised"].payments()


def test_figures_of_several_periods_add_up() -> None:
    (once,) = compared([case()], [named("local")])
    (twice,) = compared([case(), case()], [named("local")])
    assert twice.cost == 2 * once.cost
    assert twice.messages == 2 * once.messages
    assert twice.received() == {actor: 2 * amount for actor, amount in once.received().items()}


def test_an_imbalance_is_paid_by_who_answers_for_it() -> None:
    """10 MW for a quarter hour, short in a system that is short, at the marginal price of 50."""
    given = replace(case(), responsible={"T1": party("BRP")})
    (found,) = compared([given], [named("centralised")])
    assert found.received()[Actor.RESPONSIBLE] == D("-125.00")
    assert found.received()[Actor.TRANSMISSION_OPERATOR] == D("-25.00")


def test_an_award_is_what_the_feeder_exports_beyond_its_firm_volumes() -> None:
    """Bids down at prices above 0 would let an offer start from less; what is never activated is never paid."""
    given = case()
    bids = tuple(
        replace(bid, price=D(10)) if bid.id == "E3" else bid
        for bid in given.system.market.bids
        if bid.id in {"G1", "G2", "G1d", "G2d", "E3", "H1u"}
    )
    at_rest = {"T1": D(-4), "D1": D(0), "D2": D(0), "H1": D(0)}
    market = replace(given.system.market, bids=bids, injections_mw=at_rest)
    quiet = replace(given, system=replace(given.system, market=market, trades=(), trade_buses={}), deviations_mw={})
    (found,) = compared([quiet], [named("local")])
    assert received(found) == {"TSO": "-50.00", "providers": "50.00"}


# ---- refusals


def test_a_feeder_without_an_operator_is_refused() -> None:
    with pytest.raises(InvalidValue, match="operator of feeder F2"):
        replace(case(), distributors={"F1": party("F1")})


def test_a_bid_without_a_resource_is_refused() -> None:
    with pytest.raises(InvalidValue, match="a resource, whose meter is read"):
        replace(case(), system=SMALL)


# ---- messages


def messages(scheme: str) -> dict[int, int]:
    """Return the messages of each row that has any, on the small system: 10 providers, 6 of them in two feeders."""
    given = case()
    outcome = run(named(scheme), given.system)
    count = MessageCount(named(scheme), given.system, outcome, {"F1": "F1", "F2": "F2"})
    found = {step.number: count.of(step) for step in named(scheme).steps}
    assert sum(found.values()) == count.total
    return {number: told for number, told in found.items() if told}


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        # 10 bid sets, 2 limits, 2 results and 2 answers in one round, 10 results, 1 set point, 2 readings, 10 invoices
        ("centralised", {3: 10, 4: 2, 5: 2, 6: 2, 7: 10, 8: 1, 9: 2, 13: 10}),
        # 6 bid sets below, 2 offers, 4 bid sets above, awards to 2, results, 2 set points, readings to two roles; the
        # transmission operator tells and pays the 4 providers above, and the 2 operators below
        ("local", {3: 6, 6: 2, 9: 4, 10: 2, 11: 6, 12: 4, 13: 6, 14: 2, 17: 4, 20: 6, 21: 6}),
        # as above with 3 operators, who tell and are told by a market of their own
        (
            "common_centralised",
            {3: 1, 4: 2, 5: 10, 6: 1, 7: 2, 8: 3, 9: 13, 10: 2, 11: 2, 12: 1, 13: 1, 15: 10, 16: 3},
        ),
    ],
)
def test_messages_are_counted_from_the_table(scheme: str, expected: dict[int, int]) -> None:
    told = messages(scheme)
    assert {number: told.get(number, 0) for number in expected} == expected


def test_every_round_of_a_check_is_told_and_answered() -> None:
    scheme = replace(named("centralised"), grid_constraints=False)
    given = case().system
    outcome = run(scheme, given)
    count = MessageCount(scheme, given, outcome, {"F1": "F1", "F2": "F2"})
    assert [count.of(step) for step in scheme.steps if step.number in {4, 5, 6}] == [0, 4, 4]


def test_a_party_does_not_write_to_itself() -> None:
    """In the local scheme the distribution operator is buyer and market at once."""
    assert not messages("local").keys() & {2, 4, 5, 15}


def test_ict_cost_is_messages_by_cost() -> None:
    found = FIGURES["shared"]
    assert found.ict_cost == found.messages * D("0.02")
    assert found.total == found.cost + found.ict_cost


# ---- any system


@pytest.mark.parametrize("number", range(3))
def test_money_adds_up_on_a_random_system(number: int) -> None:
    given = with_parties(system(number))
    deviations = given.market.injections_mw
    distributors = {feeder.id: PartyId(feeder.id, "example") for feeder in given.feeders}
    random = PeriodCase(
        system=given, transmission_operator=party("TSO"), distributors=distributors, deviations_mw=deviations
    )
    for found in compared([random], map(named, names())):
        balances = found.ledger.balances()
        assert sum(balances.values(), ZERO) == 0
        assert sum(found.received().values(), ZERO) == 0
        net = dict.fromkeys(Actor, ZERO)
        for (payer, payee), amount in found.payments().items():
            net[payer] -= amount
            net[payee] += amount
        assert net == found.received()
