"""The forms of a draft, and one of them, for the page that edits it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.step_forms import StepForm, step_forms
from engine.core import Engine
from engine.errors import Finding, NotFound, Refused
from engine.forms.definition import read_form
from engine.model.actor import Actor
from engine.model.process_draft import DraftState, ProcessDraft
from engine.model.unseen import NO_DRAFT
from engine.queries.process_drafts import draft_page

__all__ = ["DraftForm", "DraftForms", "StepForm", "draft_form", "draft_forms"]


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """A form with the steps that name it; one that cannot be read has findings, and its key for a title."""

    key: str
    title: str
    text: str
    findings: tuple[Finding, ...]
    steps: tuple[StepForm, ...]
    is_empty: bool = False  # no field yet


@dataclass(frozen=True, kw_only=True)
class DraftForms:
    """All forms of a draft by title, and the steps that have none, or name one that is not there."""

    draft: ProcessDraft
    forms: tuple[DraftForm, ...]
    without: tuple[StepForm, ...]


def draft_forms(engine: Engine, actor: Actor, key: str, draft_id: UUID) -> DraftForms:
    """Read the forms of an open draft that the actor may change; NotFound for all others."""
    draft = draft_page(engine, actor, key, draft_id).draft
    if draft.state is not DraftState.OPEN:
        raise NotFound(NO_DRAFT)
    steps = _steps(draft)
    forms = [_form(key, text, steps) for key, text in draft.forms.items()]
    return DraftForms(
        draft=draft,
        forms=tuple(sorted(forms, key=lambda one: (one.title.casefold(), one.key))),
        without=tuple(step for step in steps if step.form_key not in draft.forms),
    )


def draft_form(
    engine: Engine, actor: Actor, key: str, draft_id: UUID, form_key: str
) -> tuple[ProcessDraft, DraftForm]:
    """Read one form of a draft; NotFound where it has none of that key."""
    page = draft_forms(engine, actor, key, draft_id)
    found = next((one for one in page.forms if one.key == form_key), None)
    if found is None:
        raise NotFound(NO_DRAFT)
    return page.draft, found


def _steps(draft: ProcessDraft) -> tuple[StepForm, ...]:
    try:
        return step_forms(draft.bpmn.encode())
    except Refused:
        return ()


def _form(key: str, text: str, steps: tuple[StepForm, ...]) -> DraftForm:
    title, is_empty = key, False
    findings: tuple[Finding, ...] = ()
    try:
        read = read_form(key, text)
        title, is_empty = read.title, not read.fields
    except Refused as refused:
        findings = refused.findings
    own = tuple(step for step in steps if step.form_key == key)
    return DraftForm(key=key, title=title, text=text, findings=findings, steps=own, is_empty=is_empty)
