"""Open drafts of an SOP, found for those who revise."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.permission import Permission
from engine.storage.tables import process, process_draft

NOT_FOUND = say("This does not exist, or it is not for your role.")


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """A draft that is neither submitted nor discarded."""

    process: UUID
    name: str  # of the SOP
    revision: int


def must_revise(actor: Actor) -> None:
    """Refuse everybody but process owners; for others there is nothing to be seen."""
    if not actor.may(Permission.REVISE):
        raise NotFound(NOT_FOUND)


def open_draft(connection: Connection, actor: Actor, key: str, draft_id: UUID) -> OpenDraft:
    """Find an open draft of the actor's office."""
    row = connection.execute(
        select(process.c.id, process.c.name, process_draft.c.revision)
        .join(process, process.c.id == process_draft.c.process)
        .where(
            process_draft.c.id == draft_id,
            process_draft.c.office == actor.office,
            process.c.key == key,
            process_draft.c.state == "open",
        )
    ).one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    return OpenDraft(process=row.id, name=row.name, revision=row.revision)
