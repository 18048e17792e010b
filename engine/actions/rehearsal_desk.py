"""The desk at which a rehearsal is stepped: from where it stands to where it stands next. Writes nothing.

The same runner, due times and lines are at work as in a real case, with a sandbox of the step's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from engine.actions.advancing import Case, lines_of, opened_rows
from engine.bpmn.workflow import Outcome, Runner
from engine.core import Engine
from engine.errors import Busy, Conflict, say
from engine.expressions.sandbox import Sandbox
from engine.model.data_store import Stored
from engine.model.event import EventKind
from engine.model.instance import Saved
from engine.model.rehearsal import THROWN, Rehearsal, RehearsalLine, RehearsedTask, Stand
from engine.model.review_due import ReviewKind
from engine.model.schedule import due
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.storage import data_stores
from engine.storage.events import Line
from engine.storage.transaction import Connection
from engine.storage.versions import Version

# Of one process of the program: what a draft makes slow takes no more of its threads than this.
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 3.0  # seconds that a page waits for its turn
_CLOSING = frozenset({EventKind.TASK_COMPLETED, EventKind.TASK_RETURNED})


@contextmanager
def at_work() -> Iterator[None]:
    """Wait for a turn; Busy where others are at it."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy(say("Other drafts are being rehearsed just now. Please try again in a moment."))
    try:
        yield
    finally:
        _AT_ONCE.release()


@contextmanager
def desk_of(engine: Engine, connection: Connection, rehearsal: Rehearsal, version: Version) -> Iterator[Desk]:
    """Give the desk with a sandbox of its own: a draft keeps no case waiting."""
    sandbox = Sandbox(workers=1)

    def stored_of(_version: UUID, name: str) -> tuple[int, Any] | None:
        return data_stores.read(connection, rehearsal.office, name)

    desk = Desk(engine=engine, connection=connection, rehearsal=rehearsal, version=version)
    desk.runner = Runner(
        sandbox,
        lambda _version: rehearsal.spec,
        lambda _version: engine.calendar_of(rehearsal.office),
        stored_of=lambda version, name: desk.left.get(name) or stored_of(version, name),
    )
    try:
        yield desk
    finally:
        sandbox.close()


@dataclass(kw_only=True)
class Desk:
    """One step of a rehearsal being taken."""

    engine: Engine
    connection: Connection  # to read what the office has
    rehearsal: Rehearsal
    version: Version
    runner: Runner = field(init=False)
    left: dict[str, tuple[int, Any]] = field(init=False)  # what the rehearsal left in data stores

    def __post_init__(self) -> None:
        """Look at what there is."""
        stands = self.rehearsal.stands
        stored = stands[-1].stored if stands else ()
        self.left = {one.name: (one.seen, one.value) for one in stored}

    @property
    def now(self) -> Stand:
        """Where it stands."""
        return self.rehearsal.now

    def saved(self, stand: Stand) -> Saved:
        """Give a stand as the runner takes it."""
        if stand.finished:
            raise Conflict(say("This rehearsal has come to its end. Go a step back, or begin anew."))
        return Saved(id=self.rehearsal.id, version=self.rehearsal.id, guard=0, state=stand.state)

    def begin(self, *, at: datetime, year: int, start: str) -> Stand:
        """Take the first steps."""
        outcome = self.runner.start(
            version=self.rehearsal.id,
            instance=self.rehearsal.id,
            variables={"case": {"year": year, **self._known(at)}},
            now=at,
            start=start,
        )
        began = RehearsalLine(kind=EventKind.CASE_STARTED, at=at, payload={"year": year, "start": start})
        return self.after(Stand(at=at, state="", finished=False), outcome, began)

    def _known(self, at: datetime) -> dict[str, Any]:
        """Give what a case that the worker begins knows at its start, as if it were about this SOP."""
        if self.version.definition.document.purpose is None:
            return {}
        day = self.engine.calendar_of(self.version.office).local(at).date()
        about = {"sop": self.version.name, "key": self.version.key, "revision": 1, "author": ""}
        return about | {"kind": ReviewKind.EVALUATION.value, "due_on": day.isoformat()}

    def after(self, stand: Stand, outcome: Outcome, act: RehearsalLine, again: str = "") -> Stand:
        """Give where it stands after a step; ``again`` is the step that it was sent back to."""
        case = Case(id=self.rehearsal.id, version=self.version)
        rows = opened_rows(self.engine, self.connection, case, outcome, outcome.at)
        gone = {*outcome.closed, *(() if act.kind not in _CLOSING else (_key(act),))}
        timers = {key: at for key, at in stand.timers if key not in outcome.timers_cleared}
        if act.kind == EventKind.TIMER_FIRED:
            timers.pop(TimerKey(element=act.element, round=act.round, iteration=act.iteration), None)
        jobs = {one.key: one for one in stand.jobs if one.key not in outcome.jobs_cleared}
        waits = {one.key: one for one in stand.waits if one.key not in outcome.waits_cleared}
        self.left |= {one.name: (one.seen + 1, one.value) for one in outcome.stored}
        after = Stand(
            at=outcome.at,
            state=outcome.state,
            finished=outcome.finished,
            tasks=(
                *(one for one in stand.tasks if one.key not in gone),
                *(self._opened(key, row, again=key.element == again) for key, row in rows.items()),
            ),
            timers=tuple((timers | dict(outcome.timers_set)).items()),
            jobs=tuple((jobs | {one.key: one for one in outcome.jobs_set}).values()),
            waits=tuple((waits | {one.key: one for one in outcome.waits_set}).values()),
            stored=tuple(
                Stored(name=name, value=value, seen=seen) for name, (seen, value) in self.left.items()
            ),
            lines=(act, *_thrown(outcome), *(_line(one, outcome.at) for one in lines_of(outcome, rows))),
        )
        return replace(after, tasks=(), timers=(), jobs=(), waits=()) if outcome.finished else after

    def _opened(self, key: TaskKey, row: Mapping[str, Any], *, again: bool) -> RehearsedTask:
        """Make an open task; a clock that waits for somebody to take the task begins at once."""
        step, opened_at = self.version.definition.step(key.element), row["opened_at"]
        due_at = row["due_at"]
        if row["clock_started_at"] is None:
            calendar = self.engine.calendar_of(self.rehearsal.office)
            due_at = due(step, started_at=opened_at, paused_minutes=0, calendar=calendar)
        return RehearsedTask(
            key=key,
            name=row["name"],
            role=row["role"],
            opened_at=opened_at,
            clock_started_at=row["clock_started_at"] or opened_at,
            due_at=due_at,
            assignee=row["assignee"].hex if row["assignee"] else "",
            again=again,
        )


def _thrown(outcome: Outcome) -> Iterator[RehearsalLine]:
    """Tell what would have gone out: nobody outside hears it."""
    for one in outcome.thrown:
        told = {"channel": one.channel.value, "name": one.name, "data": dict(one.payload)}
        yield RehearsalLine(kind=THROWN, at=outcome.at, element=one.element, round=one.round, payload=told)


def _line(line: Line, at: datetime) -> RehearsalLine:
    return RehearsalLine(
        kind=line.kind,
        at=at,
        element=line.element or "",
        round=line.round or 0,
        iteration=line.iteration or 0,
        payload=line.payload,
    )


def _key(act: RehearsalLine) -> TaskKey:
    return TaskKey(element=act.element, round=act.round, iteration=act.iteration)
