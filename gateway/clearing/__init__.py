"""The clearing of a market: which bids are accepted, at what prices, and why the others are not.

`clear` takes a `Market` and answers with a `gateway.results.ClearingResult`. How it works, file by file:

===============  ========================================================================================
market           what is given, and by which rules it is cleared
tolerance        needs that may be served beyond their size, so that indivisible bids fit
guaranteed       volumes that an operator keeps out of the common list
eligibility      which bids may not be seen, and why
offers, borders  inclusive groups merged; capacities of several operators made one
problem          all of that in numbers; ``rows``: what binds volumes besides balances
periods, joint   which intervals are cleared together, and their numbers side by side
admission        which offers of such intervals take part; ``linking``, ``couplings``: what binds them
equations        the clearing, one equation to a function (``_periods``: what spans intervals);
                 ``reference`` writes and compiles it, ``arrays`` builds the same at once
solver           the one place that calls the solver
merit_order      areas that stand alone, by sorting
least_volume     where nothing is activated against other bids, whatever welfare that would add
dispatch         required needs first, then welfare
search           how yes-or-no decisions are taken, and within what limits
fixing           many decisions: relax, round, fix, decide the rest, prove
lagrange         the bounds of that proof; ``residual``: the small program that is left
ties             who goes first among equals; ``precedence``: the same where bids are not divisible
prices           all prices that support the volumes, and the published one
exclusion        strict prices: nobody loses; ``strict`` is the exact form for small markets
fates, outcome   why each bid was or was not accepted; the result
trades           who bought and who sold what, at what price
price_setters    what set each price: the orders at the margin, the borders that part price zones
certificate      the proof that a result is right, from market and result alone; ``evidence``
                 (``_orders``, ``_grid``) lays both out as columns, ``counting`` makes their numbers exact;
                 ``certificate_periods`` looks across intervals
reclear          clearing again after blocks and withdrawals, from where the last clearing ended
parallel         many clearings at once, by an executor of the caller
example          short forms to write down small markets
===============  ========================================================================================
"""

from __future__ import annotations

from gateway.clearing.auction import clear
from gateway.clearing.certificate import Violation, certify
from gateway.clearing.market import ClearingRules, Market
from gateway.market import Pricing

__all__ = ["ClearingRules", "Market", "Pricing", "Violation", "certify", "clear"]
