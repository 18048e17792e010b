"""What a revision changed for whoever works by it: read, and said to be read."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import acknowledgements
from engine.errors import Invalid, Problem, say
from engine.model.revision import Acknowledging
from engine.queries import acknowledging
from webapp import current
from webapp.difference import view
from webapp.editor.area import Page, blueprint
from webapp.frame import leave_note


@blueprint.get("/<key>/versions/<int:number>/reading")
def reading(key: str, number: int) -> Page:
    """Show what a revision changed for the reader."""
    page = acknowledging.reading_page(current.engine(), current.actor(), key, number)
    changed = None if page.difference is None else view(page.difference)
    return render_template("editor/reading.html", page=page, view=changed)


@blueprint.post("/<key>/versions/<int:number>/acknowledgement")
def acknowledgement(key: str, number: int) -> Page:
    """Note that the reader has read it."""
    acknowledgements.acknowledge(current.engine(), current.actor(), key, number)
    leave_note(gettext("It is noted that you have read it."))
    return redirect(f"/library/{key}/versions/{number}/reading", HTTPStatus.SEE_OTHER)


@blueprint.get("/<key>/acknowledgements")
def readers(key: str) -> Page:
    """List who works by the revision in force and has not read what it changed."""
    page = acknowledging.readers_page(current.engine(), current.actor(), key)
    return render_template("editor/readers.html", page=page, policies=_policies())


@blueprint.post("/<key>/acknowledgements")
def acknowledging_policy(key: str) -> Page:
    """Decide what becomes of those who have not."""
    try:
        policy = Acknowledging(request.form.get("policy", ""))
    except ValueError:
        sentence = say("Choose what becomes of those who have not read.")
        raise Invalid((Problem(field="policy", label="policy", sentence=sentence),)) from None
    acknowledgements.set_policy(current.engine(), current.actor(), key, policy)
    leave_note(gettext("Saved."))
    return redirect(f"/library/{key}/acknowledgements", HTTPStatus.SEE_OTHER)


def _policies() -> tuple[tuple[Acknowledging, str], ...]:
    return (
        (Acknowledging.SHOW, gettext("They are asked to read it, in “My tasks”")),
        (Acknowledging.WARN, gettext("They are asked, and reminded at each task")),
        (Acknowledging.BLOCK, gettext("They take and complete no task before they have read it")),
    )
