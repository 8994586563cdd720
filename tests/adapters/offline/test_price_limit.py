"""The price cap of the market file and the limits of its profile are one limit: the narrower one."""

from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.folder import File
from adapters.market_file import read_market
from adapters.offline.reception import receive
from gateway.results import Verdict
from profiles import write_message
from tests.adapters.example import MARKET_FILE, bids, envelopes, with_bids


@pytest.mark.parametrize(("price", "verdict"), [(80, Verdict.ACCEPTED), (81, Verdict.REFUSED), (-81, Verdict.REFUSED)])
def test_a_bid_beyond_the_cap_of_the_market_is_refused(price: int, verdict: Verdict) -> None:
    settings = read_market(MARKET_FILE)
    capped = replace(settings, market=replace(settings.market, price_cap=Decimal(80)))
    document = with_bids(envelopes()["bids.xml"], replace(bids()[0], price=Decimal(price)))
    (received,) = receive([File("bids.xml", write_message(document))], capped, None)
    assert received.verdict is verdict
    assert [finding.rule for finding in received.report.findings] == ([] if verdict is Verdict.ACCEPTED else ["RB-008"])
