"""From bytes to a document, from a document to a canonical message, and both in one go.

Three layers, each a pure function: `parse` knows the standard (namespace, structure, forms, facets, codes), the rules
of a market (`profiles.rules`) know what may be said there, and `to_canonical` says what it means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from gateway.envelope import Envelope, Message
from gateway.errors import InvalidValue, Malformed, Unmappable
from gateway.report import Finding, Level, Report, Severity
from profiles import quirks as producer_quirks
from profiles import registry
from profiles.edition import Edition
from profiles.hardening import LIMITS, Limits, build_tree, check_bytes
from profiles.markets import MarketProfile
from profiles.plain import read_plain
from profiles.reader import read_tree
from profiles.rules.context import Context
from profiles.rules.engine import check
from profiles.where import name_of, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document as it came over the wire.

    ``report`` has the broken facets and codes, and what a quirk mended. ``digest`` is the SHA-256 of the bytes as
    received, in hexadecimal.
    """

    document: Any
    edition: Edition
    report: Report
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document, what the market's rules say of it, and what it means.

    ``envelope`` is None where the document as a whole is refused.
    """

    document: Any
    edition: Edition
    envelope: Envelope[Message] | None
    report: Report
    digest: str


def parse(data: bytes, *, overlay: str | None = None, quirks: Iterable[str] = (), limits: Limits = LIMITS) -> Parsed:
    """Read a document of any known edition.

    ``overlay`` names the market's local codes (`profiles.codes`), ``quirks`` the deviations that this peer is
    allowed (`profiles.quirks`). Raises `Malformed` for what cannot be read, `Misconfigured` for an unknown name.
    """
    opening, digest, mended = check_bytes(data, limits), hashlib.sha256(data).hexdigest(), tuple(quirks)
    plain = None if mended else read_plain(data, opening, registry.BY_NAMESPACE, overlay)
    if plain is not None:
        return Parsed(document=plain[0], edition=plain[1], report=Report(), digest=digest)
    root = build_tree(data, opening)
    edition = edition_of(root)
    repairs = producer_quirks.repair(root, mended)
    document, findings = read_tree(root, edition, overlay)
    return Parsed(document=document, edition=edition, report=Report(findings, repairs), digest=digest)


def edition_of(root: etree._Element) -> Edition:
    """Return the edition that the root element names (GEN-002, GEN-003). Raises `Malformed`."""
    name = etree.QName(root)
    edition = registry.BY_NAMESPACE.get(name.namespace or "")
    if edition is None:
        found = shown(name.namespace or "")
        raise Malformed(f"/{name_of(root.tag)}", "the namespace of a known edition", found, "A94", "GEN-002")
    if name.localname != edition.root:
        raise Malformed(f"/{name_of(root.tag)}", f"<{edition.root}>", f"<{name_of(root.tag)}>", "A94", "GEN-003")
    return edition


def to_canonical(parsed: Parsed) -> tuple[Envelope[Message], Report]:
    """Return what a document means, and what was assumed or lost on the way.

    Raises `Unmappable` where the canonical model cannot hold it.
    """
    edition = parsed.edition
    try:
        envelope, report = registry.module_of(edition).to_canonical(parsed.document)
    except Unmappable as error:
        raise Unmappable(_placed(error.path, edition), error.expected, error.found, error.code) from error
    except InvalidValue as error:
        raise Unmappable(f"/{edition.root}", f"{error.path}: {error.expected}", error.found) from error
    return replace(envelope, edition=edition.namespace, digest=parsed.digest), report


def _placed(path: str, edition: Edition) -> str:
    """Return a path of declared tags, relative to the root, as a path in a document of *edition*."""
    steps = (step.partition("[") for step in path.split("/"))
    return "/".join(["", edition.root, *(f"{edition.rename.get(tag, tag)}{mark}{at}" for tag, mark, at in steps)])


def read(  # noqa: PLR0913 - one argument for each thing that varies by peer
    data: bytes,
    market: MarketProfile | None = None,
    *,
    context: Context | None = None,
    overlay: str | None = None,
    quirks: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Reading:
    """Read a document, judge it by the rules of *market* and say what it means.

    The overlay of the market holds where *overlay* is None. Series that a rule refuses are left out of the envelope;
    the report names them. Raises `Malformed` and `Misconfigured` as `parse` does.
    """
    parsed = parse(data, overlay=overlay or (market.overlay if market else None), quirks=quirks, limits=limits)
    report = parsed.report
    if market is not None:
        report += check(parsed.document, parsed.edition, market, context)
    envelope, meaning = (None, Report()) if report.rejects_document else _meaning(parsed, report)
    return Reading(
        document=parsed.document,
        edition=parsed.edition,
        envelope=envelope,
        report=report + meaning,
        digest=parsed.digest,
    )


def _meaning(parsed: Parsed, report: Report) -> tuple[Envelope[Message] | None, Report]:
    """Return what the series mean that no rule refused; what cannot be mapped refuses the document."""
    series: tuple[Any, ...] = getattr(parsed.document, "series", ())
    refused = report.rejected_subjects
    numbers = [number for number, one in enumerate(series, start=1) if one.id not in refused]
    if len(numbers) < len(series):
        kept = tuple(series[number - 1] for number in numbers)
        parsed = replace(parsed, document=replace(parsed.document, series=kept))
    try:
        return to_canonical(parsed)
    except Unmappable as error:
        return None, Report(findings=(unmappable(renumbered(error, parsed.edition, numbers)),))


def renumbered(error: Unmappable, edition: Edition, numbers: Sequence[int]) -> Unmappable:
    """Return an error of some series of a document with the place of the series in the whole: *numbers*, from 1."""
    place = re.match(rf"{series_path(edition)}\[([0-9]+)\]", error.path)
    if place is None:
        return error
    path = f"{series_path(edition)}[{numbers[int(place[1]) - 1]}]{error.path[place.end() :]}"
    return Unmappable(path, error.expected, error.found, error.code)


def series_path(edition: Edition) -> str:
    """Return the path of a document's series without their number; where it has none, that of no element."""
    fields = edition.fields(edition.document)
    return f"/{edition.root}/{next((entry.tag for entry in fields if entry.name == 'series'), None)}"


def unmappable(error: Unmappable) -> Finding:
    """Return the finding that the canonical model cannot hold a document."""
    return Finding(
        rule="MAP",
        severity=Severity.REJECT,
        level=Level.DOCUMENT,
        code=error.code,
        path=error.path,
        expected=error.expected,
        found=error.found,
    )
