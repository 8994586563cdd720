"""Documents that differ in one place from a full one: every place, every border of every simple type, in turn.

What is found here does not depend on luck: a facet that is wrong, an element that is missing, too many, optional or
required shows in at least one of these documents.
"""

import copy
import random
from collections.abc import Iterator

from lxml import etree

from tests.agreement.borders import texts_at_the_border
from tests.agreement.documents import DocumentMaker
from tests.agreement.oracle import Oracle
from tests.agreement.sample import Sample, serialised
from tests.agreement.schema import Branch, Child, Leaf, Schema, Values

Loan = tuple[tuple[str, ...], Branch, Child]
"""Path of a parent, that parent as another edition has it, and the element that only the other edition has."""


def full_document(schema: Schema) -> etree._Element:
    """Return a document with every element once; what may repeat stands once, too."""
    return DocumentMaker(schema, random.Random(schema.namespace), share=1.0, repeats=[1]).make()


def systematic_samples(oracle: Oracle) -> Iterator[Sample]:
    """Yield the full document, then one change in each place, then each border of each type."""
    root = full_document(oracle.schema)
    yield Sample(serialised(root))
    yield from _loans(root, oracle)
    for place, element in enumerate(root.iter(etree.Element)):
        if place > 0:
            yield from _changes_of(root, place, etree.QName(element).localname)
    yield from _borders(root, oracle.schema)


# ------------------------------------------------------------------------------------------------------------- structure
def _changes_of(root: etree._Element, place: int, name: str) -> Iterator[Sample]:
    for change in (_remove, _double, _swap, _add_attribute, _drop_attributes, _empty):
        twin = copy.deepcopy(root)
        element = list(twin.iter(etree.Element))[place]
        change(element)
        yield Sample(serialised(twin), (f"{change.__name__.strip('_')} {name}",))


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise ValueError("the root has no parent")
    return parent


def _remove(element: etree._Element) -> None:
    _parent(element).remove(element)


def _double(element: etree._Element) -> None:
    element.addnext(copy.deepcopy(element))


def _swap(element: etree._Element) -> None:
    following = element.getnext()
    if following is not None:
        following.addnext(element)


def _add_attribute(element: etree._Element) -> None:
    element.set("version", "1")


def _drop_attributes(element: etree._Element) -> None:
    element.attrib.clear()


def _empty(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


# ------------------------------------------------------------------------------------------------------- other editions
def loans(own: Branch, other: Branch, path: tuple[str, ...] = ()) -> Iterator[Loan]:
    """Yield the elements that another edition has and this one does not have."""
    for child in other.children:
        mine = own.by_name.get(child.name)
        if mine is None:
            yield path, other, child
        elif isinstance(mine.content, Branch) and isinstance(child.content, Branch):
            yield from loans(mine.content, child.content, (*path, child.name))


def borrow(root: etree._Element, schema: Schema, rng: random.Random, loan: Loan) -> None:
    """Put an element where the other edition has it, below one parent; without such a parent nothing happens."""
    path, branch, child = loan
    parents = root.findall("/".join(f"{{*}}{name}" for name in path)) if path else [root]
    if not parents:
        return
    parent = rng.choice(parents)
    element = DocumentMaker(schema, rng, share=1.0, repeats=[1]).add(parent, child)
    before = {known.name for known in branch.children[: branch.children.index(child)]}
    places = [at for at, sibling in enumerate(parent, 1) if etree.QName(sibling).localname in before]
    parent.insert(max(places, default=0), element)


def _loans(root: etree._Element, oracle: Oracle) -> Iterator[Sample]:
    rng, known = random.Random("loans"), set()
    for other in oracle.relatives:
        for loan in loans(oracle.schema.branch, other.branch):
            if (loan[0], loan[2].name) not in known:
                known.add((loan[0], loan[2].name))
                twin = copy.deepcopy(root)
                borrow(twin, oracle.schema, rng, loan)
                yield Sample(serialised(twin), (f"borrow {loan[2].name}",))


# -------------------------------------------------------------------------------------------------------------- borders
Setting = tuple[Values, etree._Element, str | None]
"""A simple type, an element that has it, and the attribute where it is that of one."""


def _borders(root: etree._Element, schema: Schema) -> Iterator[Sample]:
    for values, element, attribute in list(_settings(schema, root)):
        for text in texts_at_the_border(values):
            yield Sample(
                _with_text(root, element, attribute, text), (f"{etree.QName(element).localname}: {text[:80]!r}",)
            )


def _settings(schema: Schema, root: etree._Element) -> Iterator[Setting]:
    """Yield one element or attribute of each simple type in the document."""
    seen: set[Values] = set()
    for element in root.iter(etree.Element):
        names = [etree.QName(step).localname for step in [*reversed(list(element.iterancestors())), element]][1:]
        leaf = schema.find(names)
        if isinstance(leaf, Leaf):
            places = [(leaf.values, None), *((values, name) for name, values in leaf.attributes.items())]
            yield from ((values, element, name) for values, name in places if values not in seen)
            seen.update(values for values, _ in places)


def _with_text(root: etree._Element, element: etree._Element, attribute: str | None, text: str) -> bytes:
    """Return the document with *text* at one place, and put the old text back."""
    old = element.text if attribute is None else element.get(attribute)
    _put(element, attribute, text)
    data = serialised(root)
    _put(element, attribute, old or "")
    return data


def _put(element: etree._Element, attribute: str | None, text: str) -> None:
    if attribute is None:
        element.text = text
    else:
        element.set(attribute, text)
