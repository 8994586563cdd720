"""The ledger: who pays whom, for what. Double entry, so that the sum over all accounts is zero.

Every posting takes an amount from one account and gives it to another. Amounts are rounded once, when
posted, half to even, to the smallest unit of the currency; what the rounding moves is kept beside the
amount, so that it can be shown and never accumulates unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal

from gateway.accounts import SettlementKind
from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, ResourceId
from gateway.model import ZERO, Reserve
from gateway.time import Interval

CENT = Decimal("0.01")
"""Smallest unit in which money is posted."""


CORRECTION = ", correction"
"""Ends the purpose of a posting that corrects earlier ones."""

ROUNDING = "rounding"
"""The one account that takes what rounding leaves on accounts that only pass money on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a posting pays for: kind, interval, and energy in MWh, positive where the payee delivered it upward.

    Energy times price is the amount. The other fields are those of `gateway.accounts.SettlementLine`.
    """

    kind: SettlementKind
    interval: Interval
    energy_mwh: Decimal = ZERO
    reserve: Reserve | None = None
    area: AreaId | None = None
    to_area: AreaId | None = None
    resource: ResourceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """``payer`` pays ``amount`` to ``payee``; a negative amount is paid the other way.

    Accounts are names: a party, or what money is kept for (``congestion income DK1-NO2``). ``purpose`` says what is
    paid, ``exact`` what the amount was before rounding. ``subject`` is None where the payment belongs to no interval.
    """

    payer: str
    payee: str
    amount: Decimal
    purpose: str
    exact: Decimal
    subject: Subject | None = None

    def __post_init__(self) -> None:
        """Refuse a payment of an account to itself.

        Raises `InvalidValue`.
        """
        if self.payer == self.payee:
            raise InvalidValue("Posting.payee", "another account than the payer", self.payee)


def posting(payer: str, payee: str, amount: Decimal, purpose: str, subject: Subject | None = None) -> Posting:
    """Return the posting of *amount*, rounded half to even to `CENT`.

    >>> posting("TSO", "BSP", Decimal("12.345"), "balancing energy").amount
    Decimal('12.34')
    """
    rounded = amount.quantize(CENT, ROUND_HALF_EVEN)
    return Posting(payer=payer, payee=payee, amount=rounded, purpose=purpose, exact=amount, subject=subject)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Postings in the order in which they were made."""

    postings: tuple[Posting, ...] = ()

    def __add__(self, more: Iterable[Posting]) -> Ledger:
        """Return the ledger with *more* postings at its end."""
        return Ledger((*self.postings, *more))

    def balances(self) -> Mapping[str, Decimal]:
        """Return what each account has received less what it has paid; the sum is zero by construction."""
        balance: dict[str, Decimal] = {}
        for entry in self.postings:
            balance[entry.payer] = balance.get(entry.payer, ZERO) - entry.amount
            balance[entry.payee] = balance.get(entry.payee, ZERO) + entry.amount
        return dict(sorted(balance.items()))

    def rounding(self) -> Decimal:
        """Return the sum of what rounding took from or gave to the payees."""
        return sum((entry.amount - entry.exact for entry in self.postings), ZERO)

    def correction(self, corrected: Ledger) -> Ledger:
        """Return the postings that turn this ledger's balances into those of *corrected*: a later run.

        Postings are matched by payer, payee, purpose and subject; a posting that fell away is paid back. The energy
        of a correction is the difference of the energies.
        """
        before, after = self._by_key(), corrected._by_key()
        nothing = (ZERO, ZERO)
        changes = ((key, before.get(key, nothing), after.get(key, nothing)) for key in {**before, **after})
        return Ledger(tuple(_change(key, old, new) for key, old, new in changes if old != new))

    def _by_key(self) -> dict[_Key, tuple[Decimal, Decimal]]:
        """Return amount and energy of each key."""
        sums: dict[_Key, tuple[Decimal, Decimal]] = {}
        for entry in self.postings:
            subject = entry.subject
            bare = None if subject is None else replace(subject, energy_mwh=ZERO)
            key = (entry.payer, entry.payee, entry.purpose, bare)
            amount, energy = sums.get(key, (ZERO, ZERO))
            sums[key] = amount + entry.amount, energy + (ZERO if subject is None else subject.energy_mwh)
        return sums


_Key = tuple[str, str, str, Subject | None]


def _change(key: _Key, old: tuple[Decimal, Decimal], new: tuple[Decimal, Decimal]) -> Posting:
    payer, payee, purpose, subject = key
    changed = None if subject is None else replace(subject, energy_mwh=new[1] - old[1])
    return posting(payer, payee, new[0] - old[0], f"{purpose}{CORRECTION}", changed)
