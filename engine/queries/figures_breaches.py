"""A statement per class of deviations; all give the same columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal_column, or_, select

from engine.errors import Sentence, say
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.queries.figures_asked import during, of_cases, of_steps, of_version, version_then
from engine.queries.figures_completed import completed
from engine.queries.figures_shapes import NO_NUMBER, NO_TEXT, NO_TIME, NOBODY, Reading, of_events, of_tasks
from engine.queries.figures_steps import Doer
from engine.queries.late_rows import is_late
from engine.storage.events import to_json
from engine.storage.tables import (
    acknowledgement,
    event,
    instance,
    person,
    process_version,
    role,
    role_assignment,
    task,
)

# As the acts on a case refuse whom the role keeps from them.
REFUSED_FOR_ROLE: tuple[Sentence, ...] = (
    say("This task is for another role. You can read it, but not do it."),
    say("Only who holds this task by role can do that."),
    say("Only a process owner or an administrator can cancel a case."),
    say("Only an administrator can do that."),
)
_DAY = timedelta(days=1)
_GROUP = 200  # conditions


def late(reading: Reading) -> Select[Any]:
    """Find steps completed after their due time, and those that are open beyond one of the period."""
    scope = reading.scope
    done = and_(*completed(scope, reading.replaced), is_late(task.c.due_at, task.c.completed_at))
    at = func.coalesce(task.c.completed_at, task.c.due_at)
    both = done if scope.asked.unit else or_(done, _still(reading))  # a unit is that of who completed a step
    return of_tasks(scope, [both], doer=task.c.assignee, at=at)


def _still(reading: Reading) -> ColumnElement[bool]:
    return and_(
        task.c.state == TaskState.OPEN.value,
        is_late(task.c.due_at, reading.now),
        during(reading.scope, task.c.due_at),
        *of_steps(reading.scope),
    )


def still_late(reading: Reading) -> Counter[str]:
    """Count by element the steps that are open beyond a due time of the period, by the inbox's indexes."""
    scope, found = reading.scope, Counter[str]()
    if scope.asked.unit:  # as in ``late``
        return found
    # What an auditor's letters cover is asked of the case, for the few tasks that the index found.
    seen = [exists().where(instance.c.id == task.c.instance, *scope.seen)] if scope.seen else []
    roles = [scope.asked.role] if scope.asked.role else [key for key, _label in scope.roles]
    for held in ("IS NULL", "IS NOT NULL"):
        rows = reading.connection.execute(
            select(task.c.element, func.count().label("often"))
            .where(
                literal_column("task.state = 'open'"),
                literal_column(f"task.assignee {held}"),
                task.c.office == scope.office,
                task.c.role.in_(roles),
                task.c.process == scope.process,
                is_late(task.c.due_key, min(reading.now, scope.ends)),
                task.c.due_key >= scope.begins,
                *seen,
                *of_version(scope, task.c.version),
            )
            .group_by(task.c.element)
        )
        for row in rows:
            found[row.element] += row.often
    return found


def delegated(reading: Reading) -> Select[Any]:
    """Find steps that were handed on, or that another one prepared."""
    by_another = or_(task.c.delegated_by.is_not(None), task.c.prepared_by.is_not(None))
    other = func.coalesce(task.c.delegated_by, task.c.prepared_by)
    return of_tasks(reading.scope, [*completed(reading.scope, reading.replaced), by_another], other=other)


def unread(reading: Reading) -> Select[Any] | None:
    """Find steps done by an approved version, since it is in force, by who had not read what it changed."""
    rows = reading.connection.execute(
        select(
            process_version.c.id,
            process_version.c.author,
            process_version.c.approver,
            process_version.c.approved_at,
            process_version.c.effective_from,
            process_version.c.reinstated_on,
            process_version.c.reinstated_at,
        ).where(
            process_version.c.process == reading.scope.process,
            process_version.c.approved_at.is_not(None),
            process_version.c.effective_from.is_not(None),
        )
    ).all()
    if not rows:
        return None
    by = version_then(reading.scope, task.c.completed_at)
    asked = [_asked_to_read(row, by, reading.zone) for row in rows]
    has_read = and_(
        acknowledgement.c.version == by,
        acknowledgement.c.person == task.c.completed_by,
        acknowledgement.c.at <= task.c.completed_at,
    )
    conditions = [*completed(reading.scope, reading.replaced), or_(*asked), acknowledgement.c.at.is_(None)]
    return of_tasks(reading.scope, conditions, joined=(acknowledgement, has_read))


def _asked_to_read(row: Any, by: ColumnElement[Any], zone: ZoneInfo) -> ColumnElement[bool]:  # noqa: ANN401 - a row of ``unread``
    """Tell of a task whether it was done by a version that its doer was asked to read about.

    Who wrote or approved it knows what changed. Of a version that is in force again only the time before it
    was replaced is left out: who had read it then is not asked twice here.
    """
    since = max(row.approved_at, _midnight(row.effective_from, zone))
    known = [one for one in (row.author, row.approver) if one is not None]
    others = [task.c.completed_by.not_in(known)] if known else []
    return and_(by == row.id, task.c.completed_at >= since, *others)


def cancelled(reading: Reading) -> Select[Any]:
    """Find cases that were cancelled in the period; what they say is the reason itself."""
    scope = reading.scope
    return select(
        instance.c.id.label("case"),
        instance.c.number,
        instance.c.title,
        instance.c.version,
        NO_TEXT.label("element"),
        NO_NUMBER.label("round"),
        NOBODY.label("person"),
        NOBODY.label("other"),
        instance.c.ended_at.label("at"),
        NO_TIME.label("due_at"),
        NOBODY.label("attempt"),
        instance.c.last_seq.label("seq"),
        instance.c.cancel_reason.label("payload"),
    ).where(
        *of_cases(scope),
        *of_version(scope, instance.c.version),
        instance.c.status == InstanceStatus.CANCELLED.value,
        during(scope, instance.c.ended_at),
    )


def corrected(reading: Reading) -> Select[Any]:
    """Find what was corrected after a step was finished, or so that a step could go on."""
    return of_events(reading, [EventKind.TASK_AMENDED, EventKind.INCIDENT_CORRECTED])


def moved(reading: Reading) -> Select[Any]:
    """Find cases that were moved to another version, and moves that were taken back."""
    return of_events(reading, [EventKind.CASE_MOVED, EventKind.MOVE_UNDONE])


def refused(reading: Reading) -> Select[Any]:
    """Find attempts that were refused because they were another role's."""
    # What is written of a refusal is not packed, and none of these sentences has a wildcard of LIKE in it.
    why = or_(*(event.c.payload.like(f'%"why":{to_json(one.template)}%') for one in REFUSED_FOR_ROLE))
    return of_events(reading, [EventKind.ATTEMPT_REFUSED], why)


def not_held(reading: Reading) -> Select[Any] | None:
    """Find steps that nobody lent, done by who held their role on no assignment of that day.

    An assignment as Plt. or Plh. is one. The pairs of role and person are looked at first: they are few.
    """
    scope = reading.scope
    conditions = [*completed(scope, reading.replaced), task.c.delegated_by.is_(None)]
    rows = reading.connection.execute(
        select(
            task.c.role,
            task.c.completed_by,
            func.min(task.c.completed_at).label("first"),
            func.max(task.c.completed_at).label("last"),
        )
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .outerjoin(person, person.c.id == task.c.completed_by)
        .where(*of_cases(scope), *conditions, task.c.completed_by.is_not(None))
        .group_by(task.c.role, task.c.completed_by)
    )
    doers = [Doer(role=row.role, person=row.completed_by, first=row.first, last=row.last) for row in rows]
    return not_held_by(reading, doers)


def not_held_by(reading: Reading, doers: Iterable[Doer]) -> Select[Any] | None:
    """Find what these did of roles outside the days on which they held them; None where there is nothing."""
    terms, outside = _terms(reading), []
    for one in doers:
        held = terms.get((one.role, one.person), [])
        if any(begins <= one.first and one.last < ends for begins, ends in held):
            continue
        within = [and_(task.c.completed_at >= begins, task.c.completed_at < ends) for begins, ends in held]
        whose = and_(task.c.role == one.role, task.c.completed_by == one.person)
        outside.append(and_(whose, ~or_(*within)) if within else whose)
    if not outside:
        return None
    lent = task.c.delegated_by.is_(None)
    return of_tasks(reading.scope, [*completed(reading.scope, reading.replaced), lent, _any(outside)])


def _any(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Say that one of them holds, in groups: SQLite goes no deeper than a thousand of ``OR`` in a row."""
    starts = range(0, len(conditions), _GROUP)
    groups = [or_(*conditions[start : start + _GROUP]) for start in starts]
    return or_(*(func.coalesce(one, false()) for one in groups))  # bare groups would be made one again


def _terms(reading: Reading) -> dict[tuple[str, UUID], list[tuple[datetime, datetime]]]:
    """Read who held which role from when to when."""
    rows = reading.connection.execute(
        select(role.c.key, role_assignment.c.person, role_assignment.c.since, role_assignment.c.until)
        .join(role, role.c.id == role_assignment.c.role)
        .where(role_assignment.c.office == reading.scope.office)
    )
    found: dict[tuple[str, UUID], list[tuple[datetime, datetime]]] = {}
    for row in rows:
        until = (
            datetime.max.replace(tzinfo=UTC)
            if row.until is None
            else _midnight(row.until + _DAY, reading.zone)
        )
        found.setdefault((row.key, row.person), []).append((_midnight(row.since, reading.zone), until))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
