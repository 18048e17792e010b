"""CPU time of this process and those it started: sandbox workers count in, a database server not."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

# How Linux names the CPU clock of another process: clock_getcpuclockid(3).
_SCHEDULED = 2


class Meter:
    """Measures the CPU seconds of a block; entered again, it adds up."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.seconds = 0.0

    def __enter__(self) -> Self:
        """Begin; what the look at the children costs is not counted."""
        self._children = _of_children()
        self._own = time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        own = time.process_time() - self._own
        self.seconds += own + _of_children() - self._children


def _of_children() -> float:
    """Add up the children that ended and those that live."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(_of_process(pid) for pid in descendants(os.getpid()))
    return ended.ru_utime + ended.ru_stime + living


def _of_process(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | _SCHEDULED)
    except OSError:  # it has just ended
        return 0.0


def descendants(pid: int) -> Iterator[int]:
    """Name the processes below a process."""
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:  # the thread has just ended
            continue
        for child in map(int, children):
            if not _is_server(child):
                yield child
                yield from descendants(child)


def _is_server(pid: int) -> bool:
    """Tell a PostgreSQL that a measurement started, whose CPU is not ours."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:  # it has just ended
        return False
