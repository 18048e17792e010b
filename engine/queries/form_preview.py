"""A form as staff will see it when its step begins, from the file that its owner is editing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.core import Engine
from engine.forms.definition import FormDefinition, Option, Raw, read_form
from engine.forms.raw import fill
from engine.model.actor import Actor
from engine.storage.form_context import form_context
from engine.storage.tables import office


@dataclass(frozen=True, kw_only=True)
class FormPreview:
    """The form, what it begins with for the actor today, and the options that the server supplies."""

    form: FormDefinition
    raw: Raw
    options: Mapping[str, Sequence[Option]]


def form_preview(engine: Engine, actor: Actor, key: str, text: str) -> FormPreview:
    """Read a form's text and fill it as in a new case; Refused with what is wrong. Nothing is kept."""
    form = read_form(key, text)
    now = engine.clock.now()
    with engine.store.reading() as connection:
        context = form_context(
            connection,
            form,
            office_id=actor.office,
            person=actor.person,
            calendar=engine.calendar_of(actor.office),
            now=now,
            round_=1,
            office_seq=connection.scalar(select(office.c.stream_seq).where(office.c.id == actor.office)) or 0,
            arrived=now,
        )
    return FormPreview(form=form, raw=fill(form, context), options=context.options)
