"""What an architecture model has to hold, and how complete it is.

Rules
1. Every step of the scheme leads from its function through information and link to the components at both ends. A step
   that stays inside its origin, or that the gateway tells itself, needs no information and no link.
2. No link without TLS has an end in a zone from operation to market.
3. No peer of the book is without a business role.

completeness = mapped steps / steps. Source: the traceability between layers of IEC SRD 63200:2021.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.sgam.model import Architecture, End, Function, Kind, Link, Relates, Travel, Zone

SECURED_ZONES = (Zone.OPERATION, Zone.ENTERPRISE, Zone.MARKET)
"""Zones in which a link has to use TLS."""


class Check(StrEnum):
    """What is checked."""

    STEP = "step mapped"
    TLS = "link secured"
    ROLE = "peer in business"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A check fails for one entry: its id, what was expected and what was found."""

    check: Check
    entry: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the gap as one line."""
        return f"{self.check}: {self.entry}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the steps are mapped."""

    mapped: int
    steps: int

    @property
    def share(self) -> Decimal:
        """Mapped steps / steps, to three digits, rounded down; 1 where there are no steps."""
        if not self.steps:
            return Decimal(1)
        return (Decimal(self.mapped) / self.steps).quantize(Decimal("0.001"), "ROUND_DOWN")

    def __str__(self) -> str:
        """Return the number in words."""
        return f"{self.mapped} of {self.steps} steps mapped, completeness {self.share}"


def completeness(model: Architecture) -> Completeness:
    """Return how many steps of the scheme are mapped."""
    unmapped = {gap.entry for gap in unmapped_steps(model)}
    return Completeness(len(model.functions) - len(unmapped), len(model.functions))


def gaps(model: Architecture) -> tuple[Gap, ...]:
    """Return all that does not hold, by check and then in the order of the layer."""
    return (*unmapped_steps(model), *_unsecured(model), *_without_role(model))


def unmapped_steps(model: Architecture) -> Iterator[Gap]:
    """Yield the gaps of each step: of its origin first, then of its recipients in their order."""
    for function in model.functions:
        yield from (
            Gap(check=Check.STEP, entry=function.id, expected=wanted, found=found)
            for wanted, found in _of_step(model, function)
        )


def _of_step(model: Architecture, function: Function) -> Iterator[tuple[str, str]]:
    for travel, end in ((Travel.IN, function.origin), *((Travel.OUT, each) for each in function.recipients)):
        if not end.components:
            yield f"a component that plays {end.actor}", "none"
        elif function.recipients and not _within(model, end) and not _reached(model, function, travel, end):
            yield _wanted(model, function, travel, end)


def _within(model: Architecture, end: End) -> bool:
    """Whether an end is played by the gateway itself."""
    own = {component.id for component in model.components if component.kind is Kind.GATEWAY}
    return not own.isdisjoint(end.components)


def _carrying(model: Architecture, function: Function, travel: Travel) -> tuple[str, ...]:
    """Return the information in which the first output of a step travels one way."""
    exchanged = set(model.related(function.id, Relates.EXCHANGES))
    return tuple(
        each.id
        for each in model.information
        if each.id in exchanged and each.travel is travel and each.message == function.outputs[0]
    )


def _reached(model: Architecture, function: Function, travel: Travel, end: End) -> bool:
    """Whether information of a step travels on a link that joins the gateway with a component of *end*."""
    if not function.outputs:
        return False
    carried = (link for each in _carrying(model, function, travel) for link in model.related(each, Relates.TRAVELS_ON))
    joined = {component for link in carried for component in model.related(link, Relates.JOINS)}
    speaking = {component.part_of or component.id for component in model.components if component.id in joined}
    return not speaking.isdisjoint(end.components)


def _wanted(model: Architecture, function: Function, travel: Travel, end: End) -> tuple[str, str]:
    """Say what an end of a step lacks."""
    message = function.outputs[0] if function.outputs else "a message"
    if not function.outputs or not _carrying(model, function, travel):
        return f"a document that carries {message} {travel}", "none"
    return f"a link that carries {message} {travel} for {end.actor}", f"none of {', '.join(end.components)}"


def _unsecured(model: Architecture) -> Iterator[Gap]:
    zones = {component.id: component.place.zone for component in model.components}
    for link in model.links:
        found = [zones[end] for end in link.ends if zones[end] in SECURED_ZONES]
        if link.security.tls is None and found:
            yield _open_link(link, found)


def _open_link(link: Link, zones: list[Zone]) -> Gap:
    where = " and ".join(dict.fromkeys(zones))
    return Gap(check=Check.TLS, entry=link.id, expected=f"TLS in the zone {where}", found=f"{link.protocol} without")


def _without_role(model: Architecture) -> Iterator[Gap]:
    acting = {each.target for each in model.relations if each.kind is Relates.ACTS_THROUGH}
    for component in model.components:
        if component.kind is Kind.PEER and component.id not in acting:
            yield Gap(check=Check.ROLE, entry=component.id, expected="a business role", found="none")
