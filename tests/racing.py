"""Processes that act at the same instant: real ones, each with an engine of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from types import TracebackType
from typing import Any, Self

from engine.clock import SetClock
from engine.core import Engine
from engine.errors import AlurError
from engine.opening import Places, open_engine

RACERS = 4
_PATIENCE = 120  # seconds for the slowest to come to the line

# A partial of a function that can be imported; it is given the racer's own engine.
Act = Callable[[Engine], Any]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What came of an act: a value, or the kind of an error and its sentence."""

    value: Any = None
    error: str = ""
    said: str = ""


class Racers:
    """Four processes that wait for each other before each heat."""

    def __enter__(self) -> Self:
        """Start them."""
        context = get_context("spawn")
        self._line = context.Barrier(RACERS)
        self._pool = ProcessPoolExecutor(
            RACERS, mp_context=context, initializer=_enter, initargs=(self._line,)
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let them go."""
        self._pool.shutdown(cancel_futures=True)

    def run(self, places: Places, at: datetime, *heats: Sequence[Act]) -> list[list[Ran]]:
        """Run heats of four acts each, all four at once; what is no AlurError is raised here."""
        lanes = [self._pool.submit(_lane, places, at, list(acts)) for acts in zip(*heats, strict=True)]
        errors = [error for lane in lanes if (error := lane.exception()) is not None]
        for error in sorted(errors, key=lambda one: isinstance(one, BrokenBarrierError)):
            self._line.reset()
            raise error  # the first that fell; the others only missed it at the line
        return [list(heat) for heat in zip(*(lane.result() for lane in lanes), strict=True)]


_line: Barrier


def _enter(line: Barrier) -> None:
    global _line  # noqa: PLW0603 - a barrier can only be inherited
    _line = line


def _lane(places: Places, at: datetime, acts: list[Act]) -> list[Ran]:
    engine = open_engine(places, SetClock(at))
    try:
        with engine.store.reading():  # connected before the start
            pass
        return [_act(engine, act) for act in acts]
    except BaseException:
        _line.abort()  # the others must not wait for one who fell
        raise
    finally:
        engine.close()


def _act(engine: Engine, act: Act) -> Ran:
    _line.wait(_PATIENCE)
    try:
        return Ran(value=act(engine))
    except AlurError as error:
        return Ran(error=type(error).__name__, said=str(error.sentence))
