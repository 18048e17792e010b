"""Conditional events: they happen when their condition becomes true (BPMN 2.0, 10.5.5)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import WAS_TRUE, happen, is_unmoved, waits_for
from engine.bpmn.definitions import Conditional
from engine.bpmn.live_task import LiveTask
from engine.bpmn.trail import Happening


def poll_conditions(live: Any, *, midway: bool = False) -> bool:  # noqa: ANN401 - an instance; its module imports this one
    """Let the first condition that became true happen; False where none did.

    This is asked after every step, since what the next one does is no longer to be done where the
    event interrupts. ``midway``: see ``ScriptEngine.decide_quietly``.
    """
    for task in list(live.conditional.values()):
        if task.state != TaskState.WAITING or task.id not in task.workflow.tasks:
            del live.conditional[task.id]
            continue
        for place, part in waits_for(task, Conditional):
            if is_unmoved(task) and _became_true(task, part, midway=midway) and happen(task, place):
                return True
    return False


def _became_true(task: LiveTask, part: Conditional, *, midway: bool) -> bool:
    top = task.workflow.top_workflow
    true = top.script_engine.decide_quietly(task, part.condition, midway=midway)
    if not true:
        task.internal_data.pop(WAS_TRUE, None)
        return False
    if WAS_TRUE in task.internal_data:
        return False
    task.internal_data[WAS_TRUE] = True
    top.record(Happening.VALUE, task, true)
    return True
