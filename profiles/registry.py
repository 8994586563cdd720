"""Which namespace is which edition of which document: found by folder, compared exactly.

A module of this package that has ``EDITIONS`` is a document; adding one touches no other file.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import profiles
from gateway.errors import Misconfigured
from gateway.toml_tables import suggestion
from profiles.edition import Edition


def _documents() -> dict[str, ModuleType]:
    """Import the modules of this package and keep those that declare editions."""
    names = sorted(module.name for module in pkgutil.iter_modules(profiles.__path__) if not module.ispkg)
    modules = {name: importlib.import_module(f"profiles.{name}") for name in names if name != "registry"}
    return {name: module for name, module in modules.items() if hasattr(module, "EDITIONS")}


DOCUMENTS = _documents()
"""Module of each document by the name of its file: ``reserve_bid``."""

EDITIONS: tuple[Edition, ...] = tuple(edition for module in DOCUMENTS.values() for edition in module.EDITIONS)
"""Every edition of every document."""

BY_NAMESPACE: dict[str, Edition] = {edition.namespace: edition for edition in EDITIONS}
"""Edition by its exact namespace string."""


def module_of(edition: Edition) -> ModuleType:
    """Return the module that declares *edition*."""
    return next(module for module in DOCUMENTS.values() if edition in module.EDITIONS)


def has_separate_series(edition: Edition) -> bool:
    """Tell whether each series of the document stands for itself, as its module says: ``SEPARATE_SERIES``."""
    return bool(getattr(module_of(edition), "SEPARATE_SERIES", False))


def named(document: str, edition: str) -> Edition:
    """Return the edition of a document by their names: ``reserve_bid`` or its root element, and ``7.4``.

    Raises `Misconfigured` for what there is not, with the names that there are.
    """
    files = {module.EDITIONS[0].root: name for name, module in DOCUMENTS.items()}
    file = files.get(document, document)
    if file not in DOCUMENTS:
        hint = suggestion(document, [*DOCUMENTS, *files])
        raise Misconfigured("document", f"one of {', '.join(DOCUMENTS)}{hint}", repr(document))
    editions: dict[str, Edition] = {known.name: known for known in DOCUMENTS[file].EDITIONS}
    if edition not in editions:
        raise Misconfigured(f"edition of {file}", f"one of {', '.join(editions)}", repr(edition))
    return editions[edition]
