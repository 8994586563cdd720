"""Settlement between system operators: intended exchange, congestion income, imbalance netting.

Intended exchange (Regulation (EU) 2017/2195, article 50): the importing operator pays the price of its own area, the
exporting one receives the price of its own; the difference is the congestion income of the border, which the two
share, half each unless their key says otherwise.

Netting (article 50 (1) (d)): operators that avoid opposite activations settle the netted energy at the volume-weighted
mean of what each activation would have been worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.errors import InvalidValue
from gateway.model import ZERO
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.ledger import Posting, posting


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedExchange:
    """``power_mw`` (never negative) from one operator's area to another's, with the prices of both areas per MWh.

    ``shaped_mwh`` is the energy where the exchange is no block of that power throughout ``span``.
    """

    from_operator: str
    to_operator: str
    power_mw: Decimal
    from_price: Decimal
    to_price: Decimal
    span: timedelta
    shaped_mwh: Decimal | None = None

    @property
    def energy_mwh(self) -> Decimal:
        """The energy that is exchanged."""
        return energy_mwh(self.power_mw, self.span) if self.shaped_mwh is None else self.shaped_mwh

    @property
    def border(self) -> str:
        """The border by its two operators, whichever way the energy flows."""
        return "-".join(sorted((self.from_operator, self.to_operator)))

    @property
    def income_account(self) -> str:
        """The account of the border's congestion income."""
        return f"congestion income {self.border}"


def exchange_postings(exchange: IntendedExchange, exporter_share: Decimal = Decimal("0.5")) -> Iterator[Posting]:
    """Yield the payments of one exchange, the border's account between them, and the sharing of its income.

    Raises `InvalidValue` for a share outside 0 to 1.
    """
    if not 0 <= exporter_share <= 1:
        raise InvalidValue("exporter_share", "0 to 1", str(exporter_share))
    energy = exchange.energy_mwh
    account, purpose = exchange.income_account, f"intended exchange {exchange.border}"
    bought = posting(exchange.to_operator, account, energy * exchange.to_price, purpose)
    sold = posting(account, exchange.from_operator, energy * exchange.from_price, purpose)
    income = bought.amount - sold.amount
    exported = posting(account, exchange.from_operator, income * exporter_share, f"income {exchange.border}")
    yield from (bought, sold, exported)
    yield posting(account, exchange.to_operator, income - exported.amount, f"income {exchange.border}")


NETTING = "imbalance netting"
"""The account through which the money of netted imbalances passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NettedEnergy:
    """Energy that an operator imported (positive) or exported by netting, and the value per MWh it avoided.

    For an importer the value is the upward price it did not pay, for an exporter the downward price it did not earn.
    """

    operator: str
    energy_mwh: Decimal
    value: Decimal


def netting_price(netted: tuple[NettedEnergy, ...]) -> Decimal:
    """Return the volume-weighted mean of the avoided values.

    Raises `InvalidValue` where imports and exports do not balance or nothing was netted.
    """
    volume = sum((abs(entry.energy_mwh) for entry in netted), ZERO)
    if not volume or sum((entry.energy_mwh for entry in netted), ZERO):
        raise InvalidValue("netted", "imports that equal exports, not 0", str([str(e.energy_mwh) for e in netted]))
    return sum((abs(entry.energy_mwh) * entry.value for entry in netted), ZERO) / volume


def netting_postings(netted: tuple[NettedEnergy, ...]) -> Iterator[Posting]:
    """Yield what each operator pays (importers) or receives (exporters) at the netting price."""
    price = netting_price(netted)
    for entry in netted:
        yield posting(entry.operator, NETTING, entry.energy_mwh * price, "imbalance netting")


def interface_deviation(distributor: str, operator: str, surplus_mwh: Decimal, price: Decimal) -> Posting:
    """Return the payment for a deviation from an agreed exchange schedule (shared balancing responsibility).

    ``surplus_mwh``: measured less agreed export of the distribution grid. A distribution operator that exported less
    than agreed is short and pays the imbalance price of the transmission operator.
    """
    return posting(operator, distributor, surplus_mwh * price, f"interface deviation {distributor}")
