"""The writer on a declaration of its own: every kind of element, each edition, and what it refuses to write."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from profiles.edition import Edition
from profiles.lexical import Coded, Measured
from profiles.writer import write
from tests.profiles.forest import NEW, OLD, OWNER, PLAIN, ROOT, Nest, Twig, branch, lines, read, tree, unwritable
from tests.wire_values import changed

FULL = tree(
    branch(
        "b&1",
        length=Decimal("1E2"),
        lasting="PT60M",
        resource=Coded("r", "NNO"),
        curve_type="A03",
        twigs=(Twig(position=1, colour="green"), Twig(position=2)),
        notes=("", "a<b>\r\n"),
    ),
    planted=datetime(2027, 1, 14, 9, tzinfo=timezone(timedelta(hours=1))),
    power=Measured(Decimal("1.50"), "MAW"),
    mark=Coded("m", ""),
    rings=-7,
    status="A06",
    colours=("green", "brown"),
)
FULL_LINES = [
    "  <mRID>t</mRID>",
    '  <owner.mRID codingScheme="A01">10X1001A1001A38Y</owner.mRID>',
    "  <planted>2027-01-14T08:00:00Z</planted>",
    '  <power unit="MAW">1.50</power>',
    "  <mark>m</mark>",
    "  <rings>-7</rings>",
    "  <status>A06</status>",
    "  <colour>green</colour>",
    "  <colour>brown</colour>",
    "  <Branch>",
    "    <mRID>b&amp;1</mRID>",
    "    <length>100</length>",
    "    <lasting>PT60M</lasting>",
    '    <resource.mRID codingScheme="NNO">r</resource.mRID>',
    "    <curveType>A03</curveType>",
    "    <Twig>",
    "      <position>1</position>",
    "      <colour>green</colour>",
    "    </Twig>",
    "    <Twig>",
    "      <position>2</position>",
    "    </Twig>",
    "    <note></note>",
    "    <note>a&lt;b&gt;&#13;",
    "</note>",
    "  </Branch>",
]


def test_every_kind_of_element_is_written_to_the_letter() -> None:
    data = write(FULL, PLAIN).decode()
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT} xmlns="urn:tree:2">\n'
    assert data == head + "\n".join(FULL_LINES) + f"\n</{ROOT}>\n"


def test_what_is_written_is_read_again() -> None:
    inner = "\n".join(lines(FULL))
    assert read(inner)[0] == changed(FULL, planted=datetime(2027, 1, 14, 8, tzinfo=UTC))


def test_what_is_absent_is_left_out() -> None:
    assert lines(tree()) == FULL_LINES[:2]


def test_a_mark_with_a_scheme_is_written_with_it() -> None:
    assert lines(tree(mark=Coded("m", "A10")))[2] == '  <mark codingScheme="A10">m</mark>'


def test_equal_values_are_written_alike_wherever_they_stand() -> None:
    one = branch("same", resource=Coded("same", "NNO"), curve_type="A03", notes=("same",))
    written = lines(tree(one, one, owner=Coded("same", "A01")))
    assert written[2:11] == written[11:]
    assert written[1] == '  <owner.mRID codingScheme="A01">same</owner.mRID>'


def test_equal_numbers_keep_their_own_digits() -> None:
    written = lines(tree(branch("a", length=Decimal("1.0")), branch("b", length=Decimal("1.00"))))
    assert [line.strip() for line in written if "length" in line] == ["<length>1.0</length>", "<length>1.00</length>"]


# ------------------------------------------------------------------------------------------------------------- editions
def test_an_edition_is_written_in_its_names_and_order() -> None:
    new = tree(
        branch("l", nest=Nest(id=Coded("r", "NNO"), name="owl"), twigs=(Twig(position=3, colour="brown"),)),
        colours=("green",),
        status="A06",
    )
    assert lines(new, NEW) == [
        "  <mRID>t</mRID>",
        "  <colour>green</colour>",
        "  <Limb>",
        "    <mRID>l</mRID>",
        "    <Nest>",
        '      <mRID codingScheme="NNO">r</mRID>',
        "      <name>owl</name>",
        "    </Nest>",
        "    <Twig>",
        "      <position>3</position>",
        "      <hue>brown</hue>",
        "    </Twig>",
        "  </Limb>",
        "  <status>A06</status>",
        '  <owner.mRID codingScheme="A01">10X1001A1001A38Y</owner.mRID>',
    ]
    assert write(new, NEW).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Tree_Document xmlns="urn:tree:3:">\n')


HOMELESS: list[tuple[str, Edition, object, str, str]] = [
    ("a curve in the old edition", OLD, tree(branch(curve_type="A03")), "Branch[1]/curveType", "'A03'"),
    ("rings in the old edition", OLD, tree(branch(), rings=3), "rings", "3"),
    ("colours in the old edition", OLD, tree(branch(), colours=("green",)), "colour", "('green',)"),
    (
        "a nest in the plain edition",
        PLAIN,
        tree(branch(nest=Nest(id=OWNER))),
        "Branch[1]/Nest",
        repr(Nest(id=OWNER)),
    ),
    (
        "a plain resource in the new edition",
        NEW,
        tree(branch(), branch(resource=OWNER), colours=("green",)),
        "Limb[2]/resource.mRID",
        repr(OWNER),
    ),
]


@pytest.mark.parametrize(
    ("edition", "document", "path", "value"), [row[1:] for row in HOMELESS], ids=[row[0] for row in HOMELESS]
)
def test_a_value_without_an_element_is_refused(edition: Edition, document: object, path: str, value: str) -> None:
    assert unwritable(document, edition) == (f"/{ROOT}/{path}", f"no such element in {edition}", value)


COUNTED: list[tuple[str, Edition, object, str, str, str]] = [
    ("no branch in the old edition", OLD, tree(), "Branch", "at least 1 in Tree_Document 1.0", "0"),
    ("no colour in the new edition", NEW, tree(), "colour", "at least 1 in Tree_Document 3.0", "0"),
    ("no identifier", PLAIN, tree(id=None), "mRID", "at least 1 in Tree_Document 2.0", "0"),
    ("no owner", PLAIN, tree(owner=None), "owner.mRID", "at least 1 in Tree_Document 2.0", "0"),
    ("no twig", PLAIN, tree(branch(twigs=())), "Branch[1]/Twig", "at least 1 in Tree_Document 2.0", "0"),
    ("four twigs", PLAIN, tree(branch("b", 1, 2, 3, 4)), "Branch[1]/Twig", "at most 3 in Tree_Document 2.0", "4"),
    ("three colours", PLAIN, tree(colours=("green",) * 3), "colour", "at most 2 in Tree_Document 2.0", "3"),
    (
        "no position",
        PLAIN,
        tree(branch(), branch(twigs=(changed(Twig(position=1), position=None),))),
        "Branch[2]/Twig[1]/position",
        "at least 1 in Tree_Document 2.0",
        "0",
    ),
]


@pytest.mark.parametrize(
    ("edition", "document", "path", "expected", "found"), [row[1:] for row in COUNTED], ids=[row[0] for row in COUNTED]
)
def test_what_stands_too_seldom_or_too_often_is_refused(
    edition: Edition, document: object, path: str, expected: str, found: str
) -> None:
    assert unwritable(document, edition) == (f"/{ROOT}/{path}", expected, found)


def test_editions_that_want_fewer_are_written_with_fewer() -> None:
    assert len(lines(tree(branch(twigs=()), colours=("green",)), NEW)) == 6
    assert lines(tree(branch("b", 1, 2, 3)))[-2:] == ["    </Twig>", "  </Branch>"]


# --------------------------------------------------------------------------------------------------------------- values
WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("too long", {"id": "x" * 61}, "mRID", "at most 60 characters", repr("x" * 61)),
    ("a number for a text", {"id": 7}, "mRID", "a value of ID_String", "7"),
    (
        "an owner of 17 characters",
        {"owner": Coded("x" * 17, "A01")},
        "owner.mRID",
        "at most 16 characters",
        repr(Coded("x" * 17, "A01")),
    ),
    (
        "an owner without scheme",
        {"owner": Coded("x", "")},
        "owner.mRID/@codingScheme",
        "a value of CodingSchemeTypeList",
        "''",
    ),
    (
        "an owner of a scheme of nobody",
        {"owner": Coded("x", "Q9")},
        "owner.mRID/@codingScheme",
        "a value of CodingSchemeTypeList",
        "'Q9'",
    ),
    ("a text for an owner", {"owner": "x"}, "owner.mRID", "a value of PartyID_String", "'x'"),
    (
        "a mark of a scheme of nobody",
        {"mark": Coded("x", "Q9")},
        "mark/@codingScheme",
        "a value of CodingSchemeTypeList",
        "'Q9'",
    ),
    ("another unit", {"power": Measured(Decimal(1), "KWT")}, "power/@unit", "MAW", "'KWT'"),
    ("no unit", {"power": Measured(Decimal(1), "")}, "power/@unit", "MAW", "''"),
    (
        "a power without end",
        {"power": Measured(Decimal("Infinity"), "MAW")},
        "power",
        "a finite number",
        "Measured(value=Decimal('Infinity'), unit='MAW')",
    ),
    ("a status outside its list", {"status": "Q9"}, "status", "a value of StatusTypeList", "'Q9'"),
    ("an empty status", {"status": ""}, "status", "a value of StatusTypeList", "''"),
    ("a colour outside its words", {"colours": ("green", "red")}, "colour[2]", "one of green, brown", "'red'"),
    (
        "a naive instant",
        {"planted": datetime(2027, 1, 14, tzinfo=UTC).replace(tzinfo=None)},
        "planted",
        "an instant with its offset",
        "datetime.datetime(2027, 1, 14, 0, 0)",
    ),
    (
        "a control character",
        {"branches": (branch("a\x01"),)},
        "Branch[1]/mRID",
        "characters that XML allows",
        repr("a\x01"),
    ),
    (
        "half a surrogate pair",
        {"branches": (branch(notes=("n", "\ud834")),)},
        "Branch[1]/note[2]",
        "characters that XML allows",
        repr("\ud834"),
    ),
    (
        "no character at all",
        {"branches": (branch(notes=("\ufffe",)),)},
        "Branch[1]/note[1]",
        "characters that XML allows",
        repr("\ufffe"),
    ),
    ("no duration", {"branches": (branch(lasting="long"),)}, "Branch[1]/lasting", "a duration such as PT15M", "'long'"),
    (
        "a length that is no number",
        {"branches": (branch(length=Decimal("NaN")),)},
        "Branch[1]/length",
        "a finite number",
        "Decimal('NaN')",
    ),
    ("a text for a length", {"branches": (branch(length="1"),)}, "Branch[1]/length", "a value of decimal", "'1'"),
    (
        "a position of 0",
        {"branches": (branch("b", 0),)},
        "Branch[1]/Twig[1]/position",
        "a whole number from 1 to 999999",
        "0",
    ),
    ("a record of another class", {"branches": (branch(), Twig(position=1))}, "Branch[2]", "a Branch", "Twig"),
]


@pytest.mark.parametrize(
    ("changes", "path", "expected", "found"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_wrong_value_is_refused_at_its_place(changes: dict[str, Any], path: str, expected: str, found: str) -> None:
    assert unwritable(changed(tree(), **changes)) == (
        f"/{ROOT}/{path}",
        expected,
        found,
    )


def test_a_wrong_value_is_refused_each_time_it_stands_there() -> None:
    wrong = tree(branch("x" * 61))
    assert unwritable(wrong) == unwritable(wrong)
    assert unwritable(tree(branch(), branch("x" * 61)))[0] == f"/{ROOT}/Branch[2]/mRID"


@pytest.mark.parametrize("text", ["\t\n", "\u00e9\u6f22", "\U0001d11e", "]]>", "\"'", "\u0085\u2028", "\ufffd"])
def test_whatever_xml_allows_is_read_as_it_was_written(text: str) -> None:
    document = tree(branch(notes=(text, f"a{text}")))
    assert read("\n".join(lines(document)))[0] == document


def test_an_identifier_of_an_older_edition_is_shorter() -> None:
    assert unwritable(tree(branch("x" * 36)), OLD) == (
        f"/{ROOT}/Branch[1]/mRID",
        "at most 35 characters",
        repr("x" * 36),
    )
    assert lines(tree(branch("x" * 35)), OLD)[3] == f"    <mRID>{'x' * 35}</mRID>"


def test_only_a_document_of_the_edition_is_written() -> None:
    assert unwritable(branch()) == (f"/{ROOT}", "a Tree", "Branch")
    assert unwritable(None) == (f"/{ROOT}", "a Tree", "NoneType")


def test_local_codes_are_known_under_their_overlay_only() -> None:
    local = tree(status="A06", owner=Coded("x", "AIIDA"))
    assert unwritable(local) == (f"/{ROOT}/owner.mRID/@codingScheme", "a value of CodingSchemeTypeList", "'AIIDA'")
    assert b'codingScheme="AIIDA"' in write(local, PLAIN, overlay="eddie")
    assert unwritable(local)[1] == "a value of CodingSchemeTypeList"
