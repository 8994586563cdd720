"""The mutation run: breaks the code of `profiles` in small ways and shows that the tests see it.

A *mutant* is a module with one operator, condition, number, decorator or loop changed; cosmic-ray finds the places and
makes the changes. The tests of a module are its mirror tests, which carry its name, and those that ``mutation.toml``
adds. A mutant is

- *stillborn* where the changed module cannot even be imported: no test is needed to see that, so it does not count;
- *killed* where a test fails;
- *timed out* where the tests take far longer than they should, which a run of tests would show too;
- a *survivor* where every test passes: either the change makes no difference, or a test is missing.

Of each module the decorators that switch rules on come first, then a sample in an order that the seed and the module's
path fix, up to the quota of mutants that can be imported. No file is changed: a mutant exists in the memory of one
process, which is forked from one that has imported what does not depend on the module.

    python -m tests.mutation [--quota 20] [--seconds 3600] [--jobs 2] [--seed 1] [profiles/bids.py ...]

Prints a row per module and the survivors with their differences; the last line is a JSON object. Needs fork (POSIX) and
the packages of ``requirements-mutation.lock``.
"""

import argparse
import gc
import importlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

from tests.mutants import (
    ROOT,
    Mutant,
    changed_text,
    difference,
    drawn,
    forget,
    mirror_tests,
    module_name,
    mutants,
    project_files,
)

NOT_IMPORTED = 70
PYTEST = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "-m", "not slow"]
PYTEST += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # the libraries were imported before pytest began
NO_TESTS = {4, 5}  # pytest: a wrong argument, nothing collected


class Fate(StrEnum):
    """What became of a mutant."""

    STILLBORN = "stillborn"
    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


@dataclass
class Row:
    """The figures of one module."""

    module: str
    places: int = 0
    tried: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    survivors: list[dict[str, str | int]] = field(default_factory=list)
    trouble: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        figures = "".join(f"{self.fates[fate]:>10}" for fate in Fate)
        return f"{self.module:<54}{self.places:>7}{self.tried:>7}{figures}{self.seconds:>8.0f}  {self.trouble}".rstrip()


# ---- one mutant in a process of its own


class Changed(SourceFileLoader):
    """Finds one module, and gives it another text than its file has."""

    def __init__(self, module: Path, text: str) -> None:
        super().__init__(module_name(module), str(ROOT / module))
        self.text = text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def get_data(self, path: str | bytes) -> bytes:
        del path
        return self.text.encode()

    def path_stats(self, path: str | bytes) -> dict[str, float]:
        raise OSError(f"there is no compiled form of this text of {path!r}")


def run_tests(module: Path, text: str, tests: Sequence[Path]) -> int:
    """Import the module with this text and run the tests; return the exit code of pytest, or 70 without import."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.meta_path.insert(0, Changed(module, text))
    try:
        importlib.reload(sys.modules["profiles"])  # its names come from the modules that were forgotten
        importlib.import_module(module_name(module))
    except Exception:  # noqa: BLE001 - whatever the change broke
        return NOT_IMPORTED
    return int(pytest.main([*PYTEST, "--rootdir", str(ROOT), *(str(ROOT / path) for path in tests)]))


def begin(module: Path, text: str, tests: Sequence[Path], seconds: float) -> int:
    """Fork a process that runs the tests on this text and ends, at the latest after *seconds*; return its number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # the signal ends the process
            code = run_tests(module, text, tests)
        finally:
            os._exit(code)
    return child


def fate(status: int) -> Fate:
    """Return what the end of a process says of its mutant."""
    if os.WIFSIGNALED(status):
        return Fate.TIMED_OUT if os.WTERMSIG(status) == signal.SIGALRM else Fate.KILLED
    code = os.WEXITSTATUS(status)
    if code in NO_TESTS:
        raise RuntimeError(f"pytest ran no test: exit code {code}")
    return {0: Fate.SURVIVED, NOT_IMPORTED: Fate.STILLBORN}.get(code, Fate.KILLED)


# ---- the mutants of a module


@dataclass(frozen=True)
class Plan:
    """How far a run goes."""

    quota: int
    jobs: int
    seed: int
    until: float


def prepare() -> None:
    """Import what the tests need, once for all processes."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    documents = [name for name in project_files() if name.startswith("profiles.")]
    for name in ["cosmic_ray.mutating", *documents]:
        importlib.import_module(name)
    # A failing example is enough; the smallest one is not wanted here.
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutation", derandomize=True, deadline=None, max_examples=30, phases=phases)
    gc.collect()
    gc.freeze()


def try_module(module: Path, plan: Plan, to: Connection) -> None:
    """Try mutants of a module until the quota is filled or the time is up; send the row."""
    row, began = Row(str(module)), time.monotonic()
    text, tests = (ROOT / module).read_text(encoding="utf-8"), mirror_tests(module)
    forget(module_name(module))
    status = os.waitpid(begin(module, text, tests, 300), 0)[1]
    if fate(status) is Fate.SURVIVED:
        limit = 10 + 5 * (time.monotonic() - began)
        try_mutants(row, text, partial(begin, module, tests=tests, seconds=limit), plan)
    else:
        row.trouble = "the tests fail on the unchanged module"
    row.seconds = time.monotonic() - began
    to.send(row)


def try_mutants(row: Row, text: str, started: Callable[..., int], plan: Plan) -> None:
    """Keep as many processes busy as the plan allows; enter in the row what becomes of each mutant."""
    found = mutants(module := Path(row.module))
    always, others = drawn(found, module, plan.seed)
    row.places = len(found)
    wanted, queue = plan.quota + len(always), always + others
    running: dict[int, tuple[Mutant, str]] = {}
    while running or queue:
        lived = row.tried - row.fates[Fate.STILLBORN] + len(running)
        while queue and len(running) < plan.jobs and lived < wanted and time.time() < plan.until:
            if (changed := changed_text(text, mutant := queue.pop(0))) == text:
                continue
            running[started(text=changed)] = mutant, changed
            lived += 1
        if not running:
            break
        child, status = os.wait()
        mutant, changed = running.pop(child)
        row.tried += 1
        row.fates[fate(status)] += 1
        if fate(status) is Fate.SURVIVED:
            row.survivors.append(asdict(mutant) | {"difference": difference(module, text, changed)})


def modules(named: Sequence[str]) -> list[Path]:
    """Return the modules to be tried: those named, or every one of `profiles` that has code and tests."""
    paths = [Path(name) for name in named] or [path for path in project_files().values() if path.parts[0] == "profiles"]
    return [path for path in paths if mirror_tests(path) and "import " in (ROOT / path).read_text(encoding="utf-8")]


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break the code of profiles and show that the tests see it.")
    parser.add_argument("modules", nargs="*", help="paths such as profiles/bids.py; all where none is named")
    parser.add_argument("--quota", type=int, default=20, help="mutants of each module that can be imported")
    parser.add_argument("--seconds", type=float, default=3600, help="begin no mutant after this time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another sample")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Print the rows, the survivors and the JSON object; return 1 where a module could not be tried."""
    given = arguments(words)
    plan = Plan(given.quota, given.jobs, given.seed, time.time() + given.seconds)
    print(f"{'module':<54}{'places':>7}{'tried':>7}" + "".join(f"{name:>10}" for name in Fate) + " seconds")
    rows: list[Row] = []
    prepare()
    for module in modules(given.modules):
        if time.time() > plan.until:
            break
        ours, theirs = get_context("fork").Pipe(duplex=False)
        process = get_context("fork").Process(target=try_module, args=(module, plan, theirs))
        process.start()
        rows.append(ours.recv())
        process.join()
        print(rows[-1], flush=True)
        for survivor in rows[-1].survivors:
            print(f"    {module}:{survivor['line']} {survivor['operator']} {survivor['occurrence']}")
            print("        " + str(survivor["difference"]).replace("\n", "\n        "), flush=True)
    total = sum((row.fates for row in rows), Counter[Fate]())
    sums = {str(kind): total[kind] for kind in Fate} | {"modules": len(rows), "tried": sum(row.tried for row in rows)}
    print(json.dumps({**sums, "seed": plan.seed, "rows": [vars(row) for row in rows]}))
    return int(any(row.trouble for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
