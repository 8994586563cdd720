"""Which mutants a module has, in which order they are tried, and which tests answer for them.

Changes that cannot matter are not made: in annotations, in ``__repr__`` and ``__str__``, under ``TYPE_CHECKING``, in
decorators that cache, and of the words of a dataclass that forbid (``frozen``, ``slots``, ``kw_only``). What has to be imported anew for a mutant is read from the import statements.
"""

import ast
import difflib
import importlib
import random
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests" / "profiles"
PROJECT = ("gateway", "profiles")
SWITCH = "core/RemoveDecorator"
# What is compared with "is" (None, classes, members of an enumeration) equals only itself.
SAME = {"core/ReplaceComparisonOperator_Is_Eq", "core/ReplaceComparisonOperator_IsNot_NotEq"}

# Words of a dataclass that only forbid: the type checker sees what breaks them.
FORBIDDING = {"frozen", "slots", "kw_only"}


@dataclass(frozen=True)
class Mutant:
    """One change of one module: the operator, and which of the places where it applies."""

    operator: str
    occurrence: int
    line: int


# ---- which module depends on which, read from the import statements


def module_name(path: Path) -> str:
    """Return the name under which the file at *path*, relative to the root, is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def project_files() -> dict[str, Path]:
    """Return the modules of `profiles` and of what it stands on, by name."""
    found = [path.relative_to(ROOT) for folder in PROJECT for path in (ROOT / folder).rglob("*.py")]
    return {module_name(path): path for path in sorted(found)}


@cache
def direct_imports(name: str) -> frozenset[str]:
    """Return the modules of the project that one names in its import statements, and the packages around it.

    The registry names no document and imports all of them. The outermost package only passes names on; who asks it for
    one of them depends on it, who lies in it does not.
    """
    files = project_files()
    named = {name.rpartition(".")[0]} - {"profiles"}
    for node in ast.walk(ast.parse((ROOT / files[name]).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            within = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            named |= {inner if inner in files else node.module for inner in within.values()}
        elif isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names if alias.name != "profiles"}
    if name == "profiles.registry":
        named |= {other for other in files if other.startswith("profiles.")}
    return frozenset(named & files.keys())


@cache
def all_imports(name: str) -> frozenset[str]:
    """Return what a module imports, directly or not, and itself."""
    reached, left = {name}, [name]
    while left:
        new = direct_imports(left.pop()) - reached
        reached |= new
        left += new
    return frozenset(reached)


def forget(mutated: str) -> None:
    """Take what sees the *mutated* module out of the modules that are loaded, and that module itself."""
    for name in sys.modules.keys() & project_files().keys() - {"profiles"}:
        if mutated in all_imports(name):
            del sys.modules[name]
            package, _, last = name.rpartition(".")
            if package in sys.modules:
                vars(sys.modules[package]).pop(last, None)


# ---- tests and mutants of a module


def mirror_tests(module: Path) -> list[Path]:
    """Return the tests of a module: those that carry its name, then those that the table adds."""
    parts, stem = module.parent.parts[1:], module.stem if module.stem != "__init__" else module.parent.name
    folders = [TESTS.joinpath(*parts)] + ([TESTS / "documents"] if not parts else [])
    found = [path for folder in folders for path in sorted(folder.glob("test_*.py"))]
    named = [path for path in found if path.stem == f"test_{stem}" or path.stem.startswith(f"test_{stem}_")]
    table = tomllib.loads((ROOT / "tests" / "mutation.toml").read_text(encoding="utf-8"))
    added = [TESTS / name for name in table["tests"].get(str(module), [])]
    return [path.relative_to(ROOT) for path in dict.fromkeys(named + added)]


def idle_lines(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Tell from where to where (line, column) a change cannot matter to what the module does."""
    for node in ast.walk(tree):
        spans: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            caches = [item for item in node.decorator_list if "cache" in ast.unparse(item)]
            spans = [node] if node.name in {"__repr__", "__str__"} else [node.returns, *caches]
        elif isinstance(node, ast.arg | ast.AnnAssign):
            spans = [node.annotation]
        elif isinstance(node, ast.ClassDef):
            calls = [item for item in node.decorator_list if isinstance(item, ast.Call)]
            spans = [word.value for call in calls for word in call.keywords if word.arg in FORBIDDING]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            spans = [node]
        for span in spans:
            if isinstance(span, ast.expr | ast.stmt):
                yield (span.lineno, span.col_offset), (span.end_lineno or 0, span.end_col_offset or 0)


def cosmic_ray(part: str) -> ModuleType:
    """Return a module of cosmic-ray; what does not need it works where it is not installed."""
    return importlib.import_module(f"cosmic_ray.{part}")


def mutants(module: Path) -> list[Mutant]:
    """Return the mutants of a module, without those that cannot matter."""
    plugins, tree = cosmic_ray("plugins"), cosmic_ray("ast")
    text = (ROOT / module).read_text(encoding="utf-8")
    idle = list(idle_lines(ast.parse(text)))
    nodes = list(tree.ast_nodes(tree.get_ast(text)))
    operators = {name: plugins.get_operator(name) for name in plugins.operator_names()}
    found = []
    for name, operator in sorted(operators.items()):
        if operator.arguments() or name in SAME:
            continue  # the former need the names of variables
        places = [start for node in nodes for start, _ in operator().mutation_positions(node)]
        for occurrence, start in enumerate(places):
            # A decorator begins at its sign, one column before its expression.
            at = (start[0], start[1] + (name == SWITCH))
            if not any(first <= at < last for first, last in idle):
                found.append(Mutant(name, occurrence, start[0]))
    return found


def drawn(found: Sequence[Mutant], module: Path, seed: int) -> tuple[list[Mutant], list[Mutant]]:
    """Return the mutants that are always tried, and the others in the order of the sample."""
    switches = module.parts[1] == "rules"
    always = [mutant for mutant in found if switches and mutant.operator == SWITCH]
    others = [mutant for mutant in found if mutant not in always]
    random.Random(f"{seed} {module}").shuffle(others)
    return always, others


def changed_text(text: str, mutant: Mutant) -> str:
    """Return the text of the module with the change; the same text where there is none to make."""
    operator = cosmic_ray("plugins").get_operator(mutant.operator)
    try:
        changed = cosmic_ray("mutating").mutate_code(text, operator(), mutant.occurrence)
    except AttributeError:  # of an exception with a qualified name cosmic-ray makes nothing
        return text
    return text if changed is None else str(changed)


def difference(module: Path, before: str, after: str) -> str:
    """Return the changed lines."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(module), str(module), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
