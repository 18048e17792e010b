"""From a draft to a version: the form that submits it, to be tried or to be approved."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext
from markupsafe import Markup

from engine.actions import submissions
from engine.actions.submissions import Trial
from engine.errors import Invalid, Problem, say
from engine.forms.notation import date_of
from engine.ids import parse_id
from engine.queries.left_to_close import left_to_close
from engine.queries.submitting import submitting_page
from webapp import current
from webapp.editor.area import Page, blueprint, revision
from webapp.frame import leave_note

_TRIAL = "trial"
_DIGITS = 5


@blueprint.get("/<key>/drafts/<uuid:draft_id>/submission")
def submitting(key: str, draft_id: UUID) -> Page:
    """Ask what a draft is submitted for."""
    return _page(key, draft_id, ())


@blueprint.post("/<key>/drafts/<uuid:draft_id>/submission")
def submission(key: str, draft_id: UUID) -> Page:
    """Make a version of a draft."""
    engine, actor = current.engine(), current.actor()
    try:
        trial = _trial() if request.form.get("for") == _TRIAL else None
        message = request.form.get("message", "")
        _key, number = submissions.submit(engine, actor, draft_id, revision(), trial, message)
    except Invalid as error:
        return _page(key, draft_id, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The draft was submitted and is revision %(number)s now.", number=number), "ok")
    if left := left_to_close(engine, actor, key, number):
        words = gettext(
            "The task “%(task)s” of the revision that was returned waits to be closed.", task=left.name
        )
        leave_note(
            Markup('{} <a href="/tasks/{}">{}</a>').format(words, left.id.hex, gettext("Open the task"))
        )
    return redirect(f"/library/{key}/versions/{number}/review", HTTPStatus.SEE_OTHER)


def _page(key: str, draft_id: UUID, problems: tuple[Problem, ...]) -> str:
    found = submitting_page(current.engine(), current.actor(), key, draft_id)
    return render_template(
        "editor/submission.html",
        found=found,
        page=found.page,
        problems=problems,
        typed=request.form,
        team=set(request.form.getlist("team")),
    )


def _trial() -> Trial:
    """Read the trial; Invalid names the field that is neither empty nor what is expected there."""
    until, most = request.form.get("until", "").strip(), request.form.get("most_cases", "").strip()
    problems: list[Problem] = []
    day = date_of(until)
    if until and day is None:
        problems.append(
            Problem(field="until", label="Last day of the trial", sentence=say("Choose a day from today on."))
        )
    if most and not (most.isascii() and most.isdigit() and len(most) <= _DIGITS):
        problems.append(
            Problem(field="most_cases", label="At most so many cases", sentence=say("Write a whole number."))
        )
    if problems:
        raise Invalid(tuple(problems))
    team = tuple(one for one in map(parse_id, request.form.getlist("team")) if one is not None)
    return Trial(team=team, until=day, most_cases=int(most) if most else None)
