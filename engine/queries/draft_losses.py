"""What a draft's file lost, compared with what the draft was before and with the version it began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.bpmn.losses import Loss, losses
from engine.bpmn.subject import subject_of
from engine.core import Engine
from engine.model.actor import Actor
from engine.model.process_draft import ProcessDraft, Replacing
from engine.queries.process_drafts import DraftPage, draft_page
from engine.storage import draft_contents, office, versions
from engine.storage.tables import process_version

_LOOKED_AT = 4  # earlier contents of a draft


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The files of a content that came before."""

    bpmn: bytes
    forms: Mapping[str, str]
    decisions: Mapping[str, str]
    notes: str


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """An earlier content of a draft that can be brought back."""

    revision: int
    saved_by: str
    saved_at: datetime
    why: Replacing  # it was replaced
    file: str  # that took its place, or the question that was answered; else empty
    title: str  # of its SOP; empty where that was not noted
    steps: int | None


@dataclass(frozen=True, kw_only=True)
class LossesPage:
    """A draft with what it lost by element, the files that are gone, and its earlier contents."""

    page: DraftPage
    losses: tuple[Loss, ...]
    files: tuple[str, ...]  # as a package calls them
    kept: tuple[KeptRow, ...]  # the newest first
    title: str  # of the SOP that the draft holds
    was_uploaded: bool  # a file took the place of one of the earlier contents
    was_another: bool  # the draft holds another SOP than what was before, which says nothing of losses


def losses_page(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> LossesPage:
    """Compare an open or closed draft with what was before."""
    page = draft_page(engine, actor, key, draft_id)
    draft = page.draft
    with engine.store.reading() as connection:
        before = references_of(connection, draft)
        kept = draft_contents.kept(connection, draft.id)
        names = office.names_of(connection, {one.saved_by for one in kept})
    return LossesPage(
        page=page,
        losses=losses(draft.bpmn.encode(), [one.bpmn for one in before]),
        files=_files(draft, before),
        title=subject_of(draft.bpmn.encode()).title or draft.name,
        was_uploaded=any(one.why is Replacing.FILE for one in kept),
        was_another=bool(kept) and not before,
        kept=tuple(
            KeptRow(
                revision=one.revision,
                saved_by=names[one.saved_by][0],
                saved_at=one.saved_at,
                why=one.why,
                file=one.file,
                title=one.title,
                steps=one.steps,
            )
            for one in kept
        ),
    )


def references_of(connection: Connection, draft: ProcessDraft) -> list[Reference]:
    """Give the contents to compare a draft with, the oldest first: its version, then what it was itself.

    What was of another SOP is none of them: a file cannot have lost what it never had.
    """
    now = subject_of(draft.bpmn.encode())
    return [one for one in _contents_before(connection, draft) if subject_of(one.bpmn).may_be(now)]


def _contents_before(connection: Connection, draft: ProcessDraft) -> list[Reference]:
    found: list[Reference] = []
    if draft.base is not None:
        number = connection.scalar(select(process_version.c.number).where(process_version.c.id == draft.base))
        files = versions.files_of(connection, draft.process, number or 0)
        if files is not None:
            found.append(_reference(files.bpmn, files.forms, files.decisions, files.notes))
    last = draft_contents.newest(connection, draft.id, _LOOKED_AT)
    found += [_reference(one.bpmn, one.forms, one.decisions, one.notes) for one in reversed(last)]
    return found


def _reference(bpmn: str, forms: Mapping[str, str], decisions: Mapping[str, str], notes: str) -> Reference:
    return Reference(bpmn=bpmn.encode(), forms=forms, decisions=decisions, notes=notes)


def _files(draft: ProcessDraft, before: list[Reference]) -> tuple[str, ...]:
    forms = {key for one in before for key in one.forms} - set(draft.forms)
    decisions = {name for one in before for name in one.decisions} - set(draft.decisions)
    notes = ["README.md"] if not draft.notes and any(one.notes for one in before) else []
    return (*(f"forms/{key}.json" for key in sorted(forms)), *sorted(decisions), *notes)
