"""CriticalNetworkElement_MarketDocument: which elements have to be there, with which codes and within which bounds."""

import pytest

from profiles import parse
from tests.profiles.documents.critical_network_element_document import (
    DOCUMENT,
    POINT,
    ROOT,
    SITUATION,
    TEXT,
    at,
    missing,
)
from tests.profiles.documents.trees import findings, first_of_all, holding, marked, twice, unreadable, without

MONITORED = f"{SITUATION}/Monitored_Series/RegisteredResource"
ACTION = f"{SITUATION}/RemedialAction_Series"

# Path of what is left out; the tag of what stands in its place (None: nothing more).
MANDATORY: list[tuple[str, str | None]] = [
    ("mRID", "revisionNumber"),
    ("revisionNumber", "type"),
    ("type", "process.processType"),
    ("process.processType", "sender_MarketParticipant.mRID"),
    ("sender_MarketParticipant.mRID", "sender_MarketParticipant.marketRole.type"),
    ("sender_MarketParticipant.marketRole.type", "receiver_MarketParticipant.mRID"),
    ("receiver_MarketParticipant.mRID", "receiver_MarketParticipant.marketRole.type"),
    ("receiver_MarketParticipant.marketRole.type", "createdDateTime"),
    ("createdDateTime", "docStatus"),
    ("Received_MarketDocument/mRID", "revisionNumber"),
    ("Related_MarketDocument/revisionNumber", None),
    ("time_Period.timeInterval", "domain.mRID"),
    ("TimeSeries/mRID", "businessType"),
    ("TimeSeries/businessType", "in_Domain.mRID"),
    ("TimeSeries/curveType", "currency_Unit.name"),
    ("TimeSeries/Period", "Reason"),
    ("TimeSeries/Period/timeInterval", "resolution"),
    ("TimeSeries/Period/resolution", "Point"),
    (f"{POINT}/position", "Border_Series"),
    (f"{POINT}/Border_Series/mRID", "businessType"),
    (f"{POINT}/Border_Series/businessType", "in_Domain.mRID"),
    (f"{POINT}/Border_Series/ConnectingLine_RegisteredResource/mRID", "name"),
    (f"{SITUATION}/mRID", "businessType"),
    (f"{SITUATION}/businessType", "name"),
    (f"{SITUATION}/Party_MarketParticipant/mRID", None),
    (f"{SITUATION}/AdditionalConstraint_Series/mRID", "businessType"),
    (f"{SITUATION}/AdditionalConstraint_Series/RegisteredResource/mRID", "name"),
    (f"{SITUATION}/Contingency_Series/mRID", "name"),
    (f"{SITUATION}/Contingency_Series/RegisteredResource/mRID", "name"),
    (f"{SITUATION}/Monitored_Series/mRID", "name"),
    (f"{MONITORED}/mRID", "name"),
    (f"{MONITORED}/PTDF_Domain/mRID", "pTDF_Quantity.quantity"),
    (f"{MONITORED}/PTDF_Domain/pTDF_Quantity.quantity", "pTDF_Quantity.quality"),
    (f"{MONITORED}/Measurements/measurementType", "unitSymbol"),
    (f"{MONITORED}/Measurements/unitSymbol", "positiveFlowIn"),
    (f"{MONITORED}/Measurements/analogValues.value", "analogValues.timeStamp"),
    (f"{ACTION}/mRID", "name"),
    (f"{ACTION}/RegisteredResource/mRID", "name"),
    (f"{ACTION}/RegisteredResource/pSRType.psrType", "in_Domain.mRID"),
    (f"{ACTION}/RegisteredResource/marketObjectStatus.status", "resourceCapacity.maximumCapacity"),
    (f"{ACTION}/Shared_Domain/mRID", None),
    (f"{SITUATION}/Reason/code", "text"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    assert unreadable(without(TEXT, path)) == (missing(path), f"<{path.rpartition('/')[2]}>", found, "A69")


OPTIONAL = [
    "docStatus",
    "Received_MarketDocument",
    "Related_MarketDocument",
    "domain.mRID",
    "TimeSeries",
    "TimeSeries/in_Domain.mRID",
    "TimeSeries/currency_Unit.name",
    "TimeSeries/price_Measurement_Unit.name",
    f"{POINT}/Border_Series",
    f"{POINT}/Border_Series/flow_Quantity.quantity",
    SITUATION,
    f"{SITUATION}/referenceCalculation_DateAndOrTime.date",
    f"{SITUATION}/referenceCalculation_DateAndOrTime.time",
    f"{SITUATION}/externalConstraint_Quantity.quantity",
    f"{SITUATION}/constraintStatus_MarketObjectStatus.status",
    f"{SITUATION}/AdditionalConstraint_Series/businessType",
    f"{SITUATION}/Contingency_Series",
    f"{MONITORED}/flowBasedStudy_Domain.mRID",
    f"{MONITORED}/flowBasedStudy_Domain.flowBasedMargin_Quantity.quantity",
    f"{MONITORED}/marketCoupling_Domain.shadow_Price.amount",
    f"{MONITORED}/PTDF_Domain/pTDF_Quantity.quality",
    f"{MONITORED}/Measurements/analogValues.timeStamp",
    f"{ACTION}/RegisteredResource/resourceCapacity.unitSymbol",
    "Reason",
]


@pytest.mark.parametrize("path", OPTIONAL)
def test_what_may_be_left_out_is_not_missed(path: str) -> None:
    parsed = parse(without(TEXT, path).encode())
    assert parsed.report.clean
    assert parsed.document != DOCUMENT


def test_a_point_without_borders_and_situations_says_that_nothing_limits() -> None:
    second = parse(TEXT.encode()).document.series[0].periods[0].points[1]
    assert (second.position, second.borders, second.constraints, second.reasons) == (2, (), (), ())


# What stands twice; what is expected where it stands again; what is found there.
ONCE = [
    ("domain.mRID", "<domain.mRID> no more often", "it stands here"),
    ("docStatus", "<time_Period.timeInterval> before it", "<docStatus>"),
    ("TimeSeries/curveType", "<Period> before it", "<curveType>"),
    (f"{MONITORED}/location.name", "<location.name> no more often", "it stands here"),
    (f"{MONITORED}/Measurements/analogValues.value", "<analogValues.value> no more often", "it stands here"),
]


@pytest.mark.parametrize(("path", "expected", "found"), ONCE, ids=[row[0] for row in ONCE])
def test_what_stands_once_does_not_stand_twice(path: str, expected: str, found: str) -> None:
    assert unreadable(twice(TEXT, path)) == (at(path), expected, found, "999")


@pytest.mark.parametrize(
    "path", [SITUATION, f"{MONITORED}/PTDF_Domain", f"{ACTION}/Shared_Domain", "Reason", "TimeSeries"]
)
def test_what_may_repeat_is_read_each_time(path: str) -> None:
    more = parse(twice(TEXT, path).encode())
    assert more.report.clean
    assert more.document != DOCUMENT


@pytest.mark.parametrize("path", ["TimeSeries", "TimeSeries/curveType", f"{SITUATION}/Monitored_Series"])
def test_the_order_is_that_of_the_standard(path: str) -> None:
    assert unreadable(first_of_all(TEXT, path)) == (at(path), "<mRID> before it", f"<{path.rpartition('/')[2]}>", "999")


# Path, list, reason code of a value outside it.
CODED = [
    ("type", "MessageTypeList", "999"),
    ("process.processType", "ProcessTypeList", "A79"),
    ("sender_MarketParticipant.marketRole.type", "RoleTypeList", "A78"),
    ("docStatus/value", "StatusTypeList", "999"),
    ("TimeSeries/businessType", "BusinessTypeList", "A62"),
    ("TimeSeries/curveType", "CurveTypeList", "999"),
    ("TimeSeries/currency_Unit.name", "CurrencyTypeList", "A61"),
    (f"{POINT}/Border_Series/businessType", "BusinessTypeList", "A62"),
    (f"{SITUATION}/quantity_Measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{SITUATION}/pTDF_Measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{SITUATION}/shadowPrice_Measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{SITUATION}/currency_Unit.name", "CurrencyTypeList", "A61"),
    (f"{SITUATION}/externalConstraint_Quantity.quality", "QualityTypeList", "999"),
    (f"{SITUATION}/constraintStatus_MarketObjectStatus.status", "StatusTypeList", "999"),
    (f"{MONITORED}/pSRType.psrType", "AssetTypeList", "999"),
    (f"{MONITORED}/flowBasedStudy_Domain.flowBasedMargin_Quantity.quality", "QualityTypeList", "999"),
    (f"{MONITORED}/PTDF_Domain/pTDF_Quantity.quality", "QualityTypeList", "999"),
    (f"{MONITORED}/Measurements/measurementType", "AnalogTypeList", "999"),
    (f"{MONITORED}/Measurements/unitSymbol", "UnitSymbol", "999"),
    (f"{MONITORED}/Measurements/positiveFlowIn", "IndicatorTypeList", "999"),
    (f"{ACTION}/applicationMode_MarketObjectStatus.status", "StatusTypeList", "999"),
    (f"{ACTION}/RegisteredResource/resourceCapacity.unitSymbol", "UnitSymbol", "999"),
    (f"{SITUATION}/Reason/code", "ReasonCodeTypeList", "999"),
]


@pytest.mark.parametrize(("path", "codes", "code"), CODED, ids=[row[0] for row in CODED])
def test_a_code_outside_its_list_is_found(path: str, codes: str, code: str) -> None:
    assert findings(holding(TEXT, path, "Q9")) == [("GEN-005", code, at(path), f"a value of {codes}", "'Q9'")]


BROKEN = [
    ("mRID", "x" * 61, "at most 60 characters"),
    ("revisionNumber", "03", "a whole number from 1 to 999, no leading zero"),
    ("sender_MarketParticipant.mRID", "X" * 17, "at most 16 characters"),
    ("domain.mRID", "Y" * 19, "at most 18 characters"),
    (f"{POINT}/position", "1000000", "a whole number from 1 to 999999"),
    (f"{MONITORED}/in_AggregateNode.mRID", "r" * 61, "at most 60 characters"),
    (f"{MONITORED}/marketCoupling_Domain.shadow_Price.amount", "0." + "1" * 18, "at most 17 digits"),
    (f"{ACTION}/price.amount", "-" + "1" * 18, "at most 17 digits"),
]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_value_out_of_bounds_is_found_and_kept(path: str, value: str, expected: str) -> None:
    assert findings(holding(TEXT, path, value)) == [("GEN-004", "999", at(path), expected, f"'{value}'")]


FORMS = [
    (f"{MONITORED}/Measurements/analogValues.value", "+812.5", "a decimal number without sign"),
    (
        f"{MONITORED}/Measurements/analogValues.timeStamp",
        "2027-01-13T23:30:00",
        "an instant with its offset, YYYY-MM-DDThh:mm:ss+hh:mm or Z",
    ),
    (f"{MONITORED}/PTDF_Domain/pTDF_Quantity.quantity", "31.25%", "a decimal number such as 12.5"),
    (f"{SITUATION}/referenceCalculation_DateAndOrTime.date", "2027-1-13", "a date YYYY-MM-DD"),
    (f"{SITUATION}/referenceCalculation_DateAndOrTime.date", "2027-02-29", "a date YYYY-MM-DD that exists"),
    (f"{SITUATION}/referenceCalculation_DateAndOrTime.time", "18:30", "a time hh:mm:ss"),
    (f"{POINT}/Border_Series/flow_Quantity.quantity", "", "a decimal number such as 12.5"),
    ("TimeSeries/Period/resolution", "60M", "a duration such as PT15M"),
]


@pytest.mark.parametrize(("path", "value", "expected"), FORMS, ids=[f"{row[0]} {row[1]}" for row in FORMS])
def test_a_value_without_its_form_is_refused(path: str, value: str, expected: str) -> None:
    assert unreadable(holding(TEXT, path, value)) == (at(path), expected, f"'{value}'", "999")


@pytest.mark.parametrize(
    "path", ["sender_MarketParticipant.mRID", "domain.mRID", f"{MONITORED}/mRID", f"{MONITORED}/PTDF_Domain/mRID"]
)
def test_a_scheme_of_nobody_is_found(path: str) -> None:
    expected = ("GEN-005", "999", f"{at(path)}/@codingScheme", "a value of CodingSchemeTypeList", "'Q9'")
    assert findings(marked(TEXT, path, "Q9")) == [expected]


def test_every_wrong_value_of_one_document_is_found() -> None:
    text = holding(holding(TEXT, "type", "Q9"), f"{POINT}/position", "0")
    assert [where for _, _, where, _, _ in findings(text)] == [f"{ROOT}/type", at(f"{POINT}/position")]
