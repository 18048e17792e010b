"""The administrator's pages of people, and of the tasks they can no longer do."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.actions import people as acts
from engine.actions import tasks
from engine.actions.passwords import token_digest
from engine.errors import AlurError, Conflict, Forbidden, Invalid, Problem
from engine.queries import people, roles, signing_in
from webapp import current
from webapp.admin import made_links
from webapp.admin.area import Page, area_page, blueprint
from webapp.frame import leave_note
from webapp.language import gettext
from webapp.rendering import sentence

_LONGEST = 200
_PERSON_FIELDS = ("sign_in_name", "nip", "name", "post", "unit")


@blueprint.get("")
def home() -> Response:
    """Go to the people."""
    return redirect(url_for("admin.people_list"), 303)


@blueprint.get("/people")
def people_list() -> Page:
    """List the people of the office."""
    engine, actor = current.engine(), current.actor()
    text, after = request.args.get("q", "").strip()[:_LONGEST], request.args.get("after", "")
    rows, last = people.people_page(engine, actor, text=text, after=after)
    following = url_for("admin.people_list", q=text or None, after=last) if last else ""
    return area_page("people.html", here="people", rows=rows, text=text, following=following, begun=not after)


@blueprint.get("/people/new")
def new_person() -> Page:
    """Show the form for a new person."""
    return _person_form({}, ())


@blueprint.post("/people")
def add_person() -> Page:
    """Add a person, and show the link by which they set their password."""
    engine, actor, form = current.engine(), current.actor(), _person_fields()
    try:
        person_id = acts.add_person(engine, actor, acts.PersonForm(**form))
    except Invalid as error:
        return _person_form(form, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("%(name)s was added.", name=form["name"]))
    return _to_new_link(person_id)


@blueprint.get("/people/<uuid:person_id>")
def person(person_id: UUID) -> Page:
    """Show a person with their roles."""
    return _person(person_id)


@blueprint.post("/people/<uuid:person_id>")
def change_person(person_id: UUID) -> Page:
    """Change a person's names, post or unit."""
    form = _person_fields()
    try:
        acts.change_person(current.engine(), current.actor(), person_id, acts.PersonForm(**form))
    except Invalid as error:
        return _person(person_id, form=form, problems=error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("%(name)s was saved.", name=form["name"]))
    return _to_person(person_id)


@blueprint.post("/people/<uuid:person_id>/deactivation")
def deactivate_person(person_id: UUID) -> Page:
    """Let a person sign in no more."""
    try:
        acts.deactivate_person(current.engine(), current.actor(), person_id)
    except Forbidden as error:
        return _refused(error, _to_person(person_id))
    leave_note(gettext("The account is deactivated. Its sessions have ended; its history stays."))
    return _to_person(person_id)


@blueprint.post("/people/<uuid:person_id>/activation")
def activate_person(person_id: UUID) -> Page:
    """Let a person sign in again."""
    acts.activate_person(current.engine(), current.actor(), person_id)
    leave_note(gettext("The account is active again."))
    return _to_person(person_id)


@blueprint.get("/people/<uuid:person_id>/password-link")
def password_link(person_id: UUID) -> Page:
    """Show the one-time link of a person again, to who made it in this browser."""
    engine, token = current.engine(), made_links.token_for(person_id)
    found = people.person_page(engine, current.actor(), person_id)
    mine = token and signing_in.link_is_open(engine, token_digest(token))
    link = url_for("auth.link_page", token=token, _external=True) if mine else ""
    return render_template("admin/password_link.html", person=found, link=link)


@blueprint.post("/people/<uuid:person_id>/password-link")
def issue_password_link(person_id: UUID) -> Page:
    """Make a one-time link by which a person sets their password."""
    return _to_new_link(person_id)


@blueprint.get("/tasks")
def orphaned_tasks() -> Page:
    """List the open tasks whose holder cannot do them any more."""
    return area_page("tasks.html", here="tasks")


@blueprint.post("/tasks/<uuid:task_id>/release")
def release_task(task_id: UUID) -> Page:
    """Put an orphaned task back into the pool of its role."""
    back = redirect(url_for("admin.orphaned_tasks"), 303)
    try:
        tasks.release_orphan(current.engine(), current.actor(), task_id)
    except Conflict as error:
        return _refused(error, back)
    leave_note(gettext("The task is back with its role: everybody who holds the role can take it."))
    return back


def _person_fields() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in _PERSON_FIELDS}


def _person_form(form: dict[str, str], problems: tuple[Problem, ...]) -> str:
    units = people.units_page(current.engine(), current.actor())
    return render_template("admin/person_new.html", form=form, problems=problems, units=units)


def _person(person_id: UUID, form: dict[str, str] | None = None, problems: tuple[Problem, ...] = ()) -> str:
    engine, actor = current.engine(), current.actor()
    found = people.person_page(engine, actor, person_id)
    return render_template(
        "admin/person.html",
        person=found,
        form=form or {name: getattr(found, name) for name in _PERSON_FIELDS},
        problems=problems,
        units=people.units_page(engine, actor),
        roles=roles.roles_page(engine, actor),
    )


def _to_new_link(person_id: UUID) -> Page:
    """Make a link and go to its page."""
    life = timedelta(hours=current.settings().password_link_hours)
    try:
        token = acts.issue_password_link(current.engine(), current.actor(), person_id, life)
    except Forbidden as error:
        return _refused(error, _to_person(person_id))
    made_links.keep(person_id, token)
    return redirect(url_for("admin.password_link", person_id=person_id), 303)


def _to_person(person_id: UUID) -> Response:
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _refused(error: AlurError, back: Response) -> Response:
    leave_note(sentence(error.sentence), "error")
    return back
