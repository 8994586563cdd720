"""The messages of the Nordic morning, each with the name of its file and the edition it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import ResourceId
from gateway.model import (
    BidSet,
    Block,
    Blocking,
    Capacity,
    Direction,
    GridConstraints,
    Need,
    Party,
    Reserve,
    ReserveNeed,
    Role,
)
from gateway.results import Reason, Receipt, Verdict
from scenario.bids import bid_id, bids_of
from scenario.draw import name, whole
from scenario.nordic import (
    BORDERS,
    DAY,
    HOUR,
    MARKET_OPERATOR,
    NEEDS,
    OPERATORS,
    QUARTERS,
    ZONES,
    Line,
    Operator,
    operator_of,
)
from scenario.portfolios import COAST_GRID, PORTFOLIOS, Portfolio
from scenario.story import story_bids

_ALLOCATOR = Party(MARKET_OPERATOR.id, Role.RESERVE_ALLOCATOR)
_LIST_RESPONSIBLE = Party(MARKET_OPERATOR.id, Role.MERIT_ORDER_LIST_RESPONSIBLE)

CAPACITY_81 = "urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:1"

BLOCKED = {"POOL-02": None, "POOL-07": None, "HEAT-05": None, "HEAT-06": 10}
"""Resources in SE4 that the distribution operator blocks (None) or caps (MW) in the second quarter hour."""


@dataclass(frozen=True)
class Document:
    """A message to be written: file name without ending, envelope, namespace of its edition (None: the default)."""

    file: str
    envelope: Envelope[Message]
    edition: str | None = None


def documents() -> Iterator[Document]:
    """Yield every good document of the morning."""
    for operator in OPERATORS:
        for place in range(len(QUARTERS)):
            yield _needs(operator, place)
    for portfolio in PORTFOLIOS:
        yield _bids(portfolio)
    for operator in OPERATORS:
        yield _capacities(operator)
    yield _blocking()
    yield _receipt()


def _needs(operator: Operator, place: int) -> Document:
    """Return what an operator needs in one quarter hour, sent 20 minutes before it."""
    quarter = QUARTERS[place]
    needs = tuple(
        Need(
            id=name("need", buy.zone, str(buy.limit), place),
            buyer=operator.party.id,
            area=ZONES[buy.zone],
            direction=Direction.UP if buy.volumes_mw[place] > 0 else Direction.DOWN,
            interval=quarter,
            quantity_mw=Decimal(abs(buy.volumes_mw[place])),
            price=buy.limit,
        )
        for buy in NEEDS
        if buy.zone in operator.zones and buy.volumes_mw[place]
    )
    envelope = Envelope(
        id=name("needs", operator.file, place),
        sender=operator.party,
        receiver=_LIST_RESPONSIBLE,
        created=quarter.start - timedelta(minutes=20),
        message=ReserveNeed(needs=needs),
        reserve=Reserve.MFRR,
        period=quarter,
        domain=operator.control_area,
    )
    return Document(f"need_{operator.file}_{quarter.start:%H%M}", envelope)


def _bids(portfolio: Portfolio) -> Document:
    """Return the bids of a provider, sent half an hour to one hour before the gate of the first quarter hour."""
    envelope = Envelope(
        id=name("bids", portfolio.file),
        sender=portfolio.party,
        receiver=_ALLOCATOR,
        created=QUARTERS[0].start - timedelta(minutes=whole(75, 105, "sent", portfolio.file)),
        message=BidSet(bids=(*story_bids(portfolio), *bids_of(portfolio))),
        reserve=Reserve.MFRR,
        period=DAY,
        domain=operator_of(portfolio.resources[0][0]).control_area,
        subject=portfolio.party,
    )
    return Document(f"bids_{portfolio.file}", envelope, portfolio.edition)


def _capacities(operator: Operator) -> Document:
    """Return what an operator leaves for balancing on all borders of its zones, both ways."""
    envelope = Envelope(
        id=name("capacities", operator.file),
        sender=operator.party,
        receiver=_LIST_RESPONSIBLE,
        created=QUARTERS[0].start - timedelta(minutes=30),
        message=GridConstraints(
            capacities=tuple(
                capacity
                for line in BORDERS
                if {line.from_zone, line.to_zone} & set(operator.zones)
                for capacity in _both_ways(operator, line)
            )
        ),
        reserve=Reserve.MFRR,
        period=HOUR,
        domain=operator.control_area,
    )
    return Document(f"capacity_{operator.file}", envelope, CAPACITY_81 if operator.file == "energinet" else None)


def _both_ways(operator: Operator, line: Line) -> Iterator[Capacity]:
    ways = ((line.from_zone, line.to_zone, line.forward_mw), (line.to_zone, line.from_zone, line.backward_mw))
    for origin, target, volumes_mw in ways:
        for quarter, volume_mw in zip(QUARTERS, volumes_mw, strict=True):
            yield Capacity(
                id=name("capacity", operator.file, origin, target),
                sender=operator.party.id,
                from_area=ZONES[origin],
                to_area=ZONES[target],
                interval=quarter,
                quantity_mw=Decimal(volume_mw + _more_mw(operator, line)),
            )


def _more_mw(operator: Operator, line: Line) -> int:
    """Return by how much an operator's view exceeds the figure of the table, which is the lower of two views."""
    return 30 if (line.from_zone, line.to_zone, operator.file) == ("NO1", "SE3", "svenska_kraftnat") else 0


def _blocking() -> Document:
    """Return what the distribution operator answers to the first result of the second quarter hour."""
    quarter = QUARTERS[1]
    envelope = Envelope(
        id=name("blocking"),
        sender=COAST_GRID,
        receiver=MARKET_OPERATOR,
        created=quarter.start - timedelta(minutes=11),
        message=Blocking(
            blocks=tuple(
                Block(
                    bid_id=bid_id(ResourceId(f"EXAMPLE-SE4-{resource}", "NSE"), Direction.UP, quarter),
                    requester=COAST_GRID.id,
                    requester_role=COAST_GRID.role,
                    interval=quarter,
                    area=ZONES["SE4"],
                    limit_mw=None if limit_mw is None else Decimal(limit_mw),
                    kind="thermal",
                    reason="B46 the one transformer in service is at its thermal limit",
                )
                for resource, limit_mw in BLOCKED.items()
            )
        ),
        reserve=Reserve.MFRR,
        period=quarter,
    )
    return Document("blocking_coast_grid", envelope)


def _receipt() -> Document:
    """Return an acknowledgement that comes in: it is read and not answered."""
    provider = PORTFOLIOS[0].party
    envelope = Envelope(
        id=name("receipt"),
        sender=provider,
        receiver=MARKET_OPERATOR,
        created=QUARTERS[0].start - timedelta(minutes=9),
        message=Receipt(
            verdict=Verdict.ACCEPTED,
            document_id=name("an earlier result"),
            document_type="A38",
            process="A47",
            revision=1,
            reasons=(Reason(code="A01"),),
        ),
    )
    return Document("acknowledgement_fjord_hydro", envelope)
