"""Where a case stands, in words: the open step, who has it, and when it is due."""

from __future__ import annotations

from engine.model.instance import InstanceStatus
from engine.queries.case_tasks import TaskLine
from webapp.due import Due, step_due
from webapp.language import gettext


def due_of_line(line: TaskLine) -> Due:
    """Say when an open task of a case is due."""
    return step_due(line.task, line.task.office, waits_to_start=line.waits_to_start)


def named_round(name: str, round_: int) -> str:
    """Name a step with its round, from the second one on."""
    return gettext("%(step)s, round %(round)s", step=name, round=round_) if round_ > 1 else name


def held_by(holder: str, role_label: str) -> str:
    """Say who has an open step."""
    return holder or gettext("%(role)s, nobody has taken it yet", role=role_label)


def status_words(status: InstanceStatus) -> str:
    """Say where a case is in its life."""
    return {
        InstanceStatus.RUNNING: gettext("Running"),
        InstanceStatus.FINISHED: gettext("Finished"),
        InstanceStatus.CANCELLED: gettext("Cancelled"),
    }[status]
