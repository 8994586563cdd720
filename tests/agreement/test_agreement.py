"""Reader and official schema agree, document by document."""

import random
from itertools import islice
from pathlib import Path

import pytest
from lxml import etree

from profiles.edition import Edition
from tests.agreement.comparison import Tally, compare, random_samples, tell
from tests.agreement.documents import random_document
from tests.agreement.editions import PUBLISHED, REQUIRED, edition, is_newest, is_required, oracle_of, overlay_of
from tests.agreement.systematic import systematic_samples

FAST, FAST_OTHERS = 20, 10
"""Documents per edition; fewer for editions that are not required. Thousands are asked about with the generated schema."""

QUICK = [known for known in PUBLISHED if is_required(known) or is_newest(known)]


def assert_agreement(tally: Tally) -> None:
    if tally.disagreements:
        told = [tell(sample, dispute) for sample, dispute in tally.disagreements[:3]]
        pytest.fail("\n\n".join([str(tally), *told]), pytrace=False)


def test_every_required_edition_is_compared() -> None:
    assert {(root, name) for root, names in REQUIRED.items() for name in names} == {
        (known.root, known.name) for known in PUBLISHED if is_required(known)
    }


@pytest.mark.parametrize("compared", QUICK, ids=str)
def test_the_schema_accepts_every_document_that_is_generated_from_it(compared: Edition, reference_data: Path) -> None:
    oracle, rng = oracle_of(compared, reference_data), random.Random(compared.namespace)
    for _ in range(20):
        verdict = oracle.judge(etree.tostring(random_document(oracle.schema, rng)))
        assert verdict.valid, verdict


@pytest.mark.parametrize("compared", QUICK, ids=str)
def test_reader_and_schema_agree_on_some_documents(compared: Edition, reference_data: Path) -> None:
    oracle, count = oracle_of(compared, reference_data), FAST if is_required(compared) else FAST_OTHERS
    tally = compare(oracle, overlay_of(compared), islice(random_samples(oracle, f"fast {compared}"), count))
    assert_agreement(tally)
    assert tally.generated + tally.mutated == count
    assert min(tally.valid, tally.invalid) >= count // 10


def test_reader_and_schema_agree_in_every_place_and_at_every_border(reference_data: Path) -> None:
    """One edition; the planted faults do the same with another, and the long test with all."""
    compared = edition("Acknowledgement_MarketDocument", "8.1")
    oracle = oracle_of(compared, reference_data)
    tally = compare(oracle, overlay_of(compared), systematic_samples(oracle))
    assert_agreement(tally)
    assert tally.mutated > 400
