"""Every scheme as an architecture: laws that hold whatever the scheme and whoever is in the book."""

from collections.abc import Iterator

import pytest

from adapters.sgam.players import GATEWAY
from gateway import schemes
from gateway.sgam.checks import Check, completeness, gaps
from gateway.sgam.difference import Change, differences
from gateway.sgam.model import Architecture, Relates, Travel
from tests.adapters.sgam.installation import BOOK, DISTRIBUTION, MARKET, SELLER, TRANSMISSION, listed, model, peer
from tests.security.books import AGGREGATOR, HEAD, NEIGHBOUR, OPERATOR

ANY = ["*"]
OPEN = (
    HEAD
    + peer("agg-c", AGGREGATOR, "A46", ANY, ANY).replace('["A46"]', listed(["A46", "A08"]))
    + peer("tso-a", OPERATOR, "A49", ANY, ANY)
    + peer("dso-b", NEIGHBOUR, "A50", ANY, ANY)
)
"""Everybody may say and hear everything."""

BOOKS = {"the book": BOOK, "an open book": OPEN, "a seller alone": HEAD + SELLER, "no seller": HEAD + TRANSMISSION}

MAPPED = {
    "centralised": "12 of 13",
    "common_centralised": "15 of 16",
    "common_decentralised": "20 of 21",
    "integrated": "15 of 16",
    "local": "20 of 21",
    "shared": "21 of 22",
}


@pytest.mark.parametrize("scheme", schemes.names())
def test_with_an_open_book_only_the_setpoint_of_devices_is_missing(scheme: str) -> None:
    found = model(OPEN, scheme=scheme)
    assert str(completeness(found)).startswith(f"{MAPPED[scheme]} steps mapped")
    assert {gap.expected for gap in gaps(found)} == {
        "a document that carries Setpoint in",
        "a component that plays DER",
    }


@pytest.fixture(params=[(scheme, name) for scheme in schemes.names() for name in BOOKS], ids="-".join)
def drawn(request: pytest.FixtureRequest) -> Architecture:
    scheme, name = request.param
    return model(BOOKS[name], scheme=scheme)


def test_only_who_is_at_an_end_of_a_step_uses_it(drawn: Architecture) -> None:
    acting = {each.id: set(drawn.related(each.id, Relates.ACTS_THROUGH)) for each in drawn.businesses}
    playing = {each.id: set(_components(drawn, each.id)) for each in drawn.functions}
    for business, components in acting.items():
        used = set(drawn.related(business, Relates.USES))
        assert all(components & playing[step] for step in used)
    for step, components in playing.items():
        users = [business for business in acting if step in drawn.related(business, Relates.USES)]
        assert {component for business in users for component in acting[business]} == components


def _components(found: Architecture, step: str) -> Iterator[str]:
    (function,) = (each for each in found.functions if each.id == step)
    for end in (function.origin, *function.recipients):
        yield from end.components


def test_every_link_joins_the_gateway_with_another_component(drawn: Architecture) -> None:
    known = {each.id for each in drawn.components}
    for link in drawn.links:
        assert link.ends[0] == GATEWAY
        assert link.ends[1] in known - {GATEWAY}
        assert sorted(link.ends) == sorted(drawn.related(link.id, Relates.JOINS))


def test_all_information_is_exchanged_by_a_step_that_tells_it(drawn: Architecture) -> None:
    exchanged = {(step.id, item) for step in drawn.functions for item in drawn.related(step.id, Relates.EXCHANGES)}
    outputs = {step.id: step.outputs for step in drawn.functions}
    messages = {each.id: each.message for each in drawn.information}
    assert {item for _, item in exchanged} == set(messages)
    assert all(messages[item] in outputs[step] for step, item in exchanged)


def test_a_step_inside_the_gateway_exchanges_nothing(drawn: Architecture) -> None:
    for step in drawn.functions:
        if set(_components(drawn, step.id)) == {GATEWAY}:
            known = all(end.components for end in (step.origin, *step.recipients))
            assert not known or drawn.related(step.id, Relates.EXCHANGES) == ()


def test_what_comes_in_comes_from_its_origin_and_what_goes_out_goes_to_a_recipient(drawn: Architecture) -> None:
    far = {link.id: link.ends[1] for link in drawn.links}
    owners = {each.id: each.part_of or each.id for each in drawn.components}
    for item in drawn.information:
        ends = {owners[far[link]] for link in drawn.related(item.id, Relates.TRAVELS_ON)}
        steps = [each for each in drawn.functions if item.id in drawn.related(each.id, Relates.EXCHANGES)]
        speaking = {name for each in steps for name in each.origin.components}
        hearing = {name for each in steps for end in each.recipients for name in end.components}
        assert ends <= (speaking if item.travel is Travel.IN else hearing)


def test_entries_and_relations_are_sorted(drawn: Architecture) -> None:
    for entries in drawn.layers().values():
        assert [entry.id for entry in entries] == sorted(entry.id for entry in entries)
    assert list(drawn.relations) == sorted(set(drawn.relations))


def test_a_larger_book_never_unmaps_a_step(drawn: Architecture) -> None:
    wider = model(OPEN, scheme=drawn.scheme)
    assert completeness(drawn).mapped <= completeness(wider).mapped


def test_a_peer_that_leaves_takes_its_links_and_its_roles_with_it() -> None:
    found = differences(model(BOOK), model(HEAD + SELLER + TRANSMISSION))
    removed = {each.where for each in found if each.change is Change.REMOVED}
    assert removed >= {"component", "communication", "business", "relation"}
    assert {each.change for each in found if each.where == "function"} == {Change.CHANGED}
    assert "dso-b" in DISTRIBUTION


TRANSMITS = MARKET.replace("\n\n", '\nrole = "transmission system operator"\n\n', 1)


def test_the_gateway_of_an_operator_plays_its_actors_and_leaves_local_markets_to_others() -> None:
    found = model(OPEN, scheme="local", market=TRANSMITS)
    assert found.functions[7].origin.components == ("gateway", "peer:tso-a")  # the buyer of the transmission operator
    assert found.functions[4].origin.components == ("peer:dso-b",)  # the local market is run elsewhere
    assert found.functions[9].origin.components == ("gateway",)
    assert [gap.entry for gap in gaps(found) if gap.check is Check.STEP] == ["step:local:14"] * 2
