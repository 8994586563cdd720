"""What drives a session besides its messages: the rows of the scheme, how its steps are cleared, who plays which role.

A party is matched to a row by the role in which it speaks (`PLAYED`). Where a role is played by several parties of the
tables (a metered data responsible serves a transmission or a distribution operator), the members of the session tell
which; otherwise the first row that still waits is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.clearing.engine import ARRAYS, Engine
from gateway.flow import Actor, Step
from gateway.identifiers import PartyId
from gateway.model import Bid, Need, Party, Role
from gateway.order_book import OrderBook
from gateway.schemes import Scheme
from gateway.session.clearings import Clearing, Situation, scheduled
from gateway.session.state import Standing

_TSO, _DSO, _EITHER, _CMP = ("TSO",), ("DSO",), ("DSO", "TSO"), ("CMP",)

PLAYED: Mapping[Role, tuple[str, ...]] = {
    Role.TRANSMISSION_SYSTEM_OPERATOR: _TSO,
    Role.RESERVE_ALLOCATOR: _TSO,
    Role.LFC_OPERATOR: _TSO,
    Role.CAPACITY_COORDINATOR: _TSO,
    Role.TRANSMISSION_CAPACITY_ALLOCATOR: _TSO,
    Role.DISTRIBUTION_SYSTEM_OPERATOR: _DSO,
    Role.GRID_ACCESS_PROVIDER: _DSO,
    Role.SYSTEM_OPERATOR: _EITHER,
    Role.METERED_DATA_RESPONSIBLE: _EITHER,
    Role.METERED_DATA_AGGREGATOR: _EITHER,
    Role.METERED_DATA_COLLECTOR: _EITHER,
    Role.METERED_DATA_ADMINISTRATOR: _EITHER,
    Role.BALANCING_SERVICE_PROVIDER: _CMP,
    Role.RESOURCE_PROVIDER: _CMP,
    Role.RESOURCE_AGGREGATOR: _CMP,
    Role.FLEXIBILITY_SERVICE_PROVIDER: _CMP,
    Role.BALANCE_RESPONSIBLE_PARTY: _CMP,
    Role.SCHEDULING_AGENT: _CMP,
    Role.ENERGY_TRADER: _CMP,
    Role.TRADE_RESPONSIBLE_PARTY: _CMP,
}
"""Which parties of the step tables speak in a role."""

OPERATORS = (Role.TRANSMISSION_SYSTEM_OPERATOR, Role.DISTRIBUTION_SYSTEM_OPERATOR)


@dataclass(frozen=True, slots=True)
class Plan:
    """The scheme that is run, the clearing of each step, and the engine that clears."""

    scheme: Scheme
    clearings: Mapping[int, Clearing]
    engine: Engine = ARRAYS

    def ours(self, step: Step) -> bool:
        """Whether *step* is taken here: by a market operator, inside its origin, or as a correction of perimeters."""
        return step.origin.role.startswith("MO") or step.message in {"", "PerimeterCorrection"}

    def checked_by(self, step: int) -> Step | None:
        """Return the row in which the result of *step* is checked, or None where the scheme has none."""
        return next((row for row in self.scheme.steps if row.repeats == step and self.scheme.post_check), None)


def distributors(standing: Standing) -> frozenset[PartyId]:
    """Return the distribution operators that take part."""
    known = standing.known.values()
    return frozenset(party.id for party in known if party.role is Role.DISTRIBUTION_SYSTEM_OPERATOR)


def playing(standing: Standing, party: Party) -> tuple[str, ...]:
    """Return as which parties of the tables *party* may speak: ``TSO``, ``DSO``, ``CMP``, or none."""
    played = PLAYED.get(party.role, ())
    member = standing.known.get(party.id)
    narrowed = PLAYED.get(member.role, ()) if member and member.role in OPERATORS else ()
    return tuple(name for name in played if name in narrowed) or played


def cast(standing: Standing, actor: Actor) -> tuple[Party, ...]:
    """Return the known parties that play *actor*, sorted; nobody where none is known."""
    wanted = actor.party.split(",")[0].split(" ")[0]
    metering = actor.role == "MDR"
    found = [
        party
        for party in standing.known.values()
        if wanted in playing(standing, party) and (party.role not in _METERING or metering)
    ]
    return tuple(sorted(party for party in found if actor.party != "CMP as BRP" or party.role is _BRP))


_BRP = Role.BALANCE_RESPONSIBLE_PARTY
_METERING = frozenset(role for role in PLAYED if role.value.startswith("metered data"))


def scene(plan: Plan, standing: Standing) -> Situation:
    """Return what is known of the market before any order: enough to tell its parts from each other."""
    return Situation(
        scheme=plan.scheme,
        market=standing.opening.market,
        book=OrderBook(),
        distributors=distributors(standing),
        engine=plan.engine,
    )


def situation(plan: Plan, standing: Standing) -> Situation:
    """Return what a clearing of the scheduled orders knows now."""
    book, refused = standing.book, standing.refused
    able = replace(book, bids=tuple(bid for bid in book.bids if bid.id not in refused))
    return replace(scene(plan, standing), book=scheduled(able), results=standing.results())


def market_of(plan: Plan, standing: Standing, book: OrderBook) -> str | None:
    """Return the market of the scheme that the orders of *book* belong to, judged by the first; None without any."""
    orders: tuple[Bid | Need, ...] = (*book.bids, *book.needs)
    return scene(plan, standing).market_of(orders[0]) if orders else None
