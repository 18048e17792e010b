"""Events behind figures: where in its case something stands on record, and what was said there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, literal_column, select

from engine.model.event import EventKind
from engine.storage.tables import DEVIATING, event

# Without it the index of deviations could not be used.
IS_DEVIATION: ColumnElement[bool] = literal_column(f"event.{DEVIATING}")
_CHUNK = 400  # cases named in one statement


def details(payload: str | None) -> Mapping[str, Any]:
    """Read what an event says; nothing once it was erased."""
    said = json.loads(payload) if payload else {}
    return said if isinstance(said, dict) else {}


def seqs_of(
    connection: Connection, rows: Iterable[Row[Any]], kind: EventKind
) -> dict[tuple[UUID, UUID], int]:
    """Find the events of attempts: (case, attempt) -> its number; rows have ``case`` and ``attempt``."""
    wanted = [(row.case, row.attempt) for row in rows if row.attempt is not None]
    found: dict[tuple[UUID, UUID], int] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        known = connection.execute(
            select(event.c.stream, event.c.attempt, event.c.seq).where(
                event.c.stream.in_({case for case, _attempt in part}),
                event.c.kind == kind.value,
                event.c.attempt.in_({attempt for _case, attempt in part}),
            )
        )
        found |= {(row.stream, row.attempt): row.seq for row in known}
    return found
