"""A document on which the official schema and our reader disagree, and what it takes to judge the disagreement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from tests.agreement.oracle import Complaint, Oracle, Verdict, parser
from tests.agreement.schema import Leaf, Values

_ATTRIBUTE = re.compile(r", attribute '([^']+)'")
_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


@dataclass(frozen=True)
class Place:
    """A value that one side complains of: the element or attribute, its type in the schema, its text in the document."""

    name: str
    values: Values
    text: str


@dataclass(frozen=True)
class Dispute:
    """The document and both verdicts."""

    data: bytes
    oracle: Oracle
    official: Verdict
    ours: Verdict

    @cached_property
    def tree(self) -> etree._ElementTree:
        """The document; a disputed document is well-formed to at least one side, or this raises."""
        return etree.fromstring(self.data, parser()).getroottree()

    @cached_property
    def second(self) -> Verdict | None:
        """What the second library says; None where it has no opinion."""
        return self.oracle.judge_again(self.data)

    @property
    def unreadable(self) -> bool:
        """Whether the official side could not even parse the document."""
        return any(complaint.path == "" for complaint in self.official.complaints)

    def our_places(self) -> Iterator[Place | None]:
        """Yield the value that each of our complaints is about, None where it is about no value."""
        for complaint in self.ours.complaints:
            yield self._our_place(complaint)

    def official_places(self) -> Iterator[Place | None]:
        """Yield the value that each official complaint is about; libxml2 names it by an XPath."""
        prefixes = {prefix: space for prefix, space in self.tree.getroot().nsmap.items() if prefix}
        for complaint in self.official.complaints:
            found = self.tree.xpath(complaint.path, namespaces=prefixes) if complaint.path else []
            (node,) = found if isinstance(found, list) and len(found) == 1 else (None,)
            attribute = _ATTRIBUTE.search(complaint.text)
            yield self._place(node, attribute and attribute[1]) if isinstance(node, etree._Element) else None

    def _our_place(self, complaint: Complaint) -> Place | None:
        path, _, attribute = complaint.path.partition("/@")
        node = self.tree.getroot()
        for step in path.split("/")[2:]:
            match = _STEP.fullmatch(step)
            if match is None:
                return None
            children = node.findall(f"{{{self.oracle.schema.namespace}}}{match[1]}")
            at = int(match[2] or "1")
            if len(children) < at:
                return None
            node = children[at - 1]
        return self._place(node, attribute or None)

    def _place(self, node: etree._Element, attribute: str | None) -> Place | None:
        names = [etree.QName(step).localname for step in [*reversed(list(node.iterancestors())), node]][1:]
        leaf = self.oracle.schema.find(names)
        if not isinstance(leaf, Leaf):
            return None
        if attribute is None:
            return Place(names[-1], leaf.values, "".join(node.itertext(etree.Element)))
        values = leaf.attributes.get(attribute)
        return None if values is None else Place(attribute, values, node.get(attribute, ""))
