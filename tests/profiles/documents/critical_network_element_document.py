"""The hand-written critical network element document with every element, as a value."""

from datetime import UTC, datetime
from decimal import Decimal

from profiles import critical_network_element
from profiles.critical_network_element import (
    AdditionalConstraintRegisteredResource,
    AdditionalConstraintSeries,
    Analog,
    BorderSeries,
    ConstraintSeries,
    ContingencyRegisteredResource,
    ContingencySeries,
    CriticalNetworkElementMarketDocument,
    MarketDocument,
    MonitoredRegisteredResource,
    MonitoredSeries,
    PartyMarketParticipant,
    Point,
    PTDFDomain,
    RemedialActionRegisteredResource,
    RemedialActionSeries,
    SeriesPeriod,
    SharedDomain,
    TimeSeries,
)
from profiles.lexical import Coded
from profiles.parts import Reason, Status, TimeInterval
from tests.market_values import EAST, EIGHT, TSO, WEST
from tests.profiles.documents.trees import placed, text_of

TEXT = text_of("critical_network_element", "2.5", "own-full")
NEWEST, MIDDLE, OLDEST = critical_network_element.EDITIONS
ROOT = "/CriticalNetworkElement_MarketDocument"
POINT = "TimeSeries/Period/Point"
SITUATION = f"{POINT}/Constraint_Series"

WEST_, EAST_ = Coded(WEST.value, "A01"), Coded(EAST.value, "A01")
WHY = (Reason(code="A95", text="line 7"),)
CONCERNED = (PartyMarketParticipant(id=Coded("7080000000005", "A10")),)


def resource(number: int) -> Coded:
    return Coded(f"NOKG9090{number}", "NNO")


FLOW = Analog(
    type="A03",
    unit="MAW",
    positive_flow_in="A01",
    value=Decimal("812.5"),
    measured_at=datetime(2027, 1, 13, 23, 30, 0, 250000, tzinfo=UTC),
    description="flow after the outage",
)
BOUNDARY = MonitoredRegisteredResource(id=resource(1), name="tie line")
BORDER = BorderSeries(
    id="border",
    business_type="B64",
    in_domain=WEST_,
    out_domain=EAST_,
    flow=Decimal("-120.75"),
    connecting_lines=(BOUNDARY,),
)
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
            id=resource(2), name="unit 2", in_domain=WEST_, out_domain=EAST_, status="A24", reasons=WHY
        ),
    ),
    reasons=WHY,
)
OUTAGE = ContingencySeries(
    id="contingency",
    name="line 3",
    parties=CONCERNED,
    resources=(
        ContingencyRegisteredResource(
            id=resource(3),
            name="line 3",
            in_domain=WEST_,
            out_domain=EAST_,
            psr_type="B21",
            location="northern valley",
            measurements=(FLOW,),
            reasons=WHY,
        ),
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
            psr_type="B21",
            location="southern valley",
            study_domain=WEST_,
            margin=Decimal("35.5"),
            margin_quality="A04",
            coupling_domain=EAST_,
            shadow_price=Decimal("12.34"),
            ptdfs=(
                PTDFDomain(id=WEST_, ptdf=Decimal("0.3125"), ptdf_quality="A06"),
                PTDFDomain(id=EAST_, ptdf=Decimal("-0.05")),
            ),
            measurements=(FLOW, Analog(type="A01", unit="AMP", value=Decimal(1200))),
            reasons=WHY,
        ),
    ),
    reasons=WHY,
)
ACTION = RemedialActionSeries(
    id="action",
    name="redispatch",
    business_type="B59",
    application_mode="A20",
    parties=CONCERNED,
    in_domain=WEST_,
    out_domain=EAST_,
    quantity_unit="MAW",
    quantity=Decimal(25),
    price=Decimal("41.75"),
    resources=(
        RemedialActionRegisteredResource(
            id=resource(7),
            name="plant 7",
            psr_type="B11",
            in_domain=WEST_,
            out_domain=EAST_,
            in_node=resource(5),
            out_node=resource(6),
            status="A26",
            maximum_capacity=Decimal(80),
            minimum_capacity=Decimal(10),
            default_capacity=Decimal(40),
            capacity_unit="MAW",
            measurements=(FLOW,),
            reasons=WHY,
        ),
    ),
    shared=(SharedDomain(id=EAST_),),
    reasons=WHY,
)
SITUATION_VALUE = ConstraintSeries(
    id="situation",
    business_type="B54",
    name="line 4 after line 3",
    reference_date="2027-01-13Z",
    reference_time="18:30:00Z",
    quantity_unit="MAW",
    external_constraint=Decimal("900.5"),
    external_constraint_quality="A04",
    ptdf_unit="C62",
    shadow_price_unit="MWH",
    currency="EUR",
    parties=CONCERNED,
    optimization_status="A52",
    constraint_status="A55",
    additional_constraints=(CONSTRAINT,),
    contingencies=(OUTAGE,),
    monitored=(MONITORED,),
    remedial_actions=(ACTION,),
    reasons=WHY,
)
DOCUMENT = CriticalNetworkElementMarketDocument(
    id="cne-7",
    revision="3",
    type="B06",
    process="A44",
    sender=Coded("10X1001A1001A39W", "A01"),
    sender_role="A44",
    receiver=Coded(TSO.id.value, "A01"),
    receiver_role="A04",
    created=datetime(2027, 1, 13, 19, 0, 59, tzinfo=UTC),
    status=Status(value="A40"),
    received=MarketDocument(id="crac-7", revision="12"),
    related=(MarketDocument(id="glsk-1", revision="3"),),
    period=TimeInterval(start=EIGHT, end=EIGHT.replace(hour=10)),
    domain=WEST_,
    series=(
        TimeSeries(
            id="ts-1",
            business_type="B54",
            in_domain=WEST_,
            out_domain=EAST_,
            curve_type="A01",
            currency="EUR",
            price_unit="MWH",
            periods=(
                SeriesPeriod(
                    interval=TimeInterval(start=EIGHT, end=EIGHT.replace(hour=10)),
                    resolution="PT60M",
                    points=(
                        Point(position=1, borders=(BORDER,), constraints=(SITUATION_VALUE,), reasons=WHY),
                        Point(position=2),
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
        "AdditionalConstraint_Series",
        "Border_Series",
        "ConnectingLine_RegisteredResource",
        "Constraint_Series",
        "Contingency_Series",
        "Measurements",
        "Monitored_Series",
        "PTDF_Domain",
        "Party_MarketParticipant",
        "Period",
        "Point",
        "Reason",
        "RegisteredResource",
        "Related_MarketDocument",
        "RemedialAction_Series",
        "Shared_Domain",
        "TimeSeries",
    }
)
"""Elements that may repeat, which have a number in every path."""


def at(path: str) -> str:
    """Return the path in a message about what stands at *path*."""
    return placed(ROOT[1:], path, NUMBERED)


def missing(path: str) -> str:
    """Return the path in a message about what does not stand at *path*."""
    return placed(ROOT[1:], path, NUMBERED, missing=True)
