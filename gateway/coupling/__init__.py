"""Coupling across borders: areas of several system operators clear together.

`couple` takes an `Agreement` and what each member says, and answers with a `Coupled` result that is the same at every
member. How it works, file by file:

===============  ========================================================================================
agreement        who takes part, who clears with whom from when on, by which rules
capacities       what borders can carry, and what is left after an exchange
pool             what the members say, put together; who is silent is cut off
joint            the joint clearing: every part of the cooperation in every interval, with a record
local            what a member offers to the others: its own order book, made fit to be handed on
exchange         the messages between members, and what each makes of those it hears
publication      the common merit order list, the capacities that are left, the share of one member
transport        areas as a transport problem, and its best answer by several goals, one after the other
goals            the goals of the balancing processes
process          a balancing process as data; ``rr``, ``mfrr_scheduled``, ``mfrr_direct`` are such, as the next two
netting          imbalance netting, in proportion or to whom it spares most
afrr             automatic reserve: cycles of four seconds and their prices
mfrr_direct      direct activation: one demand at a time, after a scheduled clearing
sequence         processes one after the other, each with what the ones before it left of the borders
settlement       what the operators pay each other, and what a run of cycles costs
===============  ========================================================================================
"""

from gateway.coupling.agreement import Agreement, Member, agreement_of
from gateway.coupling.joint import Coupled, PartResult, PeriodRecord, couple
from gateway.coupling.pool import Contribution

__all__ = ["Agreement", "Contribution", "Coupled", "Member", "PartResult", "PeriodRecord", "agreement_of", "couple"]
