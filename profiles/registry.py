"""Which namespace is which edition of which document: found by folder, compared exactly.

A module of this package that has ``EDITIONS`` is a document; adding one touches no other file.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import profiles
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
