"""Reading with the rules of a market: what is refused, what is left, what is said of it."""

import dataclasses
import hashlib
import random

import pytest

from gateway.errors import Malformed, Misconfigured
from gateway.model import BidSet
from gateway.report import Level
from profiles import markets, parse, quirks, read, write
from profiles.registry import DOCUMENTS
from tests.generate_documents import plausible_bids

EDITION = DOCUMENTS["reserve_bid"].EDITIONS[0]
MARKET = markets.load("project")
BIDS = plausible_bids(4, random.Random(11))


def accepted(data: bytes) -> tuple[str, ...]:
    reading = read(data, MARKET)
    assert reading.envelope is not None
    assert isinstance(reading.envelope.message, BidSet)
    return tuple(bid.id for bid in reading.envelope.message.bids)


def test_a_good_document_is_read_whole() -> None:
    data = write(BIDS, EDITION)
    reading = read(data, MARKET)
    assert reading.report.findings == ()
    assert reading.document == BIDS
    assert reading.edition is EDITION
    assert reading.digest == hashlib.sha256(data).hexdigest()
    assert reading.envelope is not None
    assert reading.envelope.digest == reading.digest
    assert accepted(data) == tuple(series.id for series in BIDS.series)


def test_a_series_that_a_rule_refuses_is_left_out() -> None:
    first, *others = BIDS.series
    broken = dataclasses.replace(first, quantity_unit="KWT")
    data = write(dataclasses.replace(BIDS, series=(broken, *others)), EDITION)
    reading = read(data, MARKET)
    assert reading.report.rejected_subjects == {first.id}
    assert accepted(data) == tuple(series.id for series in others)


def test_a_document_that_is_refused_has_no_meaning() -> None:
    data = write(BIDS, EDITION).replace(b"<currency_Unit.name>EUR", b"<currency_Unit.name>XXQ")
    reading = read(data, MARKET)
    assert reading.report.rejects_document
    assert reading.envelope is None
    assert len(reading.document.series) == 4


def test_without_a_market_only_the_standard_is_asked() -> None:
    broken = dataclasses.replace(BIDS, series=(dataclasses.replace(BIDS.series[0], quantity_unit="KWT"),))
    reading = read(write(broken, EDITION))
    (finding,) = reading.report.findings
    assert (finding.rule, finding.level) == ("MAP", Level.DOCUMENT)
    assert finding.path == "/ReserveBid_MarketDocument/Bid_TimeSeries[1]/quantity_Measurement_Unit.name"
    assert reading.envelope is None


def test_the_overlay_is_that_of_the_market_or_the_one_that_is_named() -> None:
    nordic = markets.load("nordic_no")
    assert nordic.overlay == "nbm"
    local = (
        write(BIDS, EDITION)
        .replace(b"<Reason>", b"")
        .replace(b"</Period>", b"</Period><Reason><code>Z64</code></Reason>")
    )
    assert {f.rule for f in read(local).report.findings} == {"GEN-005"}
    assert "GEN-005" not in {f.rule for f in read(local, nordic).report.findings}
    assert read(local, overlay="nbm").report.findings == ()


def test_unknown_names_are_settings_faults() -> None:
    data = write(BIDS, EDITION)
    with pytest.raises(Misconfigured, match="nbm_inclusive_anywhere"):
        parse(data, quirks=("no_such",))
    with pytest.raises(Misconfigured, match="overlay"):
        parse(data, overlay="no_such")


def test_quirks_are_found_by_folder() -> None:
    assert "nbm_inclusive_anywhere" in quirks.names()
    for name in quirks.names():
        module = quirks.load(name)
        assert module.__doc__
        assert module.NAMESPACES


def test_a_quirk_says_what_it_mended_only_where_there_was_something() -> None:
    nordic = next(edition for edition in DOCUMENTS["reserve_bid"].EDITIONS if edition.name == "7.2-nbm")
    grouped = dataclasses.replace(BIDS, series=tuple(dataclasses.replace(s, inclusive_bids="g") for s in BIDS.series))
    right = write(grouped, nordic)
    line = b"    <inclusiveBidsIdentification>g</inclusiveBidsIdentification>\n"
    wrong = right.replace(line, b"").replace(b"    <status>\n", line + b"    <status>\n")
    allowed = ("nbm_inclusive_anywhere",)
    with pytest.raises(Malformed):
        parse(wrong)
    assert parse(right, quirks=allowed).report.assumptions == ()
    mended = parse(wrong, quirks=allowed)
    assert mended.document == parse(right).document
    assert len(mended.report.assumptions) == 4
    assert mended.digest == hashlib.sha256(wrong).hexdigest()


def test_a_quirk_does_not_reach_other_editions() -> None:
    grouped = dataclasses.replace(BIDS, series=(dataclasses.replace(BIDS.series[0], inclusive_bids="g"),))
    line = b"    <inclusiveBidsIdentification>g</inclusiveBidsIdentification>\n"
    wrong = write(grouped, EDITION).replace(line, b"").replace(b"    <status>\n", line + b"    <status>\n")
    with pytest.raises(Malformed):
        parse(wrong, quirks=("nbm_inclusive_anywhere",))
