"""What changes the answer: one assumption of a case is moved over a range, and everything is compared anew.

==================  ===========================================================================================
interface price     what local markets take the exchange with the transmission network to be worth, per MWh
DER share           quantities of all bids in feeders, in % of the case
forecast error      everything that was not scheduled, in % of the case
message cost        what a message costs
==================  ===========================================================================================

No value says what will happen; the range says how far the answer holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.coordination.comparison import SchemeFigures, cheapest, compared
from gateway.coordination.money import PeriodCase
from gateway.model import ZERO
from gateway.schemes import Scheme

_PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """An assumption that can be moved: its unit, the values that it takes, and what a value makes of a case.

    ``change`` is None where the value is the cost of a message, which no clearing sees.
    """

    title: str
    unit: str
    values: tuple[Decimal, ...]
    change: Callable[[PeriodCase, Decimal], PeriodCase] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """The comparison at one value."""

    value: Decimal
    figures: tuple[SchemeFigures, ...]

    @property
    def cheapest(self) -> tuple[SchemeFigures, ...]:
        """The sound schemes with the least total."""
        return cheapest(self.figures)


def with_interface_price(case: PeriodCase, price: Decimal) -> PeriodCase:
    """Return *case* with *price* per MWh as the worth of every feeder's exchange in its local market."""
    prices = {feeder.id: price for feeder in case.system.feeders}
    return replace(case, switches=replace(case.switches, reference_prices=prices))


def with_der_share(case: PeriodCase, percent: Decimal) -> PeriodCase:
    """Return *case* with *percent* of the quantity of every bid in a feeder."""
    inside = {bid.id for feeder in case.system.feeders for bid in case.system.inside(feeder)}
    market, share = case.system.market, percent * _PERCENT
    bids = tuple(
        replace(bid, quantity_mw=bid.quantity_mw * share, minimum_mw=bid.minimum_mw * share)
        if bid.id in inside
        else bid
        for bid in market.bids
    )
    return replace(case, system=replace(case.system, market=replace(market, bids=bids)))


def with_forecast_error(case: PeriodCase, percent: Decimal) -> PeriodCase:
    """Return *case* with *percent* of everything that was not scheduled."""
    share, market = percent * _PERCENT, case.system.market
    injections = {bus: mw + (share - 1) * case.deviations_mw.get(bus, ZERO) for bus, mw in market.injections_mw.items()}
    deviations = {bus: share * mw for bus, mw in case.deviations_mw.items()}
    system = replace(case.system, market=replace(market, injections_mw=injections))
    return replace(case, system=system, deviations_mw=deviations)


def _values(*numbers: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, numbers))


_PERCENTAGES = _values("25", "50", "75", "100", "150", "200")

SENSITIVITIES: Mapping[str, Sensitivity] = {
    "interface-price": Sensitivity(
        title="interface price",
        unit="per MWh",
        values=_values("0", "20", "40", "60", "80", "100"),
        change=with_interface_price,
    ),
    "der-share": Sensitivity(title="DER share", unit="%", values=_PERCENTAGES, change=with_der_share),
    "forecast-error": Sensitivity(title="forecast error", unit="%", values=_PERCENTAGES, change=with_forecast_error),
    "message-cost": Sensitivity(
        title="message cost", unit="each", values=_values("0", "0.01", "0.1", "1", "10", "100")
    ),
}
"""The assumptions by their names on the command line."""


def swept(
    sensitivity: Sensitivity, cases: Iterable[PeriodCase], schemes: Iterable[Scheme], message_cost: Decimal
) -> tuple[SweepPoint, ...]:
    """Return the comparison of *cases* under *schemes* at each value of *sensitivity*.

    Raises as `gateway.coordination.comparison.compared`.
    """
    periods, change, wanted = tuple(cases), sensitivity.change, tuple(schemes)
    if change is None:
        figures = compared(periods, wanted)
        dearer = ((value, (replace(each, message_cost=value) for each in figures)) for value in sensitivity.values)
        return tuple(SweepPoint(value=value, figures=tuple(found)) for value, found in dearer)
    return tuple(
        SweepPoint(value=value, figures=compared((change(each, value) for each in periods), wanted, message_cost))
        for value in sensitivity.values
    )
