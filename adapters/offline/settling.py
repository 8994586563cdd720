"""The settlement of a cleared market: measurements and plans come in from a folder, energy and money go out.

1. The result is the one that a clearing published (``result.json``), with its market.
2. The documents of the folder are received as in a clearing: each is judged and acknowledged, a bad one stops no other.
   Measurements, plans of resources, activation orders with the answers to them, aggregated energy and trades of balance
   responsible parties count; others are kept out of it.
3. What no document tells stands in the settlement file: the units, the terms, the perimeters, the keys.
4. Where an earlier settlement of the same result is named, the run is its correction and pays the difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from adapters.folder import Folder
from adapters.market_file import MarketSettings
from adapters.offline.reception import Received, receive, shown
from adapters.offline.verification import Published, published
from adapters.settlement_file import SettlementSettings
from gateway import canonical_json
from gateway.errors import Malformed, Misconfigured
from gateway.market import MarketDefinition
from gateway.measurements import Readings
from gateway.model import Party, Role
from gateway.results import ActivationOrders, Verdict
from gateway.schedules import ExchangeSchedules, ResourceSchedules
from gateway.settlement.allocation import told_perimeters
from gateway.settlement.case import Perimeter, SettlementCase
from gateway.settlement.definition import Grid
from gateway.settlement.ledger import Ledger, Posting
from gateway.settlement.run import SettlementRun, following, settle
from gateway.settlement.statements import Desk

_M = TypeVar("_M", Readings, ResourceSchedules, ActivationOrders)
_COUNTING = (Readings, ResourceSchedules, ActivationOrders, ExchangeSchedules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier settlement: its number, the digest of the result that it settled, and all that was paid until then."""

    number: int
    result: str
    settled: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The outcome of one settlement. ``result``: digest of the result that was settled; ``now`` dates the answers."""

    settings: MarketSettings
    folder: Folder
    received: tuple[Received, ...]
    run: SettlementRun
    result: str
    now: datetime

    @property
    def desk(self) -> Desk:
        """Who writes the messages: the operator of the market, in its own name and that of the system operators."""
        definition = self.run.case.definition
        distributors = {unit.operator for unit in definition.units if unit.grid is Grid.DISTRIBUTION}
        distributors |= {award.distributor for award in self.run.case.interface_awards}
        distributors |= {schedule.distributor for schedule in self.run.case.interface_schedules}
        roles = dict.fromkeys(distributors, Role.DISTRIBUTION_SYSTEM_OPERATOR)
        roles |= dict.fromkeys(definition.operators.values(), Role.TRANSMISSION_SYSTEM_OPERATOR)
        operator = self.settings.market.operator
        return Desk(operator=Party(operator.id, Role.MARKET_OPERATOR), roles=roles, now=self.now)

    @property
    def unused(self) -> tuple[str, ...]:
        """The files of documents that were accepted and say nothing that a settlement asks for."""
        accepted = (document for document in self.received if document.envelope is not None)
        return tuple(
            shown(document.file)
            for document in accepted
            if document.envelope is not None and not isinstance(document.envelope.message, _COUNTING)
        )

    @property
    def clean(self) -> bool:
        """Whether every document was accepted whole and nothing was missing."""
        whole = all(document.verdict is Verdict.ACCEPTED for document in self.received)
        return whole and self.run.report.clean


def market_of(record: Published) -> MarketDefinition:
    """Return the market in which *record* was cleared. Raises `Malformed`."""
    market: MarketDefinition = canonical_json.from_json(MarketDefinition, record.market, "$.market")
    return market


def earlier(text: bytes) -> Earlier:
    """Return what the ``settlement.json`` of an earlier run says. Raises `Malformed`."""
    try:
        record = json.loads(text)
    except ValueError as error:
        raise Malformed("$", "a JSON text in UTF-8", str(error)) from error
    if not isinstance(record, dict):
        raise Malformed("$", "an object, the record of a settlement", type(record).__name__)
    missing = {"number", "result", "settled"} - record.keys()
    if missing:
        raise Malformed("$", f"the field {min(missing)} of a settlement's record", "nothing")
    return Earlier(
        number=canonical_json.from_json(int, record["number"], "$.number"),
        result=canonical_json.from_json(str, record["result"], "$.result"),
        settled=Ledger(canonical_json.from_json(tuple[Posting, ...], record["settled"], "$.settled")),
    )


def settle_folder(
    folder: Folder,
    result: bytes,
    terms: SettlementSettings,
    settings: MarketSettings | None = None,
    now: datetime | None = None,
) -> Settled:
    """Settle the published *result* by *terms* with the documents of *folder*; *settings* say how these are read.

    Raises `Malformed` for a result that cannot be read, and `Misconfigured` where terms and result do not fit
    together.
    """
    record = published(result)
    reading = settings or MarketSettings(market=market_of(record))
    received = receive(folder.documents, reading, now)
    case = SettlementCase(
        definition=terms.complete(record.scheme, reading.market),
        result=record.result,
        readings=_told(received, Readings),
        schedules=_told(received, ResourceSchedules),
        orders=_told(received, ActivationOrders),
        perimeters=_perimeters(received, terms),
        imbalance_prices=terms.imbalance_prices,
        interface_awards=terms.interface_awards,
        interface_schedules=terms.interface_schedules,
        netted=terms.netted,
        cost_key=terms.cost_key,
        rent_key=terms.rent_key,
    )
    return Settled(
        settings=reading,
        folder=folder,
        received=received,
        run=settle(case),
        result=sha256(result).hexdigest(),
        now=now or _dated(received, record),
    )


def corrected(settled: Settled, before: Earlier) -> Settled:
    """Return *settled* as the correction of an earlier settlement: it pays the difference.

    Raises `Misconfigured` where *before* settled another result.
    """
    if before.result != settled.result:
        wanted = f"a settlement of this result, {settled.result[:16]}"
        raise Misconfigured("--correct", wanted, f"one of {before.result[:16]}")
    return replace(settled, run=following(settled.run, before.number, before.settled))


def _told(received: Iterable[Received], kind: type[_M]) -> tuple[_M, ...]:
    messages = (document.envelope.message for document in received if document.envelope is not None)
    return tuple(message for message in messages if isinstance(message, kind))


def _perimeters(received: Iterable[Received], terms: SettlementSettings) -> tuple[Perimeter, ...]:
    """Return the perimeters that the file states, and those that documents tell of besides."""
    stated = {(each.party, each.area, each.interval) for each in terms.perimeters}
    told = told_perimeters(document.envelope for document in received if document.envelope is not None)
    return (*terms.perimeters, *(each for each in told if (each.party, each.area, each.interval) not in stated))


def _dated(received: Iterable[Received], record: Published) -> datetime:
    """Return when the youngest document was created, or the end of what was cleared where there is none."""
    ends = [award.interval.end for award in record.result.awards]
    known = [document.at for document in received if document.at is not None] or ends
    if not known:
        raise Misconfigured("result", "a result with bids, or --now", "neither bids nor documents")
    return max(known)
