"""Shared balancing responsibility: the DSO keeps an agreed exchange schedule, the TSO balances the rest alone.

TSO and DSO agree beforehand what flows at every interface (step 1). The DSO is balance-responsible for its
area: its market keeps the schedule and the limits of its grid together (step 6), nothing goes up, and no
distribution resource reaches the TSO (step 10). What a feeder cannot keep of its schedule is told as a
deviation and settled between the operators (step 20).

Mathematics: for each feeder, goals one after the other: its limits give way as little as possible, then the
export deviates from the schedule E as little as possible, then min Σ s π x. The dual of export = E is the
price of the local market. TSO: min Σ s π x over transmission bids at the agreed exchanges, with what
feeders could not keep.

On the small system (`gateway.coordination.example`) every operator pays for its own area, and F2, which has one dear
resource, pays most per megawatt:

>>> from gateway.coordination.example import SMALL
>>> from gateway.coordination.run import run
>>> outcome = run(SCHEME, SMALL)
>>> print(*(f"{buyer} {cost:.0f}" for buyer, cost in outcome.cost_by_buyer.items()), f"{outcome.cost:.0f}", sep=", ")
DSO F1 16, DSO F2 360, TSO 500, 876
>>> [f"{outcome.prices[bus].price:.0f}" for bus in ("T1", "H1")]
['50', '90']

Source: SmartNet project, deliverable D1.3 (2016), shared balancing responsibility model; Gerard, Rivero
Puente, Six, Utilities Policy 50 (2018) 40-48. Rows derived from its description.
"""

from __future__ import annotations

from gateway.flow import Phase
from gateway.schemes import CentralClearing, Interface, LocalClearing, Scheme, local_row, row

B, P, A, S = Phase.PREPARATION, Phase.PROCUREMENT, Phase.ACTIVATION, Phase.SETTLEMENT

# fmt: off
STEPS = (
    local_row(1, B, "SO (TSO)",
        "agrees the exchange schedule of every interface and ISP (from BRP nominations or a common forecast)",
        "SO (DSO)", message="ExchangeSchedules", gate="bids"),
    local_row(2, P, "RA (DSO)", "determines volumes to keep the schedule and solve local congestion",
        after=(1,), many=False),
    local_row(3, P, "Buyer (DSO)", "communicates volumes",
        "MO_L (DSO)", message="ReserveNeed", after=(2,), gate="local_needs"),
    local_row(4, P, "Seller (CMP)", "sends aggregated bids (distribution)",
        "MO_L (DSO)", message="BidSet", gate="bids"),
    local_row(5, P, "SO (DSO)", "communicates grid constraints and schedule",
        "MO_L (DSO)", message="GridConstraints", also=("ExchangeSchedules",), after=(1,), gate="local_needs"),
    local_row(6, P, "MO_L (DSO)", "clears the local market with interface = schedule; nothing is forwarded to the TSO",
        "Buyer (DSO); Seller (CMP)", message="Allocation", after=(3, 4, 5), gate="local_clearing"),
    row(7, P, "RA (TSO)", "determines volumes for its own area (interfaces fixed)", after=(1,)),
    row(8, P, "Buyer (TSO)", "communicates volumes",
        "MO_T (TSO)", message="ReserveNeed", after=(7,), many=True, gate="needs"),
    row(9, P, "Seller (CMP)", "sends bids (transmission only)",
        "MO_T (TSO)", message="BidSet", many=True, gate="bids"),
    row(10, P, "MO_T (TSO)", "clears central AS market (no DER)",
        "Buyer (TSO)", message="Allocation", after=(8, 9), gate="clearing"),
    row(11, A, "MO_T/FD (TSO)", "communicates results",
        "Buyer (TSO); Seller (CMP, transmission)",
        message="ActivationOrders", also=("ClearingPrices",), after=(10,), gate="orders"),
    local_row(12, A, "MO_L/FD (DSO)", "communicates results",
        "Buyer (DSO); Seller (CMP, distribution)",
        message="ActivationOrders", also=("ClearingPrices",), after=(6,), gate="orders"),
    row(13, A, "Aggregator/FD (CMP)", "activates units",
        "DER", message="Setpoint", after=(11, 12), many=True),
    local_row(14, S, "MDR (DSO)", "communicates measurements",
        "MO_L (DSO)", message="Readings", after=(13,)),
    row(15, S, "MDR (TSO)", "communicates measurements of transmission units",
        "MO_T (TSO)", message="Readings", after=(13,), many=True),
    row(16, S, "MDR (TSO)", "communicates interface exchange",
        "SO (TSO); SO (DSO)", message="Readings", after=(13,), many=True),
    local_row(17, S, "MO_L (DSO)", "communicates measurements",
        "SO (DSO)", message="Readings", after=(14,)),
    local_row(18, S, "SO (DSO)", "corrects perimeter of BRPs in its area",
        message="PerimeterCorrection", after=(16, 17)),
    row(19, S, "MO_T (TSO)", "communicates measurements",
        "SO (TSO)", message="Readings", after=(15,)),
    row(20, S, "SO (TSO)", "corrects perimeter of BRPs in its area; settles the deviation from the exchange schedule",
        "SO (DSO)", message="PerimeterCorrection", also=("Settlement",), after=(16, 19)),
    local_row(21, S, "MO_L (DSO)", "financial settlement of distribution units",
        "Aggregator (CMP)", message="Settlement", after=(14,)),
    row(22, S, "MO_T (TSO)", "financial settlement of transmission units",
        "Aggregator (CMP)", message="Settlement", after=(15,)),
)
# fmt: on

SCHEME = Scheme(
    name="shared",
    title="Shared balancing responsibility",
    steps=STEPS,
    clearings=(
        LocalClearing(step=6, interface=Interface.SCHEDULE),
        CentralClearing(step=10, interface=Interface.SCHEDULE),
    ),
    local_balance="DSO",
)
