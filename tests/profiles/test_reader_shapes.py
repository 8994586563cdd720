"""The reader on a declaration of its own: shapes of elements, attributes, stray content, and bounds of what is told."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from profiles.edition import Edition
from profiles.lexical import Coded, Measured
from profiles.where import Places, name_of, path_of, shown
from tests.profiles.forest import (
    BRANCH,
    HEAD,
    NEW,
    OLD,
    OWNER,
    PLAIN,
    ROOT,
    TWIG,
    Nest,
    Twig,
    branch,
    found,
    read,
    text_of,
    tree,
    unreadable,
)

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def test_every_kind_of_element_is_read_into_its_field() -> None:
    inner = (
        f"{HEAD}<planted>2027-01-14T08:00:00Z</planted><power unit='MAW'>1.50</power><mark codingScheme='A10'>m</mark>"
        "<rings> -7 </rings><status>A06</status><colour>green</colour><colour>brown</colour>"
        "<Branch><mRID>b</mRID><length>.5</length><lasting>PT60M</lasting>"
        "<resource.mRID codingScheme='NNO'>r</resource.mRID><curveType>A03</curveType>"
        "<Twig><position>1</position><colour>green</colour></Twig><Twig><position>2</position></Twig>"
        "<note/><note> </note></Branch>"
    )
    document, findings = read(inner)
    assert findings == ()
    assert document == tree(
        branch(
            "b",
            length=Decimal("0.5"),
            lasting="PT60M",
            resource=Coded("r", "NNO"),
            curve_type="A03",
            twigs=(Twig(position=1, colour="green"), Twig(position=2)),
            notes=("", " "),
        ),
        planted=datetime(2027, 1, 14, 8, tzinfo=UTC),
        power=Measured(Decimal("1.50"), "MAW"),
        mark=Coded("m", "A10"),
        rings=-7,
        status="A06",
        colours=("green", "brown"),
    )


def test_what_is_absent_has_its_default() -> None:
    document, findings = read(HEAD)
    assert (document, findings) == (tree(), ())
    assert (document.planted, document.power, document.mark, document.branches) == (None, None, None, ())


def test_records_of_many_shapes_are_read_side_by_side() -> None:
    shapes = [
        "<mRID>a</mRID>" + TWIG,
        "<mRID>b</mRID><length>1</length>" + TWIG,
        "<mRID>c</mRID>" + TWIG * 3,
        "<mRID>d</mRID><lasting>PT1M</lasting>" + TWIG + "<note>n</note>",
    ]
    order = [0, 1, 0, 2, 3, 1, 1, 0, 3, 2]
    document, _ = read(HEAD + "".join(f"<Branch>{shapes[at]}</Branch>" for at in order))
    assert "".join(one.id for one in document.branches) == "".join("abcd"[at] for at in order)
    assert [len(one.twigs) for one in document.branches] == [3 if at == 2 else 1 for at in order]
    assert [one.length for one in document.branches] == [Decimal(1) if at == 1 else None for at in order]


def test_a_long_shape_is_read_as_often_as_it_comes() -> None:
    many = f"<Branch><mRID>b</mRID>{TWIG}{'<note>n</note>' * 500}</Branch>"
    document, _ = read(HEAD + many * 3)
    assert [one.notes for one in document.branches] == [("n",) * 500] * 3


def test_more_shapes_than_are_kept_are_read_all_the_same() -> None:
    optional = ["<length>1</length>", "<lasting>PT1M</lasting>", "<curveType>A01</curveType>"]
    parts = [
        "".join(one for at, one in enumerate(optional) if mask >> at & 1) + TWIG * twigs + "<note>n</note>" * notes
        for mask in range(8)
        for twigs in (1, 2, 3)
        for notes in range(50)
    ]
    assert len(set(parts)) == 1200
    for _ in range(2):
        document, findings = read(HEAD + "".join(f"<Branch><mRID>b</mRID>{part}</Branch>" for part in parts))
        assert findings == ()
        assert [len(one.notes) for one in document.branches] == [*range(50)] * 24
        assert sum(one.curve_type == "A01" for one in document.branches) == 600


# ------------------------------------------------------------------------------------------------------ number and order
B = f"/{ROOT}/Branch[1]"
SHAPES: list[tuple[str, str, tuple[str, str, str, str]]] = [
    ("nothing", "", (f"/{ROOT}/mRID", "<mRID>", "the end of its parent", "A69")),
    ("no owner", "<mRID>t</mRID>", (f"/{ROOT}/owner.mRID", "<owner.mRID>", "the end of its parent", "A69")),
    (
        "no owner before something",
        "<mRID>t</mRID><rings>1</rings>",
        (f"/{ROOT}/owner.mRID", "<owner.mRID>", "<rings>", "A69"),
    ),
    (
        "no twig",
        f"{HEAD}<Branch><mRID>b</mRID></Branch>",
        (f"{B}/Twig", "<Twig>", "the end of its parent", "A69"),
    ),
    (
        "four twigs",
        f"{HEAD}<Branch><mRID>b</mRID>{TWIG * 4}</Branch>",
        (f"{B}/Twig[4]", "<Twig> no more often", "it stands here", "999"),
    ),
    (
        "three colours",
        HEAD + "<colour>green</colour>" * 3,
        (f"/{ROOT}/colour[3]", "<colour> no more often", "it stands here", "999"),
    ),
    (
        "twice",
        f"{HEAD}<rings>1</rings><rings>1</rings>",
        (f"/{ROOT}/rings", "<rings> no more often", "it stands here", "999"),
    ),
    (
        "too late",
        f"{HEAD}<rings>1</rings><power unit='MAW'>1</power>",
        (f"/{ROOT}/power", "<power> before <rings>", "it stands here", "999"),
    ),
    (
        "too early",
        f"<rings>1</rings>{HEAD}",
        (f"/{ROOT}/rings", "<mRID> before it", "<rings>", "999"),
    ),
    (
        "unknown",
        f"{HEAD}<leaf/>",
        (f"/{ROOT}/leaf", f"an element of {ROOT}", "<leaf>", "999"),
    ),
    (
        "of another namespace",
        f'{HEAD}<rings xmlns="urn:other">1</rings>',
        (f"/{ROOT}/rings", f"an element of {ROOT}", "<rings>", "999"),
    ),
    (
        "of the newer edition",
        f"{HEAD}<Branch><mRID>b</mRID><Nest><mRID codingScheme='NNO'>r</mRID></Nest>{TWIG}</Branch>",
        (f"{B}/Nest", "an element of Branch[1]", "<Nest>", "999"),
    ),
]


@pytest.mark.parametrize(("inner", "expected"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_a_wrong_shape_is_refused_at_its_place(inner: str, expected: tuple[str, str, str, str]) -> None:
    assert unreadable(inner) == expected


def test_an_edition_counts_as_it_is_declared() -> None:
    assert unreadable(HEAD, OLD) == (f"/{ROOT}/Branch", "<Branch>", "the end of its parent", "A69")
    assert read(HEAD + BRANCH, OLD) == (tree(branch()), ())
    assert unreadable("<mRID>t</mRID>", NEW)[:2] == (f"/{ROOT}/colour", "<colour>")


def test_an_edition_has_its_own_names_and_order() -> None:
    inner = (
        "<mRID>t</mRID><colour>green</colour><Limb><mRID>l</mRID>"
        "<Nest><mRID codingScheme='NNO'>r</mRID><name>owl</name></Nest>"
        "<Twig><position>3</position><hue>brown</hue></Twig></Limb>"
        '<status>A06</status><owner.mRID codingScheme="A01">10X1001A1001A38Y</owner.mRID>'
    )
    document, findings = read(inner, NEW)
    limb = branch("l", nest=Nest(id=Coded("r", "NNO"), name="owl"), twigs=(Twig(position=3, colour="brown"),))
    assert (document, findings) == (tree(limb, colours=("green",), status="A06"), ())
    assert unreadable(inner.replace("Limb", "Branch"), NEW)[1] == f"an element of {ROOT}"


# -------------------------------------------------------------------------------------------------- codes and attributes
ATTRIBUTES: list[tuple[str, str, list[tuple[str, str, str, str, str]]]] = [
    ("the right unit", "<power unit='MAW'>1</power>", []),
    ("the right unit in blanks", "<power unit=' MAW '>1</power>", []),
    ("a wrong unit", "<power unit='KWT'>1</power>", [("GEN-005", "999", f"/{ROOT}/power/@unit", "MAW", "'KWT'")]),
    ("no unit in its attribute", "<power unit=''>1</power>", [("GEN-005", "999", f"/{ROOT}/power/@unit", "MAW", "''")]),
    ("an optional scheme", "<mark>m</mark>", []),
    ("a known scheme", "<mark codingScheme='NNO'>m</mark>", []),
    (
        "an unknown scheme",
        "<mark codingScheme='Q9'>m</mark>",
        [("GEN-005", "999", f"/{ROOT}/mark/@codingScheme", "a value of CodingSchemeTypeList", "'Q9'")],
    ),
    (
        "a mark that is too long",
        f"<mark>{'m' * 151}</mark>",
        [("GEN-004", "999", f"/{ROOT}/mark", "at most 150 characters", f"'{'m' * 80}' and 71 characters more")],
    ),
    ("a code in blanks", "<status>\n A06 </status>", []),
    ("no code", "<status/>", [("GEN-005", "999", f"/{ROOT}/status", "a value of StatusTypeList", "''")]),
    (
        "a colour in blanks",
        "<colour> green</colour>",
        [("GEN-004", "999", f"/{ROOT}/colour[1]", "one of green, brown", "' green'")],
    ),
]


@pytest.mark.parametrize(("inner", "expected"), [row[1:] for row in ATTRIBUTES], ids=[row[0] for row in ATTRIBUTES])
def test_codes_and_attributes_are_checked(inner: str, expected: list[tuple[str, str, str, str, str]]) -> None:
    assert found(HEAD + inner) == expected


def test_an_attribute_that_has_to_be_there_is_missed() -> None:
    assert unreadable(f"{HEAD}<power>1</power>") == (f"/{ROOT}/power/@unit", "the attribute unit", "none", "999")
    assert unreadable("<mRID>t</mRID><owner.mRID>x</owner.mRID>")[:2] == (
        f"/{ROOT}/owner.mRID/@codingScheme",
        "the attribute codingScheme",
    )


def test_the_same_wrong_value_is_found_each_time() -> None:
    twice = "".join(f"<Branch><mRID>{at}</mRID><curveType>Q9</curveType>{TWIG}</Branch>" for at in range(3))
    assert [path for _, _, path, _, _ in found(HEAD + twice)] == [f"/{ROOT}/Branch[{at}]/curveType" for at in (1, 2, 3)]


@pytest.mark.parametrize(("count", "told"), [(999, 999), (1000, 1000), (1001, 1001), (1500, 1001)])
def test_a_thousand_findings_are_told_and_that_there_are_more(count: int, told: int) -> None:
    findings = found(HEAD + "".join(f"<Branch><mRID>{'x' * 61}</mRID>{TWIG}</Branch>" for _ in range(count)))
    assert len(findings) == told
    more = ("GEN-004", "999", f"/{ROOT}/Branch[1001]/mRID", "at most 1000 wrong values", "'more, which are not told'")
    assert (findings[-1] == more) == (count > 1000)


# -------------------------------------------------------------------------------------------------------- stray content
STRAY: list[tuple[str, str, tuple[str, str, str]]] = [
    ("text in a record", f"{HEAD}<Branch>x<mRID>b</mRID>{TWIG}</Branch>", (B, "elements only", "'x'")),
    ("text behind the last child", f"{HEAD}<Branch><mRID>b</mRID>{TWIG} y </Branch>", (B, "elements only", "'y'")),
    ("text in the root", f"{HEAD}z", (f"/{ROOT}", "elements only", "'z'")),
    (
        "an attribute of a record",
        f"{HEAD}<Branch a='1'><mRID>b</mRID>{TWIG}</Branch>",
        (f"{B}/@a", "no such attribute", "'1'"),
    ),
    (
        "an attribute of a text",
        HEAD.replace("<mRID>", "<mRID a='1'>"),
        (f"/{ROOT}/mRID/@a", "no such attribute", "'1'"),
    ),
    (
        "an attribute beside the unit",
        f"{HEAD}<power unit='MAW' scale='k'>1</power>",
        (f"/{ROOT}/power/@scale", "no such attribute", "'k'"),
    ),
    ("a child of a text", f"{HEAD}<rings>1<half/></rings>", (f"/{ROOT}/rings/half", "text only", "<half>")),
    (
        "a child of a record's text",
        f"{HEAD}<Branch><mRID>b<i/></mRID>{TWIG}</Branch>",
        (f"{B}/mRID/i", "text only", "<i>"),
    ),
    (
        "a type by instance",
        f"{HEAD}<Branch {XSI} xsi:type='x'><mRID>b</mRID>{TWIG}</Branch>",
        (f"{B}/@{{http://www.w3.org/2001/XMLSchema-instance}}type", "no such attribute", "'x'"),
    ),
    (
        "a long attribute",
        f"{HEAD}<rings a='{'v' * 90}'>1</rings>",
        (f"/{ROOT}/rings/@a", "no such attribute", f"'{'v' * 80}' and 10 characters more"),
    ),
    (
        "a long name",
        f"{HEAD}<rings {'n' * 101}='1'>1</rings>",
        (f"/{ROOT}/rings/@{'n' * 80}...", "no such attribute", "'1'"),
    ),
]


@pytest.mark.parametrize(("inner", "expected"), [row[1:] for row in STRAY], ids=[row[0] for row in STRAY])
def test_what_has_no_place_is_refused_at_its_place(inner: str, expected: tuple[str, str, str]) -> None:
    assert unreadable(inner) == (*expected, "999")


@pytest.mark.parametrize("blanks", [" ", "\n\t", "<!-- c -->", "<?pi?>", "<![CDATA[ ]]>", "&#32;", " <!-- c --> "])
def test_blanks_and_comments_between_elements_say_nothing(blanks: str) -> None:
    inner = f"{blanks}{HEAD}{blanks}<Branch>{blanks}<mRID>b</mRID>{TWIG}{blanks}</Branch>{blanks}"
    assert read(inner) == (tree(branch()), ())


def test_a_blank_that_xml_does_not_know_is_text() -> None:
    assert unreadable(f"{HEAD}\u00a0") == (f"/{ROOT}", "elements only", repr("\u00a0"), "999")


# ----------------------------------------------------------------------------------------------------------------- paths
@pytest.mark.parametrize("edition", [PLAIN, OLD], ids=str)
def test_a_path_counts_what_may_repeat(edition: Edition) -> None:
    root = etree.fromstring(text_of(HEAD + BRANCH + BRANCH.replace(TWIG, TWIG * 2), edition))
    branches = root.findall("{*}Branch")
    assert path_of(root, edition) == f"/{ROOT}"
    assert path_of(root[0], edition) == f"/{ROOT}/mRID"
    assert [path_of(one, edition) for one in branches] == [f"/{ROOT}/Branch[1]", f"/{ROOT}/Branch[2]"]
    assert path_of(branches[1][2][0], edition) == f"/{ROOT}/Branch[2]/Twig[2]/position"


def test_paths_may_be_asked_in_any_order() -> None:
    root = etree.fromstring(text_of(HEAD + BRANCH * 5))
    nodes = root.findall("{*}Branch")
    places = Places(PLAIN)
    for at in (3, 0, 4, 4, 1, 2, 0):
        assert places.path(nodes[at]) == f"/{ROOT}/Branch[{at + 1}]"


@pytest.mark.parametrize(
    ("text", "words"),
    [("a", "'a'"), ("", "''"), ("x" * 80, f"'{'x' * 80}'"), ("x" * 81, f"'{'x' * 80}' and 1 characters more")],
)
def test_a_long_text_is_shown_in_its_beginning(text: str, words: str) -> None:
    assert shown(text) == words


@pytest.mark.parametrize(
    ("tag", "name"),
    [("{urn:a}b", "b"), ("b", "b"), (None, "?"), (etree.Comment, "?"), ("{urn:a}" + "n" * 81, "n" * 80 + "...")],
)
def test_a_tag_has_a_local_name(tag: object, name: str) -> None:
    assert name_of(tag) == name


def test_the_owner_is_read_with_its_scheme() -> None:
    assert read(HEAD)[0].owner == OWNER
