"""The canonical model: what a unit can do over several intervals.

A bid speaks of one interval. What ties the intervals of one unit together, how fast it changes and how much energy it
has, belongs to no single bid and is told once, beside the bids. The bids of a unit name it by their ``technical_link``;
with x_bt accepted MW, s_b = ±1 the direction of bid b and Δt the length of an interval in hours,

    X_t = Σ_{b of the unit} s_b x_bt   [MW]

is what is activated of the unit in interval t: its deviation from its schedule.

Source of the bid types: SmartNet, deliverable 2.4 (temporal constraints of bids: ramping, integral, maximum number of
activations; logical constraint: deferability).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.errors import InvalidValue
from gateway.identifiers import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProfile:
    """What the unit of *provider* whose bids carry the technical link *id* can do over several intervals.

    ``ramp_mw_per_hour``: R, |X_t − X_{t−1}| ≤ R times the hours between the starts of two intervals.
    ``energy_mwh``: E, Σ_t X_t Δt = E, or nothing at all is activated; 0 is a load that is shifted and caught up with.
    ``maximum_energy_mwh``: Σ_t Σ_b x_bt Δt is at most that, both directions counted alike. ``maximum_activations``:
    how often its activation may begin. A limit of None is no limit; all hold over the intervals of one clearing, and in
    an interval without a usable bid of the unit X_t is 0.

    Raises `InvalidValue` for an empty id, and for limits that are not finite or negative where they cannot be.
    """

    id: str
    provider: PartyId
    ramp_mw_per_hour: Decimal | None = None
    energy_mwh: Decimal | None = None
    maximum_energy_mwh: Decimal | None = None
    maximum_activations: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that cannot be."""
        if not self.id:
            raise InvalidValue("UnitProfile.id", "an identifier", "an empty string")
        for name in ("ramp_mw_per_hour", "energy_mwh", "maximum_energy_mwh", "maximum_activations"):
            limit: Decimal | int | None = getattr(self, name)
            if limit is None:
                continue
            if not Decimal(limit).is_finite() or (limit < 0 and name != "energy_mwh"):
                raise InvalidValue(f"UnitProfile {self.id}.{name}", "a finite number of 0 or more", str(limit))
