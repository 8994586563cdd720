"""The shape of a market profile: one dataclass per topic, every figure with its unit in its name or type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.time import Resolution


class AcknowledgementStyle(StrEnum):
    """How much an acknowledgement tells.

    ``DETAILED``: the verdict of each series with the specific reason codes (ENTSO-E
    acknowledgement process). ``NORDIC``: the document is accepted or refused as a whole, each
    cause is ``999`` with words (Nordic operators' message guides).
    """

    DETAILED = "entsoe_detailed"
    NORDIC = "nordic"


class HeaderSpan(StrEnum):
    """What the interval of the header may be, in market days."""

    WITHIN_DAY = "within_day"
    EXACT_DAY = "exact_day"
    ANY = "any"


class Revisions(StrEnum):
    """How offers change: always by a new document, or by the next revision of the same one."""

    ALWAYS_ONE = "always_one"
    ASCENDING = "ascending"


class Obligation(StrEnum):
    """Whether a divisible bid gives its least quantity."""

    REQUIRED = "required"
    ABSENT = "absent"


class Weight(StrEnum):
    """What a market makes of a broken rule."""

    REJECT = "reject"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """One row of the dependency matrix: values that may stand together in one document.

    ``document``: root element. Codes of the lists MessageType, ProcessType, BusinessType, RoleType.
    """

    document: str
    types: frozenset[str]
    processes: frozenset[str]
    business_types: frozenset[str]
    senders: frozenset[str]
    receivers: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """Terms for the head of every document.

    ``stale_after``: greatest age of ``createdDateTime`` at receipt, None for no limit.
    ``domains``: values of ``domain.mRID``, empty where any known area will do.
    """

    span: HeaderSpan
    revisions: Revisions
    max_series: int
    future_tolerance: timedelta
    stale_after: timedelta | None = None
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Gates:
    """When the market takes what, counted back from the start of the market time unit.

    ``opening_days``: whole market days before the day of delivery. ``boundary_open``: whether the
    instant of a closure itself is still in time. ``answer_within``: time for the answer to an order.
    """

    opening_days: int
    bid_closure: timedelta
    need_closure: timedelta
    capacity_closure: timedelta
    boundary_open: bool
    answer_within: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Bids:
    """Terms for offers: codes that are allowed (empty: any), limits, steps.

    ``small_bid_mw``: one bid per area, direction and time unit may be as small as this although
    it is below ``minimum_mw``. ``part_step_mw``: step of the members of an inclusive group, whose sum
    keeps ``step_mw``. ``price_floor`` and ``price_cap`` per MWh (energy) or per MW (capacity), None
    for no limit. ``least_part_mw``: least minimum quantity of a bid that is not divisible at will.
    ``full_activation_time``: of the standard product. ``conditions``: status codes of conditional
    links. ``national``: names of the national attributes that this market knows.
    """

    auctions: frozenset[str]
    products: frozenset[str]
    directions: frozenset[str]
    divisible: frozenset[str]
    minimum_quantity: Obligation
    least_part_mw: Decimal
    minimum_mw: Decimal
    maximum_mw: Decimal
    step_mw: Decimal
    part_step_mw: Decimal
    energy_priced: bool
    price_step: Decimal
    full_activation_time: timedelta
    conditions: frozenset[str]
    national: frozenset[str]
    price_floor: Decimal | None = None
    price_cap: Decimal | None = None
    small_bid_mw: Decimal | None = None
    portfolio_limit_mw: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Needs:
    """Terms for needs; ``horizon``: a need may not lie further ahead."""

    horizon: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """Terms for allocation results and orders: the reason codes that they may carry."""

    reasons: frozenset[str]
    order_reasons: frozenset[str]
    unavailable_reasons: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MarketProfile:
    """Everything a market asks of documents beyond the standard; two are equal only if they are one object.

    ``overlay``: local code lists (`profiles.codes`). ``time_unit``: the market time unit.
    ``resolutions``: those allowed where no rule of the document says otherwise. ``quantity_decimals``:
    most digits after the point of any quantity. ``availability_reasons``: for each business type of
    an availability statement, the reason codes that may go with it. ``weights``: rules whose weight
    differs from their default.
    """

    name: str
    title: str
    acknowledgement: AcknowledgementStyle
    time_zone: ZoneInfo
    time_unit: Resolution
    resolutions: tuple[Resolution, ...]
    currency: str
    quantity_unit: str
    price_unit: str
    quantity_decimals: int
    header: Header
    gates: Gates
    bids: Bids
    needs: Needs
    results: Results
    availability_reasons: Mapping[str, frozenset[str]]
    flows: tuple[Flow, ...]
    overlay: str | None = None
    weights: Mapping[str, Weight] = field(default_factory=dict)

    @property
    def time_unit_length(self) -> timedelta:
        """Length of the market time unit."""
        return timedelta(seconds=float(self.time_unit.seconds))
