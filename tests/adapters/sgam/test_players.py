"""Who plays which actor, where it lies, and as which documents its messages travel."""

import pytest

from adapters.sgam.documents import TYPES
from adapters.sgam.links import WAYS
from adapters.sgam.placement import STANDINGS, UNKNOWN, placed
from adapters.sgam.players import Player, cast
from gateway import schemes
from gateway.flow import Actor
from gateway.identifiers import PartyId
from gateway.model import Role
from gateway.sgam.model import Component, Domain, Kind, Zone
from profiles.codes import lookup
from profiles.registry import DOCUMENTS
from security.peers import Transport

MARKET, TSO, DSO = Role.MARKET_OPERATOR, Role.TRANSMISSION_SYSTEM_OPERATOR, Role.DISTRIBUTION_SYSTEM_OPERATOR
EITHER, SELLS, BUYS = Role.SYSTEM_OPERATOR, Role.BALANCING_SERVICE_PROVIDER, Role.BALANCE_RESPONSIBLE_PARTY
METERS, ALLOCATES = Role.METERED_DATA_RESPONSIBLE, Role.RESERVE_ALLOCATOR


def player(kind: Kind, *roles: Role) -> Player:
    party = PartyId("10X-AGG-C------I", "A01")
    return Player(component=Component(id=kind.value, kind=kind, party=party, place=placed(roles)), roles=roles)


PLAYS: dict[str, tuple[str, tuple[Role, ...], tuple[Role, ...]]] = {
    "a transmission operator buys": ("Buyer (TSO)", (TSO,), (TSO,)),
    "a transmission operator is no distribution operator": ("SO (DSO)", (TSO,), ()),
    "a distribution operator meters": ("MDR (DSO)", (DSO,), (DSO,)),
    "a system operator may be either": ("SO (DSO)", (EITHER,), (EITHER,)),
    "a system operator that allocates reserve is no distribution operator": ("SO (DSO)", (EITHER, ALLOCATES), ()),
    "a system operator that allocates reserve is the other one": ("RA (TSO)", (EITHER, ALLOCATES), (EITHER, ALLOCATES)),
    "a provider sells at the transmission grid": ("Seller (CMP, transmission)", (SELLS,), (SELLS,)),
    "a provider is no buyer": ("Buyer (CMP as BRP)", (SELLS,), ()),
    "a balance responsible party is one": ("Buyer (CMP as BRP)", (BUYS, SELLS), (BUYS,)),
    "who meters tells measurements": ("MDR (DSO)", (METERS,), (METERS,)),
    "who meters states no limits": ("SO (DSO)", (METERS,), ()),
    "who meters for a distribution operator is not that of the other": ("MDR (TSO)", (DSO, METERS), ()),
    "nobody is a device": ("DER", (SELLS, DSO, TSO), ()),
    "a peer runs the market of its party where the gateway does not": ("MO_L (DSO)", (DSO,), (DSO,)),
}


@pytest.mark.parametrize("case", PLAYS)
def test_roles_tell_who_plays_an_actor(case: str) -> None:
    actor, roles, expected = PLAYS[case]
    assert player(Kind.PEER, *roles).roles_for(Actor.read(actor)) == expected


RUNS: dict[str, tuple[Role, str, bool]] = {
    "a market operator runs all: central": (MARKET, "MO_T (TSO)", True),
    "a market operator runs all: local": (MARKET, "MO_L/FD (DSO)", True),
    "a market operator runs all: independent": (MARKET, "MO (independent)", True),
    "a transmission operator runs its own": (TSO, "MO_T (TSO)", True),
    "a transmission operator runs no local market": (TSO, "MO_L (DSO)", False),
    "a distribution operator runs its own": (DSO, "MO_L (DSO)", True),
    "a distribution operator runs the common one": (DSO, "MO (TSO&DSO)", True),
    "no gateway is a buyer by running markets": (MARKET, "Buyer (TSO)", False),
}


@pytest.mark.parametrize("case", RUNS)
def test_the_gateway_runs_the_markets_of_its_operator(case: str) -> None:
    role, actor, expected = RUNS[case]
    assert player(Kind.GATEWAY, role).runs(Actor.read(actor)) is expected
    assert not player(Kind.PEER, role).runs(Actor.read(actor))


def test_where_the_gateway_runs_a_market_no_peer_does() -> None:
    own, peer = player(Kind.GATEWAY, MARKET), player(Kind.PEER, DSO)
    assert cast((own, peer), Actor.read("MO_L (DSO)")) == {"gateway": (MARKET,)}
    assert cast((peer,), Actor.read("MO_L (DSO)")) == {"peer": (DSO,)}


def test_an_operator_plays_its_other_actors_itself() -> None:
    own, peer = player(Kind.GATEWAY, TSO), player(Kind.PEER, TSO)
    assert cast((peer, own), Actor.read("Buyer (TSO)")) == {"gateway": (TSO,), "peer": (TSO,)}


# ---- tables


def test_every_role_has_its_place_and_its_regulation() -> None:
    assert set(STANDINGS) == set(Role)
    assert all(standing.regulation.rpartition("Article ")[2].isdigit() for standing in STANDINGS.values())


@pytest.mark.parametrize("others", [(SELLS,), (MARKET, BUYS), (METERS, ALLOCATES)])
def test_an_operator_lies_as_an_operator_whatever_else_it_is(others: tuple[Role, ...]) -> None:
    assert placed((*others, DSO)).domain is Domain.DISTRIBUTION
    assert placed((DSO, *others)).zone is Zone.ENTERPRISE


def test_a_party_without_a_role_lies_where_the_checks_look_at_it() -> None:
    assert placed(()) == UNKNOWN


def test_every_transport_has_its_way() -> None:
    assert set(WAYS) == set(Transport)
    assert [name for name, way in WAYS.items() if way.tls is None] == [Transport.FILE]
    assert all((way.port is None) == (way.tls is None) for way in WAYS.values())


def told() -> set[tuple[str, str]]:
    """Find each document that carries a message of a scheme."""
    messages = {
        message
        for name in schemes.names()
        for step in schemes.named(name).steps
        for message in (step.message, *step.also)
    }
    carried = {(name, each.__name__) for name, module in DOCUMENTS.items() for each in module.MESSAGES}
    return {(name, message) for name, message in carried if message in messages}


def test_every_document_that_carries_a_message_of_a_scheme_has_its_types() -> None:
    assert told() == set(TYPES)


def test_the_types_are_codes_of_the_list() -> None:
    codes = set(lookup("MessageTypeList"))
    assert {code for types in TYPES.values() for code in types} <= codes
