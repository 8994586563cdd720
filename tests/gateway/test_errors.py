"""Errors: each says where, what was expected, what was found, with which code, and whose fault it is."""

from __future__ import annotations

import copy
import pickle

import pytest

from gateway.errors import (
    Fault,
    GatewayError,
    InvalidValue,
    Malformed,
    Misconfigured,
    OutOfTurn,
    Unmappable,
    Unsolved,
    Unwritable,
)

FAULTS: dict[type[GatewayError], Fault] = {
    Malformed: Fault.SENDER,
    Unmappable: Fault.SENDER,
    OutOfTurn: Fault.SENDER,
    Misconfigured: Fault.OPERATOR,
    InvalidValue: Fault.OURS,
    Unwritable: Fault.OURS,
    Unsolved: Fault.OURS,
}


def test_the_table_holds_every_kind_of_error() -> None:
    ours = [kind for kind in GatewayError.__subclasses__() if kind.__module__ == "gateway.errors"]
    assert set(FAULTS) == set(ours)


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_parts_and_makes_one_line_of_them(kind: type[GatewayError]) -> None:
    error = kind("/Document/mRID", "an identifier", "nothing", "A69")
    assert (error.path, error.expected, error.found, error.code) == (
        "/Document/mRID",
        "an identifier",
        "nothing",
        "A69",
    )
    assert str(error) == "/Document/mRID: expected an identifier, found nothing"
    assert error.args == ("/Document/mRID", "an identifier", "nothing", "A69")
    assert error.fault is FAULTS[kind]


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_without_a_better_code_an_error_is_one_not_specifically_identified(kind: type[GatewayError]) -> None:
    assert kind("a", "b", "c").code == "999"


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_an_error_survives_the_way_to_another_process(kind: type[GatewayError]) -> None:
    sent = kind("path", "this", "that", "A42")
    for received in (pickle.loads(pickle.dumps(sent)), copy.copy(sent)):  # noqa: S301 - our own bytes
        assert type(received) is kind
        assert (str(received), received.code) == ("path: expected this, found that", "A42")


def test_only_a_value_that_cannot_exist_is_a_value_error() -> None:
    assert [kind.__name__ for kind in FAULTS if issubclass(kind, ValueError)] == ["InvalidValue"]


@pytest.mark.parametrize("rule", ["GEN-001", "GEN-002", "GEN-003"])
def test_a_malformed_document_names_the_rule_that_it_breaks(rule: str) -> None:
    assert Malformed("/", "a", "b", rule=rule).rule == rule
    assert Malformed("/", "a", "b").rule == "GEN-004"


def test_a_malformed_document_keeps_its_rule_on_the_way_to_another_process() -> None:
    sent = Malformed("/", "a", "b", "A94", "GEN-001")
    received = pickle.loads(pickle.dumps(sent))  # noqa: S301 - our own bytes
    assert (received.code, received.rule) == ("A94", "GEN-001")


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_has_an_error(fault: Fault) -> None:
    assert fault in FAULTS.values()
