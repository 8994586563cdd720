"""A model that fits on a hand: one peer sends bids to the gateway over one link, and the gateway clears."""

from dataclasses import replace

from gateway.flow import Phase
from gateway.identifiers import PartyId
from gateway.model import Role
from gateway.sgam.model import (
    Architecture,
    Business,
    Component,
    Domain,
    End,
    Function,
    Information,
    Kind,
    Link,
    Place,
    Relates,
    Relation,
    Security,
    Travel,
    Zone,
)
from gateway.time import Resolution

OPERATOR, SELLER = PartyId("10X-MO-GATEWAY-J", "A01"), PartyId("10X-AGG-C------I", "A01")
GATEWAY = Component(
    id="gateway", kind=Kind.GATEWAY, party=OPERATOR, place=Place(domain=Domain.TRANSMISSION, zone=Zone.MARKET)
)
PEER = Component(id="peer", kind=Kind.PEER, party=SELLER, place=Place(domain=Domain.DER, zone=Zone.ENTERPRISE))
LINK = Link(
    id="link",
    ends=("gateway", "peer"),
    protocol="HTTPS",
    port=8443,
    cadence=Resolution.parse("PT15M"),
    security=Security(tls="1.3", client_certificate=True, signature="detached"),
)
BIDS = Information(
    id="bids in",
    message="BidSet",
    document="ReserveBid_MarketDocument",
    edition="7.4",
    namespace="urn:planted",
    travel=Travel.IN,
    types=("A37",),
)
ASKS = Function(
    id="step 1",
    scheme="planted",
    step=1,
    phase=Phase.PROCUREMENT,
    action="sends bids",
    origin=End(actor="Seller (CMP)", components=("peer",)),
    recipients=(End(actor="MO (TSO)", components=("gateway",)),),
    outputs=("BidSet",),
)
CLEARS = Function(
    id="step 2",
    scheme="planted",
    step=2,
    phase=Phase.PROCUREMENT,
    action="clears",
    origin=End(actor="MO (TSO)", components=("gateway",)),
    inputs=("BidSet",),
)
SELLS = Business(
    id="seller",
    party=SELLER,
    role=Role.BALANCING_SERVICE_PROVIDER,
    scheme="planted",
    regulation="Regulation (EU) 2017/2195, Article 16",
)
USES = Relation("seller", Relates.USES, "step 1")
ACTS = Relation("seller", Relates.ACTS_THROUGH, "peer")
EXCHANGES = Relation("step 1", Relates.EXCHANGES, "bids in")
TRAVELS = Relation("bids in", Relates.TRAVELS_ON, "link")
JOINS = (Relation("link", Relates.JOINS, "gateway"), Relation("link", Relates.JOINS, "peer"))

SMALL = Architecture(
    operator=OPERATOR,
    scheme="planted",
    profile="project",
    components=(GATEWAY, PEER),
    links=(LINK,),
    information=(BIDS,),
    functions=(ASKS, CLEARS),
    businesses=(SELLS,),
    relations=tuple(sorted((USES, ACTS, EXCHANGES, TRAVELS, *JOINS))),
)


def without(*relations: Relation) -> Architecture:
    """Return the model without some of its relations."""
    assert set(relations) <= set(SMALL.relations)
    return replace(SMALL, relations=tuple(each for each in SMALL.relations if each not in relations))
