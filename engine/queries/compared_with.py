"""What a version or a draft is compared with: what people work by, and what was returned before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.instance import VersionState
from engine.queries.library_versions import VersionRow
from engine.storage.startable import Startable, worked_by
from engine.storage.versions import find_process

_When = tuple[date, datetime, bool, int]
_OVER = (VersionState.RETURNED, VersionState.WITHDRAWN)
_HAD_ITS_DAY = (VersionState.IN_FORCE, VersionState.SUPERSEDED)


@dataclass(frozen=True, kw_only=True)
class ComparedWith:
    """Versions that something is compared with, by their numbers; None where there is none.

    ``usual`` is what people work by, or worked by before; where they never did, what the draft began with.
    Of what is in force again it is what that took the place of last, and ``at_first`` what it came after.
    """

    usual: int | None
    at_first: int | None = None  # where that is another one
    is_worked_by: bool  # now: cases start on it
    returned: int | None  # a former submission of the same work, where it is another one
    is_stale: bool  # it is not made from what people work by


def working(engine: Engine, connection: Connection, actor: Actor, key: str) -> Startable | None:
    """Find the version that people work by today."""
    process = find_process(connection, actor.office, key)
    today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    return None if process is None else worked_by(connection, process, today)


def compared_with(
    now: Startable | None, rows: list[VersionRow], version: VersionRow | None, base: UUID | None
) -> ComparedWith:
    """Say what a version is to be compared with, or a draft (None) that began with ``base``.

    ``now`` is what people work by, ``rows`` are all versions, the newest first.
    """
    began = _began_with(rows, base)
    came = () if version is None else _came(version)
    before = [_worked_by_before(rows, version, since) for since in came]
    works = None if now is None or _replaced(version, now) or _is_over(version, now, before) else now.number
    usual = works or (before[-1] if before else None) or (began[0].number if began else None)
    returned = next((one.number for one in began if _was_refused(one)), None)
    return ComparedWith(
        usual=usual,
        at_first=before[0] if len(before) > 1 and before[0] != usual else None,
        is_worked_by=works is not None,
        returned=None if returned == usual else returned,
        is_stale=works is not None and bool(began) and all(one.number != works for one in began),
    )


def _replaced(version: VersionRow | None, now: Startable) -> bool:
    """Tell whether a version is what people work by, or has been: then it took the place of another one."""
    return version is not None and (version.id == now.id or version.state in _HAD_ITS_DAY)


def _is_over(version: VersionRow | None, now: Startable, before: list[int | None]) -> bool:
    """Tell whether a version was refused or withdrawn, and people have come to work by another one since."""
    over = version is not None and version.state in _OVER
    return over and before[-1] not in {None, now.number}


def _came(version: VersionRow) -> tuple[_When, ...]:
    """Give when a version came into force, and came again; of one that never did, when it was submitted."""
    if version.state in _OVER and not version.was_in_force:
        return ((version.deployed_on, version.deployed_at, False, version.number),)
    return tuple(_came_into_force(version))


def _began_with(rows: list[VersionRow], base: UUID | None) -> list[VersionRow]:
    """Give what a draft was made from, the last one first: back to one that people worked by."""
    by_id = {one.id: one for one in rows}
    found: list[VersionRow] = []
    while base in by_id and not (found and _was_worked_by(found[-1], date.max)):
        found.append(by_id.pop(base))
        base = found[-1].base
    return found


def _worked_by_before(rows: list[VersionRow], version: VersionRow | None, since: _When) -> int | None:
    """Find whose place a version took when it came into force; one may have done so twice."""
    former = [
        when
        for one in rows
        if one is not version and _was_worked_by(one, since[0])
        for when in _came_into_force(one)
        if when < since
    ]
    return max(former)[-1] if former else None


def _came_into_force(one: VersionRow) -> list[_When]:
    """Give the days on which a version came into force, with what orders those of one day.

    That is when it was decided, whether it came again, and the number.
    """
    decided = one.approved_at or one.deployed_at
    found = [(one.effective_from or one.deployed_on, decided, False, one.number)]
    if one.reinstated_on is not None:
        found.append((one.reinstated_on, one.reinstated_at or decided, True, one.number))
    return found


def _was_worked_by(one: VersionRow, until: date) -> bool:
    """Tell of an operator's version, and of one that was approved and in force by a day."""
    if one.author_id is None:
        return True
    by_then = one.state is not VersionState.WITHDRAWN or (one.effective_from or date.max) <= until
    return one.approved_at is not None and one.was_in_force and by_then


def _was_refused(one: VersionRow) -> bool:
    withdrawn = one.state is VersionState.WITHDRAWN and one.approved_at is None
    return one.state is VersionState.RETURNED or withdrawn
