"""What staff suggested about an SOP, for its owner: by step, to be answered."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from engine.actions import suggestions as acts
from engine.errors import Invalid
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
    leave_note(gettext("The answer was sent to who made the suggestion."), "ok")
    return redirect(f"/library/{key}/suggestions", HTTPStatus.SEE_OTHER)
