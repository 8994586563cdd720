"""Every known exception is met by its example, is documented under its number, and recognises nothing else."""

import random
import re
from pathlib import Path

import pytest
from lxml import etree

from tests.agreement.comparison import dispute_over
from tests.agreement.documents import DocumentMaker
from tests.agreement.editions import edition, oracle_of, overlay_of
from tests.agreement.known_exceptions import KNOWN
from tests.agreement.mutations import XSI
from tests.agreement.oracle import Oracle

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "known-exceptions.md"

BID = edition("ReserveBid_MarketDocument", "7.4")
NORDIC = edition("ReserveBid_MarketDocument", "7.2-nbm")
PRICES = edition("Balancing_MarketDocument", "4.5")
DANISH = edition("NotifyValidatedMeasureData_MarketDocument", "0.1")
HISTORY = edition("ValidatedHistoricalData_Envelope", "0.82")
DATE_TIME = "allocationDecision_DateAndOrTime.dateTime"
SERIES = "Bid_TimeSeries"


def document(oracle: Oracle) -> etree._Element:
    """Return a document with every optional element."""
    return DocumentMaker(oracle.schema, random.Random(7), share=1.0, repeats=[1]).make()


def changed(oracle: Oracle, name: str, text: str) -> bytes:
    """Return a document whose elements of this name have the *text*."""
    root = document(oracle)
    for element in root.iter(f"{{*}}{name}"):
        element.text = text
    return etree.tostring(root, encoding="utf-8")


def with_attribute(oracle: Oracle, name: str | None, attribute: str, value: str) -> bytes:
    root = document(oracle)
    element = root if name is None else next(root.iter(f"{{*}}{name}"))
    element.set(f"{{{XSI}}}{attribute}", value)
    return etree.tostring(root, encoding="utf-8")


def preceded(oracle: Oracle, before: str, encoding: str = "utf-8") -> bytes:
    text = etree.tostring(document(oracle), encoding="unicode")
    return (before + text).encode(encoding, "xmlcharrefreplace")


@pytest.fixture
def bid(reference_data: Path) -> Oracle:
    return oracle_of(BID, reference_data)


@pytest.fixture
def history(reference_data: Path) -> Oracle:
    return oracle_of(HISTORY, reference_data)


@pytest.fixture
def danish(reference_data: Path) -> Oracle:
    return oracle_of(DANISH, reference_data)


@pytest.fixture
def nordic(reference_data: Path) -> Oracle:
    return oracle_of(NORDIC, reference_data)


@pytest.fixture
def prices(reference_data: Path) -> Oracle:
    return oracle_of(PRICES, reference_data)


def numbers(data: bytes, oracle: Oracle) -> list[int]:
    """Return the numbers of the exceptions that recognise the disagreement on *data*."""
    dispute = dispute_over(data, oracle, overlay_of(NORDIC) if "nbm" in oracle.schema.namespace else None)
    assert dispute is not None, "both sides agree"
    return [exception.number for exception in KNOWN if exception.recognises(dispute)]


def test_1_a_document_type_declaration(bid: Oracle) -> None:
    assert numbers(preceded(bid, '<!DOCTYPE x [<!ENTITY a "A01">]>'), bid) == [1]


@pytest.mark.parametrize("encoding", ["utf-16", "ISO-8859-15", "windows-1252"])
def test_2_an_encoding(bid: Oracle, encoding: str) -> None:
    assert numbers(preceded(bid, f'<?xml version="1.0" encoding="{encoding}"?>', encoding), bid) == [2]


def test_3_xml_1_1(bid: Oracle) -> None:
    assert numbers(preceded(bid, '<?xml version="1.1"?>'), bid) == [3]


def test_4_the_type_of_an_instance(bid: Oracle) -> None:
    assert numbers(with_attribute(bid, None, "type", bid.schema.root), bid) == [4]


@pytest.mark.parametrize(("name", "attribute"), [("status", "schemaLocation"), (None, "noNamespaceSchemaLocation")])
def test_5_a_hint_at_a_schema(bid: Oracle, name: str | None, attribute: str) -> None:
    assert numbers(with_attribute(bid, name, attribute, "urn:x x.xsd"), bid) == [5]


def test_the_hint_on_the_root_is_no_exception(bid: Oracle) -> None:
    assert dispute_over(with_attribute(bid, None, "schemaLocation", "urn:x x.xsd"), bid, None) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("flowDirection.direction", "A99"),
        ("divisible", "MAYBE"),
        ("currency_Unit.name", "XXQ"),
        ("quantity_Measure_Unit.name", "FOO"),
    ],
)
def test_6_an_open_code_list(nordic: Oracle, name: str, text: str) -> None:
    assert numbers(changed(nordic, name, text), nordic) == [6]


def test_7_the_year_zero(bid: Oracle) -> None:
    assert numbers(changed(bid, "start", "0000-02-29T00:00Z"), bid) == [7]


def test_8_an_instant_without_offset(prices: Oracle) -> None:
    assert numbers(changed(prices, DATE_TIME, "2026-03-01T12:00:00"), prices) == [8]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00.1234567Z",
        "2026-03-01T24:00:00Z",
        "10000-01-01T00:00:00Z",
        "-0044-03-15T12:00:00Z",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_9_an_instant_beyond_the_calendar(prices: Oracle, text: str) -> None:
    assert numbers(changed(prices, DATE_TIME, text), prices) == [9]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("quantity.quantity", "0" * 300 + "1"),
        ("priority", "1" * 201),
        ("resolution", "PT" + "0" * 250 + "1S"),
    ],
)
def test_10_an_endless_number(bid: Oracle, name: str, text: str) -> None:
    assert numbers(changed(bid, name, text), bid) == [10]


def test_11_a_huge_text(bid: Oracle) -> None:
    assert numbers(changed(bid, "name", "x" * 10_000_001), bid) == [11]


def test_12_blanks_around_an_instant(prices: Oracle) -> None:
    assert numbers(changed(prices, DATE_TIME, " 2026-03-01T12:00:00Z "), prices) == [12]


@pytest.mark.parametrize("text", ["PT.5S", "PT5.S"])
def test_13_a_bare_fraction(bid: Oracle, text: str) -> None:
    assert numbers(changed(bid, "resolution", text), bid) == [13]


def test_14_a_great_duration(bid: Oracle) -> None:
    assert numbers(changed(bid, "resolution", "P9223372036854775808D"), bid) == [14]


@pytest.mark.parametrize("name", ["createdDateTime", "start", "end", "resolution", "revisionNumber", "position"])
def test_15_any_text_where_an_instant_or_a_number_belongs(history: Oracle, name: str) -> None:
    assert numbers(changed(history, name, "some day"), history) == [15]


@pytest.mark.parametrize("text", [" A32", "A32\n"])
def test_16_blanks_around_a_code(history: Oracle, text: str) -> None:
    assert numbers(changed(history, "sender_MarketParticipant.marketRole.type", text), history) == [16]


@pytest.mark.parametrize(
    ("name", "text"),
    [("sender_MarketParticipant.marketRole.type", "A47"), ("country", "A03")],
    ids=["a later code", "a code that was left out"],
)
def test_17_a_code_of_another_release(history: Oracle, name: str, text: str) -> None:
    assert numbers(changed(history, name, text), history) == [17]


def test_18_an_empty_type(danish: Oracle) -> None:
    assert numbers(changed(danish, "type", ""), danish) == [18]


def test_every_exception_has_its_example_here() -> None:
    examples = {int(match[1]) for name in globals() if (match := re.match(r"test_(\d+)_", name))}
    assert examples == {exception.number for exception in KNOWN}


def test_the_page_names_every_exception() -> None:
    titles = re.findall(r"^### (\d+)\. (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [(str(exception.number), exception.title) for exception in KNOWN] == titles


def test_an_exception_does_not_cover_another_fault_of_the_same_document(bid: Oracle) -> None:
    root = etree.fromstring(changed(bid, "start", "0000-02-29T00:00Z"))
    root.append(etree.Element("unknown"))
    assert dispute_over(etree.tostring(root), bid, None) is None
