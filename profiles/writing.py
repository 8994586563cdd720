"""A canonical message to bytes: which document carries it, in which edition.

``MESSAGES`` of a document module are the messages that it is written from. Where several carry the same kind, all but
one have a function ``carries`` that says of a letter whether it is theirs. One that has to shorten what a letter says
has a function ``unsaid`` that names it.
"""

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
    carriers = _carriers().get(type(letter.message), ())
    module = _chosen(letter, carriers) if edition is None else registry.module_of(edition)
    if module not in carriers:
        editions = ", ".join(str(one) for carrier in carriers for one in carrier.EDITIONS)
        raise Unwritable("edition", f"one of {editions}" if editions else "a document that carries it", str(edition))
    chosen = edition or module.EDITIONS[0]
    document, report = convert(module.from_canonical(letter), module.EDITIONS[0], chosen)
    if report.losses:
        raise Unwritable("edition", "an edition that holds all that is said", "; ".join(report.losses))
    return write(document, chosen, overlay=overlay)


def unsaid(letter: Envelope[Message]) -> tuple[str, ...]:
    """Return in a sentence each what `write_message` shortens of *letter*: the losses of writing it."""
    module = _chosen(letter, _carriers().get(type(letter.message), ()))
    if module is None or not hasattr(module, "unsaid"):
        return ()
    shortened: tuple[str, ...] = module.unsaid(letter)
    return shortened


def _chosen(letter: Envelope[Message], carriers: tuple[ModuleType, ...]) -> ModuleType | None:
    """Return the document that carries *letter*: one that says so, or else the one that carries all of its kind."""
    special = [module for module in carriers if hasattr(module, "carries")]
    fitting = [module for module in special if module.carries(letter)]
    return next(iter(fitting or (module for module in carriers if module not in special)), None)


@cache
def _carriers() -> dict[type[Any], tuple[ModuleType, ...]]:
    """Return the document modules that can be written from each class of message."""
    modules = registry.DOCUMENTS.values()
    messages = {message for module in modules for message in module.MESSAGES}
    return {message: tuple(module for module in modules if message in module.MESSAGES) for message in messages}
