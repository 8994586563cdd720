"""Common TSO-DSO AS market, decentralised: DSOs send cost curves of their interfaces, one clearing, no bid committed.

Each distribution operator computes what every feasible exchange at its interface costs, its own need
included (step 5). The transmission operator clears with these curves and returns an exchange for each
interface (step 10); the distribution operator then finds the bids behind it (step 11). With freely divisible
bids the result is that of the centralised variant, but no operator shows its grid to another.

Mathematics: C(e) = min Σ s π x at export e with the limits of the feeder kept and nothing committed, convex
and piecewise linear; step 10: min Σ s π x + Σ C(e); step 11: the x of C at the e that was decided. Where
bids are not divisible, C is sent as an exclusive group of quantities with their total costs.

On the small system (`gateway.coordination.example`) F1 sends its curve as bids from an export of 0 MW on, and is
awarded 1 MW more, which it makes out of one bid down where 2 MW too many were expected:

>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> outcome = run(SCHEME, SMALL)
>>> offer = outcome.decided(5, "F1").handed_up.offer
>>> [f"{each.direction.value} {each.quantity_mw.normalize():f} MW at {each.price:.0f}" for each in offer.bids]
['down 2 MW at -8', 'down 2.875 MW at -18', 'up 1 MW at 2', 'up 2 MW at 78']
>>> [f"{each.bid_id} {each.quantity_mw:.0f} MW at {each.price:.0f}" for each in outcome.purchases]
['G1 13 MW at 50', 'E4 1 MW at -18']

Source: SmartNet project, deliverable D1.3 (2016), common TSO-DSO AS market model, decentralised variant;
Gerard, Rivero Puente, Six, Utilities Policy 50 (2018) 40-48. Rows derived from its description.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import CentralClearing, Disaggregation, HandUp, Interface, Scheme, local_row, row

P, A, S = Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    local_row(1, P, "RA (DSO)", "determines local constraints to be respected", many=False),
    local_row(2, P, "Buyer (DSO)", "communicates volumes",
        "MO_L (DSO)", message="ReserveNeed", after=(1,), gate="local_needs"),
    local_row(3, P, "Seller (CMP)", "sends aggregated bids (distribution)",
        "MO_L (DSO)", message="BidSet", gate="bids"),
    local_row(4, P, "SO (DSO)", "communicates distribution grid constraints",
        "MO_L (DSO)", message="GridConstraints", gate="local_needs"),
    local_row(5, P, "MO_L (DSO)",
        "computes cost of every feasible interface exchange WITHOUT committing any bid, sends curve",
        "MO_T (TSO)", message="BidSet", after=(2, 3, 4), gate="offers"),
    row(6, P, "RA (TSO)", "determines volumes to be procured"),
    row(7, P, "Buyer (TSO)", "communicates volumes",
        "MO_T (TSO)", message="ReserveNeed", after=(6,), many=True, gate="needs"),
    row(8, P, "Seller (CMP)", "sends bids (transmission)",
        "MO_T (TSO)", message="BidSet", many=True, gate="bids"),
    row(9, P, "SO (TSO)", "communicates transmission grid constraints",
        "MO_T (TSO)", message="GridConstraints", many=True, gate="needs"),
    row(10, P, "MO_T (TSO)", "clears with curves, returns exchange per interface",
        "MO_L (DSO)", message="Allocation", after=(5, 7, 8, 9), gate="clearing"),
    local_row(11, P, "MO_L (DSO)", "disaggregates at that exchange (local need and TSO award in one clearing)",
        "Buyer (DSO); Seller (CMP)", message="Allocation", after=(10,), gate="orders"),
    row(12, A, "MO_T/FD (TSO)", "communicates results",
        "Buyer (TSO); Seller (CMP, transmission)",
        message="ActivationOrders", also=("ClearingPrices",), after=(10,), gate="orders"),
    local_row(13, A, "MO_L/FD (DSO)", "communicates results",
        "Buyer (DSO); Seller (CMP, distribution)",
        message="ActivationOrders", also=("ClearingPrices",), after=(11,), gate="orders"),
    row(14, A, "Aggregator/FD (CMP)", "activates units",
        "DER", message="Setpoint", after=(12, 13), many=True),
    local_row(15, S, "MDR (DSO)", "communicates measurements",
        "MO_L (DSO)", message="Readings", after=(14,)),
    row(16, S, "MDR (TSO)", "communicates measurements",
        "MO_T (TSO)", message="Readings", after=(14,), many=True),
    local_row(17, S, "MO_L (DSO)", "communicates volumes per interface and per BRP",
        "MO_T (TSO); SO (TSO)", message="Readings", after=(15,)),
    row(18, S, "SO (TSO)", "corrects perimeter of all affected BRPs", message="PerimeterCorrection", after=(16, 17)),
    row(19, S, "MO_T (TSO)", "financial settlement of transmission units and interface awards",
        "Aggregator (CMP); MO_L (DSO)", message="Settlement", after=(16, 17)),
    local_row(20, S, "MO_L (DSO)", "financial settlement of distribution units",
        "Aggregator (CMP)", message="Settlement", after=(15,)),
    row(21, S, "MO_T (TSO)", "splits the joint cost by the agreed key",
        "Buyer (TSO); Buyer (DSO)", message="Settlement", after=(19,)),
)
# fmt: on

SCHEME = Scheme(
    name="common_decentralised",
    title="Common TSO-DSO AS market, decentralised",
    steps=STEPS,
    clearings=(
        HandUp(step=5),
        CentralClearing(step=10, interface=Interface.OFFERS),
        Disaggregation(step=11),
    ),
)
