"""How the views of a task answer: the page, the page with what was wrong, or back to where one was."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from flask import redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.actions import tasks
from engine.actions.files import Upload
from engine.errors import Invalid, NotFound, Problem, UploadRefused, say
from engine.ids import parse_id
from engine.model.task import must_work
from engine.queries.inbox import InboxFilter
from engine.queries.task_page import task_page
from engine.queries.task_subject import changes_decided_on
from webapp import current
from webapp.difference import view as view_of
from webapp.frame import leave_note
from webapp.inbox.filters import HIDDEN, address, read_hidden, written
from webapp.inbox.submitted import act_field
from webapp.inbox.task_view import NO_TROUBLE, Trouble, task_view
from webapp.language import gettext

Page = str | tuple[str, int] | Response


def show(
    task_id: UUID,
    wanted: InboxFilter,
    trouble: Trouble = NO_TROUBLE,
    status: HTTPStatus = HTTPStatus.OK,
    draft: str = "",
) -> Page:
    """Show a task; the first opening by somebody who may do it is noted."""
    engine, actor = current.engine(), current.actor()
    page = task_page(engine, actor, task_id, draft)
    if page.rights.work and page.task.seen_at is None:
        tasks.see(engine, actor, task_id)
    view = task_view(page, wanted, trouble)
    found = changes_decided_on(engine, actor, page.subject)
    changes = view_of(found, drawn=False) if found else None
    body = render_template("inbox/task.html", view=view, page=page, task=page.task, changes=changes)
    return body, int(status)


def acted(task_id: UUID, words: str | Markup = "", *, anchor: str = "") -> Page:
    """Go back to the task, with a message where there is something to say."""
    if words:
        leave_note(words, "ok")
    return redirect(task_address(task_id, asked(), anchor), HTTPStatus.SEE_OTHER)


def to_list(words: str | Markup = "") -> Response:
    """Go back to the list the task was taken from."""
    if words:
        leave_note(words, "ok")
    return redirect(address("/tasks", written(asked())), HTTPStatus.SEE_OTHER)


def task_address(task_id: UUID, wanted: InboxFilter, anchor: str = "") -> str:
    """Give the address of a task that remembers the list it was taken from."""
    return address(f"/tasks/{task_id.hex}", written(wanted)) + (f"#{quote(anchor)}" if anchor else "")


def asked() -> InboxFilter:
    """Read the filter the posted form carries."""
    return read_hidden(request.form.get(HIDDEN, ""))


def chosen_person() -> UUID:
    """Read whom the form names; nobody is told like somebody who cannot be chosen."""
    person = parse_id(act_field("person"))
    return person or UUID(int=0)


def after_preparation(task_id: UUID) -> Page:
    """Go back to the task, or to the list where it is no longer there for who prepared it."""
    try:
        task_page(current.engine(), current.actor(), task_id)
    except NotFound:
        return to_list()
    return acted(task_id)


def no_file(task_id: UUID) -> Upload:
    """Say that a file is missing, to who may add one."""
    must_work(task_page(current.engine(), current.actor(), task_id).task, current.actor())
    sentence = say("No file yet. Choose a file to upload.")
    raise Invalid((Problem(field="file", label="file", sentence=sentence),))


def ends() -> bool:
    """Tell whether the button takes the act back."""
    return bool(act_field("end"))


def file_problem(field: str, error: UploadRefused) -> Problem:
    """Make a problem of a file that may not be kept."""
    return Problem(field=field, label=gettext("Document"), sentence=error.sentence)
