"""The list of cases, and one case: its page, its diagram, its whole history and data, its end by hand."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for

from engine.actions import cancellation as acts
from engine.errors import Invalid, Problem
from engine.queries import case_page, cases
from webapp import current
from webapp.assignments import whom_to_ask
from webapp.cases import documents
from webapp.cases.ahead import ahead
from webapp.cases.area import Page, blueprint
from webapp.cases.listing import asked_for, draw_list
from webapp.cases.marks import draw
from webapp.cases.sentence import now_sentence
from webapp.cases.times import times_taken
from webapp.frame import leave_note
from webapp.history.entries import entries
from webapp.incoming import small_number
from webapp.language import gettext

__all__ = ["blueprint", "documents"]

_RECENT = 12  # entries of the history that stand open on the case's own page


@blueprint.get("")
def case_list() -> Page:
    """List the cases of a tab."""
    asked = asked_for(request.args, current.actor())
    page = cases.cases_page(current.engine(), current.actor(), asked)
    return render_template("cases/list.html", list=draw_list(page, asked), whom_to_ask=whom_to_ask())


@blueprint.get("/<uuid:case_id>")
def case(case_id: UUID) -> Page:
    """Show where a case stands, and all it has gathered."""
    found = case_page.case_page(current.engine(), current.actor(), case_id)
    sentence = now_sentence(found)
    return render_template(
        "cases/case.html",
        case=found,
        facts=found.facts,
        sentence=sentence,
        drawn=draw(found, sentence),
        times=times_taken(found),
        entries=entries(found),
        recent=_RECENT,
        ahead=ahead(found),
    )


@blueprint.get("/<uuid:case_id>/diagram")
def diagram(case_id: UUID) -> Page:
    """Show the diagram of a case by itself: for phones, and for paper."""
    found = case_page.case_stands(current.engine(), current.actor(), case_id)
    sentence = now_sentence(found)
    return render_template(
        "cases/diagram.html", facts=found.facts, sentence=sentence, drawn=draw(found, sentence)
    )


@blueprint.get("/<uuid:case_id>/history")
def history(case_id: UUID) -> Page:
    """Show everything that happened in a case, page by page."""
    before = request.args.get("before", type=small_number)
    found = case_page.case_history(current.engine(), current.actor(), case_id, before=before)
    return render_template(
        "cases/history.html", case=found, facts=found.facts, entries=entries(found), begun=before is None
    )


@blueprint.get("/<uuid:case_id>/data")
def data(case_id: UUID) -> Page:
    """Show everything that was submitted in a case, page by page."""
    before = request.args.get("before", type=small_number)
    found = case_page.case_data(current.engine(), current.actor(), case_id, before=before)
    return render_template("cases/data.html", case=found, facts=found.facts, begun=before is None)


@blueprint.get("/<uuid:case_id>/documents")
def document_list(case_id: UUID) -> Page:
    """Show every version of every document of a case, page by page."""
    before = request.args.get("before", type=small_number)
    found = case_page.case_documents(current.engine(), current.actor(), case_id, before=before)
    return render_template("cases/documents.html", case=found, facts=found.facts, begun=before is None)


@blueprint.get("/<uuid:case_id>/cancellation")
def cancellation(case_id: UUID) -> Page:
    """Ask for the reason, and say what cancelling means."""
    return _cancellation(case_id, "", ())


@blueprint.post("/<uuid:case_id>/cancellation")
def cancel(case_id: UUID) -> Page:
    """End a case by hand."""
    reason = request.form.get("reason", "")
    try:
        acts.cancel(current.engine(), current.actor(), case_id, reason)
    except Invalid as error:
        return _cancellation(case_id, reason, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The case is cancelled. Its open tasks are gone; its record stays."))
    return redirect(url_for("cases.case", case_id=case_id), HTTPStatus.SEE_OTHER)


def _cancellation(case_id: UUID, reason: str, problems: tuple[Problem, ...]) -> str:
    facts = case_page.case_to_cancel(current.engine(), current.actor(), case_id)
    return render_template("cases/cancellation.html", facts=facts, reason=reason, problems=problems)
