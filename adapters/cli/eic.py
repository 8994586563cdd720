"""``gateway eic``: what an Energy Identification Code says of itself."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

import typer

from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import Exit
from gateway.errors import InvalidValue
from gateway.identifiers import EicType, check_character

_LENGTH = 16
_NEVER_LAST = "-"
_BODY = re.compile(r"[0-9A-Z-]{15}")
_WHOLE = re.compile(r"[0-9A-Z-]{16}")


class Action(StrEnum):
    """What is asked of a code."""

    CHECK = "check"
    COMPLETE = "complete"


_Action = Annotated[
    Action, typer.Argument(help="Check a code, or complete 15 characters with the last one.", show_default=False)
]
_Code = Annotated[str, typer.Argument(help="The code.", metavar="CODE", show_default=False)]
_Role = Annotated[
    EicType | None, typer.Option("--as", help="Type that the code has to have: X party, Y area, W resource ...")
]


def command(action: _Action, code: _Code, *, role: _Role = None, form: AsForm = Form.TABLE) -> None:
    """Check an Energy Identification Code: its characters, its check character, its type.

    Ends with status 1 where one of the three answers is no.
    """
    if action is Action.COMPLETE:
        show([{"code": _completed(code)}], form)
        return
    answers = [_characters(code), _check(code), _type(code, role)]
    show(answers, form)
    raise typer.Exit(Exit.CLEAN if all(answer["right"] for answer in answers) else Exit.FINDINGS)


def _completed(body: str) -> str:
    try:
        last = check_character(body)
    except InvalidValue as error:
        raise typer.BadParameter(str(error)) from error
    if last == _NEVER_LAST:
        message = f"{body!r} begins no code: its check character would be a hyphen"
        raise typer.BadParameter(message)
    return body + last


def _answer(question: str, *, right: bool, expected: str, found: str) -> Record:
    return {"question": question, "right": right, "expected": expected, "found": found}


def _characters(code: str) -> Record:
    wrong = sorted({character for character in code if not re.fullmatch("[0-9A-Z-]", character)})
    found = f"{len(code)}" + (f", among them {' '.join(map(repr, wrong))}" if wrong else "")
    right = _WHOLE.fullmatch(code) is not None
    return _answer("characters", right=right, expected=f"{_LENGTH} of 0-9, A-Z and -", found=found)


def _check(code: str) -> Record:
    body, last = code[: _LENGTH - 1], code[_LENGTH - 1 :]
    if _BODY.fullmatch(body) is None:
        return _answer("check character", right=False, expected="one that follows from 15 characters", found="")
    expected = check_character(body)
    if expected == _NEVER_LAST:
        return _answer("check character", right=False, expected="one that is no hyphen", found=last)
    return _answer("check character", right=last == expected, expected=expected, found=last)


def _type(code: str, role: EicType | None) -> Record:
    letter = code[2:3]
    known = {kind.value: kind.name.lower().replace("_", " ") for kind in EicType}
    allowed = known if role is None else {role.value: known[role.value]}
    expected = ", ".join(f"{kind} {word}" for kind, word in allowed.items())
    found = " ".join(filter(None, (letter, known.get(letter, ""))))
    return _answer("type", right=letter in allowed, expected=expected, found=found)
