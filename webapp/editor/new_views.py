"""A new SOP: how it is called, and what its first draft begins with."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import new_sops
from engine.actions.new_sops import NewSop, Words
from engine.errors import Invalid, Problem
from engine.ids import new_id
from engine.queries import library, process_drafts
from webapp import current
from webapp.editor.area import Page, attempt, blueprint

_COPY = "copy"


@blueprint.get("/new")
def new() -> Page:
    """Ask how a new SOP is called and what it begins with."""
    return _page(())


@blueprint.post("/new")
def begin() -> Page:
    """Begin a new SOP, and go to its draft."""
    engine, actor = current.engine(), current.actor()
    asked = NewSop(name=request.form.get("name", ""), key=request.form.get("key", ""))
    try:
        if request.form.get("from") == _COPY:
            source = request.form.get("source", "")
            key, draft_id = new_sops.start_copy(engine, actor, asked, source, attempt())
        else:
            roles = tuple(request.form.getlist("roles"))
            key, draft_id = new_sops.start_blank(engine, actor, asked, roles, _words(), attempt())
    except Invalid as error:
        return _page(error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(f"/library/{key}/drafts/{draft_id.hex}", HTTPStatus.SEE_OTHER)


def _page(problems: tuple[Problem, ...]) -> str:
    engine, actor = current.engine(), current.actor()
    roles = process_drafts.lane_roles(engine, actor)
    chosen = set(request.form.getlist("roles")) if problems else {one.key for one in roles if one.performs}
    return render_template(
        "editor/new.html",
        roles=roles,
        chosen=chosen,
        sops=library.library_page(engine, actor).sops,
        problems=problems,
        typed=request.form,
        attempt=attempt().hex if problems else new_id().hex,
    )


def _words() -> Words:
    return Words(start=gettext("Start"), step=gettext("First step"), end=gettext("End"))
