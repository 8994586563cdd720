"""Findings as SARIF 2.1.0, which editors and code hosts show beside the lines of a file.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". A rule of ours is a
``reportingDescriptor`` (3.49) with its statement and source, a finding is a ``result`` (3.27) with its
physical location where the line is known and its logical location, the element path, always. What an official
schema says stands under a rule of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from adapters.validation import Checked
from gateway.canonical_json import Json
from gateway.report import Finding, Severity
from profiles.official import Complaint
from profiles.rules.engine import rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

OFFICIAL = "XSD"
"""Id of the rule under which the complaints of an official schema stand."""

_LEVELS = {Severity.REJECT: "error", Severity.WARN: "warning"}


def sarif(checked: Sequence[Checked], version: str) -> dict[str, Json]:
    """Return the log of one run over *checked*; *version* is that of this program."""
    broken = {finding.rule for document in checked for finding in document.report.findings}
    names = sorted(broken | {OFFICIAL for document in checked if _complaints(document)})
    results: list[Json] = [
        _result(document, finding, names.index(finding.rule))
        for document in checked
        for finding in document.report.findings
    ]
    results += [
        _official_result(document, complaint, names.index(OFFICIAL))
        for document in checked
        for complaint in _complaints(document)
    ]
    driver: dict[str, Json] = {
        "name": "tso-dso-gateway",
        "version": version,
        "rules": [_descriptor(name) for name in names],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "artifacts": [{"location": {"uri": uri}} for uri in dict.fromkeys(_uri(document.file) for document in checked)],
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _complaints(document: Checked) -> Sequence[Complaint]:
    """Return what the official schema says against a document, in the better words where there are two."""
    return () if document.official is None else document.official.explained or document.official.complaints


def _official_result(document: Checked, complaint: Complaint, index: int) -> Json:
    location: dict[str, Json] = {"artifactLocation": {"uri": _uri(document.file)}}
    if complaint.line:
        location["region"] = {"startLine": complaint.line}
    judged = document.official is not None and document.official.valid is not None
    return {
        "ruleId": OFFICIAL,
        "ruleIndex": index,
        "level": "error" if judged else "note",
        "message": {"text": complaint.message},
        "locations": [
            {
                "physicalLocation": location,
                "logicalLocations": [{"fullyQualifiedName": complaint.path, "kind": "element"}],
            }
        ],
        "properties": {"schema": document.official.schema if document.official else "", "official": True},
    }


def _descriptor(name: str) -> Json:
    rule = rules().get(name)
    if name == OFFICIAL:
        statement = "The document is valid under the official schema of its namespace."
        return {"id": name, "shortDescription": {"text": statement}, "help": {"text": statement}}
    if rule is None:
        statement = "The canonical model of this market can hold what the document says."
        return {"id": name, "shortDescription": {"text": statement}, "help": {"text": statement}}
    return {
        "id": name,
        "shortDescription": {"text": rule.statement},
        "help": {"text": f"{rule.statement} Reason codes: {', '.join(rule.codes)}. Source: {rule.source}."},
        "properties": {"reasonCodes": list(rule.codes), "source": rule.source, "level": rule.level},
    }


def _result(document: Checked, finding: Finding, index: int) -> Json:
    location: dict[str, Json] = {"artifactLocation": {"uri": _uri(document.file)}}
    line = document.line(finding)
    if line is not None:
        location["region"] = {"startLine": line}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"Expected {finding.expected}, found {finding.found}."},
        "locations": [
            {
                "physicalLocation": location,
                "logicalLocations": [{"fullyQualifiedName": finding.path, "kind": "element"}],
            }
        ],
        "properties": {"reasonCode": finding.code, **_subject(finding)},
    }


def _subject(finding: Finding) -> dict[str, Json]:
    return {} if finding.subject is None else {"series": finding.subject}


def _uri(file: str) -> str:
    """Return a path as a relative or file URI (RFC 3986)."""
    return ("file://" if file.startswith("/") else "") + quote(file, errors="replace")
