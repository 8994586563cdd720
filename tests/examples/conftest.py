"""The examples as they lie in the checkout, and what comes of them."""

from pathlib import Path

import pytest

from adapters.folder import read_folder
from adapters.market_file import read_market
from adapters.offline.run import Run, run
from gateway.schemes import named
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"


def cleared(folder: Path) -> Run:
    """Receive and clear *folder* as ``gateway clear`` does."""
    settings = read_market((folder / "market.toml").read_text(encoding="utf-8"))
    return run(read_folder(folder, "market.toml"), settings, named("centralised"), None)


@pytest.fixture(scope="session")
def morning() -> Run:
    """The outcome of the Nordic morning."""
    return cleared(EXAMPLES / "nordic_morning")
