"""What is written is valid against the published schema of its namespace."""

import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from profiles import codes, write
from profiles.edition import Edition
from profiles.registry import EDITIONS
from tests import generate_documents
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


OWN = [edition for edition in EDITIONS if edition.namespace.startswith("urn:tso-dso-gateway:")]
FRAMEWORKS = [edition for edition in EDITIONS if edition.lists is not None]
"""Editions with code lists of their own, which come with schemas of their own."""

ENTSOE = [edition for edition in EDITIONS if edition not in OWN and edition not in FRAMEWORKS]


@cache
def enumerations(path: Path) -> dict[str, frozenset[str]]:
    """Return the values of each list that a schema file defines."""
    found = re.finditer(r'<xsd?:simpleType name="(\w+)">(.*?)</xsd?:simpleType>', path.read_text("utf-8"), re.DOTALL)
    return {match[1]: frozenset(re.findall(r'enumeration value="([^"]*)"', match[2])) for match in found}


@pytest.mark.parametrize("edition", FRAMEWORKS, ids=str)
def test_random_documents_of_frameworks_are_valid(
    edition: Edition, reference_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes are taken from what both sides know: a framework's lists are older than the release they refer to."""
    schemas = reference_data / "documents" / "schemas"
    path = next(
        path
        for folder in ("eddie", "ediel_dk_datahub")
        for path in sorted((schemas / folder).rglob("*.xsd"))
        if f'targetNamespace="{edition.namespace}"' in path.read_text("utf-8")
    )
    beside = [*path.parent.glob("*codelists.xsd"), *path.parent.parent.glob("*codelists.xsd"), path]
    lists = enumerations(beside[0])

    def code(maker: Any, name: str) -> str:  # noqa: ANN401 - the maker is private
        known = codes.lookup(name, edition.lists).values & (lists.get(f"Standard{name}") or lists[name])
        chosen: str = maker.rng.choice(sorted(known))
        return chosen

    monkeypatch.setattr(generate_documents._Maker, "code", code)
    for seed in range(8):
        data = write(random_document(edition.document, edition, random.Random(seed)), edition)
        assert schema(path).validate(etree.fromstring(data)), (seed, schema(path).error_log)


@pytest.mark.parametrize("edition", ENTSOE, ids=str)
def test_random_documents_are_valid(edition: Edition, reference_data: Path) -> None:
    path = schema_of(edition, reference_data, "entsoe_cim_v94")
    overlay = None if path else "nbm"
    path = path or schema_of(edition, reference_data, "overlay_nbm_v91")
    assert path is not None
    for seed in range(8):
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
