"""Bytes in, values out: the pure packages read no clock, draw no random number, and do no input or output.

The import rules see modules, not calls. This walks the syntax tree of each pure file, resolves every name to where it
was imported from, and refuses those that would let the outside in. Arguments carry the outside instead: ``now``, ids,
bytes, settings.

One reading is allowed: ``importlib.resources.files(...)``. What it finds belongs to the package (code lists, templates)
and is as fixed as the code beside it. It is told apart by its form: the object whose ``read_text``, ``read_bytes`` or
``iterdir`` is called must be an expression that begins with that very call of ``files``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = ("gateway", "profiles", "security")
EXEMPT = {"security/tls.py"}  # the one place that touches TLS sockets

PACKAGE_DATA = "importlib.resources.files"
BUILTINS = {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}
WITH_ALL_WITHIN = {
    *("asyncio", "fileinput", "glob", "http", "io.open", "logging", "multiprocessing", "os", "random", "secrets"),
    *(
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "time",
        "urllib",
    ),
    *("importlib.resources.as_file", "numpy.random", "pathlib.Path", "pathlib.PosixPath"),
}
ALONE = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("uuid.uuid1", "uuid.uuid4", "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr"),
    *("lxml.etree.parse", "numpy.load", "numpy.loadtxt", "numpy.fromfile", "numpy.save", "numpy.savetxt"),
}
# Whatever the object is, a call of one of these reads a clock or touches a file.
METHODS = {
    *("now", "utcnow", "today", "open", "read_text", "read_bytes", "write_text", "write_bytes"),
    *("iterdir", "rglob", "unlink", "mkdir", "touch"),
}


def impurities(source: str) -> Iterator[tuple[int, str]]:
    """Tell the line and the name of each way in which *source* reaches outside."""
    tree = ast.parse(source)
    origins = dict(imported_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in modules_of(node) if is_outside(name))
        elif isinstance(node, ast.Name) and node.id in BUILTINS and node.id not in origins:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            name = dotted(node, origins)
            if name is not None and is_outside(name):
                yield node.lineno, name
        elif isinstance(node, ast.Call) and is_outside_method(node.func, origins):
            yield node.lineno, ast.unparse(node.func)


def imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Tell each name that an import binds, and what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def modules_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Name what an import statement brings in, in full."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def is_outside(name: str) -> bool:
    """Tell whether a full name is forbidden, or lies within a forbidden module."""
    return name in ALONE or any(name == module or name.startswith(module + ".") for module in WITH_ALL_WITHIN)


def dotted(node: ast.expr, origins: dict[str, str]) -> str | None:
    """Resolve ``a.b.c`` to its full name; None where it does not begin with an imported name."""
    if isinstance(node, ast.Name):
        return origins.get(node.id)
    if isinstance(node, ast.Attribute) and (left := dotted(node.value, origins)) is not None:
        return f"{left}.{node.attr}"
    return None


def is_outside_method(function: ast.expr, origins: dict[str, str]) -> bool:
    """Tell whether a call reads a clock or a file through an object; package data may be read."""
    if not isinstance(function, ast.Attribute) or function.attr not in METHODS:
        return False
    is_reading = function.attr in {"read_text", "read_bytes", "iterdir"}
    return not (is_reading and begins_with_package_data(function.value, origins))


def begins_with_package_data(node: ast.expr, origins: dict[str, str]) -> bool:
    """Tell whether an expression such as ``files("profiles").joinpath("codes.json")`` begins with ``files(...)``."""
    while True:
        match node:
            case ast.Call(func=function) if dotted(function, origins) == PACKAGE_DATA:
                return True
            case ast.Call(func=inner) | ast.Attribute(value=inner) | ast.BinOp(left=inner):
                node = inner
            case _:
                return False


def pure_files() -> list[Path]:
    found = (path for package in PURE for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in found if str(path.relative_to(ROOT)) not in EXEMPT)


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_packages_do_not_reach_outside(path: Path) -> None:
    found = [f"{path.relative_to(ROOT)}:{line} {name}" for line, name in impurities(path.read_text(encoding="utf-8"))]
    assert found == []


def test_there_are_pure_files_to_look_at() -> None:
    assert len(pure_files()) >= len(PURE)


PLANTED = [
    "text = open('bids.xml').read()",
    "print('accepted')",
    "answer = input()",
    "eval('1 + 1')",
    "from datetime import datetime\nnow = datetime.now()",
    "from datetime import UTC, datetime as instant\nnow = instant.now(UTC)",
    "import datetime as dt\nnow = dt.datetime.utcnow()",
    "import datetime\nday = datetime.date.today()",
    "from datetime import datetime\nfrom dataclasses import field\ncreated = field(default_factory=datetime.now)",
    "def stamp(clock):\n    return clock.now()",
    "import time\nstarted = time.monotonic()",
    "from time import perf_counter as tick\nstarted = tick()",
    "from uuid import uuid4\nid_ = uuid4()",
    "import uuid\nid_ = uuid.uuid1()",
    "import random\nvalue = random.random()",
    "import numpy as np\nvalue = np.random.default_rng()",
    "from numpy.random import default_rng",
    "import secrets",
    "import os\nhome = os.environ['HOME']",
    "from os import getenv",
    "from os.path import exists",
    "from pathlib import Path\ntext = Path('bids.xml').read_text()",
    "def read(path):\n    return path.read_bytes()",
    "def write(path, xml):\n    path.write_bytes(xml)",
    "def read(path):\n    with path.open() as file:\n        return file.read()",
    "import socket",
    "import urllib.request",
    "from lxml import etree\ntree = etree.parse('bids.xml')",
    "import sys\nsys.stdout.write('accepted')",
    "from importlib.resources import as_file",
    "from importlib import resources\nhandle = resources.files('profiles').joinpath('codes.json').open()",
    "from importlib.resources import files\n(files('profiles') / 'codes.json').write_text('{}')",
    "from mine import files\ntext = files('profiles').joinpath('codes.json').read_text()",
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_planted_impurity_is_found(source: str) -> None:
    assert list(impurities(source)) != []


ALLOWED = [
    "from importlib.resources import files\ntext = files(__package__).joinpath('codes.json').read_text('utf-8')",
    "from importlib import resources\ndata = (resources.files('profiles') / 'codes.json').read_bytes()",
    "from importlib.resources import files\nnames = [file.name for file in files(__name__).iterdir()]",
    "from uuid import NAMESPACE_URL, uuid5\nid_ = uuid5(NAMESPACE_URL, 'bid 7')",
    "from datetime import datetime\ndef late(now: datetime, gate: datetime) -> bool:\n    return now > gate",
    "from pathlib import PurePosixPath\nname = PurePosixPath('a/b').name",
    "from gateway import time\nquarter = time.Resolution",
    "from gateway.time import Interval",
    "from lxml import etree\nroot = etree.fromstring(b'<a/>')",
    "import re\npattern = re.compile('A01')",
    "class Clock:\n    now: str\nvalue = Clock().now",
]


@pytest.mark.parametrize("source", ALLOWED)
def test_a_pure_text_is_let_pass(source: str) -> None:
    assert list(impurities(source)) == []


def test_a_finding_tells_line_and_name() -> None:
    assert (3, "datetime.datetime.now") in set(impurities("x = 1\nimport datetime as dt\nnow = dt.datetime.now()"))
