"""A storm of slow expressions of one SOP keeps no other waiting, and whoever has to wait too long is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from engine.errors import Busy
from engine.expressions import sandbox as module
from engine.expressions.sandbox import ExpressionFailed, Sandbox, Share

ENDLESS = "sum(range(10**12))"


@pytest.fixture
def pool() -> Iterator[Sandbox]:
    opened = Sandbox(workers=2)
    opened.evaluate("1", {})
    yield opened
    opened.close()


def storm(share: Share, over: Event) -> int:
    """Evaluate without end; gives how often it failed."""
    times = 0
    while not over.is_set():
        times += 1
        with pytest.raises((ExpressionFailed, Busy)):
            share.evaluate(ENDLESS, {})
    return times


def test_honest_evaluations_keep_going_while_another_sop_storms(pool: Sandbox) -> None:
    hostile, honest, over = pool.share(), pool.share(), Event()
    with ThreadPoolExecutor(6) as threads:
        attackers = [threads.submit(storm, hostile, over) for _ in range(6)]
        time.sleep(0.2)  # all six are at it
        begun, done = time.monotonic(), 0
        while time.monotonic() - begun < 2:
            assert honest.evaluate("n + 1", {"n": done}) == done + 1
            done += 1
        over.set()
        attempts = sum(one.result() for one in attackers)
    # One of six attackers at a time: in two seconds a handful of theirs, and hundreds of honest ones.
    assert attempts < 30
    assert done > 10 * attempts


def test_who_waits_for_a_turn_too_long_is_told_to_try_again(
    pool: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    share = pool.share()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(share.evaluate, ENDLESS, {})
        time.sleep(0.2)
        with pytest.raises(Busy, match="try again in a moment"):
            share.evaluate("1", {})
        with pytest.raises(ExpressionFailed):
            slow.result()
    assert share.evaluate("1", {}) == 1


def test_a_pool_without_a_free_worker_is_told_as_busy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    pool = Sandbox(workers=1)
    try:
        pool.evaluate("1", {})
        with ThreadPoolExecutor(1) as threads:
            slow = threads.submit(pool.evaluate, ENDLESS, {})
            time.sleep(0.2)
            with pytest.raises(Busy):
                pool.evaluate("1", {})
            with pytest.raises(ExpressionFailed):
                slow.result()
    finally:
        pool.close()
