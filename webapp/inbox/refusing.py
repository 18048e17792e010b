"""A task's form that could not be taken as it was sent: shown again with everything as it was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import render_template

from engine.errors import AlurError, ChangedElsewhere, Forbidden, Problem, ProcessFailed
from engine.model.task import TaskState
from engine.queries.task_form import DONE_ON
from engine.queries.task_page import task_page
from webapp import current, errors
from webapp.inbox.acts import Page, show
from webapp.inbox.filters import written
from webapp.inbox.submitted import Submitted
from webapp.inbox.task_view import Trouble
from webapp.language import gettext
from webapp.rendering import plainly, sentence


def refused(task_id: UUID, sent: Submitted, problems: tuple[Problem, ...]) -> Page:
    """Show the form again with everything as it was typed."""
    named = tuple(replace(one, label="Done on") if one.field == DONE_ON else one for one in problems)
    return show(task_id, sent.wanted, _trouble(sent, problems=named), HTTPStatus.UNPROCESSABLE_ENTITY)


def changed_elsewhere(task_id: UUID, sent: Submitted, at: datetime) -> Page:
    """Show the form as this page had it, and lead to what another page made of the draft."""
    return show(task_id, sent.wanted, _trouble(sent, elsewhere=at), HTTPStatus.CONFLICT)


def too_late(task_id: UUID, sent: Submitted, error: AlurError) -> Page:
    """Say who was first and when; or, where the task is still open, why it could not be completed."""
    page = task_page(current.engine(), current.actor(), task_id)
    if isinstance(error, Forbidden) and not page.typed:
        raise error  # never theirs to do, and nothing of theirs was kept
    if isinstance(error, ChangedElsewhere):
        return changed_elsewhere(task_id, sent, error.at)
    status = errors.status_of(error)
    if page.task.state is TaskState.OPEN:
        return show(task_id, sent.wanted, _trouble(sent, failure=_failure(error)), status)
    words = sentence(error.sentence)
    return render_template("inbox/too_late.html", page=page, words=words, query=written(sent.wanted)), status


def _failure(error: AlurError) -> str:
    """Say why an open task could not be completed; of the process's own failures, that they are noted."""
    if not isinstance(error, ProcessFailed):
        return sentence(error.sentence)
    return f"{plainly(error.sentence).rstrip('.')}. " + gettext(
        "This is noted as a problem; whoever looks after the SOP sees it."
    )


def _trouble(sent: Submitted, **what: Any) -> Trouble:
    other = sent.opened is not None and sent.opened.other
    return Trouble(fields=sent.fields, done_on=sent.done_on, attempt=sent.attempt, is_other=other, **what)
