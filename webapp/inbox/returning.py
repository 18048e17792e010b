"""Sending a case back from a task's page."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from engine.actions import returns
from engine.errors import Conflict, Problem
from engine.model.task import TaskState
from engine.queries.task_page import task_page
from webapp import current
from webapp.inbox import acts
from webapp.inbox.acts import Page
from webapp.inbox.submitted import act_field, posted_attempt
from webapp.inbox.task_view import Trouble
from webapp.language import gettext


def send_back(task_id: UUID) -> Page:
    """Send the case back; where its branches do not allow it now, the page says why and keeps the reason."""
    engine, actor, reason, step = current.engine(), current.actor(), act_field("why"), act_field("step")
    try:
        returns.send_back(engine, actor, task_id, step, reason, posted_attempt())
    except Conflict as error:
        page = task_page(engine, actor, task_id)
        if page.task.state is not TaskState.OPEN:
            raise
        problem = Problem(field="step", label="step", sentence=error.sentence)
        trouble = Trouble(
            act="return", problems=(problem,), typed=reason, chosen=step, attempt=posted_attempt()
        )
        return acts.show(task_id, acts.asked(), trouble, HTTPStatus.CONFLICT)
    definition = engine.versions.get(task_page(engine, actor, task_id).task.version).definition
    return acts.to_list(gettext("The case was sent back to %(step)s.", step=definition.step(step).name))
