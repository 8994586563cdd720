"""A published result held against the documents that led to it, without clearing again.

The documents are received once more. They must be those that the result names, judged as it says, in the market that it
states; then the certificate (`gateway.clearing.certificate`) works out from these documents alone whether volumes,
prices and flows are right. No solver takes part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.folder import Folder
from adapters.market_file import MarketSettings
from adapters.offline.reception import Received, receive, shown
from gateway import canonical_json
from gateway.clearing import certify
from gateway.errors import Malformed
from gateway.procurement import markets
from gateway.results import ClearingResult
from gateway.schemes import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What ``result.json`` says: scheme, market, the digests and verdicts of documents by file, and the result."""

    scheme: str
    market: canonical_json.Json
    documents: dict[str, tuple[str | None, str]]
    result: ClearingResult


def published(text: bytes) -> Published:
    """Read ``result.json``.

    Raises `Malformed` with the path of what does not fit.
    """
    try:
        record = json.loads(text)
    except ValueError as error:
        raise Malformed("$", "a JSON text in UTF-8", str(error)) from error
    if not isinstance(record, dict):
        raise Malformed("$", "an object, the record of a clearing", type(record).__name__)
    missing = {"scheme", "market", "documents", "result"} - record.keys()
    if missing:
        raise Malformed("$", f"the field {min(missing)} of a clearing's record", "nothing")
    documents = canonical_json.from_json(tuple[_Document, ...], [_named(each) for each in record["documents"]])
    return Published(
        scheme=canonical_json.from_json(str, record["scheme"], "$.scheme"),
        market=record["market"],
        documents={each.file: (each.digest, each.verdict) for each in documents},
        result=canonical_json.from_json(ClearingResult, record["result"], "$.result"),
    )


def verify(record: Published, folder: Folder, settings: MarketSettings, now: datetime | None) -> tuple[str, ...]:
    """Return everything in *record* that the documents of *folder* do not bear out, in sentences; nothing if it holds.

    Raises `Misconfigured` for an unknown scheme, market profile, overlay or quirk.
    """
    received = receive(folder.documents, settings, now)
    differing = (*_other_market(record, settings), *_other_documents(record, received))
    if differing:
        return differing
    envelopes = [document.envelope for document in received if document.envelope is not None]
    given = markets(named(record.scheme), settings.market, envelopes)
    if record.result.revision != len(given):
        return (f"The result is of round {record.result.revision}; the documents lead to {len(given)}.",)
    return tuple(f"{violation}." for violation in certify(given[-1], record.result))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    file: str
    digest: str | None
    verdict: str


def _named(entry: object) -> canonical_json.Json:
    """Return of a document's entry what tells it from others."""
    return {key: entry[key] for key in ("file", "digest", "verdict") if key in entry} if isinstance(entry, dict) else []


def _other_market(record: Published, settings: MarketSettings) -> Iterator[str]:
    stated = record.market if isinstance(record.market, dict) else {}
    here = canonical_json.to_json(settings.market)
    for name, value in here.items() if isinstance(here, dict) else ():
        if stated.get(name) != value:
            yield f"market.{name}: the market file says {value}, the result {stated.get(name)}."


def _other_documents(record: Published, received: tuple[Received, ...]) -> Iterator[str]:
    here = {
        shown(document.file): (document.reading.digest if document.reading else None, document.verdict.value)
        for document in received
    }
    for file in sorted(here.keys() | record.documents.keys()):
        ours, theirs = here.get(file), record.documents.get(file)
        if ours is None:
            yield f"{file}: the result names this document, and it is not here."
        elif theirs is None:
            yield f"{file}: the result does not know this document."
        elif ours[0] != theirs[0]:
            yield f"{file}: another content than the result names."
        elif ours[1] != theirs[1]:
            yield f"{file}: {ours[1]} here, {theirs[1]} in the result; was it received at another instant?"
