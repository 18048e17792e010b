"""The inbox: whatever waits for a person, in pages of 25 that cost the same however much is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, and_, bindparam, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.definition import ClockStart
from engine.model.naming import post_and_name
from engine.model.task import Task, TaskState, can_work
from engine.queries.inquiries import InquiryRow, waiting_for
from engine.queries.library_versions import has_version
from engine.queries.owned import Owned, owned
from engine.queries.suggestions import Suggestion, news
from engine.queries.tasks_asked import (
    EPOCH,
    FAR,
    Due,
    InboxFilter,
    Place,
    Sort,
    Tab,
    cursor_at,
    cursor_of,
    read_cursor,
)
from engine.queries.tasks_found import Found, find
from engine.queries.tasks_listed import Shape, count_statement, page_statement
from engine.storage.acknowledgements import is_unread
from engine.storage.tables import NO_DUE, process, process_version
from engine.storage.tasks import read_task

__all__ = [
    "COUNTED",
    "PAGE",
    "Due",
    "InboxFilter",
    "InboxPage",
    "InboxRow",
    "NextTask",
    "Place",
    "Sort",
    "Tab",
]

# The SOPs to filter by, each with its version in force where one is to be read.
_PROCESSES = (
    select(process.c.key, process.c.name, process_version.c.id.label("unread"), process_version.c.number)
    .select_from(process)
    .outerjoin(
        process_version,
        and_(
            process_version.c.process == process.c.id,
            is_unread(process_version, bindparam("me", type_=process.c.id.type)),
        ),
    )
    .where(process.c.office == bindparam("office"), has_version(process.c.id))
    .order_by(process.c.name)
)
PAGE = 25
COUNTED = 100  # where counting stops: shown as "99+"
_LONGEST_TEXT = 120


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A task in the list, with its case and who has it, by post and name."""

    task: Task
    case_number: str
    case_title: str
    trial: bool  # of a revision that is tried beside the one in force
    holder: str
    preparer: str
    draft_saved_at: datetime | None  # of the actor, or of who prepares it for the actor
    waits_to_start: bool  # its clock starts when somebody takes it
    act: str  # claim, go-on, prepare, look


@dataclass(frozen=True, kw_only=True)
class NextTask:
    """A task to go on to, with its case."""

    id: UUID
    name: str
    case: UUID
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """One page of a tab. ``after`` and ``before`` lead to the next and the previous page."""

    rows: tuple[InboxRow, ...]
    after: str
    before: str
    counts: dict[Tab, int]  # of whole tabs; they stop at COUNTED
    processes: tuple[tuple[str, str], ...]  # (key, name) to filter by
    unread: tuple[tuple[str, str, int], ...] = ()  # (key, name, number) of what changed in the actor's work
    news: tuple[Suggestion, ...] = ()  # the actor's own that have come further; on the first page only
    asked: tuple[InquiryRow, ...] = ()  # by auditors, waits for the actor's answer; on the first page only
    owned: tuple[Owned, ...] = ()  # what the actor has in hand as an owner of SOPs; on the first page only


def inbox_page(engine: Engine, actor: Actor, wanted: InboxFilter) -> InboxPage:
    """Read a page of a tab with the counts of all: a few statements in one snapshot."""
    with engine.store.reading() as connection:
        rows, more = _read(engine, connection, actor, wanted, PAGE)
        counts = {tab: _count(connection, actor, tab) for tab in (Tab.MINE, Tab.UNIT, Tab.ASSIGNED)}
        processes = connection.execute(_PROCESSES, {"me": actor.person, "office": actor.office}).all()
        is_first = wanted == InboxFilter()
        told = news(engine, connection, actor) if is_first else ()
        asked = waiting_for(engine, connection, actor) if is_first else ()
        mine = owned(engine, connection, actor) if is_first else ()
    later, earlier = (bool(wanted.before) or more), (more if wanted.before else bool(wanted.after))
    return InboxPage(
        rows=tuple(_row(engine, actor, row) for row in rows),
        after=cursor_of(rows[-1], wanted) if rows and later else "",
        before=cursor_of(rows[0], wanted) if rows and earlier else "",
        counts=counts,
        processes=tuple((row.key, row.name) for row in processes),
        unread=tuple(
            (row.key, row.name, row.number)
            for row in processes
            if row.unread is not None and _concerns(engine, actor, row.unread)
        ),
        news=told,
        asked=asked,
        owned=mine,
    )


def _concerns(engine: Engine, actor: Actor, version: UUID) -> bool:
    return any(actor.holds(one.role) for one in engine.versions.get(version).definition.steps)


def next_task(
    engine: Engine, connection: Connection, actor: Actor, wanted: InboxFilter, done: Place
) -> NextTask | None:
    """Find the task that follows a completed one in the list it was taken from.

    After the last one the list begins again. Tabs of others' work lead back to one's own.
    """
    own = replace(wanted, tab=Tab.MINE, after="", before="")
    keys: dict[Sort, datetime | str] = {Sort.DUE: done.due_at or NO_DUE, Sort.NUMBER: done.number}
    for after in (cursor_at(keys.get(own.sort), done.task), ""):
        rows, _more = _read(engine, connection, actor, replace(own, after=after), 1)
        if rows:
            row = rows[0]
            return NextTask(
                id=row["id"],
                name=row["name"],
                case=row["instance"],
                number=row["case_number"],
                title=row["case_title"],
            )
    return None


def waiting(engine: Engine, actor: Actor) -> int:
    """Count what waits for somebody; stops at COUNTED."""
    if actor.person is None:
        return 0
    with engine.store.reading() as connection:
        return _count(connection, actor, Tab.MINE)


def _read(
    engine: Engine, connection: Connection, actor: Actor, wanted: InboxFilter, limit: int
) -> tuple[Sequence[RowMapping], bool]:
    """Read a page in the order it is shown, and tell whether there is more beyond it."""
    text = " ".join(wanted.text.split())[:_LONGEST_TEXT]
    found = find(connection, engine.store.dialect, actor.office, text) if text else None
    chosen = _process_id(connection, actor, wanted.process)
    cursor = read_cursor(wanted)
    backward = cursor is not None and bool(wanted.before)
    shape = Shape(
        tab=wanted.tab,
        sort=wanted.sort,
        roles=len(actor.role_keys),
        due=wanted.due is not Due.ANY and wanted.tab is not Tab.DONE,
        process=bool(wanted.process),
        found=found.kind if found else "",
        words=len(found.words) if found else 0,
        cases=bool(found and found.cases),
        names=bool(found and found.names),
        cursor=cursor is not None,
        backward=backward,
    )
    values = _values(actor) | {"limit": limit + 1} | _span(engine, actor, wanted.due)
    values |= {"process": chosen} | _searched(found) | (cursor or {})
    rows = connection.execute(page_statement(shape), {k: values[k] for k in shape.needs}).mappings().all()
    shown = rows[:limit]
    return (shown[::-1] if backward else shown), len(rows) > limit


def _count(connection: Connection, actor: Actor, tab: Tab) -> int:
    shape = Shape(tab=tab, sort=Sort.DUE, roles=len(actor.role_keys))
    values = _values(actor) | {"limit": COUNTED}
    return connection.scalar(count_statement(shape), {k: values[k] for k in shape.needs}) or 0


def _values(actor: Actor) -> dict[str, Any]:
    roles = {f"role_{place}": key for place, key in enumerate(actor.role_keys)}
    return {"me": actor.person, "office": actor.office, "roles": list(actor.role_keys)} | roles


def _searched(found: Found | None) -> dict[str, Any]:
    if found is None:
        return {}
    words = {f"word_{place}": f"%{word}%" for place, word in enumerate(found.words)}
    return {"cases": list(found.cases), "names": list(found.names)} | words


def _process_id(connection: Connection, actor: Actor, key: str) -> UUID | None:
    """Find the SOP of the filter; an unknown one has no tasks."""
    if not key:
        return None
    return connection.scalar(
        select(process.c.id).where(process.c.office == actor.office, process.c.key == key)
    )


def _span(engine: Engine, actor: Actor, wanted: Due) -> dict[str, datetime]:
    """Give the due times a filter asks for, the first included; days end at midnight in the office."""
    now = engine.clock.now()
    calendar = engine.calendar_of(actor.office)
    today = calendar.local(now).date()
    ends = {
        Due.ANY: (EPOCH, FAR),
        Due.LATE: (EPOCH, now),
        Due.TODAY: (now, _midnight(calendar, now, 1)),
        Due.WEEK: (now, _midnight(calendar, now, 7 - today.weekday())),
        Due.NONE: (NO_DUE, FAR),
    }
    since, until = ends[wanted]
    return {"since": since, "until": until}


def _midnight(calendar: WorkCalendar, now: datetime, days: int) -> datetime:
    local = calendar.local(now)
    day = local.date() + timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=local.tzinfo)


def _row(engine: Engine, actor: Actor, row: RowMapping) -> InboxRow:
    task = read_task(row)
    step = engine.versions.get(task.version).definition.step(task.element)
    return InboxRow(
        task=task,
        case_number=row["case_number"],
        case_title=row["case_title"],
        trial=bool(row["trial"]),
        holder=post_and_name(row["holder_name"] or "", row["holder_post"] or ""),
        preparer=post_and_name(row["preparer_name"] or "", row["preparer_post"] or ""),
        draft_saved_at=row["draft_saved_at"],
        waits_to_start=(
            task.clock_started_at is None
            and step.clock is ClockStart.STARTED
            and step.standard_time is not None
        ),
        act=_act(task, actor),
    )


def _act(task: Task, actor: Actor) -> str:
    if task.state is not TaskState.OPEN:
        return "look"
    if can_work(task, actor):
        return "claim" if task.assignee is None else "go-on"
    return "prepare" if task.prepared_by is not None and task.prepared_by == actor.person else "look"
