"""Integrated flexibility market: operators and balance responsible parties buy side by side, nobody first.

An independent operator runs one market with the grids of all inside. TSO, DSO and balance responsible
parties buy with prices of their own and no priority (step 9); limits of the grids stay limits, so that an
operator can be outbid for a resource but not on safety. Each buyer pays for what it bought (step 16).

Mathematics: max Σ v y - Σ s π x, so that injections, with purchases y drawn and sales x added at their buses,
sum to zero and all limits of all grids hold; v is the price that a buyer offers.

On the small system (`gateway.coordination.example`) one party buys 3 MW at up to 55 and another sells 2 MW at 40, both
at the price of their bus:

>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> outcome = run(SCHEME, SMALL)
>>> [f"{each.bid_id} {each.quantity_mw:.0f} MW at {each.price:.0f}" for each in outcome.purchases]
['G1 14 MW at 50', 'E4 1 MW at -18', 'BRPX 3 MW at 50', 'BRPY 2 MW at 50']
>>> f"{outcome.cost:.0f} EUR/h, what buyers value taken off"
'633 EUR/h, what buyers value taken off'

Source: SmartNet project, deliverable D1.3 (2016), integrated flexibility market model; Gerard, Rivero
Puente, Six, Utilities Policy 50 (2018) 40-48. Rows derived from its description.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import FeederLimits, JointClearing, Scheme, row

P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    row(1, P, "RA (TSO)", "determines volumes to be procured"),
    row(2, P, "RA (DSO)", "determines volumes to be procured"),
    row(3, P, "Buyer (TSO)", "communicates volumes and prices",
        "MO (independent)", message="ReserveNeed", after=(1,), many=True, gate="needs"),
    row(4, P, "Buyer (DSO)", "communicates volumes and prices",
        "MO (independent)", message="ReserveNeed", after=(2,), many=True, gate="needs"),
    row(5, P, "Buyer (CMP as BRP)", "communicates volumes and prices",
        "MO (independent)", message="ReserveNeed", many=True, optional=True, gate="needs"),
    row(6, P, "Seller (CMP)", "sends bids (transmission and distribution); TSO and DSO may re-offer contracted volume",
        "MO (independent)", message="BidSet", many=True, gate="bids"),
    row(7, P, "SO (TSO)", "communicates transmission grid constraints",
        "MO (independent)", message="GridConstraints", many=True, gate="needs"),
    row(8, P, "SO (DSO)", "communicates distribution grid constraints",
        "MO (independent)", message="GridConstraints", many=True, gate="needs"),
    row(9, P, "MO (independent)", "clears, maximum welfare, no priority between buyers",
        "Buyer (TSO); Buyer (DSO); Buyer (CMP as BRP)",
        message="Allocation", after=(3, 4, 5, 6, 7, 8), gate="clearing"),
    row(10, A, "MO/FD (independent)", "communicates results",
        "Buyer (TSO); Buyer (DSO); Buyer (CMP as BRP); Seller (CMP)",
        message="ActivationOrders", also=("ClearingPrices",), after=(9,), gate="orders"),
    row(11, A, "Aggregator/FD (CMP)", "activates units",
        "DER", message="Setpoint", after=(10,), many=True),
    row(12, S, "MDR (DSO)", "communicates measurements",
        "MO (independent)", message="Readings", after=(11,), many=True),
    row(13, S, "MDR (TSO)", "communicates measurements",
        "MO (independent)", message="Readings", after=(11,), many=True),
    row(14, S, "MO (independent)", "communicates measurements and BRP-to-BRP trades",
        "SO (TSO)", message="Readings", also=("ExchangeSchedules",), after=(12, 13)),
    row(15, S, "SO (TSO)", "corrects perimeter: activated volumes AND flexibility bought by BRPs",
        message="PerimeterCorrection", after=(14,)),
    row(16, S, "MO (independent)", "financial settlement (each buyer pays its own purchases)",
        "Aggregator (CMP); Buyer (CMP as BRP); Buyer (TSO); Buyer (DSO)", message="Settlement", after=(14,)),
)
# fmt: on

SCHEME = Scheme(
    name="integrated",
    title="Integrated flexibility market",
    steps=STEPS,
    clearings=(JointClearing(step=9, feeder_limits=FeederLimits.KEPT, buyers=True),),
)
