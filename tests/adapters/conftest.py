"""What the tests of the adapters share."""

from pathlib import Path

import pytest

from tests.adapters import example


@pytest.fixture
def market_folder(tmp_path: Path) -> Path:
    """A folder with the documents of the market of `example`, and its market file."""
    return example.write_folder(tmp_path / "in")
