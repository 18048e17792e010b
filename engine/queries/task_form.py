"""The form of an open task as it stands for somebody: the draft, else what is known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.core import Engine
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition, Option, Raw
from engine.forms.raw import fill, own_fields
from engine.model.actor import Actor
from engine.model.naming import post_and_name
from engine.queries.named import read_names
from engine.queries.task_documents import BlobRow, CaseDocument, Slot, chosen, slots
from engine.queries.task_return import sent_back
from engine.queries.task_review import marks
from engine.queries.tasks_seen import SeenTask
from engine.storage import documents, drafts, office
from engine.storage.drafts import Draft, best_draft, staged_files
from engine.storage.form_context import form_context
from engine.storage.versions import Version

DONE_ON = "done_on"  # beside the form's own fields in a draft


ASIDE = "aside"  # names what was put aside; other drafts are named by their person


@dataclass(frozen=True, kw_only=True)
class OtherDraft:
    """A draft beside the one that is shown, saying something else. ``by`` is empty for one's own."""

    key: str
    by: str
    saved_at: datetime
    aside: bool


@dataclass(frozen=True, kw_only=True)
class TaskForm:
    """The form of an open task as it stands for the actor. ``saved_by`` names who else filled it in."""

    form: FormDefinition | None
    raw: Raw
    options: Mapping[str, Sequence[Option]]
    staged: Mapping[str, tuple[BlobRow, ...]]
    slots: tuple[Slot, ...]
    saved_at: datetime | None
    saved_by: str
    revision: int  # of one's own draft, 0 where there is none
    is_other: bool  # filled from another draft than one's own
    others: tuple[OtherDraft, ...]
    done_on: str  # as typed; empty where it was not
    earlier: Mapping[str, str]  # what the round before had, by field


def task_form(  # noqa: PLR0913, PLR0917 - what the page has read already
    engine: Engine,
    connection: Connection,
    actor: Actor,
    seen: SeenTask,
    variables: Mapping[str, Any],
    found: Mapping[str, Sequence[CaseDocument]],
    wanted: str = "",
) -> TaskForm:
    """Read the form for who may fill it; ``wanted`` is the key of the draft to fill it from."""
    task = seen.task
    version = engine.versions.get(task.version)
    step = version.definition.step(task.element)
    form = version.form_of(step)
    mine = drafts.seen_by(drafts.of_task(connection, task.id), task, actor.person)
    draft = next((one for one in mine if one.fields and _key(one) == wanted), None) or best_draft(mine)
    own = next((one for one in mine if one.person == actor.person and not one.aside), None)
    staged = staged_files(mine)
    names = office.names_of(connection, {one.person for one in mine} - {actor.person})
    blobs = documents.blobs(connection, {UUID(hex=one) for several in staged.values() for one in several})
    again = _again(connection, version, seen, variables)
    context = replace(_context(engine, connection, actor, seen, form, variables), again=again)
    raw = _raw(form, draft, context)
    return TaskForm(
        form=form,
        raw=raw,
        options=context.options,
        staged={key: chosen(several, blobs) for key, several in staged.items()},
        slots=slots(step, form, staged, blobs, found),
        saved_at=draft.saved_at if draft else None,
        saved_by=_by(draft, names) if draft else "",
        revision=own.revision if own else 0,
        is_other=draft is not None and draft is not own,
        others=tuple(
            _other(one, names) for one in mine if draft and one.fields and one.fields != draft.fields
        ),
        done_on=(draft.fields.get(DONE_ON) or [""])[0] if draft else "",
        earlier=_earlier(connection, seen, form, raw, variables),
    )


def _again(
    connection: Connection, version: Version, seen: SeenTask, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Give what the step had, where the case was sent back to it: whoever does it again corrects that."""
    before = variables.get(seen.task.element)
    if not isinstance(before, Mapping) or sent_back(connection, version.definition, seen.task) is None:
        return {}
    return before


def _raw(form: FormDefinition | None, draft: Draft | None, context: FormContext) -> Raw:
    """Give what stands in the form: the draft, with what is never typed as the case knows it."""
    if form is None:
        return {}
    filled = fill(form, context)
    if draft is None:
        return filled
    fixed = tuple(field.key for field in form.inputs if field.readonly)
    known = {name: texts for name, texts in filled.items() if name.partition(".")[0] in fixed}
    return own_fields(form, draft.fields) | known


def _earlier(
    connection: Connection,
    seen: SeenTask,
    form: FormDefinition | None,
    raw: Raw,
    variables: Mapping[str, Any],
) -> Mapping[str, str]:
    """Find what the step's submission of the round before had, where it differs now."""
    before = variables.get(seen.task.element) if seen.task.round > 1 else None
    if form is None or not isinstance(before, Mapping):
        return {}
    return marks(form, raw, before, read_names(connection, seen.task.office, before))


def _key(draft: Draft) -> str:
    return ASIDE if draft.aside else draft.person.hex


def _by(draft: Draft, names: Mapping[UUID, tuple[str, str]]) -> str:
    """Name whose draft it is, where it is another person's."""
    name, post = names.get(draft.person, ("", ""))
    return post_and_name(name, post)


def _other(draft: Draft, names: Mapping[UUID, tuple[str, str]]) -> OtherDraft:
    return OtherDraft(key=_key(draft), by=_by(draft, names), saved_at=draft.saved_at, aside=draft.aside)


def _context(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    seen: SeenTask,
    form: FormDefinition | None,
    variables: Mapping[str, Any],
) -> FormContext:
    return form_context(
        connection,
        form,
        office_id=seen.task.office,
        person=actor.person,
        calendar=engine.calendar_of(seen.task.office),
        now=engine.clock.now(),
        round_=seen.task.round,
        office_seq=seen.office_seq,
        case_year=seen.case_year,
        variables=variables,
    )
