"""Centralised AS market: one market of the TSO for resources at both grids; the DSO may only block.

The TSO buys balancing services directly from resources connected to transmission and distribution.
The distribution grid is not in the clearing unless the DSO states limits beforehand (step 4); it
checks the result instead and blocks what its grid cannot carry (step 6), after which step 5 repeats.
Steps 4 and 6 are alternatives and each may be left out.

Source: SmartNet project, deliverable D1.3, "Basic schemes for TSO-DSO coordination and ancillary
services provision" (2016), centralised AS market model; Gerard, Rivero Puente, Six, Utilities
Policy 50 (2018) 40-48.
"""

from __future__ import annotations

from gateway.flow import Actor, Phase, Step
from gateway.schemes import Scheme

_TSO_ALLOCATOR = Actor("RA", "TSO")
_TSO_BUYER = Actor("Buyer", "TSO")
_OPERATOR = Actor("MO", "TSO")
_DISPATCHER = Actor("MO/FD", "TSO")
_TSO = Actor("SO", "TSO")
_DSO = Actor("SO", "DSO")
_SELLER = Actor("Seller", "CMP")
_AGGREGATOR = Actor("Aggregator", "CMP")
_FLEET_DISPATCHER = Actor("Aggregator/FD", "CMP")
_DER = Actor("DER", "")
_DSO_METERING = Actor("MDR", "DSO")
_TSO_METERING = Actor("MDR", "TSO")

_P, _A, _S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    Step(number=1, phase=_P, origin=_TSO_ALLOCATOR, action="determines volumes to be procured"),
    Step(number=2, phase=_P, origin=_TSO_BUYER, action="communicates volumes",
         recipients=(_OPERATOR,), message="ReserveNeed", after=(1,), many=True, gate="needs"),
    Step(number=3, phase=_P, origin=_SELLER, action="sends aggregated bids (transmission and distribution)",
         recipients=(_OPERATOR,), message="BidSet", many=True, gate="bids"),
    Step(number=4, phase=_P, origin=_DSO, action="communicates distribution grid constraints",
         recipients=(_OPERATOR,), message="GridConstraints", many=True, optional=True, gate="needs"),
    Step(number=5, phase=_P, origin=_OPERATOR, action="clears market and communicates results",
         recipients=(_DSO,), message="Allocation", after=(2, 3, 4), gate="clearing"),
    Step(number=6, phase=_P, origin=_DSO, action="checks local constraints, blocks if needed; step 5 repeats",
         recipients=(_OPERATOR,), message="Blocking", after=(5,), many=True, optional=True,
         repeats=5, rounds=5, gate="orders"),
    Step(number=7, phase=_A, origin=_DISPATCHER, action="communicates results",
         recipients=(_TSO_BUYER, _SELLER), message="ActivationOrders", after=(5, 6), gate="orders"),
    Step(number=8, phase=_A, origin=_FLEET_DISPATCHER, action="activates units of the selected bids",
         recipients=(_DER,), message="Setpoint", after=(7,), many=True),
    Step(number=9, phase=_S, origin=_DSO_METERING, action="communicates measurements",
         recipients=(_OPERATOR,), message="Readings", after=(8,), many=True),
    Step(number=10, phase=_S, origin=_TSO_METERING, action="communicates measurements",
         recipients=(_OPERATOR,), message="Readings", after=(8,), many=True),
    Step(number=11, phase=_S, origin=_OPERATOR, action="communicates measurements",
         recipients=(_TSO,), message="Readings", after=(9, 10)),
    Step(number=12, phase=_S, origin=_TSO, action="corrects perimeter of the balance responsible parties affected",
         message="PerimeterCorrection", after=(11,)),
    Step(number=13, phase=_S, origin=_OPERATOR, action="settles flexibility at distribution and transmission",
         recipients=(_AGGREGATOR,), message="Settlement", after=(11,)),
)
# fmt: on

SCHEME = Scheme(
    name="centralised",
    title="Centralised AS market",
    steps=STEPS,
    grid_constraints=True,
    post_check=True,
    needs_step=2,
    bids_step=3,
    constraints_step=4,
    clearing_step=5,
    blocking_step=6,
    results_step=7,
)
