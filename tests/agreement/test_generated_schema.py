"""The schema that we make for an edition accepts and rejects what our reader and the official schema do."""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree

from profiles.edition import Edition
from profiles.registry import EDITIONS
from profiles.xsd import schema
from tests.agreement.comparison import random_samples, tell
from tests.agreement.dispute import Dispute
from tests.agreement.documents import random_document
from tests.agreement.editions import PUBLISHED, edition, is_newest, is_required, oracle_of, overlay_of
from tests.agreement.known_exceptions import recognise
from tests.agreement.oracle import Complaint, Oracle, Verdict, oracles, parser
from tests.agreement.sample import Sample
from tests.agreement.systematic import systematic_samples
from tests.agreement.verdict import judge

FAST, FULL, FULL_OTHERS = 14, 5000, 2000
"""Documents per edition, in the fast suite and in the slow one; fewer for editions that no market requires."""

QUICK = [known for known in PUBLISHED if is_required(known) or is_newest(known)]


@dataclass
class Three:
    """What three judges said: reader, generated schema, official schema."""

    valid: int = 0
    invalid: int = 0
    exceptions: Counter[int] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        known = ", ".join(f"no. {number}: {count}" for number, count in sorted(self.exceptions.items()))
        return (
            f"{self.valid} valid, {self.invalid} invalid, {len(self.disagreements)} disagreements; "
            f"exceptions {known or 'none'}"
        )


def compiled(compared: Edition) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema(compared, overlay_of(compared))))


def judged(own: etree.XMLSchema, data: bytes) -> Verdict:
    """Validate with libxml2, as the oracle does."""
    try:
        tree = etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        return Verdict((Complaint("", f"not readable: {error}"),))
    own.validate(tree)
    return Verdict(tuple(Complaint(entry.path or "", entry.message) for entry in own.error_log))


def three_judges(compared: Edition, oracle: Oracle, samples: Iterable[Sample]) -> Three:
    """Ask all three about each of the *samples*; the reader is held against both schemas."""
    own, told = compiled(compared), Three()
    for sample in samples:
        official, ours, generated = (
            oracle.judge(sample.data),
            judge(sample.data, overlay_of(compared)),
            judged(own, sample.data),
        )
        told.valid += official.valid
        told.invalid += not official.valid
        for schema_says in (official, generated):
            if schema_says.valid != ours.valid:
                enter(told, sample, Dispute(sample.data, oracle, schema_says, ours))
    return told


def enter(told: Three, sample: Sample, dispute: Dispute) -> None:
    exception = recognise(dispute)
    if exception is None:
        told.disagreements.append(tell(sample, dispute)[:1500])
    else:
        told.exceptions[exception.number] += 1


@pytest.mark.parametrize("compared", EDITIONS, ids=str)
def test_every_edition_has_a_schema_that_compiles_and_imports_nothing(compared: Edition) -> None:
    for overlay in (None, "nbm"):
        root = etree.fromstring(schema(compared, overlay))
        assert etree.XMLSchema(root) is not None
        assert root.find("{*}import") is None
        assert root.get("targetNamespace") == compared.namespace


@pytest.mark.parametrize("compared", QUICK, ids=str)
def test_three_judges_agree_on_some_documents(compared: Edition, reference_data: Path) -> None:
    oracle = oracle_of(compared, reference_data)
    told = three_judges(compared, oracle, islice(random_samples(oracle, f"three {compared}"), FAST))
    assert not told.disagreements, f"{told}\n" + "\n\n".join(told.disagreements[:3])
    assert told.valid + told.invalid == FAST
    assert min(told.valid, told.invalid) > 1


@pytest.mark.slow
@pytest.mark.parametrize("compared", PUBLISHED, ids=str)
def test_three_judges_agree_on_thousands_of_documents(
    compared: Edition, reference_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ask about a sample of the systematic documents and as many random ones as make up the full number."""
    oracle = oracle_of(compared, reference_data)
    samples = list(systematic_samples(oracle))
    samples += islice(random_samples(oracle, f"full {compared}"), max(FULL - len(samples), 0))
    count = FULL if is_required(compared) else FULL_OTHERS
    told = three_judges(compared, oracle, random.Random(str(compared)).sample(samples, count))
    with capsys.disabled():
        sys.stdout.write(f"\n{compared}: {told}\n")
    assert not told.disagreements, "\n\n".join(told.disagreements[:3])


# ---- a difference would be seen

BID = edition("ReserveBid_MarketDocument", "7.4")


def verdict(data: bytes, compared: Edition = BID, overlay: str | None = None) -> bool:
    own = etree.XMLSchema(etree.fromstring(schema(compared, overlay)))
    return judged(own, data).valid


@pytest.fixture
def document(reference_data: Path) -> etree._Element:
    return random_document(oracle_of(BID, reference_data).schema, random.Random(3))


def test_a_missing_element_is_refused(document: etree._Element) -> None:
    assert verdict(etree.tostring(document))
    document.remove(document[0])
    assert not verdict(etree.tostring(document))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mRID", "x" * 61),
        ("revisionNumber", "0"),
        ("type", "Z99"),
        ("createdDateTime", "2026-02-29T00:00:00Z"),
        ("createdDateTime", "2026-02-28T00:00:00.5Z"),
    ],
)
def test_a_broken_facet_is_refused(document: etree._Element, name: str, text: str) -> None:
    node = document.find(f"{{*}}{name}")
    assert node is not None
    node.text = text
    assert not verdict(etree.tostring(document))


@pytest.mark.parametrize(("text", "is_day"), [("2000-02-29", True), ("1900-02-29", False), ("2024-02-29", True)])
@pytest.mark.parametrize("end", ["start", "end"])
def test_the_ends_of_an_interval_are_days_that_exist(
    document: etree._Element,
    end: str,
    text: str,
    is_day: bool,  # noqa: FBT001 - a column of the table
) -> None:
    node = document.find(f"{{*}}reserveBid_Period.timeInterval/{{*}}{end}")
    assert node is not None
    node.text = f"{text}T22:00Z"
    assert verdict(etree.tostring(document)) is is_day


def test_a_local_code_is_valid_under_its_overlay_only(document: etree._Element) -> None:
    node = document.find("{*}type")
    assert node is not None
    node.text = "Z37"
    assert not verdict(etree.tostring(document))
    assert verdict(etree.tostring(document), overlay="nbm")


def test_the_codes_say_what_they_mean() -> None:
    root = etree.fromstring(schema(BID))
    (entry,) = root.xpath("//*[@name='MessageTypeList']//*[@value='A37']")
    assert entry.findtext("{*}annotation/{*}documentation")


def test_each_namespace_with_a_profile_and_an_oracle_is_compared(reference_data: Path) -> None:
    known = {compared.namespace for compared in EDITIONS} & set(oracles(reference_data))
    assert {compared.namespace for compared in PUBLISHED} == known
