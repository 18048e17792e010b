"""What was last submitted at a step, from the record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from engine.model.event import EventKind
from engine.storage.tables import event

Values = Mapping[str, Any]
Place = tuple[str, int]  # element and round
# A correction says what it left, as a completion does.
_TELLING = (EventKind.TASK_COMPLETED.value, EventKind.TASK_AMENDED.value)


def submissions(connection: Connection, case: UUID, places: Iterable[Place]) -> dict[Place, Values]:
    """Read what was last submitted at elements in rounds; what was erased is missing."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    one_of = or_(*(and_(event.c.element == element, event.c.round == round_) for element, round_ in wanted))
    rows = connection.execute(
        select(event.c.element, event.c.round, event.c.payload)
        .where(event.c.stream == case, event.c.kind.in_(_TELLING), one_of)
        .order_by(event.c.seq)
    )
    return {(row.element, row.round): json.loads(row.payload).get("data", {}) for row in rows if row.payload}
