"""Suggestions about steps: written once, answered once by compare-and-set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from engine.model.suggestion import SuggestionState
from engine.storage.tables import process, suggestion


def add(connection: Connection, **columns: Any) -> None:
    """Write a suggestion; it is open."""
    connection.execute(insert(suggestion).values(state=SuggestionState.OPEN, **columns))


def is_there(connection: Connection, suggestion_id: UUID, author: UUID | None) -> bool:
    """Tell whether somebody made this suggestion already."""
    own = suggestion.c.id == suggestion_id, suggestion.c.author == author
    return connection.scalar(select(suggestion.c.id).where(*own)) is not None


def count_open(connection: Connection, process_id: UUID, author: UUID | None = None) -> int:
    """Count what waits for an answer, of everybody or of one person."""
    wanted = [suggestion.c.process == process_id, suggestion.c.state == SuggestionState.OPEN]
    if author is not None:
        wanted.append(suggestion.c.author == author)
    return connection.scalar(select(func.count()).select_from(suggestion).where(*wanted)) or 0


def load(connection: Connection, office_id: UUID, key: str, suggestion_id: UUID) -> RowMapping | None:
    """Read a suggestion about an SOP of an office."""
    return (
        connection.execute(
            select(suggestion)
            .join(process, process.c.id == suggestion.c.process)
            .where(suggestion.c.id == suggestion_id, suggestion.c.office == office_id, process.c.key == key)
        )
        .mappings()
        .one_or_none()
    )


def answer(connection: Connection, suggestion_id: UUID, **columns: Any) -> bool:
    """Answer one that is open; tells whether it was."""
    changed = connection.execute(
        update(suggestion)
        .where(suggestion.c.id == suggestion_id, suggestion.c.state == SuggestionState.OPEN)
        .values(columns)
    )
    return changed.rowcount == 1


def place(connection: Connection, suggestion_id: UUID, draft: UUID | None) -> bool:
    """Note which draft does what a suggestion says, of one that was taken up; tells whether it was."""
    changed = connection.execute(
        update(suggestion)
        .where(suggestion.c.id == suggestion_id, suggestion.c.state == SuggestionState.TAKEN)
        .values(draft=draft)
    )
    return changed.rowcount == 1


def note_seen(connection: Connection, author: UUID, seen: Mapping[UUID, datetime]) -> None:
    """Note up to when somebody has seen what became of their suggestions; never less than before."""
    columns = suggestion.c
    for one, until in seen.items():
        mine = columns.id == one, columns.author == author, columns.answered_at <= until
        before = columns.seen_at.is_(None) | (columns.seen_at < until)
        connection.execute(update(suggestion).where(*mine, before).values(seen_at=until))
