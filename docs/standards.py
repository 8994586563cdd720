"""The page of implemented standards, made from what the code declares.

A market document tells its standard and part by its namespace, a rule by its source, a code list by its release.
"""

import importlib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from types import ModuleType

from docs.markdown import first_sentence, table
from gateway import schemes
from profiles import codes, markets
from profiles.registry import DOCUMENTS
from profiles.rules.engine import Rule, rules

HEAD = """# Standards and editions

Made from the declarations, so that it says what the program does: documents by standard and part, rules by family, code
lists by release, markets, schemes. What has no declaration to be made from stands under
[what is implemented](../../implemented-standards.md).
"""
PARTS = {
    "451-1": "acknowledgement",
    "451-2": "scheduling",
    "451-3": "capacity and auctions",
    "451-4": "settlement",
    "451-5": "problem statement and status request",
    "451-6": "publication of information",
    "451-7": "balancing",
    "451-n": "further documents of ENTSO-E",
}
"""The parts of IEC 62325, as the namespaces number them."""


def standards_page() -> str:
    """Draw the page."""
    sections = (documents_section(), rules_section(), codes_section(), markets_section(), schemes_section())
    return "\n".join((HEAD, *sections))


def standard_of(namespace: str) -> str:
    """Name the standard or publisher to which a namespace belongs.

    >>> standard_of("urn:iec62325.351:tc57wg16:451-7:reservebiddocument:7:4")
    'IEC 62325-451-7, balancing'
    """
    if namespace.startswith("urn:iec62325.351:"):
        part = namespace.split(":")[3]
        return f"IEC 62325-{part}, {PARTS[part]}"
    publishers = {"eddie.energy": "EDDIE", "ediel": "Ediel, national", "tso-dso-gateway": "this project"}
    return next(name for word, name in publishers.items() if word in namespace)


def direction(module: ModuleType) -> str:
    """Say what is done with a document beyond reading and checking its structure."""
    if hasattr(module, "from_canonical"):
        return "canonical, both ways"
    return "canonical, read" if hasattr(module, "to_canonical") else "structure"


def documents_section() -> str:
    """List documents and editions under their standards."""
    rows = sorted(document_rows())
    parts = []
    for standard, group in groupby(rows, key=lambda row: row[0]):
        body = table(("document", "editions", "mapping", "rules"), [row[1:] for row in group])
        parts.append(f"### {standard}\n\n{body}")
    return "## Market documents\n\n" + "\n".join(parts)


def document_rows() -> Iterator[tuple[str, ...]]:
    """Tell each document once per standard in which it has editions."""
    for name, module in DOCUMENTS.items():
        editions = [(standard_of(edition.namespace), edition) for edition in module.EDITIONS]
        applied = sum(module.EDITIONS[0].document in rule.documents for rule in rules().values())
        for standard in sorted({found for found, _ in editions}):
            own = [edition for found, edition in editions if found == standard]
            shown = f"[`{own[0].root}`](documents/{name}.md)"
            yield standard, shown, ", ".join(edition.name for edition in own), direction(module), str(applied)


def rules_section() -> str:
    """Count the rules of each family, and where they come from."""
    families = groupby(rules().values(), key=lambda rule: rule.id.partition("-")[0])
    rows = [rule_row(name, list(family)) for name, family in families]
    return "## Rules\n\n" + table(("family", "rules", "checked on documents", "kept elsewhere", "sources"), rows)


def rule_row(name: str, family: list[Rule]) -> tuple[str, ...]:
    """Tell one family; its sources by how many rules they have, the most first."""
    kept = sum(bool(rule.kept_by) for rule in family)
    sources = Counter(source.partition(",")[0] for rule in family for source in rule.source.split("; "))
    return (
        f"[{name}](rules.md)",
        str(len(family)),
        str(len(family) - kept),
        str(kept),
        "; ".join(source for source, _ in sources.most_common()),
    )


def codes_section() -> str:
    """List the releases of the code lists and what is laid over them."""
    lists = len(codes.names())
    rows = [("ENTSO-E code lists", str(codes.RELEASE), f"{lists} lists")]
    for overlay in codes.overlays():
        changed = [name for name in codes.names() if set(codes.lookup(name, overlay)) - set(codes.lookup(name))]
        rows.append((f"overlay `{overlay}`", str(codes.lookup(codes.names()[0], overlay).release), ", ".join(changed)))
    return "## Code lists\n\n" + table(("lists", "release", "what is in them, or added"), rows)


def markets_section() -> str:
    """List the market profiles."""
    return "## Markets\n\n" + table(
        ("profile", "market"), [(f"`{name}`", markets.load(name).title) for name in markets.names()]
    )


def schemes_section() -> str:
    """List the coordination schemes with their published steps."""
    rows = [
        (f"[`{name}`](schemes/{name}.md)", first_sentence(scheme_module(name)), str(len(schemes.named(name).steps)))
        for name in schemes.names()
    ]
    return "## Coordination schemes\n\n" + table(("scheme", "is", "steps"), rows)


def scheme_module(name: str) -> ModuleType:
    """Return the module that holds the step table of a scheme."""
    return importlib.import_module(f"{schemes.__name__}.{name}")
