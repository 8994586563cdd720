"""Least volume first: needs are served with as little activation as possible, and only then as cheaply as possible.

Where a down bid pays more than an up bid costs, activating both adds welfare though nobody needs it: *counter-
activation*. A market may rule it out. The goals then follow one another:

1. serve the needs;   2. min Σ_b x_b, the activated volume   [MW];   3. the greatest welfare.

That is defined for inelastic needs, freely divisible bids and borders without losses; a market that asks for more is
refused (`gateway.clearing.market`), and other bids take no part. The first two goals are a linear program over a
network, so that its answer lies on the grid. Which volumes are as small is told by the *residual arcs* of its flows:
i → j where more could flow from i to j, or less from j to i. With U the nodes from which a residual path leads to an
activated up bid, and D those to which one leads from an activated down bid:

* no node is in both: up and down would be cut back along that path;
* an up bid can take part only in U, where it replaces another one; a down bid only in D;
* a border into U or out of D is full, and one out of U or into D is empty, in every answer of least volume.

The third goal is the clearing of what is left: bids that cannot take part stay at nothing, and flows over the edges of
U and D as they are. Prices support all that, and also the bids and borders that stand aside, if there are such prices;
otherwise these ask for nothing, and a border may carry a flow from a dearer to a cheaper area.

Source: goals of the European platform for automatic reserves (implementation framework under Regulation (EU) 2017/2195,
Article 21); residual networks in Ahuja, Magnanti, Orlin, "Network Flows" (1993), section 2.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gateway.clearing.problem import Ints, Mask


class Regions(NamedTuple):
    """Nodes in which up bids, and nodes in which down bids, can take part without more being activated than must be."""

    up: Mask
    down: Mask

    @property
    def overlap(self) -> Mask:
        """Nodes that are in both: there is activation in vain."""
        return self.up & self.down

    def aside(self, node: Ints, sign: Ints) -> Mask:
        """Return which offers, by their nodes and signs, stand aside."""
        return np.asarray(~np.where(sign > 0, self.up[node], self.down[node]), dtype=bool)

    def edges(self, start: Ints, end: Ints) -> Mask:
        """Return which arcs cross the edge of a region."""
        return np.asarray((self.up[start] != self.up[end]) | (self.down[start] != self.down[end]), dtype=bool)


def regions(nodes: int, arcs: tuple[Ints, Ints], more: Mask, less: Mask, activated: tuple[Ints, Ints]) -> Regions:
    """Return the regions of so many *nodes*.

    *arcs*: start and end of each; *more* and *less*: where the flow could be larger, and smaller. *activated*: the
    nodes of activated up bids, and of activated down bids.

    >>> arcs, full = (np.array([0, 1]), np.array([1, 2])), np.array([False, True])
    >>> found = regions(3, arcs, more=~full, less=full, activated=(np.array([1]), np.array([0])))
    >>> found.up.tolist(), found.down.tolist()
    ([True, True, True], [True, True, False])
    """
    start, end = arcs
    tail, head = np.concatenate([start[more], end[less]]), np.concatenate([end[more], start[less]])
    return Regions(_reached(nodes, head, tail, activated[0]), _reached(nodes, tail, head, activated[1]))


def _reached(nodes: int, tail: Ints, head: Ints, sources: Ints) -> Mask:
    """Return the nodes to which arcs from *tail* to *head* lead from *sources*, these included."""
    found = np.zeros(nodes, dtype=bool)
    found[sources] = True
    for _ in range(nodes):
        further = found.copy()
        further[head[found[tail]]] = True
        if np.array_equal(further, found):
            break
        found = further
    return found
