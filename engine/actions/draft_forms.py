"""The forms of a draft: added, renamed with the steps that name them, taken away.

Each is one save of the draft, so that the diagram and its forms never disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from engine.actions.process_drafts import DraftChange, must_revise, open_draft, save_draft
from engine.bpmn.step_forms import with_form, with_form_renamed
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, Sentence, say
from engine.model.actor import Actor
from engine.model.process_draft import ProcessDraft
from engine.model.sop_key import proposed_name
from engine.model.unseen import NO_DRAFT

_SCHEMA_VERSION = 19  # of form-js 1.23


@dataclass(frozen=True, kw_only=True)
class NewForm:
    """A form to be added: an empty one with a title, or a copy; ``step`` names it from then on."""

    key: str = ""  # else one made of the title
    title: str = ""
    copy_of: str = ""
    step: str = ""


def add_form(engine: Engine, actor: Actor, draft_id: UUID, revision: int, new: NewForm) -> str:
    """Add a form to a draft, and give its key."""
    draft = _read(engine, actor, draft_id)
    key = new.key or proposed_name(new.title, draft.forms)
    _must_be_free(draft, key)
    text = draft.forms.get(new.copy_of) if new.copy_of else _empty(key, new.title)
    if text is None:
        raise NotFound(NO_DRAFT)
    bpmn = with_form(draft.bpmn.encode(), new.step, key) if new.step else None
    save_draft(engine, actor, draft_id, DraftChange(revision=revision, bpmn=bpmn, forms={key: text}))
    return key


def rename_form(
    engine: Engine, actor: Actor, draft_id: UUID, revision: int, old: str, new: str
) -> ProcessDraft:
    """Give a form another key, here and in the steps that name it."""
    draft = _read(engine, actor, draft_id)
    if old not in draft.forms:
        raise NotFound(NO_DRAFT)
    _must_be_free(draft, new)
    change = DraftChange(
        revision=revision,
        bpmn=with_form_renamed(draft.bpmn.encode(), old, new),
        forms={old: None, new: draft.forms[old]},
    )
    return save_draft(engine, actor, draft_id, change)


def remove_form(engine: Engine, actor: Actor, draft_id: UUID, revision: int, key: str) -> ProcessDraft:
    """Take a form away; the steps that named it have none."""
    draft = _read(engine, actor, draft_id)
    if key not in draft.forms:
        raise NotFound(NO_DRAFT)
    bpmn = with_form_renamed(draft.bpmn.encode(), key, "")
    return save_draft(engine, actor, draft_id, DraftChange(revision=revision, bpmn=bpmn, forms={key: None}))


def _read(engine: Engine, actor: Actor, draft_id: UUID) -> ProcessDraft:
    must_revise(actor)
    with engine.store.reading() as connection:
        return open_draft(connection, actor, draft_id)


def _must_be_free(draft: ProcessDraft, key: str) -> None:
    if not key:
        raise _invalid(say("Give the form a title, such as Membuat draft."))
    if key in draft.forms:
        raise _invalid(say("There is a form with the key %(key)s already.", key=key[:80]))


def _invalid(sentence: Sentence) -> Invalid:
    return Invalid((Problem(field="key", label="Key", sentence=sentence),), sentence)


def _empty(key: str, title: str) -> str:
    named = {"title": title} if title else {}
    whole = {"type": "default", "id": key, **named, "schemaVersion": _SCHEMA_VERSION, "components": []}
    return json.dumps(whole, indent=2) + "\n"
