"""Known deviations of real producers: one file each, off by default, switched on by name for one peer.

A module says in its docstring who does what, which clause it breaks, and how it is mended. It has

* ``NAMESPACES``: the editions in whose documents the deviation is known,
* ``repair(root)``: mends the tree in place and returns what it did, one sentence each.

A document is otherwise read as strictly as any other, and what was mended stands in the report.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType

from lxml import etree

from gateway.errors import Misconfigured


def names() -> tuple[str, ...]:
    """Return the names of all quirks in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(name: str) -> ModuleType:
    """Return the module of one quirk. Raises `Misconfigured` for an unknown name."""
    if name not in names():
        raise Misconfigured("quirks", f"one of {', '.join(names())}", name)
    return importlib.import_module(f"{__name__}.{name}")


def repair(root: etree._Element, quirks: Iterable[str]) -> tuple[str, ...]:
    """Mend the tree under *root* by each of the named *quirks* that knows its namespace; say what was done."""
    namespace = etree.QName(root).namespace
    modules = [(name, load(name)) for name in quirks]
    return tuple(
        f"{name}: {what}" for name, module in modules if namespace in module.NAMESPACES for what in module.repair(root)
    )
