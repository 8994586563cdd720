"""What an architecture model has to hold: each check finds what is planted, and nothing else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gateway.sgam.checks import Check, Completeness, completeness, gaps
from gateway.sgam.model import Architecture, Component, End, Kind, Place, Relates, Relation, Travel, Zone
from tests.gateway.sgam.small import ACTS, ASKS, BIDS, CLEARS, EXCHANGES, JOINS, LINK, PEER, SMALL, TRAVELS, without

ANSWERS = replace(
    CLEARS, outputs=("Allocation",), recipients=(End(actor="Seller (CMP)", components=("peer",)),)
)  # the gateway tells the peer, for which the model has no document


def told(model: Architecture) -> list[tuple[Check, str, str, str]]:
    return [(gap.check, gap.entry, gap.expected, gap.found) for gap in gaps(model)]


def test_the_small_model_holds() -> None:
    assert gaps(SMALL) == ()
    assert str(completeness(SMALL)) == "2 of 2 steps mapped, completeness 1.000"


NO_LINK = (Check.STEP, "step 1", "a link that carries BidSet in for Seller (CMP)", "none of peer")
BROKEN: dict[str, tuple[Architecture, tuple[Check, str, str, str]]] = {
    "function without information": (
        without(EXCHANGES),
        (Check.STEP, "step 1", "a document that carries BidSet in", "none"),
    ),
    "information on no link": (without(TRAVELS), NO_LINK),
    "link without its far component": (without(JOINS[1]), NO_LINK),
    "information the wrong way": (
        replace(SMALL, information=(replace(BIDS, travel=Travel.OUT),)),
        (Check.STEP, "step 1", "a document that carries BidSet in", "none"),
    ),
    "information of another message": (
        replace(SMALL, information=(replace(BIDS, message="ReserveNeed"),)),
        (Check.STEP, "step 1", "a document that carries BidSet in", "none"),
    ),
    "origin that nobody plays": (
        replace(SMALL, functions=(replace(ASKS, origin=End(actor="Seller (CMP)", components=())), CLEARS)),
        (Check.STEP, "step 1", "a component that plays Seller (CMP)", "none"),
    ),
    "recipient that nobody plays": (
        replace(SMALL, functions=(replace(ASKS, recipients=(End(actor="DER", components=()),)), CLEARS)),
        (Check.STEP, "step 1", "a component that plays DER", "none"),
    ),
    "answer without a document": (
        replace(SMALL, functions=(ASKS, ANSWERS)),
        (Check.STEP, "step 2", "a document that carries Allocation out", "none"),
    ),
    "answer without a message": (
        replace(SMALL, functions=(ASKS, replace(ANSWERS, outputs=()))),
        (Check.STEP, "step 2", "a document that carries a message out", "none"),
    ),
    "link without TLS": (
        replace(SMALL, links=(replace(LINK, security=replace(LINK.security, tls=None)),)),
        (Check.TLS, "link", "TLS in the zone market and enterprise", "HTTPS without"),
    ),
    "peer without a role": (without(ACTS), (Check.ROLE, "peer", "a business role", "none")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_planted_gap_is_found_and_no_other(case: str) -> None:
    model, expected = BROKEN[case]
    assert told(model) == [expected]


@pytest.mark.parametrize("case", BROKEN)
def test_only_steps_count_for_completeness(case: str) -> None:
    model, (check, *_) = BROKEN[case]
    assert completeness(model) == Completeness(1 if check is Check.STEP else 2, 2)


def test_a_step_with_two_gaps_is_one_unmapped_step() -> None:
    lost = replace(ASKS, origin=End(actor="Seller (CMP)", components=()), recipients=(End(actor="DER", components=()),))
    model = replace(SMALL, functions=(lost, CLEARS))
    assert [gap.expected for gap in gaps(model)] == [
        "a component that plays Seller (CMP)",
        "a component that plays DER",
    ]
    assert completeness(model).mapped == 1


@pytest.mark.parametrize("zone", Zone)
def test_tls_is_asked_for_from_operation_to_market(zone: Zone) -> None:
    bare = replace(LINK, ends=("meter", "peer"), security=replace(LINK.security, tls=None))
    place = Place(domain=PEER.place.domain, zone=zone)
    peer = replace(PEER, place=place)
    meter = Component(id="meter", kind=Kind.SERVER, party=PEER.party, place=place, part_of="peer")
    model = replace(SMALL, components=(SMALL.components[0], meter, peer), links=(bare,))
    found = [gap.entry for gap in gaps(model) if gap.check is Check.TLS]
    assert found == (["link"] if zone in {Zone.OPERATION, Zone.ENTERPRISE, Zone.MARKET} else [])


def test_a_server_speaks_for_its_peer() -> None:
    server = Component(id="server", kind=Kind.SERVER, party=PEER.party, place=PEER.place, part_of="peer")
    moved = (Relation("link", Relates.JOINS, "gateway"), Relation("link", Relates.JOINS, "server"))
    model = replace(
        without(*JOINS),
        components=(*SMALL.components, server),
        links=(replace(LINK, ends=("gateway", "server")),),
    )
    model = replace(model, relations=(*model.relations, *moved))
    assert gaps(model) == ()
    stranger = replace(model, components=(*SMALL.components, replace(server, part_of=None)))
    assert told(stranger) == [NO_LINK]


SHARES = {(0, 0): "1", (0, 3): "0", (2, 3): "0.666", (12, 13): "0.923", (3, 3): "1"}


@pytest.mark.parametrize("counted", SHARES)
def test_completeness_is_never_rounded_up(counted: tuple[int, int]) -> None:
    assert Completeness(*counted).share == Decimal(SHARES[counted])


def test_a_gap_is_told_in_one_line() -> None:
    (gap,) = gaps(without(ACTS))
    assert str(gap) == "peer in business: peer: expected a business role, found none"
