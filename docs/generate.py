"""Writes the pages that follow from the declarations in the code, and takes over those of the checkout's root.

Documents, rules, code lists, markets, schemes and errors are declared once, in the code; their pages are made from the
same text when the documentation is built. Things are found by their folder, as the program finds them, so a new one has
its page without being named here.

    python -m docs.generate FOLDER
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import typer
from typer.testing import CliRunner

import adapters
import conformance
import gateway.errors
import profiles
import profiles.rules
import security
from adapters import cli
from adapters.cli import application
from docs.markdown import bullets, first_sentence, prose, table
from docs.schemes import scheme_pages
from docs.standards import standards_page
from profiles import codes, markets, quirks
from profiles.codes import CodeList, lookup
from profiles.edition import Edition, Field
from profiles.lexical import Simple
from profiles.markets import Weight
from profiles.registry import DOCUMENTS
from profiles.rules.engine import Rule, rules
from profiles.wire import elements

GENERATED = Path(__file__).resolve().parent / "reference" / "generated"
"""Where the pages of a build stand; never under version control."""


def documents() -> dict[str, tuple[Edition, ...]]:
    """Find the market documents and their editions."""
    return {name: module.EDITIONS for name, module in DOCUMENTS.items()}


def errors() -> list[type[gateway.errors.GatewayError]]:
    """Find the error classes that any module of the project declares, those of the core first."""
    for package in (gateway, profiles, security, adapters, conformance):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name != "gateway.__main__":
                importlib.import_module(found.name)
    return subclasses(gateway.errors.GatewayError)


def subclasses(error: type[gateway.errors.GatewayError]) -> list[type[gateway.errors.GatewayError]]:
    """List the classes below *error*, each before those below it."""
    return [found for child in error.__subclasses__() for found in (child, *subclasses(child))]


# ---- errors


def errors_page() -> str:
    """List every error with whose fault it is."""
    rows = [(f"`{error.__name__}`", error.fault, first_sentence(error)) for error in errors()]
    return f"# Errors\n\n{prose(gateway.errors).partition('=====')[0]}\n{table(('error', 'fault', 'meaning'), rows)}"


# ---- documents


def documents_page() -> str:
    """List the market documents: what each is, its editions, and which message it becomes."""
    head = ("document", "is", "editions", "message", "direction")
    return f"# Market documents\n\n{DOCUMENT_LIST}\n{table(head, map(document_row, sorted(documents())))}"


DOCUMENT_LIST = """The first edition is the one written by default. *Message* is what the document becomes in the
canonical model; where there is none, its structure is read, checked and written, and nothing is made of it.
"""


def document_row(name: str) -> tuple[str, ...]:
    """Tell one document, linked to its page."""
    module, editions = DOCUMENTS[name], DOCUMENTS[name].EDITIONS
    messages = re.findall(r"Envelope\[(\w+)\]", str(inspect.signature(module.to_canonical))) if reads(name) else []
    both = "read and written" if hasattr(module, "from_canonical") else "read" if reads(name) else ""
    return (
        f"[`{editions[0].root}`](documents/{name}.md)",
        first_sentence(module).rpartition(": ")[2].rstrip("."),
        ", ".join(edition.name for edition in editions),
        ", ".join(f"`{message}`" for message in messages),
        both,
    )


def reads(name: str) -> bool:
    """Tell whether a document becomes a canonical message."""
    return hasattr(DOCUMENTS[name], "to_canonical")


def document_page(name: str, editions: Sequence[Edition]) -> str:
    """Describe one market document: its editions, and the elements of the edition written by default."""
    head, *others = editions
    namespaces = table(("edition", "namespace"), [(edition.name, f"`{edition.namespace}`") for edition in editions])
    return "\n".join(
        [
            f"# {head.root}\n\n{prose(DOCUMENTS[name])}\n\n## Editions\n\n{namespaces}",
            f"## Elements of edition {head.name}\n",
            *(element_section(head, element) for element in elements(head.document)),
            *(difference_section(head, edition) for edition in others),
            document_rules(head.document),
        ]
    )


def document_rules(document: type[object]) -> str:
    """List the rules that apply to one document."""
    applied = [rule for rule in rules().values() if document in rule.documents]
    rows = [(f"[`{rule.id}`](../rules.md)", rule.statement, ", ".join(rule.codes)) for rule in applied]
    body = table(("rule", "statement", "codes"), rows) if rows else "None beyond the structure.\n"
    return f"## Rules\n\n{body}"


def element_section(edition: Edition, element: type[object]) -> str:
    """List the children of one element, in the order of the standard."""
    rows = [row(field) for field in edition.fields(element)]
    return f"### {element.__name__}\n\n{prose(element)}\n\n{table(('element', 'occurs', 'type'), rows)}"


def row(field: Field) -> tuple[str, str, str]:
    """Tell one element: tag, how often it occurs, type."""
    most = field.most or "*" if field.many else 1
    return f"`{field.tag}`", f"{field.least}..{most}", type_name(field)


def type_name(field: Field) -> str:
    """Name the type of an element: the class of its children, a code list, or a simple type of the schema."""
    if isinstance(field.kind, type):
        return field.kind.__name__
    return f"[`{field.kind.codes}`](../codes.md)" if field.kind.codes else f"`{field.kind.name}`"


def difference_section(head: Edition, edition: Edition) -> str:
    """Tell how an edition differs from the one written by default."""
    found = [change for element in elements(head.document) for change in differences(element, head, edition)]
    body = table(("class", "element", "difference"), found) if found else "The namespace alone.\n"
    return f"## How edition {edition.name} differs\n\n{body}"


def differences(element: type[object], head: Edition, edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Compare the children of one element in two editions."""
    before, after = ({field.name: field for field in each.fields(element)} for each in (head, edition))
    for name in before | after:
        tag = f"`{before[name].tag if name in before else after[name].tag}`"
        if name not in after:
            yield element.__name__, tag, "absent"
        elif name not in before:
            yield element.__name__, tag, " ".join(("additional:", *row(after[name])[1:]))
        elif row(before[name]) != row(after[name]):
            yield element.__name__, tag, " ".join(row(after[name]))
        if name in after and after[name].tag in edition.last:
            yield element.__name__, tag, "stands at the end"


# ---- rules


def rules_page() -> str:
    """List every rule, family by family."""
    families = groupby(rules().values(), key=lambda rule: rule.id.partition("-")[0])
    return f"# Rules\n\n{RULES}\n" + "\n".join(family_section(name, list(family)) for name, family in families)


RULES = """What a document must do beyond its schema. A broken rule becomes a finding, and the finding a reason in the
acknowledgement; the first code is the usual one. *Refuses* and *warns* say what follows; a market may change the weight
of an optional rule, and of no other.
"""


def family_section(name: str, family: Sequence[Rule]) -> str:
    """List the rules of one family, under what its modules say they hold."""
    head = ("rule", "statement", "applies to", "level", "codes", "weight", "source")
    about = [text.removeprefix(f"{name}: ") for text in rule_modules() if text.startswith(f"{name}: ")]
    return f"## {name}\n\n{bullets(about)}\n{table(head, map(rule_row, family))}"


def rule_modules() -> list[str]:
    """Say what each module of rules holds, in its own first sentence."""
    found = pkgutil.iter_modules(profiles.rules.__path__)
    return [first_sentence(importlib.import_module(f"{profiles.rules.__name__}.{module.name}")) for module in found]


def rule_row(rule: Rule) -> tuple[str, ...]:
    """Tell one rule; where it has no check of its own, who keeps it."""
    documents = ", ".join(document.__name__.removesuffix("MarketDocument") for document in rule.documents)
    weight = {Weight.REJECT: "refuses", Weight.WARN: "warns", Weight.OFF: "off"}[rule.weight]
    return (
        f"`{rule.id}`",
        rule.statement,
        f"kept by {rule.kept_by}" if rule.kept_by else documents,
        rule.level,
        ", ".join(rule.codes),
        f"{weight}, optional" if rule.optional else weight,
        rule.source,
    )


# ---- code lists


def codes_page() -> str:
    """List the meanings of the codes that the documents use, in our own words."""
    kinds = (field.kind for editions in documents().values() for field in fields(editions[0]))
    names = {kind.codes for kind in kinds if isinstance(kind, Simple) and kind.codes}
    sections = [code_section(lookup(name)) for name in sorted(names)]
    return f"# Code lists\n\n{prose(codes)}\n\n" + "\n".join(section for section in sections if section)


def code_section(codes: CodeList) -> str:
    """List the codes of one list that we have words for; empty where there are none."""
    rows = [(f"`{code}`", meaning) for code in codes if (meaning := codes.meaning(code))]
    return f"## {codes.name}\n\n{table(('code', 'means'), rows)}" if rows else ""


def fields(edition: Edition) -> Iterator[Field]:
    """Tell every field of every element of an edition."""
    for element in elements(edition.document):
        yield from edition.fields(element)


# ---- known deviations


def quirks_page() -> str:
    """Describe the known deviations of producers."""
    sections = [f"## `{name}`\n\n{prose(quirks.load(name))}\n" for name in quirks.names()]
    return f"# Known deviations\n\n{prose(quirks)}\n\n" + "\n".join(sections)


# ---- market profiles


def markets_page() -> str:
    """List the market profiles."""
    rows = [(f"`{name}`", markets.load(name).title) for name in markets.names()]
    return f"# Market profiles\n\n{prose(markets)}\n\n{table(('name', 'market'), rows)}"


# ---- commands


def verbs(app: typer.Typer) -> list[str]:
    """List the verbs of a command line."""
    return sorted(typer.main.get_group(app).commands)


def commands_page(app: typer.Typer) -> str:
    """Show the help of every verb, as the terminal shows it."""
    return f"# Commands\n\n{COMMANDS}\n" + "\n".join(command_section(app, verb) for verb in verbs(app))


COMMANDS = """Results go to standard output, everything else to standard error. Colour is used on a terminal only, and
never where `NO_COLOR` is set.

| exit status | means |
| --- | --- |
| 0 | clean |
| 1 | findings: a document is refused, something was lost |
| 2 | usage: an option or a settings file says something that cannot be |
| 3 | environment: a file is missing, unreadable, or may not be written |
| 4 | a defect of the gateway |
"""


def command_section(app: typer.Typer, verb: str) -> str:
    """Show the help of one verb."""
    terminal = {"TERMINAL_WIDTH": "100", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    shown = CliRunner().invoke(app, [verb, "--help"], prog_name="gateway", env=terminal)
    if shown.exit_code != 0:
        raise RuntimeError(f"gateway {verb} --help: {shown.output}")
    return f"## gateway {verb}\n\n```text\n{shown.output.strip()}\n```\n"


# ---- pages of the checkout's root

ROOT_PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def root_page(name: str) -> str:
    """Take over a page from the root of the checkout, with its links as seen from the generated pages."""
    text = (GENERATED.parents[2] / name).read_text(encoding="utf-8")
    for other in ROOT_PAGES:
        text = text.replace(f"]({other})", f"]({other.lower()})")
    return text.replace("](docs/", "](../../")


# ---- all pages


def pages() -> dict[str, str]:
    """Make every page; the key is its path below the folder of generated pages."""
    found = {f"documents/{name}.md": document_page(name, editions) for name, editions in documents().items()}
    found |= {name.lower(): root_page(name) for name in ROOT_PAGES}
    found["standards.md"] = standards_page()
    found |= scheme_pages()
    return found | {
        "commands.md": commands_page(application(cli.verbs())),
        "documents.md": documents_page(),
        "rules.md": rules_page(),
        "codes.md": codes_page(),
        "markets.md": markets_page(),
        "quirks.md": quirks_page(),
        "errors.md": errors_page(),
    }


def write(folder: Path = GENERATED) -> None:
    """Write every page below *folder*; a page that has not changed is left alone, so that builds stay quick."""
    made = pages()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in (*folder.rglob("*.md"), *folder.rglob("*.svg")):
        if str(path.relative_to(folder)) not in made:
            path.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
