"""The content of a draft replaced as a whole, by compare-and-set; what it was before can be got back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.actions.process_drafts import DraftMoved, must_fit, must_revise, open_draft, parts_of
from engine.bpmn.subject import subject_of
from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.process_draft import ProcessDraft, Replacing
from engine.storage import draft_contents, events, process_drafts
from engine.storage.events import Line
from engine.storage.transaction import Connection
from engine.xml_guard import read_tree


def replace_content(  # noqa: PLR0913 - a replacement has this many facts
    engine: Engine,
    connection: Connection,
    actor: Actor,
    draft: ProcessDraft,
    columns: Mapping[str, object],
    *,
    why: Replacing,
    file: str = "",
    about: Mapping[str, object] | None = None,
    kind: EventKind = EventKind.PROCESS_DRAFT_SAVED,
) -> None:
    """Write what takes the place of a draft's content, in the transaction that read it.

    Refused where the diagram, however it came about, cannot be read as one that is uploaded, or where
    all together is more than a draft holds.
    """
    if "bpmn" in columns:
        read_tree(str(columns["bpmn"]).encode())
    must_fit({**parts_of(draft), **columns})
    now = engine.clock.now()
    was = subject_of(draft.bpmn.encode())
    draft_contents.keep(connection, draft, why, file, title=was.title, steps=was.steps)
    if not process_drafts.save(
        connection, draft.id, draft.revision, **columns, saved_by=actor.person, saved_at=now
    ):
        raise DraftMoved(draft)
    process_drafts.note_author(connection, draft.id, actor.person)
    payload = {"draft": draft.id.hex, "revision": draft.revision + 1, "why": why.value, **(about or {})}
    line = Line(kind=kind, payload=payload)
    events.append(connection, Scope.LIBRARY, draft.process, actor, now, [line])


def draft_at(connection: Connection, actor: Actor, draft_id: UUID, revision: int) -> ProcessDraft:
    """Read an open draft that is still as somebody saw it; DraftMoved where it is not."""
    draft = open_draft(connection, actor, draft_id)
    if draft.revision != revision:
        raise DraftMoved(draft)
    return draft


def restore_content(engine: Engine, actor: Actor, draft_id: UUID, revision: int, kept: int) -> None:
    """Bring back what the draft was at an earlier revision; what it is now is kept in turn."""
    must_revise(actor)
    with engine.store.transaction() as connection:
        draft = draft_at(connection, actor, draft_id, revision)
        before = draft_contents.at_revision(connection, draft.id, kept)
        if before is None:
            raise NotFound(say("This earlier content of the draft is not kept any more."))
        columns = {
            "bpmn": before.bpmn,
            "forms": before.forms,
            "decisions": before.decisions,
            "notes": before.notes,
        }
        about = {"restored": kept}
        replace_content(engine, connection, actor, draft, columns, why=Replacing.RESTORED, about=about)
