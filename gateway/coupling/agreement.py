"""What the members of a coupling have agreed on before any of them sends a message.

Members are system operators, each responsible for areas. All of them hold the same agreement, and each computes the
common result from it and from what all have said: nobody has to be trusted with the clearing, and two members that
find different results know it by comparing digests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.areas import Cooperation, Exchange
from gateway.clearing.market import ClearingRules
from gateway.errors import InvalidValue, Misconfigured
from gateway.identifiers import AreaId, PartyId
from gateway.market import MarketDefinition
from gateway.model import Reserve
from gateway.order_book import OrderBook
from gateway.procurement import given

EXCHANGES = {
    Reserve.RR: Exchange.REPLACEMENT,
    Reserve.MFRR: Exchange.MANUAL_RESTORATION,
    Reserve.AFRR: Exchange.AUTOMATIC_RESTORATION,
}
"""What the areas of a CoBA exchange when they clear a reserve together; containment reserves are not activated."""


@dataclass(frozen=True, slots=True)
class Member:
    """A system operator and the areas that it speaks for."""

    party: PartyId
    areas: tuple[AreaId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Who takes part, who clears with whom from when on, by which rules, and which reserve is exchanged.

    Raises `InvalidValue` for an area that two members speak for.
    """

    members: tuple[Member, ...]
    cooperation: Cooperation
    rules: ClearingRules = field(default_factory=ClearingRules)
    reserve: Reserve = Reserve.MFRR

    def __post_init__(self) -> None:
        """Refuse areas with two masters."""
        areas = [area for member in self.members for area in member.areas]
        if len(set(areas)) < len(areas):
            raise InvalidValue("Agreement.members", "one member for each area", "an area of two")

    @property
    def areas(self) -> tuple[AreaId, ...]:
        """All areas, sorted."""
        return tuple(sorted(area for member in self.members for area in member.areas))

    @property
    def exchange(self) -> Exchange:
        """What is exchanged; raises `InvalidValue` for a reserve that no process activates."""
        if self.reserve not in EXCHANGES:
            raise InvalidValue("Agreement.reserve", " or ".join(EXCHANGES), self.reserve)
        return EXCHANGES[self.reserve]

    def areas_of(self, party: PartyId) -> tuple[AreaId, ...]:
        """Return the areas that *party* speaks for: none where it is no member."""
        return tuple(area for member in self.members if member.party == party for area in member.areas)

    def member_of(self, area: AreaId) -> PartyId:
        """Return who speaks for *area*. Raises `InvalidValue` where nobody does."""
        found = next((member.party for member in self.members if area in member.areas), None)
        if found is None:
            raise InvalidValue("area", "an area of the agreement", str(area))
        return found

    @property
    def digest(self) -> str:
        """SHA-256 of all that is agreed, whatever order it is listed in."""
        return hashlib.sha256("\n".join(self._lines()).encode()).hexdigest()

    def _lines(self) -> Iterator[str]:
        yield f"{self.reserve} {self.rules}"
        yield f"{self.cooperation.resolution}"
        yield from sorted(f"{member.party} {sorted(member.areas)}" for member in self.members)
        yield from sorted(f"{coba.name} {sorted(coba.exchanges)}" for coba in self.cooperation.cobas)
        yield from sorted(f"{change}" for change in self.cooperation.memberships)
        yield from sorted(f"{outage}" for outage in self.cooperation.outages)


def agreement_of(market: MarketDefinition, cooperation: Cooperation | None) -> Agreement:
    """Return what a market definition and a cooperation say: a member is the operator of some of the areas.

    Without a cooperation every area is alone. Raises `Misconfigured` for areas without an operator, and where there is
    no area.
    """
    operators: dict[PartyId, list[AreaId]] = {}
    for area in market.areas:
        if area.operator is None:
            raise Misconfigured(f"areas, {area.name}", "the operator of the area", "none")
        operators.setdefault(area.operator, []).append(area.id)
    if not operators:
        raise Misconfigured("areas", "the areas that are coupled, with their operators", "none")
    return Agreement(
        members=tuple(Member(party, tuple(sorted(operators[party]))) for party in sorted(operators)),
        cooperation=cooperation or Cooperation((), market.resolution),
        rules=given(market, OrderBook()).rules,
        reserve=market.reserve,
    )
