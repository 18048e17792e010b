"""Asking people of the office for an explanation: the form about a case or an event, and the team's list."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for

from engine.actions import inquiries as acts
from engine.actions.inquiries import InquiryForm
from engine.errors import Invalid, Problem
from engine.ids import new_id, parse_id
from engine.model.inquiry import InquiryState
from engine.queries import inquiries
from engine.queries.askable import askable
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.frame import leave_note
from webapp.incoming import small_number
from webapp.inquiry_words import inquiry_sheet, state_words
from webapp.language import gettext
from webapp.workbooks import is_wanted, workbook


@blueprint.get("/inquiries")
def inquiry_list() -> Page:
    """List what the reader's teams have asked, and what was asked before of cases they audit."""
    asked = request.args.get("state", "")
    state = InquiryState(asked) if asked in set(InquiryState) else None
    rows = inquiries.inquiries_page(current.engine(), current.actor(), state)
    if is_wanted():
        return workbook("permintaan-keterangan", [inquiry_sheet(rows)])
    states = state_words()
    return render_template("audit/inquiries.html", rows=rows, state=state, states=states)


@blueprint.get("/cases/<uuid:case_id>/inquiries")
def new_inquiry(case_id: UUID) -> Page:
    """Show the form of a question about a case, or about an event of it."""
    return _form(case_id, request.args.get("step", 0, type=small_number), {}, ())


@blueprint.post("/cases/<uuid:case_id>/inquiries")
def ask(case_id: UUID) -> Page:
    """Ask somebody."""
    seq = request.form.get("seq", 0, type=small_number)
    typed = {name: request.form.get(name, "") for name in ("attempt", "assignment", "to", "question")}
    form = InquiryForm(
        attempt=parse_id(typed["attempt"]) or new_id(),
        assignment=parse_id(typed["assignment"]),
        to=parse_id(typed["to"]),
        question=typed["question"],
        seq=seq,
    )
    try:
        made = acts.ask(current.engine(), current.actor(), case_id, form)
    except Invalid as error:
        return _form(case_id, seq, typed, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The question is asked. It stands on the first page of whoever is asked."))
    return redirect(url_for("inquiries.inquiry", inquiry_id=made), HTTPStatus.SEE_OTHER)


def _form(case_id: UUID, seq: int, typed: dict[str, str], problems: tuple[Problem, ...]) -> str:
    found = askable(current.engine(), current.actor(), case_id, seq)
    return render_template(
        "audit/inquiry_form.html",
        found=found,
        seq=seq,
        people=(("", gettext("Choose a person")), *found.people),
        to=typed.get("to", found.suggested),
        typed=typed,
        attempt=typed.get("attempt") or new_id().hex,
        problems=problems,
    )
