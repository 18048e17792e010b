"""Personal data erased from the record of the office: looked for, chosen, and gone for good."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from flask import redirect, render_template, request, url_for

from engine.actions import office_erasures as acts
from engine.actions import reads
from engine.errors import Conflict, Invalid, Problem
from engine.ids import new_id
from engine.model.erasure import ERASED, LONGEST_LETTER, Erasure
from engine.queries import erasable_office as pages
from webapp import current
from webapp.admin.area import Page, blueprint
from webapp.admin.erasures import erasure_asked
from webapp.frame import leave_note
from webapp.history.event_words import act_words
from webapp.language import gettext
from webapp.rendering import sentence


@blueprint.get("/erasures")
def office_erasure() -> Page:
    """Show what of the office's record holds a text."""
    return _page(request.args.get("text", ""))


@blueprint.post("/erasures")
def erase_of_office() -> Page:
    """Erase what was chosen."""
    asked, text = erasure_asked(), request.form.get("text", "")
    try:
        acts.erase_of_office(current.engine(), current.actor(), asked)
    except Invalid as error:
        return _page(text, error.problems, asked), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
    else:
        leave_note(gettext("It is erased. The record keeps that it was, on which letter, and every proof."))
    return redirect(url_for("admin.office_erasure"), HTTPStatus.SEE_OTHER)


def _page(text: str, problems: Collection[Problem] = (), asked: Erasure | None = None) -> str:
    if text.strip():  # what was looked for would stand in the record again: that somebody looked is kept
        reads.note_listing(current.engine(), current.actor(), "/admin/erasures", {})
    found = pages.erasable_of_office(current.engine(), current.actor(), text)
    return render_template(
        "admin/office_erasure.html",
        page=found,
        act_words=act_words,
        erased=ERASED,
        problems=problems,
        letter=asked.letter if asked else "",
        reason=asked.reason if asked else "",
        events=asked.events if asked else {one.seq for one in found.entries},
        attempt=(asked.attempt if asked else new_id()).hex,
        longest=LONGEST_LETTER,
    )
