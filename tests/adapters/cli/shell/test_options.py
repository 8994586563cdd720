"""Options that several verbs share: each verb that has one names it alike, and reads it alike."""

import inspect
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, get_args, get_origin

import pytest
import typer
from typer.models import ArgumentInfo, OptionInfo

from adapters import cli
from adapters.cli.shell import options
from adapters.schemas import SCHEMAS
from tests.adapters.cli.commands import Capture, gateway


def information(name: str) -> ArgumentInfo | OptionInfo:
    """Return what Typer is told of a shared option."""
    annotation = getattr(options, name)
    assert get_origin(annotation) is Annotated
    (found,) = [part for part in get_args(annotation)[1:] if isinstance(part, ArgumentInfo | OptionInfo)]
    return found


@pytest.mark.parametrize(
    ("name", "flags", "metavar"),
    [
        ("File", (), "FILE"),
        ("Files", (), "FILE..."),
        ("Market", ("--market",), "NAME"),
        ("Overlay", ("--overlay",), "NAME"),
        ("Quirks", ("--quirk",), "NAME"),
        ("Now", ("--now",), "INSTANT"),
        ("Schemas", ("--schemas",), "FOLDER"),
        ("Out", ("--out",), "FILE"),
    ],
)
def test_an_option_has_one_name_everywhere(name: str, flags: tuple[str, ...], metavar: str) -> None:
    found = information(name)
    # Typer keeps the first name where a default stands that is not annotated.
    named = tuple(one for one in (found.default, *(found.param_decls or ())) if isinstance(one, str))
    assert named == flags
    assert found.metavar == metavar
    assert found.help is not None
    assert found.help.endswith(".")


def parameters() -> list[tuple[str, str, object]]:
    """Return verb, parameter and annotation of everything that a person may say."""
    found = []
    for verb in cli.verbs():
        command = import_module(f"adapters.cli.{verb}").command
        for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
            found.append((verb, name, parameter.annotation))
    return found


SHARED = {
    "market": options.Market,
    "overlay": options.Overlay,
    "quirk": options.Quirks,
    "now": options.Now,
    "schemas": options.Schemas,
}


@pytest.mark.parametrize("name", SHARED)
def test_no_verb_has_an_option_of_the_same_name_and_another_meaning(name: str) -> None:
    users = [(verb, annotation) for verb, parameter, annotation in parameters() if parameter == name]
    assert users
    assert [verb for verb, annotation in users if annotation != SHARED[name]] == []


def test_every_parameter_has_help() -> None:
    silent = []
    for verb, name, annotation in parameters():
        parts = [part for part in get_args(annotation)[1:] if isinstance(part, ArgumentInfo | OptionInfo)]
        if not any(part.help for part in parts):
            silent.append((verb, name))
    assert silent == []


@pytest.mark.parametrize("verb", ["validate", "clear", "ack"])
def test_the_instant_of_receipt_needs_its_offset(capsysbinary: Capture, tmp_path: Path, verb: str) -> None:
    more = ["--out", str(tmp_path / "out")] if verb == "clear" else []
    ended = gateway(capsysbinary, verb, tmp_path, *more, "--now", "2027-01-14T06:00")
    assert ended.status == 2
    told = " ".join(ended.err.replace("\u2502", " ").split())
    assert "'2027-01-14T06:00' is no instant with its offset, such as 2027-01-14T06:15:00Z" in told


def test_the_parser_of_an_instant_is_that_of_the_terminal() -> None:
    parse = information("Now").parser
    assert parse is not None
    assert parse("2027-01-14T07:00:00+01:00") == datetime(2027, 1, 14, 6, tzinfo=UTC)
    with pytest.raises(typer.BadParameter):
        parse("noon")


def test_the_folder_of_schemas_may_stand_in_the_environment(
    capsysbinary: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "a.xml"
    document.write_bytes(b"<a/>")
    unset = gateway(capsysbinary, "validate", document, "--official")
    assert unset.status == 2
    assert f"name it with --schemas or in {SCHEMAS}" in " ".join(unset.err.replace("\u2502", " ").split())
    monkeypatch.setenv(SCHEMAS, str(tmp_path / "nowhere"))
    assert information("Schemas").envvar == SCHEMAS
    missing = gateway(capsysbinary, "validate", document, "--official")
    assert missing.status == 3
    assert str(tmp_path / "nowhere") in missing.err
