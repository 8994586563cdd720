"""`gateway schema`: what it writes is a schema of the edition that was asked for."""

from pathlib import Path

import pytest
from lxml import etree

from profiles import registry, write_message
from profiles.xsd import schema
from tests.adapters.cli.commands import Capture, gateway
from tests.adapters.example import envelopes

GOOD = write_message(envelopes()["bids.xml"])


@pytest.mark.parametrize("document", ["reserve_bid", "ReserveBid_MarketDocument"])
def test_the_schema_accepts_what_the_gateway_writes(capsysbinary: Capture, document: str) -> None:
    ended = gateway(capsysbinary, "schema", document, "7.4")
    assert (ended.status, ended.err) == (0, "")
    written = etree.XMLSchema(etree.fromstring(ended.out.encode()))
    assert written.validate(etree.fromstring(GOOD))
    assert not written.validate(etree.fromstring(GOOD.replace(b">A37<", b">Z99<")))


def test_the_overlay_adds_its_codes(capsysbinary: Capture) -> None:
    plain = gateway(capsysbinary, "schema", "acknowledgement", "8.1").out
    nordic = gateway(capsysbinary, "schema", "acknowledgement", "8.1", "--overlay", "nbm").out
    assert 'value="Z58"' not in plain
    assert 'value="Z58"' in nordic


def test_it_is_written_to_a_file(capsysbinary: Capture, tmp_path: Path) -> None:
    out = tmp_path / "activation.xsd"
    assert gateway(capsysbinary, "schema", "activation", "6.2", "--out", out).out == ""
    assert out.read_bytes() == schema(registry.named("activation", "6.2"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reserve_bd", "7.4"], "did you mean reserve_bid?"),
        (["reserve_bid", "9.9"], "edition of reserve_bid: expected one of 7.4, 7.6"),
        (["reserve_bid", "7.4", "--overlay", "x"], "overlay: expected one of eddie, ediel, nbm, recmmoe, found x"),
    ],
)
def test_a_wrong_name_is_told_and_ends_with_2(capsysbinary: Capture, arguments: list[str], said: str) -> None:
    ended = gateway(capsysbinary, "schema", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
