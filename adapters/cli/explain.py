"""``gateway explain``: a rule, a code or an exit status in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from adapters.cli.shell import options
from adapters.cli.shell.tables import AsForm, Form, Record, show
from adapters.cli.shell.terminal import STATUSES, Exit
from profiles import codes, markets
from profiles.rules.engine import Rule, rules

_Name = Annotated[
    str, typer.Argument(help="RB-006, B74, or an exit status such as 3.", metavar="CODE|RULE", show_default=False)
]


def command(name: _Name, *, overlay: options.Overlay = None, form: AsForm = Form.TABLE) -> None:
    """Explain a rule, a code of any code list, or an exit status.

    A rule is told with its sentence, what follows from it in each market, its reason codes and its source; a code with
    its meaning in every list that has it.
    """
    wanted = name.upper()
    found = [*_rules(wanted), *_codes(wanted, overlay), *_statuses(name)]
    if not found:
        message = f"{name!r} is neither a rule nor a code of any list nor an exit status; see `gateway rules`"
        raise typer.BadParameter(message)
    for kind in dict.fromkeys(record["kind"] for record in found):
        if form is Form.TABLE:
            show([record for record in found if record["kind"] == kind], form)
    if form is Form.JSON:
        show(found, form)


def _rules(name: str) -> Iterator[Record]:
    if name in rules():
        yield {"kind": "rule", **rule_record(rules()[name])}


def rule_record(rule: Rule) -> Record:
    """Return a rule as a record: what follows from it in each market, and the meaning of its codes.

    From a rule that is not judged in a document nothing follows there: the record says who keeps it, and why.
    """
    reasons = codes.lookup("ReasonCodeTypeList")
    weights = {name: str(markets.load(name).weights.get(rule.id, rule.weight)) for name in markets.names()}
    return {
        "rule": rule.id,
        "statement": rule.statement,
        "level": str(rule.level),
        "codes": [f"{code} {reasons.meaning(code) or ''}".strip() for code in rule.codes],
        "follows": {**weights} if rule.check is not None else f"not judged in a document: {rule.why}",
        "documents": [document.__name__.removesuffix("MarketDocument") for document in rule.documents],
        "kept_by": rule.kept_by or None,
        "source": rule.source,
    }


def _codes(name: str, overlay: str | None) -> Iterator[Record]:
    overlays = (None, *codes.overlays()) if overlay is None else (overlay,)
    for title in codes.names():
        with_it = {where: codes.lookup(title, where) for where in overlays}
        have = {where: known for where, known in with_it.items() if name in known}
        shown = {None: have[None]} if None in have else have
        for where, known in shown.items():
            yield {
                "kind": "code",
                "code": name,
                "list": title,
                "uid": known.uid or None,
                "meaning": known.meaning(name) or "no words of ours; see the code list document of ENTSO-E",
                "overlay": where,
            }


def _statuses(name: str) -> Iterator[Record]:
    for status in Exit:
        if name == str(status.value):
            yield {"kind": "exit status", "status": status.value, "meaning": STATUSES[status]}
