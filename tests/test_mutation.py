"""The mutation run itself: what it leaves out, what it draws, and that a rule which is switched off is seen."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import mutants, mutation
from tests.mutants import Mutant
from tests.mutation import Fate

HISTORY = Path("profiles/rules/history.py")
DECORATORS = [Mutant(mutants.SWITCH, 0, 3), Mutant(mutants.SWITCH, 1, 9)]
CONDITIONS = [Mutant("core/AddNot", number, number) for number in range(30)]

SAMPLE = """
def total(count: int | None, share: float = 1 + 2) -> int | str:
    limit: int | None = 3 + 4
    return limit

@lru_cache(maxsize=8)
def kept():
    def __repr__(self):
        return 5 + 6
"""


def test_a_module_answers_to_the_tests_of_its_name_then_to_those_of_the_table() -> None:
    names = [str(path.relative_to("tests/profiles")) for path in mutants.mirror_tests(Path("profiles/bids.py"))]
    assert names == ["test_bids.py", "documents/test_bids.py", "documents/test_needs.py"]


def test_the_table_names_modules_and_tests_that_exist() -> None:
    table = tomllib.loads((mutants.ROOT / "tests" / "mutation.toml").read_text(encoding="utf-8"))["tests"]
    assert [name for name in table if not (mutants.ROOT / name).is_file()] == []
    assert [name for names in table.values() for name in names if not (mutants.TESTS / name).is_file()] == []


def test_modules_of_profiles_that_have_code_and_tests_are_tried() -> None:
    tried = mutation.modules([])
    assert {path.parts[0] for path in tried} == {"profiles"}
    assert {HISTORY, Path("profiles/bids.py"), Path("profiles/codes/__init__.py")} <= set(tried)
    assert not {Path("profiles/rules/__init__.py"), Path("profiles/grid/__init__.py")} & set(tried)


def test_annotations_caches_and_representations_are_left_out() -> None:
    lines = SAMPLE.splitlines()
    spans = {
        lines[first[0] - 1][first[1] : last[1]] if first[0] == last[0] else "..."
        for first, last in mutants.idle_lines(ast.parse(SAMPLE))
    }
    assert spans == {"int | None", "float", "int | str", "lru_cache(maxsize=8)", "..."}


def test_the_decorators_of_rules_come_before_the_sample() -> None:
    always, others = mutants.drawn([*DECORATORS, *CONDITIONS], HISTORY, 1)
    assert always == DECORATORS
    assert sorted(others, key=lambda mutant: mutant.occurrence) == CONDITIONS


def test_elsewhere_a_decorator_is_drawn_like_any_other() -> None:
    always, others = mutants.drawn(DECORATORS, Path("profiles/bids.py"), 1)
    assert (always, {mutant.line for mutant in others}) == ([], {3, 9})


def test_the_sample_follows_from_the_seed_and_the_module_alone() -> None:
    first = mutants.drawn(CONDITIONS, HISTORY, 1)
    random.seed(7)
    assert mutants.drawn(CONDITIONS, HISTORY, 1) == first
    assert mutants.drawn(CONDITIONS, HISTORY, 2) != first
    assert mutants.drawn(CONDITIONS, Path("profiles/bids.py"), 1) != first


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, Fate.SURVIVED),
        (1 << 8, Fate.KILLED),
        (2 << 8, Fate.KILLED),
        (70 << 8, Fate.STILLBORN),
        (14, Fate.TIMED_OUT),
        (11, Fate.KILLED),
    ],
    ids=["all pass", "a test fails", "collection fails", "no import", "alarm", "crash"],
)
def test_the_end_of_a_process_tells_the_fate(status: int, expected: Fate) -> None:
    assert mutation.fate(status) is expected


def test_a_run_of_no_tests_is_no_verdict() -> None:
    with pytest.raises(RuntimeError, match="exit code 5"):
        mutation.fate(5 << 8)


def test_what_sees_a_module_is_known_through_other_modules() -> None:
    assert "profiles.rules.engine" in mutants.all_imports("profiles.rules.history")
    assert "profiles.rules.history" not in mutants.all_imports("profiles.rules.engine")
    assert "profiles.status_request" in mutants.all_imports("profiles.registry")


TRIAL = """
import os, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from tests import mutants, mutation
import profiles.reading, profiles.rules.engine
module = Path("profiles/rules/history.py")
mutation.forget("profiles.rules.history")
text = module.read_text(encoding="utf-8")
rule = text[text.index('@rule("GEN-013"') :].splitlines()[0]
for changed in (text, text.replace(rule, ""), text.replace("import", "impart", 1)):
    child = mutation.begin(module, changed, mutants.mirror_tests(module), 120)
    print(mutation.fate(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.slow
def test_a_rule_that_is_switched_off_is_seen() -> None:
    run = subprocess.run(
        [sys.executable, "-P", "-c", TRIAL], cwd=mutants.ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["survived", "killed", "stillborn"]
