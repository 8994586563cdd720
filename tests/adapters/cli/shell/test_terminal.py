"""The terminal: where words go, what an instant is, and how an error is told."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from adapters.cli.shell import terminal
from adapters.folder import Unreadable
from gateway.errors import InvalidValue, Malformed
from tests.adapters.cli.commands import Capture
from tests.conftest import ROOT


def test_results_and_messages_do_not_mix(capsysbinary: Capture) -> None:
    terminal.results().print("a result")
    terminal.say("a message")
    written = capsysbinary.readouterr()
    assert (written.out, written.err) == (b"a result\n", b"a message\n")


def test_what_looks_like_markup_is_told_as_it_is(capsysbinary: Capture) -> None:
    terminal.results().print("[bold]x[/bold] :smile:")
    terminal.say("[red]x :smile: 12")
    written = capsysbinary.readouterr()
    assert written.out == b"[bold]x[/bold] :smile:\n"
    assert written.err == b"[red]x :smile: 12\n"


def test_a_long_message_stays_one_line(capsysbinary: Capture) -> None:
    terminal.say("word " * 100)
    assert capsysbinary.readouterr().err.count(b"\n") == 1


def test_nothing_is_coloured_off_a_terminal(capsysbinary: Capture) -> None:
    terminal.results().print("x", style="bold red")
    assert b"\x1b" not in capsysbinary.readouterr().out


def test_no_spinner_off_a_terminal(capsysbinary: Capture) -> None:
    with terminal.working("thinking"):
        pass
    assert capsysbinary.readouterr().err == b""


def test_bytes_are_written_as_they_are(capsysbinary: Capture, tmp_path: Path) -> None:
    terminal.emit(b"\xff\r\n")
    assert capsysbinary.readouterr().out == b"\xff\r\n"
    terminal.emit(b"\xff\r\n", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"\xff\r\n"
    with pytest.raises(Unreadable, match="is a directory"):
        terminal.emit(b"", tmp_path)


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_may_have_any_offset(when: datetime) -> None:
    try:
        expected = when.astimezone(UTC)
    except OverflowError:
        return
    if (when.utcoffset() or timedelta()).seconds % 60 == 0:
        assert terminal.instant(when.isoformat()) == expected
        assert terminal.instant(when.isoformat()).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "now", "2027-01-14", "2027-01-14T06:00:00", "06:00Z", "2027-13-14T06:00:00Z"])
def test_an_instant_without_offset_is_none(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="no instant with its offset"):
        terminal.instant(text)


def test_a_document_is_read_or_told_to_be_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")
    assert terminal.document(path) == b"<a/>"
    monkeypatch.setattr(terminal, "read_file", lambda _: None)
    with pytest.raises(Malformed, match="at most 50 MB"):
        terminal.document(path)


def test_an_error_is_told_in_its_sentences() -> None:
    one, two = InvalidValue("a", "b", "c"), KeyError()
    assert list(terminal.told(one)) == ["a: expected b, found c"]
    assert list(terminal.told(ExceptionGroup("g", [one, ExceptionGroup("h", [two])]))) == [str(one), "KeyError"]


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (0, "document", "0 documents"),
        (1, "document", "1 document"),
        (2, "finding", "2 findings"),
        (1, "loss", "1 loss"),
    ],
)
def test_one_thing_is_told_in_the_singular(count: int, noun: str, words: str) -> None:
    assert terminal.counted(count, noun) == words


def test_a_result_is_as_wide_as_a_table_needs_off_a_terminal() -> None:
    assert terminal.results().width == 200
    assert not terminal.results().is_terminal


def on_a_terminal(code: str, **environment: str) -> str:
    """Run *code* with a terminal for its standard error and return what it shows there."""
    ours, theirs = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-P", "-c", f"from adapters.cli.shell import terminal\n{code}"],
        stderr=theirs, stdout=theirs, check=True, cwd=ROOT, env={**os.environ, "TERM": "xterm", **environment},
    )  # fmt: skip
    assert ended.returncode == 0
    os.close(theirs)
    shown = b""
    # A terminal whose other side is closed ends with an error and not with an empty read.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return shown.decode()


def test_work_is_shown_on_a_terminal() -> None:
    shown = on_a_terminal("with terminal.working('checking 3 documents'): pass")
    assert "checking 3 documents" in shown


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["", "no colour"])
def test_a_terminal_is_coloured_unless_a_person_does_not_want_it(
    environment: dict[str, str], *, coloured: bool
) -> None:
    shown = on_a_terminal("terminal.results().print('refused', style='red')", **environment)
    assert "refused" in shown
    assert ("\x1b[31m" in shown) is coloured


@pytest.mark.parametrize("status", terminal.Exit)
def test_every_exit_status_has_its_words(status: terminal.Exit) -> None:
    assert f"\n{status.value}      {terminal.STATUSES[status]}\n" in (terminal.__doc__ or "")


@pytest.mark.parametrize("status", terminal.Exit)
def test_every_exit_status_is_described(status: terminal.Exit) -> None:
    assert terminal.__doc__ is not None
    assert f"\n{status.value}      " in terminal.__doc__
