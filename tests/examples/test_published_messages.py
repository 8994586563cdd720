"""Published messages of another house take the same path: Statnett's example bids, with needs written by us."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.cli import run as command
from adapters.offline.run import Run
from gateway.envelope import Envelope, Message
from gateway.identifiers import PartyId
from gateway.model import Bid, BidSet, Direction, Need, Party, Reserve, ReserveNeed, Role
from gateway.results import Fate, Verdict
from profiles import parse, to_canonical, write_message
from profiles.glance import head
from tests.examples.conftest import cleared

STATNETT = PartyId("10X1001A1001A38Y", "A01")
QUIRK = "nbm_inclusive_anywhere"
MARKET = f"""
[operator]
id = "{STATNETT.value}"

[market]
overlay = "nbm"
quirks = ["{QUIRK}"]
quantity_step = 1
"""

# Message; MW that we need in each of its quarter hours (up positive, down negative); MW accepted of each of its bids,
# in the order of the document. Every line can be checked against the message by eye.
CASES = [
    ("Complex_Exclusive", [-30], [0, 30, 0, 0]),  # one of the group, and the one that pays more
    ("Complex_Exclusive", [44], [0, 0, 44, 0]),
    ("Complex_Inclusive", [159], [27, 43, 44, 45]),  # all of it
    ("Complex_Inclusive", [100], [0, 0, 0, 0]),  # or none: two members cannot be divided
    ("Complex_Multipart", [-89], [0, 0, 44, 45]),  # down bids that pay most come first
    ("Complex_Multipart", [-45], [0, 0, 0, 45]),
    ("Simple_ConditionallyLinked", [-50, 0, 20], [50, 0, 20]),  # the third needs the first and not the second
    ("Simple_ConditionallyLinked", [-50, 10, 20], [50, 10, 0]),
    ("Simple_ConditionallyLinked", [0, 10, 20], [0, 0, 0]),  # the second needs the first
    ("Simple_FasterActivation", [20], [20]),
    ("Simple_MaxDurationAndRestingTime", [15, 13, 16, 13], [15, 0, 0, 13]),  # a quarter hour, then half an hour of rest
    ("Simple_ReserveBid", [-27, -43, 44, 5], [27, 43, 44, 5]),
    ("Simple_ReserveBid", [-26, -9, 43, 4], [0, 0, 0, 0]),  # each below what the bid gives at least
    ("Simple_Techlinked", [14, 13, 14, 13], [14, 13, 14, 13]),
]


@pytest.fixture(scope="module")
def published(reference_data: Path) -> dict[str, Path]:
    """Statnett's messages by the middle of their names."""
    folder = reference_data / "documents" / "samples" / "nordic_mfrr_eam"
    return {path.stem.removeprefix("SN_").replace("_MarketDocument", ""): path for path in folder.glob("SN_*.xml")}


def bids_of(message: Path) -> tuple[Envelope[Message], tuple[Bid, ...]]:
    envelope, _ = to_canonical(parse(message.read_bytes(), overlay="nbm", quirks=[QUIRK]))
    assert isinstance(envelope.message, BidSet)
    return envelope, envelope.message.bids


def need_document(message: Path, volumes_mw: Sequence[int]) -> bytes:
    """Write the need that goes with a published message: its area, its quarter hours, the volumes given."""
    envelope, bids = bids_of(message)
    quarters = sorted({bid.interval for bid in bids})
    needs = tuple(
        Need(
            id=f"need-{number}",
            buyer=STATNETT,
            area=bids[0].area,
            direction=Direction.UP if volume > 0 else Direction.DOWN,
            interval=quarter,
            quantity_mw=Decimal(abs(volume)),
        )
        for number, (quarter, volume) in enumerate(zip(quarters, volumes_mw, strict=True))
        if volume
    )
    letter = Envelope(
        id="need",
        sender=Party(STATNETT, Role.TRANSMISSION_SYSTEM_OPERATOR),
        receiver=Party(STATNETT, Role.MERIT_ORDER_LIST_RESPONSIBLE),
        created=quarters[0].start - timedelta(minutes=20),
        message=ReserveNeed(needs=needs),
        reserve=Reserve.MFRR,
        period=envelope.period,
        domain=envelope.domain,
    )
    return write_message(letter)


def clear_with(message: Path, volumes_mw: Sequence[int], folder: Path) -> Run:
    (folder / "market.toml").write_text(MARKET, encoding="utf-8")
    (folder / "bids.xml").write_bytes(message.read_bytes())
    (folder / "need.xml").write_bytes(need_document(message, volumes_mw))
    return cleared(folder)


@pytest.mark.parametrize(("name", "volumes_mw", "accepted_mw"), CASES, ids=str)
def test_published_bids_are_cleared_as_their_authors_mean_them(
    name: str, volumes_mw: list[int], accepted_mw: list[int], published: dict[str, Path], tmp_path: Path
) -> None:
    message = published[name if name.endswith("ReserveBid") else f"{name}_ReserveBid"]
    run = clear_with(message, volumes_mw, tmp_path)
    assert {document.verdict for document in run.received} == {Verdict.ACCEPTED}
    awards = {award.bid_id: award.quantity_mw for award in run.procurement.result.awards}
    assert [awards[bid.id] for bid in bids_of(message)[1]] == accepted_mw


def test_the_national_attribute_of_one_message_is_refused_by_the_common_market(
    published: dict[str, Path], tmp_path: Path
) -> None:
    run = clear_with(published["Simple_PeriodShift_ReserveBid"], [-27, -20, 44], tmp_path)
    verdicts = {document.file: document.verdict for document in run.received}
    assert verdicts == {"bids.xml": Verdict.REFUSED, "need.xml": Verdict.ACCEPTED}
    assert {finding.rule for document in run.received for finding in document.report.findings} == {"RB-040"}
    assert run.procurement.book.bids == ()


def test_a_published_bid_that_no_condition_frees_is_told_as_unavailable(
    published: dict[str, Path], tmp_path: Path
) -> None:
    message = published["Simple_ConditionallyLinked_ReserveBid"]
    run = clear_with(message, [0, 10, 20], tmp_path)
    fates = {award.bid_id: award.fate for award in run.procurement.result.awards}
    _, second, third = bids_of(message)[1]
    assert (fates[second.id], fates[third.id]) == (Fate.UNAVAILABLE, Fate.UNAVAILABLE)


def test_the_price_is_that_of_the_published_bid_at_the_margin(published: dict[str, Path], tmp_path: Path) -> None:
    run = clear_with(published["Complex_Exclusive_ReserveBid"], [-30], tmp_path)
    assert [price.price for price in run.procurement.result.prices] == [Decimal("7.42")]


def test_every_published_message_passes_the_rules_of_its_market(
    published: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(published) == 16
    files = [str(path) for path in published.values()]
    assert command(["validate", *files, "--market", "nordic_no", "--quirk", QUIRK]) == 0
    assert "16 documents, 16 clean, 0 findings" in capsys.readouterr().out


def test_every_published_bid_came_in_time(published: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    offers = {name: path for name, path in published.items() if name.endswith("ReserveBid")}
    assert len(offers) == 9
    for path in offers.values():
        created = head(path.read_bytes()).created
        assert created is not None
        now = (created + timedelta(minutes=1)).isoformat()
        assert command(["validate", str(path), "--market", "nordic_no", "--quirk", QUIRK, "--now", now]) == 0
        assert command(["validate", str(path), "--market", "nordic_no", "--quirk", QUIRK, "--now", "2023-01-01T00:00Z"])
    assert "RB-002" in capsys.readouterr().out


def test_without_the_quirk_the_one_that_breaks_its_schema_is_refused(
    published: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    message = published["Complex_Inclusive_ReserveBid"]
    assert command(["validate", str(message), "--market", "nordic_no"]) == 1
    assert "GEN-004" in capsys.readouterr().out
