"""What our reader says of a document."""

from gateway.errors import Malformed
from profiles.reading import parse
from tests.agreement.oracle import Complaint, Verdict

STRUCTURE = frozenset({"GEN-001", "GEN-002", "GEN-003", "GEN-004", "GEN-005"})
"""The rules that the schema has too; the others look at what a document means."""


def judge(data: bytes, overlay: str | None) -> Verdict:
    """Read *data*: valid is what is not `Malformed` and breaks none of the rules of structure."""
    try:
        findings = parse(data, overlay=overlay).report.findings
    except Malformed as error:
        complaint = Complaint(error.path, f"expected {error.expected}, found {error.found}")
        return Verdict((complaint,), frozenset({error.rule}))
    broken = [finding for finding in findings if finding.rule in STRUCTURE]
    complaints = tuple(Complaint(f.path, f"expected {f.expected}, found {f.found}") for f in broken)
    return Verdict(complaints, frozenset(f.rule for f in broken))
