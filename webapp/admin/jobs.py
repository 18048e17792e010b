"""The administrator's page of jobs: what service tasks ask of other systems, and what was given up."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for

from engine.actions import job_retries as acts
from engine.errors import Conflict
from engine.model.job import JobState
from engine.queries import jobs
from webapp import current
from webapp.admin.area import Page, area_page, blueprint
from webapp.frame import leave_note
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.stops import named


@blueprint.get("/jobs")
def job_list() -> Page:
    """List the jobs of the office."""
    found = jobs.job_list(current.engine(), current.actor())
    return area_page(
        "jobs.html",
        here="jobs",
        jobs=[(job, named(job.definition, job.element), _state_words(job.state)) for job in found.rows],
        more=found.more,
    )


@blueprint.post("/jobs/<uuid:job_id>/retry")
def retry_job(job_id: UUID) -> Page:
    """Have a job tried at once."""
    try:
        acts.retry(current.engine(), current.actor(), job_id)
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
    else:
        leave_note(gettext("It is tried again now. Look here in a moment for what came of it."))
    return redirect(url_for("admin.job_list"), 303)


def _state_words(state: JobState) -> str:
    return {
        JobState.WAITING: gettext("Waits"),
        JobState.RUNNING: gettext("Being tried"),
        JobState.DEAD: gettext("Given up"),
    }[state]
