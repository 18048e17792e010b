"""Reviews of SOPs that fell due, and the cases in which they are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.instance import VersionState
from engine.model.permission import RoleKind
from engine.model.review_due import Due, ReviewKind
from engine.storage.tables import periodic_review, person, process, process_version, role, role_assignment


@dataclass(frozen=True, kw_only=True)
class InForce:
    """An SOP with its version in force."""

    office: UUID
    process: UUID
    key: str
    name: str
    version: UUID
    number: int
    effective_from: date | None
    deployed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The SOP that a case reviews."""

    key: str
    name: str
    kind: ReviewKind
    due_on: date


def in_force(connection: Connection) -> list[InForce]:
    """Read every SOP that has a version in force."""
    rows = connection.execute(
        select(
            process.c.office,
            process.c.id.label("process"),
            process.c.key,
            process.c.name,
            process_version.c.id.label("version"),
            process_version.c.number,
            process_version.c.effective_from,
            process_version.c.deployed_at,
        )
        .join(process_version, process_version.c.process == process.c.id)
        .where(process_version.c.state == VersionState.IN_FORCE)
        .order_by(process.c.id)
    )
    return [InForce(**row) for row in rows.mappings()]


def is_begun(connection: Connection, process_id: UUID, due: Due) -> bool:
    """Tell whether a review has its case."""
    found = select(periodic_review.c.instance).where(
        periodic_review.c.process == process_id,
        periodic_review.c.kind == due.kind,
        periodic_review.c.due_on == due.on,
    )
    return connection.scalar(found) is not None


def take(connection: Connection, process_id: UUID, due: Due, case: UUID) -> bool:
    """Let a case be a review; False where another one is."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(periodic_review).values(
        process=process_id, kind=due.kind, due_on=due.on, instance=case
    )
    written = statement.on_conflict_do_nothing().returning(periodic_review.c.instance)
    return connection.scalar(written) is not None


def reviewed(connection: Connection, case: UUID) -> Reviewed | None:
    """Find the SOP that a case reviews."""
    row = connection.execute(
        select(process.c.key, process.c.name, periodic_review.c.kind, periodic_review.c.due_on)
        .join(process, process.c.id == periodic_review.c.process)
        .where(periodic_review.c.instance == case)
    ).one_or_none()
    if row is None:
        return None
    return Reviewed(key=row.key, name=row.name, kind=ReviewKind(row.kind), due_on=row.due_on)


def an_owner(connection: Connection, office_id: UUID, day: date) -> UUID | None:
    """Find who owns the SOPs of an office on a day; of several, who holds that role for longest."""
    found = (
        select(person.c.id)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(
            role.c.office == office_id,
            role.c.kind == RoleKind.OWNER,
            person.c.active,
            role_assignment.c.since <= day,
            role_assignment.c.until.is_(None) | (role_assignment.c.until >= day),
        )
        .order_by(role_assignment.c.since, role_assignment.c.id)
    )
    return connection.scalar(found.limit(1))
