"""The pages of the coordination schemes: one for each, made from its table and its docstring, and a list of them."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields

from docs.markdown import first_sentence, table
from docs.sequence import sequence
from docs.standards import scheme_module
from gateway import schemes
from gateway.flow import Step
from gateway.schemes import Clearing, Scheme
from profiles.registry import DOCUMENTS


def scheme_pages() -> dict[str, str]:
    """Make the page and the picture of every scheme, and the list; the key is the path below the generated pages."""
    found = {"schemes.md": _list_page()}
    for name in schemes.names():
        scheme = schemes.named(name)
        found[f"schemes/{name}.md"] = scheme_page(scheme)
        found[f"schemes/{name}.svg"] = str(sequence(scheme)).replace(
            "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
        )
    return found


def scheme_page(scheme: Scheme) -> str:
    """Write the page of one scheme: what it is, its picture, roles, rows, and clearings."""
    return "\n".join(
        [
            f"# {scheme.title}\n",
            explained(inspect.getdoc(scheme_module(scheme.name)) or ""),
            f"\n## Sequence\n\n![Sequence of the steps]({scheme.name}.svg)\n",
            f"## Roles\n\n{table(('party', 'roles'), _roles(scheme))}",
            f"## Steps\n\n{table(STEP_HEAD, map(_step_row, scheme.steps))}",
            f"## Clearings\n\n{table(('step', 'is', 'with'), map(_clearing_row, scheme.clearings))}",
        ]
    )


STEP_HEAD = ("step", "phase", "origin", "does", "tells", "message", "documents", "after", "gate", "optional")


def explained(text: str) -> str:
    r"""Return a docstring as Markdown: examples as code, indented lines as they stand.

    >>> print(explained("Words:\n  x = 1"))
    Words:
    <BLANKLINE>
    ~~~text
      x = 1
    ~~~
    """
    return "\n\n".join(part for paragraph in text.split("\n\n") for part in _parts(paragraph)).replace("``", "`")


def _parts(paragraph: str) -> Iterator[str]:
    lines = paragraph.split("\n")
    indented = next((at for at, line in enumerate(lines) if line.startswith("  ")), len(lines))
    if paragraph.startswith(">>>"):
        yield f"~~~python\n{paragraph}\n~~~"
        return
    if lines[:indented]:
        yield "\n".join(lines[:indented])
    if lines[indented:]:
        yield "\n".join(["~~~text", *lines[indented:], "~~~"])


def _list_page() -> str:
    found = [(name, schemes.named(name)) for name in schemes.names()]
    rows = [
        (f"[{scheme.title}](schemes/{name}.md)", f"`{name}`", len(scheme.steps), first_sentence(scheme_module(name)))
        for name, scheme in found
    ]
    return f"# Coordination schemes\n\n{explained(_doc(schemes))}\n\n{table(('scheme', 'name', 'steps', 'is'), rows)}"


def _doc(documented: object) -> str:
    return inspect.getdoc(documented) or ""


def _roles(scheme: Scheme) -> list[tuple[str, str]]:
    return [(party, ", ".join(roles) or "executes") for party, roles in scheme.roles.items()]


def _step_row(step: Step) -> tuple[object, ...]:
    messages = [each for each in (step.message, *step.also) if each]
    return (
        step.number,
        step.phase,
        step.origin,
        step.action,
        "; ".join(map(str, step.recipients)),
        ", ".join(f"`{each}`" for each in messages),
        ", ".join(sorted({link for each in messages for link in documents_of(each)})),
        ", ".join(map(str, step.after)),
        step.gate or "",
        "yes" if step.optional else "",
    )


def documents_of(message: str) -> Iterator[str]:
    """Yield links to the documents that a canonical message is read from."""
    for name, module in DOCUMENTS.items():
        if hasattr(module, "to_canonical"):
            returned = str(inspect.signature(module.to_canonical).return_annotation)
            if message in re.findall(r"\w+", returned):
                yield f"[{module.EDITIONS[0].root.removesuffix('_MarketDocument')}](../documents/{name}.md)"


def _clearing_row(clearing: Clearing) -> tuple[object, ...]:
    switches = (f"{each.name.replace('_', ' ')}: {getattr(clearing, each.name)}" for each in fields(clearing)[1:])
    return clearing.step, first_sentence(type(clearing)), ", ".join(switches)
