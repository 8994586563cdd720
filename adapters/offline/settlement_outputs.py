"""A settlement as named files: acknowledgements, delivered energy, perimeters, statements, and a record.

``statement.txt`` is for people, ``settlement.json`` for programs: it holds every value that the settlement rests on,
and all that was paid up to this run, which a later correction starts from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from adapters.offline.outputs import Outputs
from adapters.offline.reception import shown
from adapters.offline.run import acknowledgements
from adapters.offline.settling import Settled
from gateway import canonical_json
from gateway.accounts import PerimeterCorrection, Settlement
from gateway.envelope import Envelope, Message
from gateway.errors import Unwritable
from gateway.measurements import Readings
from gateway.model import ZERO
from gateway.settlement.deliveries import DeliveredOrder
from gateway.settlement.ledger import Posting
from gateway.settlement.run import SettlementRun, identities
from profiles import unsaid, write_message
from profiles.markets import load

_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]")
_FOLDERS = {Readings: "energy", PerimeterCorrection: "perimeters", Settlement: "statements"}

RECORD = "settlement.json"
"""The record that a later correction starts from."""


def settlement_outputs(settled: Settled, version: str) -> Outputs:
    """Return every file of *settled*; *version* is that of this program."""
    overlay = settled.settings.overlay or load(settled.settings.profile).overlay
    files: dict[str, bytes] = {}
    unwritten: list[str] = []
    losses: list[str] = []
    for name, letter in _letters(settled):
        try:
            files[name] = write_message(letter, overlay=overlay)
        except Unwritable as error:
            unwritten.append(f"{name}: {error}")
        else:
            losses += (f"{name}: {shortened}" for shortened in unsaid(letter))
    files["statement.txt"] = "".join(f"{line}\n" for line in statement(settled)).encode()
    files[RECORD] = canonical_json.write(_record(settled, version)).encode()
    return Outputs(files, tuple(unwritten), tuple(losses))


def balances(run: SettlementRun) -> list[dict[str, str]]:
    """Return the balance of each account in *run* as rows of a table; the sum stands last."""
    found = run.ledger.balances()
    currency = run.case.definition.currency
    received = _sums((entry.payee, entry.payer, entry.amount) for entry in run.ledger.postings)
    rows = [
        {
            "account": name,
            "receives": _money(received[name][0]),
            "pays": _money(received[name][1]),
            currency: _money(net),
        }
        for name, net in found.items()
    ]
    total = {"account": "sum", currency: _money(sum(found.values(), ZERO))}
    return [*rows, total]


def statement(settled: Settled) -> Iterator[str]:
    """Yield the lines of the statement that a person reads."""
    run = settled.run
    yield f"Settlement run {run.number}, scheme {run.case.definition.scheme}, {'final' if run.final else 'not final'}"
    yield ""
    yield "Energy in MWh, in the direction of the order"
    yield from _table(("bid", "period", "requested", "delivered", "rests on"), map(_delivered, run.delivered))
    yield ""
    yield "Perimeters in MWh, net injection positive"
    columns = ("party", "period", "as", "correction", "because of")
    shifts = ((str(s.party), str(s.interval), s.share.value, _number(s.energy_mwh), s.name) for s in run.shifts)
    yield from _table(columns, shifts)
    yield ""
    yield f"Payments in {run.case.definition.currency}"
    yield from _table(("payer", "payee", "amount", "for"), map(_paid, run.ledger.postings))
    yield ""
    yield f"Balances in {run.case.definition.currency}"
    rows = balances(run)
    yield from _table(tuple(rows[0]), ([row.get(name, "") for name in rows[0]] for row in rows))
    told = [*run.report.assumptions, *map(str, run.report.findings), *identities(run)]
    yield from (f"Note: {sentence}" for sentence in told)


def _letters(settled: Settled) -> Iterator[tuple[str, Envelope[Message]]]:
    for file, answer in acknowledgements(settled.received, settled.settings.market.operator, settled.now):
        yield f"acknowledgements/{file}", answer
    for letter in settled.desk.letters(settled.run):
        sender, receiver = (_UNSAFE.sub("_", party.id.value) for party in (letter.sender, letter.receiver))
        revision = f"_r{letter.revision}" if letter.revision > 1 else ""
        yield f"{_FOLDERS[type(letter.message)]}/{sender}_to_{receiver}{revision}.xml", letter


def _record(settled: Settled, version: str) -> dict[str, object]:
    """Return what `RECORD` holds."""
    run = settled.run
    return {
        "gateway": version,
        "number": run.number,
        "final": run.final,
        "scheme": run.case.definition.scheme,
        "result": settled.result,
        "documents": [
            {"file": shown(document.file), "document": document.head.id, "verdict": document.verdict}
            for document in settled.received
        ],
        "unused": settled.unused,
        "delivered": [_evidence(done) for done in run.delivered],
        "perimeters": run.shifts,
        "imbalances": run.imbalances,
        "ledger": run.ledger.postings,
        "balances": run.ledger.balances(),
        "settled": run.settled.postings,
        "report": run.report,
    }


def _evidence(done: DeliveredOrder) -> dict[str, object]:
    return {
        "bid": done.order.bid_id,
        "resource": done.order.resource if done.unit is None else done.unit.resource,
        "direction": done.order.direction,
        "interval": done.interval,
        "price": done.order.price,
        "for_constraint": done.order.for_constraint,
        "requested_mwh": done.requested_mwh,
        "delivered_mwh": done.delivered_mwh,
        "baseline": done.baseline,
        "measured": done.measured,
        "estimated": done.estimated,
    }


def _delivered(done: DeliveredOrder) -> Sequence[str]:
    rests = "put, not measured" if done.measured is None else f"measured {_number(done.measured.power_mw)} MW"
    if done.unit is None:
        rests = "sale from a perimeter"
    elif done.baseline is not None:
        rests += f", {done.baseline.method} {_number(done.baseline.power_mw)} MW"
    order = f"{done.order.bid_id} {done.order.direction}"
    return order, str(done.interval), _number(done.requested_mwh), _number(done.delivered_mwh), rests


def _paid(entry: Posting) -> Sequence[str]:
    return entry.payer, entry.payee, _money(entry.amount), entry.purpose


def _sums(sides: Iterable[tuple[str, str, Decimal]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return what each account receives and pays; a negative amount is paid the other way."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for payee, payer, amount in sides:
        gets, gives = (payee, payer) if amount >= ZERO else (payer, payee)
        received, paid = sums.get(gets, (ZERO, ZERO))
        sums[gets] = received + abs(amount), paid
        received, paid = sums.get(gives, (ZERO, ZERO))
        sums[gives] = received, paid + abs(amount)
    return sums


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield rows in columns of equal width, numbers to the right."""
    cells = [columns, *rows]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    for row in cells:
        aligned = (
            text.rjust(width) if _is_number(text) else text.ljust(width)
            for text, width in zip(row, widths, strict=True)
        )
        yield "  ".join(aligned).rstrip()


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _number(value: Decimal) -> str:
    """Return *value* in plain notation, to a watt-hour or watt.

    >>> _number(Decimal("0.50")), _number(Decimal("-1E+1")), _number(Decimal(1) / 3)
    ('0.5', '-10', '0.333333')
    """
    rounded = round(value, 6)
    return f"{rounded.normalize() if rounded else ZERO:f}"


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
