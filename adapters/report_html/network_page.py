"""The result of a nodal market as one self-contained page, and its pictures as files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from markupsafe import Markup

from adapters.report_html import loading, merit_order, voltages
from adapters.report_html.assets import asset, environment, policy
from adapters.report_html.figures import DASH, Figures, number
from adapters.report_html.merit_order import MeritOrder, Step
from adapters.report_html.network_state import Load, NetworkState, Profile, Voltage
from adapters.report_html.summary import Tile
from adapters.report_html.svg import standalone
from gateway.clearing.nodal.market import NodalMarket, NodalResult
from gateway.identifiers import PartyId
from gateway.market import MarketDefinition
from gateway.model import ZERO, Bid, Direction, Party, Role
from gateway.results import ServedNeed

MOST_ROWS = 500
"""Rows of a table; what is left out is said, and stands in the result file."""
MONEY = "$"
"""What costs of a case are in (MATPOWER User's Manual, table B-4)."""
_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]")


@dataclass(frozen=True, kw_only=True)
class NetworkReport:
    """Everything that the page shows: a market, its result, what was assumed and lost while it was read.

    ``cost``: of all production per hour, that of the least outputs included.
    """

    title: str
    market: NodalMarket
    result: NodalResult
    cost: Decimal
    remarks: tuple[str, ...] = ()
    version: str = ""

    @cached_property
    def state(self) -> NetworkState:
        """What the network carries."""
        return NetworkState(self.market, self.result)

    @cached_property
    def shown(self) -> tuple[Load, ...]:
        """The loads that are drawn."""
        return loading.drawn(self.state.loads)


@dataclass(frozen=True, slots=True)
class ProfileView:
    """The voltages of a feeder as picture and rows."""

    feeder: str
    picture: Markup
    sentence: str
    rows: tuple[tuple[str, ...], ...]


def render_network(report: NetworkReport) -> str:
    """Return *report* as an HTML page."""
    return (
        environment()
        .get_template("network.html")
        .render(
            report=report,
            style=asset("report.css"),
            policy=policy(),
            tiles=tiles(report),
            loading=_loading(report) if report.shown else None,
            drawn=len(report.shown),
            merit_order=_merit_order(report) if report.market.bids else None,
            lines=[_load_row(load) for load in report.state.loads[:MOST_ROWS]],
            left_out=max(0, len(report.state.loads) - MOST_ROWS),
            profiles=[_profile_view(profile) for profile in report.state.profiles],
            prices=_price_rows(report)[:MOST_ROWS],
            offers=_offer_rows(report)[:MOST_ROWS],
        )
    )


def pictures(report: NetworkReport) -> dict[str, bytes]:
    """Return the pictures of *report* as files by their names."""
    style = asset("report.css")
    found = {"loading.svg": standalone(_loading(report), style)} if report.shown else {}
    if report.market.bids:
        found["merit_order.svg"] = standalone(_merit_order(report), style)
    for profile in report.state.profiles:
        name = f"voltages_{_UNSAFE.sub('_', profile.feeder)}.svg"
        found[name] = standalone(_voltages(profile), style)
    return found


def _order(report: NetworkReport) -> MeritOrder:
    """Return all bids of the market in order of price, whatever the network lets through.

    The line of the need is what the injections before activation lack. There is a clearing price where all buses have
    one.
    """
    market, result = report.market, report.result
    steps: list[Step] = []
    for bid in sorted(market.bids, key=lambda each: (each.price or ZERO, each.id)):
        steps.append(
            Step(
                bid_id=bid.id,
                area=bid.area,
                price=bid.price or ZERO,
                start_mw=steps[-1].end_mw if steps else ZERO,
                offered_mw=bid.quantity_mw,
                accepted_mw=result.accepted_mw[bid.id],
                usable=True,
            )
        )
    prices = {each.price for each in result.prices.values()}
    needs = tuple(_load(report, bid) for bid in market.bids[:1])
    price = prices.pop() if len(prices) == 1 else None
    return MeritOrder(direction=Direction.UP, steps=tuple(steps), needs=needs, clearing_price=price, currency=MONEY)


def _load(report: NetworkReport, bid: Bid) -> ServedNeed:
    """Return what the injections before activation lack, as a need of the party of *bid*."""
    lacking = -sum(report.market.injections_mw.values(), ZERO)
    missing = sum(report.result.missing_mw.values(), ZERO)
    return ServedNeed(
        need_id="load",
        buyer=bid.provider,
        area=bid.area,
        direction=Direction.UP,
        interval=bid.interval,
        requested_mw=max(lacking, ZERO),
        served_mw=max(lacking - missing, ZERO),
        price=None,
    )


def _merit_order(report: NetworkReport) -> Markup:
    operator = Party(PartyId("case", "case"), Role.MARKET_OPERATOR)
    figures = Figures(1, 2, ZoneInfo("UTC"), MarketDefinition(operator=operator))
    return merit_order.draw(_order(report), f"Merit order, {report.title}", figures)


def _loading(report: NetworkReport) -> Markup:
    return loading.draw(report.shown, f"Network loading, {report.title}")


def _voltages(profile: Profile) -> Markup:
    return voltages.draw(profile, f"Voltages along feeder {profile.feeder}")


def tiles(report: NetworkReport) -> tuple[Tile, ...]:
    """Return the few numbers that matter."""
    result = report.result
    missing = sum((abs(mw) for mw in result.missing_mw.values()), ZERO)
    broken = [each for each in result.bindings if each.excess]
    prices = [each.price for each in result.prices.values()]
    accepted = sum(result.accepted_mw.values(), ZERO)
    return (
        Tile("Cost", number(report.cost, 2), "per hour, least outputs included"),
        Tile("Accepted", f"{number(accepted, 1)} MW", f"of {len(report.market.bids)} bids"),
        Tile("Prices", _range(prices), "per MWh, lowest to highest bus"),
        Tile("Limits reached", str(len(result.bindings)), _places(report), abnormal=bool(broken)),
        Tile("Missing", f"{number(missing, 3)} MW", _missing(report), abnormal=bool(missing)),
    )


def _range(prices: list[Decimal]) -> str:
    low, high = number(min(prices), 2), number(max(prices), 2)
    return low if low == high else f"{low} to {high}"


def _places(report: NetworkReport) -> str:
    broken = sum(bool(each.excess) for each in report.result.bindings)
    if broken:
        return f"{broken} of them cannot be kept"
    names = [each.place for each in report.result.bindings[:3]]
    more = len(report.result.bindings) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "") if names else "there is room everywhere"


def _missing(report: NetworkReport) -> str:
    places = len(report.result.missing_mw)
    return f"or too much, at {places} bus{'es' if places != 1 else ''}" if places else "all loads are served"


def _load_row(load: Load) -> tuple[str, ...]:
    limit = DASH if load.limit is None else f"{number(load.limit, 1)} {load.unit}"
    reached = DASH if load.shadow_price is None else number(load.shadow_price, 2)
    share = loading.percent(load) or DASH
    return load.id, load.start, load.end, f"{number(load.flow, 1)} {load.unit}", limit, share, _verdict(load), reached


def _verdict(load: Load) -> str:
    if load.excess:
        return "broken"
    return "room" if load.shadow_price is None else "full"


def _profile_view(profile: Profile) -> ProfileView:
    rows = tuple(_voltage_row(each, profile) for each in profile.voltages[:MOST_ROWS])
    return ProfileView(profile.feeder, _voltages(profile), voltages.description(profile), rows)


def _voltage_row(voltage: Voltage, profile: Profile) -> tuple[str, ...]:
    ends = (voltages.volts(profile.least_pu), voltages.volts(profile.most_pu))
    bounds = (DASH, DASH) if voltage.parent is None else ends
    reached = DASH if voltage.shadow_price is None else number(voltage.shadow_price, 2)
    values = (voltages.volts(voltage.before_pu), voltages.volts(voltage.voltage_pu))
    return voltage.bus, voltage.parent or DASH, *values, *bounds, voltages.state(voltage) or "room", reached


def _price_rows(report: NetworkReport) -> list[tuple[str, ...]]:
    return [
        (bus, number(each.price, 2), number(each.lowest, 2), number(each.highest, 2))
        for bus, each in report.result.prices.items()
    ]


def _offer_rows(report: NetworkReport) -> list[tuple[str, ...]]:
    return [_offer_row(report, bid) for bid in report.market.bids]


def _offer_row(report: NetworkReport, bid: Bid) -> tuple[str, ...]:
    bus = report.market.buses[bid.id]
    price = DASH if bid.price is None else number(bid.price, 2)
    accepted, paid = report.result.accepted_mw[bid.id], report.result.prices[bus].price
    return bid.id, bus, price, number(bid.quantity_mw, 3), number(accepted, 3), number(paid, 2)
