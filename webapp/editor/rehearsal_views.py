"""Rehearse a draft (coba jalankan): its owner plays every role, and nothing of it is a case."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import rehearsals
from engine.actions.rehearsal_acts import Act
from engine.actions.rehearsals import RehearsalMoved
from engine.errors import AlurError, Conflict, Finding, Forbidden, Invalid, ProcessFailed, Refused
from engine.forms.raw import press
from engine.ids import new_id
from engine.model.definition import Start
from engine.model.process_draft import DraftState
from engine.queries.process_drafts import package_of
from engine.queries.rehearsal import RehearsalPage, rehearsal_page
from webapp import current, errors
from webapp.editor import rehearsal_typed as typed
from webapp.editor.area import Page, blueprint
from webapp.editor.rehearsal_view import NO_TROUBLE, Trouble, rehearsal_view
from webapp.frame import leave_note
from webapp.rendering import plainly, sentence
from webapp.stops import named
from webapp.wording import local

_DRAFT = "/<key>/drafts/<uuid:draft_id>/rehearsal"


@blueprint.get(_DRAFT)
def rehearsal(key: str, draft_id: UUID) -> Page:
    """Show where one's rehearsal stands; where there is none, or another is wanted, what one is."""
    page = _read(key, draft_id)
    if page.draft.state is not DraftState.OPEN:
        return redirect(f"/library/{key}/drafts/{draft_id.hex}", HTTPStatus.SEE_OTHER)
    if page.rehearsed is None or "anew" in request.args:
        return _beginning(page)
    return _shown(page)


@blueprint.post(_DRAFT)
def begin_rehearsal(key: str, draft_id: UUID) -> Page:
    """Begin one, in the place of what was rehearsed before."""
    try:
        rehearsals.start_rehearsal(current.engine(), current.actor(), draft_id, typed.beginning())
    except RehearsalMoved as moved:
        leave_note(sentence(moved.sentence), "back")
    except (Invalid, ProcessFailed, Refused) as error:
        return _beginning(_read(key, draft_id), error)
    return _back(key, draft_id)


@blueprint.post(f"{_DRAFT}/tasks")
def rehearse_task(key: str, draft_id: UUID) -> Page:
    """Complete a task, send the case back from it, or add a row to its form."""
    if typed.list_button():
        return _with_row(key, draft_id)
    return _step(key, draft_id, typed.task_act)


@blueprint.post(f"{_DRAFT}/clock")
def move_clock(key: str, draft_id: UUID) -> Page:
    """Move the clock on."""
    return _step(key, draft_id, typed.clock_act)


@blueprint.post(f"{_DRAFT}/answers")
def rehearse_answer(key: str, draft_id: UUID) -> Page:
    """Answer in the place of a connector."""
    return _step(key, draft_id, typed.answer_act)


@blueprint.post(f"{_DRAFT}/messages")
def rehearse_message(key: str, draft_id: UUID) -> Page:
    """Let a message or signal come."""
    return _step(key, draft_id, typed.message_act)


@blueprint.post(f"{_DRAFT}/undo")
def rehearse_back(key: str, draft_id: UUID) -> Page:
    """Go a step back."""
    try:
        rehearsals.step_back(current.engine(), current.actor(), draft_id, typed.seen_revision())
    except RehearsalMoved as moved:
        leave_note(sentence(moved.sentence), "back")
    return _back(key, draft_id)


@blueprint.post(f"{_DRAFT}/end")
def end_rehearsal(key: str, draft_id: UUID) -> Page:
    """Put one's rehearsal away."""
    rehearsals.end_rehearsal(current.engine(), current.actor(), draft_id)
    leave_note(gettext("The rehearsal was ended. Nothing of it is left."))
    return redirect(f"/library/{key}/drafts/{draft_id.hex}", HTTPStatus.SEE_OTHER)


def _step(key: str, draft_id: UUID, read: Callable[[], Act]) -> Page:
    """Take a step and go to where it led; what stood in its way is told with all that was typed."""
    try:
        rehearsals.take_step(current.engine(), current.actor(), draft_id, typed.seen_revision(), read())
    except RehearsalMoved as moved:
        leave_note(sentence(moved.sentence), "back")
    except Invalid as invalid:
        trouble = Trouble(problems=invalid.problems, fields=typed.fields())
        return _shown(_read(key, draft_id), trouble), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden, ProcessFailed) as error:
        page = _read(key, draft_id)
        if page.rehearsed is None:
            raise
        trouble = Trouble(failure=_failure(page, error), fields=typed.fields(), typed=request.form)
        return _shown(page, trouble), errors.status_of(error)
    else:
        return _back(key, draft_id, "now")
    return _back(key, draft_id)


def _with_row(key: str, draft_id: UUID) -> Page:
    """Add or remove a row of a list; nothing is kept of it, so the page is the answer."""
    page = _read(key, draft_id)
    chosen = page.rehearsed.chosen if page.rehearsed else None
    if chosen is None or chosen.form is None or chosen.task.key != typed.asked_task(request.form):
        return _back(key, draft_id)
    sent = typed.fields()
    pressed = press(chosen.form, sent, typed.list_button(), chosen.options)
    files = {one.key for one in chosen.form.files} | {one.field for one in chosen.slots}
    kept = {name: texts for name, texts in sent.items() if name in files}
    return _shown(page, Trouble(fields={**pressed.raw, **kept}, problems=pressed.problems))


def _read(key: str, draft_id: UUID) -> RehearsalPage:
    given = request.form if request.method == "POST" else request.args
    return rehearsal_page(current.engine(), current.actor(), key, draft_id, typed.asked_task(given))


def _shown(page: RehearsalPage, trouble: Trouble = NO_TROUBLE) -> str:
    if page.rehearsed is None:
        return _first_page(page)
    began = page.rehearsed.rehearsal
    changed = page.draft.revision != began.draft_revision and package_of(page.draft).digest != began.digest
    view = rehearsal_view(page.rehearsed, trouble, changed=changed)
    return render_template("editor/rehearsal.html", page=page, view=view, wide=True)


def _beginning(page: RehearsalPage, error: AlurError | None = None) -> Page:
    """Ask what a rehearsal begins with; what keeps the draft from running is told first."""
    status = HTTPStatus.OK if error is None else errors.status_of(error)
    return _first_page(page, error), status


def _first_page(page: RehearsalPage, error: AlurError | None = None) -> str:
    starts, findings = tuple[Start, ...](), tuple[Finding, ...]()
    try:
        starts = rehearsals.beginnings(current.engine(), current.actor(), page.draft.id)
    except Refused as refused:
        findings = refused.findings
    year = local(current.engine().clock.now()).year
    return render_template(
        "editor/rehearsal_start.html",
        page=page,
        starts=starts,
        findings=findings,
        problems=getattr(error, "problems", ()),
        failure=_failure(page, error) if isinstance(error, ProcessFailed) else "",
        typed=request.form,
        year=year,
        attempt=new_id().hex,
    )


def _failure(page: RehearsalPage, error: AlurError) -> str:
    """Say why it cannot go on, with the element at which it failed."""
    said = plainly(error.sentence)
    if not isinstance(error, ProcessFailed) or not (error.name or error.element):
        return said
    known = page.rehearsed.version.definition if page.rehearsed else None
    name = error.name or (named(known, error.element) if known else error.element)
    return said if name in said else gettext("%(name)s: %(why)s", name=name, why=said)


def _back(key: str, draft_id: UUID, anchor: str = "") -> Page:
    place = f"#{anchor}" if anchor else ""
    return redirect(f"/library/{key}/drafts/{draft_id.hex}/rehearsal{place}", HTTPStatus.SEE_OTHER)
