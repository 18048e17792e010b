"""A document that a step makes from its form, as it would be if the task were completed now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.workflow import variables_at
from engine.core import Engine
from engine.errors import NotFound, say
from engine.form_documents import FormDocument, sections_of
from engine.forms.display import show
from engine.forms.submission import read_so_far
from engine.model.actor import Actor
from engine.model.definition import DocumentSource
from engine.queries.named import read_names
from engine.queries.task_page import TaskPage, task_page
from engine.storage.form_context import form_context


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The document to be drawn, and the task it belongs to."""

    page: TaskPage
    name: str
    drawn: FormDocument


def task_preview(engine: Engine, actor: Actor, task_id: UUID, place: int) -> Preview:
    """Make the document of an output slot from the draft as it stands for who may fill the form."""
    page = task_page(engine, actor, task_id)
    filled = page.form
    form = filled.form if filled else None
    from_form = {place for place, one in enumerate(page.step.outputs) if one.source is DocumentSource.FORM}
    if filled is None or form is None or place not in from_form:
        raise NotFound(say("This document does not exist, or it is not for your role."))
    now = engine.clock.now()
    calendar = engine.calendar_of(page.task.office)
    with engine.store.reading() as connection:
        context = form_context(
            connection,
            form,
            office_id=page.task.office,
            person=actor.person,
            calendar=calendar,
            now=now,
            round_=page.task.round,
            office_seq=page.seen.office_seq,
            case_year=page.seen.case_year,
            variables=variables_at(page.seen.state or "", page.task.key),
            staged={key: [row.id.hex for row in rows] for key, rows in filled.staged.items()},
        )
        values = read_so_far(form, filled.raw, context)
        names = read_names(connection, page.task.office, values)
    slot = filled.slots[place]
    return Preview(
        page=page,
        name=slot.name,
        drawn=FormDocument(
            title=slot.name,
            office=page.version.definition.document.institution,
            case_number=page.seen.case_number,
            case_title=page.seen.case_title,
            version=slot.version,
            author=actor.name,
            at=calendar.local(filled.saved_at or page.task.opened_at),
            sections=sections_of(show(form, values, names, document=slot.name)),
            draft=True,
        ),
    )
