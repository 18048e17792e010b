"""A storm of slow expressions of one SOP keeps no other waiting, and whoever has to wait too long is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from engine.errors import Busy
from engine.expressions import sandbox as module
from engine.expressions.sandbox import ExpressionFailed, Sandbox
from tests.slowness import ENDLESS, be_patient, hold, let_go

ATTACKERS = 6
PATIENCE = 60  # seconds


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    be_patient(monkeypatch)
    opened = Sandbox(workers=2)
    opened.evaluate("1", {})
    yield opened
    opened.close()


def until_busy(evaluate: Callable[[str, dict[str, object]], object]) -> str:
    """Ask again and again, until somebody else is at it; gives what one is told then."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            assert evaluate("1", {}) == 1
        except Busy as told:
            return str(told)
        time.sleep(0.05)
    return "nobody is at it"


def test_honest_evaluations_keep_going_while_another_sop_storms(
    pool: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(monkeypatch)
    hostile, honest = pool.share(), pool.share()
    with ThreadPoolExecutor(ATTACKERS) as threads:
        attackers = [threads.submit(hostile.evaluate, ENDLESS, {}) for _ in range(ATTACKERS)]
        try:
            assert "try again" in until_busy(hostile.evaluate)
            for number in range(100):
                assert honest.evaluate("n + 1", {"n": number}) == number + 1
            assert not all(one.done() for one in attackers), "one is at it all the time"
        finally:
            let_go(monkeypatch, attackers)
        failed = [one.exception() for one in attackers]
    assert all(isinstance(error, Busy | ExpressionFailed) for error in failed)
    assert any(isinstance(error, ExpressionFailed) for error in failed)


def test_who_waits_for_a_turn_too_long_is_told_to_try_again(
    pool: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = pool.share()
    with endless(share.evaluate, monkeypatch):
        assert "try again in a moment" in until_busy(share.evaluate)
    assert share.evaluate("1", {}) == 1


def test_a_pool_without_a_free_worker_is_told_as_busy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Sandbox(workers=1)
    monkeypatch.setattr(module, "_PATIENCE", 1.0)  # a pool takes it when it is first used
    try:
        pool.evaluate("1", {})
        with endless(pool.evaluate, monkeypatch):
            assert "try again in a moment" in until_busy(pool.evaluate)
    finally:
        pool.close()


@contextmanager
def endless(
    evaluate: Callable[[str, dict[str, object]], object], monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Evaluate without end beside what is tested."""
    hold(monkeypatch)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(evaluate, ENDLESS, {})
        try:
            yield
        finally:
            let_go(monkeypatch, [slow])
        with pytest.raises(ExpressionFailed):
            slow.result()
