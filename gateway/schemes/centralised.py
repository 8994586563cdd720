"""Centralised AS market: one market of the TSO for resources at both grids; the DSO may only block.

The TSO buys balancing services directly from resources connected to transmission and distribution.
The distribution grid is not in the clearing unless the DSO states limits beforehand (step 4); it
checks the result instead and blocks what its grid cannot carry (step 6), after which step 5 repeats.
Steps 4 and 6 are alternatives and each may be left out. What no block can mend is told as unresolved:
no step of this scheme buys for the DSO.

Mathematics: min Σ s π x over all bids, so that injections sum to zero and every line of the transmission
network holds. With step 4 also Σ h x ≤ max(head, 0) for every limit of a feeder: nothing is made worse.
Step 6, for each feeder with a broken limit: max Σ x with 0 ≤ x ≤ what was accepted, each limit
relaxed by no more than what breaks it before activation; x are the caps of the next round.

On the small system (`gateway.coordination.example`) the first pass breaks two voltages; the DSO blocks, and one voltage
that was broken before stays so:

>>> from dataclasses import replace
>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> checked = run(replace(SCHEME, grid_constraints=False), SMALL)
>>> for each in checked.decisions:
...     print(each.round, each.kind, f"{each.cost:.0f} EUR/h", sorted(each.caps_mw))
1 joint clearing 410 EUR/h []
1 check 0 EUR/h ['E1', 'E2']
2 joint clearing 600 EUR/h []
>>> [f"w({each.place}) = {each.value:.2f} > {each.limit:.2f}" for each in checked.unresolved]
['w(D2) = 1.14 > 1.10']

Source: SmartNet project, deliverable D1.3, "Basic schemes for TSO-DSO coordination and ancillary
services provision" (2016), centralised AS market model; Gerard, Rivero Puente, Six, Utilities
Policy 50 (2018) 40-48.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import FeederLimits, JointClearing, PostCheck, Scheme, row

P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    row(1, P, "RA (TSO)", "determines volumes to be procured"),
    row(2, P, "Buyer (TSO)", "communicates volumes",
        "MO (TSO)", message="ReserveNeed", after=(1,), many=True, gate="needs"),
    row(3, P, "Seller (CMP)", "sends aggregated bids (transmission and distribution)",
        "MO (TSO)", message="BidSet", many=True, gate="bids"),
    row(4, P, "SO (DSO)", "communicates distribution grid constraints",
        "MO (TSO)", message="GridConstraints", many=True, optional=True, gate="needs"),
    row(5, P, "MO (TSO)", "clears market and communicates results",
        "SO (DSO)", message="Allocation", after=(2, 3, 4), gate="clearing"),
    row(6, P, "SO (DSO)", "checks local constraints, blocks if needed; step 5 repeats",
        "MO (TSO)", message="Blocking", after=(5,), many=True, optional=True, repeats=5, rounds=5, gate="orders"),
    row(7, A, "MO/FD (TSO)", "communicates results (activation simultaneous if no capacity is procured)",
        "Buyer (TSO); Seller (CMP)", message="ActivationOrders", also=("ClearingPrices",), after=(5, 6), gate="orders"),
    row(8, A, "Aggregator/FD (CMP)", "activates units of the selected bids",
        "DER", message="Setpoint", after=(7,), many=True),
    row(9, S, "MDR (DSO)", "communicates measurements",
        "MO (TSO)", message="Readings", after=(8,), many=True),
    row(10, S, "MDR (TSO)", "communicates measurements",
        "MO (TSO)", message="Readings", after=(8,), many=True),
    row(11, S, "MO (TSO)", "communicates measurements",
        "SO (TSO)", message="Readings", after=(9, 10)),
    row(12, S, "SO (TSO)", "corrects perimeter of BRPs affected by activation",
        message="PerimeterCorrection", after=(11,)),
    row(13, S, "MO (TSO)", "financial settlement of flexibility at distribution and transmission",
        "Aggregator (CMP)", message="Settlement", after=(11,)),
)
# fmt: on

SCHEME = Scheme(
    name="centralised",
    title="Centralised AS market",
    steps=STEPS,
    clearings=(
        JointClearing(step=5, feeder_limits=FeederLimits.NOT_WORSE),
        PostCheck(step=6),
    ),
    post_check=True,
)
