"""GEN-012: identifiers fit the scheme that is said to have issued them, wherever in a document they stand.

Check characters by hand: the sum of the values of the first 15 characters, each times its distance from the 17th place,
less one, modulo 37, taken from 36; for GS1 numbers the weights are 1 and 3.
"""

from __future__ import annotations

import pytest

from tests.profiles.rules.cases import Step, judged, only, said

FIRST = "Bid_TimeSeries[1]"
PARTY, DOMAIN, AREA, RESOURCE = (
    "subject_MarketParticipant.mRID",
    "domain.mRID",
    f"{FIRST}/connecting_Domain.mRID",
    f"{FIRST}/registeredResource.mRID",
)
CODES = {PARTY: "A78", DOMAIN: "A80", AREA: "A23", RESOURCE: "A64"}
PLAIN = "an EIC of 16 characters 0-9, A-Z and -"
DIGITS = "a GS1 number of 13 digits with a right check digit"


def naming(place: str, value: str, scheme: str) -> list[Step]:
    return [("set", place, value), ("attribute", place, "codingScheme", scheme)]


def complaints(base: str, *steps: Step, market: str = "project") -> list[tuple[str, str, str, str]]:
    return only("GEN-012", said(base, *steps, over=market))


@pytest.mark.parametrize("place", CODES)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10YNORTH-------S", "an EIC with check character T"),
        ("10XTSO-NORTH---A", "an EIC with check character B"),
        ("10WUNIT-ONE----4", "an EIC with check character 3"),
        ("10YNORTH------", PLAIN),
        ("10ynorth-------t", PLAIN),
        ("10YNORTH_______T", PLAIN),
        ("10YNORTH      -T", PLAIN),
    ],
)
def test_an_eic_has_its_form_and_check_character(place: str, value: str, expected: str) -> None:
    assert complaints("bids", *naming(place, value, "A01")) == [(CODES[place], f"/{place}", expected, f"A01:{value}")]


@pytest.mark.parametrize(
    ("place", "value", "letters"),
    [
        (PARTY, "10XTSO-NORTH---B", None),
        (PARTY, "10YNORTH-------T", "X"),
        (PARTY, "10WUNIT-ONE----3", "X"),
        (DOMAIN, "10YRIVER-------S", None),
        (DOMAIN, "10XTSO-NORTH---B", "Y"),
        (AREA, "10YRIVER-------S", None),
        (AREA, "10WUNIT-ONE----3", "Y"),
        (RESOURCE, "10WUNIT-TWO----P", None),
        (RESOURCE, "10WFEEDER-ONE--K", None),
    ],
)
def test_an_eic_is_of_the_type_of_what_it_names(place: str, value: str, letters: str | None) -> None:
    told = (CODES[place], f"/{place}", f"an EIC of type {letters}", f"A01:{value}")
    assert complaints("bids", *naming(place, value, "A01")) == ([told] if letters else [])


@pytest.mark.parametrize("value", ["10XTSO-NORTH---B", "10YNORTH-------T"])
def test_a_resource_is_neither_a_party_nor_an_area(value: str) -> None:
    ((code, place, expected, found),) = complaints("bids", *naming(RESOURCE, value, "A01"))
    assert (code, place, found) == ("A64", f"/{RESOURCE}", f"A01:{value}")
    assert expected.startswith("an EIC of type W or ")
    assert value[2] not in expected.removeprefix("an EIC of type ").split(" or ")


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("5790000000005", False),
        ("5790000000006", True),
        ("4006381333931", False),
        ("4006381333932", True),
        ("400638133393", True),
        ("40063813339310", True),
        ("400638133393X", True),
    ],
)
def test_a_gs1_number_has_13_digits_and_the_last_checks(value: str, *, wrong: bool) -> None:
    """4·1 + 0·3 + 0·1 + 6·3 + 3·1 + 8·3 + 1·1 + 3·3 + 3·1 + 3·3 + 9·1 + 3·3 = 89, and 90 is the next ten: 1."""
    steps = naming(PARTY, value, "A10")
    assert complaints("bids", *steps) == ([("A78", f"/{PARTY}", DIGITS, f"A10:{value}")] if wrong else [])


@pytest.mark.parametrize("scheme", ["NNO", "NSE", "A03"])
@pytest.mark.parametrize("value", ["42", "anything at all"])
def test_what_a_national_scheme_issues_has_no_form_that_we_know(scheme: str, value: str) -> None:
    assert complaints("bids", *naming(PARTY, value, scheme)) == []


@pytest.mark.parametrize("place", CODES)
def test_a_blank_names_nothing(place: str) -> None:
    (found,) = complaints("bids", ("set", place, " "))
    assert found[:3] == (CODES[place], f"/{place}", "an identifier")


# --------------------------------------------------------------------------------------------- wherever they stand
WRONG_AREA, WRONG_PARTY = "10YNORTH-------X", "10XBSP-ALPHA---A"
SPOTS = [
    ("bids", "sender_MarketParticipant.mRID", "A78"),
    ("bids", "receiver_MarketParticipant.mRID", "A78"),
    ("bids", "Bid_TimeSeries[3]/acquiring_Domain.mRID", "A23"),
    ("needs", "domain.mRID", "A80"),
    ("needs", "Bid_TimeSeries[2]/connecting_Domain.mRID", "A23"),
    ("result", "TimeSeries[2]/bid_Original_MarketDocument.tendering_MarketParticipant.mRID", "A78"),
    ("result", "TimeSeries[1]/acquiring_Domain.mRID", "A23"),
    ("scheduled_order", "TimeSeries[1]/resourceProvider_MarketParticipant.mRID", "A78"),
    ("direct_order", "TimeSeries[1]/connecting_Domain.mRID", "A23"),
    ("answer", "sender_MarketParticipant.mRID", "A78"),
    ("availability", "BidTimeSeries[1]/requestingParty_MarketParticipant.mRID", "A78"),
    ("availability", "BidTimeSeries[2]/domain.mRID", "A23"),
    ("capacities", "TimeSeries[1]/in_Domain.mRID", "A23"),
    ("capacities", "TimeSeries[2]/out_Domain.mRID", "A23"),
    ("prices", "TimeSeries[1]/connecting_Domain.mRID", "A23"),
    ("acknowledgement", "receiver_MarketParticipant.mRID", "A78"),
]


@pytest.mark.parametrize(("base", "place", "code"), SPOTS, ids=lambda value: str(value).rpartition("/")[2])
def test_every_identifier_of_every_document_is_looked_at(base: str, place: str, code: str) -> None:
    wrong = WRONG_PARTY if code == "A78" else WRONG_AREA
    right = "an EIC with check character " + ("F" if code == "A78" else "T")
    assert complaints(base, ("set", place, wrong)) == [(code, f"/{place}", right, f"A01:{wrong}")]


def test_elements_below_the_series_are_counted_one_by_one() -> None:
    zone = "<AvailableBiddingZone_Domain><mRID codingScheme='A01'>{}</mRID></AvailableBiddingZone_Domain>"
    steps = [("after", f"{FIRST}/Period", zone.format(name)) for name in (WRONG_AREA, "10YNORTH-------T", WRONG_AREA)]
    found = complaints("bids", *steps)
    assert [place for _, place, _, _ in found] == [
        f"/{FIRST}/AvailableBiddingZone_Domain[{number}]/mRID" for number in (1, 3)
    ]


def test_the_same_wrong_identifier_is_told_in_each_series() -> None:
    steps = [("set", f"Bid_TimeSeries[{number}]/acquiring_Domain.mRID", WRONG_AREA) for number in (1, 2, 3)]
    assert [place for _, place, _, _ in complaints("bids", *steps)] == [
        f"/Bid_TimeSeries[{number}]/acquiring_Domain.mRID" for number in (1, 2, 3)
    ]


def test_the_newest_edition_has_its_resource_in_an_element_of_its_own() -> None:
    resource = "<RegisteredResource><mRID codingScheme='A01'>10WUNIT-ONE----4</mRID></RegisteredResource>"
    steps: list[Step] = [("text", "reservebiddocument:7:4", "reservebiddocument:7:6")]
    for number in (1, 2, 3):
        steps.append(("after", f"Bid_TimeSeries[{number}]/status", resource))
        steps.append(("drop", f"Bid_TimeSeries[{number}]/registeredResource.mRID"))
    expected = "an EIC with check character 3"
    assert complaints("bids", *steps) == [
        ("A64", f"/Bid_TimeSeries[{number}]/RegisteredResource/mRID", expected, "A01:10WUNIT-ONE----4")
        for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(("market", "severity"), [("project", "reject"), ("nordic_no", "warn")])
def test_a_wrong_check_character_is_refused_here_and_noted_in_norway(market: str, severity: str) -> None:
    report = judged("answer", ("set", DOMAIN, WRONG_AREA), over=market, areas="unknown")
    assert [(f.severity, f.level) for f in report.findings if f.rule == "GEN-012"] == [(severity, "document")]


def test_a_fault_in_a_series_is_one_of_the_series() -> None:
    report = judged("bids", ("set", AREA, WRONG_AREA), areas="unknown")
    (found,) = [finding for finding in report.findings if finding.rule == "GEN-012"]
    assert (found.level, found.subject) == ("series", "1db6c922-6d64-5350-b964-fb8ce459f715")
