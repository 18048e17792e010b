"""The pages of incidents, for administrators and process owners: the list, one of them, a correction."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.actions import corrections, incidents
from engine.errors import Conflict, Forbidden, Invalid, Problem, ProcessFailed
from engine.model.correction import Correction
from engine.model.incident import Cause, IncidentKind, IncidentState
from engine.queries import incident_values
from engine.queries import incidents as pages
from webapp import current
from webapp.frame import leave_note
from webapp.incidents import words
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.stops import named

Page = str | tuple[str, int] | Response

blueprint = Blueprint("incidents", __name__, url_prefix="/admin/incidents")

for _function, _name in (
    (words.kind_words, "incident_kind"),
    (words.solution_words, "incident_solution"),
    (words.times_words, "times"),
    (words.value_words, "value_words"),
    (words.at_query, "at_query"),
):
    blueprint.add_app_template_filter(_function, _name)


@blueprint.get("")
def incident_list() -> Page:
    """List what stands still, or what was solved."""
    wanted = IncidentState.SOLVED if request.args.get("state") == "solved" else IncidentState.OPEN
    after = request.args.get("after", "")
    found = pages.incident_list(current.engine(), current.actor(), wanted, after=after)
    return render_template("incidents/list.html", list=found, state=wanted, begun=not after)


@blueprint.get("/<uuid:incident_id>")
def incident(incident_id: UUID) -> Page:
    """Show one with everything that is known of it."""
    return _incident(incident_id, ())


@blueprint.post("/<uuid:incident_id>/retry")
def retry(incident_id: UUID) -> Page:
    """Try again what failed, and tell what came of it."""
    try:
        _tell(incident_id, incidents.retry(current.engine(), current.actor(), incident_id))
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
    return _to(incident_id)


@blueprint.post("/<uuid:incident_id>/closure")
def close(incident_id: UUID) -> Page:
    """Close by hand what no case waits for."""
    reason = request.form.get("reason", "")
    try:
        incidents.close(current.engine(), current.actor(), incident_id, reason)
    except Invalid as error:
        return _incident(incident_id, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
    else:
        kind = pages.incident_page(current.engine(), current.actor(), incident_id).incident.kind
        leave_note(
            gettext("The SOP goes on; its cases are as they were.")
            if kind is IncidentKind.SUSPENDED
            else gettext("The problem is closed.")
        )
    return _to(incident_id)


@blueprint.get("/<uuid:incident_id>/correction")
def correction(incident_id: UUID) -> Page:
    """Ask for the new value and the reason."""
    return _correction(incident_id, request.args.getlist("at"), ())


@blueprint.post("/<uuid:incident_id>/correction")
def correct(incident_id: UUID) -> Page:
    """Correct a value, then try again what failed."""
    form, path = request.form, request.form.getlist("at")
    chosen, value = form.get("kind", ""), form.get("value", "")
    kind, text = words.typed_as(chosen, value)
    reason, seen = form.get("reason", ""), form.get("seen", "")
    wanted = Correction(path=tuple(path), kind=kind, text=text, reason=reason, seen=seen)
    try:
        corrections.correct(current.engine(), current.actor(), incident_id, wanted)
    except Invalid as error:
        return _correction(incident_id, path, error.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    except (Conflict, Forbidden, ProcessFailed) as error:
        leave_note(sentence(error.sentence), "error")
        return _to(incident_id)
    leave_note(gettext("The value is corrected; the old one is on record."))
    return retry(incident_id)


def _tell(incident_id: UUID, came: incidents.Retried) -> None:
    if came.queued:
        leave_note(gettext("It is being tried again. This page shows in a moment what came of it."))
    elif not came.passed:
        leave_note(gettext("It still fails: %(why)s", why=sentence(came.sentence)), "error")
    elif not came.dry:
        leave_note(gettext("It went through. The case goes on."))
    else:
        cause = pages.incident_page(current.engine(), current.actor(), incident_id).incident.tried.cause
        leave_note(
            gettext("It would go through now. Whoever has the task can complete it.")
            if cause is Cause.COMPLETION
            else gettext("It would go through now. A case can be started.")
        )


def _named(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Name the fields as the page does; the summary translates the names."""
    labels = {"value": "New value", "reason": "Reason"}
    return tuple(replace(one, label=labels.get(one.field, one.label)) for one in problems)


def _incident(incident_id: UUID, problems: tuple[Problem, ...]) -> str:
    page = pages.incident_page(current.engine(), current.actor(), incident_id)
    found, definition = page.incident, page.definition
    return render_template(
        "incidents/incident.html",
        page=page,
        one=found,
        where=named(definition, found.element, found.name) or page.sop_name,
        tried=words.cause_words(found.tried.cause, named(definition, found.tried.element)),
        drawn=words.drawn(page),
        legend=words.legend(page),
        events=[(*words.event_words(event, definition), event) for event in page.events],
        place=lambda path: words.place_words(definition, path),
        problems=_named(problems),
        reason=request.form.get("reason", ""),
    )


def _correction(incident_id: UUID, path: list[str], problems: tuple[Problem, ...]) -> str:
    page = incident_values.value_page(current.engine(), current.actor(), incident_id, path)
    form = request.form
    definition = current.engine().versions.get(page.incident.version).definition
    return render_template(
        "incidents/correction.html",
        page=page,
        one=page.incident,
        where=named(definition, page.incident.element, page.incident.name),
        place=words.place_words(definition, page.path),
        kinds=words.kinds_typed(),
        kind=form.get("kind") or words.chosen_kind(page.value, page.kind),
        value=form.get("value", words.value_typed(page.value, page.kind)),
        reason=form.get("reason", ""),
        problems=_named(problems),
    )


def _to(incident_id: UUID) -> Response:
    return redirect(url_for("incidents.incident", incident_id=incident_id), HTTPStatus.SEE_OTHER)
