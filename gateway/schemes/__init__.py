"""The coordination schemes, one file each: a step table and how its markets are cleared.

A scheme is data. Its rows stand as published; its clearings say, for the rows in which volumes are decided, which part
of the network is looked at and with which switches. One engine (`gateway.coordination`) runs them all, one state
(`gateway.flow`) follows the rows. `named` finds a scheme by the name of its file, so a new scheme is a new file and
nothing else.

Source: SmartNet project, deliverable D1.3, "Basic schemes for TSO-DSO coordination and ancillary services provision"
(2016); Gerard, Rivero Puente, Six, Utilities Policy 50 (2018) 40-48.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack

from gateway.errors import Misconfigured
from gateway.flow import LOCAL, Actor, Phase, Step


class FeederLimits(StrEnum):
    """How the limits of feeders enter a clearing of the whole network."""

    OFF = "not at all"
    NOT_WORSE = "no limit is made worse than it is before activation"
    """A limit Σ h x ≤ head counts as Σ h x ≤ max(head, 0): this market does not buy for the distribution operator."""
    KEPT = "kept"


class Interface(StrEnum):
    """What a market of one network takes the exchange with the other one to be."""

    FREE = "free"
    SCHEDULE = "the agreed schedule"
    OFFERS = "what the offers of the feeders allow"


@dataclass(frozen=True, slots=True)
class JointClearing:
    """One market for the transmission network and all feeders.

    ``buyers``: whether parties other than the operators buy and sell in it, with prices of their own.
    """

    step: int
    feeder_limits: FeederLimits
    buyers: bool = False


@dataclass(frozen=True, slots=True)
class PostCheck:
    """Distribution operators check a result and cap what their grids cannot carry; the clearing repeats."""

    step: int


@dataclass(frozen=True, slots=True)
class LocalClearing:
    """A market of each feeder alone for the need of its operator; what it accepts is firm.

    With a free interface the operator buys what its own limits need and no more; with a schedule it keeps to it.
    """

    step: int
    interface: Interface


@dataclass(frozen=True, slots=True)
class HandUp:
    """Each feeder's cost of every exchange that its grid allows, sent up as bids; what was accepted before stays so."""

    step: int


@dataclass(frozen=True, slots=True)
class CentralClearing:
    """A market of the transmission network alone, with what its feeders exchange."""

    step: int
    interface: Interface


@dataclass(frozen=True, slots=True)
class Disaggregation:
    """Each feeder's award is shared out to its resources, at least cost and within its limits."""

    step: int


Clearing = JointClearing | PostCheck | LocalClearing | HandUp | CentralClearing | Disaggregation


class Terms(TypedDict, total=False):
    """What may be said of a row beyond the published columns; see `gateway.flow.Step`."""

    message: str
    also: tuple[str, ...]
    after: tuple[int, ...]
    many: bool
    optional: bool
    repeats: int | None
    rounds: int
    gate: str | None
    market: str


def row(number: int, phase: Phase, origin: str, action: str, recipients: str = "", **terms: Unpack[Terms]) -> Step:
    """Return a row from the columns of the published table; several recipients are divided by semicolons."""
    told = tuple(map(Actor.read, recipients.split("; "))) if recipients else ()
    return Step(number=number, phase=phase, origin=Actor.read(origin), action=action, recipients=told, **terms)


def local_row(
    number: int, phase: Phase, origin: str, action: str, recipients: str = "", **terms: Unpack[Terms]
) -> Step:
    """Return a row of the market that every distribution operator runs for itself, hence for many senders."""
    local: Terms = {"many": True, **terms, "market": LOCAL}
    return row(number, phase, origin, action, recipients, **local)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A coordination scheme.

    ``clearings``: how volumes are decided, in the order of the rows. ``grid_constraints``: whether the clearing
    respects the limits that distribution operators state beforehand (row "communicates distribution grid constraints").
    ``post_check``: whether distribution operators check the result and may block bids, so that the clearing repeats.
    ``local_balance``: who answers for the balance of the distribution grids.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    clearings: tuple[Clearing, ...]
    grid_constraints: bool = True
    post_check: bool = False
    local_balance: str = "TSO"

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets of the scheme, in the order of its rows."""
        return tuple(dict.fromkeys(step.market for step in self.steps))

    @property
    def roles(self) -> Mapping[str, tuple[str, ...]]:
        """The roles of each party, both in the order of the rows; devices have no role."""
        found: dict[str, list[str]] = {}
        for step in self.steps:
            for actor in (step.origin, *step.recipients):
                roles = found.setdefault(actor.party or actor.role, [])
                if actor.party and actor.role not in roles:
                    roles.append(actor.role)
        return {party: tuple(roles) for party, roles in found.items()}

    def rows(self, message: str, market: str | None = None) -> tuple[Step, ...]:
        """Return the rows that are told with *message*, in all markets or in one."""
        carrying = (step for step in self.steps if message in (step.message, *step.also))
        return tuple(step for step in carrying if market in (None, step.market))

    def row(self, message: str, market: str | None = None) -> Step:
        """Return the first row that is told with *message*.

        Raises `Misconfigured` where the scheme has none.
        """
        found = self.rows(message, market)
        if not found:
            where = f"scheme {self.name}" if market is None else f"scheme {self.name}, market {market}"
            raise Misconfigured(where, f"a step told with {message}", "none")
        return found[0]

    def number(self, message: str, market: str | None = None) -> int:
        """Return the number of the first row that is told with *message*; raises as `row`."""
        return self.row(message, market).number

    def clearing(self, number: int) -> Clearing | None:
        """Return how volumes are decided in row *number*; None where none are."""
        return next((each for each in self.clearings if each.step == number), None)


def names() -> tuple[str, ...]:
    """Return the names of all schemes, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def named(name: str) -> Scheme:
    """Return the scheme called *name*.

    Raises `Misconfigured` where there is none.
    """
    if name not in names():
        raise Misconfigured("scheme", " or ".join(names()), repr(name))
    scheme: Scheme = importlib.import_module(f"{__name__}.{name}").SCHEME
    return scheme
