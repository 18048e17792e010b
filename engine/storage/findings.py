"""Findings of audits as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from engine.model.finding import Elements, FindingState
from engine.storage.tables import finding, finding_case

About = tuple[UUID, int]  # a case, and the number of an event of it; 0 is the case as a whole


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding as the actions need it."""

    id: UUID
    assignment: UUID
    number: int
    revision: int
    state: FindingState
    elements: Elements
    figures: tuple[str, ...]
    prepared_by: UUID
    reviewed_by: UUID | None
    delivered_by: UUID | None
    answered_by: UUID | None
    followed_up_by: UUID | None
    closed_at: datetime | None


_ELEMENTS = tuple(Elements.__dataclass_fields__)


def load(connection: Connection, office_id: UUID, finding_id: UUID) -> Finding | None:
    """Read a finding of an office."""
    row = connection.execute(
        select(finding).where(finding.c.id == finding_id, finding.c.office == office_id)
    ).one_or_none()
    if row is None:
        return None
    return Finding(
        id=row.id,
        assignment=row.assignment,
        number=row.number,
        revision=row.revision,
        state=FindingState(row.state),
        elements=elements_of(row),
        figures=tuple(json.loads(row.figures)),
        prepared_by=row.prepared_by,
        reviewed_by=row.reviewed_by,
        delivered_by=row.delivered_by,
        answered_by=row.answered_by,
        followed_up_by=row.followed_up_by,
        closed_at=row.closed_at,
    )


def elements_of(row: Any) -> Elements:  # noqa: ANN401 - a row of the table
    """Read what a finding consists of."""
    return Elements(**{name: getattr(row, name) for name in _ELEMENTS})


def add(connection: Connection, values: Mapping[str, Any], figures: Sequence[str]) -> int:
    """Insert a draft with the office's next number, which it gives; the caller holds the office."""
    last = connection.scalar(select(func.max(finding.c.number)).where(finding.c.office == values["office"]))
    number = (last or 0) + 1
    connection.execute(
        insert(finding).values(
            number=number,
            revision=1,
            state=FindingState.DRAFT.value,
            figures=json.dumps(list(figures)),
            **values,
        )
    )
    return number


def change(connection: Connection, finding_id: UUID, revision: int, values: Mapping[str, Any]) -> bool:
    """Update a finding that is still as it was read; tells whether it was."""
    done = connection.execute(
        update(finding)
        .where(finding.c.id == finding_id, finding.c.revision == revision)
        .values(revision=revision + 1, **values)
    )
    return done.rowcount == 1


def abouts(connection: Connection, finding_id: UUID) -> tuple[About, ...]:
    """Read which cases and events a finding is about."""
    rows = connection.execute(
        select(finding_case.c.instance, finding_case.c.seq).where(finding_case.c.finding == finding_id)
    )
    return tuple(sorted((row.instance, row.seq) for row in rows))


def put_abouts(connection: Connection, finding_id: UUID, found: Sequence[About]) -> None:
    """Write which cases and events a finding is about."""
    connection.execute(delete(finding_case).where(finding_case.c.finding == finding_id))
    for case, seq in found:
        connection.execute(insert(finding_case).values(finding=finding_id, instance=case, seq=seq))
