"""A canonical message to bytes: which document carries it, in which edition."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from profiles import registry
from profiles.conversion import convert
from profiles.edition import Edition
from profiles.writer import write


def write_message(letter: Envelope[Message], edition: Edition | None = None, *, overlay: str | None = None) -> bytes:
    """Return the document that says what *letter* says, in *edition* or the one that is written by default.

    Raises `Unwritable`, also where the edition cannot hold something that is said.
    """
    module = _carriers()[type(letter.message)]
    chosen = edition or module.EDITIONS[0]
    if chosen not in module.EDITIONS:
        raise Unwritable("edition", f"one of {', '.join(map(str, module.EDITIONS))}", str(chosen))
    document, report = convert(module.from_canonical(letter), module.EDITIONS[0], chosen)
    if report.losses:
        raise Unwritable("edition", "an edition that holds all that is said", "; ".join(report.losses))
    return write(document, chosen, overlay=overlay)


@cache
def _carriers() -> dict[type[Any], ModuleType]:
    """Return the document module that carries each class of message."""
    return {message: module for module in registry.DOCUMENTS.values() for message in module.MESSAGES}
