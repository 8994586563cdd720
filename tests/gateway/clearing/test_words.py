"""Every sentence that a bid, or the reader of a result, may be told: in full, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.clearing import ClearingRules, Pricing, clear
from gateway.clearing.example import PARTY, QUARTERS, area, bid, border, limit, market_of, need, number, unit
from gateway.identifiers import PartyId
from gateway.model import Activation, Availability, Bid, Block, Capacity, Condition, Limit, Link, Need, Reserve, Role
from gateway.results import Fate
from gateway.units import UnitProfile
from tests.gateway.clearing.reading import award

Thing = Bid | Need | Capacity | Limit | Block | UnitProfile
OPERATOR = PartyId("operator", "example")
PERIOD = QUARTERS[0]
FILL = bid("fill", "A", "up", 100, 500)
"""Serves whatever the bid in question does not, at 500."""


def blocked(mw: float | None, reason: str = "", role: Role = Role.DISTRIBUTION_SYSTEM_OPERATOR) -> Block:
    """Return a block of the bid x that leaves some MW of it."""
    return Block(
        bid_id="x",
        requester=PARTY,
        requester_role=role,
        interval=PERIOD,
        area=area("A"),
        limit_mw=None if mw is None else number(mw),
        reason=reason,
    )


def cable(mw: float, name: str = "cable") -> Limit:
    """Return a limit of an operator on the bid x."""
    return replace(limit(name, mw, x=1), sender=OPERATOR)


def x(mw: float = 10, price: float | None = 20, direction: str = "up", **more: object) -> Bid:
    """Return the bid in question."""
    return bid("x", "A", direction, mw, price, **more)


def linked(condition: Condition, status: Availability = Availability.CONDITIONALLY_AVAILABLE) -> Bid:
    """Return the bid in question, linked to a bid of an unknown earlier outcome."""
    return x(links=(Link("y", condition),), availability=status)


D5, D15 = need("d", "A", 5), need("d", "A", 15)
SENTENCES: dict[str, tuple[tuple[Thing, ...], Fate, str]] = {
    "all of it": ((x(), D15, FILL), Fate.ACCEPTED, "Accepted in full; the price here is 500.00 EUR/MWh."),
    "a part at its price": (
        (x(price=20.5), D5),
        Fate.PARTLY_ACCEPTED,
        "Accepted with 5 of 10 MW: its price 20.50 EUR/MWh is the price here.",
    ),
    "a part in steps": (
        (x(granularity_mw=4), need("d", "A", 9.5), FILL),
        Fate.LIMITED,
        "Accepted in all 8 MW that can be used: whole steps.",
    ),
    "no larger step": (
        (x(12, granularity_mw=4), need("d", "A", 9.5), FILL),
        Fate.PARTLY_ACCEPTED,
        "Accepted with 8 of 12 MW: no larger amount that it allows fits.",
    ),
    "what a block leaves": (
        (x(), D15, FILL, blocked(3.5, "cable at 103 %")),
        Fate.LIMITED,
        (
            "Accepted in all 3.5 MW that can be used: the distribution system operator example leaves 3.5 MW of it"
            " (cable at 103 %)."
        ),
    ),
    "what a block leaves, without a reason": (
        (x(), D15, FILL, blocked(3, role=Role.TRANSMISSION_SYSTEM_OPERATOR)),
        Fate.LIMITED,
        "Accepted in all 3 MW that can be used: the transmission system operator example leaves 3 MW of it.",
    ),
    "behind a cable": (
        (x(), D15, FILL, cable(4)),
        Fate.LIMITED,
        (
            "Accepted with 4 MW and no more: cable (shadow price 480.00 EUR/MWh) binds and moves the price that it sees from"
            " 500.00 EUR/MWh to 20.00 EUR/MWh."
        ),
    ),
    "behind a closed cable": (
        (x(), D15, FILL, cable(0)),
        Fate.LIMITED,
        (
            "Accepted with 0 MW and no more: cable (shadow price 480.00 EUR/MWh) binds and moves the price that it sees from"
            " 500.00 EUR/MWh to 20.00 EUR/MWh."
        ),
    ),
    "needed to relieve a cable": (
        (x(price=501), D5, FILL, bid("y", "A", "up", 9, 10), limit("cable", 2, y=1, x=-1)),
        Fate.PARTLY_ACCEPTED,
        (
            "Accepted with 1.5 of 10 MW: cable (shadow price 245.50 EUR/MWh) binds and moves the price that it sees from"
            " 255.50 EUR/MWh to 501.00 EUR/MWh."
        ),
    ),
    "too dear": (
        (x(price=501), D5, FILL),
        Fate.OUT_OF_THE_MONEY,
        "Its price 501.00 EUR/MWh is worse than the clearing price 500.00 EUR/MWh.",
    ),
    "too cheap to reduce": (
        (x(direction="down"), bid("D1", "A", "down", 50, 30), need("d", "A", -20)),
        Fate.OUT_OF_THE_MONEY,
        "Its price 20.00 EUR/MWh is worse than the clearing price 30.00 EUR/MWh.",
    ),
    "at the price": (
        (x(divisible=False), bid("U1", "A", "up", 10, 20), D5),
        Fate.AT_THE_MARGIN,
        "Its price equals the clearing price 20.00 EUR/MWh; the need was already met.",
    ),
    "too large": (
        (x(divisible=False), D5, FILL),
        Fate.PARADOXICALLY_REJECTED,
        (
            "At 500.00 EUR/MWh it would have earned 4800.00 EUR per hour, but it cannot be divided to fit without another"
            " accepted bid losing."
        ),
    ),
    "outdone": (
        (x(exclusive="g"), bid("y", "A", "up", 12, 20, exclusive="g"), D15, FILL),
        Fate.EXCLUDED_BY_GROUP,
        "y of its exclusive group was accepted. At 500.00 EUR/MWh it would have earned 4800.00 EUR per hour.",
    ),
    "behind a step that is not full": (
        (x(multipart="m"), bid("w", "A", "up", 8, 10, multipart="m", divisible=False), D5, FILL),
        Fate.EARLIER_STEP_OPEN,
        (
            "The cheaper step w of its multipart bid is not full. At 500.00 EUR/MWh it would have earned 4800.00 EUR per"
            " hour."
        ),
    ),
    "in a group that is too large": (
        (x(inclusive="g", divisible=False), bid("y", "A", "up", 5, 20, inclusive="g"), D5, FILL),
        Fate.GROUP_REJECTED,
        (
            "Its inclusive group g cannot be divided to fit. At 500.00 EUR/MWh it would have earned 7200.00 EUR per hour as a"
            " whole."
        ),
    ),
    "in a group without one of its members": (
        (x(inclusive="g"), bid("y", "A", "up", 5, None, inclusive="g"), D5, FILL),
        Fate.GROUP_REJECTED,
        "Member y of its inclusive group cannot be used.",
    ),
    "in a group of two prices": (
        (x(inclusive="g"), bid("y", "A", "up", 5, 21, inclusive="g"), D5, FILL),
        Fate.GROUP_REJECTED,
        "The members of its inclusive group differ in area, product, direction or price.",
    ),
    "smaller than its step": (
        (x(4, granularity_mw=5), D5, FILL),
        Fate.UNAVAILABLE,
        "No amount satisfies its minimum, its granularity and its caps together.",
    ),
    "behind a step that is not usable": (
        (x(multipart="m"), bid("w", "A", "up", 8, 10, multipart="m", currency="NOK"), D5, FILL),
        Fate.EARLIER_STEP_OPEN,
        "A cheaper step of its multipart bid can never be full: w is not usable in full.",
    ),
    "in a unit in two places": (
        (x(multipart="m"), bid("w", "B", "up", 8, 10, multipart="m"), D5, FILL),
        Fate.EARLIER_STEP_OPEN,
        "A cheaper step of its multipart bid can never be full: the steps differ in area, product or direction.",
    ),
    "without its parent": (
        (x(parent="y"), bid("y", "A", "up", 8, 501, divisible=False), D5, FILL),
        Fate.LINK_REJECTED,
        "At 500.00 EUR/MWh it would have earned 4800.00 EUR per hour, but its parent y was not accepted.",
    ),
    "in a block bid that is too large": (
        (x(block_bid="k", divisible=False), bid("y", "A", "up", 5, 20, block_bid="k", divisible=False), D5, FILL),
        Fate.BLOCK_REJECTED,
        (
            "At 500.00 EUR/MWh it would have earned 4800.00 EUR per hour, but its block bid k was not accepted over all"
            " its intervals."
        ),
    ),
    "of a unit that may not be activated": (
        (x(technical_link="U"), unit("U", maximum_activations=0), D5, FILL),
        Fate.UNIT_LIMITED,
        (
            "At 500.00 EUR/MWh it would have earned 4800.00 EUR per hour, but what unit U can do over several intervals"
            " does not allow it."
        ),
    ),
    "of a unit with little energy": (
        (x(technical_link="U"), unit("U", maximum_energy_mwh=1), D5, FILL),
        Fate.UNIT_LIMITED,
        (
            "Accepted with 4 MW and no more: greatest energy of unit U (shadow price 480.00 EUR/MWh) binds and moves the"
            " price that it sees from 500.00 EUR/MWh to 20.00 EUR/MWh."
        ),
    ),
    "another product": (
        (x(product="reserve"), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "No need of this market is for mFRR reserve.",
    ),
    "another process": (
        (x(reserve=Reserve.AFRR), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "No need of this market is for aFRR energy.",
    ),
    "both directions": (
        (x(direction="up and down"), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "A bid for both directions at once has no place in a market that clears up and down apart.",
    ),
    "another activation": (
        (x(activation=Activation.DIRECT), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "It is offered for direct activation; the market cleared scheduled activation.",
    ),
    "another currency": ((x(currency="NOK"), D5, FILL), Fate.OUT_OF_SCOPE, "It is priced in NOK, the market in EUR."),
    "beyond the cap": (
        (x(price=15_000.01), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "Its price 15000.01 lies beyond the price limit of 15000 EUR/MWh.",
    ),
    "beyond the cap the other way": (
        (x(price=-15_000.01), D5, FILL),
        Fate.OUT_OF_SCOPE,
        "Its price -15000.01 lies beyond the price limit of 15000 EUR/MWh.",
    ),
    "without a price": ((x(price=None), D5, FILL), Fate.NO_PRICE, "It states no energy price."),
    "without a quantity": ((x(0), D5, FILL), Fate.UNAVAILABLE, "It offers 0 MW."),
    "declared unavailable": (
        (x(availability=Availability.UNAVAILABLE), D5, FILL),
        Fate.UNAVAILABLE,
        "Its provider declares it unavailable.",
    ),
    "unavailable but for a link": (
        (linked(Condition.AVAILABLE_IF_ACTIVATED, Availability.CONDITIONALLY_UNAVAILABLE), D5, FILL),
        Fate.UNAVAILABLE,
        "It is unavailable unless a link makes it available, and none does.",
    ),
    "blocked": ((x(), D5, FILL, blocked(None)), Fate.BLOCKED, "Blocked by the distribution system operator example."),
    "blocked to nothing": (
        (x(), D5, FILL, blocked(0, "works")),
        Fate.BLOCKED,
        "Blocked by the distribution system operator example (works).",
    ),
    "blocked below its minimum": (
        (x(minimum_mw=4), D5, FILL, blocked(3.5)),
        Fate.BLOCKED,
        "Its least 4 MW exceed the 3.5 MW that the distribution system operator example leaves.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_bid_is_told_in_a_sentence(name: str) -> None:
    things, fate, sentence = SENTENCES[name]
    told = award(clear(market_of(*things)), "x")

    assert (told.fate, told.reason) == (fate, sentence)


def test_every_fate_has_a_sentence_here() -> None:
    elsewhere = {Fate.WITHHELD, Fate.COUNTER_ACTIVATION}  # under rules of their own, each with its tests

    assert {fate for _, fate, _ in SENTENCES.values()} | elsewhere == set(Fate)


LOSING = (bid("U1", "A", "up", 30, 20), x(40, 30, divisible=False), bid("U3", "A", "up", 30, 50), need("d", "A", 50))
"""x fits whole only if U1 is cut back to 10 MW, which sets 20."""


def test_a_loss_that_is_owed_is_told_to_the_bid_and_to_the_reader() -> None:
    result = clear(market_of(*LOSING, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST, currency="EUR")))

    assert award(result, "x").reason == (
        "Accepted in full; the price here is 20.00 EUR/MWh. It loses 10.00 EUR/MWh and is owed 400.00 EUR per hour."
    )
    assert result.notes == (f"{PERIOD}: welfare first; owed to accepted bids that lose, per hour: x 400.00.",)


def test_a_loss_of_a_part_is_told_with_the_part() -> None:
    """X must give 40 of its 45 MW at least: U1 is cut back just as far."""
    things = (LOSING[0], x(45, 30, minimum_mw=40), *LOSING[2:])
    result = clear(market_of(*things, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST)))

    assert award(result, "x").reason == (
        "Accepted with 40 of 45 MW. It loses 10.00 EUR/MWh and is owed 400.00 EUR per hour."
    )


def test_the_reader_is_told_what_strict_prices_cost() -> None:
    """10 · 20 + 40 · 30 = 1400 with x, 30 · 20 + 20 · 50 = 1600 without it."""
    assert clear(market_of(*LOSING)).notes == (
        f"{PERIOD}: strict prices by the exact program; they cost a welfare of 200.00 per hour.",
    )


def test_the_reader_is_told_what_strict_prices_leave_unserved() -> None:
    """Without x 20 MW stay unserved, worth 15,000 each; 1400 would have served 50 MW, and 600 serve 30."""
    assert clear(market_of(*LOSING[:2], LOSING[3])).notes == (
        f"{PERIOD}: strict prices by the exact program; they cost a welfare of 299200.00 per hour.",
        f"{PERIOD}: strict prices leave 20.000 MW of required needs unserved that could be served.",
    )


@pytest.mark.parametrize("number_of_limits", [1, 2])
def test_the_reader_is_told_which_limits_bind(number_of_limits: int) -> None:
    limits = [cable(4, f"cable {at}") for at in range(number_of_limits)]
    result = clear(market_of(x(), D15, FILL, *limits, replace(limit("wide", 50, x=1), sender=OPERATOR)))
    binding, midpoint = result.notes

    named = [shadow.limit_id for shadow in result.shadow_prices if shadow.price]
    assert binding == f"{PERIOD}: grid limits bind: {', '.join(named)}."
    assert "wide" not in named
    assert midpoint == (
        f"{PERIOD}: with losses, grid limits or shared borders a price is the midpoint between the lowest and the highest"
        " valid sum of prices."
    )


@pytest.mark.parametrize(
    ("status", "taken"),
    [(Availability.CONDITIONALLY_AVAILABLE, "available"), (Availability.CONDITIONALLY_UNAVAILABLE, "unavailable")],
)
def test_the_reader_is_told_what_is_unknown_of_a_linked_bid(status: Availability, taken: str) -> None:
    assert clear(market_of(linked(Condition.AVAILABLE_IF_ACTIVATED, status), D5, FILL)).notes == (
        f"Bid x: what became of linked y is unknown; taken as {taken}.",
    )


def test_a_network_without_anything_to_decide_needs_no_notes() -> None:
    assert clear(market_of(x(), D15, FILL, *border("B", "A", 3))).notes == ()


@pytest.mark.parametrize(
    ("condition", "first_mw", "sentence"),
    [
        (Condition.UNAVAILABLE_IF_ACTIVATED, 5, "Its link to y makes it unavailable if linked bid activated."),
        (Condition.UNAVAILABLE_IF_NOT_ACTIVATED, 0, "Its link to y makes it unavailable if linked bid not activated."),
        (
            Condition.UNAVAILABLE_IF_SCHEDULED,
            5,
            "Its link to y makes it unavailable if linked bid activated as scheduled.",
        ),
    ],
)
def test_a_bid_is_told_which_link_makes_it_unavailable(condition: Condition, first_mw: float, sentence: str) -> None:
    second = QUARTERS[1]
    market = market_of(
        bid("y", "A", "up", 10, 20),
        need("d", "A", first_mw),
        replace(linked(condition), interval=second),
        replace(FILL, interval=second),
        replace(D5, interval=second),
    )

    assert award(clear(market), "x").reason == sentence


def test_a_bid_is_told_that_its_unit_still_runs() -> None:
    direct = Activation.DIRECT
    market = market_of(
        bid("y", "A", "up", 10, 20, technical_link="unit", activation=direct),
        need("d", "A", 5, activation=direct),
        x(interval=QUARTERS[1], technical_link="unit", activation=direct),
        replace(D5, interval=QUARTERS[1], activation=direct),
    )

    assert award(clear(market), "x").reason == "The unit of technical link unit still runs from a direct activation."


def test_a_bid_of_no_interval_that_is_cleared_is_told_so() -> None:
    """Its hour overlaps the quarter that is asked for, and is none of those that are cleared."""
    hour = replace(QUARTERS[0], end=QUARTERS[3].end)

    assert award(clear(market_of(x(interval=hour), D5, FILL)), "x").reason == (
        f"Its interval {hour} is none of those that the market cleared."
    )
