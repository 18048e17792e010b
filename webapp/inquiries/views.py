"""What auditors ask people of the office: the questions put to the reader, one of them, and its answer."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.actions import inquiries as acts
from engine.errors import Conflict, Forbidden, Invalid, Problem
from engine.queries import inquiries
from webapp import current
from webapp.frame import leave_note
from webapp.history.event_words import act_words
from webapp.inquiry_words import state_words
from webapp.language import gettext
from webapp.rendering import sentence

Page = str | tuple[str, int] | Response

blueprint = Blueprint("inquiries", __name__, url_prefix="/inquiries")


@blueprint.get("")
def inquiry_list() -> Page:
    """List what was asked of the reader."""
    rows = inquiries.put_to(current.engine(), current.actor())
    return render_template("inquiries/list.html", rows=rows, states=state_words())


@blueprint.get("/<uuid:inquiry_id>")
def inquiry(inquiry_id: UUID) -> Page:
    """Show a question with its answer, to whom it was put and to the team that asks."""
    return _page(inquiry_id, ())


@blueprint.post("/<uuid:inquiry_id>/answer")
def answer(inquiry_id: UUID) -> Page:
    """Answer a question, once."""
    try:
        acts.answer(current.engine(), current.actor(), inquiry_id, request.form.get("answer", ""))
    except Invalid as error:
        return _page(inquiry_id, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden) as error:
        leave_note(sentence(error.sentence), "error")
    else:
        leave_note(gettext("Your answer is on record. The auditors see it now."))
    return redirect(url_for("inquiries.inquiry", inquiry_id=inquiry_id), HTTPStatus.SEE_OTHER)


def _page(inquiry_id: UUID, problems: tuple[Problem, ...]) -> str:
    found = inquiries.inquiry_page(current.engine(), current.actor(), inquiry_id)
    return render_template(
        "inquiries/inquiry.html",
        page=found,
        one=found.row,
        happened=act_words(found.happened[0]) if found.happened else "",
        states=state_words(),
        problems=problems,
        typed=request.form.get("answer", ""),
    )
