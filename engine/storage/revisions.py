"""Versions on their way into force: their standing, trials, comments of the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from engine.model.instance import VersionState
from engine.model.revision import Standing
from engine.storage.tables import process, process_version, review_comment, trial_member

_STANDING = select(
    process_version.c.id,
    process_version.c.process,
    process.c.key,
    process_version.c.number,
    process_version.c.state,
    process_version.c.digest,
    process_version.c.author,
    process_version.c.approver,
    process_version.c.effective_from,
    process_version.c.reinstated_on,
    process_version.c.reinstated_at,
).join(process, process.c.id == process_version.c.process)


def standing(connection: Connection, office_id: UUID, key: str, number: int) -> Standing | None:
    """Read where a version of an office's SOP is in its life."""
    row = connection.execute(
        _STANDING.where(
            process.c.office == office_id, process.c.key == key, process_version.c.number == number
        )
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _read(found)


def overtaken_by(connection: Connection, version: UUID) -> int | None:
    """Find the last revision that makes a returned one old: drafted from it, or approved after it."""
    mine, later = process_version.alias("mine"), process_version
    stands = later.c.state.in_((VersionState.APPROVED, VersionState.IN_FORCE))
    found: int | None = connection.scalar(
        select(func.max(later.c.number))
        .join(mine, (mine.c.process == later.c.process) & (mine.c.number < later.c.number))
        .where(mine.c.id == version, mine.c.state == VersionState.RETURNED)
        .where(stands | ((later.c.base == mine.c.id) & (later.c.state != VersionState.WITHDRAWN)))
    )
    return found


def hold_state(connection: Connection, version: UUID) -> None:
    """Let nobody change the state of a version until this is written; others may do the same meanwhile."""
    connection.execute(
        select(process_version.c.id).where(process_version.c.id == version).with_for_update(read=True)
    )


def with_state(found: Standing, state: VersionState) -> Standing:
    """Give the standing after a change of state in the same transaction."""
    return replace(found, state=state)


def due(connection: Connection, day: date) -> list[tuple[UUID, Standing, date]]:
    """Find approved versions whose day has come by a day, the earliest first: (office, standing, its day)."""
    rows = connection.execute(
        _STANDING.add_columns(process.c.office)
        .where(process_version.c.state == VersionState.APPROVED, process_version.c.effective_from <= day)
        .order_by(process_version.c.effective_from, process_version.c.number)
    )
    return [(row["office"], _read(row), row["effective_from"]) for row in rows.mappings()]


def set_trial(
    connection: Connection, version: UUID, team: tuple[UUID, ...], until: date | None, most: int | None
) -> None:
    """Write who may try a version, until when and how often."""
    connection.execute(
        update(process_version)
        .where(process_version.c.id == version)
        .values(trial_until=until, trial_cases=most, trial_team=bool(team))
    )
    connection.execute(delete(trial_member).where(trial_member.c.version == version))
    if team:
        rows = [{"version": version, "person": one} for one in dict.fromkeys(team)]
        connection.execute(insert(trial_member), rows)


def add_comment(connection: Connection, **columns: Any) -> None:
    """Write a comment of a review."""
    connection.execute(insert(review_comment).values(**columns))


def settle_comment(connection: Connection, comment_id: UUID, **columns: Any) -> bool:
    """Settle a comment that is open; tells whether it was."""
    changed = connection.execute(
        update(review_comment)
        .where(review_comment.c.id == comment_id, review_comment.c.resolved_at.is_(None))
        .values(**columns)
    )
    return changed.rowcount == 1


def version_of_comment(connection: Connection, comment_id: UUID) -> UUID | None:
    """Find the version a comment is about."""
    return connection.scalar(select(review_comment.c.version).where(review_comment.c.id == comment_id))


def open_comments(connection: Connection, version: UUID) -> int:
    """Count the comments of a review that nobody settled."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(review_comment)
            .where(review_comment.c.version == version, review_comment.c.resolved_at.is_(None))
        )
        or 0
    )


def _read(row: RowMapping) -> Standing:
    return Standing(
        id=row["id"],
        process=row["process"],
        key=row["key"],
        number=row["number"],
        state=VersionState(row["state"]),
        digest=row["digest"],
        author=row["author"],
        approver=row["approver"],
        effective_from=row["effective_from"],
        reinstated_on=row["reinstated_on"],
        reinstated_at=row["reinstated_at"],
    )
