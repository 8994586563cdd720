"""Settlement of balancing energy: from activation and meter to money, in exact decimals.

The order of business (Regulation (EU) 2017/2195, Title V): awarded power gives the requested energy
(`delivery`), a baseline (`baseline`) and the meter give the delivered energy, both give payments
(`payments`) and the correction of the balance responsible parties' perimeters (`perimeter`); the exchange
between areas (`exchange`) and the split of joint cost (`cost_split`) follow. Money moves only through the
`ledger`, by double entry, so that every run sums to zero.

Conventions: energy in MWh, prices per MWh, time in `datetime.timedelta`; net injection into the grid is
positive; energy *in the requested direction* is positive, whichever the direction is.
"""
