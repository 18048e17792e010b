"""The administrator's pages of letters of assignment, by which auditors read cases."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.actions import assignments as acts
from engine.errors import Conflict, Invalid, Problem
from engine.model.assignment import Validity
from engine.queries import assignments
from engine.queries.assignments import AssignmentRow
from webapp import current
from webapp.admin.area import Page, area_page, blueprint
from webapp.frame import leave_note
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import Sheet, is_wanted, workbook

_TEXTS = ("number", "dated", "issuer", "valid_from", "valid_until", "cases_from", "cases_until", "head")
_LISTS = ("units", "sops", "team")


@blueprint.get("/assignments")
def assignment_list() -> Page:
    """List the letters of assignment."""
    rows = assignments.assignments_page(current.engine(), current.actor())
    if is_wanted():
        return workbook(gettext("letters of assignment"), [_sheet(rows)])
    return area_page("assignment_list.html", here="assignments", letters=rows, words=_words())


def _sheet(rows: Iterable[AssignmentRow]) -> Sheet:
    words = _words()
    head = (
        *(
            gettext("Number"),
            gettext("Date"),
            gettext("Issued by"),
            gettext("First day"),
            gettext("Last day"),
        ),
        *(gettext("Team"), gettext("Units"), gettext("SOPs"), gettext("Cases from"), gettext("Cases until")),
        gettext("Status"),
    )
    facts = (
        (
            *(one.number, one.dated, one.issuer, one.valid_from, one.valid_until),
            ", ".join(member.name for member in one.team if not member.left),
            ", ".join(one.units) or gettext("all"),
            ", ".join(one.sops) or gettext("all"),
            *(one.cases_from, one.cases_until),
            words[one.validity],
        )
        for one in rows
    )
    return Sheet(title=gettext("Letters of assignment"), head=head, rows=facts)


@blueprint.get("/assignments/new")
def new_letter() -> Page:
    """Show the form of a new letter."""
    today = current.engine().clock.now().astimezone(current.zone_info()).date().isoformat()
    return _new({"dated": today, "valid_from": today}, ())


@blueprint.post("/assignments")
def issue_assignment() -> Page:
    """Put a letter on record."""
    form, lists = _typed()
    try:
        acts.issue(current.engine(), current.actor(), _letter_form(form, lists))
    except Invalid as error:
        return _new(form | lists, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The assignment %(number)s is on record.", number=form["number"]))
    return redirect(url_for("admin.assignment_list"), 303)


@blueprint.get("/assignments/<uuid:assignment_id>")
def assignment(assignment_id: UUID) -> Page:
    """Show a letter with its team."""
    return _letter(assignment_id)


@blueprint.post("/assignments/<uuid:assignment_id>")
def change_assignment(assignment_id: UUID) -> Page:
    """Change the team or the last day of a letter."""
    form, lists = _typed()
    sent = acts.TeamForm(valid_until=form["valid_until"], team=lists["team"], head=form["head"])
    try:
        acts.change(current.engine(), current.actor(), assignment_id, sent)
    except Invalid as error:
        return _letter(assignment_id, form | lists, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        return _refused(error, assignment_id)
    leave_note(gettext("The assignment was changed."))
    return _to_letter(assignment_id)


@blueprint.post("/assignments/<uuid:assignment_id>/ending")
def end_assignment(assignment_id: UUID) -> Page:
    """End a letter before its last day."""
    reason = request.form.get("reason", "")
    try:
        acts.end(current.engine(), current.actor(), assignment_id, reason)
    except Invalid as error:
        return _letter(assignment_id, None, error.problems, reason), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        return _refused(error, assignment_id)
    leave_note(gettext("The assignment has ended. Its team can no longer read cases by it."))
    return _to_letter(assignment_id)


def _typed() -> tuple[dict[str, str], dict[str, list[str]]]:
    texts = {name: request.form.get(name, "") for name in _TEXTS}
    return texts, {name: request.form.getlist(name) for name in _LISTS}


def _letter_form(form: dict[str, str], lists: dict[str, list[str]]) -> acts.LetterForm:
    return acts.LetterForm(**form, units=lists["units"], sops=lists["sops"], team=lists["team"])


def _new(form: dict[str, str] | dict[str, str | list[str]], problems: tuple[Problem, ...]) -> str:
    choices = assignments.letter_choices(current.engine(), current.actor())
    return render_template("admin/assignment_new.html", form=form, choices=choices, problems=problems)


def _letter(
    assignment_id: UUID,
    form: dict[str, str | list[str]] | None = None,
    problems: tuple[Problem, ...] = (),
    reason: str = "",
) -> str:
    found = assignments.assignment_page(current.engine(), current.actor(), assignment_id)
    staying = [one for one in found.team if not one.left]
    stored = {
        "valid_until": found.valid_until.isoformat(),
        "team": [one.person.hex for one in staying],
        "head": next((one.person.hex for one in staying if one.head), ""),
    }
    return render_template(
        "admin/assignment_page.html",
        letter=found,
        words=_words(),
        form=form or stored,
        choices=assignments.letter_choices(current.engine(), current.actor()),
        problems=problems,
        reason=reason,
    )


def _words() -> dict[str, str]:
    return {
        Validity.FUTURE: gettext("Not valid yet"),
        Validity.VALID: gettext("Valid"),
        Validity.PAST: gettext("Expired"),
        Validity.ENDED: gettext("Ended early"),
    }


def _to_letter(assignment_id: UUID) -> Response:
    return redirect(url_for("admin.assignment", assignment_id=assignment_id), 303)


def _refused(error: Conflict, assignment_id: UUID) -> Response:
    leave_note(sentence(error.sentence), "error")
    return _to_letter(assignment_id)
