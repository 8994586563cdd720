"""Settlement at nodal prices: who pays for what happens at which node, and who owns what is left.

At the nodal prices π of a clearing, everything that changes the net injection of a node is settled there:

    a deviation d pays −π d            (its operator: a shortage pays, a surplus earns)
    an activated bid s x receives π s x

What is paid in exceeds what is paid out by the rent of the binding limits. With π_n = λ − Σ_c μ_c h_cn and a balanced
system

    paid in − paid out = Σ_c μ_c (limit_c − scheduled use_c)

because the limits bind: the use that the schedule left free is what deviations and bids have taken. Each limit's rent
belongs to the operator of the limit. The identity is exact; it fails where a price, a sign or a volume is wrong, and
`Nodal.gap` says by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.model import ZERO
from gateway.settlement.delivery import energy_mwh
from gateway.settlement.ledger import Posting, posting

MARKET = "market"
"""The account of a joint market, through which money passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodalChange:
    """``injection_mw`` more net injection at a node with price ``price`` per MWh, on account of ``party``."""

    name: str
    party: str
    injection_mw: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLimit:
    """A limit of ``owner`` that binds: its shadow price per hour and unit of the limit, and its use by the schedule."""

    name: str
    owner: str
    shadow_price: Decimal
    limit: Decimal
    scheduled_use: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodal:
    """Deviations, activations and binding limits of one period of length ``span``."""

    deviations: tuple[NodalChange, ...]
    activations: tuple[NodalChange, ...]
    limits: tuple[BindingLimit, ...]
    span: timedelta

    @property
    def paid_in(self) -> Decimal:
        """What the deviations pay."""
        return -sum((self.value(change) for change in self.deviations), ZERO)

    @property
    def paid_out(self) -> Decimal:
        """What the activated bids receive."""
        return sum((self.value(change) for change in self.activations), ZERO)

    @property
    def gap(self) -> Decimal:
        """What is paid in less what is paid out and the rents: 0 where prices and volumes are right."""
        return self.paid_in - self.paid_out - sum(map(self.rent, self.limits), ZERO)

    def value(self, change: NodalChange) -> Decimal:
        """Return what *change* receives."""
        return energy_mwh(change.injection_mw, self.span) * change.price

    def rent(self, limit: BindingLimit) -> Decimal:
        """Return the rent of *limit*."""
        return energy_mwh(limit.shadow_price * (limit.limit - limit.scheduled_use), self.span)

    def shares(self) -> dict[str, Decimal]:
        """Return what each operator bears by the key ``lmp``: what its deviations pay less the rent of its limits."""
        borne: dict[str, Decimal] = {}
        for change in self.deviations:
            borne[change.party] = borne.get(change.party, ZERO) - self.value(change)
        for limit in self.limits:
            borne[limit.owner] = borne.get(limit.owner, ZERO) - self.rent(limit)
        return borne

    def postings(self) -> Iterator[Posting]:
        """Yield every payment through the account of the market."""
        for change in self.deviations:
            yield posting(change.party, MARKET, -self.value(change), f"deviation {change.name}")
        for change in self.activations:
            yield posting(MARKET, change.party, self.value(change), f"balancing energy {change.name}")
        for limit in self.limits:
            yield posting(MARKET, limit.owner, self.rent(limit), f"rent {limit.name}")
