"""What came of a completion: where the case is now, and which task comes next for who completed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, literal_column, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.instance import InstanceStatus
from engine.model.task import can_work
from engine.model.unseen import NO_TASK
from engine.queries.inbox import InboxFilter, NextTask, Place, next_task
from engine.storage.prepared import Prepared
from engine.storage.tables import instance, task
from engine.storage.tasks import TASK_COLUMNS, read_task

# Built once, and nothing beside what is said: this is part of every completion.
_DONE = Prepared(
    select(
        task.c.id,
        task.c.name,
        task.c.due_at,
        task.c.completed_at,
        task.c.instance,
        task.c.version,
        instance.c.number,
        instance.c.title,
        instance.c.status,
        and_(instance.c.undo_task == task.c.id, instance.c.undo_state.is_not(None)).label("can_withdraw"),
    )
    .join(instance, instance.c.id == task.c.instance)
    .where(
        task.c.id == bindparam("task_id"),
        task.c.office == bindparam("office_id"),
        task.c.completed_by == bindparam("who"),
    )
)
_OPEN = Prepared(
    select(*TASK_COLUMNS)
    .where(task.c.instance == bindparam("case"), task.c.state == literal_column("'open'"))
    .order_by(task.c.opened_at.desc(), task.c.id)
)


@dataclass(frozen=True, kw_only=True)
class HandedOn:
    """``lanes`` are the names of the lanes that have the case now.

    ``following`` is the next task for who completed it: of the same case where one is, else of the list.
    """

    name: str
    completed_at: datetime
    case: UUID
    case_number: str
    purpose: Purpose | None  # of its SOP
    lanes: tuple[str, ...]
    finished: bool
    can_withdraw: bool
    following: NextTask | None

    @property
    def stays(self) -> bool:
        """Tell whether the next task is one of the same case."""
        return self.following is not None and self.following.case == self.case


def handed_on(engine: Engine, actor: Actor, task_id: UUID, wanted: InboxFilter) -> HandedOn:
    """Say what came of a task the actor completed, and what follows it in the list it was taken from."""
    asked = {"task_id": task_id, "office_id": actor.office, "who": actor.person}
    with engine.store.reading() as connection:
        done = _DONE.first(connection, asked)
        if done is None:
            raise NotFound(NO_TASK)
        now_open = [read_task(row._asdict()) for row in _OPEN.all(connection, {"case": done.instance})]
        own = next((one for one in now_open if can_work(one, actor)), None)
        following: NextTask | None
        if own is not None:
            following = NextTask(
                id=own.id, name=own.name, case=done.instance, number=done.number, title=done.title
            )
        else:
            place = Place(task=done.id, due_at=done.due_at, number=done.number)
            following = next_task(engine, connection, actor, wanted, place)
    definition = engine.versions.get(done.version).definition
    lanes = definition.lanes
    return HandedOn(
        name=done.name,
        completed_at=done.completed_at,
        case=done.instance,
        case_number=done.number,
        purpose=definition.document.purpose,
        lanes=tuple(lane.name for lane in lanes if lane.role in {one.role for one in now_open}),
        finished=done.status != InstanceStatus.RUNNING,
        can_withdraw=bool(done.can_withdraw),
        following=following,
    )
