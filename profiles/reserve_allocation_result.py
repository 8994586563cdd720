"""ReserveAllocationResult_MarketDocument (IEC 62325-451-7): which bids were accepted, how much, at what price.

The market operator tells providers, buyers and checking system operators (A38; B23 for a list before activation).
Edition 6.4 is declared in full.

How a result is said: one series per bid or need and interval, under the identifier of the bid or need;
``businessType`` tells them apart (B74 an offer, B75 a need). ``quantity`` is what was accepted, ``secondaryQuantity``
what was offered or asked for, ``energy_Price`` the clearing price and ``bidEnergy_Price`` that of the bid or the limit
of the need. What became of a bid stands in a Reason: B49 (balancing) for an accepted one, else B09 (not accepted),
A71, B16 or B47, with our words for it before the explanation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from gateway.envelope import Envelope
from gateway.errors import Unmappable, Unwritable
from gateway.model import ZERO, Reserve
from gateway.report import Report
from gateway.results import Allocation, Award, Fate, ServedNeed
from profiles.canonical import (
    DIRECTIONS,
    MEGAWATT,
    MEGAWATT_HOUR,
    RESERVES,
    absent,
    area_id,
    coded,
    coded_or_none,
    each,
    envelope,
    head,
    losses,
    party_id,
    require,
    resource_id,
    revision,
)
from profiles.edition import Edition
from profiles.lexical import (
    AMOUNT,
    AREA,
    DECIMAL,
    DURATION,
    IDENTIFIER,
    PARTY,
    POSITION,
    RESOURCE,
    REVISION,
    SECOND,
    Coded,
    code,
)
from profiles.parts import Reason, TimeInterval
from profiles.slots import blocks, duration_text, numbered, require_few_slots, span, time_interval
from profiles.wire import element, many, one, opt


@element
class Point:
    """One slot: accepted power and the prices that go with it."""

    position: int = one("position", POSITION)
    quantity: Decimal = one("quantity", DECIMAL)
    price: Decimal | None = opt("price.amount", AMOUNT)
    secondary_quantity: Decimal | None = opt("secondaryQuantity", DECIMAL)
    bid_price: Decimal | None = opt("bid_Price.amount", AMOUNT)
    bid_energy_price: Decimal | None = opt("bidEnergy_Price.amount", AMOUNT)
    energy_price: Decimal | None = opt("energy_Price.amount", AMOUNT)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class SeriesPeriod:
    """Points of equal length in one interval."""

    interval: TimeInterval = one("timeInterval", TimeInterval)
    resolution: str = one("resolution", DURATION)
    points: tuple[Point, ...] = many("Point", Point, least=1)


@element
class TimeSeries:
    """The result of one bid."""

    id: str = one("mRID", IDENTIFIER)
    bid_document: str | None = opt("bid_Original_MarketDocument.mRID", IDENTIFIER)
    bid_document_revision: str | None = opt("bid_Original_MarketDocument.revisionNumber", REVISION)
    bid: str | None = opt("bid_Original_MarketDocument.bid_BidTimeSeries.mRID", IDENTIFIER)
    tendering_party: Coded | None = opt("bid_Original_MarketDocument.tendering_MarketParticipant.mRID", PARTY)
    auction: str | None = opt("auction.mRID", IDENTIFIER)
    business_type: str = one("businessType", code("BusinessTypeList"))
    acquiring_domain: Coded = one("acquiring_Domain.mRID", AREA)
    connecting_domain: Coded = one("connecting_Domain.mRID", AREA)
    agreement_type: str | None = opt("marketAgreement.type", code("ContractTypeList"))
    agreement: str | None = opt("marketAgreement.mRID", IDENTIFIER)
    agreement_created: datetime | None = opt("marketAgreement.createdDateTime", SECOND)
    quantity_unit: str = one("quantity_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    currency: str | None = opt("currency_Unit.name", code("CurrencyTypeList"))
    price_unit: str | None = opt("price_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    energy_unit: str | None = opt("energy_Measurement_Unit.name", code("UnitOfMeasureTypeList"))
    resource: Coded | None = opt("registeredResource.mRID", RESOURCE)
    direction: str = one("flowDirection.direction", code("DirectionTypeList"))
    minimum_activation: Decimal | None = opt("minimumActivation_Quantity.quantity", DECIMAL)
    step_increment: Decimal | None = opt("stepIncrement_Quantity.quantity", DECIMAL)
    order_number: int | None = opt("orderNumber_AttributeInstanceComponent.position", POSITION)
    activation_duration: str | None = opt("activation_ConstraintDuration.duration", DURATION)
    resting_duration: str | None = opt("resting_ConstraintDuration.duration", DURATION)
    minimum_duration: str | None = opt("minimum_ConstraintDuration.duration", DURATION)
    maximum_duration: str | None = opt("maximum_ConstraintDuration.duration", DURATION)
    curve_type: str | None = opt("curveType", code("CurveTypeList"))
    periods: tuple[SeriesPeriod, ...] = many("Period", SeriesPeriod, least=1)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


@element
class ReserveAllocationResultMarketDocument:
    """The document: header and results."""

    id: str = one("mRID", IDENTIFIER)
    revision: str = one("revisionNumber", REVISION)
    type: str = one("type", code("MessageTypeList"))
    process: str | None = opt("process.processType", code("ProcessTypeList"))
    sender: Coded = one("sender_MarketParticipant.mRID", PARTY)
    sender_role: str = one("sender_MarketParticipant.marketRole.type", code("RoleTypeList"))
    receiver: Coded = one("receiver_MarketParticipant.mRID", PARTY)
    receiver_role: str = one("receiver_MarketParticipant.marketRole.type", code("RoleTypeList"))
    created: datetime = one("createdDateTime", SECOND)
    period: TimeInterval = one("reserveBid_Period.timeInterval", TimeInterval)
    domain: Coded = one("domain.mRID", AREA)
    series: tuple[TimeSeries, ...] = many("TimeSeries", TimeSeries)
    reasons: tuple[Reason, ...] = many("Reason", Reason)


_ROOT = "ReserveAllocationResult_MarketDocument"
_NAMESPACE = "urn:iec62325.351:tc57wg16:451-7:reserveallocationresultdocument:6:"
_REQUIRED_BEFORE_6_4 = {
    "bid_Original_MarketDocument.tendering_MarketParticipant.mRID": 1,
    "auction.mRID": 1,
    "marketAgreement.type": 1,
    "marketAgreement.mRID": 1,
}

EDITIONS = (
    Edition(document=ReserveAllocationResultMarketDocument, name="6.4", root=_ROOT, namespace=_NAMESPACE + "4"),
    Edition(
        document=ReserveAllocationResultMarketDocument,
        name="6.3",
        root=_ROOT,
        namespace=_NAMESPACE + "3",
        least=_REQUIRED_BEFORE_6_4,
    ),
    Edition(
        document=ReserveAllocationResultMarketDocument,
        name="6.2",
        root=_ROOT,
        namespace=_NAMESPACE + "2",
        rename={f"{of}_Measurement_Unit.name": f"{of}_Measure_Unit.name" for of in ("quantity", "price")},
        least=_REQUIRED_BEFORE_6_4,
    ),
)
"""The first is the edition written by default."""

MESSAGES = (Allocation,)
"""What the document carries."""


_TYPES = ("A38", "B23")
_NEED_TYPES = frozenset({"B75", "B90"})
_FATES: dict[Fate, str] = {
    Fate.ACCEPTED: "B49",
    Fate.PARTLY_ACCEPTED: "B49",
    Fate.OUT_OF_THE_MONEY: "B09",
    Fate.AT_THE_MARGIN: "B09",
    Fate.PARADOXICALLY_REJECTED: "B09",
    Fate.COUNTER_ACTIVATION: "B09",
    Fate.EXCLUDED_BY_GROUP: "A71",
    Fate.EARLIER_STEP_OPEN: "A71",
    Fate.GROUP_REJECTED: "A71",
    Fate.BLOCK_REJECTED: "A71",
    Fate.LINK_REJECTED: "A71",
    Fate.UNIT_LIMITED: "A71",
    Fate.LIMITED: "B47",
    Fate.BLOCKED: "B16",
    Fate.UNAVAILABLE: "B16",
    Fate.WITHHELD: "B16",
    Fate.NO_PRICE: "B09",
    Fate.OUT_OF_SCOPE: "B09",
}
"""Reason code of each fate; ours are told apart by their words, a foreign one by the first fate of its code."""

_LONGEST_REASON = 512
_CUT = "..."
_BETWEEN = "; "
_VOLUNTARY = "A95"
_UNHELD = (
    "auction",
    "agreement_type",
    "agreement",
    "agreement_created",
    "minimum_activation",
    "step_increment",
    "order_number",
)


def to_canonical(document: ReserveAllocationResultMarketDocument) -> tuple[Envelope[Allocation], Report]:
    """Return the awards and served needs of *document*. Raises `Unmappable`."""
    if document.type not in _TYPES:
        raise Unmappable("type", " or ".join(_TYPES), document.type, "A77")
    if document.process is None:
        raise Unmappable("process.processType", "a process", "nothing", "A69")
    reserve = RESERVES.meaning(document.process)
    receiver = document.receiver
    require_few_slots(document.series)
    found = each("TimeSeries", document.series, lambda series: _results(series, receiver, reserve))
    every = [result for results in found for result in results]
    message = Allocation(
        awards=tuple(result for result in every if isinstance(result, Award)),
        needs=tuple(result for result in every if isinstance(result, ServedNeed)),
        revision=revision(document.revision),
    )
    return envelope(document, message), _remarks(document.series)


def from_canonical(letter: Envelope[Allocation]) -> ReserveAllocationResultMarketDocument:
    """Return the document that says what *letter* says. Raises `Unwritable`."""
    results: tuple[Award | ServedNeed, ...] = (*letter.message.awards, *letter.message.needs)
    fields = head(letter, "A38", letter.period or span(result.interval for result in results))
    reserve = RESERVES.meaning(fields["process"])
    if any(result.reserve is not reserve for result in results):
        raise Unwritable("process.processType", f"{reserve} only", "another reserve in the message")
    domain = letter.domain or next((result.area for result in results), None)
    if domain is None:
        raise Unwritable("domain.mRID", "a domain", "none")
    fields["revision"] = str(letter.message.revision)
    return ReserveAllocationResultMarketDocument(**fields, domain=coded(domain), series=tuple(map(_series, results)))


def unsaid(letter: Envelope[Allocation]) -> tuple[str, ...]:
    """Return in a sentence each what the document of *letter* can only say in part: a fate in too many words."""
    lengths = ((award.bid_id, len(_words(award))) for award in letter.message.awards)
    return tuple(
        f"reason of bid {bid_id}: {_LONGEST_REASON} characters are kept of {length}"
        for bid_id, length in lengths
        if length > _LONGEST_REASON
    )


def _words(award: Award) -> str:
    """Return the fate of *award* and its explanation, in the words that a reason carries."""
    return f"{award.fate}{_BETWEEN}{award.reason}" if award.reason else str(award.fate)


def _results(series: TimeSeries, receiver: Coded, reserve: Reserve) -> list[Award | ServedNeed]:
    require("quantity_Measurement_Unit.name", MEGAWATT, series.quantity_unit)
    require("energy_Measurement_Unit.name", MEGAWATT_HOUR, series.energy_unit)
    slots = blocks(series.periods, series.curve_type)
    shared: dict[str, Any] = {
        "area": area_id(series.connecting_domain),
        "direction": DIRECTIONS.meaning(series.direction),
        "currency": series.currency or "EUR",
        "reserve": reserve,
    }
    party = party_id(series.tendering_party or receiver)
    ids = numbered(series.bid or series.id, len(slots))
    if series.business_type in _NEED_TYPES:
        return [
            _need(point, need_id=id_, buyer=party, interval=on, **shared)
            for id_, (on, point) in zip(ids, slots, strict=True)
        ]
    resource = None if series.resource is None else resource_id(series.resource)
    return [
        _award(point, series.reasons, bid_id=id_, provider=party, interval=on, resource=resource, **shared)
        for id_, (on, point) in zip(ids, slots, strict=True)
    ]


def _need(point: Point, **shared: Any) -> ServedNeed:  # noqa: ANN401 - fields of ServedNeed
    requested = point.quantity if point.secondary_quantity is None else point.secondary_quantity
    return ServedNeed(
        requested_mw=requested,
        served_mw=min(point.quantity, requested),
        excess_mw=max(point.quantity - requested, ZERO),
        price=point.energy_price,
        limit_price=point.bid_energy_price,
        **shared,
    )


def _award(point: Point, reasons: tuple[Reason, ...], **shared: Any) -> Award:  # noqa: ANN401 - fields of Award
    offered = point.quantity if point.secondary_quantity is None else point.secondary_quantity
    every = (*point.reasons, *reasons)
    fate, words = _fate(every, point.quantity, offered)
    return Award(
        offered_mw=offered,
        quantity_mw=point.quantity,
        bid_price=point.bid_energy_price,
        price=point.energy_price,
        fate=fate,
        reason=words,
        voluntary_id=next((reason.text for reason in every if reason.code == _VOLUNTARY), None),
        **shared,
    )


def _fate(reasons: tuple[Reason, ...], quantity: Decimal, offered: Decimal) -> tuple[Fate, str]:
    """Return the fate that *reasons* tell, by our words or else by code; without any, the quantity tells it."""
    for reason in reasons:
        text = reason.text or ""
        fate = next((fate for fate in Fate if text.startswith(fate)), None)
        if fate is not None:
            return fate, text[len(fate) + len(_BETWEEN) :]
    if quantity > ZERO:
        return (Fate.ACCEPTED if quantity >= offered else Fate.PARTLY_ACCEPTED), ""
    codes = {reason.code: reason.text or "" for reason in reasons}
    codes.pop(_FATES[Fate.ACCEPTED], None)  # whatever the code says, nothing is accepted
    fate = next((fate for fate, code in _FATES.items() if code in codes), Fate.OUT_OF_THE_MONEY)
    return fate, codes.get(_FATES[fate], "")


def _series(result: Award | ServedNeed) -> TimeSeries:
    own = _award_fields(result) if isinstance(result, Award) else _need_fields(result)
    point = Point(
        position=1,
        quantity=own.pop("quantity"),
        secondary_quantity=own.pop("secondary"),
        bid_energy_price=own.pop("bid_price"),
        energy_price=result.price,
    )
    resolution = duration_text(result.interval.duration)
    return TimeSeries(
        acquiring_domain=coded(result.area),
        connecting_domain=coded(result.area),
        quantity_unit=MEGAWATT,
        currency=result.currency,
        energy_unit=MEGAWATT_HOUR,
        direction=DIRECTIONS.code(result.direction),
        periods=(SeriesPeriod(interval=time_interval(result.interval), resolution=resolution, points=(point,)),),
        **own,
    )


def _award_fields(award: Award) -> dict[str, Any]:
    words = _words(award)
    text = words if len(words) <= _LONGEST_REASON else words[: _LONGEST_REASON - len(_CUT)] + _CUT
    reasons = [Reason(code=_FATES[award.fate], text=text)]
    if award.voluntary_id is not None:
        reasons.append(Reason(code=_VOLUNTARY, text=award.voluntary_id))
    return {
        "id": award.bid_id,
        "bid": award.bid_id,
        "tendering_party": coded(award.provider),
        "business_type": "B74",
        "resource": coded_or_none(award.resource),
        "reasons": tuple(reasons),
        "quantity": award.quantity_mw,
        "secondary": award.offered_mw,
        "bid_price": award.bid_price,
    }


def _need_fields(need: ServedNeed) -> dict[str, Any]:
    return {
        "id": need.need_id,
        "bid": need.need_id,
        "tendering_party": coded(need.buyer),
        "business_type": "B75",
        "quantity": need.bought_mw,
        "secondary": need.requested_mw,
        "bid_price": need.limit_price,
    }


def _remarks(series: Sequence[TimeSeries]) -> Report:
    """Say what was taken for granted and what was dropped."""
    points = [point for one in series for period in one.periods for point in period.points]
    defaults = {
        "series without tendering party: the receiver": absent(series, "tendering_party"),
        "series without currency: EUR": absent(series, "currency"),
        "points without secondaryQuantity: all that was offered was accepted": absent(points, "secondary_quantity"),
    }
    return Report(
        assumptions=tuple(f"{count} {what}" for what, count in defaults.items() if count),
        losses=(*losses(series, *_UNHELD), *losses(points, "price", "bid_price")),
    )
