"""A task as somebody may see it, and what they may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, or_, select

from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.definition import Step
from engine.model.instance import InstanceStatus, VersionState
from engine.model.revision import Acknowledging
from engine.model.task import Task, TaskState, can_see, can_work
from engine.model.unseen import NO_TASK
from engine.queries.case_access import supervises
from engine.storage.acknowledgements import unread_version
from engine.storage.doers import last_done_by
from engine.storage.instances import undo_of
from engine.storage.tables import instance, office, participant, process_version, task
from engine.storage.tasks import TASK_COLUMNS, read_task


@dataclass(frozen=True, kw_only=True)
class SeenTask:
    """A task with its case. ``state`` is the case's, empty once it is finished."""

    task: Task
    case_number: str
    case_title: str
    case_year: int
    status: InstanceStatus
    on_trial: bool  # the case is marked so, or its SOP has not been in force yet
    state: str
    undo_task: UUID | None
    office_seq: int  # last event of the office: people and roles are as they were until the next
    unread: UUID | None = None  # a version that the reader is to read first, or is blocked by


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What the actor may do with the task now; whatever is not named is not offered."""

    work: bool = False  # complete it
    draft: bool = False  # fill its form
    claim: bool = False
    release: bool = False
    assign: bool = False
    take_back: bool = False
    prepare: bool = False  # have it prepared by somebody
    end_preparation: bool = False
    pause: bool = False
    resume: bool = False
    other_than: str = ""  # element of the step that the actor did, and whose doer may not do this one
    withdraw: bool = False  # take one's completion back

    @property
    def any_other(self) -> bool:
        """Tell whether there is something to do besides the form."""
        given = (self.release, self.assign, self.take_back, self.prepare, self.end_preparation)
        return any((*given, self.claim, self.pause, self.resume))


_SEEN = (
    select(
        *TASK_COLUMNS,
        instance.c.number.label("case_number"),
        instance.c.title.label("case_title"),
        instance.c.year,
        instance.c.status,
        or_(instance.c.trial, process_version.c.state == VersionState.TRIAL).label("on_trial"),
        instance.c.state.label("instance_state"),
        instance.c.undo_task,
        office.c.stream_seq,
        exists()
        .where(participant.c.person == bindparam("who"), participant.c.instance == task.c.instance)
        .label("takes_part"),
        unread_version(task.c.process, bindparam("who"), Acknowledging.WARN, Acknowledging.BLOCK).label(
            "unread"
        ),
    )
    .join(instance, instance.c.id == task.c.instance)
    .join(process_version, process_version.c.id == task.c.version)
    .join(office, office.c.id == task.c.office)
    .where(task.c.id == bindparam("task_id"), task.c.office == bindparam("office_id"))
)


def see_task(connection: Connection, actor: Actor, task_id: UUID) -> SeenTask:
    """Read a task the actor may see; NotFound for any other."""
    asked = {"task_id": task_id, "office_id": actor.office, "who": actor.person}
    row = connection.execute(_SEEN, asked).mappings().one_or_none()
    found = read_task(row) if row is not None else None
    if row is None or found is None:
        raise NotFound(NO_TASK)
    supervised = supervises(connection, actor, found.instance)
    if not can_see(found, actor, takes_part=bool(row["takes_part"]), supervised=supervised):
        raise NotFound(NO_TASK)
    return SeenTask(
        task=found,
        case_number=row["case_number"],
        case_title=row["case_title"],
        case_year=row["year"],
        status=InstanceStatus(row["status"]),
        on_trial=bool(row["on_trial"]),
        state=row["instance_state"] or "",
        undo_task=row["undo_task"],
        office_seq=row["stream_seq"],
        unread=row["unread"],
    )


def rights(connection: Connection, actor: Actor, seen: SeenTask, step: Step) -> Rights:
    """Say what the actor may do; the actions check it again."""
    one, me = seen.task, actor.person
    if one.state is not TaskState.OPEN:
        return Rights(withdraw=_can_withdraw(connection, actor, seen))
    other_than = _did(connection, actor, one, step) if can_work(one, actor) else ""
    work = can_work(one, actor) and not other_than
    prepared = one.prepared_by is not None
    return Rights(
        work=work,
        other_than=other_than,
        draft=work or (prepared and one.prepared_by == me),
        claim=work and one.claimed_at is None,
        release=one.assignee is not None and one.assignee == me and one.claimed_at is not None,
        assign=work and actor.holds(one.role) and bool(step.delegable_to),
        take_back=one.delegated_by is not None and one.delegated_by == me and one.assignee != me,
        prepare=work and not prepared,
        end_preparation=prepared and (work or one.prepared_by == me),
        pause=work and one.paused_at is None,
        resume=work and one.paused_at is not None,
    )


def _did(connection: Connection, actor: Actor, one: Task, step: Step) -> str:
    """Give the element of the step that the actor did last, and whose doer may not do this one."""
    if not step.not_same_as:
        return ""
    done = last_done_by(connection, one.instance, step.not_same_as)
    return next((element for element in step.not_same_as if actor.person in done.get(element, ())), "")


def _can_withdraw(connection: Connection, actor: Actor, seen: SeenTask) -> bool:
    """Tell whether the completion can be taken back: nobody has opened what came of it."""
    one = seen.task
    if one.completed_by is None or one.completed_by != actor.person or seen.undo_task != one.id:
        return False
    if seen.status is not InstanceStatus.RUNNING:
        return False
    undo = undo_of(connection, one.instance)
    if undo is None:
        return False
    opened = [UUID(hex=text) for text in undo["opened"]]
    later = connection.execute(
        select(task.c.state, task.c.seen_at, task.c.claimed_at).where(task.c.id.in_(opened))
    )
    return all(row.state == TaskState.OPEN and not row.seen_at and not row.claimed_at for row in later)
