"""CRAC_MarketDocument: which elements have to be there, in what order, with which codes and within which bounds."""

import pytest

from profiles import parse
from tests.profiles.documents.crac_document import DOCUMENT, ROOT, SITUATION, TEXT, at, missing
from tests.profiles.documents.trees import findings, first_of_all, holding, marked, twice, unreadable, without

# ------------------------------------------------------------------------------------------------- what has to be there
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
    ("docStatus/value", None),
    ("Received_MarketDocument/mRID", "revisionNumber"),
    ("Received_MarketDocument/revisionNumber", None),
    ("time_Period.timeInterval", "domain.mRID"),
    ("time_Period.timeInterval/start", "end"),
    ("time_Period.timeInterval/end", None),
    ("domain.mRID", "TimeSeries"),
    ("TimeSeries/mRID", "businessType"),
    ("TimeSeries/businessType", "curveType"),
    ("TimeSeries/curveType", "in_Domain.mRID"),
    ("TimeSeries/Period", "Reason"),
    ("TimeSeries/Period/timeInterval", "resolution"),
    ("TimeSeries/Period/resolution", "Point"),
    ("TimeSeries/Period/Point", None),
    ("TimeSeries/Period/Point/position", "Series"),
    (SITUATION, "Reason"),
    (f"{SITUATION}/mRID", "businessType"),
    (f"{SITUATION}/businessType", "name"),
    (f"{SITUATION}/Party_MarketParticipant/mRID", None),
    (f"{SITUATION}/AdditionalConstraint_Series/mRID", "businessType"),
    (f"{SITUATION}/AdditionalConstraint_Series/businessType", "name"),
    (f"{SITUATION}/AdditionalConstraint_Series/RegisteredResource/mRID", "name"),
    (f"{SITUATION}/Contingency_Series/mRID", "name"),
    (f"{SITUATION}/Contingency_Series/RegisteredResource/mRID", "name"),
    (f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements/measurementType", "unitSymbol"),
    (f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements/unitSymbol", "positiveFlowIn"),
    (f"{SITUATION}/Contingency_Series/RegisteredResource/Measurements/analogValues.value", "analogValues.description"),
    (f"{SITUATION}/Monitored_Series/mRID", "name"),
    (f"{SITUATION}/Monitored_Series/RegisteredResource/mRID", "name"),
    (f"{SITUATION}/RemedialAction_Series/mRID", "name"),
    (f"{SITUATION}/RemedialAction_Series/RegisteredResource/mRID", "name"),
    (
        f"{SITUATION}/RemedialAction_Series/RegisteredResource/marketObjectStatus.status",
        "resourceCapacity.maximumCapacity",
    ),
    (f"{SITUATION}/RemedialAction_Series/Shared_Domain/mRID", None),
    (f"{SITUATION}/Reason/code", "text"),
]


@pytest.mark.parametrize(("path", "instead"), MANDATORY, ids=[path for path, _ in MANDATORY])
def test_what_has_to_be_there_is_missed_at_its_place(path: str, instead: str | None) -> None:
    found = "the end of its parent" if instead is None else f"<{instead}>"
    tag = path.rpartition("/")[2]
    assert unreadable(without(TEXT, path)) == (missing(path), f"<{tag}>", found, "A69")


OPTIONAL = [
    "docStatus",
    "status",
    "Received_MarketDocument",
    "Related_MarketDocument",
    "TimeSeries",
    "TimeSeries/in_Domain.mRID",
    "TimeSeries/out_Domain.mRID",
    "TimeSeries/currency_Unit.name",
    "TimeSeries/price_Measurement_Unit.name",
    f"{SITUATION}/name",
    f"{SITUATION}/optimization_MarketObjectStatus.status",
    f"{SITUATION}/AdditionalConstraint_Series",
    f"{SITUATION}/Contingency_Series",
    f"{SITUATION}/Contingency_Series/RegisteredResource",
    f"{SITUATION}/Monitored_Series",
    f"{SITUATION}/Monitored_Series/RegisteredResource/in_AggregateNode.mRID",
    f"{SITUATION}/RemedialAction_Series",
    f"{SITUATION}/RemedialAction_Series/businessType",
    f"{SITUATION}/RemedialAction_Series/RegisteredResource/pSRType.psrType",
    f"{SITUATION}/RemedialAction_Series/Shared_Domain",
    f"{SITUATION}/Reason",
    "Reason",
]


@pytest.mark.parametrize("path", OPTIONAL)
def test_what_may_be_left_out_is_not_missed(path: str) -> None:
    shorter = without(TEXT, path)
    parsed = parse(shorter.encode())
    assert parsed.report.clean
    assert parsed.document != DOCUMENT


# What stands twice; what is expected where it stands again; what is found there.
ONCE = [
    ("domain.mRID", "<domain.mRID> no more often", "it stands here"),
    ("docStatus", "<time_Period.timeInterval> before it", "<docStatus>"),
    ("TimeSeries/curveType", "<Period> before it", "<curveType>"),
    ("TimeSeries/Period/resolution", "<Point> before it", "<resolution>"),
    (f"{SITUATION}/name", "<name> no more often", "it stands here"),
]


@pytest.mark.parametrize(("path", "expected", "found"), ONCE, ids=[row[0] for row in ONCE])
def test_what_stands_once_does_not_stand_twice(path: str, expected: str, found: str) -> None:
    assert unreadable(twice(TEXT, path)) == (at(path), expected, found, "999")


@pytest.mark.parametrize("path", ["TimeSeries", "TimeSeries/curveType", f"{SITUATION}/Monitored_Series"])
def test_the_order_is_that_of_the_standard(path: str) -> None:
    where, expected, found, code = unreadable(first_of_all(TEXT, path))
    assert (where, expected, code) == (at(path), "<mRID> before it", "999")
    assert found == f"<{path.rpartition('/')[2]}>"


# ----------------------------------------------------------------------------------------------------- codes and bounds
# Path, list, reason code of a value outside it.
CODED = [
    ("type", "MessageTypeList", "999"),
    ("process.processType", "ProcessTypeList", "A79"),
    ("sender_MarketParticipant.marketRole.type", "RoleTypeList", "A78"),
    ("receiver_MarketParticipant.marketRole.type", "RoleTypeList", "A78"),
    ("docStatus/value", "StatusTypeList", "999"),
    ("TimeSeries/businessType", "BusinessTypeList", "A62"),
    ("TimeSeries/curveType", "CurveTypeList", "999"),
    ("TimeSeries/currency_Unit.name", "CurrencyTypeList", "A61"),
    ("TimeSeries/price_Measurement_Unit.name", "UnitOfMeasureTypeList", "999"),
    (f"{SITUATION}/businessType", "BusinessTypeList", "A62"),
    (f"{SITUATION}/optimization_MarketObjectStatus.status", "StatusTypeList", "999"),
    (f"{SITUATION}/Monitored_Series/RegisteredResource/Measurements/measurementType", "AnalogTypeList", "999"),
    (f"{SITUATION}/Monitored_Series/RegisteredResource/Measurements/unitSymbol", "UnitSymbol", "999"),
    (f"{SITUATION}/Monitored_Series/RegisteredResource/Measurements/positiveFlowIn", "IndicatorTypeList", "999"),
    (f"{SITUATION}/RemedialAction_Series/RegisteredResource/pSRType.psrType", "AssetTypeList", "999"),
    (f"{SITUATION}/Reason/code", "ReasonCodeTypeList", "999"),
]


@pytest.mark.parametrize(("path", "codes", "code"), CODED, ids=[row[0] for row in CODED])
def test_a_code_outside_its_list_is_found(path: str, codes: str, code: str) -> None:
    assert findings(holding(TEXT, path, "Q9")) == [("GEN-005", code, at(path), f"a value of {codes}", "'Q9'")]


ANALOG = f"{SITUATION}/Monitored_Series/RegisteredResource/Measurements"
BROKEN = [
    ("mRID", "x" * 61, "at most 60 characters"),
    ("revisionNumber", "0", "a whole number from 1 to 999, no leading zero"),
    ("Received_MarketDocument/revisionNumber", "1000", "a whole number from 1 to 999, no leading zero"),
    ("sender_MarketParticipant.mRID", "X" * 17, "at most 16 characters"),
    ("domain.mRID", "Y" * 19, "at most 18 characters"),
    ("TimeSeries/Period/Point/position", "0", "a whole number from 1 to 999999"),
    (f"{SITUATION}/Monitored_Series/RegisteredResource/mRID", "r" * 61, "at most 60 characters"),
    (f"{SITUATION}/RemedialAction_Series/price.amount", "1" * 18, "at most 17 digits"),
    (f"{SITUATION}/Reason/text", "t" * 513, "at most 512 characters"),
]


@pytest.mark.parametrize(("path", "value", "expected"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_value_out_of_bounds_is_found_and_kept(path: str, value: str, expected: str) -> None:
    shown = f"'{value}'" if len(value) <= 80 else f"'{value[:80]}' and {len(value) - 80} characters more"
    assert findings(holding(TEXT, path, value)) == [("GEN-004", "999", at(path), expected, shown)]


# The direction of a technical value stands beside it, so the value has no sign.
FORMS = [
    (f"{ANALOG}/analogValues.value", "-1200", "a decimal number without sign"),
    (f"{SITUATION}/RemedialAction_Series/quantity.quantity", "1e3", "a decimal number such as 12.5"),
    ("createdDateTime", "2027-01-13T17:30Z", "an instant YYYY-MM-DDThh:mm:ssZ"),
    ("time_Period.timeInterval/start", "2027-01-14T08:00:00Z", "an instant YYYY-MM-DDThh:mmZ"),
    ("TimeSeries/Period/resolution", "1 hour", "a duration such as PT15M"),
]


@pytest.mark.parametrize(("path", "value", "expected"), FORMS, ids=[row[0] for row in FORMS])
def test_a_value_without_its_form_is_refused(path: str, value: str, expected: str) -> None:
    assert unreadable(holding(TEXT, path, value)) == (at(path), expected, f"'{value}'", "999")


def test_a_scheme_of_nobody_is_found() -> None:
    expected = [("GEN-005", "999", f"{ROOT}/domain.mRID/@codingScheme", "a value of CodingSchemeTypeList", "'Q9'")]
    assert findings(marked(TEXT, "domain.mRID", "Q9")) == expected
