"""The pool and the agreement: who may say what, who is silent, and what all have agreed on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.areas import BalancingArea, Cooperation, Exchange, Outage
from gateway.clearing import ClearingRules, Pricing
from gateway.clearing.example import QUARTERS
from gateway.coupling import Agreement, Member, agreement_of, couple
from gateway.coupling.pool import pooled
from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import PartyId
from gateway.market import Area, MarketDefinition
from gateway.model import Activation, Party, Reserve, Role
from gateway.time import QUARTER_HOUR, Interval
from tests.gateway.coupling.three_areas import (
    BIDS,
    BORDERS,
    NEEDS,
    A,
    B,
    C,
    agreement,
    contribution,
    contributions,
    cooperation,
    operator,
)

NOW, NEXT = QUARTERS[:2]
ALL = agreement("ABC")


def test_all_that_members_say_of_their_areas_is_pooled() -> None:
    pool = pooled(ALL, contributions())
    assert [bid.id for bid in pool.bids] == ["A1", "A2", "Ad", "B1", "Bd", "C1", "C2", "Cd"]
    assert [need.id for need in pool.needs] == ["dA", "dB", "dC"]
    assert [(c.id, c.sender) for c in pool.capacities if c.from_area == A] == [
        ("A-B", operator("A")),
        ("A-B", operator("B")),
    ]
    assert (pool.intervals, pool.notes, pool.cooperation) == ((NOW,), (), ALL.cooperation)
    assert pooled(ALL, contributions()[::-1]) == pool


def test_a_member_speaks_for_its_own_areas() -> None:
    intruding = replace(contribution("A"), bids=(*contribution("A").bids, BIDS[2]), needs=(NEEDS[1], NEEDS[0]))
    pool = pooled(ALL, [intruding, contribution("B"), contribution("C")])
    assert [bid.id for bid in pool.bids] == ["A1", "A2", "Ad", "B1", "Bd", "C1", "C2", "Cd"]
    assert pool.notes == (
        f"B1 of operator A in {NOW}: it lies outside of what this member speaks for; kept out.",
        f"dB of operator A in {NOW}: it lies outside of what this member speaks for; kept out.",
    )


def test_a_member_speaks_for_its_own_borders() -> None:
    intruding = replace(contribution("A"), capacities=tuple(replace(e, sender=operator("A")) for e in BORDERS))
    pool = pooled(ALL, [intruding, contribution("B"), contribution("C")])
    assert not [c for c in pool.capacities if c.sender == operator("A") and C in {c.from_area, c.to_area}]


def test_an_interval_that_a_member_does_not_speak_of_is_not_spoken_of() -> None:
    early = replace(contribution("A"), bids=(replace(BIDS[0], interval=NEXT),))
    pool = pooled(ALL, [early, contribution("B"), contribution("C")])
    assert pool.notes == (f"A1 of operator A in {NEXT}: it lies outside of what this member speaks for; kept out.",)


def test_an_id_that_two_members_use_names_neither() -> None:
    twin = replace(contribution("B"), bids=(replace(BIDS[2], id="A1"), BIDS[6]))
    pool = pooled(ALL, [contribution("A"), twin, contribution("C")])
    assert [bid.id for bid in pool.bids] == ["A2", "Ad", "Bd", "C1", "C2", "Cd"]
    assert pool.notes == (f"A1 in {NOW}: 2 orders have this id; all are kept out.",)


def test_one_id_may_return_in_another_interval() -> None:
    again = replace(contribution("A", intervals=(NOW, NEXT)), bids=(BIDS[0], replace(BIDS[0], interval=NEXT)))
    pool = pooled(agreement("A"), [again])
    assert [(bid.id, bid.interval) for bid in pool.bids] == [("A1", NOW), ("A1", NEXT)]
    assert pool.notes == ()


def test_other_reserves_are_not_pooled() -> None:
    mixed = replace(contribution("A"), bids=(BIDS[0], replace(BIDS[1], reserve=Reserve.AFRR)))
    said = [mixed, contribution("B"), contribution("C")]
    assert "A2" not in {bid.id for bid in pooled(ALL, said).bids}
    automatic = pooled(replace(ALL, reserve=Reserve.AFRR), said)
    assert ([bid.id for bid in automatic.bids], automatic.needs) == (["A2"], ())


UNFIT = {
    "too fine": ({"quantity_mw": Decimal("1.0000001")}, "it has more than 6 decimals"),
    "other money": ({"currency": "NOK"}, "it is in another currency than the agreement"),
    "beyond the cap": ({"price": Decimal(15_001)}, "its limit lies beyond the price cap"),
    "below the cap": ({"price": Decimal(-15_001)}, "its limit lies beyond the price cap"),
    "direct": (
        {"activation": Activation.DIRECT},
        "it asks for direct activation, which is cleared one demand at a time",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_need_that_the_clearing_would_refuse_is_kept_out(name: str) -> None:
    changes, why = UNFIT[name]
    said = replace(contribution("A"), needs=(replace(NEEDS[0], **changes),))  # type: ignore[arg-type]  # mixed fields
    pool = pooled(ALL, [said, contribution("B"), contribution("C")])
    assert [need.id for need in pool.needs] == ["dB", "dC"]
    assert pool.notes == (f"dA of operator A in {NOW}: {why}; kept out.",)
    assert couple(ALL, [said, contribution("B"), contribution("C")]).parts


def test_a_bid_that_is_stated_too_finely_is_kept_out() -> None:
    said = replace(contribution("A"), bids=(replace(BIDS[0], price=Decimal("60.0000001")), BIDS[1]))
    pool = pooled(agreement("A"), [said])
    assert [bid.id for bid in pool.bids] == ["A2"]
    assert pool.notes == (f"A1 of operator A in {NOW}: it has more than 6 decimals; kept out.",)


def test_when_a_bid_was_submitted_does_not_count() -> None:
    dated = replace(contribution("A"), bids=(replace(BIDS[0], submitted=NOW.start),))
    assert pooled(agreement("A"), [dated]) == pooled(agreement("A"), [replace(dated, bids=BIDS[:1])])


@pytest.mark.parametrize(
    ("buyer", "known", "told"),
    [
        (operator("A"), None, Role.TRANSMISSION_SYSTEM_OPERATOR),
        (operator("A"), Role.MARKET_OPERATOR, Role.TRANSMISSION_SYSTEM_OPERATOR),
        (operator("D"), Role.DISTRIBUTION_SYSTEM_OPERATOR, None),
    ],
)
def test_as_what_a_buyer_acts_follows_from_who_is_a_member(
    buyer: PartyId, known: Role | None, told: Role | None
) -> None:
    asked = replace(NEEDS[0], buyer=buyer, buyer_role=known)
    (need,) = pooled(agreement("A"), [replace(contribution("A"), needs=(asked,))]).needs
    assert (need.buyer, need.buyer_role) == (buyer, told)


def test_a_block_bid_has_all_its_intervals() -> None:
    parts = tuple(
        replace(BIDS[0], id=f"blk#{at}", block_bid="blk", interval=when) for at, when in enumerate((NOW, NEXT))
    )
    pool = pooled(agreement("A"), [replace(contribution("A", intervals=(NOW, NEXT)), bids=(*parts, BIDS[1]))])
    assert pool.blocks == {"blk": {NOW, NEXT}}


def test_who_is_no_member_says_nothing() -> None:
    pool = pooled(agreement("AB"), contributions())
    assert {bid.area for bid in pool.bids} == {A, B}
    assert pool.notes == ("operator C is no member; nothing that it says counts.",)


def test_who_is_silent_is_cut_off_for_as_long() -> None:
    pool = pooled(ALL, [*contributions(intervals=(NOW, NEXT), names="BC"), contribution("A", intervals=(NEXT,))])
    assert pool.cooperation.outages == (Outage(areas=frozenset({A}), interval=NOW),)
    assert pool.notes[-1] == f"operator A says nothing of {NOW}: cut off."
    assert pooled(ALL, ()).cooperation == ALL.cooperation


def test_capacities_count_in_every_interval_that_they_cover() -> None:
    hour = replace(BORDERS[0], interval=Interval(QUARTERS[0].start, QUARTERS[3].end))
    pool = pooled(ALL, contributions((*BIDS, BORDERS[1], hour), QUARTERS))
    assert [len(pool.stated[when]) for when in QUARTERS] == [4, 2, 2, 2]


# ---- the agreement


CHANGES: dict[str, Agreement] = {
    "rules": replace(ALL, rules=ClearingRules(price_cap=Decimal(9999))),
    "pricing": replace(ALL, rules=ClearingRules(pricing=Pricing.WELFARE_FIRST)),
    "reserve": replace(ALL, reserve=Reserve.RR),
    "a member": replace(ALL, members=ALL.members[:2]),
    "a membership": replace(ALL, cooperation=cooperation("AB", "C")),
    "an outage": replace(ALL, cooperation=ALL.cooperation.decoupled({A}, NOW.start)),
    "a CoBA": replace(ALL, cooperation=replace(ALL.cooperation, cobas=(BalancingArea(name="ABC"),))),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_whatever_is_agreed_otherwise_changes_the_digest(changed: str) -> None:
    assert CHANGES[changed].digest != ALL.digest


def test_the_order_in_which_an_agreement_is_listed_does_not_matter() -> None:
    shuffled = Cooperation(ALL.cooperation.memberships[::-1], QUARTER_HOUR)
    assert replace(ALL, members=ALL.members[::-1], cooperation=shuffled).digest == ALL.digest


def test_an_area_has_one_member() -> None:
    assert (ALL.areas, ALL.areas_of(operator("B")), ALL.member_of(C)) == ((A, B, C), (B,), operator("C"))
    assert ALL.areas_of(operator("D")) == ()
    with pytest.raises(InvalidValue, match="one member for each area"):
        Agreement(members=(Member(operator("A"), (A,)), Member(operator("B"), (A,))), cooperation=ALL.cooperation)
    with pytest.raises(InvalidValue, match="expected an area of the agreement, found example:C"):
        agreement("AB").member_of(C)


@pytest.mark.parametrize(
    ("reserve", "exchange"),
    [
        (Reserve.RR, Exchange.REPLACEMENT),
        (Reserve.MFRR, Exchange.MANUAL_RESTORATION),
        (Reserve.AFRR, Exchange.AUTOMATIC_RESTORATION),
    ],
)
def test_a_reserve_is_exchanged_by_its_process(reserve: Reserve, exchange: Exchange) -> None:
    assert replace(ALL, reserve=reserve).exchange is exchange


def test_containment_reserve_is_not_activated_across_borders() -> None:
    with pytest.raises(InvalidValue, match="RR or mFRR or aFRR, found FCR"):
        _ = replace(ALL, reserve=Reserve.FCR).exchange


def market(*areas: Area) -> MarketDefinition:
    return MarketDefinition(operator=Party(operator("A"), Role.MARKET_OPERATOR), areas=areas)


def test_a_market_definition_tells_members_and_rules() -> None:
    of_two = market(
        Area(id=C, name="C", operator=operator("B")),
        Area(id=A, name="A", operator=operator("A")),
        Area(id=B, name="B", operator=operator("B")),
    )
    found = agreement_of(replace(of_two, price_cap=Decimal(4000), pricing=Pricing.WELFARE_FIRST), None)
    assert found.members == (Member(operator("A"), (A,)), Member(operator("B"), (B, C)))
    assert found.rules == ClearingRules(price_cap=Decimal(4000), pricing=Pricing.WELFARE_FIRST)
    assert found.cooperation.parts(found.areas, NOW.start) == ((A,), (B,), (C,))
    assert agreement_of(of_two, cooperation("ABC")).cooperation == cooperation("ABC")


def test_an_area_without_an_operator_and_a_market_without_areas_are_refused() -> None:
    with pytest.raises(Misconfigured, match="areas, North: expected the operator of the area, found none"):
        agreement_of(market(Area(id=A, name="North")), None)
    with pytest.raises(Misconfigured, match="the areas that are coupled"):
        agreement_of(market(), None)
