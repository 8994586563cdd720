"""The effort for a document grows with its size and not with the square of it, however its bids hang together."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from uuid import NAMESPACE_URL, uuid5

import pytest
from lxml import etree

from profiles import markets
from profiles.reading import Parsed, parse
from profiles.rules.engine import check
from tests.profiles.rules.cases import context, source

SMALL, LARGE = 200, 1200
ALLOWANCE = 3
"""Times the growth of the document; growth with the square would be six times."""


def lonely(_number: int, block: str) -> str:
    return block


def one_exclusive_group(_number: int, block: str) -> str:
    return block.replace("</divisible>", "</divisible><exclusiveBidsIdentification>all</exclusiveBidsIdentification>")


def one_multipart_group(number: int, block: str) -> str:
    priced = block.replace("45.50", f"{number / 100:.2f}")
    return priced.replace("</divisible>", "</divisible><multipartBidIdentification>all</multipartBidIdentification>")


def one_chain(_number: int, block: str) -> str:
    return block.replace("</divisible>", "</divisible><linkedBidsIdentification>all</linkedBidsIdentification>")


def all_linked_to_the_first(_number: int, block: str) -> str:
    first = uuid5(NAMESPACE_URL, "0")
    link = f"<Linked_BidTimeSeries><mRID>{first}</mRID><status><value>A55</value></status></Linked_BidTimeSeries>"
    return block.replace("</Period>", f"</Period>{link}").replace("A06", "A65")


def all_broken(_number: int, block: str) -> str:
    return block.replace("EUR", "NOK").replace("<quantity.quantity>30", "<quantity.quantity>30.5")


def document(bids: int, shape: Callable[[int, str], str]) -> Parsed:
    """Return *bids* bids made from the first valid one."""
    root = etree.fromstring(source("bids"))
    series = root.findall("{*}Bid_TimeSeries")
    block = etree.tostring(series[0], encoding="unicode")
    for other in series:
        root.remove(other)
    identifier = series[0].findtext("{*}mRID") or ""
    blocks = (shape(n, block.replace(identifier, str(uuid5(NAMESPACE_URL, str(n))))) for n in range(bids))
    text = etree.tostring(root, encoding="unicode").replace("</ReserveBid", f"{''.join(blocks)}</ReserveBid")
    return parse(text.encode())


def effort(parsed: Parsed) -> float:
    """Return the seconds of computing that one check takes, at best."""
    market, known = markets.load("project"), context()
    seconds = []
    for _ in range(3):
        started = process_time()
        check(parsed.document, parsed.edition, market, known)
        seconds.append(process_time() - started)
    return min(seconds)


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [lonely, one_exclusive_group, one_multipart_group, one_chain, all_linked_to_the_first, all_broken],
    ids=lambda shape: shape.__name__.replace("_", " "),
)
def test_effort_grows_with_the_document(shape: Callable[[int, str], str]) -> None:
    small, large = effort(document(SMALL, shape)), effort(document(LARGE, shape))
    assert large <= ALLOWANCE * small * LARGE / SMALL, f"{large / small:.1f} times the effort"
