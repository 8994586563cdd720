"""The rows of a scheme's table as postings: one function per item, in the order of the table.

Accounts are parties by their identifier, and three accounts that belong to nobody: the `MARKET` of a joint market, the
congestion income of borders and nodes, and `ROUNDING`. Money passes through the market and the netting of imbalances;
what payments leave there is rounding and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from gateway.accounts import SettlementKind
from gateway.errors import Misconfigured
from gateway.identifiers import AreaId, PartyId
from gateway.model import ZERO
from gateway.results import ExchangeFlow, ServedNeed
from gateway.settlement.case import SettlementCase
from gateway.settlement.cost_split import proportionally
from gateway.settlement.definition import Grid
from gateway.settlement.deliveries import DeliveredOrder, Evidence
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.exchange import NETTING, IntendedExchange, NettedEnergy, exchange_postings, netting_postings
from gateway.settlement.imbalance import ImbalancePrice
from gateway.settlement.ledger import ROUNDING, Ledger, Posting, Subject, posting
from gateway.settlement.nodal import MARKET
from gateway.settlement.payers import Item, Part, Row, rows
from gateway.settlement.payments import Delivery, energy_payments, make_whole, settled_mwh
from gateway.settlement.perimeter import supplier_compensation
from gateway.time import Interval

CONGESTION_INCOME = "congestion income"
"""The account of the rent of a joint market that no key shares out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the postings of one case are made from."""

    case: SettlementCase
    delivered: tuple[DeliveredOrder, ...]
    known: Evidence
    prices: Mapping[tuple[AreaId, Interval], ImbalancePrice]

    def ledger(self) -> Ledger:
        """Return the postings of every row of the scheme's table, and the rounding that is left on the market.

        Raises `Misconfigured` for an unknown scheme, an area without operator, and a joint cost without a key.
        """
        ledger = Ledger()
        for row in rows(self.case.definition.scheme):
            ledger += _ITEMS[row.item](self, row, ledger)
        ledger += self._compensations()
        return ledger + self._rounding(ledger)

    def _compensations(self) -> Iterator[Posting]:
        """Yield what independent providers owe the suppliers of their customers."""
        price = self.case.definition.compensation_price
        for done in self.delivered:
            unit = done.unit
            if price and unit is not None and unit.independent:
                energy = done.order.direction.sign * done.delivered_mwh
                due = supplier_compensation(str(unit.provider), str(unit.supplier), energy, price)
                kind = Subject(kind=SettlementKind.PENALTY, interval=done.interval, area=done.order.area)
                purpose = f"{due.purpose} {done.order.bid_id}"
                yield replace(due, purpose=purpose, subject=replace(kind, energy_mwh=energy, resource=unit.resource))

    def _rounding(self, ledger: Ledger) -> Iterator[Posting]:
        balances = ledger.balances()
        for account in (MARKET, NETTING):
            left = balances.get(account, ZERO)
            if left:
                subject = Subject(kind=SettlementKind.ROUNDING, interval=self.span)
                yield posting(account, ROUNDING, left, f"rounding of {account}", subject)

    @property
    def span(self) -> Interval:
        """The shortest interval that covers everything that was cleared and delivered."""
        result = self.case.result
        intervals = [done.interval for done in self.delivered]
        intervals += [award.interval for award in result.awards] + [need.interval for need in result.needs]
        intervals += [award.interval for award in self.case.interface_awards]
        intervals += [netted.interval for netted in self.case.netted]
        return Interval(min(each.start for each in intervals), max(each.end for each in intervals))


def subject_of(done: DeliveredOrder, kind: SettlementKind, energy: Decimal = ZERO) -> Subject:
    """Return what a payment for *done* is for; *energy* in its direction."""
    return Subject(
        kind=kind,
        interval=done.interval,
        energy_mwh=done.order.direction.sign * energy,
        reserve=done.order.reserve if kind is SettlementKind.BALANCING_ENERGY else None,
        area=done.order.area,
        resource=done.order.resource if done.unit is None else done.unit.resource,
    )


def as_delivery(done: DeliveredOrder, operator: str) -> Delivery:
    """Return *done* as what *operator* is to pay for."""
    return Delivery(
        bid_id=done.order.bid_id,
        provider=str(done.order.provider),
        operator=operator,
        direction=done.order.direction,
        requested_mwh=done.requested_mwh,
        delivered_mwh=done.delivered_mwh,
        price=done.order.price,
    )


def payer(books: Books, part: Part, done: DeliveredOrder) -> str:
    """Return the account that *part* of a row means for *done*."""
    if part is Part.MARKET:
        return MARKET
    local = part is Part.DISTRIBUTION_OPERATOR and done.unit is not None
    return str(done.unit.operator if local and done.unit else books.case.definition.operator(done.order.area))


def grid_of(done: DeliveredOrder) -> Grid:
    """Return the grid of *done*; the sale of a trader is one of the transmission grid, where areas balance."""
    return Grid.TRANSMISSION if done.unit is None else done.unit.grid


def _units(grid: Grid) -> Callable[[Books, Row, Ledger], Iterator[Posting]]:
    def made(books: Books, row: Row, _ledger: Ledger) -> Iterator[Posting]:
        for done in books.delivered:
            if grid_of(done) is grid:
                yield from _energy(books, done, payer(books, row.payer, done))

    return made


def _energy(books: Books, done: DeliveredOrder, operator: str) -> Iterator[Posting]:
    """Yield energy, penalty and make-whole payment of one delivered order."""
    delivery, terms = as_delivery(done, operator), books.case.definition
    for entry in energy_payments(delivery, terms.terms):
        if entry.payer == operator:
            energy = settled_mwh(delivery, terms.terms.basis)
            yield replace(entry, subject=subject_of(done, SettlementKind.BALANCING_ENERGY, energy))
        else:
            yield replace(entry, subject=subject_of(done, SettlementKind.PENALTY))
    own = done.order.bid_price
    due = make_whole(delivery, own) if terms.make_whole and own is not None else None
    if due is not None:
        yield replace(due, subject=subject_of(done, SettlementKind.PENALTY))


def _interface_awards(books: Books, _row: Row, _ledger: Ledger) -> Iterator[Posting]:
    for award in books.case.interface_awards:
        energy = energy_mwh(award.injection_mw, award.interval.duration)
        subject = Subject(
            kind=SettlementKind.BALANCING_ENERGY,
            interval=award.interval,
            energy_mwh=energy,
            reserve=award.reserve,
            area=award.area,
        )
        operator = str(books.case.definition.operator(award.area))
        purpose = f"interface award {award.distributor}"
        yield posting(operator, str(award.distributor), energy * award.price, purpose, subject)


def _interface_deviations(books: Books, _row: Row, _ledger: Ledger) -> Iterator[Posting]:
    """Yield what a deviation from an agreed export pays: a distribution operator that is short pays."""
    for schedule in books.case.interface_schedules:
        measured = books.known.meters.mean(schedule.meter, schedule.interval)
        price = books.prices.get((schedule.area, schedule.interval))
        if measured is None or price is None:
            continue
        energy = energy_mwh(measured.power_mw - schedule.export_mw, schedule.interval.duration)
        subject = Subject(
            kind=SettlementKind.DEVIATION, interval=schedule.interval, energy_mwh=energy, area=schedule.area
        )
        operator = str(books.case.definition.operator(schedule.area))
        purpose = f"interface deviation {schedule.distributor}"
        yield posting(operator, str(schedule.distributor), energy * price.of(energy), purpose, subject)


def _purchases(books: Books, _row: Row, ledger: Ledger) -> Iterator[Posting]:
    """Yield what each buyer pays for what it got; what the market keeps is congestion rent, shared by its key."""
    bought = list(filter(None, map(_purchase, books.case.result.needs)))
    yield from bought
    rent = (ledger + bought).balances().get(MARKET, ZERO)
    if not rent:
        return
    subject = Subject(kind=SettlementKind.CONGESTION_INCOME, interval=books.span)
    owners = {str(owner): weight for owner, weight in books.case.rent_key.items()} or {CONGESTION_INCOME: Decimal(1)}
    for owner, share in proportionally(rent, owners).items():
        yield posting(MARKET, owner, share, "congestion rent", subject)


def _purchase(need: ServedNeed) -> Posting | None:
    if need.price is None or not need.bought_mw:
        return None
    energy = need.direction.sign * energy_mwh(need.bought_mw, need.interval.duration)
    subject = Subject(
        kind=SettlementKind.BALANCING_ENERGY,
        interval=need.interval,
        energy_mwh=energy,
        reserve=need.reserve,
        area=need.area,
    )
    return posting(str(need.buyer), MARKET, energy * need.price, f"purchase {need.need_id}", subject)


def _joint_cost(books: Books, row: Row, ledger: Ledger) -> Iterator[Posting]:
    """Yield what each operator has yet to bear of the joint cost, given what it paid itself."""
    key = {str(operator): weight for operator, weight in books.case.cost_key.items()}
    balances = ledger.balances()
    operators = {str(operator) for operator in books.case.definition.operators.values()}
    operators |= {str(done.unit.operator) for done in books.delivered if done.unit is not None}
    paid = {name: -balances.get(name, ZERO) for name in sorted(operators | key.keys())}
    total = sum(paid.values(), ZERO) - balances.get(MARKET, ZERO)
    if total and not key:
        raise Misconfigured("cost_key", f"the weights by which {row.payer} bear the cost", "none")
    shares = proportionally(total, key)
    for name, outlay in paid.items():
        due = shares.get(name, ZERO) - outlay
        if due:
            subject = Subject(kind=SettlementKind.COST_SHARE, interval=books.span)
            yield posting(name, MARKET, due, "share of the joint cost", subject)


def _exchange(books: Books, _row: Row, _ledger: Ledger) -> Iterator[Posting]:
    """Yield the payments for the flows between areas of different operators."""
    prices = {(price.area, price.interval, price.product): price.price for price in books.case.result.prices}
    for flow in books.case.result.flows:
        ends = (flow.from_area, flow.interval, flow.product), (flow.to_area, flow.interval, flow.product)
        operators = [books.case.definition.operator(end[0]) for end in ends]
        if flow.quantity_mw and operators[0] != operators[1] and all(end in prices for end in ends):
            yield from _flow(books, flow, operators, [prices[end] for end in ends])


def _flow(books: Books, flow: ExchangeFlow, operators: list[PartyId], prices: list[Decimal]) -> Iterator[Posting]:
    definition = books.case.definition
    for period, energy in definition.exchange_shape.periods(flow.quantity_mw, flow.interval):
        exchange = IntendedExchange(
            from_operator=str(operators[0]),
            to_operator=str(operators[1]),
            power_mw=flow.quantity_mw,
            from_price=prices[0],
            to_price=prices[1],
            span=period.duration,
            shaped_mwh=energy,
        )
        share = definition.exporter_shares.get(exchange.border, Decimal("0.5"))
        for entry in exchange_postings(exchange, share):
            yield replace(entry, subject=_exchanged(entry, exchange, flow, period))


def _exchanged(entry: Posting, exchange: IntendedExchange, flow: ExchangeFlow, period: Interval) -> Subject:
    income = entry.payee != exchange.income_account and entry.purpose.startswith("income")
    return Subject(
        kind=SettlementKind.CONGESTION_INCOME if income else SettlementKind.EXCHANGE,
        interval=period,
        energy_mwh=ZERO if income else exchange.energy_mwh,
        area=flow.from_area,
        to_area=flow.to_area,
    )


def _netting(books: Books, _row: Row, _ledger: Ledger) -> Iterator[Posting]:
    """Yield what operators pay for opposite imbalances that were netted; each interval is settled by itself."""
    by_interval: dict[Interval, list[NettedEnergy]] = {}
    for netted in books.case.netted:
        entry = NettedEnergy(operator=str(netted.operator), energy_mwh=netted.energy_mwh, value=netted.value)
        by_interval.setdefault(netted.interval, []).append(entry)
    for interval, entries in sorted(by_interval.items()):
        for paid, entry in zip(netting_postings(tuple(entries)), entries, strict=True):
            subject = Subject(kind=SettlementKind.EXCHANGE, interval=interval, energy_mwh=entry.energy_mwh)
            yield replace(paid, subject=subject)


def _perimeters(_books: Books, _row: Row, _ledger: Ledger) -> Iterable[Posting]:
    """Return nothing: perimeters are energy, and their money is the imbalance."""
    return ()


_ITEMS: Mapping[Item, Callable[[Books, Row, Ledger], Iterable[Posting]]] = {
    Item.TRANSMISSION_UNITS: _units(Grid.TRANSMISSION),
    Item.DISTRIBUTION_UNITS: _units(Grid.DISTRIBUTION),
    Item.INTERFACE_AWARDS: _interface_awards,
    Item.INTERFACE_DEVIATIONS: _interface_deviations,
    Item.PURCHASES: _purchases,
    Item.JOINT_COST: _joint_cost,
    Item.EXCHANGE: _exchange,
    Item.NETTING: _netting,
    Item.TRANSMISSION_PERIMETERS: _perimeters,
    Item.DISTRIBUTION_PERIMETERS: _perimeters,
}
