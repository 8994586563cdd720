"""Manual frequency restoration reserve, scheduled: once for every quarter hour.

European mFRR platform (implementation framework under Regulation (EU) 2017/2195, article 20; ACER decision 03-2020).
Consumers are positive demands and down bids, suppliers negative demands and up bids. A demand without a price limit
counts at the price cap, so that it is met first.

>>> PROCESS.exchange
<Exchange.MANUAL_RESTORATION: 'mFRR'>
"""

from __future__ import annotations

from datetime import timedelta

from gateway.areas import Exchange
from gateway.coupling.goals import FLOWS, SATISFIED_DEMAND, WELFARE
from gateway.coupling.process import Process
from gateway.model import Activation, Reserve

PROCESS = Process(
    title="manual frequency restoration reserve, scheduled",
    exchange=Exchange.MANUAL_RESTORATION,
    reserve=Reserve.MFRR,
    activation=Activation.SCHEDULED,
    unit=timedelta(minutes=15),
    goals=(SATISFIED_DEMAND, WELFARE, FLOWS),
)
"""Cleared by `gateway.coupling.joint`."""
