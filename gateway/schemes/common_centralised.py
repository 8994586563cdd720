"""Common TSO-DSO AS market, centralised: both operators buy together in one clearing that sees both grids.

Transmission and distribution operators pool their needs; one market finds the least total cost with all
limits of all grids inside (step 8). The cost is split between the operators by a key that they agreed
on (step 16).

Mathematics: min Σ s π x over all bids, so that injections sum to zero, every line of the transmission
network and every limit of the feeders holds. The price of a bus is the dual of its balance; in a feeder it
is the price of the interface less Σ μ h over the limits with shadow prices μ.

On the small system (`gateway.coordination.example`) a megawatt down at D2 mends the voltage there and is paid what it
asks for, far below the price of energy at T1:

>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> outcome = run(SCHEME, SMALL)
>>> [f"{each.bid_id} {each.quantity_mw:.0f} MW at {each.price:.0f}" for each in outcome.purchases]
['G1 13 MW at 50', 'E4 1 MW at -18']
>>> f"{outcome.cost:.0f} EUR/h", outcome.violations
('668 EUR/h', ())

Source: SmartNet project, deliverable D1.3 (2016), common TSO-DSO AS market model, centralised variant;
Gerard, Rivero Puente, Six, Utilities Policy 50 (2018) 40-48. Rows derived from its description.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import FeederLimits, JointClearing, Scheme, row

P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    row(1, P, "RA (TSO)", "determines volumes to be procured"),
    row(2, P, "RA (DSO)", "determines volumes to be procured"),
    row(3, P, "Buyer (TSO)", "communicates volumes",
        "MO (TSO&DSO)", message="ReserveNeed", after=(1,), many=True, gate="needs"),
    row(4, P, "Buyer (DSO)", "communicates volumes",
        "MO (TSO&DSO)", message="ReserveNeed", after=(2,), many=True, gate="needs"),
    row(5, P, "Seller (CMP)", "sends aggregated bids (transmission and distribution)",
        "MO (TSO&DSO)", message="BidSet", many=True, gate="bids"),
    row(6, P, "SO (TSO)", "communicates transmission grid constraints",
        "MO (TSO&DSO)", message="GridConstraints", many=True, gate="needs"),
    row(7, P, "SO (DSO)", "communicates distribution grid constraints",
        "MO (TSO&DSO)", message="GridConstraints", many=True, gate="needs"),
    row(8, P, "MO (TSO&DSO)", "clears one market, minimum total cost",
        "Buyer (TSO); Buyer (DSO)", message="Allocation", after=(3, 4, 5, 6, 7), gate="clearing"),
    row(9, A, "MO/FD (TSO&DSO)", "communicates results",
        "Buyer (TSO); Buyer (DSO); Seller (CMP)",
        message="ActivationOrders", also=("ClearingPrices",), after=(8,), gate="orders"),
    row(10, A, "Aggregator/FD (CMP)", "activates units",
        "DER", message="Setpoint", after=(9,), many=True),
    row(11, S, "MDR (DSO)", "communicates measurements",
        "MO (TSO&DSO)", message="Readings", after=(10,), many=True),
    row(12, S, "MDR (TSO)", "communicates measurements",
        "MO (TSO&DSO)", message="Readings", after=(10,), many=True),
    row(13, S, "MO (TSO&DSO)", "communicates measurements",
        "SO (TSO)", message="Readings", after=(11, 12)),
    row(14, S, "SO (TSO)", "corrects perimeter of all affected BRPs", message="PerimeterCorrection", after=(13,)),
    row(15, S, "MO (TSO&DSO)", "financial settlement",
        "Aggregator (CMP)", message="Settlement", after=(13,)),
    row(16, S, "MO (TSO&DSO)", "splits the cost between the operators by the agreed key",
        "Buyer (TSO); Buyer (DSO)", message="Settlement", after=(15,)),
)
# fmt: on

SCHEME = Scheme(
    name="common_centralised",
    title="Common TSO-DSO AS market, centralised",
    steps=STEPS,
    clearings=(JointClearing(step=8, feeder_limits=FeederLimits.KEPT),),
)
