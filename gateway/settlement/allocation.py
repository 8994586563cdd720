"""Perimeters out of documents: what was measured in the perimeter of a party, and what the party had bought and sold.

* *Allocated*: aggregated energy (document type A11) of a party in an area. A later document counts. * *Position*:
what the party itself told of its trades, sold less bought, in the part of time that the allocated value covers. A
revision lists all trades again, and what the other side of a trade told is the other side's position. Schedules of
production and consumption are no trades.

A party without an allocated value has no imbalance that could be settled. One without trades has the position 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId, PartyId
from gateway.measurements import MeasuredSeries, Reading, Readings, Unit
from gateway.model import ZERO
from gateway.schedules import ExchangeKind, ExchangeSchedule, ExchangeSchedules, PowerBlock
from gateway.settlement.case import Perimeter
from gateway.settlement.delivery import energy_mwh
from gateway.time import Interval

AGGREGATED_ENERGY = "A11"
"""Document type: aggregated energy data."""

_TRADES = frozenset({ExchangeKind.INTERNAL_TRADE, ExchangeKind.EXTERNAL_TRADE, ExchangeKind.EXPLICIT_TRADE})
_Place = tuple[PartyId, AreaId]


def told_perimeters(letters: Iterable[Envelope[Message]]) -> tuple[Perimeter, ...]:
    """Return the perimeters that *letters*, in the order in which they came, tell of."""
    known = tuple(letters)
    trades = _trades(known)
    allocated: dict[tuple[_Place, Interval], Decimal] = {}
    for letter in known:
        if isinstance(letter.message, Readings) and letter.document_type == AGGREGATED_ENERGY:
            for series in letter.message.series:
                allocated.update(_allocated(series))
    return tuple(
        Perimeter(
            party=place[0],
            area=place[1],
            interval=on,
            allocated_mwh=energy,
            position_mwh=_position(place, on, trades.get(place[0], ())),
        )
        for (place, on), energy in sorted(allocated.items())
    )


def _allocated(series: MeasuredSeries) -> Iterator[tuple[tuple[_Place, Interval], Decimal]]:
    if series.party is None or series.area is None or series.to_area is not None or series.metering_point:
        return
    for reading in series.readings:
        if reading.value is not None:
            yield ((series.party, series.area), reading.interval), _energy(series.unit, reading, reading.value)


def _energy(unit: Unit, reading: Reading, value: Decimal) -> Decimal:
    return value if unit is Unit.MEGAWATT_HOUR else energy_mwh(value, reading.interval.duration)


def _trades(letters: Iterable[Envelope[Message]]) -> Mapping[PartyId, tuple[ExchangeSchedule, ...]]:
    """Return the trades of each party as the last revision of each of its documents lists them."""
    documents: dict[tuple[PartyId, str], tuple[int, ExchangeSchedules]] = {}
    for letter in letters:
        if isinstance(letter.message, ExchangeSchedules):
            key = letter.sender.id, letter.id
            if key not in documents or documents[key][0] <= letter.revision:
                documents[key] = letter.revision, letter.message
    found: dict[PartyId, tuple[ExchangeSchedule, ...]] = {}
    for (party, _), (_, schedules) in documents.items():
        own = (exchange for exchange in schedules.exchanges if exchange.kind in _TRADES)
        found[party] = (*found.get(party, ()), *own)
    return found


def _position(place: _Place, on: Interval, trades: Iterable[ExchangeSchedule]) -> Decimal:
    """Return what a party sold less what it bought in an area during *on*."""
    position = ZERO
    for trade in trades:
        sold = (trade.from_party, trade.from_area) == place
        bought = (trade.to_party, trade.to_area) == place
        if sold != bought:
            energy = sum((_overlapping(block, on) for block in trade.blocks), ZERO)
            position += energy if sold else -energy
    return position


def _overlapping(block: PowerBlock, on: Interval) -> Decimal:
    start, end = max(block.interval.start, on.start), min(block.interval.end, on.end)
    return energy_mwh(block.power_mw, end - start) if start < end else ZERO
