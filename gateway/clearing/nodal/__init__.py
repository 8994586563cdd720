"""The clearing of nodal markets: every bid at its bus, transmission and distribution limits inside the clearing.

=============  ==========================================================================================
market         what is given, and what comes out
arrays         the market in numbers: bids, limits as rows over the bids, made on demand
lazy           the clearing: only the limits that matter are ever told to the solver
indivisible    bids that are taken whole or one of a group: decided first, then cleared
prices         prices of all buses from the row duals, chosen by a written rule
physics        flows and voltages by the nodal equations and the exact sweep, from injections alone
certificate    the proof that a result is right, from market and result alone, by another route
curve          what a feeder can offer as a whole: its residual supply curve; ``merge`` finds it without a solver
orders         the curve as ordinary bids; an exclusive group where resources are not divisible
=============  ==========================================================================================
"""
