"""The command as a whole: version, help, exit statuses, and what it does with its own defects."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from adapters import cli
from adapters.cli.shell.terminal import Exit
from adapters.folder import Unreadable
from gateway.errors import Malformed, Misconfigured, Unwritable
from tests.adapters.cli.commands import Capture, gateway, process


def test_the_version_is_told_at_once(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "--version")
    assert (ended.status, ended.out, ended.err) == (0, f"tso-dso-gateway {cli.program_version()}\n", "")


def test_help_lists_every_verb(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "--help")
    assert ended.status == 0
    assert [verb for verb in cli.verbs() if verb not in ended.out] == []
    assert {"ack", "clear", "convert", "documents", "schemes", "validate"} <= set(cli.verbs())


@pytest.mark.parametrize("verb", cli.verbs())
def test_every_verb_has_help(capsysbinary: Capture, verb: str) -> None:
    ended = gateway(capsysbinary, verb, "--help")
    assert ended.status == 0
    assert f"Usage: gateway {verb}" in ended.out


def test_an_unknown_verb_ends_with_2(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "cleer")
    assert ended.status == 2
    assert "No such command" in ended.err


def test_schemes_are_listed_with_their_steps(capsysbinary: Capture) -> None:
    assert "centralised" in gateway(capsysbinary, "schemes").out
    steps = gateway(capsysbinary, "schemes", "centralised").out
    assert sum(line.split()[0].isdigit() for line in steps.splitlines()[2:]) == 13
    unknown = gateway(capsysbinary, "schemes", "chaos")
    assert (unknown.status, unknown.out) == (2, "")


def test_documents_are_listed_with_their_namespaces(capsysbinary: Capture) -> None:
    ended = gateway(capsysbinary, "documents", "--format", "json")
    assert ended.status == 0
    assert "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4" in ended.out


def application_that_raises(error: Exception) -> dict[str, typer.Typer]:
    group = typer.Typer()

    @group.command()
    def fail() -> None:
        raise error

    return {"planted": group}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Malformed("/", "a document", "none"), Exit.FINDINGS),
        (Misconfigured("key", "a", "b"), Exit.USAGE),
        (ExceptionGroup("file", [Misconfigured("key", "a", "b")]), Exit.USAGE),
        (Unreadable("/x", "a file", "none"), Exit.ENVIRONMENT),
        (Unwritable("/x", "a place", "none"), Exit.DEFECT),
        (ExceptionGroup("two", [Misconfigured("key", "a", "b"), KeyError("x")]), Exit.DEFECT),
        (ZeroDivisionError(), Exit.DEFECT),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_exit_status_says_whose_fault_it_is(capsysbinary: Capture, error: Exception, status: Exit) -> None:
    assert cli.run(["planted", "fail"], application_that_raises(error)) == status
    told = capsysbinary.readouterr().err.decode()
    assert ("defect of this program: " in told) == (status is Exit.DEFECT)
    assert "Traceback" not in told


def test_a_defect_shows_its_place_when_asked(capsysbinary: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cli.TRACEBACK, "1")
    assert cli.run(["planted", "fail"], application_that_raises(ZeroDivisionError("x"))) == Exit.DEFECT
    assert "Traceback" in capsysbinary.readouterr().err.decode()


def test_the_installed_command_runs_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "security").mkdir()
    (tmp_path / "security" / "__init__.py").write_text("raise SystemExit(9)")
    ended = process("--version", NO_COLOR="1")
    assert (ended.status, ended.out) == (0, f"tso-dso-gateway {cli.program_version()}\n")


def test_a_reader_that_has_had_enough_is_no_defect(tmp_path: Path) -> None:

    command = f"{sys.executable} -P -m gateway documents | head -n 1"
    ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, cwd=tmp_path)
    assert b"Traceback" not in ended.stderr
    assert b"defect" not in ended.stderr
