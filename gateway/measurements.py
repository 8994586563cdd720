"""The canonical model: what was measured, with how good the values are.

Conventions
* A measured value is a mean power in MW or an energy in MWh over one interval; which of the two says the series.
* The sign is that of the net injection: positive is injected into the grid, negative is taken from it. Where the
  series is an exchange, positive flows from ``area`` to ``to_area``.
* A value that is missing is a reading all the same: without a value and with the quality `Quality.NOT_AVAILABLE`.
  Whoever settles replaces it by a rule and marks what he puts there as estimated; nothing is filled in silence.

`Readings` is the message of the steps "communicates measurements" of the coordination schemes (Gerard, Rivero Puente,
Six, Utilities Policy 50, 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.identifiers import AreaId, MeteringPointId, PartyId, ResourceId
from gateway.time import Interval, require_utc


class Quality(StrEnum):
    """How good a measured value is (ENTSO-E code list ``StandardQualityTypeList``)."""

    ADJUSTED = "adjusted"
    NOT_AVAILABLE = "not available"
    ESTIMATED = "estimated"
    AS_PROVIDED = "as provided"
    INCOMPLETE = "incomplete"
    CALCULATED = "calculated"
    TEMPORARY = "temporary"


class Unit(StrEnum):
    """What a measured value is: mean power or energy."""

    MEGAWATT = "MW"
    MEGAWATT_HOUR = "MWh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value over one interval, in the unit of its series; None where it is missing.

    ``quality`` is None where the sender says nothing of it.
    Raises `InvalidValue` for a value that is not finite, for a missing value of another quality than `NOT_AVAILABLE`
    and for a value that is said not to be available.
    """

    interval: Interval
    value: Decimal | None
    quality: Quality | None = None

    def __post_init__(self) -> None:
        """Refuse values that contradict their quality."""
        if self.value is not None and not self.value.is_finite():
            raise InvalidValue("Reading.value", "a finite value", str(self.value))
        if (self.value is None) != (self.quality is Quality.NOT_AVAILABLE):
            expected = "no value exactly where the quality is 'not available'"
            raise InvalidValue("Reading.quality", expected, f"{self.value} with quality {self.quality}", "B05")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSeries:
    """The readings of one metering point, resource, party, area or border.

    ``area``: where, or from where the exchange flows that ``to_area`` makes it. ``party``: on whose account.
    ``replaces``: id of the series that this one corrects. ``registered``: when the values were recorded.
    Raises `InvalidValue` for readings out of order, a series without any object, a border of an area with itself.
    """

    id: str
    unit: Unit
    readings: tuple[Reading, ...]
    metering_point: MeteringPointId | None = None
    resource: ResourceId | None = None
    party: PartyId | None = None
    area: AreaId | None = None
    to_area: AreaId | None = None
    replaces: str | None = None
    registered: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse series that cannot be told apart or overlap in themselves."""
        if self.registered is not None:
            require_utc(self.registered, f"MeasuredSeries {self.id}.registered")
        objects = (self.metering_point, self.resource, self.party, self.area)
        if not any(objects):
            raise InvalidValue(f"MeasuredSeries {self.id}", "a metering point, resource, party or area", "none")
        if self.to_area is not None and (self.area is None or self.area == self.to_area):
            raise InvalidValue(f"MeasuredSeries {self.id}.to_area", "another area than area", str(self.to_area))
        for earlier, later in zip(self.readings, self.readings[1:], strict=False):
            if earlier.interval.end > later.interval.start:
                expected = "ascending readings that do not overlap"
                raise InvalidValue(f"MeasuredSeries {self.id}.readings", expected, f"{later.interval}")

    @property
    def missing(self) -> tuple[Interval, ...]:
        """The intervals whose value is not available."""
        return tuple(reading.interval for reading in self.readings if reading.value is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The measurements of one document. ``final`` is false for values that will be corrected."""

    series: tuple[MeasuredSeries, ...]
    final: bool = True
