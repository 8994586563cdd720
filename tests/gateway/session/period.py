"""A quarter hour from eight and its parties: what the tests of sessions are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import PartyId, ResourceId
from gateway.market import Area, MarketDefinition
from gateway.measurements import MeasuredSeries, Reading, Readings, Unit
from gateway.model import Activation, Bid, BidSet, Block, Blocking, Need, Party, ReserveNeed, Role
from gateway.results import (
    ActivationOrder,
    ActivationOrders,
    OrderKind,
    OrderStatus,
    Receipt,
    Verdict,
)
from gateway.schedules import PlanKind, PowerBlock, ResourceSchedule, ResourceSchedules
from gateway.schemes import named
from gateway.session import Session, Terms
from gateway.time import Interval
from tests.market_values import DSO, EIGHT, OPERATOR, OTHER_SELLER, SELLER, TSO, WEST, bid, need, quarter

METERS = Party(DSO.id, Role.METERED_DATA_RESPONSIBLE)
"""The distribution operator as metered data responsible."""
TSO_METERS = Party(TSO.id, Role.METERED_DATA_RESPONSIBLE)
MARKET = MarketDefinition(operator=OPERATOR, areas=(Area(id=WEST, name="West"),))
MEMBERS = (TSO, DSO, SELLER, OTHER_SELLER)
HEAT, PUMP = ResourceId("heat", "NNO"), ResourceId("pump", "NNO")


def clock(minutes: float) -> datetime:
    """Return the instant *minutes* before eight; after eight they are negative."""
    return EIGHT - timedelta(minutes=minutes)


@dataclass
class Room:
    """A session that is driven by a test, and everything that it sent."""

    session: Session
    sent: tuple[Envelope[Message], ...] = ()
    count: int = 0

    def tick(self, minutes: float) -> list[str]:
        """Let time pass until *minutes* before eight; return the kinds and receivers of what was sent."""
        self.session, self.sent = self.session.tick(clock(minutes))
        return told(self.sent)

    def hear(
        self,
        message: Message,
        sender: Party,
        minutes: float,
        name: str = "",
        revision: int = 1,
    ) -> Receipt:
        """Give the session a message and return the receipt."""
        self.count += 1
        letter = envelope_of(message, sender, minutes, name or f"document {self.count}", revision)
        return self.hear_envelope(letter, minutes)

    def hear_envelope(self, letter: Envelope[Message], minutes: float) -> Receipt:
        """Give the session an envelope and return the receipt."""
        self.session, self.sent = self.session.receive(letter, clock(minutes))
        receipts = [each.message for each in self.sent if isinstance(each.message, Receipt)]
        assert len(receipts) == 1
        return receipts[0]

    def states(self) -> list[str]:
        """Return where each step stands."""
        return [str(state) for _, state in sorted(self.session.standing.flow.states.items())]

    def orders(self) -> list[ActivationOrders]:
        """Return every activation order that was sent so far, oldest first."""
        sent = (each.message for each in self.session.standing.sent)
        return [message for message in sent if isinstance(message, ActivationOrders)]

    def ordered(self) -> dict[str, str]:
        """Return the MW that are ordered of each bid and not refused."""
        return {name: f"{mw.normalize():f}" for name, mw in sorted(self.session.standing.ordered_mw().items())}


def envelope_of(
    message: Message,
    sender: Party,
    minutes: float,
    name: str,
    revision: int = 1,
) -> Envelope[Message]:
    """Return *message* in an envelope to the market operator, made *minutes* before eight."""
    return Envelope(
        id=name, sender=sender, receiver=OPERATOR, created=clock(minutes), message=message, revision=revision
    )


def told(sent: tuple[Envelope[Message], ...]) -> list[str]:
    """Return the kind of each message, with the party that it goes to."""
    return [f"{type(each.message).__name__} to {NAMES.get(each.receiver.id, each.receiver.id.value)}" for each in sent]


NAMES = {TSO.id: "TSO", DSO.id: "DSO", SELLER.id: "seller", OTHER_SELLER.id: "other", OPERATOR.id: "market"}


def room(
    scheme: str = "centralised",
    market: MarketDefinition = MARKET,
    members: tuple[Party, ...] = MEMBERS,
    terms: Terms | None = None,
) -> Room:
    """Open a session of the quarter hour from eight."""
    return Room(Session.begin(named(scheme), market, quarter(), members=members, terms=terms))


CHEAP = replace(bid("cheap", 10, 40), resource=HEAT, activation=Activation.SCHEDULED_OR_DIRECT)
DEAR = replace(bid("dear", 30, 60), provider=OTHER_SELLER.id, resource=PUMP, activation=Activation.SCHEDULED_OR_DIRECT)


def needs(*wanted: Need) -> ReserveNeed:
    """Return needs as a message."""
    return ReserveNeed(needs=wanted)


def bids(*offered: Bid) -> BidSet:
    """Return bids as a message."""
    return BidSet(bids=offered)


def blocking(*bid_ids: str, limit_mw: object = None) -> Blocking:
    """Return blocks of DSO in WEST."""
    limit = None if limit_mw is None else Decimal(str(limit_mw))
    return Blocking(
        blocks=tuple(
            Block(bid_id=name, requester=DSO.id, requester_role=DSO.role, interval=quarter(), area=WEST, limit_mw=limit)
            for name in bid_ids
        )
    )


def direct_need(mw: object, id: str = "disturbance", minutes: float = -3) -> Need:  # noqa: A002
    """Return a need for direct activation from *minutes* before eight to the end of the next quarter hour."""
    span = Interval(clock(minutes), quarter(1).end)
    return replace(need(id, mw), activation=Activation.DIRECT, interval=span)


def answer(order: ActivationOrders, *refused: str, revision: int | None = None) -> ActivationOrders:
    """Return the answer of a provider to *order*, which cannot deliver the *refused* bids."""
    return ActivationOrders(
        kind=OrderKind.RESPONSE,
        order_id=order.order_id,
        order_revision=revision or order.order_revision,
        orders=tuple(_answered(line, line.bid_id in refused) for line in order.orders),
    )


def _answered(line: ActivationOrder, refused: bool) -> ActivationOrder:  # noqa: FBT001 - of a comparison
    status = OrderStatus.UNAVAILABLE if refused else OrderStatus.ACTIVATED
    return replace(line, status=status, reasons=(("B59", None),) if refused else ())


def plan_of(resource: ResourceId, mw: object, provider: PartyId = SELLER.id) -> ResourceSchedules:
    """Return the schedule of a resource: its net injection in the period."""
    block = PowerBlock(interval=quarter(), power_mw=Decimal(str(mw)))
    schedule = ResourceSchedule(
        id=f"plan {resource}", kind=PlanKind.NET, provider=provider, area=WEST, blocks=(block,), resource=resource
    )
    return ResourceSchedules(planned=(schedule,))


def metered(resource: ResourceId, mw: object, unit: Unit = Unit.MEGAWATT) -> Readings:
    """Return what the meter of a resource shows in the period."""
    reading = Reading(interval=quarter(), value=Decimal(str(mw)))
    return Readings(series=(MeasuredSeries(id=f"m {resource}", unit=unit, readings=(reading,), resource=resource),))


def codes(receipt: Receipt) -> tuple[str, ...]:
    """Return the verdict of a receipt and its reason codes."""
    return (str(receipt.verdict), *(reason.code for reason in receipt.reasons))


ACCEPTED = (str(Verdict.ACCEPTED),)


def procured(scheme: Room, wanted: object = 25) -> Room:
    """Let needs and bids arrive in time, and return the room at the gate of the needs: the market is cleared."""
    scheme.hear(bids(CHEAP), SELLER, 60)
    scheme.hear(bids(DEAR), OTHER_SELLER, 59)
    scheme.hear(needs(need("n", wanted)), TSO, 20)
    scheme.tick(15)
    return scheme


def ordered(scheme: Room, wanted: object = 25) -> Room:
    """Let the distribution operator block nothing after a procurement: the orders are out."""
    procured(scheme, wanted).hear(Blocking(blocks=()), DSO, 14.5)
    return scheme
