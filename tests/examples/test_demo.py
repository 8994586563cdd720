"""``make demo`` runs from end to end, and writes what the same documents give in another process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli import program_version
from adapters.offline.outputs import outputs
from adapters.offline.run import Run
from profiles import parse, to_canonical
from tests.conftest import ROOT

DEMO = ROOT / "examples" / "demo.sh"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]
"""One process runs the demo once for all."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the demo writes to."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(out: Path) -> str:
    """What the demo tells, after it ended well."""
    here = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{here}:{os.environ['PATH']}"}
    bash = shutil.which("bash") or pytest.fail("no bash")
    ended = subprocess.run(
        [bash, DEMO, out], capture_output=True, text=True, check=False, env=environment, cwd="/", timeout=300
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr == ""
    return ended.stdout


def test_the_demo_shows_every_command_and_its_results(told: str) -> None:
    for command in ("clear", "validate", "convert", "ack"):
        assert f"$ gateway {command} " in told
    assert "60.00 in SE3; 90.00 in SE4" in told
    assert "39 documents, 39 clean, 0 findings" in told
    assert "136.64 in DK2, SE4" in told


def test_the_demo_names_only_files_that_exist(told: str) -> None:
    summary = told.partition("== Done. Open")[2]
    named = [line.split()[0] for line in summary.splitlines() if line.startswith("  ")]
    assert len(named) == 7
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.usefixtures("told")
def test_the_demo_writes_the_same_bytes_as_another_process(out: Path, morning: Run) -> None:
    expected = outputs(morning, program_version())
    folder = out / "nordic_morning"
    written = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert expected.unwritten == ()
    assert [name for name in expected.files if written.get(name) != expected.files[name]] == []


@pytest.mark.usefixtures("told")
def test_the_other_edition_says_the_same(out: Path) -> None:
    parsed = parse((out / "bids_smelters_7.4.xml").read_bytes())
    original = parse((ROOT / "examples" / "nordic_morning" / "bids_smelters.xml").read_bytes())
    assert (original.edition.name, parsed.edition.name) == ("7.2", "7.4")
    assert to_canonical(parsed)[0].message == to_canonical(original)[0].message
    written = json.loads((out / "bids_smelters.json").read_bytes())
    assert len(written["envelope"]["message"]["bids"]) == len(original.document.series)
