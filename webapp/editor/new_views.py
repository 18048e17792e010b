"""A new SOP: how it is called, and what its first draft begins with."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext

from engine.actions import new_sops
from engine.actions.new_sops import NewSop, Words
from engine.errors import Finding, Invalid, Problem, Refused
from engine.ids import new_id
from engine.queries import library, process_drafts
from webapp import current
from webapp.editor.area import NO_FILE, Page, attempt, blueprint, file_name, sop_file
from webapp.frame import leave_note

_COPY, _FILE = "copy", "file"


@blueprint.get("/new")
def new() -> Page:
    """Ask how a new SOP is called and what it begins with."""
    return _page(())


@blueprint.post("/new")
def begin() -> Page:
    """Begin a new SOP, and go to its draft."""
    asked = NewSop(name=request.form.get("name", ""), key=request.form.get("key", ""))
    try:
        key, draft_id = _begin(asked)
    except Invalid as error:
        return _page(error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except Refused as error:
        return _page((), error.findings), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(
        gettext("This is the draft of the new SOP. Draw its steps, fill in the header, try it, submit it.")
    )
    return redirect(f"/library/{key}/drafts/{draft_id.hex}", HTTPStatus.SEE_OTHER)


def _begin(asked: NewSop) -> tuple[str, UUID]:
    engine, actor = current.engine(), current.actor()
    kind = request.form.get("from")
    if kind == _COPY:
        return new_sops.start_copy(engine, actor, asked, request.form.get("source", ""), attempt())
    if kind == _FILE:
        file = sop_file()
        if file is None:
            raise Invalid((Problem(field="file", label="File", sentence=NO_FILE),))
        return new_sops.start_from_file(engine, actor, asked, file, attempt())
    roles = tuple(request.form.getlist("roles"))
    return new_sops.start_blank(engine, actor, asked, roles, _words(), attempt())


def _page(problems: tuple[Problem, ...], findings: tuple[Finding, ...] = ()) -> str:
    engine, actor = current.engine(), current.actor()
    roles = process_drafts.lane_roles(engine, actor)
    chosen = (
        set(request.form.getlist("roles")) if request.form else {one.key for one in roles if one.performs}
    )
    return render_template(
        "editor/new.html",
        roles=roles,
        chosen=chosen,
        sops=library.library_page(engine, actor).sops,
        problems=problems,
        findings=findings,
        file=file_name(),
        typed=request.form or request.args,
        attempt=attempt().hex if request.form else new_id().hex,
    )


def _words() -> Words:
    return Words(start=gettext("Start"), step=gettext("First step"), end=gettext("End"))
