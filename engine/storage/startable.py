"""Which versions of an SOP cases can be started on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, ScalarSelect, func, or_, select

from engine.model.instance import VersionState
from engine.storage.tables import instance, moved, process_version, trial_member


@dataclass(frozen=True, kw_only=True)
class Startable:
    """A version that a case can be started on."""

    id: UUID
    number: int
    state: VersionState  # in force or trial
    submitted: bool  # by a process owner; False: deployed by an operator

    @property
    def is_trial(self) -> bool:
        """Tell whether its cases are marked as a trial's."""
        return self.submitted and self.state is VersionState.TRIAL


def startable(
    connection: Connection, process_id: UUID, day: date, person: UUID | None = None
) -> tuple[Startable, ...]:
    """Find the versions that new cases of a person may use on a day of the office.

    The one in force comes first: an approved one is so from its day on, whether or not anybody has written
    that yet. Then trials that are neither over nor full, and that the person may use, the newest first:
    those an operator deployed for everybody, then those that were submitted for a trial.
    """
    version = process_version.c
    rows = (
        connection.execute(
            select(
                version.id,
                version.number,
                version.state,
                version.effective_from,
                version.author,
                version.trial_until,
                version.trial_cases,
                or_(~version.trial_team, _in_team(person)).label("may_try"),
                _tried().label("tried"),
            )
            .where(
                version.process == process_id,
                version.state.in_([VersionState.TRIAL, VersionState.APPROVED, VersionState.IN_FORCE]),
            )
            .order_by(version.number.desc())
        )
        .mappings()
        .all()
    )
    valid = [
        row for row in rows if row["state"] != VersionState.TRIAL and (row["effective_from"] or day) <= day
    ]
    valid.sort(key=lambda row: (row["effective_from"] or date.min, row["number"]))
    found = [_startable(row, VersionState.IN_FORCE) for row in valid[-1:]]
    for row in sorted(rows, key=lambda row: row["author"] is not None):
        over = row["trial_until"] is not None and row["trial_until"] < day
        full = row["trial_cases"] is not None and row["tried"] >= row["trial_cases"]
        if row["state"] == VersionState.TRIAL and row["may_try"] and not over and not full:
            found.append(_startable(row, VersionState.TRIAL))
    return tuple(found)


def worked_by(connection: Connection, process_id: UUID, day: date) -> Startable | None:
    """Find what the office works by: the version in force, else what an operator deployed last."""
    return next(iter(_worked_by(startable(connection, process_id, day))), None)


def _worked_by(several: tuple[Startable, ...]) -> list[Startable]:
    in_force = [one for one in several if one.state is VersionState.IN_FORCE]
    return in_force or [one for one in several if not one.submitted]


def takes_open_cases(
    connection: Connection, process_id: UUID, version: UUID, day: date, *, on_trial: bool
) -> bool:
    """Tell whether open cases may be moved to a version, those that are a trial's (``on_trial``) or others.

    All of them to what the office works by: the one in force, else what an operator deployed. To what was
    submitted for a trial only those of a trial: nobody has approved it for the others.
    """
    if version in {one.id for one in _worked_by(startable(connection, process_id, day))}:
        return True
    tried = select(process_version.c.id).where(
        process_version.c.id == version,
        process_version.c.state == VersionState.TRIAL,
        process_version.c.author.is_not(None),
    )
    return on_trial and connection.scalar(tried) is not None


def _startable(row: RowMapping, state: VersionState) -> Startable:
    return Startable(id=row["id"], number=row["number"], state=state, submitted=row["author"] is not None)


def _in_team(person: UUID | None) -> ColumnElement[bool]:
    return (
        select(trial_member.c.person)
        .where(trial_member.c.version == process_version.c.id, trial_member.c.person == person)
        .exists()
    )


def _tried() -> ScalarSelect[int]:
    """Count cases begun in a trial, not those moved to it; only small ones that have a limit are asked."""
    came = (
        select(moved.c.instance)
        .where(
            moved.c.instance == instance.c.id,
            moved.c.to_version == process_version.c.id,
            moved.c.seq.is_not(None),
            moved.c.undone_at.is_(None),
        )
        .exists()
    )
    return (
        select(func.count())
        .select_from(instance)
        .where(
            process_version.c.trial_cases.is_not(None),
            instance.c.process == process_version.c.process,
            instance.c.version == process_version.c.id,
            ~came,
        )
        .scalar_subquery()
    )
