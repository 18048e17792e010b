"""The administrator's pages of roles and units."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import redirect, render_template, request, url_for

from engine.actions import roles as acts
from engine.errors import Invalid, NotFound, Problem, say
from engine.queries import people, roles
from webapp import current
from webapp.admin.area import Page, area_page, blueprint
from webapp.frame import leave_note
from webapp.language import gettext

_ASSIGNMENT_FIELDS = ("person", "standing", "since", "until", "letter")
_ROLE_FIELDS = ("key", "label", "name", "kind")


@blueprint.get("/roles")
def roles_list() -> Page:
    """List the roles with who holds them."""
    return area_page("roles.html", here="roles", roles=roles.roles_page(current.engine(), current.actor()))


@blueprint.get("/roles/new")
def new_role() -> Page:
    """Show the form for a new role; a link may bring what is known of it, such as the key a lane names."""
    form = {name: request.args.get(name, "") for name in _ROLE_FIELDS}
    return render_template("admin/role_new.html", form=form, problems=())


@blueprint.post("/roles")
def add_role() -> Page:
    """Add a role."""
    form = {name: request.form.get(name, "") for name in _ROLE_FIELDS}
    try:
        acts.add_role(current.engine(), current.actor(), acts.RoleForm(**form))
    except Invalid as error:
        page = render_template("admin/role_new.html", form=form, problems=error.problems)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The role %(name)s was added.", name=form["label"]))
    return redirect(url_for("admin.roles_list"), 303)


@blueprint.get("/roles/<uuid:role_id>/assignments/new")
def new_assignment(role_id: UUID) -> Page:
    """Show the form that gives a role to somebody."""
    today = current.engine().clock.now().astimezone(current.zone_info()).date().isoformat()
    return _assignment_form(role_id, {"person": request.args.get("person", ""), "since": today}, ())


@blueprint.post("/roles/<uuid:role_id>/assignments")
def assign_role(role_id: UUID) -> Page:
    """Give a role to somebody."""
    form = {name: request.form.get(name, "") for name in _ASSIGNMENT_FIELDS}
    try:
        acts.assign_role(current.engine(), current.actor(), role_id, acts.AssignmentForm(**form))
    except Invalid as error:
        return _assignment_form(role_id, form, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The role is given. It holds from its first day on."))
    return redirect(url_for("admin.roles_list"), 303)


@blueprint.get("/assignments/<uuid:assignment_id>/end")
def ending(assignment_id: UUID) -> Page:
    """Show the form that ends a role."""
    return _end_form(assignment_id, ())


@blueprint.post("/assignments/<uuid:assignment_id>/end")
def end_role(assignment_id: UUID) -> Page:
    """Set the last day on which somebody holds a role."""
    try:
        acts.end_role(current.engine(), current.actor(), assignment_id, request.form.get("until", ""))
    except Invalid as error:
        return _end_form(assignment_id, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(
        gettext("The role has its last day now. Tasks taken under it are shown here when it has passed.")
    )
    return redirect(url_for("admin.roles_list"), 303)


@blueprint.get("/units")
def units_list() -> Page:
    """List the units of the office."""
    return _units({}, ())


@blueprint.post("/units")
def add_unit() -> Page:
    """Add a unit."""
    name = request.form.get("name", "")
    try:
        acts.add_unit(current.engine(), current.actor(), name)
    except Invalid as error:
        return _units({"name": name}, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    leave_note(gettext("The unit %(name)s was added.", name=name))
    return redirect(url_for("admin.units_list"), 303)


def _units(form: dict[str, str], problems: tuple[Problem, ...]) -> str:
    units = people.units_page(current.engine(), current.actor())
    return area_page("units.html", here="units", units=units, form=form, problems=problems)


def _assignment_form(role_id: UUID, form: dict[str, str], problems: tuple[Problem, ...]) -> str:
    engine, actor = current.engine(), current.actor()
    found = next((role for role in roles.roles_page(engine, actor) if role.id == role_id), None)
    if found is None:
        raise NotFound(say("This role does not exist, or is not of your office."))
    choices = people.choices(engine, actor)
    return render_template("admin/assignment.html", role=found, people=choices, form=form, problems=problems)


def _end_form(assignment_id: UUID, problems: tuple[Problem, ...]) -> str:
    terms = (term for role in roles.roles_page(current.engine(), current.actor()) for term in role.terms)
    found = next((term for term in terms if term.assignment == assignment_id), None)
    if found is None:
        raise NotFound(say("This role does not exist, or is not of your office."))
    until = request.form.get("until") or (found.until.isoformat() if found.until else "")
    return render_template("admin/end_role.html", term=found, until=until, problems=problems)
