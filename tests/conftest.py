"""What every test may ask for: the reference data, and hypothesis settings that repeat on every machine."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

# In continuous integration a property test must fail for everyone or for no one, and no machine is too slow. Few examples
# keep the fast suite fast; the slow suite runs the same tests with more of them (HYPOTHESIS_PROFILE=long), and
# HYPOTHESIS_PROFILE=thorough looks further.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=8)
settings.register_profile("fast", deadline=None, max_examples=8)
settings.register_profile("long", derandomize=True, deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast"))


def pytest_collection_finish() -> None:
    """Leave what collection has made out of every later garbage collection: it is there to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published schemas, messages and cases that the project may not ship.

    ``GATEWAY_REFERENCE_DATA`` names it; the default is ``shared`` beside the checkout. A test that asks for it is
    skipped where there is none.
    """
    folder = Path(os.environ.get("GATEWAY_REFERENCE_DATA", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("no reference data: set GATEWAY_REFERENCE_DATA to their folder")
    return folder.resolve()
