"""Drafts of revisions: begun, drawn, submitted, discarded."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engine.actions import process_drafts as acts
from engine.actions.packages import package_zip
from engine.actions.process_drafts import DraftMoved
from engine.errors import AlurError, NotFound
from engine.ids import new_id
from engine.model.permission import Permission
from engine.model.process_draft import DraftState
from engine.queries import draft_findings, library, process_drafts, review, suggestions
from engine.queries.open_questions import questions_of
from engine.queries.process_drafts import DraftPage, package_of
from webapp import current, downloads, errors, guard
from webapp.editor import (  # noqa: F401 - their routes
    dossier_views,
    draft_data,
    form_views,
    new_views,
    proof_views,
    question_views,
    reading_views,
    rehearsal_views,
    review_views,
    submission_views,
    upload_views,
)
from webapp.editor.area import Page, attempt, blueprint, revision, sent
from webapp.frame import leave_note
from webapp.incoming import small_number
from webapp.rendering import sentence

__all__ = ["blueprint"]


@blueprint.get("/<key>/draft")
def draft(key: str) -> Page:
    """Go to one's own open draft; where there is none, or several, ask which."""
    current.require(Permission.REVISE)
    drafts = process_drafts.open_drafts(current.engine(), current.actor(), key)
    mine = [one for one in drafts if one.mine]
    if len(mine) == 1 and "all" not in request.args:
        return redirect(_address(key, mine[0].id), HTTPStatus.SEE_OTHER)
    try:
        sop = library.sop_page(current.engine(), current.actor(), key)
    except NotFound:
        if not drafts:
            raise
        # An SOP without a revision has nothing to begin a draft with: there is one already.
        return redirect(_address(key, drafts[0].id), HTTPStatus.SEE_OTHER)
    begin = request.args.get("revision", type=small_number)
    return render_template("editor/drafts.html", page=sop, drafts=drafts, begin=begin, attempt=new_id().hex)


@blueprint.post("/<key>/drafts")
def drafts(key: str) -> Page:
    """Begin a draft from a revision."""
    begun = acts.start_draft(current.engine(), current.actor(), key, revision(), attempt())
    return redirect(_address(key, begun), HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/drafts/<uuid:draft_id>")
def editor(key: str, draft_id: UUID) -> Page:
    """Show a draft in the editor; what became of one that is closed."""
    page = _read(key, draft_id)
    if page.draft.state is not DraftState.OPEN:
        number = page.number
        deciding = number and review.review_page(current.engine(), current.actor(), key, number).case
        return render_template("editor/closed.html", page=page, deciding=deciding)
    found = draft_findings.findings(current.engine(), current.actor().office, package_of(page.draft))
    waiting, taken = suggestions.left_of(current.engine(), current.actor(), key)
    accepted = [one for one in taken if one.draft in {None, draft_id}]  # not what another draft does
    answer = Response(
        render_template(
            "editor/draft.html",
            page=page,
            found=found,
            questions=[one for one in questions_of(page.draft) if one.is_open],
            accepted=accepted,
            data=draft_data.of_draft(page, found, [*waiting, *accepted]),
            wide=True,
        )
    )
    return guard.let_place(answer)


@blueprint.put("/<key>/drafts/<uuid:draft_id>")
def save(key: str, draft_id: UUID) -> AnyResponse:
    """Save what the editor changed."""
    page = _read(key, draft_id)
    try:
        change = draft_data.change_of(sent())
        saved = acts.save_draft(current.engine(), current.actor(), draft_id, change)
    except DraftMoved as moved:
        return _json(draft_data.moved(_read(key, draft_id), sentence(moved.sentence)), HTTPStatus.CONFLICT)
    except AlurError as error:
        return _json(draft_data.refused(error), errors.status_of(error))
    found = draft_findings.findings(current.engine(), current.actor().office, package_of(saved))
    # As it was saved, not as it is: whoever saved meanwhile is told at the next save.
    return _json(draft_data.saved(replace(page, draft=saved, saved_by=current.actor().name), found))


@blueprint.post("/<key>/drafts/<uuid:draft_id>/lint")
def lint(key: str, draft_id: UUID) -> AnyResponse:
    """Tell what is to be said of a draft as it is on the screen."""
    page = _read(key, draft_id)
    try:
        files = acts.with_change(page.draft, draft_data.change_of(sent()))
    except AlurError as error:
        return _json(draft_data.refused(error), errors.status_of(error))
    found = draft_findings.findings(current.engine(), current.actor().office, files)
    return _json(draft_data.findings(found))


@blueprint.post("/<key>/drafts/<uuid:draft_id>/expression")
def expression(key: str, draft_id: UUID) -> AnyResponse:
    """Tell what keeps an expression from being run, and where."""
    page = _read(key, draft_id)
    asked = sent()
    text = asked.get("text") if isinstance(asked, dict) else None
    names = draft_findings.known_names(package_of(page.draft))
    problem = draft_findings.check_expression(text if isinstance(text, str) else "", names)
    if problem is None:
        return _json({"ok": True})
    return _json({"sentence": sentence(problem.sentence), "line": problem.line, "column": problem.column})


@blueprint.get("/<key>/drafts/<uuid:draft_id>/diagram.bpmn")
def bpmn(key: str, draft_id: UUID) -> Response:
    """Hand out the diagram of a draft."""
    page = _read(key, draft_id)
    name = f"{key}-draf.bpmn"
    return downloads.attachment(page.draft.bpmn.encode(), filename=name, media_type="application/xml")


@blueprint.get("/<key>/drafts/<uuid:draft_id>/package.zip")
def draft_package(key: str, draft_id: UUID) -> Response:
    """Hand out a draft as one archive: diagram, forms, decisions and notes."""
    content = package_zip(package_of(_read(key, draft_id).draft))
    return downloads.attachment(content, filename=f"{key}-draf.zip", media_type="application/zip")


@blueprint.get("/<key>/drafts/<uuid:draft_id>/discard")
def discarding(key: str, draft_id: UUID) -> Page:
    """Ask whether a draft is to be put away."""
    return render_template("editor/discard.html", page=_read(key, draft_id))


@blueprint.post("/<key>/drafts/<uuid:draft_id>/discard")
def discard(key: str, draft_id: UUID) -> Page:
    """Put a draft away."""
    page = _read(key, draft_id)
    acts.discard_draft(current.engine(), current.actor(), page.draft.id, revision())
    leave_note(gettext("The draft was discarded."))
    return redirect("/library" if page.is_new else f"/library/{key}/draft?all", HTTPStatus.SEE_OTHER)


def _read(key: str, draft_id: UUID) -> DraftPage:
    return process_drafts.draft_page(current.engine(), current.actor(), key, draft_id)


def _address(key: str, draft_id: UUID) -> str:
    return f"/library/{key}/drafts/{draft_id.hex}"


def _json(content: object, status: HTTPStatus = HTTPStatus.OK) -> AnyResponse:
    answer = jsonify(content)
    answer.status_code = status
    return answer
