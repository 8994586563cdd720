"""Laws that hold for every document in every edition, found by folder."""

import random

import pytest
from lxml import etree

from gateway.errors import Unwritable
from profiles import convert, parse, write
from profiles.edition import Edition
from profiles.registry import BY_NAMESPACE, DOCUMENTS, EDITIONS
from tests.generate_documents import random_document

SEEDS = range(4)
MORE = pytest.mark.parametrize(
    "seeds", [pytest.param(SEEDS, id="some"), pytest.param(range(4, 60), id="more", marks=pytest.mark.slow)]
)


@MORE
@pytest.mark.parametrize("edition", EDITIONS, ids=str)
@pytest.mark.parametrize("overlay", [None, "nbm"])
def test_what_is_written_is_read_again(edition: Edition, overlay: str | None, seeds: range) -> None:
    for seed in seeds:
        document = random_document(edition.document, edition, random.Random(seed), overlay=overlay)
        parsed = parse(write(document, edition, overlay=overlay), overlay=overlay)
        assert parsed.document == document
        assert parsed.edition is edition
        assert parsed.report.clean


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_writing_again_gives_the_same_bytes(edition: Edition) -> None:
    for seed in SEEDS:
        data = write(random_document(edition.document, edition, random.Random(seed)), edition)
        assert write(parse(data).document, edition) == data


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_a_value_outside_its_facet_or_code_list_is_not_written(edition: Edition) -> None:
    for seed in SEEDS:
        with pytest.raises(Unwritable):
            write(random_document(edition.document, edition, random.Random(seed), valid=False), edition)


@pytest.mark.parametrize("edition", EDITIONS, ids=str)
def test_the_bytes_are_utf_8_with_a_default_namespace(edition: Edition) -> None:
    data = write(random_document(edition.document, edition, random.Random(1)), edition)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
    assert data.endswith(b">\n")
    assert etree.fromstring(data).nsmap == {None: edition.namespace}


@MORE
@pytest.mark.parametrize("name", DOCUMENTS)
def test_from_one_edition_to_another_and_back_nothing_is_lost_unreported(name: str, seeds: range) -> None:
    editions = DOCUMENTS[name].EDITIONS
    for seed in seeds:
        for source in editions:
            document = random_document(source.document, source, random.Random(seed))
            for target in editions:
                there, report = convert(document, source, target)
                back, nothing = convert(there, target, source)
                assert not nothing.losses
                assert (back == document) == (not report.losses + report.assumptions)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_not_converted_into_an_edition_of_another(name: str) -> None:
    own = DOCUMENTS[name].EDITIONS[0]
    other = next(edition for edition in EDITIONS if edition.document is not own.document)
    with pytest.raises(Unwritable):
        convert(random_document(own.document, own, random.Random(1)), own, other)


def test_every_namespace_is_registered_once() -> None:
    assert len(BY_NAMESPACE) == len(EDITIONS)


def test_the_first_documents_are_there() -> None:
    assert set(DOCUMENTS) >= {
        "acknowledgement",
        "activation",
        "balancing",
        "bid_availability",
        "capacity",
        "reserve_allocation_result",
        "reserve_bid",
    }
