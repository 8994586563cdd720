"""The hand-written CRAC document with every element, as a value."""

from datetime import UTC, datetime
from decimal import Decimal

from profiles import crac
from profiles.crac import (
    AdditionalConstraintRegisteredResource,
    AdditionalConstraintSeries,
    Analog,
    ContingencyRegisteredResource,
    ContingencySeries,
    CRACMarketDocument,
    MarketDocument,
    MonitoredRegisteredResource,
    MonitoredSeries,
    PartyMarketParticipant,
    Point,
    RemedialActionRegisteredResource,
    RemedialActionSeries,
    Series,
    SeriesPeriod,
    SharedDomain,
    TimeSeries,
)
from profiles.lexical import Coded
from profiles.parts import Reason, Status, TimeInterval
from tests.market_values import EAST, EIGHT, TSO, WEST
from tests.profiles.documents.trees import placed, text_of

TEXT = text_of("crac", "2.4", "own-full")
NEWER, OLDER = crac.EDITIONS
ROOT = "/CRAC_MarketDocument"
SITUATION = "TimeSeries/Period/Point/Series"

WEST_, EAST_ = Coded(WEST.value, "A01"), Coded(EAST.value, "A01")
WHY = (Reason(code="A95", text="feeder 7"),)
CONCERNED = (PartyMarketParticipant(id=Coded("7080000000005", "A10")),)


def resource(number: int) -> Coded:
    return Coded(f"NOKG9090{number}", "NNO")


CONSTRAINT = AdditionalConstraintSeries(
    id="constraint",
    business_type="B87",
    name="export of the west",
    parties=CONCERNED,
    in_domain=WEST_,
    out_domain=EAST_,
    quantity_unit="MAW",
    quantity=Decimal("-450.5"),
    resources=(
        AdditionalConstraintRegisteredResource(
            id=resource(1), name="unit 1", in_domain=WEST_, out_domain=EAST_, status="A24", reasons=WHY
        ),
    ),
    reasons=WHY,
)
LIMIT = Analog(
    type="A01", unit="AMP", positive_flow_in="A02", value=Decimal("1200.25"), description="permanent limit in winter"
)
CONTINGENCY = ContingencySeries(
    id="contingency",
    name="line 1 and busbar 2",
    parties=CONCERNED,
    resources=(
        ContingencyRegisteredResource(
            id=resource(2),
            name="line 1",
            in_domain=WEST_,
            out_domain=EAST_,
            status="A23",
            measurements=(LIMIT,),
            reasons=WHY,
        ),
        ContingencyRegisteredResource(id=resource(3)),
    ),
    reasons=WHY,
)
MONITORED = MonitoredSeries(
    id="monitored",
    name="line 4",
    parties=CONCERNED,
    resources=(
        MonitoredRegisteredResource(
            id=resource(4),
            name="line 4",
            in_domain=WEST_,
            out_domain=EAST_,
            in_node=resource(5),
            out_node=resource(6),
            measurements=(LIMIT, Analog(type="A02", unit="P1", value=Decimal(85))),
            reasons=WHY,
        ),
    ),
    reasons=WHY,
)
ACTION = RemedialActionSeries(
    id="action",
    name="tap of the phase shifter",
    business_type="B59",
    application_mode="A20",
    availability="A39",
    parties=CONCERNED,
    in_domain=WEST_,
    out_domain=EAST_,
    quantity_unit="MAW",
    quantity=Decimal(25),
    price=Decimal("41.75"),
    resources=(
        RemedialActionRegisteredResource(
            id=resource(7),
            name="transformer 7",
            psr_type="A06",
            in_domain=WEST_,
            out_domain=EAST_,
            in_node=resource(5),
            out_node=resource(6),
            status="A26",
            maximum_capacity=Decimal(16),
            minimum_capacity=Decimal(-16),
            default_capacity=Decimal(0),
            capacity_unit="C62",
            measurements=(LIMIT,),
            reasons=WHY,
        ),
    ),
    shared=(SharedDomain(id=EAST_),),
    reasons=WHY,
)
DOCUMENT = CRACMarketDocument(
    id="crac-7",
    revision="12",
    type="B15",
    process="A44",
    sender=Coded(TSO.id.value, "A01"),
    sender_role="A04",
    receiver=Coded("10X1001A1001A39W", "A01"),
    receiver_role="A36",
    created=datetime(2027, 1, 13, 17, 30, 5, tzinfo=UTC),
    status=Status(value="A40"),
    other_status=Status(value="A06"),
    received=MarketDocument(id="crac-6", revision="1"),
    related=(MarketDocument(id="cne-1", revision="2"), MarketDocument(id="glsk-1", revision="3")),
    period=TimeInterval(start=EIGHT, end=EIGHT.replace(hour=10)),
    domain=WEST_,
    series=(
        TimeSeries(
            id="ts-1",
            business_type="B54",
            curve_type="A03",
            in_domain=WEST_,
            out_domain=EAST_,
            currency="EUR",
            price_unit="MWH",
            periods=(
                SeriesPeriod(
                    interval=TimeInterval(start=EIGHT, end=EIGHT.replace(hour=10)),
                    resolution="PT60M",
                    points=(
                        Point(
                            position=2,
                            series=(
                                Series(
                                    id="situation",
                                    business_type="B56",
                                    name="one line out",
                                    parties=CONCERNED,
                                    optimization_status="A52",
                                    additional_constraints=(CONSTRAINT,),
                                    contingencies=(CONTINGENCY,),
                                    monitored=(MONITORED,),
                                    remedial_actions=(ACTION,),
                                    reasons=WHY,
                                ),
                            ),
                            reasons=WHY,
                        ),
                    ),
                ),
            ),
            reasons=WHY,
        ),
    ),
    reasons=WHY,
)
NUMBERED = frozenset(
    {
        "TimeSeries",
        "Period",
        "Point",
        "Series",
        "Party_MarketParticipant",
        "AdditionalConstraint_Series",
        "Contingency_Series",
        "Monitored_Series",
        "RemedialAction_Series",
        "RegisteredResource",
        "Measurements",
        "Shared_Domain",
        "Related_MarketDocument",
        "Reason",
    }
)
"""Elements that may repeat, which have a number in every path."""


def at(path: str) -> str:
    """Return the path in a message about what stands at *path*."""
    return placed("CRAC_MarketDocument", path, NUMBERED)


def missing(path: str) -> str:
    """Return the path in a message about what does not stand at *path*."""
    return placed("CRAC_MarketDocument", path, NUMBERED, missing=True)
