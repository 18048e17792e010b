"""Personal data erased from an ended case: looked for, chosen, and gone for good."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for

from engine.actions import erasures as acts
from engine.errors import Conflict, Invalid, Problem
from engine.ids import new_id, parse_id
from engine.model.erasure import LONGEST_LETTER, Erasure
from engine.queries import erasable as pages
from engine.queries.erasable import ErasableEntry
from webapp import current
from webapp.admin.area import Page, blueprint
from webapp.frame import leave_note
from webapp.history.event_words import heading_of
from webapp.incoming import small_number
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.standing import named_round
from webapp.stops import named


@blueprint.get("/erasures/<uuid:case_id>")
def erasure(case_id: UUID) -> Page:
    """Show what of a case can be erased; with a text, what holds it is chosen."""
    return _page(case_id, request.args.get("text", ""))


@blueprint.post("/erasures/<uuid:case_id>")
def erase(case_id: UUID) -> Page:
    """Erase what was chosen."""
    asked = erasure_asked()
    try:
        acts.erase(current.engine(), current.actor(), case_id, asked)
    except Invalid as error:
        page = _page(case_id, request.form.get("text", ""), error.problems, asked)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
        return redirect(url_for("admin.erasure", case_id=case_id), HTTPStatus.SEE_OTHER)
    leave_note(gettext("It is erased. The record keeps that it was, on which letter, and every proof."))
    return redirect(url_for("cases.case", case_id=case_id), HTTPStatus.SEE_OTHER)


def erasure_asked() -> Erasure:
    """Read what was chosen, and on whose demand."""
    form = request.form
    return Erasure(
        events=_numbers("event"),
        documents=_numbers("document"),
        letter=form.get("letter", ""),
        reason=form.get("reason", ""),
        attempt=parse_id(form.get("attempt", "")) or new_id(),
    )


def _numbers(name: str) -> frozenset[int]:
    return frozenset(request.form.getlist(name, type=small_number))


def _page(case_id: UUID, text: str, problems: Collection[Problem] = (), asked: Erasure | None = None) -> str:
    found = pages.erasable(current.engine(), current.actor(), case_id, text)
    definition = found.definition

    def heading(entry: ErasableEntry) -> str:
        step = named_round(named(definition, entry.element), entry.round) if entry.element else ""
        return heading_of(entry.kind, step, gettext("somebody"))

    return render_template(
        "admin/erasure.html",
        page=found,
        heading=heading,
        problems=problems,
        letter=asked.letter if asked else "",
        reason=asked.reason if asked else "",
        events=asked.events if asked else {one.seq for one in found.entries if one.around or one.is_cut_off},
        documents=asked.documents if asked else {one.no for one in found.papers if one.is_found},
        attempt=(asked.attempt if asked else new_id()).hex,
        longest=LONGEST_LETTER,
    )
