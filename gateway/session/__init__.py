"""One market period from opening to settlement, as a value that advances by messages and by time.

`Session` is the way in: open it, give it messages and instants, send what it answers. Its state is a value with an
exact JSON form, its inputs are a journal, and replaying the journal gives the same bytes.

>>> from datetime import UTC, datetime, timedelta
>>> from gateway.identifiers import PartyId
>>> from gateway.market import MarketDefinition
>>> from gateway.model import Party, Role
>>> from gateway.schemes import named
>>> from gateway.time import Interval
>>> eight = datetime(2027, 1, 14, 8, tzinfo=UTC)
>>> market = MarketDefinition(operator=Party(PartyId("10X1001A1001A39W", "A01"), Role.MARKET_OPERATOR))
>>> session = Session.begin(named("centralised"), market, Interval(eight, eight + timedelta(minutes=15)))
>>> session, sent = session.tick(eight - timedelta(hours=1))
>>> [(one.step, one.origin, one.message, f"{one.until:%H:%M}") for one in session.awaited()]
[(2, 'Buyer (TSO)', 'ReserveNeed', '07:45'), (3, 'Seller (CMP)', 'BidSet', '07:15'),
 (4, 'SO (DSO)', 'GridConstraints', '07:45')]
"""

from gateway.session.journal import Entry, Journal
from gateway.session.session import Session, replay
from gateway.session.terms import Fallback, Opening, Responsible, Terms

__all__ = ["Entry", "Fallback", "Journal", "Opening", "Responsible", "Session", "Terms", "replay"]
