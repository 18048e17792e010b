"""Slow expressions that last as long as a test wants: who has to wait for one of them is sure to show it."""

from __future__ import annotations

import os
import signal
from collections.abc import Collection
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import sandbox
from engine.expressions.limits import SECONDS

ENDLESS = "sum(range(10**12))"
_LIMIT = "max_feed_duration_secs"
_LONG = 300.0  # seconds
# For a server of the test's own, before it starts.
HELD = f"from engine.expressions import sandbox; sandbox._LIMITS[{_LIMIT!r}] = {_LONG}"


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a pool that is made now time to start its workers, on a busy machine too."""
    monkeypatch.setattr(sandbox, "_PATIENCE", _LONG)


def hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no expression run out of time, until they are let go; who waits for a turn is soon told."""
    monkeypatch.setitem(sandbox._LIMITS, _LIMIT, _LONG)  # type: ignore[arg-type]
    monkeypatch.setattr(sandbox, "_PATIENCE", 1.0)


def let_go(monkeypatch: pytest.MonkeyPatch, running: Collection[Future[Any]]) -> None:
    """End what runs: it is tried once more, and runs out of time as usual."""
    monkeypatch.setitem(sandbox._LIMITS, _LIMIT, SECONDS)  # type: ignore[arg-type]
    kill_workers()
    while wait(running, timeout=4 * SECONDS).not_done:
        kill_workers()  # one that had not begun yet


def kill_workers() -> None:
    """Kill the workers of every sandbox of this process."""
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread or process that has just ended
            for pid in (task / "children").read_text().split():
                if "monty" in Path(f"/proc/{pid}/cmdline").read_text():
                    os.kill(int(pid), signal.SIGKILL)
