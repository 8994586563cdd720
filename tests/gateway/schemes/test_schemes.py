"""The schemes as files: each is found by its name, begins, and has the published steps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.errors import Misconfigured
from gateway.flow import Flow
from gateway.market import Gates
from gateway.schemes import named, names

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", names())
def test_a_scheme_is_called_like_its_file_and_its_table_begins(name: str) -> None:
    scheme = named(name)
    assert scheme.name == name
    assert Flow.begin(scheme.steps).expected()
    assert {step.gate for step in scheme.steps if step.gate} <= set(Gates.__dataclass_fields__)


def test_an_unknown_scheme_is_a_fault_of_the_settings() -> None:
    with pytest.raises(Misconfigured, match="centralised"):
        named("central")


def test_the_centralised_scheme_has_the_published_thirteen_steps(reference_data: Path) -> None:
    published = json.loads((reference_data / "schemes/cases/flows_five_schemes.json").read_text(encoding="utf-8"))
    ours = named("centralised").steps
    theirs = published["schemes"]["centralised"]
    assert [step.number for step in ours] == [row["n"] for row in theirs]
    assert [str(step.origin) for step in ours] == [row["origin"] for row in theirs]
    assert [step.phase for step in ours] == [row["phase"] for row in theirs]


def test_the_published_order_can_happen() -> None:
    flow = Flow.begin(named("centralised").steps)
    for number in (1, 2, 3, 4, 5, 6, 5, 7, 8, 9, 10, 11, 12, 13):
        flow = flow.advance(number, NOON)
    assert flow.finished
