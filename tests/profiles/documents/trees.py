"""Hand-written documents, changed at a path, and what is then said of them.

A path has the tags below the root, with a number where a tag repeats: ``TimeSeries/Period/Point[2]/position``. What is
said is seen as a receiver sees it: the whole way from bytes, with the path from the root.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from lxml import etree

from gateway.envelope import Envelope, Message
from gateway.errors import GatewayError, Malformed, Unmappable, Unwritable
from gateway.report import Report
from profiles import parse, to_canonical
from profiles.edition import Edition

M = TypeVar("M", bound=Message)

Element = etree._Element
Said = tuple[str, str, str, str]
"""Path, expected, found and reason code of an error."""

DATA = Path(__file__).parents[2] / "data"


def text_of(document: str, edition: str, name: str) -> str:
    """Return a file of the test data."""
    return (DATA / document / edition / f"{name}.xml").read_text("utf-8")


# -------------------------------------------------------------------------------------------------------------- changes
def _edited(text: str, path: str, change: Callable[[Element], object]) -> str:
    root = etree.fromstring(text.encode())
    node = root.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    assert node is not None, f"nothing at {path}"
    change(node)
    return etree.tostring(root, encoding="unicode")


def _parent(node: Element) -> Element:
    parent = node.getparent()
    assert parent is not None
    return parent


def without(text: str, *paths: str) -> str:
    """Return *text* without the elements at *paths*."""
    for path in paths:
        text = _edited(text, path, lambda node: _parent(node).remove(node))
    return text


def holding(text: str, path: str, value: str) -> str:
    """Return *text* with another *value* in the element at *path*."""

    def change(node: Element) -> None:
        assert node.text != value, f"{path} has that value"
        node.text = value

    return _edited(text, path, change)


def marked(text: str, path: str, scheme: str) -> str:
    """Return *text* with another coding scheme of the identifier at *path*."""
    return _edited(text, path, lambda node: node.set("codingScheme", scheme))


def twice(text: str, path: str) -> str:
    """Return *text* with the element at *path* once more behind itself."""
    return _edited(text, path, lambda node: node.addnext(copy.deepcopy(node)))


def first_of_all(text: str, path: str) -> str:
    """Return *text* with the element at *path* before its siblings."""
    return _edited(text, path, lambda node: _parent(node).insert(0, node))


def as_edition(text: str, source: Edition, target: Edition) -> str:
    """Return *text* under the namespace of another edition, otherwise as it is."""
    assert source.namespace in text
    return text.replace(f'"{source.namespace}"', f'"{target.namespace}"')


# --------------------------------------------------------------------------------------------------------- what is said
def meaning(text: str) -> tuple[Envelope[Message], Report]:
    """Return what *text* means and what was assumed and lost; the document itself has to be without fault."""
    parsed = parse(text.encode())
    assert parsed.report.clean, parsed.report.findings
    return to_canonical(parsed)


def received(letter: Envelope[M], text: str, edition: Edition) -> Envelope[M]:
    """Return *letter* as it arrives in *text*: with its edition and the digest of its bytes."""
    return dataclasses.replace(letter, edition=edition.namespace, digest=hashlib.sha256(text.encode()).hexdigest())


def refusal(text: str) -> Said:
    """Return why *text*, a document without fault, has no meaning here."""
    return _said(Unmappable, lambda: meaning(text))


def unreadable(text: str) -> Said:
    """Return why *text* is no document of its edition."""
    return _said(Malformed, lambda: parse(text.encode()))


def unwritable(write: Callable[[], object]) -> Said:
    """Return why *write* does not write."""
    return _said(Unwritable, write)


def _said(kind: type[GatewayError], call: Callable[[], object]) -> Said:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.path, caught.value.expected, caught.value.found, caught.value.code


def findings(text: str) -> list[tuple[str, str, str, str, str]]:
    """Return rule, reason code, path, expected and found of what is wrong with the values of *text*."""
    return [(one.rule, one.code, one.path, one.expected, one.found) for one in parse(text.encode()).report.findings]


def placed(root: str, path: str, numbered: frozenset[str], *, missing: bool = False) -> str:
    """Return *path* as a message has it: from the root, with a number where an element may repeat.

    ``numbered`` names these; what is missing itself has none.
    """
    *above, end = path.split("/")
    steps = [f"{step}[1]" if step in numbered else step for step in above]
    return "/".join(["", root, *steps, end if missing or end not in numbered else f"{end}[1]"])
