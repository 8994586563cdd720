"""The files of a comparison: JSON for programs, CSV for tables. The columns are declared once and serve both."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from adapters.comparison.study_file import Study
from gateway import canonical_json
from gateway.coordination.comparison import SchemeFigures, cheapest
from gateway.coordination.sensitivity import SweepPoint
from gateway.model import Direction

Value = str | int | bool | Decimal
Row = Mapping[str, Value]

FIGURES: Mapping[str, Callable[[SchemeFigures], Value]] = {
    "scheme": lambda each: each.scheme.name,
    "activation_cost": lambda each: each.cost,
    "messages": lambda each: each.messages,
    "ict_cost": lambda each: each.ict_cost,
    "total": lambda each: each.total,
    "up_mwh": lambda each: each.energy_mwh(Direction.UP),
    "down_mwh": lambda each: each.energy_mwh(Direction.DOWN),
    "lowest_price": lambda each: each.prices[0],
    "highest_price": lambda each: each.prices[-1],
    "violations_before": lambda each: each.violations_before,
    "violations_after": lambda each: each.violations,
    "unserved_mwh": lambda each: each.unserved_mwh,
    "schedule_deviation_mwh": lambda each: each.schedule_deviation_mwh,
    "sound": lambda each: each.sound,
}
"""The columns of ``schemes.csv``: amounts in the currency of the study, prices per MWh."""


def outputs(
    study: Study, figures: tuple[SchemeFigures, ...], swept: Mapping[str, tuple[SweepPoint, ...]], version: str
) -> dict[str, bytes]:
    """Return the files of a comparison by their names; *swept* by the name of the sensitivity."""
    tables: dict[str, list[Row]] = {
        "schemes": [_figures(each) for each in figures],
        "accounts": [*_accounts(figures)],
        "payments": [*_payments(figures)],
        "periods": [*_periods(figures)],
    }
    tables |= {"sensitivity": [*_sensitivities(swept)]} if swept else {}
    record = {
        "gateway": version,
        "study": study.name,
        "currency": study.currency,
        "message_cost": study.message_cost,
        "cheapest": [each.scheme.name for each in cheapest(figures)],
        **tables,
    }
    files = {f"{name}.csv": _csv(rows) for name, rows in tables.items()}
    return {"comparison.json": canonical_json.write(record).encode()} | files


def _figures(figures: SchemeFigures) -> Row:
    return {name: value(figures) for name, value in FIGURES.items()}


def _accounts(figures: Iterable[SchemeFigures]) -> Iterator[Row]:
    """Yield what every account of the ledger received less what it paid."""
    for each in figures:
        for account, amount in each.ledger.balances().items():
            yield {"scheme": each.scheme.name, "account": account.partition(":")[2] or account, "received": amount}


def _payments(figures: Iterable[SchemeFigures]) -> Iterator[Row]:
    for each in figures:
        for (payer, payee), amount in each.payments().items():
            yield {"scheme": each.scheme.name, "payer": payer.value, "payee": payee.value, "amount": amount}


def _periods(figures: Iterable[SchemeFigures]) -> Iterator[Row]:
    for each in figures:
        for period in each.periods:
            prices = [price.price for price in period.outcome.prices.values()]
            yield {
                "scheme": each.scheme.name,
                "start": f"{period.case.system.blank.interval.start:%Y-%m-%dT%H:%M:%SZ}",
                "activation_cost": period.cost,
                "messages": period.messages,
                "lowest_price": min(prices),
                "highest_price": max(prices),
                "violations_after": len(period.outcome.violations),
                "unserved_mwh": period.unserved_mwh,
            }


def _sensitivities(swept: Mapping[str, tuple[SweepPoint, ...]]) -> Iterator[Row]:
    for name, points in swept.items():
        for point in points:
            best = {each.scheme.name for each in point.cheapest}
            for each in point.figures:
                yield {
                    "sensitivity": name,
                    "value": point.value,
                    "scheme": each.scheme.name,
                    "total": each.total,
                    "sound": each.sound,
                    "cheapest": each.scheme.name in best,
                }


def _csv(rows: list[Row]) -> bytes:
    """Return *rows* as CSV of RFC 4180, numbers in plain notation."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
