"""What the published schema says of a document, by libxml2 and, where that is disputed, by a second library."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import xmlschema
from lxml import etree

from tests.agreement.schema import Schema, read_schema

FOLDERS = (
    ("entsoe_cim_v94", "iec*.xsd"),
    ("overlay_nbm_v91", "nbm*.xsd"),
    ("eddie/v0_82/vhd", "*.xsd"),
    ("eddie/v1_04/vhd", "*.xsd"),
    ("eddie/v1_12/recmmoe", "*.xsd"),
    ("ediel_dk_datahub/in", "urn-ediel*.xsd"),
)
"""Where the schemas of documents lie among the published ones, and how their files are called."""


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with a document, by whoever says it."""

    path: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """Whether a document is valid, and if not, why; ``rules`` names the broken rules where there are any."""

    complaints: tuple[Complaint, ...] = ()
    rules: frozenset[str] = frozenset()

    @property
    def valid(self) -> bool:
        return not self.complaints


class Oracle:
    """The published schema of one namespace."""

    def __init__(self, path: Path) -> None:
        self.schema: Schema = read_schema(path)
        self._compiled = etree.XMLSchema(etree.parse(path))

    @cached_property
    def relatives(self) -> tuple[Schema, ...]:
        """The other editions of the same document."""
        paths = _files(self.schema.path.parent)[self.schema.root]
        return tuple(read_schema(path) for path in paths if path != self.schema.path)

    def judge(self, data: bytes) -> Verdict:
        """Validate with libxml2."""
        try:
            tree = etree.fromstring(data, parser())
        except etree.XMLSyntaxError as error:
            return Verdict((Complaint("", f"not well-formed: {error}"),))
        except (ValueError, LookupError) as error:
            return Verdict((Complaint("", f"not readable: {error}"),))
        if self._compiled.validate(tree):
            return Verdict()
        return Verdict(tuple(Complaint(entry.path or "", entry.message) for entry in self._compiled.error_log))

    def judge_again(self, data: bytes) -> Verdict | None:
        """Validate with xmlschema, which is slow and shares no code with libxml2 but the parser.

        None where it has no opinion: some numbers are too great for it.
        """
        # The library takes comments inside a text for child elements; they are none of the schema's business.
        bare = etree.tostring(etree.fromstring(data, parser(remove_comments=True, remove_pis=True)))
        try:
            errors = list(self._second.iter_errors(bare))
        except OverflowError:
            return None
        return Verdict(tuple(Complaint(error.path or "", error.reason or str(error)) for error in errors))

    @cached_property
    def _second(self) -> xmlschema.XMLSchema:
        return xmlschema.XMLSchema(self.schema.path, allow="local")


def parser(*, remove_comments: bool = False, remove_pis: bool = False) -> etree.XMLParser:
    """Return the parser of the oracles: it takes whatever is well-formed, and fetches nothing."""
    return etree.XMLParser(
        no_network=True, load_dtd=False, huge_tree=True, remove_comments=remove_comments, remove_pis=remove_pis
    )


@cache
def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the schema files of a folder by the name of their root element."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.xsd")):
        if match := re.search(r'<xs:element name="([^"]+)"', path.read_text("utf-8")):
            found.setdefault(match[1], []).append(path)
    return found


@cache
def oracles(reference_data: Path) -> dict[str, Path]:
    """Return the schema file of each namespace."""
    schemas = reference_data / "documents" / "schemas"
    found: dict[str, Path] = {}
    for path in [path for folder, names in FOLDERS for path in sorted((schemas / folder).glob(names))]:
        namespace = etree.parse(path).getroot().get("targetNamespace", "")
        found.setdefault(namespace, path)
    return found


@cache
def oracle(reference_data: Path, namespace: str) -> Oracle:
    """Return the oracle of a namespace."""
    return Oracle(oracles(reference_data)[namespace])
