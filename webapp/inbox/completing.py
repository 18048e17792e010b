"""The form of a task: the buttons inside it, and its completion."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from flask import redirect

from engine.actions import completion, drafts
from engine.actions.completion import Completion
from engine.actions.draft_lists import press_list_button
from engine.errors import Conflict, Forbidden, Invalid, ProcessFailed
from engine.ids import parse_id
from engine.model.definition import Purpose
from engine.queries.handed_on import handed_on
from engine.queries.revision_decided import decided
from webapp import current
from webapp.frame import leave_note
from webapp.inbox.acts import Page, task_address
from webapp.inbox.done import other_case, success
from webapp.inbox.filters import address, written
from webapp.inbox.keeping import stage, tell
from webapp.inbox.refusing import changed_elsewhere, refused, too_late
from webapp.inbox.submitted import Submitted


def in_form(task_id: UUID, sent: Submitted) -> Page | None:
    """Do what a list's or a file's button says; None where another button was pressed."""
    if not sent.button:
        return None
    try:
        problems = stage(task_id, sent)
        if problems:
            return refused(task_id, sent, problems)
        if sent.button.startswith("unstage:"):
            return _unstage(task_id, sent)
        return _press(task_id, sent)
    except Invalid as error:
        return refused(task_id, sent, error.problems)
    except (Conflict, Forbidden) as error:
        return too_late(task_id, sent, error)


def _press(task_id: UUID, sent: Submitted) -> Page:
    fields, anchor, saved = press_list_button(
        current.engine(), current.actor(), task_id, sent.draft, sent.button, sent.opened
    )
    if saved.closed:
        tell(task_id, saved)
    elif saved.elsewhere:
        pressed = {name: list(texts) for name, texts in fields.items()}
        return changed_elsewhere(task_id, replace(sent, fields=pressed), saved.elsewhere)
    return redirect(task_address(task_id, sent.wanted, anchor), HTTPStatus.SEE_OTHER)


def _unstage(task_id: UUID, sent: Submitted) -> Page:
    field, _, blob = sent.button.removeprefix("unstage:").rpartition(":")
    engine, actor, chosen = current.engine(), current.actor(), parse_id(blob)
    saved = drafts.save(engine, actor, task_id, sent.draft, by_hand=False, opened=sent.opened)
    if chosen is not None:
        drafts.unstage(engine, actor, task_id, field, chosen)
    if saved.closed:
        tell(task_id, saved)
    elif saved.elsewhere:
        return changed_elsewhere(task_id, sent, saved.elsewhere)
    return redirect(task_address(task_id, sent.wanted, field), HTTPStatus.SEE_OTHER)


def complete(task_id: UUID, sent: Submitted) -> Page:
    """Complete the task and go on: in the same case, else with the next one of the list."""
    day, problems = sent.done_day()
    with suppress(Conflict, Forbidden):  # taken or closed meanwhile, perhaps by the first of two clicks
        problems += stage(task_id, sent, told=False)
    wanted = Completion(
        fields=sent.draft, attempt=sent.attempt, done_on=day, opened=sent.opened, refused=problems
    )
    try:
        came = completion.complete(current.engine(), current.actor(), task_id, wanted)
    except Invalid as error:
        return refused(task_id, sent, error.problems)
    except (Conflict, Forbidden, ProcessFailed) as error:
        return too_late(task_id, sent, error)
    done = handed_on(current.engine(), current.actor(), task_id, sent.wanted)
    about = decided(current.engine(), current.actor(), task_id) if done.purpose is Purpose.REVISION else None
    leave_note(success(task_id, done, about, again=came.again, kept=came.kept), "ok")
    # Whoever has just decided on a revision must not stand before the button that decides on the next one.
    stops = done.purpose is Purpose.REVISION and not done.stays
    if not stops and (warning := other_case(done)):
        leave_note(warning, "back")
    if done.following is None or stops:
        return redirect(address("/tasks", written(sent.wanted)), HTTPStatus.SEE_OTHER)
    return redirect(task_address(done.following.id, sent.wanted), HTTPStatus.SEE_OTHER)
