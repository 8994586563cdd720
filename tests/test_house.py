"""The rules of the house that no tool knows: locks, packages, budgets, and what a file may not name."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import budgets

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = budgets.PACKAGES


# ---- locks

PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;]+)")


def pins(lock: str) -> dict[str, set[str]]:
    """Read the versions that a lock pins for each distribution; a marker may tell several apart."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(match["name"], set()).add(match["version"])
    return found


def unmet(requirements: list[str], lock: str) -> list[str]:
    """Name the requirements that the lock does not meet."""
    pinned = pins(lock)
    wanted = [Requirement(text) for text in requirements]
    return [
        str(requirement)
        for requirement in wanted
        if not (versions := pinned.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(version, prereleases=True) for version in versions)
    ]


def test_the_runtime_lock_meets_the_dependencies() -> None:
    assert unmet(PYPROJECT["project"]["dependencies"], "requirements.lock") == []


def test_the_development_lock_meets_the_dependencies_and_its_extras() -> None:
    extras = PYPROJECT["project"]["optional-dependencies"]
    wanted = PYPROJECT["project"]["dependencies"] + extras["dev"] + extras["docs"]
    assert unmet(wanted, "requirements-dev.lock") == []


def test_the_lock_of_the_browser_tests_meets_their_extra() -> None:
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["project"]["optional-dependencies"]["ui-test"]
    assert unmet(wanted, "requirements-ui.lock") == []


def test_the_build_lock_meets_what_the_build_needs() -> None:
    assert PYPROJECT["dependency-groups"]["build"] == PYPROJECT["build-system"]["requires"]
    assert unmet(PYPROJECT["build-system"]["requires"], "requirements-build.lock") == []


@pytest.mark.parametrize("group", ["mutation", "oracles"])
def test_the_lock_of_a_group_beside_the_tests_meets_both(group: str) -> None:
    wanted = PYPROJECT["project"]["optional-dependencies"]["dev"] + PYPROJECT["dependency-groups"][group]
    assert unmet(PYPROJECT["project"]["dependencies"] + wanted, f"requirements-{group}.lock") == []


def test_an_unmet_dependency_is_named() -> None:
    assert unmet(["lxml>=999", "no-such-thing", "lxml"], "requirements.lock") == ["lxml>=999", "no-such-thing"]


@pytest.mark.parametrize(
    "larger",
    ["requirements-dev.lock", "requirements-ui.lock", "requirements-mutation.lock", "requirements-oracles.lock"],
)
def test_the_other_locks_hold_the_versions_of_the_runtime_lock(larger: str) -> None:
    held = pins(larger)
    assert {name: held.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_a_lock_holds_pins_and_hashes_only(lock: str) -> None:
    allowed = re.compile(rf"{PIN.pattern}( ; [^/\\]+)? \\|    --hash=sha256:[0-9a-f]{{64}}( \\)?")
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not allowed.fullmatch(line)] == []
    assert lines


# ---- what no file may name

# Put together from pieces, so that this file does not name them either.
REGISTRY_HOST = re.compile("|".join([r"\bpypi\." + "org", r"python" + r"hosted\.org", r"registry\." + r"npmjs\.org"]))
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|mnt)/" + r"\w")


def tracked_files() -> list[Path]:
    """List the files under version control, and those that would be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def named(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Tell where one of *texts* names what the *pattern* forbids."""
    return [
        f"{name}:{number}: {found[0]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := pattern.search(line))
    ]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: the files of the project cannot be told from others")
    return {str(path.relative_to(ROOT)): path.read_text("utf-8", errors="replace") for path in tracked_files()}


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert named(REGISTRY_HOST, texts) == []


def test_no_file_names_a_path_of_a_machine(texts: dict[str, str]) -> None:
    assert named(MACHINE_PATH, texts) == []


@pytest.mark.parametrize("planted", ["see /home/" + "ada/bids", "cd /work" + "/x", "https://pypi" + ".org/simple"])
def test_a_planted_name_is_found(planted: str) -> None:
    assert named(MACHINE_PATH, {"a": planted}) + named(REGISTRY_HOST, {"a": planted}) != []


# ---- packages


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_what_it_is_and_that_it_is_typed(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert (ROOT / package / "py.typed").is_file()


def test_each_folder_with_code_is_a_package() -> None:
    folders = {path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_architecture_page_shows_each_room_and_each_folder_in_it() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    markers = (path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py"))
    folders = sorted(str(path.parent.relative_to(ROOT)) for path in markers)
    assert [folder for folder in folders if f"`{folder}/`" not in page] == []


@pytest.mark.slow
def test_the_wheel_holds_the_five_packages_whole_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".venv", ".git", "build", "*.egg-info", "_build", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, source, ignore=ignored)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for package in PACKAGES for path in (source / package).rglob("*") if path.is_file())
    assert held == {str(path.relative_to(source)) for path in files}


# ---- setting up


def machine(folder: Path, python: str | None) -> dict[str, str]:
    """Make an environment whose only programs are the few that the set-up needs, and perhaps a *python* script."""
    for program in ("bash", "dirname", "id"):
        (folder / program).symlink_to(shutil.which(program) or "")
    if python is not None:
        (folder / "python3").write_text(python, encoding="utf-8")
        (folder / "python3").chmod(0o755)
    return {"PATH": str(folder)}


@pytest.mark.parametrize(
    "python",
    [None, "#!/bin/sh\nexit 1\n"],
    ids=["no-python", "python-without-venv"],
)
def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path, python: str | None) -> None:
    checkout = tmp_path / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "venv", checkout / ".ci" / "venv")
    programs = tmp_path / "bin"
    programs.mkdir()
    done = subprocess.run(
        [shutil.which("bash") or "bash", checkout / ".ci" / "venv"],
        env=machine(programs, python),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "Python 3.11 or newer" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


# ---- continuous integration

JUNIT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def integrated(folder: Path, fast: str, slow: str, failing: str = "") -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` beside a Makefile whose targets leave the given results, one of them *failing*."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / "fast").write_text(fast, encoding="utf-8")
    (folder / "slow").write_text(slow, encoding="utf-8")
    recipes = {"venv": "true", "test": "mkdir -p build && cp fast build/test.xml", "check": "true"}
    recipes |= {"test-slow": "cp slow build/test-slow.xml"}
    if failing:
        recipes[failing] += "; false"
    makefile = "".join(f"{target}:\n\t@{recipe}\n" for target, recipe in recipes.items())
    (folder / "Makefile").write_text(makefile, encoding="utf-8")
    command = [shutil.which("bash") or "bash", str(folder / ".ci" / "run")]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_the_last_line_sums_up_the_tests(tmp_path: Path) -> None:
    done = integrated(tmp_path, JUNIT.format(120, 0, 0, 3), JUNIT.format(7, 0, 0, 0))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "124 passed, 0 failed, 3 skipped"


def test_a_failed_test_fails_the_run(tmp_path: Path) -> None:
    done = integrated(tmp_path, JUNIT.format(120, 2, 1, 0), JUNIT.format(7, 0, 0, 0), failing="test")
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "124 passed, 3 failed"


@pytest.mark.parametrize("failing", ["check", "test-slow"])
def test_whatever_fails_fails_the_run_and_is_named(tmp_path: Path, failing: str) -> None:
    done = integrated(tmp_path, JUNIT.format(120, 0, 0, 0), JUNIT.format(7, 0, 0, 0), failing)
    assert done.returncode != 0
    assert f"failed: make {failing}" in done.stdout


def test_without_an_environment_nothing_else_is_run(tmp_path: Path) -> None:
    done = integrated(tmp_path, JUNIT.format(120, 0, 0, 0), "", failing="venv")
    assert done.returncode != 0
    assert "==== make test" not in done.stdout


# ---- budgets


def source(text: str) -> budgets.Source:
    return budgets.Source("planted.py", text)


DOCUMENTED = '"""Module."""\n\n\ndef area():\n    """Docstring.\n\n    More of it.\n    """\n    # why\n    return 1\n'


def test_docstrings_and_comments_are_no_code() -> None:
    assert source(DOCUMENTED).code_lines() == 2
    assert source('x = """a\nb\n"""\n\n# c\n').code_lines() == 3


def test_the_length_of_a_function_leaves_the_docstring_out() -> None:
    assert list(source(DOCUMENTED).functions()) == [(1, "planted.py:4 area")]


def test_a_file_that_is_too_long_is_named() -> None:
    figures = budgets.size_figures([source("x = 1\n" * 401)], [])
    assert [(figure.name, figure.where) for figure in figures if not figure.kept] == [
        ("longest file", ("planted.py",)),
        ("median file", ()),
    ]


def test_a_test_file_that_is_too_long_is_named() -> None:
    figures = budgets.size_figures([], [source("x = 1\n" * 401)])
    assert [figure.name for figure in figures if not figure.kept] == ["longest file"]


def test_a_function_that_is_too_long_is_named() -> None:
    body = "    x = 1\n" * 41
    figures = budgets.size_figures([source(f"def short():\n    pass\n\n\ndef long():\n{body}" + SHORT)], [])
    assert [(figure.name, figure.where) for figure in figures if not figure.kept] == [
        ("longest function body", ("planted.py:5 long",))
    ]


SHORT = "\n\ndef other():\n    pass\n"


def test_every_public_name_without_a_docstring_is_named() -> None:
    text = '"""M."""\nclass Bid:\n    def clear(self): pass\n    def _own(self): pass\n\ndef _own(): pass\n'
    documented = budgets.share_figures([source(text)], [])[3]
    assert not documented.kept
    assert documented.where == ("planted.py Bid", "planted.py Bid.clear")


def test_an_overload_is_neither_a_function_nor_a_name_of_its_own() -> None:
    text = '"""M."""\n@overload\ndef one(x: int) -> int: ...\ndef one(x):\n    """Return x."""\n    return x\n'
    assert list(source(text).functions()) == [(1, "planted.py:4 one")]
    assert budgets.share_figures([source(text)], [])[3].kept


def test_too_few_tests_are_seen() -> None:
    def figure(tests: int, cases: int = 0) -> budgets.Figure:
        return budgets.share_figures([source("x = 1\n" * 100)], [source("x = 1\n" * tests)], cases)[2]

    assert not figure(149).kept
    assert "EXCEEDED" in str(figure(149))
    assert figure(150).kept
    assert figure(100, cases=50).kept


def test_a_line_of_a_file_of_cases_counts_as_test(tmp_path: Path) -> None:
    (tmp_path / "cases.toml").write_text("# why\n\n[case]\ndo = 1\n", encoding="utf-8")
    assert budgets.case_lines(tmp_path) == 2


def test_an_example_in_a_docstring_counts_as_test() -> None:
    text = '"""M.\n\n>>> 1 + 1\n2\n>>> for i in (1, 2):\n...     print(i)\n1\n2\n"""\n'
    assert source(text).example_lines() == 6
    assert source(text).code_lines() == 0


def test_the_coverage_of_branches_is_read_from_the_data(tmp_path: Path) -> None:
    module = tmp_path / "planted.py"
    module.write_text("def sign(x):\n    if x:\n        return 1\n    return 0\n\n\nsign(1)\n", encoding="utf-8")
    command = [sys.executable, "-m", "coverage", "run", "--branch", f"--include={module}", "--rcfile=", str(module)]
    subprocess.run(command, cwd=tmp_path, check=True)
    figure = budgets.coverage_figure(tmp_path / ".coverage", config=None)
    assert not figure.kept
    assert figure.value == pytest.approx(100 * (4 + 1) / (5 + 2))


def test_an_exceeded_figure_says_so() -> None:
    row = str(budgets.Figure("longest file", 401, 400, where=("planted.py",)))
    assert row.endswith("<= 400   EXCEEDED\n    planted.py")


def test_a_figure_without_a_bound_is_only_told() -> None:
    figure = budgets.Figure("lines of code", 15246)
    assert figure.kept
    assert str(figure).split() == ["lines", "of", "code", "15246"]
