"""The exchange: members that hear each other through documents find what one finds that sees all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.areas import Cooperation, Membership, MeritOrderLists
from gateway.clearing.example import QUARTERS
from gateway.coupling import Agreement, Contribution, Coupled, Member, couple
from gateway.coupling.exchange import Verdict, couple_messages, fallback, heard, letters, verdict
from gateway.coupling.publication import published, share_of, simplified
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.model import (
    Availability,
    Bid,
    BidSet,
    Capacity,
    Condition,
    GridConstraints,
    Link,
    Need,
    Reserve,
    ReserveNeed,
)
from gateway.time import QUARTER_HOUR, Interval
from profiles import parse, to_canonical, write_message
from tests.gateway.clearing.drawn import orders as drawn_orders
from tests.gateway.clearing.reading import accepted
from tests.gateway.coupling.three_areas import BIDS, BORDERS, NEEDS, START, moved

EIC = {"A": "10YNO-1--------2", "B": "10YNO-2--------T", "C": "10YNO-3--------J", "D": "10YNO-4--------9"}
AREAS = {name: AreaId(code, "A01") for name, code in EIC.items()}
OPERATORS = {
    name: PartyId(code, "A01")
    for name, code in zip(
        "ABCD", ("10X1001A1001A38Y", "10X1001A1001A39W", "10X1001A1001A418", "10X1001A1001A248"), strict=True
    )
}
PROVIDER = PartyId("9999909919920", "A10")
NOW = START - timedelta(minutes=10)


def agreement(names: str = "ABC") -> Agreement:
    members = tuple(Member(OPERATORS[name], (AREAS[name],)) for name in names)
    joined = tuple(Membership(area=AREAS[name], coba="all", since=START) for name in names)
    return Agreement(members=members, cooperation=Cooperation(joined, QUARTER_HOUR))


def as_told(order: Bid | Need | Capacity, sender: str) -> Bid | Need | Capacity:
    """Return an order of the small markets under identifiers that documents can carry."""
    match order:
        case Bid():
            return replace(order, provider=PROVIDER, area=AREAS[order.area.value])
        case Need():
            return replace(order, buyer=OPERATORS[sender], area=AREAS[order.area.value])
        case Capacity():
            ends = AREAS[order.from_area.value], AREAS[order.to_area.value]
            return replace(order, sender=OPERATORS[sender], from_area=ends[0], to_area=ends[1])


def contribution(name: str, orders: tuple[Bid | Need | Capacity, ...], intervals: int = 1) -> Contribution:
    own = [as_told(each, name) for each in orders if name in _places(each)]
    return Contribution(
        member=OPERATORS[name],
        intervals=QUARTERS[:intervals],
        bids=tuple(each for each in own if isinstance(each, Bid)),
        needs=tuple(each for each in own if isinstance(each, Need)),
        capacities=tuple(each for each in own if isinstance(each, Capacity)),
    )


def _places(order: Bid | Need | Capacity) -> set[str]:
    if isinstance(order, Capacity):
        return {order.from_area.value, order.to_area.value}
    return {order.area.value}


def through_documents(said: tuple[Envelope[Message], ...]) -> tuple[Envelope[Message], ...]:
    """Return what a reader makes of the documents that carry *said*; nothing is assumed or lost on the way."""
    read = []
    for letter in said:
        parsed = parse(write_message(letter))
        envelope, report = to_canonical(parsed)
        assert parsed.report.clean
        assert (report.findings, report.losses) == ((), ())
        read.append(envelope)
    return tuple(read)


def as_each_finds_it(pact: Agreement, said: tuple[Contribution, ...]) -> tuple[Coupled, ...]:
    """Let all members tell each other what they say, and return the result of each."""
    return tuple(
        couple_messages(
            pact,
            own,
            [
                letter
                for other in said
                if other is not own
                for letter in through_documents(letters(pact, other, own.member, NOW))
            ],
        )
        for own in said
    )


EVERYTHING: tuple[Bid | Need | Capacity, ...] = (*BIDS, *NEEDS, *BORDERS)
SAID = tuple(contribution(name, EVERYTHING) for name in "ABC")


def test_every_member_finds_what_one_finds_that_sees_all() -> None:
    found = as_each_finds_it(agreement(), SAID)
    assert {each.digest for each in found} == {couple(agreement(), SAID).digest}
    assert [each.welfare for each in found] == [2_099_450] * 3
    assert verdict(dict(zip(OPERATORS.values(), (each.digest for each in found), strict=False))) is Verdict.AGREED


def tellable(seed: int) -> tuple[Bid | Need | Capacity, ...]:
    """Return a drawn market without what documents do not carry: losses and grid limits."""
    drawn = [each for each in drawn_orders(seed, 8) if isinstance(each, Bid | Need | Capacity)]
    return tuple(replace(e, loss_factor=Decimal(0)) if isinstance(e, Capacity) else e for e in drawn)


def two_or_more_agree(seed: int) -> None:
    said = tuple(contribution(name, tellable(seed)) for name in "ABCD")
    found = as_each_finds_it(agreement("ABCD"), said)
    assert {each.digest for each in found} == {couple(agreement("ABCD"), said).digest}


@settings(max_examples=max(2, settings().max_examples // 4))  # each example couples five times
@given(st.integers(0, 10**6))
def test_whatever_the_market_documents_carry_it_whole(seed: int) -> None:
    two_or_more_agree(seed)


@pytest.mark.slow
def test_sixty_markets_are_the_same_at_every_member() -> None:
    for seed in range(60):
        two_or_more_agree(seed)


def test_what_is_said_comes_back_from_its_documents() -> None:
    for own, other in ((SAID[0], SAID[1]), (SAID[1], SAID[2])):
        read = heard(agreement(), own, through_documents(letters(agreement(), other, own.member, NOW)))
        assert [each.member for each in read] == sorted([own.member, other.member])
        (back,) = [each for each in read if each.member == other.member]
        assert back.intervals == other.intervals
        assert {b.id: (b.quantity_mw, b.price) for b in back.bids} == {
            b.id: (b.quantity_mw, b.price) for b in other.bids
        }
        assert {n.id: (n.quantity_mw, n.price) for n in back.needs} == {
            n.id: (n.quantity_mw, n.price) for n in other.needs
        }
        assert sorted(c.quantity_mw for c in back.capacities) == sorted(c.quantity_mw for c in other.capacities)


def test_of_equal_bids_every_member_takes_the_same() -> None:
    """Each member knows when its own bids were submitted, and of the others' only when it was told of them."""
    whole = replace(BIDS[0], price=Decimal(50), quantity_mw=Decimal(10), divisible=False)
    early, late = NOW - timedelta(hours=1), NOW + timedelta(minutes=5)
    twins = (
        replace(whole, id="z", submitted=early),
        replace(whole, id="y", area=BIDS[2].area, submitted=late),
    )
    asked = replace(NEEDS[0], quantity_mw=Decimal(10))
    said = tuple(contribution(name, (*twins, asked, *BORDERS)) for name in "ABC")
    found = as_each_finds_it(agreement(), said)
    assert len({each.digest for each in found}) == 1
    assert [sum(accepted(each.parts[0].result).values()) for each in found] == [10, 10, 10]


def test_a_block_bid_goes_through_documents_whole() -> None:
    day = tuple(order for when in QUARTERS[:2] for order in moved(EVERYTHING, when))
    blocks = tuple(
        replace(BIDS[0], id=f"blk#{at}", block_bid="blk", interval=when, price=Decimal(50))
        for at, when in enumerate(QUARTERS[:2], 1)
    )
    said = tuple(contribution(name, (*day, *blocks), intervals=2) for name in "ABC")
    found = as_each_finds_it(agreement(), said)
    assert {each.digest for each in found} == {couple(agreement(), said).digest}
    assert {name for name in accepted(found[0].parts[0].result) if name.startswith("blk")} == {"blk#1", "blk#2"}


def test_who_has_nothing_to_offer_still_speaks() -> None:
    (only,) = letters(agreement(), replace(SAID[0], bids=(), needs=(), capacities=()), OPERATORS["B"], NOW)
    assert only.message == BidSet(bids=())
    (read, _) = heard(agreement(), SAID[1], through_documents((only,)))
    assert (read.member, read.intervals, read.bids) == (OPERATORS["A"], QUARTERS[:1], ())


def test_only_the_reserve_of_the_agreement_is_spoken_of() -> None:
    mixed = replace(
        SAID[0],
        bids=(*SAID[0].bids, replace(SAID[0].bids[0], id="auto", reserve=Reserve.AFRR)),
        needs=tuple(replace(each, reserve=Reserve.AFRR) for each in SAID[0].needs),
    )
    read = through_documents(letters(agreement(), mixed, OPERATORS["B"], NOW))
    assert [type(each.message) for each in read] == [BidSet, GridConstraints]
    (other,) = [each for each in heard(agreement(), SAID[1], read) if each.member == OPERATORS["A"]]
    assert [bid.id for bid in other.bids] == ["A1", "A2", "Ad"]


def test_a_gap_parts_the_messages() -> None:
    apart = replace(
        SAID[0],
        intervals=(QUARTERS[0], QUARTERS[2], QUARTERS[3]),
        bids=(SAID[0].bids[0], replace(SAID[0].bids[0], interval=QUARTERS[3])),
        needs=(),
        capacities=(),
    )
    said = letters(agreement(), apart, OPERATORS["B"], NOW)
    assert [(each.period.start, each.period.end) for each in said if each.period] == [
        (QUARTERS[0].start, QUARTERS[0].end),
        (QUARTERS[2].start, QUARTERS[3].end),
    ]
    (read, _) = heard(agreement(), SAID[1], said)
    assert read.intervals == apart.intervals


def test_a_message_is_named_by_what_it_is() -> None:
    one, again = (letters(agreement(), SAID[0], OPERATORS["B"], NOW) for _ in range(2))
    assert one == again
    assert [type(each.message) for each in one] == [BidSet, GridConstraints, ReserveNeed]
    assert len({each.id for each in (*one, *letters(agreement(), SAID[0], OPERATORS["C"], NOW))}) == 6


def test_the_highest_revision_counts() -> None:
    (bids, *rest) = letters(agreement(), SAID[1], OPERATORS["A"], NOW)
    fewer = replace(bids, message=BidSet(bids=SAID[1].bids[1:]), revision=2)
    for received in ([bids, fewer, *rest], [*rest, fewer, bids]):
        (_, read) = heard(agreement(), SAID[0], received)
        assert [bid.id for bid in read.bids] == ["Bd"]


@pytest.mark.parametrize(("start", "end"), [(60, 0), (0, 60), (0, -450)])
def test_a_period_off_the_grid_speaks_of_no_interval(start: int, end: int) -> None:
    (bids, *_) = letters(agreement(), SAID[1], OPERATORS["A"], NOW)
    off = Interval(QUARTERS[0].start + timedelta(seconds=start), QUARTERS[0].end + timedelta(seconds=end))
    (_, read) = heard(agreement(), SAID[0], [replace(bids, period=off)])
    assert (read.intervals, len(read.bids)) == ((), 2)


def test_nobody_speaks_for_me() -> None:
    forged = letters(agreement(), replace(SAID[0], bids=()), OPERATORS["B"], NOW)
    assert heard(agreement(), SAID[0], forged) == (SAID[0],)


def test_a_lost_message_is_seen_and_each_falls_back() -> None:
    """C does not hear A: it clears without it, and its digest tells."""
    to_a = [letter for other in SAID[1:] for letter in letters(agreement(), other, OPERATORS["A"], NOW)]
    to_c = letters(agreement(), SAID[1], OPERATORS["C"], NOW)
    found = {
        OPERATORS["A"]: couple_messages(agreement(), SAID[0], to_a).digest,
        OPERATORS["C"]: couple_messages(agreement(), SAID[2], to_c).digest,
    }
    assert verdict(found) is Verdict.DISPUTED
    alone = fallback(agreement(), SAID[2])
    assert [(part.areas, accepted(part.result)["C2"]) for part in alone.parts] == [((AREAS["C"],), Decimal(30))]
    assert verdict({}) is Verdict.AGREED


# ---- what is published


def test_the_published_list_comes_back_with_the_same_digest() -> None:
    marked = replace(SAID[1], bids=(replace(SAID[1].bids[0], availability=Availability.UNAVAILABLE), SAID[1].bids[1]))
    coupled = couple(agreement(), (SAID[0], marked, SAID[2]))
    for own in OPERATORS.values():
        told = published(agreement(), own, coupled, NOW)
        if own == OPERATORS["D"]:
            assert told == ()
            continue
        lists, left = (each.message for each in through_documents(told))
        assert isinstance(lists, MeritOrderLists)
        assert [each.digest for each in lists.lists] == [each.digest for each in coupled.parts[0].lists]
        assert [entry.usable for entry in lists.lists[0].entries] == [False, True, True, True, True]
        assert isinstance(left, GridConstraints)
        way = {(each.from_area, each.to_area): each.quantity_mw for each in left.capacities}
        assert way[AREAS["B"], AREAS["A"]] == coupled.parts[0].after[0].limit_mw(AREAS["B"], AREAS["A"])


def test_what_a_list_cannot_tell_is_told_beside_it() -> None:
    grouped = replace(
        SAID[0], bids=(replace(SAID[0].bids[0], exclusive="g", links=(Link("x", Condition.AVAILABLE_IF_ACTIVATED),)),)
    )
    coupled = couple(agreement(), (grouped, SAID[1], SAID[2]))
    lists, losses = simplified(coupled.parts[0].lists)
    assert losses == (
        f"A1 in {QUARTERS[0]}: the list does not tell its exclusive.",
        f"A1 in {QUARTERS[0]}: the list does not tell its links.",
    )
    assert [each.digest for each in lists] == [each.digest for each in coupled.parts[0].lists]
    assert through_documents(published(agreement(), OPERATORS["A"], coupled, NOW))


def test_a_part_without_bids_or_borders_publishes_nothing_of_them() -> None:
    silent = tuple(replace(each, bids=(), capacities=()) for each in SAID)
    assert published(agreement(), OPERATORS["A"], couple(agreement(), silent), NOW) == ()


def test_a_share_is_what_concerns_its_areas() -> None:
    result = couple(agreement(), SAID).parts[0].result
    share = share_of(result, [AREAS["A"]])
    assert accepted(share) == {"A1": 30}
    assert [each.area for each in share.needs] == [each.area for each in share.prices] == [AREAS["A"]]
    assert {(each.from_area, each.to_area) for each in share.flows} == {
        (AREAS["A"], AREAS["B"]),
        (AREAS["B"], AREAS["A"]),
    }


def test_a_day_is_told_in_one_message_of_bids_one_of_capacities_and_one_of_needs_for_each_interval() -> None:
    day = tuple(order for when in QUARTERS[:4] for order in moved(EVERYTHING, when))
    said = tuple(contribution(name, day, intervals=4) for name in "ABC")
    told = [type(each.message) for each in letters(agreement(), said[0], OPERATORS["B"], NOW)]
    assert told == [BidSet, GridConstraints, *[ReserveNeed] * 4]
    found = as_each_finds_it(agreement(), said)
    assert {each.digest for each in found} == {couple(agreement(), said).digest}
    assert found[0].welfare == 4 * 2_099_450
