"""Takes the automatic steps of a live instance, and tells what they led to."""

from __future__ import annotations

from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import waits_for
from engine.bpmn.definitions import Conditional
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.outcome import Outcome
from engine.bpmn.state import state_text
from engine.errors import ProcessFailed, say
from engine.model.job import Job, JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey


def advance(live: LiveInstance) -> Outcome:
    """Go as far as it goes by itself. ProcessFailed where an expression fails, or nothing can ever go on."""
    live.advance()
    finished = live.finished
    if not finished and not _can_move(live):
        raise _stuck(live)
    return outcome_of(live, finished=finished)


def outcome_of(live: LiveInstance, *, finished: bool = False) -> Outcome:
    """Tell what was done to an instance since its step began."""
    return Outcome(
        state=state_text(live) if live.written and not finished else "",
        finished=finished,
        opened=tuple(_task_key(task) for task in live.opened.values()),
        closed=tuple(_task_key(task) for task in live.closed),
        timers_set=tuple((_timer_key(task), _due(task)) for task in live.timers_set.values()),
        timers_cleared=tuple(live.timers_cleared),
        waits_set=tuple(live.waits_set.values()),
        waits_cleared=tuple(live.waits_cleared),
        thrown=tuple(live.thrown),
        stored=live.stores.stored,
        trail=tuple(live.trail),
        at=live.now,
        jobs_set=tuple(_job(task) for task in live.jobs_set.values()),
        jobs_cleared=tuple(live.jobs_cleared),
        variables_text=live.variables.json_text() if live.written else "{}",
        live=live,
    )


def _can_move(live: LiveInstance) -> bool:
    # The innermost first: there somebody waits, while a thousand instances around only stand for theirs.
    return any(
        task.state == TaskState.READY or _can_be_woken(task)
        for workflow in reversed(tuple(live.workflows()))
        for task in workflow.tasks.values()
    )


def _can_be_woken(task: LiveTask) -> bool:
    if not {"due", "waits", "job"}.isdisjoint(task.internal_data):
        return True
    return bool(waits_for(task, Conditional))


def _stuck(live: LiveInstance) -> ProcessFailed:
    spec = next(iter(live.waiting())).task_spec
    return ProcessFailed(
        spec.element,
        spec.title,
        say(
            "The case would stand still: %(name)s waits for a flow or signal that can no longer come.",
            name=spec.title or spec.element,
        ),
    )


def _task_key(task: LiveTask) -> TaskKey:
    return TaskKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)


def _timer_key(task: LiveTask) -> TimerKey:
    return TimerKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)


def _job(task: LiveTask) -> Job:
    key = JobKey(element=task.task_spec.element, round=task.round, iteration=task.iteration)
    return Job(key=key, **task.internal_data["job"])


def _due(task: LiveTask) -> datetime:
    return datetime.fromisoformat(task.internal_data["due"])
