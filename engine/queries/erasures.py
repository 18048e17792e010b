"""What was erased, of cases and of the office's own record: when, by whom, on which letter, how much."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.queries.case_access import visible
from engine.queries.evidence import must_read_record
from engine.storage.tables import event, instance, person
from engine.storage.tables.record import ERASING

MOST = 500
_LOOKED_THROUGH = 100_000
# Written into the statement, not bound: else its index could not be used.
_IS_ERASURE: ColumnElement[bool] = literal_column(f"event.{ERASING}")


@dataclass(frozen=True, kw_only=True)
class ErasureRow:
    """An erasure on record; without a case: of the office's own. ``title``: that of the case went too."""

    case: UUID | None
    number: str
    seq: int
    at: datetime
    by: str  # post, else name
    letter: str
    reason: str
    entries: int
    documents: int
    title: bool


def erasures(engine: Engine, actor: Actor, most: int = MOST) -> list[ErasureRow]:
    """List those of the office's record and of cases that the actor may see, the newest first."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        # The newest of all offices first: that is what the index gives, and a page is a part of it.
        newest = (
            select(event.c.stream, event.c.seq, event.c.at, event.c.actor, event.c.payload)
            .where(_IS_ERASURE)
            .order_by(event.c.at.desc())
            .limit(_LOOKED_THROUGH)
            .subquery()
        )
        rows = connection.execute(
            select(newest, instance.c.id, instance.c.number, person.c.name, person.c.post)
            .outerjoin(instance, instance.c.id == newest.c.stream)
            .outerjoin(person, person.c.id == newest.c.actor)
            .where(or_(newest.c.stream == actor.office, and_(instance.c.id.is_not(None), visible(actor))))
            .order_by(newest.c.at.desc(), newest.c.seq.desc())
            .limit(most)
        ).all()
    found = []
    for row in rows:
        said = json.loads(row.payload) if row.payload else {}
        found.append(
            ErasureRow(
                case=row.id,
                number=row.number or "",
                seq=row.seq,
                at=row.at,
                by=row.post or row.name or "",
                letter=said.get("letter", ""),
                reason=said.get("reason", ""),
                entries=len(said.get("events", ())),
                documents=len(said.get("documents", ())),
                title="begun" in said,
            )
        )
    return found
