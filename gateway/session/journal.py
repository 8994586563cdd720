"""The journal: every input of a session, in order, and the session again from it.

An entry is what came (a message, with the digest of its bytes) or that time passed, and when. The journal is only ever
added to. A session is a function of its opening and its entries and of nothing else, so replaying a journal gives the
same session in the same bytes; that is what a dispute is settled with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.envelope import Envelope, Message
from gateway.session.terms import Opening
from gateway.time import require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One input at ``at``: a message with the digest of its bytes, or none of both where only time passed.

    Raises `gateway.errors.InvalidValue` for an instant that is not in UTC.
    """

    at: datetime
    digest: str | None = None
    envelope: Envelope[Message] | None = None

    def __post_init__(self) -> None:
        """Refuse a naive instant."""
        require_utc(self.at, "Entry.at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The opening of a session and its inputs, oldest first."""

    opening: Opening
    entries: tuple[Entry, ...] = ()
