"""The schemes as files: found by their names, row by row as published, able to happen in the published order."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from gateway.envelope import Message
from gateway.errors import Misconfigured
from gateway.flow import CENTRAL, LOCAL, Flow, Phase, State, Step
from gateway.market import GATES
from gateway.schemes import (
    CentralClearing,
    Disaggregation,
    FeederLimits,
    HandUp,
    Interface,
    JointClearing,
    LocalClearing,
    PostCheck,
    Scheme,
    local_row,
    named,
    names,
    row,
)

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)
PUBLISHED_STEPS = {
    "centralised": 13,
    "common_centralised": 16,
    "common_decentralised": 21,
    "integrated": 16,
    "local": 21,
    "shared": 22,
}
CLEARINGS = {
    "centralised": (JointClearing(5, FeederLimits.NOT_WORSE), PostCheck(6)),
    "common_centralised": (JointClearing(8, FeederLimits.KEPT),),
    "common_decentralised": (HandUp(5), CentralClearing(10, Interface.OFFERS), Disaggregation(11)),
    "integrated": (JointClearing(9, FeederLimits.KEPT, buyers=True),),
    "local": (
        LocalClearing(5, Interface.FREE),
        HandUp(6),
        CentralClearing(10, Interface.OFFERS),
        Disaggregation(11),
    ),
    "shared": (LocalClearing(6, Interface.SCHEDULE), CentralClearing(10, Interface.SCHEDULE)),
}
MARKETS = {
    "centralised": (CENTRAL,),
    "common_centralised": (CENTRAL,),
    "common_decentralised": (LOCAL, CENTRAL),
    "integrated": (CENTRAL,),
    "local": (LOCAL, CENTRAL),
    "shared": (LOCAL, CENTRAL),
}


def published_rows(step: Step) -> dict[str, object]:
    """Return the columns of the published table."""
    return {
        "n": step.number,
        "phase": step.phase.value,
        "origin": str(step.origin),
        "action": step.action,
        "recipient": "; ".join(map(str, step.recipients)),
    }


def whole(scheme: Scheme) -> Flow:
    """Let every row happen once, in the order of the table, as one distribution operator would see it."""
    flow = Flow.begin(scheme.steps)
    for step in scheme.steps:
        flow = flow.advance(step.number, NOON, f"step {step.number}")
        if step.repeats is not None:
            flow = flow.advance(step.repeats, NOON)
    return flow


def test_there_are_five_schemes_one_of_them_in_two_variants_with_109_steps() -> None:
    assert {name: len(named(name).steps) for name in names()} == PUBLISHED_STEPS
    assert sum(PUBLISHED_STEPS.values()) == 109


@pytest.mark.parametrize("name", names())
def test_every_row_stands_as_published(name: str, reference_data: Path) -> None:
    published = json.loads((reference_data / "schemes/cases/flows_five_schemes.json").read_text(encoding="utf-8"))
    theirs = [{key: value for key, value in each.items() if key != "note"} for each in published["schemes"][name]]
    assert [published_rows(step) for step in named(name).steps] == theirs


@pytest.mark.parametrize("name", names())
def test_a_scheme_is_called_like_its_file_and_its_table_begins(name: str) -> None:
    scheme = named(name)
    assert scheme.name == name
    assert scheme.title
    assert Flow.begin(scheme.steps).expected()
    assert {step.gate for step in scheme.steps if step.gate} <= set(GATES)


@pytest.mark.parametrize("name", names())
def test_the_published_order_can_happen(name: str) -> None:
    flow = whole(named(name))
    for step in flow.steps:
        flow = flow.close(step.number)
    assert flow.finished
    assert State.SKIPPED not in flow.states.values()
    assert {done.number for done in flow.history} == {step.number for step in flow.steps}


@pytest.mark.parametrize("name", names())
def test_every_row_that_tells_somebody_tells_it_with_a_canonical_message(name: str) -> None:
    canonical = {kind.__name__ for kind in get_args(Message)} | {"Setpoint"}
    for step in named(name).steps:
        assert {*filter(None, [step.message]), *step.also} <= canonical
        assert bool(step.message) or not step.recipients
        assert bool(step.message) != (step.origin.role == "RA")


@pytest.mark.parametrize("name", names())
def test_the_clearings_are_the_rows_of_market_operators(name: str) -> None:
    scheme = named(name)
    assert scheme.clearings == CLEARINGS[name]
    assert [each.step for each in scheme.clearings] == sorted(each.step for each in scheme.clearings)
    for step in scheme.steps:
        decided = scheme.clearing(step.number)
        assert (decided is not None) == (step.message in ("Allocation", "Blocking") or step.origin == _handing_up(step))


def _handing_up(step: Step) -> object:
    """Return the origin of a row in which a market offers upward, for comparison."""
    return step.origin if step.message == "BidSet" and step.origin.role == "MO_L" else None


@pytest.mark.parametrize("name", names())
def test_markets_stand_in_the_order_of_the_rows(name: str) -> None:
    assert named(name).markets == MARKETS[name]


@pytest.mark.parametrize("name", names())
def test_bids_of_the_distribution_reach_the_transmission_operator_as_the_scheme_says(name: str) -> None:
    reaching = {
        str(recipient)
        for step in named(name).rows("BidSet")
        for recipient in step.recipients
        if "DSO" in str(step.origin) or "distribution" in step.action
    }
    expected = {
        "centralised": {"MO (TSO)"},
        "local": {"MO_L (DSO)", "MO_T (TSO)"},
        "shared": {"MO_L (DSO)"},
        "common_centralised": {"MO (TSO&DSO)"},
        "common_decentralised": {"MO_L (DSO)", "MO_T (TSO)"},
        "integrated": {"MO (independent)"},
    }
    assert reaching == expected[name]


def test_only_in_the_shared_scheme_does_the_distribution_operator_answer_for_the_balance() -> None:
    assert {name: named(name).local_balance for name in names() if named(name).local_balance != "TSO"} == {
        "shared": "DSO"
    }


def test_only_in_the_centralised_scheme_does_a_check_repeat_the_clearing() -> None:
    assert [name for name in names() if named(name).post_check] == ["centralised"]
    assert [(name, step.number) for name in names() for step in named(name).steps if step.repeats] == [
        ("centralised", 6)
    ]


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (
            "centralised",
            {
                "TSO": ("RA", "Buyer", "MO", "MO/FD", "MDR", "SO"),
                "CMP": ("Seller", "Aggregator/FD", "Aggregator"),
                "DSO": ("SO", "MDR"),
                "DER": (),
            },
        ),
        (
            "integrated",
            {
                "TSO": ("RA", "Buyer", "SO", "MDR"),
                "DSO": ("RA", "Buyer", "SO", "MDR"),
                "independent": ("MO", "MO/FD"),
                "CMP as BRP": ("Buyer",),
                "CMP": ("Seller", "Aggregator/FD", "Aggregator"),
                "DER": (),
            },
        ),
    ],
    ids=["centralised", "integrated"],
)
def test_the_roles_of_each_party(name: str, roles: dict[str, tuple[str, ...]]) -> None:
    assert dict(named(name).roles) == roles


def test_rows_are_found_by_what_they_are_told_with() -> None:
    local = named("local")
    assert [step.number for step in local.rows("BidSet")] == [3, 6, 9]
    assert [step.number for step in local.rows("BidSet", LOCAL)] == [3, 6]
    assert local.number("BidSet", CENTRAL) == 9
    assert [step.number for step in local.rows("ClearingPrices")] == [12, 13]
    assert local.clearing(7) is None


def test_a_row_that_a_scheme_lacks_is_a_fault_of_the_settings() -> None:
    with pytest.raises(Misconfigured, match="scheme local: expected a step told with Blocking, found none"):
        named("local").row("Blocking")
    with pytest.raises(Misconfigured, match="scheme local, market central: expected a step told with GridConstraints"):
        named("local").row("GridConstraints", CENTRAL)


def test_an_unknown_scheme_is_a_fault_of_the_settings() -> None:
    with pytest.raises(Misconfigured, match="centralised"):
        named("central")


def test_a_row_is_read_from_the_published_columns() -> None:
    step = row(
        9, Phase.ACTIVATION, "MO/FD (TSO&DSO)", "communicates results", "Buyer (TSO); Seller (CMP, transmission)"
    )
    assert (step.origin.role, step.origin.party) == ("MO/FD", "TSO&DSO")
    assert [(actor.role, actor.party) for actor in step.recipients] == [
        ("Buyer", "TSO"),
        ("Seller", "CMP, transmission"),
    ]
    assert (step.market, step.many, step.message, step.also) == (CENTRAL, False, "", ())


def test_a_row_of_a_local_market_is_for_all_distribution_operators_unless_it_says_otherwise() -> None:
    step = local_row(3, Phase.PROCUREMENT, "Seller (CMP)", "sends aggregated bids", "MO_L (DSO)", message="BidSet")
    assert (step.market, step.many, step.message) == (LOCAL, True, "BidSet")
    assert not local_row(1, Phase.PROCUREMENT, "RA (DSO)", "determines volumes", many=False).many
