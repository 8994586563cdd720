"""The clearing of one system under any coordination scheme: which market decides what, and what comes of it.

>>> from gateway.coordination.run import run
>>> from gateway.coordination.example import SMALL
>>> from gateway.schemes import named, names
>>> for name in names():
...     print(f"{name}: {run(named(name), SMALL).cost:.0f} EUR/h")
centralised: 600 EUR/h
common_centralised: 668 EUR/h
common_decentralised: 668 EUR/h
integrated: 633 EUR/h
local: 716 EUR/h
shared: 876 EUR/h

===========  ==========================================================================================================
system       the networks, bids, trades and schedules that a scheme is run on, and the switches of the operators
run          a scheme from its first clearing to its last
course       how each kind of clearing goes on from what was decided before
local        the market of a feeder alone: for its own need, at a schedule, or to share an award out
hand_up      what a feeder offers to the market above it
post_check   the check of a result by distribution operators, and their caps
violations   limits that are broken, before and after
outcome      what became of it all
example      a small system on which every scheme ends differently
money        who pays whom for an outcome, where every unit delivers what was ordered
messages     how many messages a scheme takes
comparison   the same periods under several schemes, side by side
sensitivity  the same comparison while one assumption moves
===========  ==========================================================================================================
"""
