"""From the configuration of an installation to its architecture model.

Market and scheme give the gateway and the functions, the peer book the peers with their servers, links and roles. What
the configuration does not say is left out, so that the checks tell it: nobody plays a device that no peer stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from adapters.market_file import MarketSettings
from adapters.sgam.documents import admitted, information
from adapters.sgam.links import HTTPS_PORT, links, servers
from adapters.sgam.placement import STANDINGS
from adapters.sgam.players import GATEWAY, Player, cast, gateway_of, peer_of
from gateway.errors import Misconfigured
from gateway.flow import Actor, Step
from gateway.market import Gates
from gateway.model import Role
from gateway.schemes import Scheme
from gateway.sgam.model import (
    Architecture,
    Business,
    Component,
    End,
    Function,
    Information,
    Link,
    Relates,
    Relation,
    Travel,
)
from gateway.time import Interval
from profiles import markets
from security.peers import Peer, PeerBook


@dataclass(frozen=True)
class Installation:
    """What an installation is configured to do; ``port`` is that on which it listens for HTTPS.

    Raises `Misconfigured` where the book is that of another operator.
    """

    settings: MarketSettings
    scheme: Scheme
    book: PeerBook | None = None
    port: int = HTTPS_PORT

    def __post_init__(self) -> None:
        """Refuse the book of another operator."""
        operator = self.settings.market.operator.id.value
        if self.book is not None and self.book.own_eic != operator:
            raise Misconfigured("peer book.own_eic", f"the operator of the market file, {operator}", self.book.own_eic)

    def architecture(self) -> Architecture:
        """Draw up the model."""
        return Architecture(
            operator=self.settings.market.operator.id,
            scheme=self.scheme.name,
            profile=self.settings.profile,
            components=self.components,
            links=self.links,
            information=self.information,
            functions=self.functions,
            businesses=self.businesses,
            relations=tuple(sorted(self._relations())),
        )

    @property
    def _peers(self) -> tuple[Peer, ...]:
        return () if self.book is None else self.book.peers

    @cached_property
    def players(self) -> tuple[Player, ...]:
        """The gateway and its peers."""
        return (gateway_of(self.settings.market), *map(peer_of, self._peers))

    @cached_property
    def _casting(self) -> Mapping[Actor, Mapping[str, tuple[Role, ...]]]:
        """Who plays each actor of the scheme, and in which roles."""
        actors = {actor for step in self.scheme.steps for actor in (step.origin, *step.recipients)}
        return {actor: cast(self.players, actor) for actor in actors}

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The gateway, the peers, and the servers that speak for them."""
        own = [player.component for player in self.players]
        behind = (server for peer, end in zip(self._peers, own[1:], strict=True) for server in servers(peer, end))
        return tuple(sorted((*own, *behind), key=lambda each: each.id))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links of all peers, by their ids."""
        return tuple(sorted((link for peer in self._peers for link in self._links_of(peer)), key=lambda each: each.id))

    def _links_of(self, peer: Peer) -> Iterator[Link]:
        if self.book is not None:
            cadence = self.settings.market.resolution
            yield from links(peer, peer_of(peer).component, self.book.defaults, cadence, self.port)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The steps of the scheme."""
        return tuple(self._function(step) for step in self.scheme.steps)

    @cached_property
    def information(self) -> tuple[Information, ...]:
        """What the steps exchange, in each direction in which it leaves or enters the gateway."""
        told = ((message, way) for each in self.functions for way in travels(each) for message in each.outputs)
        found = information(told, markets.load(self.settings.profile))
        return tuple(sorted(found, key=lambda each: each.id))

    @cached_property
    def businesses(self) -> tuple[Business, ...]:
        """Each party in each of its roles."""
        found = (
            Business(
                id=_business(player, role.value),
                party=player.component.party,
                role=role,
                scheme=self.scheme.name,
                regulation=STANDINGS[role].regulation,
            )
            for player in self.players
            for role in player.roles
        )
        return tuple(sorted(found, key=lambda each: each.id))

    def _function(self, step: Step) -> Function:
        return Function(
            id=_function_id(self.scheme, step),
            scheme=self.scheme.name,
            step=step.number,
            phase=step.phase,
            action=step.action,
            origin=self._end(step.origin),
            recipients=tuple(map(self._end, step.recipients)),
            inputs=inputs(self.scheme, step),
            outputs=_outputs(step),
            due_before=None if step.gate is None else due_before(self.settings.market.gates, step.gate),
        )

    def _end(self, actor: Actor) -> End:
        return End(actor=str(actor), components=tuple(self._casting[actor]))

    def _relations(self) -> Iterator[Relation]:
        yield from self._of_business()
        yield from (Relation(function.id, Relates.EXCHANGES, item.id) for function, item in self._exchanges())
        for peer in self._peers:
            for link in self._links_of(peer):
                yield from (Relation(item.id, Relates.TRAVELS_ON, link.id) for item in self._let_through(peer))
                yield from (Relation(link.id, Relates.JOINS, end) for end in link.ends)

    def _of_business(self) -> Iterator[Relation]:
        for player in self.players:
            for role in player.roles:
                yield Relation(_business(player, role.value), Relates.ACTS_THROUGH, player.component.id)
        by_component = {player.component.id: player for player in self.players}
        used = {
            (_business(by_component[name], role.value), _function_id(self.scheme, step))
            for step in self.scheme.steps
            for actor in (step.origin, *step.recipients)
            for name, roles in self._casting[actor].items()
            for role in roles
        }
        yield from (Relation(business, Relates.USES, function) for business, function in used)

    def _let_through(self, peer: Peer) -> Iterable[Information]:
        """Return the information that is a peer's to send or to get, and that a line of the book lets through."""
        meant = self._concerning.get(peer_of(peer).component.id, {}).values()
        return [item for item in meant if any(admitted(line, item, self.scheme.name) for line in peer.allow)]

    @cached_property
    def _concerning(self) -> Mapping[str, Mapping[str, Information]]:
        """What the components at the ends of the steps send or get, by its id."""
        found: dict[str, dict[str, Information]] = {}
        for function, item in self._exchanges():
            for end in [function.origin] if item.travel is Travel.IN else function.recipients:
                for component in end.components:
                    found.setdefault(component, {})[item.id] = item
        return found

    def _exchanges(self) -> Iterator[tuple[Function, Information]]:
        """Yield each step with the information in which its messages cross the border of the gateway."""
        for function in self.functions:
            ways = travels(function)
            for item in self.information:
                if item.message in function.outputs and item.travel in ways:
                    yield function, item


def travels(function: Function) -> tuple[Travel, ...]:
    """Return which ways a step leads across the border of the gateway: in from its origin, out to its recipients."""
    if not function.recipients:
        return ()
    crossing = {Travel.IN: [function.origin], Travel.OUT: function.recipients}
    return tuple(travel for travel, ends in crossing.items() if any(end.components != (GATEWAY,) for end in ends))


def inputs(scheme: Scheme, step: Step) -> tuple[str, ...]:
    """Return the messages of the steps that a step follows, each once, in their order."""
    before = (each for each in scheme.steps if each.number in step.after)
    return tuple(dict.fromkeys(message for each in before for message in _outputs(each)))


def due_before(gates: Gates, gate: str) -> timedelta:
    """Return how long before the market time unit a gate closes."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return start - gates.closes(gate, Interval(start, start + timedelta(minutes=15)))


def _outputs(step: Step) -> tuple[str, ...]:
    return tuple(message for message in (step.message, *step.also) if message)


def _function_id(scheme: Scheme, step: Step) -> str:
    return f"step:{scheme.name}:{step.number:02}"


def _business(player: Player, role: str) -> str:
    return f"business:{player.component.party.value}:{role}"
