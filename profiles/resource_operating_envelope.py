"""ResourceOperatingEnvelope_MarketDocument, a document of this project: what a resource may inject and take.

A system operator sends it to a market operator or to whoever controls the resource. The form is that of the reference
energy curve of the EDDIE framework (least and greatest quantity of each slot) with what that leaves open: the unit, the
sign convention, the schedule from which is measured, and an identifier of the constraint. Head and types follow
IEC 62325-351.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import chain

from gateway.envelope import Envelope
from gateway.identifiers import PartyId
from gateway.operating_envelopes import OperatingEnvelope, OperatingEnvelopes
from gateway.report import Report
from profiles.canonical import CodeTable, area_id, coded, coded_or_none, each, envelope, head, party_id, resource_id
from profiles.edition import Edition
from profiles.lexical import (
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    REASON_TEXT,
    RESOURCE,
    REVISION,
    SECOND,
    Coded,
    code,
    enumerated,
)
from profiles.measured import exact, unit_of
from profiles.parts import TimeInterval
from profiles.slots import blocks, numbered, runs, series_id, span
from profiles.wire import element, many, one, opt

SIGN_CONVENTION = enumerated("SignConvention", "netInjection", "netWithdrawal")
"""Which way is positive: into the grid, or out of it."""


@element
class Point:
    """Least and greatest power of one slot; what is left out is no bound."""

    position: int = one("position", POSITION)
    minimum: Decimal | None = opt("min_Quantity.quantity", DECIMAL)
    maximum: Decimal | None = opt("max_Quantity.quantity", DECIMAL)


@element
class SeriesPeriod:
    """Points of equal length in one interval, one for each slot."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class EnvelopeSeries:
    """The operating envelope of one resource because of one constraint."""

    id: str = one("mRID", IDENTIFIER)
    resource: Coded = one("registeredResource.mRID", RESOURCE)
    area: Coded | None = opt("connecting_Domain.mRID", AREA)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    sign_convention: str = one("signConvention", SIGN_CONVENTION)
    baseline: str | None = opt("baseline_TimeSeries.mRID", IDENTIFIER)
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    description: str | None = opt("description", REASON_TEXT)


@element
class ResourceOperatingEnvelopeMarketDocument:
    """The document: header and envelopes."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("period.timeInterval", TimeInterval)
    domain: Coded | None = opt("domain.mRID", AREA)
    series: tuple[EnvelopeSeries, ...] = many("Envelope_Series", EnvelopeSeries)


EDITIONS = (
    Edition(
        document=ResourceOperatingEnvelopeMarketDocument,
        name="1.0",
        root="ResourceOperatingEnvelope_MarketDocument",
        namespace="urn:tso-dso-gateway:resource-operating-envelope:1:0",
    ),
)
"""The first is the edition written by default."""

MESSAGES = (OperatingEnvelopes,)
"""What the document carries."""


_INJECTION = CodeTable("signConvention", {"netInjection": True, "netWithdrawal": False})
_WITHOUT = ("type", "process")
_POWER = "8716867000016"


def to_canonical(document: ResourceOperatingEnvelopeMarketDocument) -> tuple[Envelope[OperatingEnvelopes], Report]:
    """Return the envelopes of *document*. Raises `Unmappable`."""
    sender = party_id(document.sender)
    found = each("Envelope_Series", document.series, lambda series: _envelopes(series, sender))
    return envelope(document, OperatingEnvelopes(envelopes=tuple(chain(*found)))), Report()


def from_canonical(letter: Envelope[OperatingEnvelopes]) -> ResourceOperatingEnvelopeMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    envelopes = letter.message.envelopes
    period = letter.period or span(part.interval for part in envelopes)
    groups: dict[tuple[object, ...], list[OperatingEnvelope]] = {}
    for part in envelopes:
        key = series_id(part.id), part.resource, part.area, part.baseline, part.reason
        groups.setdefault(key, []).append(part)
    return ResourceOperatingEnvelopeMarketDocument(
        **head(letter, "", period, without=_WITHOUT),
        process=letter.process,
        domain=coded_or_none(letter.domain),
        series=tuple(map(_series, groups.values())),
    )


def _envelopes(series: EnvelopeSeries, sender: PartyId) -> list[OperatingEnvelope]:
    _, factor = unit_of(series.quantity_unit, _POWER)
    injection = _INJECTION.meaning(series.sign_convention)
    found = blocks(series.periods, None)
    return [
        OperatingEnvelope(
            id=id_,
            sender=sender,
            resource=resource_id(series.resource),
            area=None if series.area is None else area_id(series.area),
            interval=on,
            min_mw=_bound(point.minimum if injection else point.maximum, factor, injection=injection),
            max_mw=_bound(point.maximum if injection else point.minimum, factor, injection=injection),
            baseline=series.baseline,
            reason=series.description or "",
        )
        for id_, (on, point) in zip(numbered(series.id, len(found)), found, strict=True)
    ]


def _bound(quantity: Decimal | None, factor: Decimal, *, injection: bool) -> Decimal | None:
    """Return a bound of net injection; what is most out of the grid is least into it."""
    return None if quantity is None else exact(quantity, factor if injection else -factor)


def _series(envelopes: list[OperatingEnvelope]) -> EnvelopeSeries:
    first = envelopes[0]
    return EnvelopeSeries(
        id=series_id(first.id),
        resource=coded(first.resource),
        area=coded_or_none(first.area),
        quantity_unit="MAW",
        sign_convention=_INJECTION.code(True),  # noqa: FBT003 - a value, not a switch
        baseline=first.baseline,
        periods=tuple(_periods(envelopes)),
        description=first.reason or None,
    )


def _periods(envelopes: list[OperatingEnvelope]) -> Iterable[SeriesPeriod]:
    for whole, resolution, found in runs((part.interval, part) for part in envelopes):
        points = (Point(position=at, minimum=part.min_mw, maximum=part.max_mw) for at, part in enumerate(found, 1))
        yield SeriesPeriod(interval=whole, resolution=resolution, points=tuple(points))
