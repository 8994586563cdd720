"""Official schemas of a partner or publisher, as a second judge beside our reader.

The gateway ships no official schema: whoever has the files names their folder, and what lies there is used unmodified.
Rules

1. A document is judged by the schema whose ``targetNamespace`` is that of its root element, compared exactly. Where two
   files define one namespace, the first by name is taken.
2. Code lists and local extensions belong together: the files of one folder, and nothing else, stand behind its
   ``xs:import`` and ``xs:include``. Nothing is fetched.
3. The verdict is that of libxml2. Where it refuses, xmlschema can be asked what was expected, if it is installed: it
   tells it better, and takes seconds to read a schema.
"""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

from gateway.errors import Malformed, Misconfigured
from profiles.hardening import LIMITS, Limits, parse_tree

_XS = "{http://www.w3.org/2001/XMLSchema}"
_MOST = 100
"""Complaints about one document; what is wrong beyond these is not told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that a schema does not allow: path of the element, line (0 where unknown), words.

    ``expected``: the elements that could stand there, where that is known.
    """

    path: str
    line: int
    message: str
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialVerdict:
    """What the official schema says. ``valid`` is None where there is none for the namespace.

    ``schema``: name of its file, empty where there is none. ``explained``: the same faults in the words of the second
    library.
    """

    valid: bool | None
    schema: str = ""
    complaints: tuple[Complaint, ...] = ()
    explained: tuple[Complaint, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
    """The schema files of one folder, by name; each schema is compiled when it is first needed."""

    files: Mapping[str, bytes]
    _compiled: dict[str, etree.XMLSchema] = field(default_factory=dict, repr=False)
    _explainers: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def by_namespace(self) -> Mapping[str, str]:
        """Name of the file that defines each namespace."""
        found: dict[str, str] = {}
        for name in sorted(self.files):
            found.setdefault(_target(name, self.files[name]), name)
        found.pop("", None)
        return found

    def judge(self, data: bytes, *, explain: bool = False, limits: Limits = LIMITS) -> OfficialVerdict:
        """Return what the schema for the namespace of *data* says; *explain* asks the second library too.

        What the parser refuses (GEN-001) is not valid. Raises `Misconfigured` for a schema that is no schema.
        """
        try:
            root = parse_tree(data, limits)
        except Malformed as error:
            return OfficialVerdict(valid=False, complaints=(Complaint(path="/", line=0, message=str(error)),))
        name = self.by_namespace.get(etree.QName(root).namespace or "")
        if name is None:
            return OfficialVerdict(valid=None, complaints=(self._unknown(root),))
        schema = self._schema(name)
        if schema.validate(root):
            return OfficialVerdict(valid=True, schema=name)
        complaints = tuple(_complaint(root, entry) for entry in islice(schema.error_log, _MOST))
        explained = self._explain(name, root) if explain else ()
        return OfficialVerdict(valid=False, schema=name, complaints=complaints, explained=explained)

    def _unknown(self, root: etree._Element) -> Complaint:
        name = etree.QName(root)
        message = f"none of {len(self.files)} schema files is for the namespace {name.namespace!r}"
        return Complaint(path=f"/{name.localname}", line=root.sourceline or 0, message=message)

    def _schema(self, name: str) -> etree.XMLSchema:
        if name not in self._compiled:
            parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
            parser.resolvers.add(_Folder(self.files))
            try:
                tree = etree.fromstring(self.files[name], parser, base_url=f"bundle:/{name}")
                self._compiled[name] = etree.XMLSchema(tree)
            except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
                raise Misconfigured(f"schemas/{name}", "an XML schema", str(error)) from error
        return self._compiled[name]

    def _explain(self, name: str, root: etree._Element) -> tuple[Complaint, ...]:
        """Say what was expected, where the second library is installed and has a word for it."""
        if importlib.util.find_spec("xmlschema") is None:
            return ()
        if name not in self._explainers:
            self._explainers[name] = _explainer(name, self.files, self.by_namespace)
        try:
            return tuple(_explained(error, root) for error in islice(self._explainers[name].iter_errors(root), _MOST))
        except OverflowError:  # a number that the second library cannot hold: the first has said what there is to say
            return ()


class _Folder(etree.Resolver):
    """Finds what a schema imports among the files, and nowhere else."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self._files = files

    def resolve(self, system_url: str | None, public_id: str | None, context: object) -> Any:  # noqa: ANN401 - opaque to the caller
        """Return the file that *system_url* names; an empty text, which is no schema, where there is none."""
        del public_id
        return self.resolve_string(self._files.get(_name(system_url or ""), b""), context, base_url=system_url)


def _name(location: str) -> str:
    return location.rpartition("/")[2]


def _target(name: str, data: bytes) -> str:
    """Return the namespace that a file defines, empty where there is none. Raises `Misconfigured`."""
    try:
        _, root = next(etree.iterparse(BytesIO(data), events=("start",), resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise Misconfigured(f"schemas/{name}", "an XML schema", str(error)) from error
    return root.get("targetNamespace", "") if root.tag == f"{_XS}schema" else ""


# ----------------------------------------------------------------------------------------------------------- complaints
def _complaint(root: etree._Element, entry: etree._LogEntry) -> Complaint:
    prefixes = {prefix: space for prefix, space in root.nsmap.items() if prefix}
    found = root.xpath(entry.path, namespaces=prefixes) if entry.path else []
    node = found[0] if isinstance(found, list) and found and etree.iselement(found[0]) else root
    message = entry.message.replace(f"{{{etree.QName(root).namespace}}}", "")
    return Complaint(path=element_path(node), line=entry.line, message=message)


def element_path(node: etree._Element) -> str:
    """Return the path of *node*: local names, counted from 1 where several of a name stand side by side.

    >>> element_path(etree.fromstring("<a><b/><b><c/></b></a>")[1][0])
    '/a/b[2]/c'
    """
    above = node.getparent()
    name = etree.QName(node).localname
    if above is None:
        return f"/{name}"
    same = above.findall(str(node.tag))
    step = name if len(same) == 1 else f"{name}[{same.index(node) + 1}]"
    return f"{element_path(above)}/{step}"


def _explained(error: Any, root: etree._Element) -> Complaint:  # noqa: ANN401 - of a library without type information
    node = error.elem if etree.iselement(error.elem) else root
    space = f"{{{etree.QName(root).namespace}}}"
    expected = tuple(str(getattr(particle, "name", particle)) for particle in getattr(error, "expected", None) or ())
    return Complaint(
        path=element_path(node),
        line=node.sourceline or 0,
        message=str(error.reason or error.message).replace(space, ""),
        expected=tuple(name.replace(space, "") for name in expected),
    )


def _explainer(name: str, files: Mapping[str, bytes], by_namespace: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Build the schema with the second library, which is handed every file so that it opens none."""
    library = importlib.import_module("xmlschema")
    parts = list(_reachable(name, files, by_namespace))
    with warnings.catch_warnings():
        # It warns of an import without a location; all that is imported is added below.
        warnings.simplefilter("ignore", library.XMLSchemaImportWarning)
        built = library.XMLSchema(parts[0], build=False, allow="none")
        for part in parts[1:]:
            built.add_schema(part)
        built.maps.build()
    return built


def _reachable(name: str, files: Mapping[str, bytes], by_namespace: Mapping[str, str]) -> Iterable[str]:
    """Yield the file and those that it imports, each whole and without locations."""
    waiting, seen = [name], {name}
    while waiting:
        root = etree.fromstring(files[waiting.pop(0)], etree.XMLParser(no_network=True, resolve_entities=False))
        for include in root.findall(f"{_XS}include"):
            included = etree.fromstring(files.get(_name(include.get("schemaLocation", "")), b"<none/>"))
            for child in list(included):
                include.addprevious(child)
            root.remove(include)
        for needed in root.findall(f"{_XS}import"):
            needed.attrib.pop("schemaLocation", None)
            other = by_namespace.get(needed.get("namespace", ""))
            if other is not None and other not in seen:
                seen.add(other)
                waiting.append(other)
        yield etree.tostring(root, encoding="unicode")
