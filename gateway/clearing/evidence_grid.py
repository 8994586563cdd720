"""The grid of one interval with what a result says of it, as columns: borders and their flows, limits and their prices.

The market says which borders there are and what they carry, and which limits count which bids; the result says what
flows and what a limit is worth. Part of `gateway.clearing.evidence`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from gateway.clearing.borders import Border
from gateway.clearing.counting import Numbers
from gateway.clearing.evidence_orders import Offers, Page, Supply, Units
from gateway.clearing.market import Commodity
from gateway.clearing.offers import Node
from gateway.clearing.problem import Floats, Ints, Mask
from gateway.model import ZERO, Bid, Limit
from gateway.results import ClearingPrice, ExchangeFlow


class Arcs(NamedTuple):
    """Every commodity over every border, with its flow. ``half_loss``: the share lost on either side."""

    border: Ints
    start: Ints
    end: Ints
    flow: Numbers
    half_loss: Numbers


class Limits(NamedTuple):
    """The grid limits that count an offer; ``matrix``: what a unit of each offer counts in each limit.

    ``shadow``: the shadow prices, 0 where the result states none; ``own``: limits that are one provider's own.
    """

    names: list[str]
    headroom: Floats
    matrix: csr_array
    shadow: Floats
    own: Mask


class Way(NamedTuple):
    """A commodity over a border, between two nodes by number, with the MW that flow."""

    border: int
    start: int
    end: int
    mw: Decimal


def ways_of(
    found: Sequence[Border], nodes: Sequence[Node], flows: Sequence[ExchangeFlow]
) -> tuple[list[Way], list[ExchangeFlow]]:
    """Return every commodity over every border between nodes with a price, and the flows that are none of these."""
    flowing = {ends(flow): flow for flow in flows}
    index = {node: at for at, node in enumerate(nodes)}
    ways = []
    for at, border in enumerate(found):
        for each in sorted({node.commodity for node in nodes}):
            start, end = Node(border.from_area, each), Node(border.to_area, each)
            if start in index and end in index:
                flow = flowing.pop((start, end), None)
                ways.append(Way(at, index[start], index[end], flow.quantity_mw if flow else ZERO))
    return ways, list(flowing.values())


def arcs_of(ways: Sequence[Way], found: Sequence[Border], flow: Numbers) -> Arcs:
    """Return the columns of *ways*, over the borders *found*."""
    lossy = any(border.loss_factor for border in found)
    return Arcs(
        border=np.array([way.border for way in ways], dtype=np.int64),
        start=np.array([way.start for way in ways], dtype=np.int64),
        end=np.array([way.end for way in ways], dtype=np.int64),
        flow=flow,
        half_loss=np.array([found[way.border].loss_factor / 2 for way in ways], dtype=float if lossy else np.int64),
    )


def limits_of(stated: Sequence[Limit], page: Page, supply: Supply, offers: Offers, units: Units) -> Limits:
    """Return those of the *stated* limits that count an offer."""
    member_of, asked = offers.member_of, supply.asked.astype(float)
    offered = np.bincount(member_of + 1, weights=asked, minlength=len(offers.names) + 1)[1:]
    place = {bid.id: at for at, bid in enumerate(page.bids) if member_of[at] >= 0} if stated else {}
    known = {bid.id: bid for bid in page.bids} if stated else {}
    kept, rows = [], []
    for limit in stated:
        row = np.zeros(offered.size)
        for name, coefficient in limit.coefficients.items():
            if name in place:
                bid = place[name]
                row[member_of[bid]] += float(coefficient) * (asked[bid] / offered[member_of[bid]])
        if row.any():
            kept.append(limit)
            rows.append(csr_array(row[np.newaxis, :]))
    shadows = {shadow.limit_id: shadow.price for shadow in page.shadows}
    return Limits(
        names=[limit.id for limit in kept],
        headroom=np.array([float(max(limit.headroom_mw, ZERO) / units.mw) for limit in kept]),
        matrix=csr_array(vstack(rows)) if rows else csr_array((0, offered.size)),
        shadow=np.array([float(shadows.get(limit.id, ZERO) / units.price) for limit in kept]),
        own=np.array([_own(limit, known) for limit in kept], dtype=bool),
    )


def _own(limit: Limit, bids: Mapping[str, Bid]) -> bool:
    """Whether a limit is the joint capacity of one provider's bids: stated by itself, and every MW takes of it."""
    counted = [name for name, value in limit.coefficients.items() if value and name in bids]
    return all(limit.coefficients[name] > 0 and bids[name].provider == limit.sender for name in counted)


def node_of_price(price: ClearingPrice) -> Node:
    """Return the node that *price* is for."""
    return Node(price.area, Commodity(price.reserve, price.product))


def ends(flow: ExchangeFlow) -> tuple[Node, Node]:
    """Return the nodes that *flow* joins."""
    traded = Commodity(flow.reserve, flow.product)
    return Node(flow.from_area, traded), Node(flow.to_area, traded)
