"""Which cases somebody asked to see, and the statement that selects a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    literal_column,
    select,
    union_all,
)

from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.job import REVISION
from engine.queries.case_access import visible
from engine.queries.late_rows import is_late
from engine.storage import search
from engine.storage.incidents import is_open
from engine.storage.tables import instance, job, participant, person, process, role, task

PAGE = 25
_LONGEST_TEXT = 120
# Written into the statement, not bound: else no partial index could be used.
_IS_OPEN: ColumnElement[bool] = literal_column("task.state = 'open'")


class Tab(StrEnum):
    """The lists."""

    FOLLOWED = "followed"  # took part in
    RUNNING = "running"
    LATE = "late"  # an open step is past its due time
    FINISHED = "finished"
    CANCELLED = "cancelled"


_STATUS = {
    Tab.RUNNING: InstanceStatus.RUNNING,
    Tab.FINISHED: InstanceStatus.FINISHED,
    Tab.CANCELLED: InstanceStatus.CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class CasesAsked:
    """What somebody wants to see. ``sop`` is a key; ``after`` is the last case of the page before."""

    tab: Tab = Tab.FOLLOWED
    text: str = ""
    sop: str = ""
    after: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether it shows less than the whole tab."""
        return bool(self.text or self.sop)


def wanted_cases(
    dialect: str, actor: Actor, asked: CasesAsked, now: datetime
) -> list[ColumnElement[bool]] | None:
    """Give the conditions of the list; None where the search has nothing to look for."""
    wanted = [visible(actor)]
    if asked.tab in _STATUS:
        wanted.append(instance.c.status == _STATUS[asked.tab])
    elif asked.tab is Tab.LATE:
        wanted.append(instance.c.id.in_(_late(actor, now)))
    else:
        wanted.append(participant.c.person == actor.person if actor.person else false())
    if asked.sop:
        ours = select(process.c.id).where(process.c.office == actor.office, process.c.key == asked.sop)
        wanted.append(instance.c.process.in_(ours))
    if asked.text.strip():
        matching = search.matching(dialect, asked.text[:_LONGEST_TEXT])
        if matching is None:
            return None
        wanted.append(instance.c.id.in_(matching))
    last = parse_id(asked.after)
    if last is not None:
        wanted.append(_key(asked) < last)
    return wanted


def _key(asked: CasesAsked) -> ColumnElement[UUID]:
    """Give the column that is read from its end: the index of who took part has it too."""
    return participant.c.instance if asked.tab is Tab.FOLLOWED else instance.c.id


def _late(actor: Actor, now: datetime) -> Select[Any]:
    """Find cases with a late step by the inbox's own indexes: each role's pool, what each person holds."""
    of_pools = select(task.c.instance).where(
        _IS_OPEN,
        task.c.assignee.is_(None),
        task.c.office == actor.office,
        task.c.role.in_(select(role.c.key).where(role.c.office == actor.office)),
        is_late(task.c.due_key, now),
    )
    of_people = select(task.c.instance).where(
        _IS_OPEN,
        task.c.assignee.is_not(None),
        task.c.assignee.in_(select(person.c.id).where(person.c.office == actor.office)),
        is_late(task.c.due_key, now),
    )
    both = union_all(of_pools, of_people).subquery()
    return select(both.c.instance)


def page_of_cases(wanted: Sequence[ColumnElement[bool]], asked: CasesAsked) -> Select[Any]:
    """Select a page of cases, each with its open steps: a row per step, or one without."""
    chosen = select(instance.c.id)
    if asked.tab is Tab.FOLLOWED:
        chosen = chosen.join(participant, participant.c.instance == instance.c.id)
    page = chosen.where(*wanted).order_by(_key(asked).desc()).limit(PAGE + 1).subquery()
    return (
        select(
            instance.c.id,
            instance.c.number,
            instance.c.title,
            instance.c.trial,
            instance.c.status,
            instance.c.started_at,
            instance.c.ended_at,
            task.c.id.label("task"),
            task.c.version,
            task.c.element,
            task.c.name,
            task.c.round,
            task.c.opened_at,
            task.c.due_at,
            task.c.clock_started_at,
            task.c.paused_at,
            task.c.pause_reason,
            role.c.label.label("role_label"),
            person.c.name.label("holder_name"),
            person.c.post.label("holder_post"),
            is_open(page.c.id).label("stopped"),
            select(job.c.connector)
            .where(job.c.instance == page.c.id)
            .order_by(job.c.connector == REVISION)  # what Alur does itself is over soon: another system first
            .limit(1)
            .scalar_subquery()
            .label("asks"),
        )
        .select_from(page)
        .join(instance, instance.c.id == page.c.id)
        .outerjoin(task, and_(task.c.instance == page.c.id, task.c.state == "open"))
        .outerjoin(role, and_(role.c.office == task.c.office, role.c.key == task.c.role))
        .outerjoin(person, person.c.id == task.c.assignee)
        .order_by(page.c.id.desc(), task.c.id)
    )
