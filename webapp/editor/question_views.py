"""The open questions of a draft, answered one by one."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions.open_questions import Answering, answer_question
from engine.actions.process_drafts import DraftMoved
from engine.errors import Conflict, Invalid, Refused, Sentence
from engine.model.question import OTHERWISE
from engine.queries.open_questions import questions_page
from webapp import current
from webapp.editor.area import Page, blueprint, revision
from webapp.frame import leave_note
from webapp.incoming import small_number

_UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D"}  # as ISO 8601 writes them


@blueprint.get("/<key>/drafts/<uuid:draft_id>/questions")
def questions(key: str, draft_id: UUID) -> Page:
    """List the open questions of a draft with their possible answers."""
    return _page(key, draft_id)


@blueprint.post("/<key>/drafts/<uuid:draft_id>/questions/<question>")
def answer(key: str, draft_id: UUID, question: str) -> Page:
    """Answer a question; the draft is drawn anew."""
    answering = Answering(answer=request.form.get("answer", ""), given=_time())
    try:
        answer_question(current.engine(), current.actor(), draft_id, revision(), question, answering)
    except Invalid as error:
        wrong = error.problems[0].sentence
        return _page(key, draft_id, question, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refused as error:
        return _page(key, draft_id, question, error.sentence), HTTPStatus.UNPROCESSABLE_ENTITY
    except (DraftMoved, Conflict) as error:
        return _page(key, draft_id, question, error.sentence), HTTPStatus.CONFLICT
    leave_note(gettext("The answer was kept, and the draft is as it says."))
    return redirect(f"/library/{key}/drafts/{draft_id.hex}/questions", HTTPStatus.SEE_OTHER)


def _page(key: str, draft_id: UUID, asked: str = "", wrong: Sentence | None = None) -> str:
    found = questions_page(current.engine(), current.actor(), key, draft_id)
    return render_template(
        "editor/questions.html", found=found, page=found.page, asked=asked, wrong=wrong, otherwise=OTHERWISE
    )


def _time() -> str:
    """Read a standard time that was typed; empty where it is none."""
    amount = request.form.get("amount", type=small_number) or 0
    unit = _UNITS.get(request.form.get("unit", ""))
    return unit.format(amount) if unit and amount > 0 else ""
