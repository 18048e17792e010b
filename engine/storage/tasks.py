"""Tasks as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, insert, literal_column, select, update

from engine.model.instance import InstanceStatus, Saved
from engine.model.revision import Acknowledging
from engine.model.task import Task, TaskState
from engine.storage import incidents
from engine.storage.acknowledgements import unread_version
from engine.storage.events import Head
from engine.storage.prepared import Prepared
from engine.storage.tables import CLOSED, NO_DUE, draft, instance, office, participant, task

_TASK_FIELDS = tuple(field.name for field in fields(Task))
TASK_COLUMNS = tuple(task.c[name] for name in _TASK_FIELDS)


@dataclass(frozen=True, kw_only=True)
class TaskInCase:
    """A task with what an action must know of its case."""

    task: Task
    process: UUID
    guard: int
    state: str | None  # of the instance
    status: InstanceStatus
    undo_task: UUID | None
    office_seq: int  # last event of the office: people and roles are as they were until the next
    head: Head  # where the case's stream ended when it was read
    takes_part: bool  # the asking person took part in the case
    drafted: bool  # somebody has a draft of it
    stopped: bool  # something of the case could not go on: an incident is open
    unread: UUID | None = None  # a version of an SOP that blocks, which the asking person has not read

    @property
    def saved(self) -> Saved:
        """Give what a step of its case begins with."""
        task = self.task
        return Saved(id=task.instance, version=task.version, guard=self.guard, state=self.state or "")


_LOAD = Prepared(
    select(
        *TASK_COLUMNS,
        task.c.process,
        instance.c.guard,
        instance.c.state.label("instance_state"),
        instance.c.status,
        instance.c.undo_task,
        instance.c.last_seq,
        instance.c.chain_head,
        office.c.stream_seq.label("office_seq"),
        exists()
        .where(participant.c.person == bindparam("who"), participant.c.instance == task.c.instance)
        .label("takes_part"),
        exists().where(draft.c.task == task.c.id).label("drafted"),
        incidents.is_open(task.c.instance).label("stopped"),
        unread_version(task.c.process, bindparam("who"), Acknowledging.BLOCK).label("unread"),
    )
    .join(instance, instance.c.id == task.c.instance)
    .join(office, office.c.id == task.c.office)
    .where(task.c.id == bindparam("task_id"), task.c.office == bindparam("office_id"))
)
_COMPLETE = Prepared(
    update(task)
    # Written out: a parameter that could decide about a partial index makes SQLite plan anew each time.
    .where(task.c.id == bindparam("task_id"), task.c.state == literal_column(f"'{TaskState.OPEN}'"))
    .values(
        state=TaskState.COMPLETED.value,
        due_key=CLOSED,
        completed_at=bindparam("now"),
        completed_by=bindparam("who"),
        assignee=bindparam("who"),
        on_behalf_of=bindparam("lender"),
        done_on=bindparam("done"),
        worked_minutes=bindparam("worked"),
        waited_minutes=bindparam("waited"),
        attempt=bindparam("tried"),
    )
)


def load(connection: Connection, task_id: UUID, office_id: UUID, person: UUID | None) -> TaskInCase | None:
    """Read a task of an office with its case, in one statement."""
    row = _LOAD.first(connection, {"task_id": task_id, "office_id": office_id, "who": person})
    if row is None:
        return None
    return TaskInCase(
        task=read_task(row._asdict()),
        process=row.process,
        guard=row.guard,
        state=row.instance_state,
        status=InstanceStatus(row.status),
        undo_task=row.undo_task,
        office_seq=row.office_seq,
        head=Head(seq=row.last_seq, chain=row.chain_head),
        takes_part=bool(row.takes_part),
        drafted=bool(row.drafted),
        stopped=bool(row.stopped),
        unread=row.unread,
    )


def read_task(row: Mapping[Any, Any]) -> Task:
    """Map a row to a task."""
    values = {name: row[name] for name in _TASK_FIELDS}
    values["state"] = TaskState(values["state"])
    return Task(**values)


def of_instance(connection: Connection, instance_id: UUID) -> list[Task]:
    """Read every task of a case in the order they were opened."""
    rows = connection.execute(select(*TASK_COLUMNS).where(task.c.instance == instance_id).order_by(task.c.id))
    return [read_task(row) for row in rows.mappings()]


def open_of(connection: Connection, instances: Collection[UUID]) -> list[Task]:
    """Read the open tasks of cases in the order they were opened."""
    wanted = task.c.instance.in_(instances), task.c.state == TaskState.OPEN
    rows = connection.execute(select(*TASK_COLUMNS).where(*wanted).order_by(task.c.id))
    return [read_task(row) for row in rows.mappings()]


_NUMBER = select(instance.c.number).where(instance.c.id == bindparam("case")).scalar_subquery()
_ADD: dict[tuple[str, ...], Prepared] = {}  # by the columns the rows give


def add(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write opened tasks of cases that are written; what the inbox sorts by is derived here."""
    full = [{**row, "due_key": row.get("due_at") or NO_DUE, "case": row["instance"]} for row in rows]
    if full:
        columns = tuple(name for name in full[0] if name != "case")
        if columns not in _ADD:
            _ADD[columns] = Prepared(insert(task).values(number=_NUMBER), *columns)
        _ADD[columns].run_all(connection, full)


def change(connection: Connection, seen: Task, changes: Mapping[str, Any]) -> bool:
    """Write changes to an open task that is still as it was seen; False when somebody was first.

    Who holds it, who lent it and whether its clock stands are what people race about.
    """
    values = dict(changes)
    if "due_at" in values:
        values["due_key"] = values["due_at"] or NO_DUE
    done = connection.execute(
        update(task)
        .where(
            task.c.id == seen.id,
            task.c.state == TaskState.OPEN,
            task.c.assignee.is_not_distinct_from(seen.assignee),
            task.c.delegated_by.is_not_distinct_from(seen.delegated_by),
            task.c.prepared_by.is_not_distinct_from(seen.prepared_by),
            task.c.paused_at.is_not_distinct_from(seen.paused_at),
        )
        .values(**values)
    )
    return done.rowcount == 1


def complete(  # noqa: PLR0913 - the columns of a completion
    connection: Connection,
    task_id: UUID,
    *,
    person: UUID | None,
    lender: UUID | None,
    now: datetime,
    done_on: datetime | None,
    worked: int,
    waited: int,
    attempt: UUID,
) -> bool:
    """Complete an open task; False when it was closed already."""
    facts = {
        "task_id": task_id,
        "now": now,
        "who": person,
        "lender": lender,
        "done": done_on,
        "worked": worked,
        "waited": waited,
        "tried": attempt,
    }
    return _COMPLETE.run(connection, facts) == 1


def close(connection: Connection, task_id: UUID, changes: Mapping[str, Any]) -> bool:
    """Close an open task; False when it was closed already."""
    done = connection.execute(
        update(task).where(task.c.id == task_id, task.c.state == TaskState.OPEN).values(**changes)
    )
    return done.rowcount == 1


def close_all(connection: Connection, instance_id: UUID, state: TaskState) -> None:
    """Close every open task of a case."""
    connection.execute(
        update(task).where(task.c.instance == instance_id, task.c.state == TaskState.OPEN).values(state=state)
    )


_SEE = Prepared(
    update(task)
    .where(task.c.id == bindparam("task_id"), task.c.seen_at.is_(None))
    .values(seen_at=bindparam("now"))
)


def see(connection: Connection, task_id: UUID, at: Any) -> bool:  # noqa: ANN401 - a datetime
    """Note the first opening by somebody who may work on it; False when it was seen before."""
    return _SEE.run(connection, {"task_id": task_id, "now": at}) == 1
