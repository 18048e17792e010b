"""All that the office has said to findings, in order: the row of a finding has only what was said last."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, literal_column, select

from engine.model.erasure import ERASED
from engine.model.event import EventKind
from engine.model.finding import FollowUp
from engine.model.naming import post_and_name
from engine.storage.erasing_office import kept_of_erased
from engine.storage.office import names_of
from engine.storage.tables import event
from engine.storage.tables.record import SAID

# Written into the statement, not bound: else its index could not be used.
_IS_SAID: ColumnElement[bool] = literal_column(f"event.{SAID}")
_TEXTS = {EventKind.FINDING_ANSWERED.value: "answer", EventKind.FINDING_FOLLOWED_UP.value: "text"}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """An answer of the office, or how far it has come with what was recommended (``status``)."""

    finding: UUID
    person: UUID
    who: str
    at: datetime
    text: str
    status: FollowUp | None

    @property
    def is_answer(self) -> bool:
        """Tell whether it answers the finding."""
        return self.status is None


def statements(connection: Connection, office: UUID, findings: Collection[UUID]) -> list[Statement]:
    """Read what was said to these findings from the office's record, the oldest first."""
    if not findings:
        return []
    rows = connection.execute(
        select(event.c.seq, event.c.actor, event.c.at, event.c.kind, event.c.payload)
        .where(event.c.stream == office, _IS_SAID)
        .order_by(event.c.seq)
    ).all()
    wanted = {one.hex: one for one in findings}
    erased = kept_of_erased(connection, office) if any(row.payload is None for row in rows) else {}
    told = ((row, json.loads(row.payload) if row.payload else erased.get(row.seq, {})) for row in rows)
    said = [(row, payload) for row, payload in told if payload.get("finding") in wanted]
    names = names_of(connection, {row.actor for row, _payload in said})
    return [
        Statement(
            finding=wanted[payload["finding"]],
            person=row.actor,
            who=post_and_name(*names[row.actor]),
            at=row.at,
            text=payload.get(_TEXTS[row.kind], ERASED),
            status=FollowUp(payload["status"]) if "status" in payload else None,
        )
        for row, payload in said
    ]
