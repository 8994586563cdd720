"""Where parties lie on the plane of the architecture model, and by which regulation they act.

Rules
1. A party with several roles lies where the first of them in the table lies; an operator is an operator, whatever else.
2. A server lies in the domain of the party that it speaks for, in the zone of its enterprise.

Source: Smart Grid Reference Architecture (CEN-CENELEC-ETSI 2012) for domains and zones; tasks of the roles from
Regulations (EU) 2017/1485, 2017/2195, 2019/943, No 543/2013 and Directive (EU) 2019/944.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.model import Role
from gateway.sgam.model import Domain, Place, Zone

_MARKETS, _DIRECTIVE = "Regulation (EU) 2019/943", "Directive (EU) 2019/944"
_BALANCING, _OPERATION = "Regulation (EU) 2017/2195", "Regulation (EU) 2017/1485"
_TRANSPARENCY = "Regulation (EU) No 543/2013"
_T, _D, _DER, _C, _G = Domain.TRANSMISSION, Domain.DISTRIBUTION, Domain.DER, Domain.CUSTOMER, Domain.GENERATION
_STATION, _OPERATING, _ENTERPRISE, _MARKET = Zone.STATION, Zone.OPERATION, Zone.ENTERPRISE, Zone.MARKET


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a role lies, and where its tasks stand."""

    place: Place
    regulation: str


# fmt: off
STANDINGS: Mapping[Role, Standing] = {
    role: Standing(Place(domain=domain, zone=zone), f"{act}, Article {article}")
    for role, domain, zone, act, article in (
        (Role.TRANSMISSION_SYSTEM_OPERATOR,      _T,   _ENTERPRISE, _BALANCING,    14),
        (Role.DISTRIBUTION_SYSTEM_OPERATOR,      _D,   _ENTERPRISE, _BALANCING,    15),
        (Role.SYSTEM_OPERATOR,                   _T,   _ENTERPRISE, _BALANCING,    14),
        (Role.MARKET_OPERATOR,                   _T,   _MARKET,     _BALANCING,    31),
        (Role.MERIT_ORDER_LIST_RESPONSIBLE,      _T,   _MARKET,     _BALANCING,    31),
        (Role.RESERVE_ALLOCATOR,                 _T,   _MARKET,     _BALANCING,    31),
        (Role.LFC_OPERATOR,                      _T,   _OPERATING,  _OPERATION,    139),
        (Role.CAPACITY_COORDINATOR,              _T,   _ENTERPRISE, _BALANCING,    37),
        (Role.TRANSMISSION_CAPACITY_ALLOCATOR,   _T,   _MARKET,     _BALANCING,    36),
        (Role.COORDINATED_CAPACITY_CALCULATOR,   _T,   _ENTERPRISE, _BALANCING,    37),
        (Role.REGIONAL_SECURITY_COORDINATOR,     _T,   _ENTERPRISE, _MARKETS,      37),
        (Role.BALANCING_SERVICE_PROVIDER,        _DER, _ENTERPRISE, _BALANCING,    16),
        (Role.RESOURCE_AGGREGATOR,               _DER, _ENTERPRISE, _DIRECTIVE,    17),
        (Role.FLEXIBILITY_SERVICE_PROVIDER,      _DER, _ENTERPRISE, _DIRECTIVE,    32),
        (Role.RESOURCE_PROVIDER,                 _DER, _ENTERPRISE, _OPERATION,    110),
        (Role.BALANCE_RESPONSIBLE_PARTY,         _G,   _MARKET,     _BALANCING,    17),
        (Role.SCHEDULING_AGENT,                  _G,   _ENTERPRISE, _OPERATION,    110),
        (Role.TRADE_RESPONSIBLE_PARTY,           _G,   _MARKET,     _BALANCING,    17),
        (Role.ENERGY_TRADER,                     _G,   _MARKET,     _MARKETS,      5),
        (Role.PRODUCER,                          _G,   _ENTERPRISE, _MARKETS,      5),
        (Role.IMBALANCE_SETTLEMENT_RESPONSIBLE,  _T,   _MARKET,     _BALANCING,    52),
        (Role.SETTLEMENT_RESPONSIBLE,            _T,   _MARKET,     _BALANCING,    44),
        (Role.METERED_DATA_RESPONSIBLE,          _D,   _OPERATING,  _DIRECTIVE,    23),
        (Role.METERED_DATA_AGGREGATOR,           _D,   _ENTERPRISE, _DIRECTIVE,    23),
        (Role.METERED_DATA_ADMINISTRATOR,        _D,   _ENTERPRISE, _DIRECTIVE,    23),
        (Role.METERED_DATA_COLLECTOR,            _C,   _STATION,    _DIRECTIVE,    23),
        (Role.METERING_POINT_ADMINISTRATOR,      _D,   _ENTERPRISE, _DIRECTIVE,    23),
        (Role.GRID_ACCESS_PROVIDER,              _D,   _ENTERPRISE, _DIRECTIVE,    6),
        (Role.ENERGY_SUPPLIER,                   _C,   _MARKET,     _DIRECTIVE,    4),
        (Role.ENERGY_SERVICE_COMPANY,            _C,   _ENTERPRISE, _DIRECTIVE,    15),
        (Role.CONSUMER,                          _C,   _OPERATING,  _DIRECTIVE,    15),
        (Role.DATA_PROVIDER,                     _T,   _ENTERPRISE, _TRANSPARENCY, 4),
        (Role.MARKET_INFORMATION_AGGREGATOR,     _T,   _MARKET,     _TRANSPARENCY, 3),
        (Role.INFORMATION_RECEIVER,              _C,   _MARKET,     _TRANSPARENCY, 3),
    )
}
# fmt: on
"""Of every role, in the order in which they decide where a party with several lies."""

UNKNOWN = Place(domain=Domain.CUSTOMER, zone=Zone.ENTERPRISE)
"""Where a peer lies that has no role; the checks tell it."""

GATEWAY_ZONE = Zone.MARKET
"""Where a gateway lies, in the domain of its operator."""


def placed(roles: Iterable[Role]) -> Place:
    """Return where a party with *roles* lies."""
    held = set(roles)
    return next((standing.place for role, standing in STANDINGS.items() if role in held), UNKNOWN)
