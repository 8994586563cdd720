"""The command ``gateway``: the one place that imports upward and ties the parts together.

Start it as ``gateway``. ``python -m gateway`` puts the current folder first on the module path, so that a
folder called ``security`` there would be taken for ours; ``python -P -m gateway`` does not.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its exit status."""
    from adapters.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
