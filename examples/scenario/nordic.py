"""The Nordic morning: areas, operators, day-ahead prices, needs and what is left on the borders.

Codes of areas and operators are public and real (ENTSO-E EIC list). Every figure is invented; its order of magnitude
is that of the Nordic mFRR energy activation market on a cold working day. Up is positive, down is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from gateway.identifiers import AreaId, PartyId
from gateway.model import Party, Role
from gateway.time import Interval

AUCTION = (("auction", "MFRR_ENERGY_ACTIVATION_MARKET"), ("acquiring_domain", "A01:10Y1001A1001A91G"))
"""What every bid says besides: the auction, and the Nordic market area as the one that acquires."""

FIRST = datetime(2027, 1, 14, 7, 0, tzinfo=UTC)
"""Thursday, 08:00 CET: the start of the first quarter hour."""

QUARTERS = tuple(
    Interval(FIRST + number * timedelta(minutes=15), FIRST + (number + 1) * timedelta(minutes=15))
    for number in range(4)
)
HOUR = Interval(QUARTERS[0].start, QUARTERS[-1].end)
DAY = Interval(datetime(2027, 1, 13, 23, 0, tzinfo=UTC), datetime(2027, 1, 14, 23, 0, tzinfo=UTC))
"""The CET day that a bid document covers in its header."""


@dataclass(frozen=True)
class Operator:
    """A transmission system operator: its name, party code, control area, bidding zones, and short name in files."""

    name: str
    party: Party
    control_area: AreaId
    zones: tuple[str, ...]
    file: str


def _operator(name: str, party: str, area: str, zones: str, file: str) -> Operator:
    return Operator(
        name,
        Party(PartyId(party, "A01"), Role.TRANSMISSION_SYSTEM_OPERATOR),
        AreaId(area, "A01"),
        tuple(zones.split()),
        file,
    )


OPERATORS = (
    _operator("Statnett", "10X1001A1001A38Y", "10YNO-0--------C", "NO1 NO2 NO3 NO4 NO5", "statnett"),
    _operator("Svenska kraftnät", "10X1001A1001A418", "10YSE-1--------K", "SE1 SE2 SE3 SE4", "svenska_kraftnat"),
    _operator("Fingrid", "10X1001A1001A264", "10YFI-1--------U", "FI", "fingrid"),
    _operator("Energinet", "10X1001A1001A248", "10Y1001A1001A796", "DK1 DK2", "energinet"),
)

MARKET_OPERATOR = Party(OPERATORS[0].party.id, Role.MARKET_OPERATOR)
"""One operator runs the clearing for all four."""


def operator_of(zone: str) -> Operator:
    """Return the operator of a bidding zone."""
    return next(operator for operator in OPERATORS if zone in operator.zones)


ZONES = {
    zone: AreaId(code, "A01")
    for zone, code in {
        "NO1": "10YNO-1--------2",
        "NO2": "10YNO-2--------T",
        "NO3": "10YNO-3--------J",
        "NO4": "10YNO-4--------9",
        "NO5": "10Y1001A1001A48H",
        "SE1": "10Y1001A1001A44P",
        "SE2": "10Y1001A1001A45N",
        "SE3": "10Y1001A1001A46L",
        "SE4": "10Y1001A1001A47J",
        "FI": "10YFI-1--------U",
        "DK1": "10YDK-1--------W",
        "DK2": "10YDK-2--------M",
    }.items()
}

# fmt: off
DAY_AHEAD = {
    "NO1": 84, "NO2": 85, "NO3": 56, "NO4": 51, "NO5": 83,
    "SE1": 52, "SE2": 53, "SE3": 82, "SE4": 91,
    "FI": 80, "DK1": 86, "DK2": 92,
}
# fmt: on
"""Price in EUR/MWh: the north has water and wind, the south has load, and the lines between are full."""


@dataclass(frozen=True)
class Buy:
    """A need: zone, MW in each quarter hour (up positive, down negative), and the limit price of an elastic one."""

    zone: str
    volumes_mw: tuple[int, int, int, int]
    limit: Decimal | None = None


NEEDS = (
    # The ramp comes faster than planned; the south is short in every quarter hour, the north a little long.
    Buy("NO1", (95, 80, 60, 70)),
    Buy("NO2", (30, 25, 0, 20)),
    Buy("NO3", (-15, -20, -25, -10)),
    Buy("NO4", (-30, -35, -40, -30)),
    Buy("NO5", (35, 30, 20, 25)),
    Buy("SE1", (-40, -45, -30, -35)),
    Buy("SE2", (-60, -40, -55, -50)),
    Buy("SE3", (220, 190, 150, 170)),
    # Second quarter hour: less wind than forecast on both shores of the Öresund, while the lines to it are full.
    Buy("SE4", (35, 150, 60, 45)),
    Buy("DK2", (15, 55, 30, 20)),
    # Third quarter hour: the wind front reaches Jutland early.
    Buy("DK1", (20, -30, -470, -60)),
    # Fourth quarter hour: Fingrid must have 90 MW, and takes up to 240 MW more if they are cheap enough.
    Buy("FI", (130, 110, 90, 90)),
    Buy("FI", (0, 0, 0, 240), Decimal("96.00")),
)


@dataclass(frozen=True)
class Line:
    """A border: what is left after the day-ahead and intraday markets, in MW per quarter hour, each way."""

    from_zone: str
    to_zone: str
    forward_mw: tuple[int, int, int, int]
    backward_mw: tuple[int, int, int, int]


def _line(between: str, forward: str, backward: str) -> Line:
    first, second = between.split("-")
    return Line(first, second, _volumes(forward), _volumes(backward))


def _volumes(text: str) -> tuple[int, int, int, int]:
    """Read four volumes; a single one holds for all quarter hours."""
    listed = [int(word) for word in text.split()]
    first, second, third, fourth = listed * 4 if len(listed) == 1 else listed
    return first, second, third, fourth


BORDERS = (
    _line("NO1-NO2", "450", "380"),
    _line("NO1-NO3", "240", "0"),
    _line("NO1-NO5", "300", "320"),
    _line("NO2-NO5", "260", "240"),
    _line("NO3-NO4", "180", "210"),
    _line("NO3-NO5", "0", "220"),
    _line("NO1-SE3", "310 300 290 300", "280"),
    _line("NO3-SE2", "150", "170"),
    _line("NO4-SE1", "120", "140"),
    _line("NO4-SE2", "60", "70"),
    _line("SE1-SE2", "700", "650"),
    _line("SE2-SE3", "0", "1500"),
    _line("SE3-SE4", "420 40 260 300", "600"),
    _line("SE1-FI", "0", "400"),
    _line("SE3-FI", "180 120 90 0", "240"),
    _line("NO2-DK1", "210 180 200 200", "190 120 70 150"),
    _line("SE3-DK1", "140 120 130 130", "110 90 50 100"),
    _line("SE4-DK2", "160 35 120 140", "190 60 150 170"),
    _line("DK1-DK2", "130 20 40 90", "150 120 100 140"),
)
