"""The forms of a draft: their list, the editor of one, and how staff will see it."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from engine.actions import draft_forms as acts
from engine.actions.process_drafts import DraftChange, DraftMoved, save_draft
from engine.errors import AlurError, Invalid, Refused
from engine.forms.components import ATTRIBUTES
from engine.model.process_draft import ProcessDraft
from engine.queries import draft_forms as reads
from engine.queries.draft_forms import DraftForm, StepForm
from engine.queries.form_preview import form_preview
from webapp import current, guard
from webapp.editor import draft_data
from webapp.editor.area import Page, blueprint, revision, sent
from webapp.editor.form_labels import additions, labels
from webapp.forms.drawing import draw_form
from webapp.forms.views import FormView
from webapp.frame import leave_note
from webapp.language import gettext, language
from webapp.rendering import sentence

_BASE = "/<key>/drafts/<uuid:draft_id>"


@blueprint.get(f"{_BASE}/forms")
def form_list(key: str, draft_id: UUID) -> Page:
    """List the forms of a draft with the steps that name them."""
    return _list(key, draft_id)


@blueprint.post(f"{_BASE}/forms")
def add_form(key: str, draft_id: UUID) -> Page:
    """Add a form: an empty one, a copy, or one for a step."""
    new = acts.NewForm(
        key=request.form.get("key", "").strip(),
        title=request.form.get("title", "").strip(),
        copy_of=request.form.get("copy", ""),
        step=request.form.get("step", ""),
    )
    try:
        made = acts.add_form(current.engine(), current.actor(), draft_id, revision(), new)
    except (Invalid, DraftMoved) as error:
        return _list(key, draft_id, error)
    return redirect(f"{_address(key, draft_id)}/forms/{made}{_with('step')}", HTTPStatus.SEE_OTHER)


@blueprint.post(f"{_BASE}/forms/<form_key>/name")
def rename_form(key: str, draft_id: UUID, form_key: str) -> Page:
    """Give a form another key."""
    name = request.form.get("key", "").strip()
    try:
        acts.rename_form(current.engine(), current.actor(), draft_id, revision(), form_key, name)
    except (Invalid, DraftMoved) as error:
        return _list(key, draft_id, error)
    leave_note(gettext("The form %(old)s is called %(new)s now.", old=form_key, new=name))
    return redirect(f"{_address(key, draft_id)}/forms", HTTPStatus.SEE_OTHER)


@blueprint.post(f"{_BASE}/forms/<form_key>/removal")
def remove_form(key: str, draft_id: UUID, form_key: str) -> Page:
    """Take a form out of the draft."""
    try:
        acts.remove_form(current.engine(), current.actor(), draft_id, revision(), form_key)
    except DraftMoved as error:
        return _list(key, draft_id, error)
    leave_note(gettext("The form %(key)s is no longer part of this draft.", key=form_key))
    return redirect(f"{_address(key, draft_id)}/forms", HTTPStatus.SEE_OTHER)


@blueprint.get(f"{_BASE}/forms/<form_key>")
def form_editor(key: str, draft_id: UUID, form_key: str) -> Page:
    """Open a form in the editor; without scripts as the text that it is."""
    draft, form = reads.draft_form(current.engine(), current.actor(), key, draft_id, form_key)
    return _editor(draft, form)


@blueprint.post(f"{_BASE}/forms/<form_key>")
def save_form(key: str, draft_id: UUID, form_key: str) -> Page:
    """Save a form that was changed as text."""
    text = _text()
    draft, form = reads.draft_form(current.engine(), current.actor(), key, draft_id, form_key)
    try:
        change = DraftChange(revision=revision(), forms={form_key: text})
        save_draft(current.engine(), current.actor(), draft_id, change)
    except (Refused, Invalid, DraftMoved) as error:
        return _editor(draft, form, text, error)
    leave_note(gettext("The form was saved with the draft."))
    again = _with("as", "step")
    return redirect(f"{_address(key, draft_id)}/forms/{form_key}{again}", HTTPStatus.SEE_OTHER)


@blueprint.post(f"{_BASE}/preview")
def preview(key: str, draft_id: UUID) -> Page:
    """Draw a form as staff will see it: a part of the editor's page, or a page for who has no scripts."""
    given = sent()
    asked = given if isinstance(given, dict) else request.form
    form_key, text = str(asked.get("key", "")), str(asked.get("text", "")).replace("\r\n", "\n")
    draft, form = reads.draft_form(current.engine(), current.actor(), key, draft_id, form_key)
    try:
        view = _drawn(form_key, text)
    except Refused as refused:
        if given is not None:
            answer = jsonify(draft_data.refused(refused))
            answer.status_code = HTTPStatus.BAD_REQUEST
            return answer
        return _editor(draft, form, text, refused)
    if given is not None:
        return render_template("editor/_preview.html", view=view)
    return render_template(
        "editor/preview.html", view=view, draft=draft, form=form, text=text, base=_address(key, draft_id)
    )


def _drawn(form_key: str, text: str) -> FormView:
    found = form_preview(current.engine(), current.actor(), form_key, text)
    return draw_form(found.form, found.raw, options=found.options)


def _list(key: str, draft_id: UUID, error: AlurError | None = None) -> Page:
    page = reads.draft_forms(current.engine(), current.actor(), key, draft_id)
    steps = [*(step for form in page.forms for step in form.steps), *page.without]
    drawn = render_template(
        "editor/forms.html",
        page=page,
        step=_came_from(steps),
        base=_address(page.draft.key, draft_id),
        error=sentence(error.sentence) if error else "",
        typed=request.form,
    )
    return (drawn, HTTPStatus.UNPROCESSABLE_ENTITY) if error else drawn


def _editor(
    draft: ProcessDraft, form: DraftForm, text: str | None = None, error: AlurError | None = None
) -> AnyResponse:
    """Draw the editor's page, which alone may place what it draws by style attributes."""
    base = _address(draft.key, draft.id)
    drawn = render_template(
        "editor/form.html",
        draft=draft,
        form=form,
        step=_came_from(form.steps),
        base=base,
        text=form.text if text is None else text,
        error=sentence(error.sentence) if error else "",
        additions=additions(),
        as_text=_is_text(),
        theirs=error.draft.forms.get(form.key, "") if isinstance(error, DraftMoved) else None,
        findings=getattr(error, "findings", form.findings if text is None else ()),
        given={
            "key": form.key,
            "text": form.text if text is None else text,
            "revision": draft.revision,
            "language": language(),
            "types": sorted(ATTRIBUTES),
            "labels": labels(),
            "csrf": generate_csrf(),
            "save": base,
            "preview": f"{base}/preview",
        },
    )
    return guard.let_place(Response(drawn, HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK))


def _came_from(steps: Iterable[StepForm]) -> StepForm | None:
    """Give the step whose panel the link was followed from, to lead back to."""
    return next((step for step in steps if step.element == request.args.get("step")), None)


def _with(*names: str) -> str:
    """Give what the address had of these, to be kept in the next one."""
    kept = "&".join(f"{name}={quote(request.args[name])}" for name in names if name in request.args)
    return f"?{kept}" if kept else ""


def _is_text() -> bool:
    """Tell whether the text is wanted with scripts too: a field is moved there without dragging."""
    return request.args.get("as") == "text"


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")  # as browsers send lines


def _address(key: str, draft_id: UUID) -> str:
    return f"/library/{key}/drafts/{draft_id.hex}"
