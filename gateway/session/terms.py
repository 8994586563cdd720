"""What a session is opened with: the scheme, the market, the period, who takes part, and how long each may take.

The gates of procurement are those of the market (`gateway.market.Gates`): a row of the scheme names its own, and a row
that names none has the gate of its message (`GATES`). What follows the clearing is timed here (`Terms`).

Published figures: a provider answers an activation order within 2 minutes (Nordic mFRR energy activation market,
implementation guide); the time for a check, and for measurements, is a term of each market.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.flow import Step
from gateway.identifiers import PartyId, ResourceId
from gateway.market import MarketDefinition
from gateway.model import Party
from gateway.time import Interval


class Fallback(StrEnum):
    """What follows where a provider refuses an activation order or stays silent."""

    CLEAR_AGAIN = "clear the missing power again with the bids and border capacities that are left"
    NEXT_BID = "take the next bids of the merit order of the same area"
    UNSERVED = "leave the missing power unserved and report it"
    ACCOUNTABLE = "take the order as accepted: the provider stays accountable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Balance responsible parties of an activation: that of the *provider*, and the supplier of the *resource*.

    Without an entry of its own a provider is both.
    """

    provider: PartyId
    provider_responsible: PartyId
    supplier: PartyId
    resource: ResourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a party may take, and what is done where it does not.

    ``check``: for a distribution operator to check one result. ``response``: for a provider to answer an order.
    ``metering``: after the end of the period, until measurements are due. ``refused`` and ``silent``: what stands in
    for an order that a provider refuses or does not answer. ``responsible``: who answers for the balance
    of what a provider delivers; the first entry counts that names its resource or none.

    Raises `InvalidValue` for a negative time, and for a refused order taken as accepted.
    """

    check: timedelta = timedelta(minutes=2)
    response: timedelta = timedelta(minutes=2)
    metering: timedelta = timedelta(days=1)
    refused: Fallback = Fallback.CLEAR_AGAIN
    silent: Fallback = Fallback.ACCOUNTABLE
    responsible: tuple[Responsible, ...] = ()

    def __post_init__(self) -> None:
        """Refuse terms that nobody can keep."""
        if min(self.check, self.response, self.metering) < timedelta(0):
            raise InvalidValue("Terms", "times of 0 or more", str((self.check, self.response, self.metering)))
        if self.refused is Fallback.ACCOUNTABLE:
            raise InvalidValue("Terms.refused", "another bid or none", self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a session begins with. ``members``: the parties known to take part, from whom messages are awaited."""

    scheme: str
    market: MarketDefinition
    interval: Interval
    members: tuple[Party, ...] = ()
    terms: Terms = field(default_factory=Terms)


GATES: Mapping[str, str] = {
    "ReserveNeed": "needs",
    "BidSet": "bids",
    "GridConstraints": "needs",
    "ExchangeSchedules": "bids",
    "Allocation": "clearing",
    "Blocking": "orders",
    "ActivationOrders": "orders",
}
"""The gate of a message where its row names none."""


def deadline(step: Step, opening: Opening) -> datetime | None:
    """Return when *step* is due; None where it follows at once from those before it.

    Readings of the meters are due `Terms.metering` after the period, field messages at its end.
    """
    if step.message == "Setpoint":
        return opening.interval.end
    if step.message == "Readings" and step.origin.role == "MDR":
        return opening.interval.end + opening.terms.metering
    gate = step.gate or GATES.get(step.message)
    return opening.market.gates.closes(gate, opening.interval) if gate else None
