"""What is noted in a sample: all of its page at once, and then, if that is asked, concluded."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, request, url_for

from engine.actions import sample_notes as notes
from engine.actions import samples as acts
from engine.errors import Conflict, Invalid, Problem
from engine.queries.samples import sample_page
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.samples import show_sample
from webapp.audit.samples_typed import conclusion_of, notes_of
from webapp.frame import leave_note
from webapp.language import gettext, ngettext
from webapp.rendering import sentence


@blueprint.post("/samples/<uuid:sample_id>/notes")
def note_sample(sample_id: UUID) -> Page:
    """Save all that was changed on the page."""
    changed = notes_of(request.form)
    try:
        notes.save(current.engine(), current.actor(), sample_id, changed, conclusion_of(request.form))
    except Invalid as error:
        return _again(sample_id, error.problems)
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
        return _again(sample_id, ())
    page = sample_page(current.engine(), current.actor(), sample_id)
    left = page.row.size - page.row.looked_at
    told = gettext("Saved. All cases were looked at.")
    if left:
        told = ngettext("Saved. %(num)s case is left.", "Saved. %(num)s cases are left.", left)
    leave_note(told)
    anchor = f"case-{changed[-1].place}" if changed else "conclusion"
    return redirect(url_for("audit.sample", sample_id=sample_id, _anchor=anchor), HTTPStatus.SEE_OTHER)


@blueprint.post("/samples/<uuid:sample_id>/conclusion")
def conclude_sample(sample_id: UUID) -> Page:
    """Save all that was changed on the page, then conclude the sample; if that is refused it stays saved."""
    engine, actor, safe = current.engine(), current.actor(), ""
    try:
        changed, conclusion = notes_of(request.form), conclusion_of(request.form)
        revision = notes.save(engine, actor, sample_id, changed, conclusion)
        safe = gettext("What you typed is saved. The sample is not concluded yet.")
        acts.conclude(engine, actor, sample_id, revision, request.form.get("conclusion", ""))
    except Invalid as error:
        return _again(sample_id, error.problems, safe)
    except Conflict as error:
        leave_note(" ".join(part for part in (sentence(error.sentence), safe) if part), "error")
        if not safe:
            return _again(sample_id, ())
    else:
        leave_note(gettext("The sample is concluded. Another of the team reviews it."))
    return redirect(url_for("audit.sample", sample_id=sample_id), HTTPStatus.SEE_OTHER)


def _again(sample_id: UUID, problems: tuple[Problem, ...], safe: str = "") -> Page:
    """Show the page again with what was typed."""
    found = sample_page(current.engine(), current.actor(), sample_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.CONFLICT
    return show_sample(found, problems, safe), status
