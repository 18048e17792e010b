"""The buttons of a list in a form: rows are added, removed and taken in from a spreadsheet."""

from __future__ import annotations

from uuid import UUID

from engine.actions import drafts
from engine.actions.drafts import Opened, Saved
from engine.actions.loading import load_task
from engine.core import Engine
from engine.errors import Invalid, NotFound, say
from engine.forms.raw import press
from engine.model.actor import Actor
from engine.storage.drafts import RawFields
from engine.storage.form_context import form_context


def press_list_button(
    engine: Engine,
    actor: Actor,
    task_id: UUID,
    fields: RawFields,
    button: str,
    opened: Opened | None = None,
) -> tuple[RawFields, str, Saved]:
    """Do what the button says to the fields and save them as the draft; gives the row's anchor too.

    Invalid where more rows come than fit; what was typed is saved all the same.
    """
    with engine.store.reading() as connection:
        found = load_task(connection, actor, task_id)
        task = found.task
        version = engine.versions.get(task.version)
        form = version.form_of(version.definition.step(task.element))
        if form is None:
            raise NotFound(say("There is no such button in this form"))
        context = form_context(
            connection,
            form,
            office_id=task.office,
            person=actor.person,
            calendar=engine.calendar_of(task.office),
            now=engine.clock.now(),
            round_=task.round,
            office_seq=found.office_seq,
        )
    pressed = press(form, fields, button, context.options)
    saved = drafts.save(engine, actor, task_id, pressed.raw, by_hand=False, opened=opened)
    if pressed.problems:
        raise Invalid(pressed.problems)
    return pressed.raw, pressed.anchor, saved
