"""The ledger: who pays whom, for what. Double entry, so that the sum over all accounts is zero.

Every posting takes an amount from one account and gives it to another. Amounts are rounded once, when
posted, half to even, to the smallest unit of the currency; what the rounding moves is kept beside the
amount, so that it can be shown and never accumulates unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from gateway.errors import InvalidValue
from gateway.model import ZERO

CENT = Decimal("0.01")
"""Smallest unit in which money is posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """``payer`` pays ``amount`` to ``payee``; a negative amount is paid the other way.

    Accounts are names: a party, or what money is kept for (``congestion income DK1-NO2``). ``purpose`` says what is
    paid, ``exact`` what the amount was before rounding.
    """

    payer: str
    payee: str
    amount: Decimal
    purpose: str
    exact: Decimal

    def __post_init__(self) -> None:
        """Refuse a payment of an account to itself.

        Raises `InvalidValue`.
        """
        if self.payer == self.payee:
            raise InvalidValue("Posting.payee", "another account than the payer", self.payee)


def posting(payer: str, payee: str, amount: Decimal, purpose: str) -> Posting:
    """Return the posting of *amount*, rounded half to even to `CENT`.

    >>> posting("TSO", "BSP", Decimal("12.345"), "balancing energy").amount
    Decimal('12.34')
    """
    rounded = amount.quantize(CENT, ROUND_HALF_EVEN)
    return Posting(payer=payer, payee=payee, amount=rounded, purpose=purpose, exact=amount)


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

        Postings are matched by payer, payee and purpose; a posting that fell away is paid back.
        """
        before, after = self._by_key(), corrected._by_key()
        differences = {key: after.get(key, ZERO) - before.get(key, ZERO) for key in {**before, **after}}
        return Ledger(
            tuple(
                posting(payer, payee, amount, f"{purpose}, correction")
                for (payer, payee, purpose), amount in differences.items()
                if amount
            )
        )

    def _by_key(self) -> dict[tuple[str, str, str], Decimal]:
        amounts: dict[tuple[str, str, str], Decimal] = {}
        for entry in self.postings:
            key = (entry.payer, entry.payee, entry.purpose)
            amounts[key] = amounts.get(key, ZERO) + entry.amount
        return amounts
