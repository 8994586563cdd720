"""Who plays which actor of the step tables: the gateway, and the peers of the book by the codes of their roles.

Rules
1. A role speaks for parties of the tables as in a session (`gateway.session.plan.PLAYED`). One that speaks for either
   operator is narrowed by what else the party is.
2. The gateway runs the markets: all of them where its operator is a market operator, else those of its operator.
3. Metering roles play only the actor MDR; a buyer that is a balance responsible party has that role.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.sgam.placement import GATEWAY_ZONE, placed
from gateway.flow import Actor
from gateway.identifiers import EIC_SCHEME, PartyId
from gateway.market import MarketDefinition
from gateway.model import Role
from gateway.session.plan import PLAYED
from gateway.sgam.model import Component, Kind, Place
from profiles.canonical import ROLES
from security.peers import Peer

GATEWAY = "gateway"
"""The id of the gateway's component."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A party with its component and its roles, sorted."""

    component: Component
    roles: tuple[Role, ...]

    @property
    def own(self) -> bool:
        """Whether it is the gateway itself."""
        return self.component.kind is Kind.GATEWAY

    def roles_for(self, actor: Actor) -> tuple[Role, ...]:
        """Return the roles in which it plays *actor*, as far as roles alone tell."""
        wanted = _wanted(actor)
        return tuple(role for role in self.roles if _fits(role, actor) and wanted & self._parties(role))

    def _parties(self, role: Role) -> frozenset[str]:
        """Return for which parties of the tables a role speaks here."""
        played = frozenset(PLAYED.get(role, ()))
        told = {name for other in self.roles if len(names := PLAYED.get(other, ())) == 1 for name in names}
        return (played & told) or played

    def runs(self, actor: Actor) -> bool:
        """Whether it is the gateway and runs the market of *actor*."""
        parties = frozenset(name for role in self.roles for name in PLAYED.get(role, ()))
        return self.own and _is_market(actor) and (not parties or bool(parties & _wanted(actor)))


def gateway_of(market: MarketDefinition) -> Player:
    """Return the gateway as a player: its operator, in the zone of the market."""
    operator = market.operator
    place = Place(domain=placed([operator.role]).domain, zone=GATEWAY_ZONE)
    component = Component(id=GATEWAY, kind=Kind.GATEWAY, party=operator.id, place=place)
    return Player(component=component, roles=(operator.role,))


def peer_of(peer: Peer) -> Player:
    """Return a peer as a player; a code of a role that has no meaning here gives no role."""
    roles = tuple(sorted({ROLES.meaning(code) for code in peer.roles if code in ROLES}))
    party = PartyId(peer.eic, EIC_SCHEME)
    component = Component(id=f"peer:{peer.id}", kind=Kind.PEER, party=party, place=placed(roles))
    return Player(component=component, roles=roles)


def cast(players: tuple[Player, ...], actor: Actor) -> dict[str, tuple[Role, ...]]:
    """Return the ids of the components that play *actor*, each with the roles in which it does, sorted."""
    running = [player for player in players if player.runs(actor)]
    if running:
        return {player.component.id: player.roles for player in running}
    found = {player.component.id: player.roles_for(actor) for player in players}
    return {name: found[name] for name in sorted(found) if found[name]}


def _wanted(actor: Actor) -> frozenset[str]:
    """Return the parties that may play *actor*.

    >>> sorted(_wanted(Actor.read("MO (TSO&DSO)"))), sorted(_wanted(Actor.read("Buyer (CMP as BRP)")))
    (['DSO', 'TSO'], ['CMP'])
    """
    return frozenset(actor.party.partition(",")[0].partition(" as ")[0].split("&"))


def _is_market(actor: Actor) -> bool:
    return actor.role.startswith("MO")


def _fits(role: Role, actor: Actor) -> bool:
    if actor.party.endswith(" as BRP"):
        return role is Role.BALANCE_RESPONSIBLE_PARTY
    return actor.role == "MDR" or not role.value.startswith("metered data")
