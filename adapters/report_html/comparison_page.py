"""A comparison of schemes as one self-contained page, and its pictures as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import Markup

from adapters.report_html.assets import asset, environment, policy
from adapters.report_html.comparison_pictures import Cell, Range, bar, draw, grid
from adapters.report_html.figures import DASH, number, plain
from adapters.report_html.summary import Tile
from adapters.report_html.svg import standalone
from gateway.coordination.comparison import Actor, SchemeFigures, cheapest
from gateway.coordination.sensitivity import SENSITIVITIES, Sensitivity, SweepPoint
from gateway.coordination.violations import Violation
from gateway.model import Direction

MOST_ROWS = 200
"""Rows of the table of broken limits; the others stand in the files."""

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class ComparisonReport:
    """Everything that the page shows: a study by name and words, its figures, and what was swept."""

    name: str
    about: str
    currency: str
    message_cost: Decimal
    figures: tuple[SchemeFigures, ...]
    swept: Mapping[str, tuple[SweepPoint, ...]] = field(default_factory=dict)
    version: str = ""

    @property
    def title(self) -> str:
        """The head of the page."""
        return f"Coordination schemes compared: {self.name}"


@dataclass(frozen=True, slots=True)
class SweepView:
    """One sensitivity as picture and rows."""

    name: str
    title: str
    picture: Markup
    heads: tuple[str, ...]
    rows: Rows


def render_comparison(report: ComparisonReport) -> str:
    """Return *report* as an HTML page."""
    return (
        environment()
        .get_template("comparison.html")
        .render(
            report=report,
            style=asset("report.css"),
            policy=policy(),
            tiles=tiles(report),
            drawn=_drawn(report),
            costs=[_cost_row(each) for each in report.figures],
            volumes=[_volume_row(each) for each in report.figures],
            actor_heads=["Scheme", *(actor.value for actor in Actor)],
            actors=[_actor_row(each) for each in report.figures],
            accounts=_account_rows(report),
            payments=_payment_rows(report),
            violations=_violation_rows(report)[:MOST_ROWS],
            message_cost=plain(report.message_cost),
            sweeps=[_sweep_view(report, name) for name in report.swept],
            others_buy=any(each.others_buy for each in report.figures),
        )
    )


def pictures(report: ComparisonReport) -> dict[str, bytes]:
    """Return the pictures of *report* as files by their names."""
    style, drawn = asset("report.css"), _drawn(report)
    drawn |= {f"sensitivity_{name}": _grid(report, name) for name in report.swept}
    return {f"{name}.svg": standalone(each, style) for name, each in drawn.items()}


def tiles(report: ComparisonReport) -> tuple[Tile, ...]:
    """Return the few numbers that matter."""
    figures, unsound = report.figures, [each for each in report.figures if not each.sound]
    totals = [each.total for each in figures]
    alone = [each for each in figures if not each.others_buy]
    span = f"{number(min(totals), 2)} to {number(max(totals), 2)}"
    left = ", ".join(each.scheme.name for each in unsound) or "every scheme keeps all limits and serves all"
    return (
        _best("Cheapest sound scheme", figures, report.currency),
        _best("Where operators alone buy", alone, report.currency),
        Tile("Totals", span, f"{report.currency}, all periods, messages included"),
        Tile("Periods", str(len(figures[0].periods)), f"{len(figures)} schemes on the same bids"),
        Tile("Left undone", str(len(unsound)), left, abnormal=bool(unsound)),
    )


def _best(label: str, figures: Sequence[SchemeFigures], currency: str) -> Tile:
    best = cheapest(figures)
    if not best:
        return Tile(label, "none", "every scheme leaves something undone", abnormal=True)
    return Tile(label, ", ".join(each.scheme.name for each in best), f"{number(best[0].total, 2)} {currency}")


def _drawn(report: ComparisonReport) -> dict[str, Markup]:
    money = report.currency
    return {
        "cost": draw([_cost_bar(each) for each in report.figures], f"Cost of each scheme, {report.name}", money),
        "prices": draw([_price_range(each) for each in report.figures], f"Prices, {report.name}", f"{money} per MWh"),
        "volumes": draw(_volume_bars(report), f"Energy activated up and down, {report.name}", "MWh, down to the left"),
        "actors": draw(_actor_bars(report), f"What each group receives, {report.name}", f"{money}, paid to the left"),
    }


def _cost_bar(figures: SchemeFigures) -> Range:
    remark = "" if figures.sound else "leaves limits broken or power unserved"
    return bar(figures.scheme.name, figures.total, number(figures.total, 2), remark)


def _price_range(figures: SchemeFigures) -> Range:
    low, high = figures.prices[0], figures.prices[-1]
    return Range(figures.scheme.name, low, high, f"{number(low, 2)} to {number(high, 2)}")


def _volume_bars(report: ComparisonReport) -> list[Range]:
    rows = []
    for each in report.figures:
        up, down = each.energy_mwh(Direction.UP), each.energy_mwh(Direction.DOWN)
        rows.append(Range(each.scheme.name, -down, up, f"{number(up, 1)} up, {number(down, 1)} down"))
    return rows


def _actor_bars(report: ComparisonReport) -> list[Range]:
    rows = []
    for each in report.figures:
        for actor, amount in each.received().items():
            if actor is not Actor.ACCOUNTS:
                rows.append(bar(f"{each.scheme.name}: {actor}", amount, number(amount, 2)))
    return rows


def _cost_row(each: SchemeFigures) -> tuple[str, ...]:
    return (
        each.scheme.name,
        number(each.cost, 2),
        str(each.messages),
        number(each.ict_cost, 2),
        number(each.total, 2),
        str(each.violations_before),
        str(each.violations),
        number(each.unserved_mwh, 3),
    )


def _volume_row(each: SchemeFigures) -> tuple[str, ...]:
    return (
        each.scheme.name,
        number(each.energy_mwh(Direction.UP), 3),
        number(each.energy_mwh(Direction.DOWN), 3),
        number(each.schedule_deviation_mwh, 3),
        number(each.prices[0], 2),
        number(each.prices[-1], 2),
    )


def _actor_row(each: SchemeFigures) -> tuple[str, ...]:
    return each.scheme.name, *(number(amount, 2) for amount in each.received().values())


def _account_rows(report: ComparisonReport) -> Rows:
    """Return one row for each account, with a column for each scheme."""
    balances = [each.ledger.balances() for each in report.figures]
    names = sorted({name for found in balances for name in found})
    return [
        (name.partition(":")[2] or name, *(number(found[name], 2) if name in found else DASH for found in balances))
        for name in names
    ]


def _payment_rows(report: ComparisonReport) -> Rows:
    """Return one row for each pair that pays in any scheme, with a column for each scheme."""
    paid = [each.payments() for each in report.figures]
    pairs = sorted({pair for found in paid for pair in found}, key=lambda pair: [list(Actor).index(a) for a in pair])
    return [
        (
            f"{payer} to {payee}",
            *(number(found[payer, payee], 2) if (payer, payee) in found else DASH for found in paid),
        )
        for payer, payee in pairs
    ]


def _violation_rows(report: ComparisonReport) -> Rows:
    return [
        (each.scheme.name, f"{period.case.system.blank.interval.start:%Y-%m-%d %H:%M} UTC", *_broken(limit))
        for each in report.figures
        for period in each.periods
        for limit in period.outcome.violations
    ]


def _broken(limit: Violation) -> tuple[str, ...]:
    return limit.feeder or DASH, limit.quantity.value, limit.place, number(limit.value, 4), number(limit.limit, 4)


# ---- sensitivities


def _sweep_view(report: ComparisonReport, name: str) -> SweepView:
    points, meaning = report.swept[name], SENSITIVITIES[name]
    schemes = [each.scheme.name for each in points[0].figures]
    return SweepView(
        name=name,
        title=meaning.title,
        picture=_grid(report, name),
        heads=(_axis(report, meaning), *schemes, "Cheapest", "Cheapest where operators alone buy"),
        rows=[_point_row(each) for each in points],
    )


def _point_row(point: SweepPoint) -> tuple[str, ...]:
    alone = cheapest(each for each in point.figures if not each.others_buy)
    totals = (number(each.total, 2) + ("" if each.sound else " ▲") for each in point.figures)
    return plain(point.value), *totals, _names(point.cheapest), _names(alone)


def _names(figures: Sequence[SchemeFigures]) -> str:
    return ", ".join(each.scheme.name for each in figures) or "none"


def _axis(report: ComparisonReport, meaning: Sensitivity) -> str:
    unit = meaning.unit if meaning.unit == "%" else f"{report.currency} {meaning.unit}"
    return f"{meaning.title} in {unit}"


def _grid(report: ComparisonReport, name: str) -> Markup:
    points, meaning = report.swept[name], SENSITIVITIES[name]
    best = [{each.scheme.name for each in point.cheapest} for point in points]
    rows = []
    for at, each in enumerate(points[0].figures):
        found = [point.figures[at] for point in points]
        cells = [Cell(one.total, one.sound, one.scheme.name in wins) for one, wins in zip(found, best, strict=True)]
        rows.append((each.scheme.name, cells))
    columns = [plain(point.value) for point in points]
    return grid(rows, columns, f"Totals by {meaning.title}, {report.name}", _axis(report, meaning))
