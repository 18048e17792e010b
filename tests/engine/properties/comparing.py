"""A case as the database has it, compared with its state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState as Waiting
from sqlalchemy import Connection, Row, Table, select

from engine.bpmn.state import load_state
from engine.core import Engine
from engine.model.event import Event, EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.storage import incidents, tables
from engine.storage import tasks as task_rows
from engine.storage.events import stream_events
from engine.storage.incidents import Incident
from tests.chain import head_of
from tests.engine.properties.replayed import compare_moment

Key = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Everything the database has of a case, at one moment."""

    engine: Engine
    row: Row[Any]
    tasks: list[Task]
    timers: dict[Key, datetime]
    next_tries: list[datetime]
    jobs: dict[Key, Any]
    job_ids: list[UUID]
    waits: dict[tuple[str, int, int, int], tuple[str, str]]
    begins: set[tuple[str, str]]  # what would begin a process of the case anew
    incidents: list[Incident]
    events: list[Event]

    @property
    def version(self) -> UUID:
        return UUID(bytes=self.row.version.bytes)

    @property
    def guard(self) -> int:
        return int(self.row.guard)

    @property
    def number(self) -> str:
        return str(self.row.number)

    @property
    def status(self) -> InstanceStatus:
        return InstanceStatus(self.row.status)

    @property
    def open(self) -> list[Key]:
        """Give the keys of the open tasks."""
        return [_key(one) for one in self.tasks if one.state is TaskState.OPEN]

    def compare(self) -> None:
        """Compare the rows with the state; with the record its twin does."""
        assert len(self.open) == len(set(self.open))
        assert self.events[-1].seq == self.row.last_seq
        assert self.events[-1].chain == self.row.chain_head
        stopped = [one.id.hex for one in self.incidents]
        compare_moment(self.events, self.status, self.tasks, list(self.jobs), stopped)
        if self.status is not InstanceStatus.RUNNING:
            assert (self.row.state, self.row.undo_state) == (None, None)
            assert (self.open, self.timers, self.jobs, self.waits, self.incidents) == ([], {}, {}, {}, [])
            return
        self._compare_state()

    def _compare_state(self) -> None:
        """Compare with what waits in the state, read as the next act will read it."""
        live = self.engine.runner._empty(self.version)
        load_state(live, self.row.state)
        tokens = [one for workflow in live.workflows() for one in workflow.tasks.values()]
        people = {_key_of(one) for one in tokens if one.state == Waiting.READY}
        assert set(self.open) == people
        due = {_key_of(one): one.internal_data["due"] for one in tokens if "due" in one.internal_data}
        assert self.timers == {key: datetime.fromisoformat(at) for key, at in due.items()}
        assert set(self.jobs) == {_key_of(one) for one in tokens if "job" in one.internal_data}
        assert set(self.waits) == {
            (*_key_of(one), int(place)) for one in tokens for place in one.internal_data.get("waits", {})
        }

    def compare_whole(self) -> None:
        """Check what is left of a case that has ended, and its whole record."""
        assert [event.seq for event in self.events] == list(range(1, self.row.last_seq + 1))
        assert head_of(self.events) == self.row.chain_head
        kinds = [event.kind for event in self.events]
        states = [one.state for one in self.tasks]
        assert kinds.count(EventKind.TASK_COMPLETED) == states.count(TaskState.COMPLETED)
        assert kinds.count(EventKind.TASK_CANCELLED) == states.count(TaskState.CANCELLED)
        assert kinds.count(EventKind.TASK_RETURNED) == states.count(TaskState.RETURNED)
        assert kinds.count(EventKind.TASK_OPENED) + kinds.count(EventKind.COMPLETION_WITHDRAWN) == len(states)
        assert kinds.count(EventKind.INCIDENT_OPENED) == kinds.count(EventKind.INCIDENT_SOLVED)
        assert (kinds.count(EventKind.CASE_FINISHED), kinds.count(EventKind.CASE_CANCELLED)) == (
            int(self.status is InstanceStatus.FINISHED),
            int(self.status is InstanceStatus.CANCELLED),
        )


def look(engine: Engine, case: UUID) -> Compared:
    """Read everything of a case."""
    with engine.store.reading() as connection:
        timers = _of(connection, tables.timer, case)
        jobs = _of(connection, tables.job, case)
        row = connection.execute(select(tables.instance).where(tables.instance.c.id == case)).one()
        waits = _of(connection, tables.message_wait, case)
        return Compared(
            engine=engine,
            row=row,
            tasks=task_rows.of_instance(connection, case),
            timers={_key(one): one.due_at for one in timers},
            next_tries=[one.next_try_at for one in timers],
            jobs={_key(one): (one.connector, json.loads(one.inputs)) for one in jobs},
            job_ids=[one.id for one in jobs],
            waits={(*_key(one), one.place): (one.channel, one.name) for one in waits},
            begins={(one.channel, one.name) for one in waits if one.begins},
            incidents=incidents.open_of(connection, case),
            events=stream_events(connection, case),
        )


def _of(connection: Connection, table: Table, case: UUID) -> list[Row[Any]]:
    return list(connection.execute(select(table).where(table.c.instance == case).order_by(table.c.id)))


def _key(one: Any) -> Key:  # noqa: ANN401 - a row or a key
    return one.element, one.round, one.iteration


def _key_of(token: Any) -> Key:  # noqa: ANN401 - a token in memory
    return token.task_spec.element, token.round, token.iteration
