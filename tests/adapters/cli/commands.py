"""The command line as a person uses it, in this process or in one of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters import cli

Capture = pytest.CaptureFixture[bytes]


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


def gateway(capture: Capture, *arguments: str | Path) -> Ended:
    """Run ``gateway`` with *arguments* in this process."""
    capture.readouterr()
    status = cli.run([str(argument) for argument in arguments])
    written = capture.readouterr()
    return Ended(int(status), written.out.decode(), written.err.decode())


def process(*arguments: str | Path, **environment: str) -> Ended:
    """Run ``gateway`` with *arguments* in a process of its own, as installed."""
    command = [sys.executable, "-P", "-m", "gateway", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
