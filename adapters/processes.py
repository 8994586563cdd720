"""Workers on this machine: a pool of processes that clear markets side by side.

Workers are started anew (`spawn`) and not copied from the caller: a copy of a process with threads may hang. Starting
takes a second or so, once.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from gateway.errors import Misconfigured


def process_pool(workers: int | None = None) -> ProcessPoolExecutor:
    """Return a pool of *workers*, by default one for each processor; to be used in a ``with`` statement.

    Raises `Misconfigured` for a number that is not positive.
    """
    if workers is not None and workers < 1:
        raise Misconfigured("workers", "1 process or more", str(workers))
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
