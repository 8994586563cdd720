"""The envelope: who sent what to whom, when, and the proof of what arrived.

An `Envelope` holds one canonical message with the header of the document that carried it. The
digest is that of the bytes as received; nothing downstream may replace the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.accounts import PerimeterCorrection, Settlement
from gateway.areas import MeritOrderLists
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.inquiries import Informative, Problem, StatusInquiry
from gateway.measurements import Readings
from gateway.model import BidSet, Blocking, GridConstraints, Party, Reserve, ReserveNeed
from gateway.operating_envelopes import OperatingEnvelopes
from gateway.results import ActivationOrders, Allocation, ClearingPrices, Receipt
from gateway.schedules import ExchangeSchedules, ResourceSchedules, ScheduleAnomalies, ScheduleAnswer
from gateway.time import Interval, require_utc

Message = (
    ReserveNeed
    | BidSet
    | GridConstraints
    | OperatingEnvelopes
    | Allocation
    | Blocking
    | ActivationOrders
    | ClearingPrices
    | MeritOrderLists
    | Readings
    | PerimeterCorrection
    | Settlement
    | ExchangeSchedules
    | ScheduleAnswer
    | ScheduleAnomalies
    | ResourceSchedules
    | Receipt
    | StatusInquiry
    | Problem
    | Informative
)
"""Everything a market document can say, by the names of the steps it serves."""

M_co = TypeVar("M_co", bound=Message, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope(Generic[M_co]):
    """A message with its header.

    ``id`` and ``revision`` name the document, ``document_type`` and ``process`` are its codes
    (``A37``, ``A47``), ``period`` is the header interval, ``domain`` the area it is about.
    ``digest`` is the SHA-256 of the received bytes in hexadecimal, None for a message of our own.
    Raises `InvalidValue` for a naive ``created`` and a revision outside 1..999.
    """

    id: str
    sender: Party
    receiver: Party
    created: datetime
    message: M_co
    revision: int = 1
    document_type: str | None = None
    process: str | None = None
    reserve: Reserve | None = None
    period: Interval | None = None
    domain: AreaId | None = None
    subject: Party | None = None
    edition: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        """Refuse a header that cannot be written."""
        require_utc(self.created, "Envelope.created")
        if not 1 <= self.revision <= 999:  # noqa: PLR2004
            raise InvalidValue("Envelope.revision", "1 to 999", str(self.revision))
