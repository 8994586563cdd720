"""Changes to the tree of a document: most of them break it, some only look as if they did."""

import copy
import random
from collections.abc import Callable

from lxml import etree

from tests.agreement.borders import texts_at_the_border
from tests.agreement.schema import Leaf, Schema

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
_FOREIGN = "urn:vendor:extension"
_BLANKS = [" ", "\n", "\t", "  \r\n ", "\u00a0", "\u2003", "\u0085"]

Mutation = Callable[[etree._Element, Schema, random.Random], None]
"""Changes the tree below a root element in place."""


def _below(root: etree._Element) -> list[etree._Element]:
    return list(root.iterdescendants(etree.Element))


def _pick(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice(_below(root) or [root])


def _pick_leaf(root: etree._Element, rng: random.Random) -> etree._Element:
    return rng.choice([element for element in root.iter(etree.Element) if len(element) == 0] or [root])


def _leaf_of(element: etree._Element, schema: Schema) -> Leaf | None:
    ancestors = [ancestor for ancestor in element.iterancestors() if ancestor.getparent() is not None]
    names = [etree.QName(node).localname for node in [*reversed(ancestors), element]]
    found = schema.find(names)
    return found if isinstance(found, Leaf) else None


def _detach(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _put_after(element: etree._Element, new: etree._Element) -> None:
    """Make *new* the next sibling; the root element has none."""
    if element.getparent() is not None:
        element.addnext(new)


def _copy(element: etree._Element) -> etree._Element:
    twin = copy.deepcopy(element)
    twin.tail = None
    return twin


# ------------------------------------------------------------------------------------------------------------- elements
def remove_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    _detach(_pick(root, rng))


def duplicate_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick(root, rng)
    _put_after(element, _copy(element))


def swap_siblings(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick(root, rng)
    following = element.getnext()
    if following is not None:
        following.addnext(element)


def move_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element, target = _pick(root, rng), _pick(root, rng)
    if element is not target and element not in target.iterancestors():
        _put_after(target, element)


def move_to_the_end(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick(root, rng)
    parent = element.getparent()
    if parent is not None:
        parent.append(element)


def rename_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element, other = _pick(root, rng), _pick(root, rng)
    name = etree.QName(element)
    local = rng.choice([etree.QName(other).localname, name.localname.lower(), name.localname + "s", "Point", "mRID"])
    element.tag = f"{{{name.namespace}}}{local}"


def rename_root(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    name = rng.choice([schema.root.lower(), "MarketDocument", "Publication_MarketDocument", schema.root + "s"])
    root.tag = f"{{{schema.namespace}}}{name}"


def move_element_to_another_namespace(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    element = rng.choice([root, _pick(root, rng)])
    local = etree.QName(element).localname
    space = rng.choice(["", _FOREIGN, schema.namespace + ":", schema.namespace.upper(), " " + schema.namespace])
    element.tag = f"{{{space}}}{local}" if space else local


def add_unknown_element(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    space = rng.choice([f"{{{schema.namespace}}}", f"{{{_FOREIGN}}}", ""])
    name = rng.choice(["extension", "mRID", "Reason", "Point", "value", "position"])
    unknown = etree.Element(space + name)
    unknown.text = rng.choice([None, "x", "A01"])
    target = rng.choice([root, *_below(root)])
    target.insert(rng.randint(0, len(target)), unknown)


def repeat_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick(root, rng)
    for _copies in range(rng.choice([2, 5, 20])):
        _put_after(element, _copy(element))


def nest_element_in_itself(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick(root, rng)
    element.append(_copy(element))


# ----------------------------------------------------------------------------------------------------------- attributes
def add_attribute(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    names = ["version", "codingScheme", "id", f"{{{_FOREIGN}}}x", f"{{{schema.namespace}}}codingScheme"]
    name = rng.choice([*names, *(f"{{{XML}}}{local}" for local in ("lang", "space", "id", "base"))])
    rng.choice([root, _pick(root, rng), _pick_leaf(root, rng)]).set(name, rng.choice(["A01", "1", "", "preserve"]))


def add_instance_attribute(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    name, values = rng.choice(
        [
            ("schemaLocation", [f"{schema.namespace} other.xsd", "", "odd", f" {schema.namespace}\n\tx.xsd "]),
            ("noNamespaceSchemaLocation", ["other.xsd", ""]),
            ("nil", ["true", "false", "0", "1", "no"]),
            ("type", ["xs:string", "ID_String", "Point", schema.root, ""]),
            ("unknown", ["x"]),
        ]
    )
    rng.choice([root, root, _pick(root, rng)]).set(f"{{{XSI}}}{name}", rng.choice(values))


def change_attribute(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    elements = [element for element in root.iter(etree.Element) if element.attrib]
    if not elements:
        return
    element = rng.choice(elements)
    leaf = _leaf_of(element, schema)
    name = rng.choice(list(element.keys()))
    texts = texts_at_the_border(leaf.attributes[name]) if leaf and name in leaf.attributes else ["A01"]
    _set_or_leave(element, name, rng.choice(texts), rng)


def _set_or_leave(element: etree._Element, name: str, text: str, rng: random.Random) -> None:
    if rng.random() < 0.3:
        del element.attrib[name]
    elif rng.random() < 0.3:
        blank = rng.choice(_BLANKS)
        element.set(name, blank + element.get(name, "") + blank)
    else:
        element.set(name, text)


# ----------------------------------------------------------------------------------------------------------------- text
def change_text(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    """Set one text to a border of its type; each sort of type is chosen as often, however many elements have it."""
    sorts: dict[tuple[str, bool, bool], list[tuple[etree._Element, Leaf]]] = {}
    for element in root.iter(etree.Element):
        leaf = _leaf_of(element, schema)
        if leaf is not None:
            sort = (leaf.values.built_in, bool(leaf.values.patterns), bool(leaf.values.words))
            sorts.setdefault(sort, []).append((element, leaf))
    if sorts:
        element, leaf = rng.choice(rng.choice(list(sorts.values())))
        element.text = rng.choice(texts_at_the_border(leaf.values))


def change_text_to_that_of_another_type(root: etree._Element, schema: Schema, rng: random.Random) -> None:
    leaf = rng.choice(list(schema.leaves()))
    _pick_leaf(root, rng).text = rng.choice(texts_at_the_border(leaf.values))


def pad_text(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = _pick_leaf(root, rng)
    before, after = rng.choice(["", *_BLANKS]), rng.choice(["", *_BLANKS])
    element.text = before + (element.text or "") + after


def empty_element(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = rng.choice([_pick(root, rng), _pick_leaf(root, rng)])
    for child in list(element):
        element.remove(child)
    element.text = rng.choice([None, "", " "])


def text_between_elements(root: etree._Element, _: Schema, rng: random.Random) -> None:
    text = rng.choice([*_BLANKS, "x", ".", "0", "  x  ", "\ufeff"])
    element = rng.choice([element for element in root.iter(etree.Element) if len(element)] or [root])
    if rng.random() < 0.5 and len(element):
        rng.choice(list(element)).tail = text
    else:
        element.text = text


def comment_or_instruction(root: etree._Element, _: Schema, rng: random.Random) -> None:
    node = rng.choice([etree.Comment("note"), etree.ProcessingInstruction("target", "data"), etree.Comment("<x>&y;")])
    element = rng.choice([root, _pick(root, rng), _pick_leaf(root, rng)])
    if len(element) == 0:
        text = element.text or ""
        at = rng.randint(0, len(text))
        element.text, node.tail = text[:at], text[at:]
    element.insert(rng.randint(0, len(element)), node)


def character_data_section(root: etree._Element, _: Schema, rng: random.Random) -> None:
    element = rng.choice([_pick(root, rng), _pick_leaf(root, rng)])
    text = (element.text or rng.choice(["", " ", "x"])).replace("]]>", "")
    if len(element) == 0 or not text.strip():
        element.text = etree.CDATA(text)


def indent(root: etree._Element, _: Schema, rng: random.Random) -> None:
    etree.indent(root, space=rng.choice(["  ", "\t", "\r\n"]))


TREE_MUTATIONS: tuple[Mutation, ...] = (
    remove_element,
    duplicate_element,
    swap_siblings,
    move_element,
    move_to_the_end,
    rename_element,
    rename_root,
    move_element_to_another_namespace,
    add_unknown_element,
    repeat_element,
    nest_element_in_itself,
    add_attribute,
    add_instance_attribute,
    change_attribute,
    *[change_text] * 12,
    change_text_to_that_of_another_type,
    pad_text,
    empty_element,
    text_between_elements,
    comment_or_instruction,
    character_data_section,
    indent,
)
"""A change of text stands many times: the borders of the types are where readers differ most."""
