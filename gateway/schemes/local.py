"""Local AS market: the DSO buys first for its own grid, then offers what is left to the market of the TSO.

Every distribution operator runs a market of its own. What it accepts for its own need (congestion,
voltage) is firm (step 5). What its grid can still carry goes up as the offer of one seller at the interface
(step 6); the award comes back (step 10) and is shared out to resources (step 11). The TSO never sees the
distribution grid, and the exchange at the interface is free.

Mathematics, for each feeder f with reference price λ of its interface:
  step 5:  min Σ c x, its limits kept, with the cost of need alone c = max(s (π - λ), ε), so that nothing is
           traded beyond what the limits need; what is paid is still π;
  step 6:  C(e) = min Σ s π x at export e, its limits kept, x at least what step 5 accepted;
  step 10: min Σ s π x + Σ C(e) over transmission bids and exports, transmission limits kept;
  step 11: the x of C at the export e that step 10 decided.
Without forwarding (fragmented market) the exports stay what they are after step 5.

On the small system (`gateway.coordination.example`) the operator of F1 takes what is cheapest for itself, and the TSO
replaces it. With a reference price of the interface the operator takes what is cheapest for both:

>>> from decimal import Decimal
>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> from gateway.coordination.system import Switches
>>> for worth in (Decimal(0), Decimal(50)):
...     outcome = run(SCHEME, SMALL, Switches(reference_prices={"F1": worth}))
...     print(f"{outcome.cost:.0f} EUR/h:", *(f"{each.buyer} {each.bid_id}" for each in outcome.purchases))
716 EUR/h: DSO F1 E3 TSO G1
668 EUR/h: DSO F1 E4 TSO G1

Source: SmartNet project, deliverable D1.3 (2016), local AS market model; Gerard, Rivero Puente, Six,
Utilities Policy 50 (2018) 40-48. Rows derived from its description.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import CentralClearing, Disaggregation, HandUp, Interface, LocalClearing, Scheme, local_row, row

P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    local_row(1, P, "RA (DSO)", "determines volumes for local needs (congestion, voltage)", many=False),
    local_row(2, P, "Buyer (DSO)", "communicates volumes",
        "MO_L (DSO)", message="ReserveNeed", after=(1,), gate="local_needs"),
    local_row(3, P, "Seller (CMP)", "sends aggregated bids (distribution)",
        "MO_L (DSO)", message="BidSet", gate="bids"),
    local_row(4, P, "SO (DSO)", "communicates distribution grid constraints",
        "MO_L (DSO)", message="GridConstraints", gate="local_needs"),
    local_row(5, P, "MO_L (DSO)", "clears the local market for the DSO need; accepted volumes are firm",
        "Buyer (DSO)", message="Allocation", after=(2, 3, 4), gate="local_clearing"),
    local_row(6, P, "MO_L (DSO)",
        "sends grid-feasible residual offers per interface (aggregated; DSO is the seller upward)",
        "MO_T (TSO)", message="BidSet", after=(5,), gate="offers"),
    row(7, P, "RA (TSO)", "determines volumes to be procured"),
    row(8, P, "Buyer (TSO)", "communicates volumes",
        "MO_T (TSO)", message="ReserveNeed", after=(7,), many=True, gate="needs"),
    row(9, P, "Seller (CMP)", "sends bids (transmission)",
        "MO_T (TSO)", message="BidSet", many=True, gate="bids"),
    row(10, P, "MO_T (TSO)", "clears central AS market with transmission constraints; awards per interface",
        "Buyer (TSO); MO_L (DSO)", message="Allocation", after=(6, 8, 9), gate="clearing"),
    local_row(11, P, "MO_L (DSO)", "disaggregates the interface award into individual bids (grid constraints kept)",
        "Seller (CMP)", message="Allocation", after=(10,), gate="orders"),
    row(12, A, "MO_T/FD (TSO)", "communicates results",
        "Buyer (TSO); Seller (CMP, transmission)",
        message="ActivationOrders", also=("ClearingPrices",), after=(10,), gate="orders"),
    local_row(13, A, "MO_L/FD (DSO)", "communicates results (own and forwarded)",
        "Buyer (DSO); Seller (CMP, distribution)",
        message="ActivationOrders", also=("ClearingPrices",), after=(11,), gate="orders"),
    row(14, A, "Aggregator/FD (CMP)", "activates units",
        "DER", message="Setpoint", after=(12, 13), many=True),
    local_row(15, S, "MDR (DSO)", "communicates measurements",
        "MO_L (DSO)", message="Readings", after=(14,)),
    row(16, S, "MDR (TSO)", "communicates measurements (transmission units, interfaces)",
        "MO_T (TSO)", message="Readings", after=(14,), many=True),
    local_row(17, S, "MO_L (DSO)", "communicates delivered volumes per interface and per BRP",
        "MO_T (TSO); SO (TSO)", message="Readings", after=(15,)),
    row(18, S, "MO_T (TSO)", "communicates measurements",
        "SO (TSO)", message="Readings", after=(16, 17)),
    row(19, S, "SO (TSO)", "corrects perimeter of all affected BRPs", message="PerimeterCorrection", after=(18,)),
    row(20, S, "MO_T (TSO)", "financial settlement of transmission units and of interface awards",
        "Aggregator (CMP); MO_L (DSO)", message="Settlement", after=(18,)),
    local_row(21, S, "MO_L (DSO)", "financial settlement of distribution units",
        "Aggregator (CMP)", message="Settlement", after=(15,)),
)
# fmt: on

SCHEME = Scheme(
    name="local",
    title="Local AS market",
    steps=STEPS,
    clearings=(
        LocalClearing(step=5, interface=Interface.FREE),
        HandUp(step=6),
        CentralClearing(step=10, interface=Interface.OFFERS),
        Disaggregation(step=11),
    ),
)
