"""One document for the comparison."""

from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True)
class Sample:
    """One document with the names of the changes made to it."""

    data: bytes
    changes: tuple[str, ...] = ()


def serialised(root: etree._Element) -> bytes:
    """Return the bytes of a document, in UTF-8 without a declaration."""
    return etree.tostring(root, encoding="utf-8")
