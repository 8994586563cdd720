"""RB: rules for national attributes of offers, which the operator uses up before a common clearing.

=====================  ==========================================  ==========
attribute              element                                     known in
=====================  ==========================================  ==========
``faster_activation``  activation duration below the standard      NO
``slower_activation``  activation duration above the standard      DK, SE
``maximum_duration``   maximum_ConstraintDuration                  DK, NO, SE
``resting_time``       resting_ConstraintDuration                  DK, NO, SE
``inclusive_bids``     inclusiveBidsIdentification                 FI, NO, SE
``period_shift``       Reason Z64 or Z65                           NO, SE
``production_type``    mktPSRType.psrType                          DK
``voluntary_bid_id``   Reason A95                                  FI
=====================  ==========================================  ==========
(Nordic mFRR EAM implementation guide for providers)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter

from gateway.time import QUARTER_HOUR
from profiles.markets import Weight
from profiles.reserve_bid import ReserveBidMarketDocument
from profiles.rules.engine import At, Violation, rule
from profiles.rules.offers import BidView, Offer, groups, offers
from profiles.rules.shape import SERIES, either, length

_ON = (ReserveBidMarketDocument,)
_NORDIC, _STATNETT = "Nordic mFRR EAM guide", "Statnett examples; Nordic mFRR EAM guide"
_SHIFTS = frozenset({"Z64", "Z65"})
_SHIFTABLE = frozenset({"A05", "A07", "Z01"})
_BOTH_ACTIVATIONS = "A07"
_OWN_ID = "A95"
_VOLUNTARY_ID = re.compile(r"[\w/()+,-]{1,100}")
_MARKS = attrgetter(
    "activation_duration", "resting_duration", "maximum_duration", "inclusive_bids", "psr_type", "reasons"
)
"""Every element that can make an attribute national."""
_DURATIONS = {"resting_duration": "resting_time", "maximum_duration": "maximum_duration"}
_QUARTER = timedelta(seconds=int(QUARTER_HOUR.seconds))


@rule("RB-024", SERIES, "A59", on=_ON, source="Fingrid market guide", optional=True)
def a_voluntary_id_is_plain(view: BidView) -> Iterator[Violation]:
    """A provider's own id of an offer (Reason A95) is up to 100 letters, digits and signs of ``/()+,-_``."""
    for offer in offers(view):
        for number, reason in enumerate(offer.series.reasons, 1):
            if reason.code == _OWN_ID and _VOLUNTARY_ID.fullmatch(reason.text or "") is None:
                at = (*offer.at, "reasons", number, "text")
                yield Violation(at, "1 to 100 letters, digits and / ( ) + , - _", reason.text or "nothing")


@rule("RB-036", SERIES, "A59", on=_ON, source=_STATNETT, optional=True)
def fast_offers_can_be_activated_directly(view: BidView) -> Iterator[Violation]:
    """An offer that is activated faster than the standard product can be activated directly too."""
    for offer in offers(view):
        if _speed(view, offer) == "faster_activation" and offer.series.product != _BOTH_ACTIVATIONS:
            yield Violation((*offer.at, "product"), _BOTH_ACTIVATIONS, offer.series.product or "nothing")


def _speed(view: BidView, offer: Offer) -> str | None:
    """Name the national attribute that an activation duration is, None for the standard one."""
    text, standard = offer.series.activation_duration, view.market.bids.full_activation_time
    duration = None if text is None else length(text)
    if duration is None or duration == standard:
        return None
    return "faster_activation" if duration < standard else "slower_activation"


@rule("RB-037", SERIES, "A59", on=_ON, source=_STATNETT, optional=True)
def resting_and_maximum_times_go_with_a_chain(view: BidView) -> Iterator[Violation]:
    """Resting and maximum times are quarter hours, need a technical link and are the same along it."""
    for offer in offers(view):
        for name in _DURATIONS:
            text = getattr(offer.series, name)
            if text is None:
                continue
            duration = length(text)
            if duration is None or duration % _QUARTER:
                yield Violation((*offer.at, name), "a multiple of 15 minutes", text)
            elif offer.series.linked_bids is None:
                yield Violation((*offer.at, "linked_bids"), "a technical link", "nothing")
    for members in groups(view, "linked_bids"):
        yield from _unequal(members)


def _unequal(members: list[Offer]) -> Iterator[Violation]:
    for name in _DURATIONS:
        first = getattr(members[0].series, name)
        for member in members[1:]:
            text = getattr(member.series, name)
            if (text and length(text)) != (first and length(first)):
                expected = f"{first or 'nothing'}, as the first of the chain"
                yield Violation((*member.at, name), expected, text or "nothing")


@rule("RB-038", SERIES, "A59", on=_ON, source=_STATNETT, optional=True)
def a_period_shift_is_of_a_product_that_shifts(view: BidView) -> Iterator[Violation]:
    """A period shift (Reason Z64, Z65) is offered with a product for scheduled activation."""
    for offer in offers(view):
        shifts = any(reason.code in _SHIFTS for reason in offer.series.reasons)
        if shifts and offer.series.product not in _SHIFTABLE:
            yield Violation((*offer.at, "product"), either(_SHIFTABLE), offer.series.product or "nothing")


@rule("RB-039", SERIES, "A69", on=_ON, source=_NORDIC, weight=Weight.OFF, optional=True)
def the_production_type_is_given(view: BidView) -> Iterator[Violation]:
    """An offer names the type of production behind it."""
    for offer in offers(view):
        if offer.series.psr_type is None:
            yield Violation((*offer.at, "psr_type"), "a production type", "nothing")


@rule("RB-040", SERIES, "A59", on=_ON, source=_NORDIC, optional=True)
def national_attributes_are_known_here(view: BidView) -> Iterator[Violation]:
    """An offer has no national attribute that this market does not know."""
    known = view.market.bids.national
    for offer in offers(view):
        if not any(_MARKS(offer.series)):
            continue
        for attribute, at in _national(view, offer):
            if attribute not in known:
                yield Violation((*offer.at, *at), "no such attribute in this market", attribute.replace("_", " "))


def _national(view: BidView, offer: Offer) -> Iterator[tuple[str, At]]:
    """Yield the national attributes of an offer, each with its place in the series."""
    series, speed = offer.series, _speed(view, offer)
    if speed is not None:
        yield speed, ("activation_duration",)
    for name, attribute in _DURATIONS.items():
        if getattr(series, name) is not None:
            yield attribute, (name,)
    if series.inclusive_bids is not None:
        yield "inclusive_bids", ("inclusive_bids",)
    if series.psr_type is not None:
        yield "production_type", ("psr_type",)
    for number, reason in enumerate(series.reasons, 1):
        if reason.code in _SHIFTS:
            yield "period_shift", ("reasons", number)
        elif reason.code == _OWN_ID:
            yield "voluntary_bid_id", ("reasons", number)


@rule("RB-041", SERIES, "A59", on=_ON, source="Fingrid market guide")
def fcr_links_are_small_numbers(view: BidView) -> Iterator[Violation]:
    """In the FCR market a technical link is a number from 1 to 10 and for FCR-N only; there are no multipart offers."""
    if view.document.process != "A52":
        return
    numbers = {str(number) for number in range(1, 11)}
    for offer in offers(view):
        series = offer.series
        if series.linked_bids is not None and (series.linked_bids not in numbers or series.business_type != "C26"):
            yield Violation((*offer.at, "linked_bids"), "1 to 10, for FCR-N only", series.linked_bids)
        if series.multipart_bid is not None:
            yield Violation((*offer.at, "multipart_bid"), "no multipart offer", series.multipart_bid)
