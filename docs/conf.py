"""Settings of the documentation: Sphinx reads Markdown; reference pages are made from the declarations first."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs import generate  # noqa: E402 - the checkout must be on the module path first

generate.write()

project = "TSO-DSO Gateway"
author = "TSO-DSO Gateway developers"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
language = "en"

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = f"TSO-DSO Gateway {release}"
html_static_path = ["static"]
html_css_files = ["tables.css"]
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
