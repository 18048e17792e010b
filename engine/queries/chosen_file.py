"""A file that was chosen in a form and waits with its draft."""

from __future__ import annotations

from uuid import UUID

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.task import can_draft
from engine.queries.task_documents import BlobRow
from engine.queries.tasks_seen import see_task
from engine.storage import documents, drafts
from engine.storage.drafts import staged_files


def chosen_file(engine: Engine, actor: Actor, task_id: UUID, blob: UUID) -> BlobRow:
    """Read a file of the draft the actor sees (one's own, or the preparer's); NotFound for any other."""
    with engine.store.reading() as connection:
        task = see_task(connection, actor, task_id).task
        seen = drafts.seen_by(drafts.of_task(connection, task_id), task, actor.person)
        if not can_draft(task, actor):  # too late: what one chose oneself stays one's own
            seen = [one for one in seen if one.person == actor.person]
        staged = staged_files(seen)
        if not any(blob.hex in ids for ids in staged.values()):
            raise NotFound(say("This document does not exist, or it is not for your role."))
        return documents.blobs(connection, [blob])[blob]
