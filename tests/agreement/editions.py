"""The editions under comparison, and the schema and overlay that belong to each."""

from pathlib import Path

from profiles.edition import Edition
from profiles.registry import EDITIONS
from tests.agreement.oracle import Oracle, oracle

PUBLISHED = tuple(known for known in EDITIONS if not known.namespace.startswith("urn:tso-dso-gateway:"))
"""The editions that somebody else publishes a schema of; the project's own documents have none, by their nature."""

REQUIRED = {
    "ReserveBid_MarketDocument": {"7.4", "7.2", "7.2-nbm"},
    "ReserveAllocationResult_MarketDocument": {"6.4"},
    "Activation_MarketDocument": {"6.2", "6.3"},
    "BidAvailability_MarketDocument": {"1.1"},
    "Acknowledgement_MarketDocument": {"8.0", "8.1"},
    "Capacity_MarketDocument": {"8.0", "8.1", "8.2", "8.3"},
    "Balancing_MarketDocument": {"4.5"},
}
"""The editions of the balancing markets; they are compared on the full number of documents."""


def is_required(edition: Edition) -> bool:
    """Whether *edition* is compared on the full number of documents."""
    return edition.name in REQUIRED.get(edition.root, set())


def is_newest(edition: Edition) -> bool:
    """Whether *edition* is the first of its document, the one that is written by default."""
    return edition is next(known for known in EDITIONS if known.document is edition.document)


def edition(root: str, name: str) -> Edition:
    """Return one edition by root element and name."""
    (found,) = (known for known in EDITIONS if (known.root, known.name) == (root, name))
    return found


def overlay_of(compared: Edition) -> str | None:
    """Return the market whose local codes belong to the namespace: the Nordic one has codes of its own."""
    return "nbm" if ":nbm:" in compared.namespace else None


def oracle_of(compared: Edition, reference_data: Path) -> Oracle:
    """Return the published schema of *compared*."""
    return oracle(reference_data, compared.namespace)
