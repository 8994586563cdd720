"""The command line: one file per verb, found by folder.

Each module of this folder is a verb: it has a function ``command`` whose docstring is the help. A verb is
imported when it is called, so that a quick one does not wait for the libraries of a slow one.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from os import environ
from typing import Annotated

import typer

from adapters.cli.shell.terminal import Exit, say, told
from adapters.folder import Unreadable
from gateway.errors import Fault, GatewayError

TRACEBACK = "GATEWAY_TRACEBACK"
"""Environment variable: where it is set, a defect is told with the place in the program."""

_DISTRIBUTION = "tso-dso-gateway"
_STATUS = {Fault.SENDER: Exit.FINDINGS, Fault.OPERATOR: Exit.USAGE, Fault.OURS: Exit.DEFECT}


def program_version() -> str:
    """Return the version of the installed distribution."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"


def verbs() -> tuple[str, ...]:
    """Return the names of the verbs: the modules of this folder."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


def application(wanted: Sequence[str], others: Mapping[str, typer.Typer] | None = None) -> typer.Typer:
    """Return the command ``gateway`` with the *wanted* verbs; *others* are groups of commands from elsewhere."""
    app = typer.Typer(name="gateway", no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_gateway)
    for verb in wanted:
        app.command(name=verb)(importlib.import_module(f"{__name__}.{verb}").command)
    for name, group in (others or {}).items():
        app.add_typer(group, name=name)
    return app


def run(arguments: Sequence[str] | None = None, others: Mapping[str, typer.Typer] | None = None) -> int:
    """Run the command line and return its exit status; *arguments* default to those of the process."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a sign shows a question mark.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        application(_wanted(given), others)(args=given, prog_name="gateway")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.CLEAN
    except Exception as error:  # noqa: BLE001 - the last resort of a program
        return _failed(error)
    return Exit.CLEAN


def _wanted(given: Sequence[str]) -> Sequence[str]:
    """Return the verbs to import: the one that is called, or all where a person has to be shown them."""
    first = given[0] if given else ""
    return [first] if first in verbs() else [] if first == "--version" else verbs()


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"{_DISTRIBUTION} {program_version()}\n")
        raise typer.Exit


def _gateway(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Market documents between system operators: check, convert, acknowledge, clear."""


def _failed(error: Exception) -> Exit:
    """Tell an error in sentences and return the exit status that says whose fault it is."""
    if environ.get(TRACEBACK):
        traceback.print_exception(error)
    status = _status(error)
    for sentence in told(error):
        say(f"error: {sentence}" if status is not Exit.DEFECT else f"defect of this program: {sentence}")
    if status is Exit.DEFECT:
        say(f"Please report it with the output of the same command under {TRACEBACK}=1.")
    return status


def _status(error: BaseException) -> Exit:
    """Return the exit status of an error; of a group, the gravest one."""
    if isinstance(error, BaseExceptionGroup):
        return max(_status(part) for part in error.exceptions)
    if isinstance(error, Unreadable):
        return Exit.ENVIRONMENT
    return _STATUS[error.fault] if isinstance(error, GatewayError) else Exit.DEFECT
