"""Canonical messages on their way through documents, for tests of any document."""

import dataclasses
from collections.abc import Callable
from typing import Protocol, TypeVar

from gateway.envelope import Envelope, Message
from gateway.errors import Unmappable
from gateway.report import Report
from profiles import parse, registry, to_canonical, write_message
from profiles.edition import Edition
from tests.market_values import DSO, TSO, WEST, envelope

D = TypeVar("D")


def letter(message: Message) -> Envelope[Message]:
    """Return *message* from TSO to DSO about WEST."""
    return dataclasses.replace(envelope(message, TSO), receiver=DSO, domain=WEST)


def edition_of(name: str) -> Edition:
    """Return the edition with this full name, such as ``Schedule_MarketDocument 5.2``."""
    return next(edition for edition in registry.EDITIONS if str(edition) == name)


def there_and_back(sent: Envelope[Message], edition: str | None = None) -> tuple[Envelope[Message], Report]:
    """Return what *sent* means to the receiver, and what was assumed or lost."""
    return to_canonical(parse(write_message(sent, None if edition is None else edition_of(edition))))


def document(cls: type[D], sent: Envelope[Message], edition: str | None = None) -> D:
    """Return the document that *sent* is written in; it is one of *cls*."""
    written = parse(write_message(sent, None if edition is None else edition_of(edition))).document
    assert isinstance(written, cls)
    return written


def changed(record: D, **changes: object) -> D:
    """Return *record* with other values of some fields, of whatever type."""
    replace: Callable[..., D] = dataclasses.replace
    return replace(record, **changes)


class HasSeries(Protocol):
    """A document with series."""

    @property
    def series(self) -> tuple[object, ...]:
        """Its series."""


H = TypeVar("H", bound=HasSeries)


def first_series(record: H, **changes: object) -> H:
    """Return *record* with other values in its first series."""
    return changed(record, series=(changed(record.series[0], **changes), *record.series[1:]))


def refusal(document_: object) -> tuple[str, str]:
    """Return place and reason code of the first thing in a document that has no meaning; blank where all has."""
    module = next(one for one in registry.DOCUMENTS.values() if type(document_) in {e.document for e in one.EDITIONS})
    try:
        module.to_canonical(document_)
    except Unmappable as error:
        return error.path, error.code
    return "", ""
