"""What is to become of open cases once a draft is in force, as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.tables import move_choice, process_draft


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen; of groups that were not there then nothing is known."""

    groups: Mapping[str, bool]  # whether the cases of a group are to be moved
    mapping: Mapping[str, str]
    chosen_at: datetime


def draft_of(connection: Connection, version: UUID) -> UUID | None:
    """Find the draft that became a version, the last of them; None where an operator deployed it."""
    found = select(process_draft.c.id).where(process_draft.c.version == version)
    return connection.scalar(found.order_by(process_draft.c.id.desc()).limit(1))


def load(connection: Connection, draft: UUID | None) -> Choice | None:
    """Read what was chosen for a draft."""
    row = connection.execute(select(move_choice).where(move_choice.c.draft == draft)).one_or_none()
    if row is None:
        return None
    return Choice(groups=json.loads(row.groups), mapping=json.loads(row.mapping), chosen_at=row.chosen_at)


def save(connection: Connection, draft: UUID, by: UUID, choice: Choice) -> None:
    """Write what was chosen over what was before; the caller holds the SOP."""
    connection.execute(delete(move_choice).where(move_choice.c.draft == draft))
    connection.execute(
        insert(move_choice).values(
            draft=draft,
            groups=Bulky(to_json(choice.groups)),
            mapping=Bulky(to_json(choice.mapping)),
            chosen_by=by,
            chosen_at=choice.chosen_at,
        )
    )
