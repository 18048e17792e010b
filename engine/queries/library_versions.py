"""The versions of an SOP: which one counts, who may read them and start cases on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, exists, func, literal_column, or_, select

from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.model.instance import VersionState
from engine.model.permission import Permission
from engine.model.revision import can_return
from engine.queries.version_record import VersionRecord, version_record
from engine.storage.tables import instance, office, person, process, process_version

COUNTED = 100  # where counting open cases stops: shown as "99+"
_NEWEST = 200  # versions that are listed whatever became of them
# Written into the statement, not bound: else the partial index could not be used.
RUNNING: ColumnElement[bool] = literal_column("instance.status = 'running'")
NO_SOP = say("This SOP does not exist, or it is not for your role.")
STARTABLE = (VersionState.IN_FORCE, VersionState.TRIAL)
_HAD_THEIR_DAY = (VersionState.IN_FORCE, VersionState.SUPERSEDED)


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A version in the list of revisions. ``author`` is empty where an operator deployed it."""

    id: UUID
    number: int
    state: VersionState
    deployed_at: datetime
    deployed_on: date  # the same, as the day it was in the office
    effective_from: date | None
    author: str
    digest: str
    reason: str  # why it was returned or withdrawn, or is in force again
    sop_number: str
    approved_at: datetime | None
    approver_post: str  # this and what follows as on that day
    approver_name: str
    approver_nip: str
    has_approval: bool  # a signed paper is kept with it
    trial_until: date | None
    trial_cases: int | None
    base: UUID | None
    author_id: UUID | None  # None: an operator deployed it
    reinstated_on: date | None  # since when it is in force again, after another one had replaced it
    reinstated_at: datetime | None
    reinstated_by: str
    reinstated_why: str  # the last time; kept where it was withdrawn after it
    was_in_force: bool  # or is
    message: str  # of whoever submitted it, to whoever decides

    @property
    def in_force_on(self) -> date | None:
        """Give the day from which it is in force, or was last."""
        return self.reinstated_on or self.effective_from

    @property
    def can_return(self) -> bool:
        """Tell whether it was in force, and another one took its place."""
        return can_return(self.state, self.effective_from)

    @property
    def approver(self) -> str:
        """Name who approved it, as lists do."""
        return self.approver_post or self.approver_name


def must_read(actor: Actor) -> None:
    """Let only those in who may read the library."""
    if not actor.may(Permission.READ_LIBRARY):
        raise NotFound(NO_SOP)


def may_start_cases(actor: Actor, definition: Definition, start: str = "") -> bool:
    """Tell whether the actor holds the role of a first step, or of one behind a certain start.

    Cases that look after SOPs begin by themselves.
    """
    return definition.document.purpose is None and any(
        actor.holds(step.role) for step in definition.first_steps(start)
    )


def has_version(process_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Tell of a process whether it is more than a draft."""
    any_version = process_version.alias()
    return exists().where(any_version.c.process == process_id)


def counting(versions: list[VersionRow]) -> VersionRow:
    """Pick the version that counts: in force, else in trial for everybody, else in trial, else the newest."""
    return min(versions, key=lambda one: (rank(one.state, submitted=one.author_id is not None), -one.number))


def rank(state: VersionState, *, submitted: bool) -> int:
    """Order states by how much they count: in force, in trial (first what an operator deployed), the rest."""
    if state is VersionState.TRIAL:
        return 2 if submitted else 1
    return 0 if state is VersionState.IN_FORCE else 3


def versions_of(
    connection: Connection, actor: Actor, key: str, *numbers: int | None
) -> tuple[str, list[VersionRow]]:
    """Read the name of an SOP of the office and its versions, newest first; NotFound where there is none.

    Of very many the newest, those that count, and those that are asked for by their numbers.
    """
    other = process_version.alias("newer")
    again = person.alias()
    newest = select(func.max(other.c.number)).where(other.c.process == process.c.id).scalar_subquery()
    rows = connection.execute(
        select(
            process.c.name,
            process.c.id.label("process"),
            office.c.zone,
            process_version.c.id,
            process_version.c.number,
            process_version.c.state,
            process_version.c.deployed_at,
            process_version.c.effective_from,
            process_version.c.digest,
            process_version.c.reason,
            process_version.c.sop_number,
            process_version.c.approved_at,
            process_version.c.approver_post,
            process_version.c.approver_name,
            process_version.c.approver_nip,
            process_version.c.approval,
            process_version.c.trial_until,
            process_version.c.trial_cases,
            process_version.c.base,
            process_version.c.author.label("author_id"),
            process_version.c.reinstated_on,
            process_version.c.reinstated_at,
            process_version.c.message,
            again.c.name.label("again_name"),
            again.c.post.label("again_post"),
            person.c.name.label("author_name"),
            person.c.post.label("author_post"),
        )
        .join(process_version, process_version.c.process == process.c.id)
        .join(office, office.c.id == process.c.office)
        .outerjoin(person, person.c.id == process_version.c.author)
        .outerjoin(again, again.c.id == process_version.c.reinstated_by)
        .where(
            process.c.office == actor.office,
            process.c.key == key,
            or_(
                process_version.c.number > newest - _NEWEST,
                process_version.c.state.in_(STARTABLE),
                process_version.c.number.in_([one for one in numbers if one is not None]),
            ),
        )
        .order_by(process_version.c.number.desc())
    ).all()
    if not rows:
        raise NotFound(NO_SOP)
    withdrawn = any(row.state == VersionState.WITHDRAWN and row.approved_at is not None for row in rows)
    record = version_record(connection, rows[0].process) if withdrawn else VersionRecord()
    return rows[0].name, [_version(row, ZoneInfo(row.zone), record) for row in rows]


def _version(row: Any, zone: ZoneInfo, record: VersionRecord) -> VersionRow:  # noqa: ANN401 - a row of ``versions_of``
    state, over = VersionState(row.state), row.state == VersionState.WITHDRAWN
    return VersionRow(
        id=row.id,
        number=row.number,
        state=state,
        deployed_at=row.deployed_at,
        deployed_on=row.deployed_at.astimezone(zone).date(),
        effective_from=row.effective_from,
        author=row.author_post or row.author_name or "",
        digest=row.digest.hex(),
        reason=row.reason,
        sop_number=row.sop_number,
        approved_at=row.approved_at,
        approver_post=row.approver_post,
        approver_name=row.approver_name,
        approver_nip=row.approver_nip,
        has_approval=row.approval is not None,
        trial_until=row.trial_until,
        trial_cases=row.trial_cases,
        base=row.base,
        author_id=row.author_id,
        reinstated_on=row.reinstated_on,
        reinstated_at=row.reinstated_at,
        reinstated_by=row.again_post or row.again_name or "",
        reinstated_why=record.again.get(row.number, "") if over else row.reason if row.reinstated_on else "",
        was_in_force=row.number in record.in_force if over else state in _HAD_THEIR_DAY,
        message=row.message,
    )


def count_running(connection: Connection, process_id: UUID) -> int:
    """Count the running cases of an SOP, no further than COUNTED."""
    some = select(instance.c.id).where(RUNNING, instance.c.process == process_id).limit(COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
