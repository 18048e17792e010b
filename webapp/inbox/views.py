"""The inbox and the page of a task: parse, call one action or query, answer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from engine.actions import documents, tasks
from engine.actions.withdrawal import withdraw
from engine.queries import inbox
from engine.queries.chosen_file import chosen_file
from webapp import current, downloads
from webapp.frame import count_waiting, leave_note
from webapp.inbox import acts, completing
from webapp.inbox.acts import Page, acted
from webapp.inbox.filters import read_filter
from webapp.inbox.listing import list_view
from webapp.inbox.submitted import posted_attempt, submitted, uploads
from webapp.language import gettext

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/tasks")
def task_list() -> str:
    """Show what waits for the actor."""
    wanted = read_filter(request.args)
    page = inbox.inbox_page(current.engine(), current.actor(), wanted)
    count_waiting(page.counts[inbox.Tab.MINE])
    return render_template("inbox/list.html", list=list_view(page, wanted, more="more" in request.args))


@blueprint.get("/tasks/<uuid:task_id>")
def task(task_id: UUID) -> Page:
    """Show a task; the first opening by somebody who may do it is noted."""
    return acts.show(task_id, read_filter(request.args))


@blueprint.post("/tasks/<uuid:task_id>/completion")
def complete(task_id: UUID) -> Page:
    """Complete a task, or do what a button inside its form says."""
    sent = submitted()
    return completing.in_form(task_id, sent) or completing.complete(task_id, sent)


@blueprint.post("/tasks/<uuid:task_id>/draft")
def save_draft(task_id: UUID) -> Page:
    """Save what was typed: by itself for scripts, by hand for everybody."""
    sent = submitted()
    if request.headers.get("X-Requested-With"):
        return completing.autosave(task_id, sent)
    return completing.in_form(task_id, sent) or completing.save(task_id, sent)


@blueprint.post("/tasks/<uuid:task_id>/claim")
def claim(task_id: UUID) -> Page:
    """Take a task of the role's pool."""
    tasks.claim(current.engine(), current.actor(), task_id)
    return acted(task_id)


@blueprint.post("/tasks/<uuid:task_id>/release")
def release(task_id: UUID) -> Response:
    """Give a task back to the role's pool."""
    tasks.release(current.engine(), current.actor(), task_id)
    leave_note(gettext("The task is free again. Whoever holds the role can take it."))
    return acts.to_list()


@blueprint.post("/tasks/<uuid:task_id>/assignment")
def assign(task_id: UUID) -> Page:
    """Hand a task to a person, or take it back."""
    engine, actor = current.engine(), current.actor()
    if "end" in request.form:
        tasks.take_back(engine, actor, task_id)
        return acted(task_id, gettext("You have taken the task back."))
    with acts.told(task_id, "assignment") as trouble:
        tasks.assign(engine, actor, task_id, acts.chosen_person())
    return trouble.page or acts.to_list(gettext("The task is assigned. You find it under “Assigned by me”."))


@blueprint.post("/tasks/<uuid:task_id>/preparation")
def prepare(task_id: UUID) -> Page:
    """Have a task prepared by a colleague, or end that."""
    engine, actor = current.engine(), current.actor()
    if "end" in request.form:
        tasks.end_preparation(engine, actor, task_id)
        return acts.after_preparation(task_id)
    with acts.told(task_id, "preparation") as trouble:
        tasks.ask_preparation(engine, actor, task_id, acts.chosen_person())
    return trouble.page or acted(
        task_id, gettext("Your colleague can fill the form now. Completing stays with you.")
    )


@blueprint.post("/tasks/<uuid:task_id>/pause")
def pause(task_id: UUID) -> Page:
    """Let the clock stand with a reason, or run on."""
    engine, actor = current.engine(), current.actor()
    if "end" in request.form:
        tasks.resume(engine, actor, task_id)
        return acted(task_id, gettext("The clock runs again."))
    with acts.told(task_id, "pause") as trouble:
        tasks.pause(engine, actor, task_id, request.form.get("reason", ""))
    return trouble.page or acted(task_id, gettext("The clock is stopped."))


@blueprint.post("/tasks/<uuid:task_id>/documents")
def attach(task_id: UUID) -> Page:
    """Add a document to the case."""
    with acts.told(task_id, "documents") as trouble:
        upload = next(uploads(), None) or acts.no_file(task_id)
        documents.attach(current.engine(), current.actor(), task_id, request.form.get("name", ""), upload)
    return trouble.page or acted(task_id, gettext("The document was added to the case."))


@blueprint.post("/tasks/<uuid:task_id>/comments")
def comment(task_id: UUID) -> Page:
    """Say something to everybody who follows the case."""
    with acts.told(task_id, "comments") as trouble:
        text = request.form.get("text", "")
        documents.comment(current.engine(), current.actor(), task_id, text, posted_attempt())
    return trouble.page or acted(task_id, anchor="comments")


@blueprint.post("/tasks/<uuid:task_id>/withdrawal")
def take_back_completion(task_id: UUID) -> Page:
    """Take one's own completion back."""
    again = withdraw(current.engine(), current.actor(), task_id)
    return acted(
        again, gettext("You have taken it back. The task is open again; what you sent stands in its form.")
    )


@blueprint.get("/tasks/<uuid:task_id>/staged/<uuid:blob_id>")
def staged(task_id: UUID, blob_id: UUID) -> Response:
    """Hand out a file that waits with one's own draft."""
    engine = current.engine()
    row = chosen_file(engine, current.actor(), task_id, blob_id)
    return downloads.attachment(
        engine.blobs.open(row.object), filename=row.filename, media_type=row.media_type, size=row.size
    )
