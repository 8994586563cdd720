"""What the generated pages are drawn with: tables, lists and docstrings, as Markdown."""

import inspect
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Draw a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def bullets(items: Iterable[str]) -> str:
    """Draw a list in Markdown."""
    return "".join(f"- {item}\n" for item in items)


def prose(documented: object) -> str:
    """Return the docstring of a module or class, which is Markdown as far as pages show it."""
    return (inspect.getdoc(documented) or "").replace("``", "`")


def first_sentence(documented: object) -> str:
    """Return the first line of a docstring."""
    return prose(documented).partition("\n")[0]
