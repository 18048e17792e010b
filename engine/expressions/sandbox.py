"""Conditions and scripts of process owners, run in worker processes of a Python subset (monty).

Nothing here is evaluated by Python itself: an expression sees only the values it names, for half a
second and 32 MB, without files, network, clock or chance.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from threading import BoundedSemaphore, Lock
from typing import Any, TypeVar

import pydantic_monty as monty

from engine.errors import Sentence, say
from engine.expressions.failures import ExpressionFailed, busy, failure_of, short, too_slow, unknown_name
from engine.expressions.limits import MAX_SOURCE, MEGABYTES, SECONDS
from engine.expressions.values import ValueRefused, json_native

__all__ = ["ExpressionFailed", "Sandbox", "Share", "words_of"]

_LIMITS: monty.ResourceLimits = {
    "max_feed_duration_secs": SECONDS,
    "max_memory": MEGABYTES * 2**20,
    "max_recursion_depth": 200,
    "max_suspensions": 1,
    "max_total_sleep_secs": 0.0,
}
# A condition gives the same answer whenever it is replayed: its clock stands still.
_POLICY: monty.OSPolicy = {
    "datetime": datetime(1970, 1, 1, tzinfo=UTC),
    "sleep": "zero",
    "random_start": {"seed": 0},
}
_WORD = re.compile(r"[^\W\d]\w*")
# Functions and modules would come back as texts that describe them.
_LEFT = "[(k, v) for k, v in locals().items() if type(v).__name__ not in ('function', 'module', 'type')]"
_UNRESOLVED = re.compile(r"main\.py:(\d+):(\d+): error\[unresolved-reference\] Name `([^`]*)`")
_T = TypeVar("_T")
_FIRST_PROCESS = 0  # that used a sandbox
# Seconds that a thread waits for a worker: a person does not look at a page for longer.
_PATIENCE = 3.0


class _WorkerDied(ExpressionFailed):
    """The worker process ended without an answer."""


@lru_cache(maxsize=4096)
def words_of(source: str) -> frozenset[str]:
    """Every word of the source: more than the names it uses, never fewer."""
    return frozenset(_WORD.findall(source))


@lru_cache(maxsize=4096)
def _expression(source: str) -> str:
    # In parentheses a statement is a syntax error instead of a silent None.
    return f"(\n{_within_limits(source)}\n)"


def _within_limits(source: str) -> str:
    text = source.strip()
    if not text:
        raise ExpressionFailed(say("it is empty"))
    if len(text) > MAX_SOURCE:
        raise ExpressionFailed(say("it is longer than %(limit)s characters", limit=MAX_SOURCE))
    return text


class Sandbox:
    """A pool of workers, made when first used; safe to share between threads.

    It may be made before a fork, but must not be used before one.
    """

    def __init__(self, workers: int = 2) -> None:
        """Allow at most so many worker processes (9 MB each); they start when first needed."""
        self._workers = workers
        self._lock = Lock()
        self._pool: monty.Monty | None = None
        self._owner = 0

    def evaluate(self, source: str, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the value
        """Give the value of one expression. ``names`` holds every variable; only those used are passed."""
        code = _expression(source)
        inputs = {name: names[name] for name in words_of(source) if name in names}

        def run(session: monty.MontySession) -> Any:  # noqa: ANN401 - the value
            return session.feed_run(code, inputs=inputs, print_callback=_silence)

        return _kept(self._run(run, lines_before=1))

    def execute(self, source: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script and give the names it made or changed, with their values."""
        code = _within_limits(source)
        inputs = {name: names[name] for name in words_of(source) if name in names}

        def run(session: monty.MontySession) -> Any:  # noqa: ANN401 - pairs of name and value
            session.feed_run(code, inputs=inputs, print_callback=_silence)
            return session.feed_run(_LEFT, print_callback=_silence)

        left = dict(self._run(run, lines_before=0))
        return {
            name: _kept(value)
            for name, value in left.items()
            if not name.startswith("_") and (name not in inputs or inputs[name] != value)
        }

    def share(self) -> Share:
        """Give what one SOP may use of it: a worker is always left for the others."""
        return Share(self, max(1, self._workers - 1))

    def check(self, source: str, *, script: bool = False) -> Sentence | None:
        """Tell what keeps the source from compiling; it is not run."""
        try:
            code = _within_limits(source) if script else _expression(source)
        except ExpressionFailed as failed:
            return failed.sentence

        def compile_only(session: monty.MontySession) -> None:
            # The unknown name suspends the run before the first line of the source.
            session.feed_start(f"alur_stop_here\n{code}", print_callback=_silence)

        try:
            self._run(compile_only, lines_before=1 if script else 2)
        except ExpressionFailed as failed:
            return failed.sentence
        return None

    def unknown_names(
        self, sources: Sequence[str], known: AbstractSet[str], parts: int = 4
    ) -> dict[int, Sentence]:
        """Give the expressions (by their place) that use a name nobody can have set.

        Each must compile. All are checked together, which takes 15 ms; nothing is run. Where that takes
        too long, as on a busy machine, they are checked in so many parts.
        """
        try:
            return self._unknown_names(sources, known)
        except ExpressionFailed as failed:
            if not failed.timed_out or parts == 1 or len(sources) == 1:
                raise
        half, parts = len(sources) // 2, parts // 2
        behind = self.unknown_names(sources[half:], known, parts)
        return self.unknown_names(sources[:half], known, parts) | {
            half + place: sentence for place, sentence in behind.items()
        }

    def _unknown_names(self, sources: Sequence[str], known: AbstractSet[str]) -> dict[int, Sentence]:
        stubs = "from typing import Any\n" + "".join(f"{name}: Any\n" for name in sorted(known))
        starts, lines = [], 1
        for source in sources:
            starts.append(lines)
            lines += _expression(source).count("\n") + 1
        code = "\n".join([*map(_expression, sources), "alur_stop_here"])
        found: dict[int, Sentence] = {}
        for line, column, name in _UNRESOLVED.findall(self._diagnosis(code, stubs)):
            place = bisect_right(starts, int(line)) - 1
            if name != "alur_stop_here" and place not in found:
                found[place] = unknown_name(int(line) - starts[place], int(column), name).sentence
        return found

    def _diagnosis(self, code: str, stubs: str) -> str:
        def type_check(session: monty.MontySession) -> str:
            try:
                # The last line is an unknown name itself, so that nothing is ever run.
                session.feed_run(code, print_callback=_silence)
            except monty.MontyTypingError as error:
                return error.display()
            return ""

        checked = {"type_check": True, "type_check_stubs": stubs, "type_check_format": "concise"}
        return self._run(type_check, lines_before=0, **checked)

    def close(self) -> None:
        """End the workers. The next use starts new ones."""
        with self._lock:
            pool, owner = self._pool, self._owner
            self._pool = None
        if pool is not None and owner == os.getpid():
            pool.__exit__(None, None, None)

    def _run(self, work: Callable[[monty.MontySession], _T], *, lines_before: int, **options: Any) -> _T:
        try:
            return self._run_once(work, lines_before, options)
        except _WorkerDied:
            # Killed from outside, most likely; the pool has replaced it. Expressions have no effects.
            return self._run_once(work, lines_before, options)

    def _run_once(
        self, work: Callable[[monty.MontySession], _T], lines_before: int, options: dict[str, Any]
    ) -> _T:
        pool = self._workers_of_this_process()
        try:
            with pool.checkout(limits=_LIMITS, os_policy=_POLICY, **options) as session:
                return work(session)
        except TimeoutError:  # of the checkout: an expression's own is a MontyRuntimeError
            raise busy() from None
        except monty.MontyCrashedError as crash:
            if crash.timed_out:
                raise too_slow() from None
            raise _WorkerDied(say("the sandbox stopped while it ran"), timed_out=True) from None
        except (monty.MontySyntaxError, monty.MontyRuntimeError) as error:
            raise failure_of(error, lines_before) from None
        except (monty.MontyError, TypeError, ValueError, RecursionError) as error:
            raise ExpressionFailed(say("%(detail)s", detail=short(error))) from None

    def _workers_of_this_process(self) -> monty.Monty:
        pool = self._pool
        if pool is not None and self._owner == os.getpid():
            return pool
        with self._lock:
            if self._pool is None or self._owner != os.getpid():
                _refuse_late_fork()
                pool = monty.Monty(min_processes=1, max_processes=self._workers, checkout_timeout=_PATIENCE)
                self._pool = pool.__enter__()
                self._owner = os.getpid()
            return self._pool


class Share:
    """What one version of an SOP has of a sandbox: its slow expressions keep no other waiting."""

    def __init__(self, sandbox: Sandbox, at_once: int) -> None:
        """Allow so many evaluations at once; further ones wait for their turn, or are Busy."""
        self._sandbox = sandbox
        self._turns = BoundedSemaphore(at_once)

    def evaluate(self, source: str, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the value
        """Give the value of one expression, as ``Sandbox.evaluate``."""
        with self._turn():
            return self._sandbox.evaluate(source, names)

    def execute(self, source: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script, as ``Sandbox.execute``."""
        with self._turn():
            return self._sandbox.execute(source, names)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_PATIENCE):
            raise busy()
        try:
            yield
        finally:
            self._turns.release()


def _refuse_late_fork() -> None:
    """Fail where a pool would hang: monty's threads do not live on in a forked child."""
    global _FIRST_PROCESS  # noqa: PLW0603 - it is a fact of the process
    _FIRST_PROCESS = _FIRST_PROCESS or os.getpid()
    if os.getpid() != _FIRST_PROCESS:
        raise RuntimeError("the sandbox was used before this process was forked: fork first")


def _silence(_stream: str, _text: str) -> None:
    """Drop what a script prints."""


def _kept(value: Any) -> Any:  # noqa: ANN401 - a value of the sandbox
    try:
        return json_native(value)
    except ValueRefused as refused:
        raise ExpressionFailed(refused.sentence) from None
