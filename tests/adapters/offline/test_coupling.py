"""Coupled gateways beyond their folders: what is heard wrong, and what follows from a dispute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.cli.clear import read_market_folder
from adapters.offline.coupling import CoupledGateway, gateway_of, hear, run_coupling
from adapters.offline.coupling_outputs import outputs
from gateway.coupling.exchange import Verdict, letters
from gateway.envelope import Envelope, Message
from gateway.identifiers import AreaId
from gateway.model import BidSet
from profiles import write_message
from tests.adapters.cli.coupled import OPERATORS, write_gateway
from tests.adapters.example import NORTH, SOUTH
from tests.gateway.clearing.reading import accepted


@pytest.fixture
def gateways(tmp_path: Path) -> dict[AreaId, CoupledGateway]:
    """Both gateways, before any of them has said a word."""
    return {
        area: gateway_of(*read_market_folder(write_gateway(tmp_path / area.value, area), None), None)
        for area in (NORTH, SOUTH)
    }


def told(gateway: CoupledGateway, receiver: AreaId) -> tuple[Envelope[Message], ...]:
    """Return what *gateway* tells another one."""
    return letters(gateway.agreement, gateway.offered.contribution, OPERATORS[receiver], gateway.now)


def volumes(gateways: dict[AreaId, CoupledGateway]) -> dict[AreaId, list[int]]:
    """Couple, and return the MW that each acts on."""
    coupling = run_coupling(list(gateways.values()))
    return {
        area: sorted(int(mw) for part in coupling.acted_on[own].parts for mw in accepted(part.result).values())
        for area, own in OPERATORS.items()
    }


def test_gateways_that_hear_each_other_act_on_the_same(gateways: dict[AreaId, CoupledGateway]) -> None:
    assert volumes(gateways) == {NORTH: [25, 25, 30, 50], SOUTH: [25, 25, 30, 50]}


def test_a_dispute_leaves_each_to_its_own_clearing(gateways: dict[AreaId, CoupledGateway]) -> None:
    """North heard a later revision of what South says, which South forgot to have sent."""
    (bids, *_) = told(gateways[SOUTH], NORTH)
    assert isinstance(bids.message, BidSet)
    hear(gateways[NORTH], write_message(replace(bids, message=BidSet(bids=()), revision=2)), str(bids.sender.id))
    coupling = run_coupling(list(gateways.values()))
    assert coupling.verdict is Verdict.DISPUTED
    assert len({found.digest for found in coupling.found.values()}) == 2
    own = {area: coupling.acted_on[member] for area, member in OPERATORS.items()}
    assert [part.areas for area in (NORTH, SOUTH) for part in own[area].parts] == [(NORTH,), (SOUTH,)]
    assert sorted(accepted(own[NORTH].parts[0].result).values()) == [30]
    assert sorted(accepted(own[SOUTH].parts[0].result).values()) == [30, 40]
    files = outputs(coupling, "test")
    assert f'"verdict": "{Verdict.DISPUTED}"'.encode() in files["coupling.json"]


WRONG = {
    "no document": (b"<no/>", "expected the namespace of a known edition"),
    "another sender": (b"10X1001A1001A39W</sender", "it says that A01:10X1001A1001A38Y sent it"),
    "an unknown code": (b"<flowDirection.direction>A01", "A99"),
    "no meaning": (b"<businessType>B74", "businessType"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_read_whole_does_not_count(name: str, gateways: dict[AreaId, CoupledGateway]) -> None:
    (bids, *_) = told(gateways[SOUTH], NORTH)
    found, said = WRONG[name]
    content = write_message(bids)
    damaged = {
        "no document": found,
        "another sender": content.replace(b"10X1001A1001A39W</sender", b"10X1001A1001A38Y</sender"),
        "an unknown code": content.replace(found, b"<flowDirection.direction>A99"),
        "no meaning": content.replace(found, b"<businessType>A01"),
    }[name]
    assert damaged != content
    hear(gateways[NORTH], damaged, str(OPERATORS[SOUTH]))
    entry = gateways[NORTH].journal[-1]
    assert (entry.what, entry.party) == ("refused", str(OPERATORS[SOUTH]))
    assert said in entry.remark
    assert gateways[NORTH].heard == []


def test_a_journal_tells_what_came_went_and_was_found(gateways: dict[AreaId, CoupledGateway]) -> None:
    run_coupling(list(gateways.values()))
    kinds = [entry.what for entry in gateways[SOUTH].journal]
    assert kinds == ["received"] * 3 + ["heard"] * 3 + ["sent"] * 3 + ["found", "acted on"]
    assert {len(entry.digest) for entry in gateways[SOUTH].journal} == {64}
