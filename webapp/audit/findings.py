"""Findings of audits: their list, one with what was said of it, and the forms that take it further."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.actions import finding_answers as answers
from engine.actions import findings as acts
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.ids import parse_id
from engine.model.finding import FindingState
from engine.model.permission import Permission
from engine.model.unseen import NO_FINDING
from engine.queries import findings
from engine.queries.finding_details import findings_in_full
from engine.queries.findings import FindingPage
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.figures_subject import subjects
from webapp.audit.finding_form import Problems, finding_form, stored_finding, typed_finding
from webapp.audit.finding_words import finding_sheet, follow_up_words, state_words
from webapp.frame import leave_note
from webapp.guard import also_for
from webapp.incoming import small_number
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import is_wanted, workbook


@blueprint.get("/findings")
@also_for(Permission.ANSWER_AUDIT)
def finding_list() -> Page:
    """List the findings that the reader may see."""
    engine, actor = current.engine(), current.actor()
    state = _state(request.args.get("state", ""))
    rows = findings.findings_page(engine, actor, state)
    if is_wanted():
        details = findings_in_full(engine, actor, rows)
        return workbook(gettext("findings"), [finding_sheet(rows, details)])
    return render_template(
        "audit/findings.html",
        rows=rows,
        state=state,
        states=state_words(),
        follow_ups=follow_up_words(),
        may_draft=findings.may_draft(actor),
    )


@blueprint.get("/findings/new")
def new_finding() -> Page:
    """Show the form of a new finding; a link may bring the case it is about."""
    _must_draft()
    form = {name: request.args.get(name, "") for name in ("cases", "figures")}
    return finding_form("/audit/findings", form, ())


@blueprint.post("/findings")
def draft_finding() -> Page:
    """Begin a finding."""
    _must_draft()
    form = typed_finding()
    letter = parse_id(request.form.get("assignment", "")) or current.actor().coverage[0].assignment
    try:
        made = acts.draft(current.engine(), current.actor(), letter, acts.FindingForm(**form))
    except Invalid as error:
        return finding_form("/audit/findings", form, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The draft is saved. Only the team sees it."))
    return redirect(url_for("audit.finding", finding_id=made), 303)


@blueprint.get("/findings/<uuid:finding_id>")
@also_for(Permission.ANSWER_AUDIT)
def finding(finding_id: UUID) -> Page:
    """Show a finding."""
    return _page(finding_id, ())


@blueprint.get("/findings/<uuid:finding_id>/draft")
def edit_finding(finding_id: UUID) -> Page:
    """Show the form of a draft, to whoever prepared it."""
    found = _draft_of(finding_id)
    return finding_form(f"/audit/findings/{finding_id.hex}/draft", stored_finding(found), (), found)


@blueprint.post("/findings/<uuid:finding_id>/draft")
def change_finding(finding_id: UUID) -> Page:
    """Change a draft."""
    form, told = typed_finding(), gettext("The draft is saved. Only the team sees it.")
    # Also of one that was delivered meanwhile: that it comes too late is said beside what was typed.
    if findings.finding_page(current.engine(), current.actor(), finding_id).row.reviewed:
        told = gettext("The draft is saved. Its review counts no more: another of the team reviews it again.")

    def act(revision: int) -> None:
        acts.change(current.engine(), current.actor(), finding_id, revision, acts.FindingForm(**form))

    def show(problems: Problems) -> str:
        found = findings.finding_page(current.engine(), current.actor(), finding_id)
        return finding_form(f"/audit/findings/{finding_id.hex}/draft", form, problems, found)

    return _do_or_show(finding_id, act, told, show)


@blueprint.post("/findings/<uuid:finding_id>/review")
def review_finding(finding_id: UUID) -> Page:
    """Put on record that a draft was reviewed."""

    def act(revision: int) -> None:
        acts.review(current.engine(), current.actor(), finding_id, revision)

    return _do_or_show(finding_id, act, gettext("Your review is on record."))


@blueprint.post("/findings/<uuid:finding_id>/delivery")
def deliver_finding(finding_id: UUID) -> Page:
    """Tell the office a finding."""

    def act(revision: int) -> None:
        acts.deliver(current.engine(), current.actor(), finding_id, revision)

    return _do_or_show(
        finding_id,
        act,
        gettext("The finding is delivered. The owners of the SOPs and the administrators see it now."),
    )


@blueprint.post("/findings/<uuid:finding_id>/answer")
@also_for(Permission.ANSWER_AUDIT)
def answer_finding(finding_id: UUID) -> Page:
    """Answer a finding for the office."""

    def act(revision: int) -> None:
        answers.answer(
            current.engine(), current.actor(), finding_id, revision, request.form.get("answer", "")
        )

    return _do_or_show(finding_id, act, gettext("The answer is on record."))


@blueprint.post("/findings/<uuid:finding_id>/follow-up")
@also_for(Permission.ANSWER_AUDIT)
def follow_up_finding(finding_id: UUID) -> Page:
    """Say how far what was recommended is done."""
    status, text = request.form.get("status", ""), request.form.get("follow_up_text", "")

    def act(revision: int) -> None:
        answers.follow_up(current.engine(), current.actor(), finding_id, revision, status, text)

    return _do_or_show(finding_id, act, gettext("What was done is on record."))


@blueprint.post("/findings/<uuid:finding_id>/closing")
def close_finding(finding_id: UUID) -> Page:
    """Close a finding."""
    conclusion = request.form.get("conclusion", "")

    def act(revision: int) -> None:
        acts.close(current.engine(), current.actor(), finding_id, revision, conclusion)

    return _do_or_show(finding_id, act, gettext("The finding is closed."))


def _state(text: str) -> FindingState | None:
    return FindingState(text) if text in set(FindingState) else None


def _must_draft() -> None:
    if not findings.may_draft(current.actor()):
        raise NotFound(NO_FINDING)


def _draft_of(finding_id: UUID) -> FindingPage:
    found = findings.finding_page(current.engine(), current.actor(), finding_id)
    if not found.may_change:
        raise NotFound(NO_FINDING)
    return found


def _page(finding_id: UUID, problems: Problems) -> str:
    found = findings.finding_page(current.engine(), current.actor(), finding_id)
    return render_template(
        "audit/finding.html",
        page=found,
        one=found.row,
        figures=subjects(found.figures, findings.sop_names(current.engine(), current.actor())),
        states=state_words(),
        follow_ups=follow_up_words(),
        problems=problems,
        typed=request.form,
    )


def _do_or_show(
    finding_id: UUID,
    act: Callable[[int], None],
    told: str,
    show: Callable[[Problems], str] | None = None,
) -> Page:
    """Do it, or show the finding as it is now, with what stands in the way and what was typed."""
    shown = show or partial(_page, finding_id)
    try:
        return _do(finding_id, act, told)
    except Invalid as error:
        return shown(error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden) as error:
        leave_note(sentence(error.sentence), "error")
        return shown(()), HTTPStatus.CONFLICT


def _do(finding_id: UUID, act: Callable[[int], None], told: str) -> Response:
    """Take a finding further as it was seen."""
    act(request.form.get("revision", 0, type=small_number))
    leave_note(told)
    return redirect(url_for("audit.finding", finding_id=finding_id), 303)
