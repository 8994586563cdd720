"""The namespace strings of the documents of a balancing market, as their schemas spell them."""

from __future__ import annotations

import pytest

from gateway.errors import Malformed
from profiles import parse, registry
from tests.profiles.documents.messages import source

# Document, root element, family of namespaces, and the end of the namespace of each edition.
FAMILIES = [
    (
        "capacity",
        "Capacity_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-3:capacitydocument:",
        {"8.3": "8:3", "8.2": "8:2", "8.1": "8:1", "8.0": "8:0"},
    ),
    (
        "reserve_bid",
        "ReserveBid_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:reservebiddocument:",
        {"7.6": "7:6", "7.5": "7:5", "7.4": "7:4", "7.3": "7:3", "7.2": "7:2", "7.1": "7:1"},
    ),
    (
        "reserve_bid",
        "ReserveBid_MarketDocument",
        "urn:iec62325:ediel:nbm:reservebiddocument:",
        {"7.2-nbm": "7:2"},
    ),
    (
        "bid_availability",
        "BidAvailability_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-n:bidavailabilitydocument:",
        {"1.1": "1:1", "1.0": "1:0"},
    ),
    (
        "activation",
        "Activation_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:activationdocument:",
        {"6.3": "6:3", "6.2": "6:2", "6.1": "6:1"},
    ),
    (
        "acknowledgement",
        "Acknowledgement_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:",
        {"8.1": "8:1", "8.0": "8:0", "7.0": "7:0"},
    ),
    (
        "reserve_allocation_result",
        "ReserveAllocationResult_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:reserveallocationresultdocument:",
        {"6.4": "6:4", "6.3": "6:3", "6.2": "6:2"},
    ),
    (
        "balancing",
        "Balancing_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-6:balancingdocument:",
        {"4.5": "4:5", "4.4": "4:4", "4.3": "4:3", "4.2": "4:2", "4.1": "4:1"},
    ),
    (
        "merit_order_list",
        "MeritOrderList_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:moldocument:",
        {"7.3": "7:3", "7.2": "7:2", "7.1": "7:1", "6.0": "6:0"},
    ),
    (
        "historical_activation",
        "HistoricalActivation_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:historicalactivationdocument:",
        {"6.1": "6:1", "6.0": "6:0"},
    ),
    (
        "redispatch",
        "Redispatch_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-7:redispatchdocument:",
        {"6.1": "6:1", "6.0": "6:0"},
    ),
    (
        "publication",
        "Publication_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-3:publicationdocument:",
        {"7.4": "7:4", "7.3": "7:3", "7.2": "7:2", "7.1": "7:1"},
    ),
    (
        "generation_load",
        "GL_MarketDocument",
        "urn:iec62325.351:tc57wg16:451-6:generationloaddocument:",
        {"3.2": "3:2", "3.1": "3:1"},
    ),
]
ROWS = [(document, root, name, family + end) for document, root, family, ends in FAMILIES for name, end in ends.items()]


@pytest.mark.parametrize(("document", "root", "name", "namespace"), ROWS)
def test_an_edition_is_known_by_its_namespace(document: str, root: str, name: str, namespace: str) -> None:
    edition = registry.BY_NAMESPACE[namespace]
    assert (edition.root, edition.name, str(edition)) == (root, name, f"{root} {name}")
    assert registry.named(document, name) is edition
    assert registry.module_of(edition).__name__ == f"profiles.{document}"


PLAIN = source("capacity", "8.3/own-interface-both-ways")
OWN = b"urn:iec62325.351:tc57wg16:451-3:capacitydocument:8:3"


@pytest.mark.parametrize(
    "other",
    [
        OWN + b":",
        OWN.upper(),
        OWN.replace(b"8:3", b"8:9"),
        OWN.replace(b"urn:", b"URN:"),
        OWN.removeprefix(b"urn:"),
        b"",
    ],
)
def test_a_namespace_is_compared_exactly(other: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse(PLAIN.replace(OWN, other))
    assert (caught.value.path, caught.value.expected) == (
        "/Capacity_MarketDocument",
        "the namespace of a known edition",
    )
    assert (caught.value.found, caught.value.code, caught.value.rule) == (repr(other.decode()), "A94", "GEN-002")


def test_the_root_element_must_be_that_of_the_namespace() -> None:
    with pytest.raises(Malformed) as caught:
        parse(PLAIN.replace(b"Capacity_MarketDocument", b"Balancing_MarketDocument"))
    assert (caught.value.path, caught.value.expected) == ("/Balancing_MarketDocument", "<Capacity_MarketDocument>")
    assert (caught.value.found, caught.value.code, caught.value.rule) == (
        "<Balancing_MarketDocument>",
        "A94",
        "GEN-003",
    )
