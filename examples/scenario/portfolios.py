"""Who offers: invented providers, what they operate, and in which edition they write.

Party codes begin with 952, the prefix that GS1 keeps for demonstrations: they can belong to nobody. The pools and the
batteries of radio base stations are resources of aggregators at the distribution grids, in the spirit of the pilots of
the SmartNet project (heated indoor swimming pools in Denmark, base stations in Spain).
"""

from __future__ import annotations

from dataclasses import dataclass

from stdnum import ean

from gateway.identifiers import PartyId
from gateway.model import Party, Role


@dataclass(frozen=True)
class Technology:
    """What a kind of resource offers in one quarter hour.

    ``up`` and ``down`` are ranges of prices in EUR/MWh relative to the day-ahead price of the zone, None where the
    kind does not offer that way; ``size_mw`` is the range of quantities. ``whole_share`` is the share of indivisible
    bids, ``least_share`` that of divisible bids with a minimum, ``direct_share`` that of bids which also offer direct
    activation.
    """

    word: str
    size_mw: tuple[int, int]
    up: tuple[float, float] | None = None
    down: tuple[float, float] | None = None
    whole_share: float = 0.0
    least_share: float = 0.0
    direct_share: float = 0.0


HYDRO = Technology("HYDRO", (10, 55), up=(0.5, 42), down=(-40, -0.5), least_share=0.2, direct_share=0.5)
HEAT = Technology("HEAT", (10, 35), up=(9, 80), down=(-75, -8), whole_share=0.3, least_share=0.4)
WIND = Technology("WIND", (10, 60), down=(-140, -70), direct_share=0.3)
INDUSTRY = Technology("PLANT", (15, 60), up=(25, 320), whole_share=0.9)
POOLS = Technology("POOL", (2, 6), up=(-6, 26), down=(-45, -4), whole_share=0.4)
STATIONS = Technology("RADIO", (1, 3), up=(3, 60), down=(-60, -3), whole_share=1.0)
CHARGING = Technology("CHARGE", (1, 5), up=(5, 70), down=(-60, -2))


@dataclass(frozen=True)
class Portfolio:
    """A provider: its name, its party, the edition it writes, and per zone how many resources of which kinds.

    ``scheme``: the national scheme that its resources are named by. ``file``: its name in names of files.
    """

    name: str
    file: str
    party: Party
    edition: str
    scheme: str
    resources: tuple[tuple[str, Technology, int], ...]


def demonstration_party(number: int, role: Role) -> Party:
    """Return an invented party under the GS1 prefix for demonstrations."""
    body = f"952{number:09d}"
    return Party(PartyId(body + ean.calc_check_digit(body), "A10"), role)


def _portfolio(number: int, name: str, edition: str, scheme: str, *resources: tuple[str, Technology, int]) -> Portfolio:
    party = demonstration_party(number, Role.BALANCING_SERVICE_PROVIDER)
    return Portfolio(name, name.removeprefix("Example ").lower().replace(" ", "_"), party, edition, scheme, resources)


IEC_74 = "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4"
IEC_72 = "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:2"
NBM_72 = "urn:iec62325:ediel:nbm:reservebiddocument:7:2"

PORTFOLIOS = (
    _portfolio(11, "Example Fjord Hydro", IEC_72, "NNO", ("NO2", HYDRO, 22), ("NO5", HYDRO, 18)),
    _portfolio(12, "Example Valley Hydro", IEC_74, "NNO", ("NO1", HYDRO, 10), ("NO3", HYDRO, 14)),
    _portfolio(13, "Example North Hydro", NBM_72, "NNO", ("NO4", HYDRO, 18), ("NO4", WIND, 3), ("NO3", WIND, 4)),
    _portfolio(14, "Example Smelters", IEC_72, "NNO", ("NO1", INDUSTRY, 2), ("NO2", INDUSTRY, 4), ("NO5", INDUSTRY, 2)),
    _portfolio(15, "Example Pools Norway", NBM_72, "NNO", ("NO1", POOLS, 6), ("NO2", POOLS, 6)),
    _portfolio(21, "Example River Power", IEC_74, "NSE", ("SE1", HYDRO, 22), ("SE2", HYDRO, 28)),
    _portfolio(22, "Example Midland Power", IEC_72, "NSE", ("SE3", HYDRO, 10), ("SE3", INDUSTRY, 5)),
    _portfolio(23, "Example District Heat", IEC_74, "NSE", ("SE3", HEAT, 10), ("SE4", HEAT, 6)),
    _portfolio(24, "Example Baltic Wind", IEC_72, "NSE", ("SE2", WIND, 8), ("SE3", WIND, 6), ("SE4", WIND, 6)),
    _portfolio(25, "Example Tower Storage", IEC_74, "NSE", ("SE3", STATIONS, 10), ("SE4", STATIONS, 6)),
    _portfolio(26, "Example Pools Sweden", IEC_74, "NSE", ("SE4", POOLS, 8)),
    _portfolio(31, "Example Lakes Energy", IEC_74, "NFI", ("FI", HYDRO, 14), ("FI", HEAT, 12)),
    _portfolio(32, "Example Pulp and Steel", IEC_74, "NFI", ("FI", INDUSTRY, 8)),
    _portfolio(33, "Example Tower Storage Finland", IEC_74, "NFI", ("FI", STATIONS, 8)),
    _portfolio(41, "Example Jutland Energy", IEC_74, "NDK", ("DK1", HEAT, 5), ("DK1", WIND, 10)),
    _portfolio(42, "Example Zealand Energy", IEC_72, "NDK", ("DK2", HEAT, 7), ("DK2", WIND, 3)),
    _portfolio(43, "Example Charging Fleet", IEC_74, "NDK", ("DK1", CHARGING, 6), ("DK2", CHARGING, 5)),
)

COAST_GRID = demonstration_party(61, Role.DISTRIBUTION_SYSTEM_OPERATOR)
"""The invented distribution operator at the coast of SE4."""
