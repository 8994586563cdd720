"""Replacement reserve: scheduled for quarter hours, the first process to use the borders.

European RR platform (implementation framework under Regulation (EU) 2017/2195, article 19). Needs may have a price
limit, bids may be indivisible or exclude each other, and an up bid may be activated against a down bid that pays more.

>>> [goal.sentence for goal in PROCESS.goals][0]
'greatest satisfied demand [MW]'
"""

from __future__ import annotations

from datetime import timedelta

from gateway.areas import Exchange
from gateway.coupling.goals import FLOWS, SATISFIED_DEMAND, WELFARE
from gateway.coupling.process import Process
from gateway.model import Activation, Reserve

PROCESS = Process(
    title="replacement reserve",
    exchange=Exchange.REPLACEMENT,
    reserve=Reserve.RR,
    activation=Activation.SCHEDULED,
    unit=timedelta(minutes=15),
    goals=(SATISFIED_DEMAND, WELFARE, FLOWS),
)
"""Cleared by `gateway.coupling.joint`."""
