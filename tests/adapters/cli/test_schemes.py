"""`gateway schemes`: the schemes there are, and the steps of one as the table that was published."""

import pytest

from gateway.schemes import named, names
from tests.adapters.cli.commands import Capture, gateway


def test_each_scheme_is_listed_with_its_title_and_number_of_steps(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "schemes")
    head, *rows = ended.out.splitlines()
    assert (ended.status, ended.err, head.split()) == (0, "", ["scheme", "title", "steps"])
    assert [row.split()[0] for row in rows] == list(names())
    for row, name in zip(rows, names(), strict=True):
        assert " ".join(row.split()) == f"{name} {named(name).title} {len(named(name).steps)}"


@pytest.mark.parametrize("name", names())
def test_the_steps_of_a_scheme_are_told_in_their_order(capsysbinary: Capture, name: str) -> None:
    ended = gateway(capsysbinary, "schemes", name)
    title, head, *rows = ended.out.splitlines()
    scheme = named(name)
    assert title.strip() == scheme.title
    assert head.split() == ["step", "phase", "from", "does", "to", "message"]
    expected = [
        f"{step.number} {step.phase} {step.origin} {step.action} {', '.join(map(str, step.recipients))} {step.message}"
        for step in scheme.steps
    ]
    assert [int(row.split()[0]) for row in rows if row.split()[0].isdecimal()] == [s.number for s in scheme.steps]
    assert sorted(" ".join(rows).split()) == sorted(" ".join(expected).split())  # a long cell goes over several lines


def test_a_row_of_the_centralised_scheme(capsysbinary: Capture) -> None:
    rows = [" ".join(row.split()) for row in gateway(capsysbinary, "schemes", "centralised").out.splitlines()]
    assert "5 procurement MO (TSO) clears market and communicates results SO (DSO) Allocation" in rows
    assert "11 settlement MO (TSO) communicates measurements SO (TSO) Readings" in rows


@pytest.mark.parametrize("name", ["chaos", "Centralised", ""])
def test_an_unknown_scheme_names_those_there_are(capsysbinary: Capture, name: str) -> None:
    ended = gateway(capsysbinary, "schemes", name)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"error: scheme: expected {' or '.join(names())}, found {name!r}\n"
