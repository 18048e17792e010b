"""What staff suggested about an SOP, for its owner: by step, to be answered."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from engine.actions import suggestions as acts
from engine.errors import Invalid
from engine.ids import parse_id
from engine.model.suggestion import SuggestionState
from engine.queries.suggestions import suggestions_page
from webapp import current
from webapp.frame import leave_note
from webapp.language import gettext
from webapp.rendering import sentence


def listed(key: str) -> str:
    """List what was suggested about an SOP."""
    return render_template(
        "library/suggestions.html", page=suggestions_page(current.engine(), current.actor(), key), wrong={}
    )


def answered(key: str, suggestion_id: UUID) -> Response | tuple[str, int]:
    """Take a suggestion up or not, with a word to who made it."""
    engine, actor = current.engine(), current.actor()
    text = request.form.get("text", "")
    state = SuggestionState.TAKEN if request.form.get("state") == "taken" else SuggestionState.DECLINED
    try:
        acts.answer(engine, actor, key, suggestion_id, state, text)
    except Invalid as error:
        wrong = {suggestion_id: (sentence(error.sentence), text)}
        page = suggestions_page(engine, actor, key)
        drawn = render_template("library/suggestions.html", page=page, wrong=wrong)
        return drawn, HTTPStatus.UNPROCESSABLE_ENTITY
    if state is SuggestionState.TAKEN:
        leave_note(
            gettext(
                "The suggestion is accepted, and who made it is told. Do it in a draft, and note here in"
                " which: they are told of the revision it comes with."
            )
        )
    else:
        leave_note(gettext("The suggestion is not accepted. Who made it is told your answer."))
    return redirect(f"/library/{key}/suggestions", HTTPStatus.SEE_OTHER)


def done(key: str, suggestion_id: UUID) -> Response:
    """Note which draft does what was suggested."""
    draft = parse_id(request.form.get("draft", ""))
    acts.note_done(current.engine(), current.actor(), key, suggestion_id, draft)
    leave_note(gettext("Noted.") if draft else gettext("Noted: no draft does it yet."))
    return redirect(f"/library/{key}/suggestions#suggestion-{suggestion_id.hex}", HTTPStatus.SEE_OTHER)
