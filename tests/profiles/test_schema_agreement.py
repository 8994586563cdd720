"""What is written is valid against the published schema of its namespace."""

import random
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from profiles import write
from profiles.edition import Edition
from profiles.registry import EDITIONS
from tests.generate_documents import plausible_bids, random_document


@cache
def schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(path))


def schema_of(edition: Edition, reference_data: Path, folder: str) -> Path | None:
    return next(
        (
            path
            for path in sorted((reference_data / "documents" / "schemas" / folder).glob("*.xsd"))
            if f'targetNamespace="{edition.namespace}"' in path.read_text("utf-8")
        ),
        None,
    )


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_random_documents_are_valid(edition: Edition, reference_data: Path) -> None:
    path = schema_of(edition, reference_data, "entsoe_cim_v94")
    overlay = None if path else "nbm"
    path = path or schema_of(edition, reference_data, "overlay_nbm_v91")
    assert path is not None
    for seed in range(20):
        document = random_document(edition.document, edition, random.Random(seed), overlay=overlay)
        data = write(document, edition, overlay=overlay)
        validator = schema(path)
        assert validator.validate(etree.fromstring(data)), (seed, validator.error_log)


def test_plausible_bids_are_valid(reference_data: Path) -> None:
    edition = next(edition for edition in EDITIONS if str(edition) == "ReserveBid_MarketDocument 7.4")
    path = schema_of(edition, reference_data, "entsoe_cim_v94")
    assert path is not None
    data = write(plausible_bids(50, random.Random(1)), edition)
    assert schema(path).validate(etree.fromstring(data))
