"""The canonical model: messages about messages, and documents that only inform.

A party asks for a document or its state (`StatusInquiry`), or says that an expected one is missing or will not come
(`Problem`). Neither is a step of a market; both may be sent at any time. A document that carries no step at all is kept
with its bytes and passed on as `Informative`: nothing follows from it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId
from gateway.results import Reason
from gateway.time import require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryCondition:
    """What the wanted document must say: ``attribute`` has ``value``, with the coding scheme of an identifier."""

    attribute: str
    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInquiry:
    """A party asks for the document, or the state of the document, that meets all conditions.

    Raises `InvalidValue` for an inquiry without conditions.
    """

    conditions: tuple[InquiryCondition, ...]

    def __post_init__(self) -> None:
        """Refuse a question about nothing."""
        if not self.conditions:
            raise InvalidValue("StatusInquiry.conditions", "one condition or more", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A document that was expected is missing, late or will not come.

    ``expected_type`` and ``expected_process`` are codes of the document, ``expected_at`` is when it was due,
    ``delivery_at`` when it will come, where that is known. Raises `InvalidValue` for naive instants and for a problem
    without a reason.
    """

    expected_type: str
    expected_at: datetime
    reasons: tuple[Reason, ...]
    expected_process: str | None = None
    timeframe: str | None = None
    delivery_at: datetime | None = None
    area: AreaId | None = None

    def __post_init__(self) -> None:
        """Refuse naive instants and a complaint without words."""
        require_utc(self.expected_at, "Problem.expected_at")
        if self.delivery_at is not None:
            require_utc(self.delivery_at, "Problem.delivery_at")
        if not self.reasons:
            raise InvalidValue("Problem.reasons", "one reason or more", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Informative:
    """A document that informs and carries no step of a scheme.

    ``document`` names the file that declares it (``crac``). Edition and digest stand in the envelope; the bytes that
    the digest belongs to are kept, which is how the typed content is read again.
    """

    document: str
