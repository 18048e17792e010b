"""Who has read what a version changed, and what is unread.

Asked of whoever is not its author or approver, about the version in force, if it came into force by an
approval: what an operator deployed replaced nothing that anybody had worked by. Of a version that is in
force again it is asked once more: who had read it has worked by another one since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    exists,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.instance import VersionState
from engine.model.revision import Acknowledging
from engine.storage.tables import acknowledgement, process, process_version

# Written out: a parameter could not be told from other states when the statement is planned.
_IN_FORCE: ColumnElement[str] = literal_column(f"'{VersionState.IN_FORCE}'")


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A version in force that somebody has not read."""

    version: UUID
    key: str
    name: str
    number: int
    policy: Acknowledging


def is_unread(version: Any, person: ColumnElement[Any]) -> ColumnElement[bool]:  # noqa: ANN401 - the table or an alias of it
    """Tell whether a version is in force and somebody has not read what it changed."""
    read = exists().where(
        acknowledgement.c.version == version.c.id,
        acknowledgement.c.person == person,
        or_(version.c.reinstated_at.is_(None), acknowledgement.c.at >= version.c.reinstated_at),
    )
    return and_(
        version.c.state == _IN_FORCE,
        version.c.approved_at.is_not(None),
        or_(version.c.author.is_(None), version.c.author != person),
        version.c.approver != person,
        ~read,
    )


def unread_version(
    of_process: ColumnElement[Any], person: ColumnElement[Any], *policies: Acknowledging
) -> ScalarSelect[UUID]:
    """Give the unread version of a process under one of some policies, within another statement."""
    version, sop = process_version.alias("unread_version"), process.alias("unread_process")
    return (
        select(version.c.id)
        .join(sop, sop.c.id == version.c.process)
        .where(
            version.c.process == of_process,
            sop.c.acknowledgement.in_([literal_column(f"'{one}'") for one in policies]),
            is_unread(version, person),
        )
        .limit(1)
        .scalar_subquery()
    )


def unread(connection: Connection, version: UUID) -> Unread:
    """Name a version that is unread, as it is told."""
    row = connection.execute(
        select(process.c.key, process.c.name, process.c.acknowledgement, process_version.c.number)
        .join(process_version, process_version.c.process == process.c.id)
        .where(process_version.c.id == version)
    ).one()
    policy = Acknowledging(row.acknowledgement)
    return Unread(version=version, key=row.key, name=row.name, number=row.number, policy=policy)


def is_read(version: UUID, again: datetime | None) -> ColumnElement[bool]:
    """Pick what counts as read of a version, which is in force again since an instant."""
    since = true() if again is None else acknowledgement.c.at >= again
    return and_(acknowledgement.c.version == version, since)


def read_at(
    connection: Connection, version: UUID, person: UUID, *, again: datetime | None
) -> datetime | None:
    """Give when somebody said that they have read a version."""
    return connection.scalar(
        select(acknowledgement.c.at).where(is_read(version, again), acknowledgement.c.person == person)
    )


def add(
    connection: Connection, version: UUID, person: UUID, now: datetime, *, again: datetime | None
) -> bool:
    """Note that somebody has read a version; False where that was noted before, and counts."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(acknowledgement).values(version=version, person=person, at=now)
    if again is None:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(
            index_elements=acknowledgement.primary_key.columns,
            set_={"at": now},
            where=acknowledgement.c.at < again,
        )
    return connection.scalar(statement.returning(acknowledgement.c.person)) is not None


def policy_of(connection: Connection, process_id: UUID) -> Acknowledging:
    """Read what becomes of those who have not read."""
    found = select(process.c.acknowledgement).where(process.c.id == process_id)
    return Acknowledging(connection.execute(found).scalar_one())


def set_policy(connection: Connection, process_id: UUID, policy: Acknowledging) -> None:
    """Write what becomes of those who have not read."""
    connection.execute(update(process).where(process.c.id == process_id).values(acknowledgement=policy))
