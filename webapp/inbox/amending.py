"""The page on which a finished step is corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template

from engine.actions import amendments
from engine.actions.amendments import Amendment
from engine.errors import Invalid, Problem
from engine.forms.definition import Field, FieldType, Raw
from engine.forms.raw import own_fields, press
from engine.ids import new_id
from engine.queries.amendment import AmendmentPage, amendment_page
from webapp import current
from webapp.forms.drawing import draw_form, problem_links
from webapp.forms.views import ProblemLink
from webapp.frame import leave_note
from webapp.inbox.acts import Page
from webapp.inbox.submitted import Submitted, act_field, submitted
from webapp.language import gettext
from webapp.rendering import sentence

_LISTS = ("add:", "remove:")


def ask(task_id: UUID) -> Page:
    """Show the form with what the step entered."""
    page = amendment_page(current.engine(), current.actor(), task_id)
    return _show(page, page.raw)


def amend(task_id: UUID) -> Page:
    """Correct the step, or do what a button of a list says."""
    engine, actor, sent = current.engine(), current.actor(), submitted()
    page = amendment_page(engine, actor, task_id)
    fields = _typed(page, sent)
    if sent.button.startswith(_LISTS):
        pressed = press(page.form, fields, sent.button, page.options)
        return _show(page, pressed.raw, pressed.problems, sent.attempt)
    wanted = Amendment(fields=fields, reason=act_field("why"), attempt=sent.attempt)
    try:
        amendments.amend(engine, actor, task_id, wanted)
    except Invalid as error:
        return _show(page, fields, error.problems, sent.attempt), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The step is corrected. Old and new values stand in the history."), "ok")
    return redirect(f"/cases/{page.seen.task.instance.hex}#riwayat", HTTPStatus.SEE_OTHER)


def _typed(page: AmendmentPage, sent: Submitted) -> dict[str, list[str]]:
    """Give the fields as typed; the decision is not asked for again."""
    decision = page.form.decision
    fields = own_fields(page.form, sent.fields)
    if decision is not None:
        fields[decision.key] = list(page.raw.get(decision.key, ()))
    return fields


def _show(
    page: AmendmentPage, raw: Raw, problems: Sequence[Problem] = (), attempt: UUID | None = None
) -> str:
    own = [one for one in problems if one.field not in ("", "reason")]
    said = {one.field: sentence(one.sentence) for one in problems if one not in own}
    shown = replace(page.form, fields=_without_files(page.form.fields))
    return render_template(
        "inbox/amendment.html",
        page=page,
        task=page.seen.task,
        led=[(field.label, page.led[field.key]) for field in page.form.inputs if field.key in page.led],
        view=draw_form(shown, raw, options=page.options, problems=problems),
        problems=(
            *problem_links(page.form, raw, own),
            *(ProblemLink(anchor="reason", text=words) for words in said.values()),
        ),
        reason=act_field("why"),
        wrong_reason=said.get("reason", ""),
        attempt=(attempt or new_id()).hex,
        has_files=any(field.type is FieldType.FILE for field in page.form.inputs),
    )


def _without_files(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Leave out what is not typed: files stay as they were chosen."""
    return tuple(
        replace(field, fields=_without_files(field.fields)) if field.type is FieldType.GROUP else field
        for field in fields
        if field.type is not FieldType.FILE
    )
