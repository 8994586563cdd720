"""Nordic transmission system operators: ``inclusiveBidsIdentification`` after ``divisible``.

The published examples of inclusive bids name the Nordic edition of ReserveBid 7.2, whose schema wants
``inclusiveBidsIdentification`` as the last element of a ``Bid_TimeSeries``, and put it directly after ``divisible``
(where the neighbouring group identifiers stand). The element is moved to the end of its series.
"""

from __future__ import annotations

from lxml import etree

NAMESPACES = frozenset({"urn:iec62325:ediel:nbm:reservebiddocument:7:2"})
"""Only this edition has the element last."""


def repair(root: etree._Element) -> list[str]:
    """Move the element where it belongs; return one sentence for each series concerned."""
    done = []
    for number, series in enumerate(root.iterchildren("{*}Bid_TimeSeries"), 1):
        inclusive = series.find("{*}inclusiveBidsIdentification")
        if inclusive is not None and inclusive.getnext() is not None:
            series.append(inclusive)
            done.append(f"inclusiveBidsIdentification of Bid_TimeSeries[{number}] moved last")
    return done
