"""Offers and needs: ``Bid_TimeSeries`` to `Bid` and `Need`, and back.

A series of one slot is one bid or need; of several slots, one for each (`profiles.slots`). The connecting domain is
where it counts. What a market adds and a clearing does not look at goes into ``Bid.national``: the attributes
``auction``, ``acquiring_domain`` (where it is not the connecting one), ``product`` (where it is not A05, A06 or A07)
and ``psr_type``, and reasons under their code, but for the voluntary identifier (A95).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from gateway.errors import Unmappable, Unwritable
from gateway.identifiers import PartyId, ResourceId
from gateway.model import ZERO, Activation, Availability, Bid, Condition, Link, Need, Reserve
from gateway.report import Report
from gateway.time import Interval
from profiles.bid_time_series import BidTimeSeries, LinkedBidTimeSeries, Point, SeriesPeriod
from profiles.canonical import (
    DIRECTIONS,
    MEGAWATT,
    MEGAWATT_HOUR,
    CodeTable,
    absent,
    area_id,
    coded,
    coded_or_none,
    losses,
    party_id,
    require,
    resource_id,
)
from profiles.lexical import Coded
from profiles.parts import Reason, Status
from profiles.slots import blocks, duration, duration_text, numbered, time_interval

_PRODUCTS = CodeTable("businessType", {"B74": "energy", "C26": "FCR-N", "C27": "FCR-D"}, "A62")

REQUIRED = CodeTable("businessType", {"B75": True, "B90": False}, "A62")
"""Whether a need must be met, by its business type: what has one of these types is a need."""

_DIVISIBLE = CodeTable("divisible", {"A01": True, "A02": False})
_VOLUNTARY = "A95"
_ACTIVATIONS = CodeTable(
    "standard_MarketProduct.marketProductType",
    {"A05": Activation.SCHEDULED, "A06": Activation.DIRECT, "A07": Activation.SCHEDULED_OR_DIRECT},
)
_AVAILABILITIES = CodeTable(
    "status/value",
    {
        "A06": Availability.AVAILABLE,
        "A11": Availability.UNAVAILABLE,
        "A65": Availability.CONDITIONALLY_AVAILABLE,
        "A66": Availability.CONDITIONALLY_UNAVAILABLE,
    },
)
_CONDITIONS = CodeTable(
    "Linked_BidTimeSeries/status/value",
    {
        "A55": Condition.UNAVAILABLE_IF_ACTIVATED,
        "A56": Condition.UNAVAILABLE_IF_NOT_ACTIVATED,
        "A57": Condition.NOT_DIRECT_IF_DIRECT,
        "A58": Condition.NOT_DIRECT_IF_SCHEDULED,
        "A59": Condition.UNAVAILABLE_IF_SCHEDULED,
        "A60": Condition.UNAVAILABLE_IF_DIRECT,
        "A67": Condition.AVAILABLE_IF_ACTIVATED,
        "A68": Condition.AVAILABLE_IF_NOT_ACTIVATED,
        "A69": Condition.AVAILABLE_IF_SCHEDULED,
        "A70": Condition.AVAILABLE_IF_DIRECT,
        "A71": Condition.DIRECT_IF_DIRECT,
        "A72": Condition.DIRECT_IF_SCHEDULED,
    },
)
_UNHELD = (
    "priority",
    "original_product",
    "validity_period",
    "agreement_type",
    "agreement",
    "agreement_created",
    "bidding_zones",
    "procured_for",
    "shared_with",
    "exchanged_with",
    "original_document",
)


class _Terms(NamedTuple):
    """What most bids of a document share, by the names of `BidTimeSeries`."""

    quantity_unit: str
    energy_price_unit: str | None
    price_unit: str | None
    currency: str | None
    business_type: str
    direction: str
    divisible: str
    product: str | None
    connecting_domain: Coded
    acquiring_domain: Coded
    auction: str | None
    psr_type: str | None
    activation_duration: str | None
    resting_duration: str | None
    minimum_duration: str | None
    maximum_duration: str | None


_terms_of = attrgetter(*_Terms._fields)
_DURATIONS = tuple(f"{of}_ConstraintDuration.duration" for of in ("activation", "resting", "minimum", "maximum"))
"""Tags of the last four terms."""


def bids(series: BidTimeSeries, owner: Coded, reserve: Reserve) -> list[Bid]:
    """Return the bids of one series; ``owner`` provides them where the series names no provider.

    Raises `Unmappable`.
    """
    status = "A06" if series.status is None else series.status.value
    shared = _shared(_Terms._make(_terms_of(series)), status, series.provider or owner, reserve)
    slots = blocks(series.periods, series.curve_type)
    if len(slots) > 1 and series.block_bid == "A01":
        shared = {**shared, "block_bid": series.id}
    ids = numbered(series.id, len(slots))
    return [_bid(series, shared, *one) for one in zip(ids, slots, strict=True)]


@lru_cache(maxsize=4096)
def _shared(terms: _Terms, status: str, provider: Coded, reserve: Reserve) -> dict[str, Any]:
    """Return the fields of a bid that follow from its terms; found out once for all bids that share them.

    Raises `Unmappable`.
    """
    _require_units(terms)
    activation_time, resting_time, minimum_duration, maximum_duration = map(_length, _DURATIONS, terms[-4:])
    return {
        "provider": party_id(provider),
        "reserve": reserve,
        "area": area_id(terms.connecting_domain),
        "direction": DIRECTIONS.meaning(terms.direction),
        "currency": terms.currency or "EUR",
        "activation": _activation(terms.product),
        "product": _PRODUCTS.meaning(terms.business_type),
        "divisible": _DIVISIBLE.meaning(terms.divisible),
        "availability": _AVAILABILITIES.meaning(status),
        "activation_time": activation_time,
        "resting_time": resting_time,
        "minimum_duration": minimum_duration,
        "maximum_duration": maximum_duration,
        "national": _attributes(terms),
    }


def _bid(series: BidTimeSeries, shared: dict[str, Any], id_: str, slot: tuple[Interval, Point]) -> Bid:
    interval, point = slot
    own = _of_reasons(series, shared) if series.reasons else shared
    return Bid(
        id=id_,
        interval=interval,
        quantity_mw=point.quantity,
        price=point.energy_price,
        capacity_price=point.price,
        minimum_mw=(point.minimum_quantity or ZERO) if shared["divisible"] else ZERO,
        granularity_mw=series.step_increment,
        exclusive=series.exclusive_bids,
        multipart=series.multipart_bid,
        inclusive=series.inclusive_bids,
        technical_link=series.linked_bids,
        links=tuple(map(_link, series.linked)) if series.linked else (),
        resource=_resource(series),
        **own,
    )


def bid_series(bid: Bid, owner: PartyId) -> BidTimeSeries:
    """Return the series that says what *bid* says; it names the provider where that is not the owner.

    A block bid is more than one bid: `profiles.block_bids`. Raises `Unwritable`, also for a parent, which the document
    has no place for.
    """
    if bid.parent is not None:
        raise Unwritable(f"Bid {bid.id}.parent", "no parent", bid.parent)
    national = dict(bid.national)
    reasons = [Reason(code=name, text=text or None) for name, text in bid.national if name not in _ATTRIBUTES]
    if bid.voluntary_id is not None:
        reasons.insert(0, Reason(code=_VOLUNTARY, text=bid.voluntary_id))
    point = Point(
        position=1,
        quantity=bid.quantity_mw,
        minimum_quantity=bid.minimum_mw if bid.divisible else None,
        price=bid.capacity_price,
        energy_price=bid.price,
    )
    return BidTimeSeries(
        **_written(bid, point),
        auction=national.get("auction"),
        business_type=_PRODUCTS.code(bid.product),
        acquiring_domain=_acquiring(national.get("acquiring_domain"), bid),
        provider=None if bid.provider == owner else coded(bid.provider),
        price_unit=MEGAWATT if bid.capacity_price is not None else None,
        divisible=_DIVISIBLE.code(bid.divisible),
        linked_bids=bid.technical_link,
        multipart_bid=bid.multipart,
        exclusive_bids=bid.exclusive,
        inclusive_bids=bid.inclusive,
        status=Status(value=_AVAILABILITIES.code(bid.availability)),
        step_increment=bid.granularity_mw,
        activation_duration=_duration_text(bid.activation_time),
        resting_duration=_duration_text(bid.resting_time),
        minimum_duration=_duration_text(bid.minimum_duration),
        maximum_duration=_duration_text(bid.maximum_duration),
        product=national.get("product") or _ACTIVATIONS.code(bid.activation),
        psr_type=national.get("psr_type"),
        reasons=tuple(reasons),
        linked=tuple(
            LinkedBidTimeSeries(id=link.bid_id, status=Status(value=_CONDITIONS.code(link.condition)))
            for link in bid.links
        ),
    )


def needs(series: BidTimeSeries, owner: Coded, reserve: Reserve) -> list[Need]:
    """Return the needs of one series; ``owner`` has them where the series names no other party.

    Raises `Unmappable`.
    """
    _require_units(series)
    slots = blocks(series.periods, series.curve_type)
    return [
        Need(
            id=id_,
            buyer=party_id(series.provider or owner),
            area=area_id(series.connecting_domain),
            direction=DIRECTIONS.meaning(series.direction),
            interval=interval,
            quantity_mw=point.quantity,
            price=point.energy_price,
            currency=series.currency or "EUR",
            reserve=reserve,
            activation=_activation(series.product),
            required=REQUIRED.meaning(series.business_type),
            resource=_resource(series),
        )
        for id_, (interval, point) in zip(numbered(series.id, len(slots)), slots, strict=True)
    ]


def need_series(need: Need, owner: PartyId) -> BidTimeSeries:
    """Return the series that says what *need* says; it names the buyer where that is not the owner.

    Raises `Unwritable`, also for a tolerance, which the document has no place for.
    """
    if need.tolerance_mw:
        raise Unwritable("Need.tolerance_mw", "0", str(need.tolerance_mw))
    point = Point(position=1, quantity=need.quantity_mw, energy_price=need.price)
    return BidTimeSeries(
        **_written(need, point),
        business_type=REQUIRED.code(need.required),
        acquiring_domain=coded(need.area),
        provider=None if need.buyer == owner else coded(need.buyer),
        divisible=_DIVISIBLE.code(True),  # noqa: FBT003 - a value, not a switch
        product=_ACTIVATIONS.code(need.activation),
    )


def _activation(product: str | None) -> Activation:
    if product is None or product not in _ACTIVATIONS:
        return Activation.SCHEDULED
    return _ACTIVATIONS.meaning(product)


def _resource(series: BidTimeSeries) -> ResourceId | None:
    if series.resource is not None:
        return resource_id(series.resource)
    return None if series.measured_resource is None else resource_id(series.measured_resource.id)


def _written(item: Bid | Need, point: Point) -> dict[str, Any]:
    """Return what the series of bids and needs have in common."""
    resolution = duration_text(item.interval.duration)
    return {
        "id": item.id,
        "connecting_domain": coded(item.area),
        "quantity_unit": MEGAWATT,
        "currency": item.currency,
        "energy_price_unit": MEGAWATT_HOUR if item.price is not None else None,
        "resource": coded_or_none(item.resource),
        "direction": DIRECTIONS.code(item.direction),
        "periods": (SeriesPeriod(interval=time_interval(item.interval), resolution=resolution, points=(point,)),),
    }


# ------------------------------------------------------------------------------------------------------------ the parts
_ATTRIBUTES = frozenset({"auction", "acquiring_domain", "product", "psr_type"})
"""Names in ``Bid.national`` that are no reason codes."""


def _attributes(terms: _Terms) -> tuple[tuple[str, str], ...]:
    """Return the attributes that a market adds to its bids and clearing does not look at."""
    found = []
    if terms.auction is not None:
        found.append(("auction", terms.auction))
    if terms.acquiring_domain != terms.connecting_domain:
        found.append(("acquiring_domain", str(area_id(terms.acquiring_domain))))
    if terms.product is not None and terms.product not in _ACTIVATIONS:
        found.append(("product", terms.product))
    if terms.psr_type is not None:
        found.append(("psr_type", terms.psr_type))
    return tuple(found)


def _of_reasons(series: BidTimeSeries, shared: dict[str, Any]) -> dict[str, Any]:
    """Return *shared* with what the reasons add: the voluntary identifier, and after the attributes all others."""
    voluntary = next((reason.text for reason in series.reasons if reason.code == _VOLUNTARY), None)
    others = ((r.code, r.text or "") for r in series.reasons if (r.code, r.text) != (_VOLUNTARY, voluntary))
    return {**shared, "voluntary_id": voluntary, "national": (*shared["national"], *others)}


def _acquiring(text: str | None, bid: Bid) -> Coded:
    if text is None:
        return coded(bid.area)
    scheme, _, value = text.partition(":")
    return Coded(value, scheme)


def _link(linked: LinkedBidTimeSeries) -> Link:
    if linked.status is None:
        raise Unmappable("Linked_BidTimeSeries/status", "the condition of the link", "nothing", "A69")
    return Link(linked.id, _CONDITIONS.meaning(linked.status.value))


def _length(tag: str, text: str | None) -> timedelta | None:
    try:
        return None if text is None else duration(text)
    except Unmappable as error:
        raise Unmappable(tag, error.expected, error.found, error.code) from error


def _duration_text(length: timedelta | None) -> str | None:
    return None if length is None else duration_text(length)


def _require_units(series: BidTimeSeries | _Terms) -> None:
    require("quantity_Measurement_Unit.name", MEGAWATT, series.quantity_unit)
    require("energyPrice_Measurement_Unit.name", MEGAWATT_HOUR, series.energy_price_unit)
    require("price_Measurement_Unit.name", MEGAWATT, series.price_unit)


def remarks(series: Sequence[BidTimeSeries]) -> Report:
    """Say what was taken for granted and what was dropped."""
    points = [point for one in series for period in one.periods for point in period.points]
    products = Counter(map(attrgetter("product"), series))
    indivisible = [one for one in series if one.divisible not in _DIVISIBLE or not _DIVISIBLE.meaning(one.divisible)]
    measured = [one.measured_resource for one in series if one.measured_resource is not None]
    defaults = {
        "series of several slots: one bid or need for each, numbered <mRID>#<slot>": sum(
            1 for one in series if len(one.periods) > 1 or len(one.periods[0].points) > 1
        ),
        "series without currency: EUR": absent(series, "currency"),
        "series without status: available": absent(series, "status"),
        "series of another product than A05, A06, A07: scheduled activation": sum(
            count for product, count in products.items() if product not in _ACTIVATIONS
        ),
    }
    dropped = {
        "minimum quantity of indivisible series": sum(
            1 for one in indivisible if any(point.minimum_quantity for period in one.periods for point in period.points)
        ),
        "measurements of resources": sum(1 for one in measured if one.measurements),
    }
    return Report(
        assumptions=tuple(f"{count} {what}" for what, count in defaults.items() if count),
        losses=(
            *losses(series, *_UNHELD),
            *losses(points, "quality"),
            *(f"{what}: dropped {count} times" for what, count in dropped.items() if count),
        ),
    )
