"""Which offers of intervals that are cleared together take part, once all of them are known.

Rules
1. A block bid takes part as a whole: where a member cannot be used, none can. Its ratio lies between the largest of its
   members' least ratios and the smallest of their greatest ones.
2. A child takes part only where its parent does.
3. A bid that is available only if another one is activated, or not activated, takes part only where that can be.
4. What others look at counts as accepted from one step on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from gateway.clearing.eligibility import CONDITIONS, Screening, Unusable, outcome_names
from gateway.clearing.market import Market
from gateway.clearing.offers import Offer, offers
from gateway.clearing.periods import names, parents_of, timed_units, unit_of
from gateway.model import Bid, Link
from gateway.results import Fate
from gateway.time import Interval

Key = tuple[Interval, str]
"""An offer, by its interval and its id."""
_Refusal = tuple[Key, Fate, str]


@dataclass
class Admission:
    """The offers of intervals that are cleared together: those that take part, and the bids that do not."""

    market: Market
    periods: tuple[Interval, ...]
    live: dict[Key, Offer]
    refused: list[Unusable]

    @cached_property
    def known(self) -> dict[str, dict[Interval, str]]:
        """The names of bids and inclusive groups of the market, with their intervals."""
        return names(self.market.bids)

    @cached_property
    def outcomes(self) -> dict[str, set[Interval]]:
        """The names under which an outcome is known, with the intervals cleared together that have them."""
        found: dict[str, set[Interval]] = {}
        for bid in self.market.bids:
            if bid.interval in self.periods:
                for name in outcome_names(bid):
                    found.setdefault(name, set()).add(bid.interval)
        return found

    @property
    def holders(self) -> dict[Key, Key]:
        """The live offer that has each bid id or group id, by interval."""
        named: dict[Key, Key] = {}
        for key, offer in self.live.items():
            named |= {(key[0], name): key for bid in offer.bids for name in (bid.id, bid.inclusive or bid.id)}
        return named

    def parents(self, bid: Bid) -> tuple[Key, ...]:
        """Return the parts of the parent of *bid*, by interval and name."""
        return tuple(sorted(parents_of(bid, self.known).items()))

    def of(self, period: Interval) -> tuple[Offer, ...]:
        """Return the offers of *period* that take part, sorted by id."""
        return tuple(offer for (at, _), offer in sorted(self.live.items(), key=lambda item: item[0]) if at == period)

    def targets(self, offer: Offer, link: Link) -> tuple[Key, ...]:
        """Return the live offers that *link* looks at: those of the latest interval before *offer* with its name."""
        period = offer.bids[0].interval
        latest = max((at for at in self.outcomes.get(link.bid_id, ()) if at < period), default=None)
        return tuple(
            key
            for key, each in self.live.items()
            if key[0] == latest and any(link.bid_id in outcome_names(bid) for bid in each.bids)
        )


def admit(market: Market, periods: tuple[Interval, ...], screenings: Sequence[Screening]) -> Admission:
    """Return which offers of *periods* take part, each with the amounts that its couplings leave it."""
    scale = market.scale
    made = [offers(screening, scale) for screening in screenings]
    live = {
        (period, offer.id): offer for period, (of_period, _) in zip(periods, made, strict=True) for offer in of_period
    }
    admission = Admission(market, periods, live, [each for _, refused in made for each in refused])
    while found := {key: (fate, reason) for rule in _RULES for key, fate, reason in rule(admission)}:
        for key, (fate, reason) in sorted(found.items()):
            admission.refused += [Unusable(bid, fate, reason) for bid in admission.live.pop(key).bids]
    for members in _block_bids(admission).values():
        admission.live |= dict(zip(members, _in_one_ratio([live[key] for key in members]) or (), strict=True))
    for key in _looked_at(admission):
        offer = admission.live[key]
        admission.live[key] = replace(offer, minimum=max(offer.minimum, offer.granularity or 1))
    return admission


def _block_bids(admission: Admission) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for key, offer in sorted(admission.live.items(), key=lambda item: item[0]):
        if offer.bids[0].block_bid:
            found.setdefault(offer.bids[0].block_bid, []).append(key)
    return found


def _incomplete(admission: Admission) -> Iterator[_Refusal]:
    """Yield the members of block bids that cannot be used as a whole."""
    blocks = _block_bids(admission)
    present = {(bid.id, bid.interval) for offer in admission.live.values() for bid in offer.bids}
    lost: dict[str, Bid] = {}
    for bid in sorted(admission.market.bids, key=lambda bid: (bid.interval, bid.id)):
        if bid.block_bid in blocks and (bid.id, bid.interval) not in present:
            lost.setdefault(bid.block_bid or "", bid)
    for name, members in blocks.items():
        if name in lost:
            reason = f"Bid {lost[name].id} of {lost[name].interval}, of its block bid {name}, cannot be used."
        elif _in_one_ratio([admission.live[key] for key in members]) is None:
            reason = f"No ratio suits all bids of its block bid {name}."
        else:
            continue
        yield from ((key, Fate.BLOCK_REJECTED, reason) for key in members)


def _orphans(admission: Admission) -> Iterator[_Refusal]:
    """Yield the children whose parent takes no part."""
    holders = admission.holders
    for key, offer in admission.live.items():
        bid = offer.bids[0]
        parents = admission.parents(bid) if bid.parent else ()
        if bid.parent and not (parents and all(parent in holders for parent in parents)):
            known = "cannot be used" if parents else "is not known"
            yield key, Fate.UNAVAILABLE, f"Its parent {bid.parent} {known}."


def _never_available(admission: Admission) -> Iterator[_Refusal]:
    """Yield the offers that a link to an offer that takes no part keeps out."""
    for key, offer in admission.live.items():
        permits = [link for link in offer.waits if CONDITIONS[link.condition].available]
        if permits and not any(_possible(link, admission.targets(offer, link)) for link in permits):
            yield key, Fate.UNAVAILABLE, "It is unavailable unless a link makes it available, and none does."
        for link in offer.waits:
            meaning = CONDITIONS[link.condition]
            if not (meaning.available or meaning.activated or admission.targets(offer, link)):
                yield key, Fate.UNAVAILABLE, f"Its link to {link.bid_id} makes it {link.condition}."


def _possible(link: Link, targets: tuple[Key, ...]) -> bool:
    return bool(targets) or not CONDITIONS[link.condition].activated


_RULES = (_incomplete, _orphans, _never_available)
"""What keeps an offer out because of others."""


def _looked_at(admission: Admission) -> set[Key]:
    """Return the offers whose acceptance others look at: parents, targets of links, units whose activations count."""
    holders, units = admission.holders, timed_units(admission.market)
    found: set[Key] = set()
    for key, offer in admission.live.items():
        found |= {holders[parent] for bid in offer.bids[:1] if bid.parent for parent in admission.parents(bid)}
        found |= {target for link in offer.waits for target in admission.targets(offer, link)}
        if any(unit_of(bid) in units for bid in offer.bids):
            found.add(key)
    return found


def _in_one_ratio(members: list[Offer]) -> list[Offer] | None:
    """Return the members of a block bid with the amounts that one ratio for all leaves; None where there is none."""
    least = max(Fraction(offer.minimum, offer.offered) for offer in members)
    most = min(Fraction(offer.quantity, offer.offered) for offer in members)
    if least > most:
        return None
    narrowed = []
    for offer in members:
        step = offer.granularity or 1
        minimum, quantity = ceil(least * offer.offered / step) * step, floor(most * offer.offered / step) * step
        cap = (f"its block bid takes part with {float(most):.0%}",) if quantity < offer.quantity else ()
        narrowed.append(replace(offer, minimum=minimum, quantity=quantity, caps=(*offer.caps, *cap)))
    return None if any(each.quantity < max(each.minimum, 1) for each in narrowed) else narrowed
