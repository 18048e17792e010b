"""A draft from a file: a diagram, or a package with forms, decisions and notes; and what a file had lost.

A file is looked at before anything of it counts. What it cannot say stays as it was: a diagram alone
leaves the forms alone.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from engine.actions.draft_contents import draft_at, replace_content
from engine.actions.packages import LARGEST_ARCHIVE
from engine.actions.process_drafts import must_revise
from engine.actions.sop_files import SopFile, read_columns
from engine.bpmn.losses import taken_over
from engine.bpmn.other_tools import received
from engine.bpmn.subject import Subject, subject_of
from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.actor import Actor
from engine.model.process_draft import ProcessDraft, Replacing
from engine.queries.draft_losses import references_of
from engine.storage import office
from engine.storage.transaction import Connection

__all__ = ["LARGEST_ARCHIVE", "OtherSop", "SopFile", "take_over", "upload_draft"]


class OtherSop(Conflict):
    """The file is of another SOP than the draft. Nothing was changed; whoever sent it is asked."""

    def __init__(self, file: SopFile, came: Subject, draft: ProcessDraft, now: Subject) -> None:
        """Keep what either says, to be compared."""
        self.file = file
        self.came = came
        self.draft = draft
        self.now = now
        super().__init__(
            say(
                "“%(file)s” holds another SOP: %(came)s. This draft is of %(now)s.",
                file=file.plain_name,
                came=came.title or came.process,
                now=now.title or draft.name,
            )
        )


def upload_draft(
    engine: Engine,
    actor: Actor,
    draft_id: UUID,
    revision: int,
    file: SopFile,
    *,
    wanted: str = "",
) -> None:
    """Let a file take the place of a draft's content; Refused names what cannot be read of it.

    OtherSop where the file is of another SOP, unless it is the very one that somebody was asked about and
    wants all the same: ``wanted`` is the digest of that.
    """
    must_revise(actor)
    with engine.store.reading() as connection:
        columns = columns_of(connection, actor, file)
    came = subject_of(str(columns["bpmn"]).encode())
    with engine.store.transaction() as connection:
        draft = draft_at(connection, actor, draft_id, revision)
        now = subject_of(draft.bpmn.encode())
        about = {"file": file.plain_name}
        if not came.is_called_like(now, draft.name):
            if file.digest != wanted:
                raise OtherSop(file, came, draft, now)
            about["another"] = came.title or came.process
        replace_content(
            engine, connection, actor, draft, columns, why=Replacing.FILE, file=file.plain_name, about=about
        )


def take_over(
    engine: Engine,
    actor: Actor,
    draft_id: UUID,
    revision: int,
    elements: Collection[str],
    files: Collection[str] = (),
) -> None:
    """Take over what elements lost, and files that are gone, from what the draft was before.

    Of files the names are those of a package: ``forms/<key>.json``, ``<name>.dmn``, ``README.md``.
    """
    must_revise(actor)
    with engine.store.transaction() as connection:
        draft = draft_at(connection, actor, draft_id, revision)
        before = references_of(connection, draft)
        content = taken_over(draft.bpmn.encode(), [one.bpmn for one in before], elements)
        forms, decisions, notes = dict(draft.forms), dict(draft.decisions), draft.notes
        for one in before:
            forms |= {key: text for key, text in one.forms.items() if f"forms/{key}.json" in files}
            decisions |= {name: text for name, text in one.decisions.items() if name in files}
            notes = (one.notes or notes) if "README.md" in files else notes
        columns = {"bpmn": content.decode(), "forms": forms, "decisions": decisions, "notes": notes}
        about = {"taken-over": [*sorted(elements), *sorted(files)]}
        replace_content(engine, connection, actor, draft, columns, why=Replacing.TAKEN_OVER, about=about)


def columns_of(connection: Connection, actor: Actor, file: SopFile) -> dict[str, object]:
    """Read a file into the columns of a draft that it has something for."""
    columns = read_columns(file)
    roles = office.role_names(connection, actor.office)
    return columns | {"bpmn": received(str(columns["bpmn"]).encode(), roles).decode()}
