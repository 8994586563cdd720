"""ProblemStatement_MarketDocument (IEC 62325-451-5): an expected document is missing or cannot be delivered.

A receiver sends it when a document or its acknowledgement does not arrive (reason A91), a sender when it will be late
or not come at all (A92 to A94). Edition 3.2 is declared in full; the others are differences to it.
"""

from __future__ import annotations

from datetime import datetime

from gateway.envelope import Envelope
from gateway.errors import Unwritable
from gateway.inquiries import Problem
from gateway.report import Report
from profiles.canonical import area_id, coded_or_none, envelope, head, reason, wire_reason
from profiles.edition import Edition
from profiles.lexical import AREA, IDENTIFIER, PARTY, REVISION, SECOND, SHORT_IDENTIFIER, Coded, code
from profiles.parts import Reason, TimeInterval
from profiles.wire import element, many, one, opt


@element
class ProblemStatementMarketDocument:
    """The document: header, what was expected, what is wrong."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    expected_type: str = one("expected_MarketDocument.type", code("MessageTypeList"))
    expected_created: datetime = one("expected_MarketDocument.createdDateTime", SECOND)
    expected_process: str | None = opt("expected_MarketDocument.process.processType", code("ProcessTypeList"))
    expected_timeframe: str | None = opt(
        "expected_MarketDocument.process.energyMarket.timeframe", code("TimeframeTypeList")
    )
    delivered: datetime | None = opt("delivery_MarketDocument.createdDateTime", SECOND)
    domain: Coded | None = opt("domain.mRID", AREA)
    reasons: tuple[Reason, ...] = many("Reason", Reason, least=1)


_ROOT = "ProblemStatement_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-5:problemdocument:3:"
_SINCE_3_2 = frozenset({"expected_MarketDocument.process.energyMarket.timeframe"})

EDITIONS = (
    Edition(document=ProblemStatementMarketDocument, name="3.2", root=_ROOT, namespace=_NAMESPACE + "2"),
    Edition(
        document=ProblemStatementMarketDocument, name="3.1", root=_ROOT, namespace=_NAMESPACE + "1", without=_SINCE_3_2
    ),
    Edition(
        document=ProblemStatementMarketDocument,
        name="3.0",
        root=_ROOT,
        namespace=_NAMESPACE + "0",
        without=_SINCE_3_2,
        kinds={"ID_String": SHORT_IDENTIFIER},
    ),
)
"""The first is the edition written by default."""

MESSAGES = (Problem,)
"""What the document carries."""


def to_canonical(document: ProblemStatementMarketDocument) -> tuple[Envelope[Problem], Report]:
    """Return what is wrong with an expected document. Raises `Unmappable`."""
    message = Problem(
        expected_type=document.expected_type,
        expected_at=document.expected_created,
        expected_process=document.expected_process,
        timeframe=document.expected_timeframe,
        delivery_at=document.delivered,
        area=None if document.domain is None else area_id(document.domain),
        reasons=tuple(map(reason, document.reasons)),
    )
    return envelope(document, message), Report()


def from_canonical(letter: Envelope[Problem]) -> ProblemStatementMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    problem = letter.message
    if letter.period is None:
        raise Unwritable("period.timeInterval", "a period in the envelope", "none")
    return ProblemStatementMarketDocument(
        **head(letter, "A35", letter.period, without=("process",)),
        expected_type=problem.expected_type,
        expected_created=problem.expected_at,
        expected_process=problem.expected_process,
        expected_timeframe=problem.timeframe,
        delivered=problem.delivery_at,
        domain=coded_or_none(problem.area),
        reasons=tuple(map(wire_reason, problem.reasons)),
    )
