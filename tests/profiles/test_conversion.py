"""From one edition to another: what is carried over, what is dropped, and what is understood without being said."""

from decimal import Decimal

import pytest

from gateway.errors import Unwritable
from profiles import convert
from profiles.edition import Edition
from profiles.lexical import Coded
from profiles.registry import named
from profiles.writer import write
from tests.profiles.forest import NEW, OLD, OWNER, PLAIN, Branch, Nest, Tree, Twig, branch, tree
from tests.wire_values import changed

RESOURCE, OTHER = Coded("r", "NNO"), Coded("s", "NNO")
PLACE = "/Tree_Document/Branch"


def carried(document: Tree, source: Edition, target: Edition) -> tuple[Tree, tuple[str, ...], tuple[str, ...]]:
    """Return the document in *target*, what was lost, and what was understood."""
    found, report = convert(document, source, target)
    assert isinstance(found, Tree)
    assert report.findings == ()
    return found, report.losses, report.assumptions


def test_in_its_own_edition_a_document_stays_what_it_is() -> None:
    document = tree(branch(curve_type="A03"), rings=3)
    found, report = convert(document, PLAIN, PLAIN)
    assert found is document
    assert report.clean
    assert (report.losses, report.assumptions) == ((), ())


def test_what_has_no_place_is_dropped_and_told_with_its_path() -> None:
    document = tree(branch("a"), branch("b", curve_type="A03"), rings=3, colours=("green", "brown"))
    found, lost, understood = carried(document, PLAIN, OLD)
    assert found == tree(branch("a"), branch("b"))
    assert lost == (
        "/Tree_Document/rings: 3 has no place in Tree_Document 1.0",
        "/Tree_Document/colour: ('green', 'brown') has no place in Tree_Document 1.0",
        f"{PLACE}[2]/curveType: 'A03' has no place in Tree_Document 1.0",
    )
    assert understood == ()
    assert write(found, OLD).count(b"<Branch>") == 2


def test_a_curve_of_fixed_blocks_is_understood_without_being_said() -> None:
    found, lost, understood = carried(tree(branch(curve_type="A01")), PLAIN, OLD)
    assert found == tree(branch())
    assert lost == ()
    assert understood == (f"{PLACE}[1]/curveType: 'A01' has no place in Tree_Document 1.0",)


def test_what_both_editions_have_is_carried_under_the_names_of_either() -> None:
    document = tree(
        branch("a", length=Decimal("1.50"), twigs=(Twig(position=2, colour="green"),)), status="A06", colours=("brown",)
    )
    found, lost, understood = carried(document, PLAIN, NEW)
    assert (found, lost, understood) == (document, (), ())
    assert b"<hue>green</hue>" in write(found, NEW)


# ---------------------------------------------------------------------------------- an identifier that became an object
def test_an_identifier_becomes_the_object_that_replaced_it() -> None:
    found, lost, _ = carried(tree(branch(resource=RESOURCE)), PLAIN, NEW)
    assert found == tree(branch(nest=Nest(id=RESOURCE)))
    assert lost == ()


def test_an_object_becomes_its_identifier_where_it_says_no_more() -> None:
    found, lost, _ = carried(tree(branch(nest=Nest(id=RESOURCE))), NEW, PLAIN)
    assert found == tree(branch(resource=RESOURCE))
    assert lost == ()


def test_what_an_object_says_beyond_its_identifier_is_told_as_lost() -> None:
    nest = Nest(id=RESOURCE, name="owl")
    found, lost, _ = carried(tree(branch(nest=nest)), NEW, PLAIN)
    assert found == tree(branch(resource=RESOURCE))
    assert lost == (f"{PLACE}[1]/Nest: {nest!r} has no place in Tree_Document 2.0",)


BARE = Edition(
    document=Tree,
    name="0.1",
    root=PLAIN.root,
    namespace="urn:tree:0",
    without=frozenset({"resource.mRID", "Branch/note"}),
)
"""An edition that has neither the identifier nor the object."""


def test_where_neither_has_a_place_either_is_told_as_lost() -> None:
    plain, rich = tree(branch(resource=RESOURCE)), tree(branch(nest=Nest(id=RESOURCE)))
    gone = "has no place in Tree_Document 0.1"
    assert carried(plain, PLAIN, BARE) == (tree(branch()), (f"{PLACE}[1]/resource.mRID: {RESOURCE!r} {gone}",), ())
    assert carried(rich, NEW, BARE) == (tree(branch()), (f"{PLACE}[1]/Nest: {Nest(id=RESOURCE)!r} {gone}",), ())


def test_a_branch_without_either_stays_without() -> None:
    for source, target in ((PLAIN, NEW), (NEW, PLAIN)):
        assert carried(tree(branch()), source, target) == (tree(branch()), (), ())


@pytest.mark.parametrize(
    "document",
    [
        tree(branch(resource=RESOURCE)),
        tree(branch("a", resource=RESOURCE), branch("b"), branch("c", resource=OTHER)),
        tree(branch(length=Decimal(1))),
    ],
)
def test_there_and_back_is_the_same(document: Tree) -> None:
    there, lost, _ = carried(document, PLAIN, NEW)
    back, nothing, _ = carried(there, NEW, PLAIN)
    assert (back, lost, nothing) == (document, (), ())


# ----------------------------------------------------------------------------------------------------- what is not asked
def test_an_edition_of_another_document_is_refused() -> None:
    other = named("glsk", "2.2")
    with pytest.raises(Unwritable) as caught:
        convert(tree(), PLAIN, other)
    assert caught.value.args[:3] == ("/Tree_Document", "an edition of Tree", "GLSK_MarketDocument 2.2")
    with pytest.raises(Unwritable):
        convert(branch(), PLAIN, NEW)


def test_what_the_other_edition_demands_is_left_to_the_writer() -> None:
    found, lost, _ = carried(tree(), PLAIN, NEW)
    assert (found, lost) == (tree(), ())
    with pytest.raises(Unwritable, match=r"/Tree_Document/colour: expected at least 1 in Tree_Document 3\.0, found 0"):
        write(found, NEW)


def test_a_longer_identifier_is_left_to_the_writer() -> None:
    long = tree(branch("x" * 36))
    found, lost, _ = carried(long, PLAIN, OLD)
    assert (found, lost) == (long, ())
    with pytest.raises(Unwritable, match="at most 35 characters"):
        write(found, OLD)


def test_the_document_given_is_left_as_it_was() -> None:
    document = tree(branch(resource=RESOURCE, curve_type="A03"), rings=1)
    before = changed(document)
    convert(document, PLAIN, NEW)
    convert(document, PLAIN, OLD)
    assert document == before
    assert isinstance(document.branches[0], Branch)
    assert document.owner == OWNER
