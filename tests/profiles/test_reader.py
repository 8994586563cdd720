"""Faults planted in a good document: each is refused, or found, at its place."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.errors import Malformed
from profiles import parse

OFFERS = (Path(__file__).parents[1] / "data" / "reserve_bid" / "7.4" / "own-two-offers.xml").read_text("utf-8")
ROOT = "/ReserveBid_MarketDocument"
BID = f"{ROOT}/Bid_TimeSeries[2]"


def changed(old: str, new: str, *, after: str = "") -> bytes:
    """Return the good document with one piece of text exchanged, the first after *after*."""
    start = OFFERS.index(after)
    at = OFFERS.index(old, start)
    return (OFFERS[:at] + new + OFFERS[at + len(old) :]).encode()


def second(old: str, new: str) -> bytes:
    return changed(old, new, after="<mRID>bid-2")


# What is planted; where it is refused; what was expected; the reason code.
STRUCTURE: list[tuple[str, Callable[[], bytes], str, str, str]] = [
    (
        "a missing element",
        lambda: second("<businessType>B74</businessType>", ""),
        f"{BID}/businessType",
        "<businessType>",
        "A69",
    ),
    (
        "a missing element at the end of its parent",
        lambda: second("<end>2026-03-03T10:30Z</end>", ""),
        f"{BID}/Period[1]/timeInterval/end",
        "<end>",
        "A69",
    ),
    (
        "a missing element that may repeat",
        lambda: changed("<Period>", "<!--", after="<mRID>bid-2").replace(b"</Period>\n  </Bid", b"-->\n  </Bid"),
        f"{BID}/Period",
        "<Period>",
        "A69",
    ),
    (
        "an unknown element",
        lambda: second("<divisible>", "<vendorColour>red</vendorColour><divisible>"),
        f"{BID}/vendorColour",
        "an element of Bid_TimeSeries[2]",
        "999",
    ),
    (
        "an unknown element at the end",
        lambda: changed("</ReserveBid_MarketDocument>", "<note>x</note></ReserveBid_MarketDocument>"),
        f"{ROOT}/note",
        "an element of ReserveBid_MarketDocument",
        "999",
    ),
    (
        "an element of another namespace",
        lambda: second("</Period>", '</Period><v:x xmlns:v="urn:vendor">1</v:x>'),
        f"{BID}/x",
        "an element of Bid_TimeSeries[2]",
        "999",
    ),
    (
        "an element that stands too late",
        lambda: second(
            "<divisible>A02</divisible>", "<divisible>A02</divisible><currency_Unit.name>EUR</currency_Unit.name>"
        ),
        f"{BID}/currency_Unit.name",
        "<flowDirection.direction> before it",
        "999",
    ),
    (
        "an element that stands too early",
        lambda: second("<businessType>B74</businessType>", "").replace(
            b"<mRID>bid-2</mRID>", b"<businessType>B74</businessType><mRID>bid-2</mRID>"
        ),
        f"{BID}/businessType",
        "<mRID> before it",
        "999",
    ),
    (
        "an element twice",
        lambda: second("<divisible>A02</divisible>", "<divisible>A02</divisible><divisible>A02</divisible>"),
        f"{BID}/divisible",
        "<flowDirection.direction> before it",
        "999",
    ),
    (
        "an element of another edition",
        lambda: second(
            "quantity_Measurement_Unit.name>MAW</quantity_Measurement",
            "quantity_Measure_Unit.name>MAW</quantity_Measure",
        ),
        f"{BID}/quantity_Measurement_Unit.name",
        "<quantity_Measurement_Unit.name>",
        "A69",
    ),
    (
        "an attribute on a compound element",
        lambda: second("<Period>", '<Period id="7">'),
        f"{BID}/Period[1]/@id",
        "no such attribute",
        "999",
    ),
    (
        "an attribute on a simple element",
        lambda: second("<divisible>", '<divisible lang="no">'),
        f"{BID}/divisible/@lang",
        "no such attribute",
        "999",
    ),
    (
        "an attribute on the root",
        lambda: changed("<ReserveBid_MarketDocument ", '<ReserveBid_MarketDocument vendor="x" '),
        f"{ROOT}/@vendor",
        "no such attribute",
        "999",
    ),
    (
        "an attribute beside codingScheme",
        lambda: second('mRID codingScheme="A01"', 'mRID x="1" codingScheme="A01"'),
        f"{BID}/acquiring_Domain.mRID/@x",
        "no such attribute",
        "999",
    ),
    (
        "codingScheme in a namespace",
        lambda: second('mRID codingScheme="A01"', 'mRID xmlns:q="urn:q" q:codingScheme="A01"'),
        f"{BID}/acquiring_Domain.mRID/@codingScheme",
        "the attribute codingScheme",
        "999",
    ),
    (
        "no codingScheme",
        lambda: second(' codingScheme="A01"', ""),
        f"{BID}/acquiring_Domain.mRID/@codingScheme",
        "the attribute codingScheme",
        "999",
    ),
    (
        "text before the first element",
        lambda: second("<Period>", "<Period>ten "),
        f"{BID}/Period[1]",
        "elements only",
        "999",
    ),
    (
        "text between elements",
        lambda: second("<resolution>", "<!-- c -->and<resolution>"),
        f"{BID}/Period[1]",
        "elements only",
        "999",
    ),
    (
        "text in a CDATA section between elements",
        lambda: second("<resolution>", "<![CDATA[x]]><resolution>"),
        f"{BID}/Period[1]",
        "elements only",
        "999",
    ),
    (
        "a child in a simple element",
        lambda: second("A02</divisible>", "A02<b/></divisible>"),
        f"{BID}/divisible/b",
        "text only",
        "999",
    ),
    (
        "a child in an identifier",
        lambda: second("10YNO-2--------T</acquiring", "10YNO<i>-2</i>--------T</acquiring"),
        f"{BID}/acquiring_Domain.mRID/i",
        "text only",
        "999",
    ),
]


@pytest.mark.parametrize(("data", "path", "expected", "code"), [pytest.param(*row[1:], id=row[0]) for row in STRUCTURE])
def test_a_fault_of_structure_is_refused_at_its_place(
    data: Callable[[], bytes], path: str, expected: str, code: str
) -> None:
    with pytest.raises(Malformed) as caught:
        parse(data())
    assert (caught.value.path, caught.value.code) == (path, code)
    assert caught.value.expected == expected
    assert caught.value.rule == "GEN-004"


# What is planted; where.
FORM = [
    ("<resolution>PT15M", "<resolution>15 minutes", f"{BID}/Period[1]/resolution"),
    ("<resolution>PT15M", "<resolution>", f"{BID}/Period[1]/resolution"),
    ("<start>2026-03-03T10:15Z", "<start> 2026-03-03T10:15Z", f"{BID}/Period[1]/timeInterval/start"),
    ("<start>2026-03-03T10:15Z", "<start>2026-03-03T10:15:00Z", f"{BID}/Period[1]/timeInterval/start"),
    ("<start>2026-03-03T10:15Z", "<start>2026-02-30T10:15Z", f"{BID}/Period[1]/timeInterval/start"),
    ("<position>1", "<position>one", f"{BID}/Period[1]/Point[1]/position"),
    ("<position>1", "<position>1_0", f"{BID}/Period[1]/Point[1]/position"),
    ("<position>1", "<position>", f"{BID}/Period[1]/Point[1]/position"),
    (">10.0<", ">NaN<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", ">Infinity<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", ">1E3<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", ">1_000<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", ">\u0661\u0660<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", "><", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", f">{'9' * 5000}<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
    (">10.0<", ">1 0<", f"{BID}/Period[1]/Point[1]/quantity.quantity"),
]


@pytest.mark.parametrize(("old", "new", "path"), FORM)
def test_a_value_without_the_form_of_its_type_is_refused(old: str, new: str, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(second(old, new))
    assert (caught.value.path, caught.value.rule, caught.value.code) == (path, "GEN-004", "999")


# What is planted; where; rule; reason code.
FOUND = [
    ("<position>1", "<position>0", f"{BID}/Period[1]/Point[1]/position", "GEN-004", "999"),
    ("<position>1", "<position>1000000", f"{BID}/Period[1]/Point[1]/position", "GEN-004", "999"),
    (">22.5<", ">123456789012345678<", f"{BID}/Period[1]/Point[1]/energy_Price.amount", "GEN-004", "999"),
    ("bid-2", "b" * 61, f"{BID}/mRID", "GEN-004", "999"),
    (">10YNO-2--------T<", f">{'Y' * 19}<", f"{BID}/acquiring_Domain.mRID", "GEN-004", "999"),
    ("A01", "Q9", f"{BID}/acquiring_Domain.mRID/@codingScheme", "GEN-005", "999"),
    ("B74", "B7", f"{BID}/businessType", "GEN-005", "A62"),
    ("B74", "", f"{BID}/businessType", "GEN-005", "A62"),
    ("B74", "B7 4", f"{BID}/businessType", "GEN-005", "A62"),
    (">EUR<", ">XXQ<", f"{BID}/currency_Unit.name", "GEN-005", "A61"),
    (">A02</div", ">MAYBE</div", f"{BID}/divisible", "GEN-005", "999"),
]


@pytest.mark.parametrize(("old", "new", "path", "rule", "code"), FOUND)
def test_a_broken_facet_or_code_is_found_and_the_value_kept(
    old: str, new: str, path: str, rule: str, code: str
) -> None:
    parsed = parse(second(old, new))
    assert [(f.path, f.rule, f.code) for f in parsed.report.findings] == [(path, rule, code)]
    assert len(parsed.document.series) == 2
    assert parsed.report.rejects_document


@pytest.mark.parametrize(
    ("old", "new", "tag", "code"),
    [
        (">A47<", ">A4<", "process.processType", "A79"),
        (">A46<", ">A4<", "sender_MarketParticipant.marketRole.type", "A78"),
        (">A37<", ">37<", "type", "999"),
    ],
)
def test_codes_of_the_head_have_their_own_reasons(old: str, new: str, tag: str, code: str) -> None:
    findings = parse(changed(old, new)).report.findings
    assert [(f.path, f.code) for f in findings] == [(f"{ROOT}/{tag}", code)]


@pytest.mark.parametrize("revision", ["0", "01", "1000", "1.0", "", " 1", "x"])
def test_a_revision_is_1_to_999_without_leading_zero(revision: str) -> None:
    parsed = parse(changed(">1<", f">{revision}<"))
    assert [f.path for f in parsed.report.findings] == [f"{ROOT}/revisionNumber"]
    assert parsed.document.revision == revision


def test_every_broken_value_is_found() -> None:
    findings = parse(OFFERS.replace(">EUR<", ">EURO<").encode()).report.findings
    assert [f.path for f in findings] == [f"{ROOT}/Bid_TimeSeries[{n}]/currency_Unit.name" for n in (1, 2)]


# What changes nothing: white space where the type collapses it, comments, instructions, CDATA, prefixes, references.
HARMLESS = [
    ("<divisible>A02<", "<divisible>\n A02\t<"),
    ("<resolution>PT15M<", "<resolution> PT15M <"),
    ("<position>1<", "<position> 1\n<"),
    (">10.0<", "> 10.0 <"),
    ("<divisible>A02<", "<divisible><!-- c -->A0<!-- d -->2<"),
    ("<divisible>A02<", "<divisible>A<?pi x?>02<"),
    ("<divisible>A02<", "<divisible><![CDATA[A02]]><"),
    ("<divisible>A02<", "<divisible>A&#48;2<"),
    ("<divisible>", "<!-- c --><?pi?> <divisible>"),
    ("<divisible>", "&#10;<divisible>"),
    ("<divisible>", "<![CDATA[ \n]]><divisible>"),
    ('codingScheme="A01"', 'codingScheme=" A01 "'),
    ('codingScheme="A01"', "codingScheme = 'A01'"),
]


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_what_xml_does_not_distinguish_makes_no_difference(old: str, new: str) -> None:
    assert parse(second(old, new)).document == parse(OFFERS.encode()).document
    assert parse(second(old, new)).report.clean


def test_a_prefix_makes_no_difference() -> None:
    prefixed = OFFERS.replace("</", "</b:").replace("<", "<b:").replace("<b:/b:", "</b:").replace("<b:?", "<?")
    assert parse(prefixed.replace("xmlns=", "xmlns:b=").encode()).document == parse(OFFERS.encode()).document


@pytest.mark.parametrize("text", [" bid-2", "bid-2 ", "bid\n2", "\tbid", "  ", "", "<![CDATA[ b ]]>", "  <!-- c --> b"])
def test_white_space_in_a_string_is_kept(text: str) -> None:
    expected = text.replace("<![CDATA[", "").replace("]]>", "").replace("<!-- c -->", "")
    parsed = parse(second("bid-2", text))
    assert parsed.document.series[1].id == expected
    assert parsed.report.clean


def test_the_location_of_a_schema_may_stand_on_the_root() -> None:
    located = changed(
        "<ReserveBid_MarketDocument ",
        '<ReserveBid_MarketDocument xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" ',
    )
    assert parse(located).document == parse(OFFERS.encode()).document


def test_the_location_of_a_schema_may_not_stand_elsewhere() -> None:
    with pytest.raises(Malformed, match="schemaLocation"):
        parse(second("<Period>", '<Period xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="a b">'))


def test_numbers_keep_their_digits() -> None:
    assert str(parse(OFFERS.encode()).document.series[1].periods[0].points[0].quantity) == "10.0"
    assert parse(second(">10.0<", ">+.5<")).document.series[1].periods[0].points[0].quantity == Decimal("0.5")


def test_more_distinct_values_and_shapes_than_are_remembered_are_read_all_the_same() -> None:
    point = "<Point><position>{0}</position><quantity.quantity>{0}.{0}</quantity.quantity></Point>"
    points = "".join(point.format(position) for position in range(1, 9001))
    start = OFFERS.index("<Point>", OFFERS.index("bid-2"))
    end = OFFERS.index("</Point>", start) + len("</Point>")
    parsed = parse((OFFERS[:start] + points + OFFERS[end:]).encode())
    found = parsed.document.series[1].periods[0].points
    assert [str(point.quantity) for point in found] == [f"{n}.{n}" for n in range(1, 9001)]


def test_of_very_many_findings_the_first_thousand_are_told() -> None:
    reasons = "".join(f"<Reason><code>Q{number}</code></Reason>" for number in range(5000))
    start = OFFERS.index("</Period>", OFFERS.index("bid-2")) + len("</Period>")
    findings = parse((OFFERS[:start] + reasons + OFFERS[start:]).encode()).report.findings
    assert len(findings) == 1001
    assert findings[999].path == f"{BID}/Reason[1000]/code"
    assert findings[1000].found == "'more, which are not told'"


def test_the_time_to_number_siblings_grows_with_their_number_only() -> None:
    parties = "".join(
        f'<SharedWith_MarketParticipant><mRID codingScheme="A01">{number}</mRID></SharedWith_MarketParticipant>'
        for number in range(20_000)
    )
    start = OFFERS.index("</Period>", OFFERS.index("bid-2")) + len("</Period>")
    begin = time.process_time()
    assert len(parse((OFFERS[:start] + parties + OFFERS[start:]).encode()).document.series[1].shared_with) == 20_000
    assert time.process_time() - begin < 5
