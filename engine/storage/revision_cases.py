"""Cases that decide on versions of SOPs: which version a case is about, and which have none yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from engine.model.instance import InstanceStatus, VersionState
from engine.storage.tables import instance, process, process_version


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The version that a case is about."""

    version: UUID
    office: UUID
    process: UUID
    key: str
    name: str
    number: int
    state: VersionState
    author: UUID | None
    approver: UUID | None
    case: UUID | None


_SUBJECT = select(
    process_version.c.id,
    process.c.office,
    process_version.c.process,
    process.c.key,
    process.c.name,
    process_version.c.number,
    process_version.c.state,
    process_version.c.author,
    process_version.c.approver,
    process_version.c.revision_case,
).join(process, process.c.id == process_version.c.process)


def without_case(connection: Connection, version: UUID | None = None) -> list[Subject]:
    """Find versions under review that no case decides on; of one version, or of all."""
    waits = process_version.c.state == VersionState.REVIEW
    found = _SUBJECT.where(waits, process_version.c.revision_case.is_(None))
    if version is not None:
        found = found.where(process_version.c.id == version)
    return [_read(row) for row in connection.execute(found.order_by(process_version.c.id))]


def about(connection: Connection, case: UUID) -> Subject | None:
    """Find the version that a case is about."""
    row = connection.execute(_SUBJECT.where(process_version.c.revision_case == case)).one_or_none()
    return None if row is None else _read(row)


def take(connection: Connection, version: UUID, case: UUID) -> bool:
    """Let a case decide on a version; False where it no longer waits, or another case does."""
    changed = connection.execute(
        update(process_version)
        .where(
            process_version.c.id == version,
            process_version.c.state == VersionState.REVIEW,
            process_version.c.revision_case.is_(None),
        )
        .values(revision_case=case)
    )
    return changed.rowcount == 1


def open_case(connection: Connection, version: UUID) -> tuple[UUID, str] | None:
    """Find the running case that decides on a version: its id and number."""
    return open_cases(connection, {version}).get(version)


def open_cases(connection: Connection, versions: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Find the running cases that decide on versions, by version."""
    rows = connection.execute(
        select(process_version.c.id, instance.c.id.label("case"), instance.c.number)
        .join(instance, process_version.c.revision_case == instance.c.id)
        .where(process_version.c.id.in_(versions), instance.c.status == InstanceStatus.RUNNING)
    )
    return {row.id: (row.case, row.number) for row in rows}


def that_returned(connection: Connection, versions: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Find the running cases that returned versions which were not submitted again: their ids and numbers."""
    rows = connection.execute(
        select(instance.c.id, instance.c.number)
        .join(process_version, process_version.c.revision_case == instance.c.id)
        .where(
            process_version.c.id.in_(versions),
            process_version.c.state == VersionState.RETURNED,
            instance.c.status == InstanceStatus.RUNNING,
        )
        .order_by(instance.c.id)
    )
    return [(row.id, row.number) for row in rows]


def state_of(connection: Connection, version: UUID) -> VersionState:
    """Read where a version is in its life now."""
    found = select(process_version.c.state).where(process_version.c.id == version)
    return VersionState(connection.execute(found).scalar_one())


def processes(connection: Connection, office_id: UUID) -> list[UUID]:
    """Name the SOPs of an office, the oldest first."""
    found = select(process.c.id).where(process.c.office == office_id).order_by(process.c.id)
    return list(connection.scalars(found))


def _read(row: Any) -> Subject:  # noqa: ANN401 - a row of _SUBJECT
    id_, office, process_id, key, name, number, state, author, approver, case = row
    return Subject(
        version=id_,
        office=office,
        process=process_id,
        key=key,
        name=name,
        number=number,
        state=VersionState(state),
        author=author,
        approver=approver,
        case=case,
    )
