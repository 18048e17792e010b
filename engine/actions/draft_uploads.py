"""A draft from a file: a diagram, or a package with forms, decisions and notes; and what a file had lost.

A file is looked at before anything of it counts. What it cannot say stays as it was: a diagram alone
leaves the forms alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from engine.actions.draft_contents import draft_at, replace_content
from engine.actions.packages import LARGEST_ARCHIVE, read_zip
from engine.actions.process_drafts import DraftChange, checked, must_revise
from engine.bpmn.losses import taken_over
from engine.bpmn.other_tools import received
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.process_draft import Replacing
from engine.queries.draft_losses import references_of
from engine.storage import office
from engine.storage.transaction import Connection

__all__ = ["LARGEST_ARCHIVE", "SopFile", "take_over", "upload_draft"]

_ZIP = b"PK\x03\x04"
_LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class SopFile:
    """A file as it came: what it is, its content says, not its name."""

    name: str
    content: bytes

    @property
    def plain_name(self) -> str:
        """Give the last part of the name, without what cannot be shown."""
        last = self.name.replace("\\", "/").rpartition("/")[2]
        return "".join(one for one in last if one.isprintable())[:_LONGEST_NAME]


def upload_draft(engine: Engine, actor: Actor, draft_id: UUID, revision: int, file: SopFile) -> None:
    """Let a file take the place of a draft's content; Refused names what cannot be read of it."""
    must_revise(actor)
    with engine.store.reading() as connection:
        columns = columns_of(connection, actor, file)
    with engine.store.transaction() as connection:
        draft = draft_at(connection, actor, draft_id, revision)
        about = {"file": file.plain_name}
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
    if file.content.startswith(_ZIP):
        package = read_zip(file.content, "package")
        change = DraftChange(
            revision=0,
            bpmn=package.bpmn,
            forms=dict(package.forms),
            decisions=package.decisions,
            notes=package.notes,
        )
    else:
        change = DraftChange(revision=0, bpmn=file.content)
    columns = checked(change)
    if change.decisions is not None:
        columns["forms"] = dict(change.forms)
    text = str(columns["bpmn"])
    columns["bpmn"] = received(text.encode(), office.role_names(connection, actor.office)).decode()
    return columns
