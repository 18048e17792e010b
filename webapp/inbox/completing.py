"""The form of a task: its buttons, its draft, and its completion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from uuid import UUID

from flask import jsonify, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.actions import completion, drafts
from engine.actions.completion import Completion
from engine.actions.draft_lists import press_list_button
from engine.errors import AlurError, Conflict, Invalid, Problem, ProcessFailed, UploadRefused
from engine.ids import parse_id
from engine.model.task import TaskState
from engine.queries.handed_on import HandedOn, handed_on
from engine.queries.task_form import DONE_ON
from engine.queries.task_page import task_page
from webapp import current, errors, wording
from webapp.frame import leave_note
from webapp.inbox.acts import Page, acted, file_problem, show, task_address
from webapp.inbox.filters import address, written
from webapp.inbox.submitted import Submitted, uploads
from webapp.inbox.task_view import Trouble
from webapp.language import gettext
from webapp.rendering import sentence

# A day that cannot be read is no day: the engine then tells which ones can be chosen.
_NO_DAY = date.min


def in_form(task_id: UUID, sent: Submitted) -> Page | None:
    """Keep the files that were chosen, then do what a list's or a file's button says; else None."""
    try:
        _stage(task_id, sent)
        if sent.button.startswith("unstage:"):
            return _unstage(task_id, sent)
        if sent.button:
            _fields, anchor = press_list_button(
                current.engine(), current.actor(), task_id, sent.draft, sent.button
            )
            return redirect(task_address(task_id, sent.wanted, anchor), HTTPStatus.SEE_OTHER)
    except Invalid as error:
        return refused(task_id, sent, error.problems)
    except _Refused as error:
        return refused(task_id, sent, (file_problem(error.field, error.upload),))
    except Conflict as error:
        return too_late(task_id, sent, error)
    return None


def complete(task_id: UUID, sent: Submitted) -> Page:
    """Complete the task and go on to the next one of the list."""
    unreadable: tuple[Problem, ...] = ()
    try:
        day = sent.done_day()
    except Invalid as error:
        day, unreadable = _NO_DAY, error.problems
    wanted = Completion(fields=sent.draft, attempt=sent.attempt, done_on=day)
    try:
        completion.complete(current.engine(), current.actor(), task_id, wanted)
    except Invalid as error:
        found = tuple(one for one in error.problems if not (unreadable and one.field == DONE_ON))
        return refused(task_id, sent, found + unreadable)
    except (Conflict, ProcessFailed) as error:
        return too_late(task_id, sent, error)
    done = handed_on(current.engine(), current.actor(), task_id, sent.wanted)
    leave_note(_success(task_id, done), "ok")
    if done.following is None:
        return redirect(address("/tasks", written(sent.wanted)), HTTPStatus.SEE_OTHER)
    return redirect(task_address(done.following[0], sent.wanted), HTTPStatus.SEE_OTHER)


def save(task_id: UUID, sent: Submitted) -> Page:
    """Save the draft by hand."""
    drafts.save(current.engine(), current.actor(), task_id, sent.draft, by_hand=True)
    return acted(task_id, gettext("The draft is saved. You can go on with it on any device."))


def autosave(task_id: UUID, sent: Submitted) -> Response:
    """Save the draft while somebody types."""
    revision, at = drafts.save(current.engine(), current.actor(), task_id, sent.draft, by_hand=False)
    return jsonify(revision=revision, saved=wording.clock(at))


def refused(task_id: UUID, sent: Submitted, problems: tuple[Problem, ...]) -> Page:
    """Show the form again with everything as it was typed."""
    named = tuple(replace(one, label="Done on") if one.field == DONE_ON else one for one in problems)
    trouble = Trouble(problems=named, fields=sent.fields, done_on=sent.done_on, attempt=sent.attempt)
    return show(task_id, sent.wanted, trouble, HTTPStatus.UNPROCESSABLE_ENTITY)


def too_late(task_id: UUID, sent: Submitted, error: AlurError) -> Page:
    """Say who was first and when; or, where the task is still open, why it could not be completed."""
    page = task_page(current.engine(), current.actor(), task_id)
    status = errors.status_of(error)
    if page.task.state is TaskState.OPEN:
        trouble = Trouble(fields=sent.fields, done_on=sent.done_on, failure=sentence(error.sentence))
        return show(task_id, sent.wanted, trouble, status)
    words = sentence(error.sentence)
    return render_template("inbox/too_late.html", page=page, words=words, query=written(sent.wanted)), status


def _stage(task_id: UUID, sent: Submitted) -> None:
    for upload in uploads():
        try:
            drafts.stage(current.engine(), current.actor(), task_id, upload, sent.draft)
        except UploadRefused as error:
            raise _Refused(upload.field, error) from error


def _unstage(task_id: UUID, sent: Submitted) -> Page:
    field, _, blob = sent.button.removeprefix("unstage:").rpartition(":")
    engine, actor, chosen = current.engine(), current.actor(), parse_id(blob)
    drafts.save(engine, actor, task_id, sent.draft, by_hand=False)
    if chosen is not None:
        drafts.unstage(engine, actor, task_id, field, chosen)
    return redirect(task_address(task_id, sent.wanted, field), HTTPStatus.SEE_OTHER)


class _Refused(Exception):
    """A chosen file that may not be kept, with its field."""

    def __init__(self, field: str, upload: UploadRefused) -> None:
        super().__init__(field)
        self.field, self.upload = field, upload


def _success(task_id: UUID, done: HandedOn) -> Markup:
    """Say what happened, where the case is now, what comes next."""
    facts = {"task": done.name, "number": done.case_number, "who": ", ".join(done.lanes)}
    if done.finished:
        said = gettext("%(task)s is done. Case %(number)s is finished.", **facts)
    elif done.lanes:
        said = gettext("%(task)s is done. Case %(number)s is now with %(who)s.", **facts)
    else:
        said = gettext("%(task)s is done. Case %(number)s waits for its next step.", **facts)
    if done.following is not None:
        said += " " + gettext("Next task: %(task)s.", task=done.following[1])
    back = Markup(' <a href="{}">{}</a>').format(f"/tasks/{task_id.hex}", gettext("View what you sent"))
    return Markup("{}{}").format(said, back)
