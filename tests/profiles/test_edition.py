"""Declarations and editions: places of elements, and how each difference changes the table of an edition."""

from dataclasses import FrozenInstanceError

import pytest

from gateway.errors import Misconfigured
from profiles import registry
from profiles.edition import Edition
from profiles.lexical import IDENTIFIER, INTEGER, SHORT_IDENTIFIER, STRING, code
from profiles.registry import BY_NAMESPACE, DOCUMENTS, EDITIONS, module_of, named
from profiles.wire import Place, element, elements, later, many, one, opt, places
from tests.profiles.forest import NEW, OLD, PLAIN, Branch, Nest, Tree, Twig


@element
class Leaf:
    """A record of one of each."""

    id: str = one("mRID", IDENTIFIER)
    count: int | None = opt("count", INTEGER)
    names: tuple[str, ...] = many("name", STRING, least=2, most=5)
    kinds: tuple[str, ...] = many("kind", code("StatusTypeList"))
    since: str | None = later("since", STRING, instead="count")


# --------------------------------------------------------------------------------------------------------- declarations
def test_a_declaration_is_a_table_of_places() -> None:
    found = places(Leaf)
    assert [name for name, _ in found] == ["id", "count", "names", "kinds", "since"]
    assert [place for _, place in found[:3]] == [
        Place("mRID", IDENTIFIER, 1),
        Place("count", INTEGER, 0),
        Place("name", STRING, 2, many=True, most=5),
    ]
    assert (found[3][1].tag, found[3][1].least, found[3][1].many, found[3][1].most) == ("kind", 0, True, None)
    assert found[4][1] == Place("since", STRING, 0, later=True, instead="count")


def test_a_record_has_its_defaults_and_does_not_change() -> None:
    leaf = Leaf(id="a")
    assert (leaf.count, leaf.names, leaf.kinds, leaf.since) == (None, (), (), None)
    assert leaf == Leaf(id="a", count=None)
    assert hash(leaf) == hash(Leaf(id="a"))
    with pytest.raises(FrozenInstanceError):
        leaf.id = "b"  # type: ignore[misc]  # the point
    with pytest.raises(TypeError):
        Leaf("a")  # type: ignore[call-arg]  # keywords only


def test_the_classes_of_a_document_are_found_outermost_first() -> None:
    assert elements(Tree) == (Tree, Branch, Nest, Twig)
    assert elements(Twig) == (Twig,)


# ------------------------------------------------------------------------------------------------------------- editions
def tags(edition: Edition, cls: type[object]) -> list[str]:
    return [entry.tag for entry in edition.fields(cls)]


def test_without_differences_an_edition_is_the_declaration_without_what_came_later() -> None:
    assert tags(PLAIN, Tree) == [
        "mRID",
        "owner.mRID",
        "planted",
        "power",
        "mark",
        "rings",
        "status",
        "colour",
        "Branch",
    ]
    assert tags(PLAIN, Branch) == ["mRID", "length", "lasting", "resource.mRID", "curveType", "Twig", "note"]
    assert PLAIN.absent(Branch) == (("nest", "Nest"),)
    assert PLAIN.absent(Tree) == ()


def test_an_element_may_be_left_out_everywhere_or_in_one_class() -> None:
    assert tags(OLD, Tree) == ["mRID", "owner.mRID", "planted", "power", "mark", "status", "Branch"]
    assert tags(OLD, Twig) == ["position", "colour"]
    assert tags(OLD, Branch) == ["mRID", "length", "lasting", "resource.mRID", "Twig", "note"]
    assert OLD.absent(Tree) == (("rings", "rings"), ("colours", "colour"))
    assert OLD.absent(Branch) == (("nest", "Nest"), ("curve_type", "curveType"))


def test_an_element_may_have_another_name_everywhere_or_in_one_class() -> None:
    assert tags(NEW, Tree) == ["mRID", "planted", "power", "mark", "rings", "colour", "Limb", "status", "owner.mRID"]
    assert tags(NEW, Twig) == ["position", "hue"]


def test_what_comes_later_stands_where_it_was_declared() -> None:
    assert tags(NEW, Branch) == ["mRID", "length", "lasting", "Nest", "curveType", "Twig", "note"]
    assert NEW.absent(Branch) == (("resource", "resource.mRID"),)


def test_elements_that_move_last_keep_the_order_in_which_they_are_named() -> None:
    assert tags(NEW, Tree)[-2:] == ["status", "owner.mRID"]


def test_bounds_and_types_are_those_of_the_edition() -> None:
    bounds = {entry.tag: (entry.least, entry.many, entry.most) for entry in NEW.fields(Tree)}
    assert (bounds["colour"], bounds["Limb"], bounds["status"]) == ((1, True, 2), (0, True, None), (0, False, None))
    assert {entry.tag: entry.least for entry in NEW.fields(Branch)}["Twig"] == 0
    assert {entry.tag: entry.least for entry in OLD.fields(Tree)}["Branch"] == 1
    kinds = {edition: edition.fields(Tree)[0].kind for edition in (OLD, PLAIN)}
    assert kinds == {OLD: SHORT_IDENTIFIER, PLAIN: IDENTIFIER}


def test_a_field_has_its_attribute_and_its_qualified_name() -> None:
    limb = next(entry for entry in NEW.fields(Tree) if entry.tag == "Limb")
    assert (limb.name, limb.qname, limb.kind) == ("branches", "{urn:tree:3:}Limb", Branch)


def test_an_edition_is_named_by_root_and_name_and_is_only_itself() -> None:
    twin = Edition(document=Tree, name="2.0", root=PLAIN.root, namespace=PLAIN.namespace)
    assert str(PLAIN) == "Tree_Document 2.0"
    assert twin != PLAIN
    assert len({twin, PLAIN, PLAIN}) == 2


# ------------------------------------------------------------------------------------------------------------- registry
def test_every_document_has_editions_messages_and_a_meaning() -> None:
    assert len(DOCUMENTS) == 35
    for name, module in DOCUMENTS.items():
        assert module.__name__ == f"profiles.{name}"
        assert len({edition.name for edition in module.EDITIONS}) == len(module.EDITIONS)
        assert {edition.document for edition in module.EDITIONS} == {module.EDITIONS[0].document}
        assert callable(module.to_canonical)
        assert bool(module.MESSAGES) == hasattr(module, "from_canonical")


def test_a_namespace_names_one_edition_and_an_edition_its_module() -> None:
    assert len(BY_NAMESPACE) == len(EDITIONS) == sum(len(module.EDITIONS) for module in DOCUMENTS.values())
    for edition in EDITIONS:
        assert BY_NAMESPACE[edition.namespace] is edition
        assert edition in module_of(edition).EDITIONS
        assert named(edition.root, edition.name).namespace.rstrip("0123456789:") != ""


@pytest.mark.parametrize(
    ("document", "edition", "namespace"),
    [
        ("crac", "2.3", "urn:iec62325.351:tc57wg16:451-n:CRACdocument:2:3"),
        ("CRAC_MarketDocument", "2.4", "urn:iec62325.351:tc57wg16:451-n:CRACdocument:2:4"),
        ("glsk", "2.0", "urn:iec62325.351:tc57wg16:451-n:glskdocument:2:0"),
        ("constraint_table", "1.0", "urn:tso-dso-gateway:constraint-table:1:0"),
        ("eddie_operating_envelope", "1.12", "https//eddie.energy/CIM/RECMMOE_v1.12"),
        ("RECMMOE_Envelope", "1.12", "https//eddie.energy/CIM/RECMMOE_v1.12"),
    ],
)
def test_an_edition_is_found_by_file_or_root_and_name(document: str, edition: str, namespace: str) -> None:
    assert named(document, edition).namespace == namespace


def test_an_unknown_document_is_refused_with_a_hint() -> None:
    with pytest.raises(Misconfigured) as caught:
        named("reserve_bit", "7.4")
    assert (caught.value.path, caught.value.found) == ("document", "'reserve_bit'")
    assert caught.value.expected.startswith("one of acknowledgement, activation, ")
    assert caught.value.expected.endswith("(did you mean reserve_bid?)")


def test_an_unknown_edition_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Misconfigured) as caught:
        named("glsk", "2.3")
    assert caught.value.args[:3] == ("edition of glsk", "one of 2.2, 2.1, 2.0", "'2.3'")


def test_only_modules_with_editions_are_documents() -> None:
    assert "reader" not in DOCUMENTS
    assert "registry" not in DOCUMENTS
    assert registry.DOCUMENTS["crac"].EDITIONS[0].name == "2.4"
