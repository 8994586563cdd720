"""What a document can say only in part: the cut is marked in it, and told as a loss everywhere else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.folder import File, Folder
from adapters.market_file import read_market
from adapters.offline.outputs import Outputs, outputs
from adapters.offline.run import run
from gateway.envelope import Envelope, Message
from gateway.model import Blocking
from gateway.results import Allocation, Fate
from gateway.schemes import named
from profiles import read, unsaid, write_message
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import MARKET_FILE, bids, blocking, envelopes, write_folder

SELLER_FILE = "allocations/seller_9520000000011_20270114T0700Z.xml"
BEFORE = "not usable: blocked by a system operator; Blocked by the distribution system operator 9520000000028 (B46 "
AFTER = ")."


def blocked(words: str) -> dict[str, Envelope[Message]]:
    """Return the messages of the market, with a block of S2 that is explained in *words*."""
    letter = blocking(bids()[4])
    assert isinstance(letter.message, Blocking)
    (block,) = letter.message.blocks
    return {**envelopes(), "block.xml": replace(letter, message=Blocking(blocks=(replace(block, reason=words),)))}


def written(words: str) -> Outputs:
    files = tuple(File(name, write_message(letter)) for name, letter in blocked(words).items())
    return outputs(run(Folder(files, ()), read_market(MARKET_FILE), named("centralised"), None), "1")


@pytest.mark.parametrize(("length", "lost"), [(405, 0), (406, 1), (500, 1)], ids=["at the limit", "beyond", "far"])
def test_a_fate_of_more_than_512_characters_is_a_loss(length: int, lost: int) -> None:
    done = written(f"B46 {'w' * length}")
    whole = len(BEFORE) + length + len(AFTER)
    assert (whole > 512) == bool(lost)
    expected = f"{SELLER_FILE}: reason of bid {bids()[4].id}: 512 characters are kept of {whole}"
    assert done.losses == (expected,) * lost
    assert done.unwritten == ()
    record = json.loads(done.files["result.json"])
    assert record["report"]["losses"] == list(done.losses)
    assert (b"512 characters are kept" in done.files["report.html"]) == bool(lost)


def test_the_cut_is_marked_in_the_document_and_the_record_keeps_all_words() -> None:
    done = written(f"B46 {'w' * 500}")
    envelope = read(done.files[SELLER_FILE]).envelope
    assert envelope is not None
    assert isinstance(envelope.message, Allocation)
    (award,) = [award for award in envelope.message.awards if award.bid_id == bids()[4].id]
    assert award.fate is Fate.BLOCKED
    kept = 512 - len(BEFORE) - len("...")
    assert award.reason == (BEFORE + "w" * kept + "...").removeprefix(f"{Fate.BLOCKED}; ")
    kept_whole = [one["reason"] for one in json.loads(done.files["result.json"])["result"]["awards"]]
    assert (BEFORE + "w" * 500 + AFTER).removeprefix(f"{Fate.BLOCKED}; ") in kept_whole


def test_a_command_tells_the_loss_and_ends_with_1(capsysbinary: Capture, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "in", blocked(f"B46 {'w' * 500}"))
    ended = gateway(capsysbinary, "clear", folder, "--out", tmp_path / "out")
    assert ended.status == 1
    whole = len(BEFORE) + 500 + len(AFTER)
    assert ended.err == f"lost: {SELLER_FILE}: reason of bid {bids()[4].id}: 512 characters are kept of {whole}\n"
    short = write_folder(tmp_path / "short", blocked("B46 transformer"))
    ended = gateway(capsysbinary, "clear", short, "--out", tmp_path / "brief")
    assert (ended.status, ended.err) == (0, "")


def test_most_messages_are_said_whole() -> None:
    assert [unsaid(letter) for letter in blocked(f"B46 {'w' * 500}").values()] == [(), (), (), ()]
