"""The budgets of the house: prints the figures, and fails with the offender's name.

Counted are the Python files of the five packages, and of ``tests`` where it says so. Generated files and data files do
not count. *Code* is a line that holds a token which is neither a comment nor part of a docstring. A line of test is a
line of code in ``tests``, a line of an example in a docstring, which is run as a test, or a line of a file of cases
(``tests/data/**/*.toml``: what is done and what must come). The length of a function is
the number of lines from its first statement after the docstring to its last. An overload is neither a function nor a
name of its own.

    python -P tests/budgets.py
"""

import ast
import doctest
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import coverage

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("gateway", "profiles", "adapters", "security", "conformance")

LONGEST_FILE = 400
MEDIAN_FILE = 150
LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 8
LEAST_TESTS_PER_CODE = 1.5
LEAST_DOCUMENTED = 100.0
LEAST_COVERED = 90.0

PARSER = doctest.DocTestParser()
Definition = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Figure:
    """One measured figure, the bound that it must keep, and who is to blame where it does not."""

    name: str
    value: float
    bound: float | None = None
    unit: str = ""
    at_least: bool = False
    where: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Tell whether the budget is kept."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        row = f"{self.name:<34}{self.value:>8.5g}{self.unit:<2}"
        if self.bound is not None:
            row += f" {'>=' if self.at_least else '<='} {self.bound:g}{self.unit}"
        return row + ("" if self.kept else "   EXCEEDED") + "".join(f"\n    {place}" for place in self.where)


@dataclass(frozen=True)
class Source:
    """One Python file, read once."""

    path: str
    text: str

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def code_lines(self) -> int:
        """Count the lines of code, without docstrings and comments."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        lines = {line for t in tokens if t.type not in NO_CODE for line in range(t.start[0], t.end[0] + 1)}
        return len(lines - set(docstring_lines(self.tree)))

    def example_lines(self) -> int:
        """Count the lines of the examples in docstrings: what is typed and what must come."""
        texts = (ast.get_docstring(node) or "" for node in ast.walk(self.tree) if isinstance(node, Documented))
        examples = (example for text in texts for example in PARSER.get_examples(text))
        return sum(len((example.source + example.want).splitlines()) for example in examples)

    def functions(self) -> Iterator[tuple[int, str]]:
        """Tell each function's length and place, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Definition) and not is_overload(node):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                length = (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0
                yield length, f"{self.path}:{node.lineno} {node.name}"

    def public_names(self) -> Iterator[tuple[bool, str]]:
        """Tell of the module and of each public class, function and method whether it has a docstring."""
        yield from ((ast.get_docstring(node) is not None, f"{self.path} {name}") for node, name in public(self.tree))


def is_overload(node: ast.ClassDef | Definition) -> bool:
    """Tell whether a definition only states one more signature for the type checker."""
    return any(ast.unparse(decorator) in {"overload", "typing.overload"} for decorator in node.decorator_list)


def docstring_lines(tree: ast.Module) -> Iterator[int]:
    """Tell the numbers of the lines that docstrings fill."""
    for node in ast.walk(tree):
        if isinstance(node, Documented) and ast.get_docstring(node, clean=False) is not None:
            text = node.body[0]
            yield from range(text.lineno, (text.end_lineno or text.lineno) + 1)


def public(tree: ast.Module) -> Iterator[tuple[Documented, str]]:
    """Walk the module and what of it is public: names without a leading underscore, not those inside functions."""
    yield tree, "(module)"
    yield from _public_members(tree, "")


def _public_members(node: ast.Module | ast.ClassDef, within: str) -> Iterator[tuple[Documented, str]]:
    for child in node.body:
        if isinstance(child, ast.ClassDef | Definition) and not child.name.startswith("_") and not is_overload(child):
            yield child, within + child.name
            if isinstance(child, ast.ClassDef):
                yield from _public_members(child, f"{within}{child.name}.")


def sources(root: Path, folders: Iterable[str]) -> list[Source]:
    """Read the Python files below the *folders* of *root*, in the order of their paths."""
    paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return [Source(str(path.relative_to(root)), path.read_text(encoding="utf-8")) for path in paths]


def above(bound: float, sized: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Name the places that exceed the *bound*, or else the largest one."""
    ordered = sorted(sized, reverse=True)
    over = [place for size, place in ordered if size > bound]
    return tuple(over or [place for _, place in ordered[:1]])


def size_figures(code: list[Source], tests: list[Source]) -> list[Figure]:
    """Measure the lengths of files and functions. The bound on a file holds for tests too."""
    files = [(source.lines, source.path) for source in code]
    all_files = files + [(source.lines, source.path) for source in tests]
    functions = [row for source in code for row in source.functions()]
    longest_file = max((size for size, _ in all_files), default=0)
    longest_function = max((size for size, _ in functions), default=0)
    return [
        Figure("longest file", longest_file, LONGEST_FILE, where=above(LONGEST_FILE, all_files)),
        Figure("median file", median([size for size, _ in files] or [0]), MEDIAN_FILE),
        Figure("longest function body", longest_function, LONGEST_FUNCTION, where=above(LONGEST_FUNCTION, functions)),
        Figure("median function body", median([size for size, _ in functions] or [0]), MEDIAN_FUNCTION),
    ]


def case_lines(root: Path) -> int:
    """Count the lines of the files of cases below *root* that say something."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.toml")))
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for text in texts for line in text.splitlines())


def share_figures(code: list[Source], tests: list[Source], cases: int = 0) -> list[Figure]:
    """Measure the lines of test per line of code, and the share of public names that are documented."""
    code_lines = sum(source.code_lines() for source in code)
    test_lines = sum(source.code_lines() for source in tests) + sum(source.example_lines() for source in code) + cases
    per_code = test_lines / max(code_lines, 1)
    names = [row for source in code for row in source.public_names()]
    share = 100 * sum(documented for documented, _ in names) / max(len(names), 1)
    missing = tuple(place for documented, place in names if not documented)
    return [
        Figure("lines of code", code_lines),
        Figure("lines of test", test_lines),
        Figure("test-to-code ratio", per_code, LEAST_TESTS_PER_CODE, at_least=True),
        Figure("public names documented", share, LEAST_DOCUMENTED, " %", at_least=True, where=missing),
    ]


def coverage_figure(data: Path, config: Path | None) -> Figure:
    """Read the branch coverage of the fast tests from the *data* file that they left."""
    measured = coverage.Coverage(data_file=str(data), config_file=str(config) if config else False)
    measured.load()
    share = measured.report(file=io.StringIO())
    return Figure("branch coverage of the fast tests", share, LEAST_COVERED, " %", at_least=True)


def main() -> int:
    """Print every figure and return 1 where one exceeds its budget, 0 otherwise."""
    code, tests = sources(ROOT, PACKAGES), sources(ROOT, ["tests"])
    figures = [
        *size_figures(code, tests),
        *share_figures(code, tests, case_lines(ROOT / "tests" / "data")),
        coverage_figure(ROOT / ".coverage", ROOT / "pyproject.toml"),
    ]
    print(*figures, sep="\n")
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
