"""Bids that are taken whole or one of a group, in a network: every combination tried shows what is best."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clearing.example import bid
from gateway.clearing.nodal.certificate import certify_nodal
from gateway.clearing.nodal.indivisible import clear_chosen, decided
from gateway.clearing.nodal.lazy import clear_nodal
from gateway.clearing.nodal.market import NodalMarket
from gateway.errors import InvalidValue
from gateway.model import ZERO, Bid
from gateway.network.model import Thermal
from tests.gateway.clearing.nodal.hand import hand_market
from tests.gateway.clearing.nodal.systems import systems
from tests.gateway.clearing.nodal.test_lazy import goals_reached

CAP = 15000


def with_bids(market: NodalMarket, **changes: dict[str, object]) -> NodalMarket:
    """Return *market* with other fields of the bids named."""
    return replace(market, bids=tuple(replace(each, **changes.get(each.id, {})) for each in market.bids))  # type: ignore[arg-type]  # one field or the other


def weighed(market: NodalMarket) -> float:
    """Return what a clearing makes least of: what gives way and what is missing far above cost."""
    excess, missing, cost = goals_reached(clear_nodal(market))
    return 100 * CAP * excess + 10 * CAP * missing + cost


def best_of_all(market: NodalMarket) -> float:
    """Return the same over every choice of the bids with conditions, tried one after the other."""
    conditional = [each for each in market.bids if each.least_mw or each.exclusive]
    tried = []
    for taken in product((False, True), repeat=len(conditional)):
        chosen = {each.id for each, is_taken in zip(conditional, taken, strict=True) if is_taken}
        groups = [each.exclusive for each in conditional if each.exclusive and each.id in chosen]
        if len(groups) == len(set(groups)):
            tried.append(weighed(_as_chosen(market, conditional, chosen)))
    return min(tried)


def _as_chosen(market: NodalMarket, conditional: list[Bid], chosen: set[str]) -> NodalMarket:
    least = {each.id: each.least_mw for each in conditional if each.id in chosen}
    most = {each.id: each.quantity_mw if each.id in chosen else ZERO for each in conditional}
    free = {"divisible": True, "minimum_mw": ZERO, "exclusive": None}
    bids = (replace(b, quantity_mw=most[b.id], **free) if b.id in most else b for b in market.bids)  # type: ignore[arg-type]  # as above
    return replace(market, bids=tuple(bids), committed_mw=least)


def test_freely_divisible_bids_are_cleared_as_they_are() -> None:
    market = hand_market()
    assert decided(market) is market
    assert clear_chosen(market) == clear_nodal(market)


def test_an_indivisible_bid_that_its_feeder_cannot_carry_whole_is_left_out() -> None:
    # e1 would stop at 3.5 of 4 MW, and s1 gives the rest; g1, which could make room for it, is not there.
    market = with_bids(hand_market("g1"), e1={"divisible": False})
    result = clear_chosen(market)

    assert result.accepted_mw["e1"] == 0
    assert result.accepted_mw["s1"] == clear_nodal(hand_market("e1", "g1")).accepted_mw["s1"]


def test_with_a_least_quantity_it_is_taken_as_far_as_the_feeder_carries_it() -> None:
    market = hand_market("g1")
    assert clear_chosen(with_bids(market, e1={"minimum_mw": Decimal(3)})).accepted_mw["e1"] == Decimal("3.5")
    assert clear_chosen(with_bids(market, e1={"minimum_mw": Decimal("3.6")})).accepted_mw["e1"] == 0


def test_of_an_exclusive_group_one_is_taken() -> None:
    market = with_bids(hand_market(), m1={"exclusive": "pair"}, n1={"exclusive": "pair"})
    result = clear_chosen(market)

    assert result.accepted_mw["m1"] == 0
    assert result.accepted_mw["n1"] > 0


def test_what_is_committed_of_a_bid_is_chosen_and_stays() -> None:
    market = with_bids(hand_market(), g2={"minimum_mw": Decimal(1)})
    result = clear_chosen(replace(market, committed_mw={"g2": Decimal(2)}))

    assert result.accepted_mw["g2"] >= 2


def test_the_chosen_ones_are_committed_and_the_others_gone() -> None:
    market = with_bids(hand_market("g1"), m1={"divisible": False}, e1={"divisible": False}, n1={"exclusive": "alone"})
    chosen = decided(market)

    assert {each.id for each in chosen.bids} == {"g2", "m1", "n1", "s1"}
    assert chosen.committed_mw == {"m1": Decimal(10), "n1": Decimal(0)}
    assert "e1" not in chosen.buses
    assert "e1" not in chosen.tan_phi
    assert all(each.divisible and not each.exclusive for each in chosen.bids)


def test_the_result_is_certified_for_what_was_chosen_and_tells_every_bid() -> None:
    market = with_bids(hand_market(), m1={"divisible": False}, e1={"divisible": False})
    result, chosen = clear_chosen(market), decided(market)

    assert set(result.accepted_mw) == {each.id for each in market.bids}
    kept = {each.id: result.accepted_mw[each.id] for each in chosen.bids}
    assert certify_nodal(chosen, replace(result, accepted_mw=kept)) == ()


@pytest.mark.parametrize(
    "condition",
    [{"granularity_mw": Decimal(1)}, {"multipart": "unit"}, {"inclusive": "all"}, {"parent": "n1"}],
    ids=lambda condition: next(iter(condition)),
)
def test_other_conditions_are_refused(condition: dict[str, object]) -> None:
    market = with_bids(hand_market(), m1={"divisible": False}, s1=condition)
    with pytest.raises(InvalidValue, match="bid s1: expected a bid alone or in an exclusive group"):
        clear_chosen(market)


@settings(max_examples=max(2, settings().max_examples // 5))  # dear to try
@given(systems(Thermal.SEPARATE, feeders=1), st.data())
def test_no_other_choice_is_better(market: NodalMarket, data: st.DataObject) -> None:
    conditional = data.draw(st.lists(st.sampled_from(market.bids), min_size=1, max_size=3, unique_by=lambda b: b.id))
    kinds = {each.id: data.draw(st.sampled_from(KINDS)) for each in conditional}
    market = with_bids(market, **kinds)

    result = clear_chosen(market)
    excess, missing, cost = goals_reached(result)
    assert 100 * CAP * excess + 10 * CAP * missing + cost == pytest.approx(best_of_all(market), rel=1e-6, abs=1e-2)
    for each in market.bids:
        accepted = result.accepted_mw[each.id]
        assert accepted == 0 or each.least_mw <= accepted <= each.quantity_mw


KINDS: list[dict[str, object]] = [{"divisible": False}, {"exclusive": "g"}, {"minimum_mw": Decimal(1)}]


def test_a_need_that_only_an_indivisible_bid_can_meet_too_well_prefers_the_smaller_miss() -> None:
    market = hand_market("e1", "g1", "g2", "m1", "s1", injections_mw={"S": Decimal(-4)}, injections_mvar={})
    lumpy = replace(market, bids=(bid("n1", "A", "up", 5, 20, divisible=False),))

    assert sum(clear_chosen(lumpy).missing_mw.values()) == -1
