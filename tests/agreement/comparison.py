"""Reader against schema, document by document.

Both must give the same verdict: *valid* of the reader is neither `Malformed` nor a finding of GEN-001 to GEN-005,
*valid* of the schema is what libxml2 says. A disagreement is a known exception or a defect.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.agreement.byte_mutations import BYTE_MUTATIONS
from tests.agreement.dispute import Dispute
from tests.agreement.documents import random_document
from tests.agreement.known_exceptions import recognise
from tests.agreement.mutations import TREE_MUTATIONS
from tests.agreement.oracle import Oracle
from tests.agreement.sample import Sample, serialised
from tests.agreement.schema import Schema
from tests.agreement.systematic import borrow, loans
from tests.agreement.verdict import judge


@dataclass
class Tally:
    """What a comparison met."""

    generated: int = 0
    mutated: int = 0
    valid: int = 0
    invalid: int = 0
    exceptions: Counter[int] = field(default_factory=Counter)
    disagreements: list[tuple[Sample, Dispute]] = field(default_factory=list)

    def __str__(self) -> str:
        exceptions = ", ".join(f"no. {number}: {count}" for number, count in sorted(self.exceptions.items()))
        return (
            f"{self.generated} generated, {self.mutated} mutated, {self.valid} valid, {self.invalid} invalid, "
            f"{len(self.disagreements)} disagreements; exceptions {exceptions or 'none'}"
        )


def random_samples(oracle: Oracle, seed: str) -> Iterator[Sample]:
    """Yield documents without end.

    Of ten, two are as generated, two have changed bytes, five a changed tree, and one has something of another edition.
    """
    schema, rng = oracle.schema, random.Random(seed)
    while True:
        for changes in (0, 0, 1, 1, 1, 1, 2):
            yield _changed(schema, rng, changes)
        for mutation in rng.choices(BYTE_MUTATIONS, k=2):
            yield Sample(mutation(serialised(random_document(schema, rng)), rng), (mutation.__name__,))
        yield _of_another_edition(oracle, rng)


def _changed(schema: Schema, rng: random.Random, changes: int) -> Sample:
    """Return a random document with so many changes to its tree."""
    root = random_document(schema, rng)
    mutations = rng.choices(TREE_MUTATIONS, k=changes)
    for mutation in mutations:
        mutation(root, schema, rng)
    return Sample(serialised(root), tuple(mutation.__name__ for mutation in mutations))


def _of_another_edition(oracle: Oracle, rng: random.Random) -> Sample:
    """Return a document of another edition under this namespace, or one of this edition with a borrowed element."""
    schema, other = oracle.schema, rng.choice(oracle.relatives or (oracle.schema,))
    if rng.random() < 0.3:
        data = serialised(random_document(other, rng))
        return Sample(data.replace(other.namespace.encode(), schema.namespace.encode()), ("of another edition",))
    root = random_document(schema, rng)
    found = list(loans(schema.branch, other.branch))
    if found:
        borrow(root, schema, rng, rng.choice(found))
    return Sample(serialised(root), ("borrowed element",))


def dispute_over(data: bytes, oracle: Oracle, overlay: str | None) -> Dispute | None:
    """Return the disagreement on *data*, None where both sides agree."""
    official, ours = oracle.judge(data), judge(data, overlay)
    return None if official.valid == ours.valid else Dispute(data, oracle, official, ours)


def compare(oracle: Oracle, overlay: str | None, documents: Iterable[Sample]) -> Tally:
    """Compare both sides on each of the *documents*."""
    tally = Tally()
    for sample in documents:
        official, ours = oracle.judge(sample.data), judge(sample.data, overlay)
        tally.mutated += bool(sample.changes)
        tally.generated += not sample.changes
        tally.valid += official.valid
        tally.invalid += not official.valid
        if official.valid != ours.valid:
            _enter(tally, sample, Dispute(sample.data, oracle, official, ours))
    return tally


def _enter(tally: Tally, sample: Sample, dispute: Dispute) -> None:
    exception = recognise(dispute)
    if exception is None:
        tally.disagreements.append((sample, dispute))
    else:
        tally.exceptions[exception.number] += 1


def tell(sample: Sample, dispute: Dispute) -> str:
    """Say what the two sides disagree on, with the document."""
    second = "not asked" if dispute.unreadable else dispute.second
    return (
        f"changes: {', '.join(sample.changes) or 'none'}\nlibxml2: {dispute.official}\nxmlschema: {second}\n"
        f"ours: {dispute.ours}\n{dispute.data.decode('utf-8', 'backslashreplace')}"
    )
