"""What somebody asks of the inbox, and the cursors by which its pages follow each other.

A cursor is the sort key of a row and its id, so that a page begins where the last one ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from engine.ids import parse_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = datetime(9999, 12, 31, tzinfo=UTC)  # after every due time, and after none
_MICROSECOND = timedelta(microseconds=1)


class Tab(StrEnum):
    """The four lists of the inbox."""

    MINE = "mine"  # held by me, prepared by me, or free for my roles
    UNIT = "unit"  # everything open of my roles, whoever holds it
    ASSIGNED = "assigned"  # handed out by me
    DONE = "done"  # completed by me


class Due(StrEnum):
    """When what is shown is due."""

    ANY = ""
    LATE = "late"
    TODAY = "today"
    WEEK = "week"  # from now to the end of Sunday
    NONE = "none"  # no due time, or the clock stands


class Sort(StrEnum):
    """In which order a list stands."""

    DUE = "due"  # of what is done: the last first
    NEWEST = "newest"
    NUMBER = "number"  # of the case


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """What somebody asked to see. ``process`` is an SOP's key; ``after`` and ``before`` are cursors."""

    tab: Tab = Tab.MINE
    text: str = ""
    process: str = ""
    due: Due = Due.ANY
    sort: Sort = Sort.DUE
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether it shows less than the whole tab."""
        return bool(self.text or self.process or self.due is not Due.ANY)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a task stood in the list."""

    task: UUID
    due_at: datetime | None
    number: str  # of its case


def cursor_of(row: RowMapping, wanted: InboxFilter) -> str:
    """Write where a row stands in the list it is in."""
    key = {
        Sort.DUE: row["completed_at"] if wanted.tab is Tab.DONE else row["due_key"],
        Sort.NEWEST: row["completed_at"] if wanted.tab is Tab.DONE else None,
        Sort.NUMBER: row["case_number"],
    }[wanted.sort]
    return cursor_at(key, row["id"])


def cursor_at(key: datetime | str | None, task: UUID) -> str:
    """Write a place in a list: the sort key, then the task."""
    if isinstance(key, datetime):
        key = str((key - EPOCH) // _MICROSECOND)
    return f"{task.hex}.{key or ''}"


def read_cursor(wanted: InboxFilter) -> dict[str, Any] | None:
    """Read a cursor; one that makes no sense begins at the beginning."""
    hexed, _, key = (wanted.after or wanted.before).partition(".")
    task = parse_id(hexed)
    if task is None:
        return None
    if wanted.sort is Sort.NUMBER:
        return {"last": task, "last_key": key}
    if wanted.sort is Sort.NEWEST and wanted.tab is not Tab.DONE:
        return {"last": task}
    if not key.isascii() or not key.isdigit() or int(key) >= (FAR - EPOCH) // _MICROSECOND:
        return None
    return {"last": task, "last_key": EPOCH + int(key) * _MICROSECOND}
