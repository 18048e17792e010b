"""The inbox and the page of a task: parse, call one action or query, answer."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.actions import documents, suggestions, tasks
from engine.actions.withdrawal import withdraw
from engine.queries import inbox
from engine.queries import suggestions as suggestions_made
from engine.queries.chosen_file import chosen_file
from webapp import current, downloads
from webapp.frame import count_waiting
from webapp.inbox import acts, amending, completing, keeping, preview, returning
from webapp.inbox.acts import Page, acted
from webapp.inbox.filters import read_filter
from webapp.inbox.keeping import beside
from webapp.inbox.listing import list_view
from webapp.inbox.submitted import act_field, act_file, posted_attempt, seen_suggestions, submitted
from webapp.language import gettext

blueprint = Blueprint("inbox", __name__)

ACTS = (
    "completion",
    "draft",
    "claim",
    "release",
    "assignment",
    "preparation",
    "pause",
    "documents",
    "comments",
    "suggestion",
    "withdrawal",
    "return",
)


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
    return acts.show(task_id, read_filter(request.args), draft=request.args.get("draft", ""))


@blueprint.get("/tasks/<uuid:task_id>/<any({}):act>".format(", ".join(ACTS)))
def act_again(task_id: UUID, act: str) -> Response:  # noqa: ARG001 - a part of the address
    """Lead from the address of a form that was refused to its task, when it is opened again."""
    return redirect(acts.task_address(task_id, read_filter(request.args)), HTTPStatus.SEE_OTHER)


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
        return keeping.autosave(task_id, sent)
    return completing.in_form(task_id, sent) or keeping.save(task_id, sent)


@blueprint.post("/tasks/<uuid:task_id>/preview/<int:place>")
def make_preview(task_id: UUID, place: int) -> Page:
    """Save the draft and show the document that would be made from it."""
    return preview.open_preview(task_id, place, submitted())


@blueprint.get("/tasks/<uuid:task_id>/preview/<int:place>")
def show_preview(task_id: UUID, place: int) -> Page:
    """Show a document as it would be made from the draft."""
    return preview.preview_page(task_id, place)


@blueprint.get("/tasks/<uuid:task_id>/preview/<int:place>/<int:page>.webp")
def preview_picture(task_id: UUID, place: int, page: int) -> Response:
    """Give a page of it as a picture."""
    return preview.preview_picture(task_id, place, page)


@blueprint.post("/tasks/<uuid:task_id>/claim")
@beside("claim")
def claim(task_id: UUID) -> Page:
    """Take a task of the role's pool."""
    tasks.claim(current.engine(), current.actor(), task_id)
    return acted(task_id)


@blueprint.post("/tasks/<uuid:task_id>/release")
@beside("release")
def release(task_id: UUID) -> Page:
    """Give a task back to the role's pool."""
    tasks.release(current.engine(), current.actor(), task_id)
    return acts.to_list(gettext("The task is free again. Whoever holds the role can take it."))


@blueprint.post("/tasks/<uuid:task_id>/assignment")
@beside("assignment")
def assign(task_id: UUID) -> Page:
    """Hand a task to a person, or take it back."""
    engine, actor = current.engine(), current.actor()
    if acts.ends():
        tasks.take_back(engine, actor, task_id)
        return acted(task_id, gettext("You have taken the task back."))
    name = tasks.assign(engine, actor, task_id, acts.chosen_person())
    said = gettext("The task is assigned to %(name)s. You find it under “Assigned by me”.", name=name)
    return acts.to_list(said)


@blueprint.post("/tasks/<uuid:task_id>/preparation")
@beside("preparation")
def prepare(task_id: UUID) -> Page:
    """Have a task prepared by a colleague, or end that."""
    engine, actor = current.engine(), current.actor()
    if acts.ends():
        tasks.end_preparation(engine, actor, task_id)
        return acts.after_preparation(task_id)
    name = tasks.ask_preparation(engine, actor, task_id, acts.chosen_person())
    said = gettext("%(name)s goes on from what you have filled in. Completing stays with you.", name=name)
    return acted(task_id, said)


@blueprint.post("/tasks/<uuid:task_id>/pause")
@beside("pause")
def pause(task_id: UUID) -> Page:
    """Let the clock stand with a reason, or run on."""
    engine, actor = current.engine(), current.actor()
    if acts.ends():
        tasks.resume(engine, actor, task_id)
        return acted(task_id, gettext("The clock runs again."))
    tasks.pause(engine, actor, task_id, act_field("reason"))
    return acted(task_id, gettext("The clock is stopped."))


@blueprint.post("/tasks/<uuid:task_id>/return")
@beside("return")
def send_back(task_id: UUID) -> Page:
    """Send the case back to an earlier step."""
    return returning.send_back(task_id)


@blueprint.post("/tasks/<uuid:task_id>/documents")
@beside("documents")
def attach(task_id: UUID) -> Page:
    """Add a document to the case."""
    upload = act_file() or acts.no_file(task_id)
    documents.attach(current.engine(), current.actor(), task_id, act_field("name"), upload, posted_attempt())
    return acted(task_id, gettext("The document was added to the case."))


@blueprint.post("/tasks/<uuid:task_id>/comments")
@beside("comments")
def comment(task_id: UUID) -> Page:
    """Say something to everybody who follows the case."""
    documents.comment(current.engine(), current.actor(), task_id, act_field("text"), posted_attempt())
    return acted(task_id, anchor="comments")


@blueprint.post("/tasks/<uuid:task_id>/suggestion")
@beside("suggestion")
def suggest(task_id: UUID) -> Page:
    """Suggest to the owner of the SOP what should be better about the step."""
    suggestions.suggest(current.engine(), current.actor(), task_id, act_field("better"), posted_attempt())
    return acted(task_id, _suggested())


def _suggested() -> Markup:
    words = gettext("Your suggestion was sent to the owner of the SOP. The answer will stand in “My tasks”.")
    return Markup('{} <a href="/suggestions">{}</a>').format(words, gettext("All my suggestions"))


@blueprint.get("/suggestions")
def own_suggestions() -> Page:
    """List one's own suggestions with what their owners answered."""
    own = suggestions_made.own_suggestions(current.engine(), current.actor())
    return render_template("inbox/suggestions.html", own=own)


@blueprint.post("/suggestions/seen")
def see_answers() -> Response:
    """Note that somebody has read what was shown to them of their suggestions."""
    suggestions.see_answers(current.engine(), current.actor(), seen_suggestions())
    return redirect("/tasks", HTTPStatus.SEE_OTHER)


@blueprint.post("/tasks/<uuid:task_id>/withdrawal")
def take_back_completion(task_id: UUID) -> Page:
    """Take one's own completion back."""
    again = withdraw(current.engine(), current.actor(), task_id)
    return acted(
        again, gettext("You have taken it back. The task is open again; what you sent stands in its form.")
    )


@blueprint.get("/tasks/<uuid:task_id>/amendment")
def ask_amendment(task_id: UUID) -> Page:
    """Show a finished step's form, to be corrected."""
    return amending.ask(task_id)


@blueprint.post("/tasks/<uuid:task_id>/amendment")
def amend(task_id: UUID) -> Page:
    """Correct what a finished step entered."""
    return amending.amend(task_id)


@blueprint.get("/tasks/<uuid:task_id>/staged/<uuid:blob_id>")
def staged(task_id: UUID, blob_id: UUID) -> Response:
    """Hand out a file that waits with one's own draft."""
    engine = current.engine()
    row = chosen_file(engine, current.actor(), task_id, blob_id)
    return downloads.attachment(
        engine.blobs.open(row.object), filename=row.filename, media_type=row.media_type, size=row.size
    )
