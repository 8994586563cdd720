"""The canonical values of a network: a meshed transmission network with radial feeders hanging on it.

Impedances are per unit on the stated base power, limits in MW or MVA, angles in degrees, squared voltages w = V² in per
unit. Every bus has an identifier of its own; no feeder shares a bus with another feeder or with the transmission
network. A feeder takes its power from one transmission bus, its interface, at a voltage that is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gateway.errors import InvalidValue
from gateway.model import ZERO

ONE = Decimal(1)
_RIGHT_ANGLE_DEG = Decimal(90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line or transformer of the transmission network, in service.

    ``r_pu``, ``x_pu``: series impedance. ``limit_mw``: greatest flow either way; nothing: unlimited. ``tap``: ratio at
    the from end. ``shift_deg``: phase shift at the from end. ``least_angle_deg``, ``most_angle_deg``: bounds on the
    angle at the from end less that at the to end.
    """

    id: str
    from_bus: str
    to_bus: str
    x_pu: Decimal
    r_pu: Decimal = ZERO
    limit_mw: Decimal | None = None
    tap: Decimal = ONE
    shift_deg: Decimal = ZERO
    least_angle_deg: Decimal | None = None
    most_angle_deg: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a line that cannot exist.

        Raises `InvalidValue`.
        """
        path = f"Line {self.id}"
        if self.from_bus == self.to_bus:
            raise InvalidValue(path, "two different buses", self.from_bus)
        if self.limit_mw is not None and self.limit_mw < 0:
            raise InvalidValue(path, "a limit of at least 0 MW", str(self.limit_mw))
        if self.tap <= 0:
            raise InvalidValue(path, "a tap ratio above 0", str(self.tap))
        least, most = self.least_angle_deg, self.most_angle_deg
        if least is not None and most is not None and least > most:
            raise InvalidValue(path, "a least angle that is not above the most", f"{least} to {most}")
        if any(abs(angle) > _RIGHT_ANGLE_DEG for angle in (least, most) if angle is not None):
            raise InvalidValue(path, "angle bounds within 90 degrees", f"{least} to {most}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """A meshed network: its buses, its lines, the bus that angles are counted from, and the base power in MVA."""

    buses: tuple[str, ...]
    lines: tuple[Line, ...]
    reference: str
    base_mva: Decimal = Decimal(100)

    def __post_init__(self) -> None:
        """Refuse repeated identifiers, unknown ends, several islands and a base power that is not positive.

        Raises `InvalidValue`.
        """
        _refuse_repeated("Transmission.buses", self.buses)
        _refuse_repeated("Transmission.lines", (line.id for line in self.lines))
        if self.base_mva <= 0:
            raise InvalidValue("Transmission.base_mva", "more than 0 MVA", str(self.base_mva))
        known = set(self.buses)
        if self.reference not in known:
            raise InvalidValue("Transmission.reference", "one of the buses", self.reference)
        for line in self.lines:
            if not {line.from_bus, line.to_bus} <= known:
                raise InvalidValue(f"Line {line.id}", "two of the buses", f"{line.from_bus}, {line.to_bus}")
        apart = known - self._reached()
        if apart:
            raise InvalidValue("Transmission", "one island", f"{len(apart)} buses apart, such as {min(apart)}")

    def _reached(self) -> set[str]:
        """Return the buses that lines join to the reference."""
        beside: dict[str, list[str]] = {bus: [] for bus in self.buses}
        for line in self.lines:
            beside[line.from_bus].append(line.to_bus)
            beside[line.to_bus].append(line.from_bus)
        reached, waiting = {self.reference}, [self.reference]
        while waiting:
            found = [bus for bus in beside[waiting.pop()] if bus not in reached]
            reached.update(found)
            waiting.extend(found)
        return reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A line of a feeder from ``parent``, nearer to the root, to ``child``.

    ``r_pu``, ``x_pu``: series impedance. ``limit_mva``: greatest power either way; nothing: unlimited.
    """

    id: str
    parent: str
    child: str
    r_pu: Decimal
    x_pu: Decimal
    limit_mva: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse negative impedances and limits: a feeder's sections are passive.

        Raises `InvalidValue`.
        """
        if self.r_pu < 0 or self.x_pu < 0:
            raise InvalidValue(f"Section {self.id}", "impedances of at least 0", f"{self.r_pu}, {self.x_pu}")
        if self.limit_mva is not None and self.limit_mva < 0:
            raise InvalidValue(f"Section {self.id}", "a limit of at least 0 MVA", str(self.limit_mva))


class Thermal(StrEnum):
    """What the limit of a section bounds."""

    ACTIVE = "active power"
    """|P| ≤ limit: for data without reactive power."""
    SEPARATE = "active and reactive power"
    """|P| ≤ limit and |Q| ≤ limit."""
    APPARENT = "apparent power"
    """P² + Q² ≤ limit², by the regular polygon of twelve sides inside the circle; it gives up 3.4 % at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeder:
    """A radial network below one transmission bus.

    ``interface``: that bus. ``sections``: every parent before its children. ``w_root``: squared voltage at the root,
    held by the transmission side; ``w_min``, ``w_max``: bounds on the squared voltage at all other buses.
    """

    id: str
    interface: str
    root: str
    sections: tuple[Section, ...]
    w_root: Decimal = ONE
    w_min: Decimal = Decimal("0.81")
    w_max: Decimal = Decimal("1.21")
    base_mva: Decimal = Decimal(10)
    thermal: Thermal = Thermal.ACTIVE

    def __post_init__(self) -> None:
        """Refuse sections that do not form a tree in order, and bounds that nothing can meet.

        Raises `InvalidValue`.
        """
        path = f"Feeder {self.id}"
        _refuse_repeated(f"{path} sections", (section.id for section in self.sections))
        if self.base_mva <= 0:
            raise InvalidValue(path, "a base power of more than 0 MVA", str(self.base_mva))
        if not 0 < self.w_min <= self.w_max or self.w_root <= 0:
            raise InvalidValue(path, "0 < w_min ≤ w_max and 0 < w_root", f"{self.w_min}, {self.w_max}, {self.w_root}")
        reached = {self.root}
        for section in self.sections:
            if section.parent not in reached:
                raise InvalidValue(f"{path} section {section.id}", "a parent that comes before it", section.parent)
            if section.child in reached:
                raise InvalidValue(f"{path} section {section.id}", "a bus with one parent (radial)", section.child)
            reached.add(section.child)

    @property
    def buses(self) -> tuple[str, ...]:
        """All buses, the root first, in the order of the sections."""
        return (self.root, *(section.child for section in self.sections))


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A transmission network and the feeders on it."""

    transmission: Transmission
    feeders: tuple[Feeder, ...] = ()

    def __post_init__(self) -> None:
        """Refuse unknown interfaces and identifiers that name two things.

        Raises `InvalidValue`.
        """
        _refuse_repeated("Network.feeders", (feeder.id for feeder in self.feeders))
        _refuse_repeated("Network buses", self.buses)
        known = set(self.transmission.buses)
        for feeder in self.feeders:
            if feeder.interface not in known:
                raise InvalidValue(f"Feeder {feeder.id}", "a transmission bus as interface", feeder.interface)

    @property
    def buses(self) -> tuple[str, ...]:
        """All buses: those of the transmission network, then feeder after feeder."""
        return (*self.transmission.buses, *(bus for feeder in self.feeders for bus in feeder.buses))


def _refuse_repeated(path: str, names: Iterable[str]) -> None:
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        raise InvalidValue(path, "every identifier once", ", ".join(repeated[:5]))
