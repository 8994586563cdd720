"""The canonical model: what follows from measurements, in energy and in money.

Conventions
* Energy in MWh over one interval; positive is injected into the grid, negative is taken from it.
* ``imbalance = allocated - position - adjustment``: an adjustment moves the perimeter of a balance responsible party so
  that an activation which is not its own leaves it without imbalance (Regulation (EU) 2017/2195, Article 49).
* Money is positive where the party receives it and negative where it pays. In one settlement run the amounts of all
  parties add up to 0, with accounts of their own for congestion rent, penalties and rounding.

`PerimeterCorrection` and `Settlement` are the messages of the last two steps of each coordination scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, PartyId, ResourceId
from gateway.model import Reserve
from gateway.time import Interval


def _require_finite(path: str, value: Decimal | None) -> None:
    if value is not None and not value.is_finite():
        raise InvalidValue(path, "a finite number", str(value), "A42")


class AdjustmentKind(StrEnum):
    """What a perimeter is corrected for."""

    ACTIVATION = "activated energy"
    IMBALANCE = "imbalance volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerimeterAdjustment:
    """The position of one balance responsible party is moved by ``energy_mwh`` in one interval.

    ``price`` is the imbalance price per MWh where the account states it.
    Raises `InvalidValue` for numbers that are not finite.
    """

    id: str
    party: PartyId
    area: AreaId
    interval: Interval
    energy_mwh: Decimal
    kind: AdjustmentKind = AdjustmentKind.ACTIVATION
    price: Decimal | None = None
    currency: str = "EUR"

    def __post_init__(self) -> None:
        """Refuse NaN and infinity."""
        _require_finite(f"PerimeterAdjustment {self.id}.energy_mwh", self.energy_mwh)
        _require_finite(f"PerimeterAdjustment {self.id}.price", self.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerimeterCorrection:
    """The corrections of one document. A final one is changed only by a new revision."""

    adjustments: tuple[PerimeterAdjustment, ...]
    final: bool = True


class SettlementKind(StrEnum):
    """What is paid for."""

    BALANCING_ENERGY = "balancing energy"
    RESERVE_CAPACITY = "reserve capacity"
    IMBALANCE = "imbalance"
    DEVIATION = "deviation from an exchange schedule"
    EXCHANGE = "exchange between system operators"
    COST_SHARE = "share of a joint cost"
    CONGESTION_INCOME = "congestion income"
    PENALTY = "compensation or penalty"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementLine:
    """What the receiver of a settlement gets (or, below zero, pays) for one interval.

    ``quantity_mwh`` is the volume paid for. ``reserve`` goes with balancing energy and only with it. A payment for
    an exchange names both areas; ``resource`` is the line where one is meant.
    Raises `InvalidValue` for numbers that are not finite, balancing energy without its reserve or the reverse.
    """

    id: str
    kind: SettlementKind
    interval: Interval
    quantity_mwh: Decimal
    amount: Decimal
    currency: str = "EUR"
    reserve: Reserve | None = None
    area: AreaId | None = None
    to_area: AreaId | None = None
    resource: ResourceId | None = None

    def __post_init__(self) -> None:
        """Refuse lines that cannot be."""
        _require_finite(f"SettlementLine {self.id}.quantity_mwh", self.quantity_mwh)
        _require_finite(f"SettlementLine {self.id}.amount", self.amount)
        if (self.kind is SettlementKind.BALANCING_ENERGY) != (self.reserve is not None):
            expected = "a reserve exactly for balancing energy"
            raise InvalidValue(f"SettlementLine {self.id}.reserve", expected, f"{self.reserve} for {self.kind}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What one party is paid and pays in one settlement run."""

    lines: tuple[SettlementLine, ...]
    final: bool = True

    @property
    def totals(self) -> dict[str, Decimal]:
        """The sum of the amounts in each currency."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount
        return sums
