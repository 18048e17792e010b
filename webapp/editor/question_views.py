"""The open questions of a draft, answered one by one."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions.open_questions import Answering, answer_question
from engine.actions.process_drafts import DraftMoved
from engine.errors import Conflict, Invalid, Refused, Sentence
from engine.model.question import OTHERWISE
from engine.queries.open_questions import questions_page
from webapp import current
from webapp.drawing.sop_table import standard_time_words
from webapp.editor.area import Page, blueprint, revision
from webapp.frame import leave_note
from webapp.incoming import small_number

_UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D"}  # as ISO 8601 writes them


@blueprint.get("/<key>/drafts/<uuid:draft_id>/questions")
def questions(key: str, draft_id: UUID) -> Page:
    """List the open questions of a draft with their possible answers."""
    return _page(key, draft_id, request.args.get("answered", ""))


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
    _tell(key, draft_id, question)
    place = quote(question, safe="")
    address = f"/library/{key}/drafts/{draft_id.hex}/questions?answered={place}#question-{place}"
    return redirect(address, HTTPStatus.SEE_OTHER)


def _tell(key: str, draft_id: UUID, question: str) -> None:
    """Leave a note of what was answered with what, as it stands in the draft now."""
    found = questions_page(current.engine(), current.actor(), key, draft_id)
    one = next((one for one in found.questions if one.key == question), None)
    if one is None or one.is_open:  # somebody else changed it in between
        return
    chosen = one.answer(one.answered)
    words = chosen.text if chosen else gettext("Settled otherwise, by what is drawn now")
    time = f" {standard_time_words(found.given[question])}" if question in found.given else ""
    leave_note(
        gettext(
            "“%(question)s” is answered: %(answer)s. The draft is as the answer says.",
            question=one.text,
            answer=words + time,
        )
    )


def _page(key: str, draft_id: UUID, asked: str = "", wrong: Sentence | None = None) -> str:
    found = questions_page(current.engine(), current.actor(), key, draft_id)
    stands = any(one.key == asked for one in found.questions)
    return render_template(
        "editor/questions.html",
        found=found,
        page=found.page,
        asked=asked if stands else "",
        wrong=wrong,
        otherwise=OTHERWISE,
    )


def _time() -> str:
    """Read a standard time that was typed; empty where it is none."""
    amount = request.form.get("amount", type=small_number) or 0
    unit = _UNITS.get(request.form.get("unit", ""))
    return unit.format(amount) if unit and amount > 0 else ""
