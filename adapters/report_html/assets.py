"""The style sheet, the script and the templates of our pages."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def environment() -> Environment:
    """Return what the templates are read with: every text is escaped, every name must be known."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("adapters.report_html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def asset(name: str) -> Markup:
    """Return our own style sheet or script; they hold no text from outside."""
    return Markup((files("adapters.report_html") / "templates" / name).read_text(encoding="utf-8"))  # noqa: S704


@cache
def policy() -> str:
    """Return the Content Security Policy of the page: its own style and script by digest, nothing else."""
    digests = {name: b64encode(sha256(asset(name).encode()).digest()).decode() for name in ("report.css", "report.js")}
    return (
        f"default-src 'none'; style-src 'sha256-{digests['report.css']}'; script-src 'sha256-{digests['report.js']}'; "
        "base-uri 'none'; form-action 'none'"
    )
