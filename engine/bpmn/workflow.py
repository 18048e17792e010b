"""Steps an instance: takes its state, gives back an Outcome, writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from SpiffWorkflow.bpmn.specs.event_definitions import ErrorEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.advance import advance
from engine.bpmn.catching import happen, waits_for
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.messages import keys_from_outside, take_keys
from engine.bpmn.moving import MovedState, moved, must_stand
from engine.bpmn.outcome import Outcome
from engine.bpmn.reader import load_spec
from engine.bpmn.recent import Recent
from engine.bpmn.returning import send_back
from engine.bpmn.scope import scope_of
from engine.bpmn.scripting import ScriptEngine
from engine.bpmn.seen_by import variables_at, variables_in
from engine.bpmn.state import load_state, state_text, variables_of
from engine.bpmn.stores import Stores
from engine.bpmn.throwing import catch
from engine.bpmn.timers import Timer
from engine.bpmn.variables import deep_copy
from engine.errors import Conflict, say
from engine.expressions.remembering import Remembering
from engine.expressions.sandbox import Sandbox
from engine.model.calendar import WorkCalendar
from engine.model.instance import Saved
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey

__all__ = ["Outcome", "Runner", "variables_at", "variables_of"]

Key = TaskKey | TimerKey | JobKey


class _Kept(NamedTuple):
    """An instance in memory, and how it was saved."""

    guard: int
    state: str
    live: LiveInstance

    def is_of(self, saved: Saved) -> bool:
        return self.guard == saved.guard and self.state == saved.state


class Runner:
    """Runs instances of every version; shared by the threads of one process.

    It keeps a few instances in memory between steps. One is taken out while it is used and comes
    back only by ``keep`` after the commit: a step that failed or was rolled back leaves nothing
    behind.
    """

    def __init__(  # noqa: PLR0913 - one way to each thing of the version
        self,
        sandbox: Sandbox | Remembering,
        spec_of: Callable[[UUID], str],
        calendar_of: Callable[[UUID], WorkCalendar] = lambda _version: WorkCalendar(),
        *,
        stored_of: Callable[[UUID, str], tuple[int, Any] | None] | None = None,
        must_run: Callable[[UUID], None] = lambda _version: None,
        written: bool = True,
        live_limit: int = 256,
        spec_limit: int = 64,
    ) -> None:
        """Take the ways to a version's spec text, read once per process, and to what its office has.

        That is its calendar, and a data store by name: revision and value, None where nobody wrote it.
        ``must_run`` raises Suspended for a version of which nothing is stepped. Where outcomes are not
        ``written``, they have no state and no variables: ``state_of`` writes what is kept when it is asked.
        """
        self._sandbox = sandbox
        self._written = written
        self._must_run = must_run
        self._spec_of = spec_of
        self._calendar_of = calendar_of
        self._stored_of = stored_of
        self._specs: Recent[UUID, tuple[Any, dict[str, Any], ScriptEngine]] = Recent(spec_limit)
        self._live: Recent[UUID, _Kept] = Recent(live_limit)

    def beside(
        self,
        calendar_of: Callable[[UUID], WorkCalendar],
        stored_of: Callable[[UUID, str], tuple[int, Any] | None],
    ) -> Runner:
        """Make one that goes through what has happened, of any version, and writes no states.

        What the sandbox answered is remembered; a version that was stopped is stepped all the same.
        """
        sandbox = Remembering(self._sandbox) if isinstance(self._sandbox, Sandbox) else self._sandbox
        return Runner(sandbox, self._spec_of, calendar_of, stored_of=stored_of, written=False)

    def start(
        self, *, version: UUID, instance: UUID, variables: Mapping[str, Any], now: datetime, start: str = ""
    ) -> Outcome:
        """Open an instance and take its first steps, from a start event where the diagram has several."""
        self.forget(instance)
        self._must_run(version)
        live = self._empty(version)
        for name, value in variables.items():
            live.variables[live.spec.names.get(name, name)] = deep_copy(value)
        live.begin_step(now)
        live.open_case(start)
        return advance(live)

    def complete(
        self,
        saved: Saved,
        key: TaskKey,
        *,
        submitted: Mapping[str, Any],
        shared: Mapping[str, Any],
        now: datetime,
    ) -> Outcome:
        """Complete a task. What was submitted goes to the element's variable, ``shared`` to its own names.

        Conflict where the task is not open; ProcessFailed where an expression behind it fails.
        """
        live = self._take(saved)
        task = live.find(key.element, key.round, key.iteration)
        if task is None or task.state != TaskState.READY or not task.task_spec.for_people:
            raise Conflict(say("This task is no longer open."))
        live.begin_step(now)
        _submit(task, deep_copy(dict(submitted)))
        for name, value in shared.items():
            scope_of(task)[name] = deep_copy(value)
        task.run()
        return advance(live)

    def send_back(self, saved: Saved, key: TaskKey, *, to: str, now: datetime) -> Outcome:
        """Send an open task back to an earlier one of its process or subprocess.

        The task is not among ``closed``; what stood beside it and is to be done again is. Conflict
        where the task is not open, or where the diagram or the other branches do not allow it.
        """
        live = self._take(saved)
        task = live.find(key.element, key.round, key.iteration)
        if task is None or task.state != TaskState.READY or not task.task_spec.for_people:
            raise Conflict(say("This task is no longer open."))
        live.begin_step(now)
        send_back(task, to)
        return advance(live)

    def fire(self, saved: Saved, timer: TimerKey, *, now: datetime) -> Outcome:
        """Let a due timer happen. Conflict where it no longer waits, or is not due yet."""
        live = self._take(saved)
        task = live.find(timer.element, timer.round, timer.iteration)
        if task is None or task.state != TaskState.WAITING or "due" not in task.internal_data:
            raise Conflict(say("This timer is no longer waiting."))
        if datetime.fromisoformat(task.internal_data["due"]) > now:
            raise Conflict(say("This timer is not due yet."))
        live.begin_step(now)
        happen(task, _timer_place(task))
        return advance(live)

    def deliver(self, saved: Saved, wait: WaitKey, *, payload: Mapping[str, Any], now: datetime) -> Outcome:
        """Let a waiting event happen by a message or signal. Conflict where it no longer waits."""
        live = self._take(saved)
        task = live.find(wait.element, wait.round, wait.iteration)
        if task is None or str(wait.place) not in task.internal_data.get("waits", {}):
            raise Conflict(say("This message is no longer waited for."))
        live.begin_step(now)
        take_keys(task, keys_from_outside(task, wait.place, payload))
        happen(task, wait.place, deep_copy(dict(payload)))
        return advance(live)

    def correlation_in(
        self, version: UUID, element: str, place: int, *, payload: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """Give what a message's content carries by correlation property, as who waits there reads it (8.3.2).

        Suspended, Busy, or ProcessFailed for want of time, where it cannot be told now.
        """
        self._must_run(version)
        live = self._empty(version)
        live.begin_step(now)
        specs = (live.spec, *live.subprocess_specs.values())
        waits = next(
            one
            for process in specs
            for one in process.task_specs.values()
            if one.element == element and getattr(one, "event_definition", None) is not None
        )
        keys = keys_from_outside(LiveTask(live, waits), place, payload)
        return {name: value for values in keys.values() for name, value in values.items()}

    def job_done(
        self,
        saved: Saved,
        job: JobKey,
        *,
        result: Any,  # noqa: ANN401 - JSON value
        now: datetime,
    ) -> Outcome:
        """Go on with what a connector answered, kept in the element's variable. Conflict: see ``fire``."""
        live = self._take(saved)
        task = _served(live, job)
        live.begin_step(now)
        _submit(task, deep_copy(result))
        live.clear_job(task)
        task._ready()
        return advance(live)

    def job_failed(self, saved: Saved, job: JobKey, *, code: str, now: datetime) -> Outcome | None:
        """Throw a BPMN error at the service task; None where no event beside or around it catches it."""
        live = self._take(saved)
        task = _served(live, job)
        live.begin_step(now)
        return advance(live) if catch(task, ErrorEventDefinition(code, code), beside=True) else None

    def ask_again(self, saved: Saved, job: JobKey, *, now: datetime) -> Outcome:
        """Work out anew what a connector gets: values may have been corrected since."""
        live = self._take(saved)
        task = _served(live, job)
        live.begin_step(now)
        live.clear_job(task)
        task.task_spec.ask(task)
        return advance(live)

    def variables_at(self, saved: Saved, key: TaskKey) -> Mapping[str, Any]:
        """Give the variables as an open task sees them, to read only: from memory where they are there."""
        kept = self._live.take(saved.id)  # nobody steps it meanwhile
        if kept is None or not kept.is_of(saved):
            return variables_at(saved.state, key)
        seen = variables_in(kept.live, key)
        self._live.put(saved.id, kept)
        return seen

    def known_at(self, saved: Saved, key: Key) -> dict[str, Any]:
        """Give a copy of the variables known at an open task, a waiting timer or a job."""
        live = self._load(saved)
        return {name: deep_copy(value) for name, value in scope_of(_waiting(live, key)).items()}

    def assign(
        self,
        saved: Saved,
        key: Key,
        *,
        name: str,
        value: Any,  # noqa: ANN401 - JSON value
        now: datetime,
    ) -> Outcome:
        """Set a variable where it is known at an open task, a waiting timer or a job."""
        live = self._take(saved)
        task = _waiting(live, key)
        live.begin_step(now)
        scope_of(task)[name] = deep_copy(value)
        return advance(live)

    def amend(self, saved: Saved, *, changes: Mapping[str, Any], now: datetime) -> Outcome:
        """Set variables of the instance; nothing that was decided is decided again."""
        live = self._take(saved)
        live.begin_step(now)
        for name, value in changes.items():
            live.variables[name] = deep_copy(value)
        return advance(live)

    def move(
        self,
        saved: Saved,
        to: UUID,
        *,
        mapping: Mapping[str, str],
        since: Mapping[TaskKey, datetime],
        now: datetime,
        again: Collection[str] = (),
    ) -> MovedState:
        """Put a case into another version, loaded from its new state once more before it is given.

        What ``move.judge`` refuses must not come here. ``since`` has when each open task was opened,
        ``again`` the services that were given up and ask anew. Conflict where the case would not stand as
        it stood, ProcessFailed where an event that is new at the edge of an open task cannot begin to
        wait, or a service not ask.
        """
        self._must_run(to)
        before, empty = self._load(saved), self._empty(to)
        empty.written = True
        state = moved(before, empty, saved.state, mapping=mapping, since=since, now=now, again=again)
        after = self._empty(to)
        load_state(after, state.outcome.state)
        must_stand(after, state.keys)
        return state

    def keep(self, instance: UUID, guard: int, outcome: Outcome) -> None:
        """Keep the live instance for its next step. Only after the commit that saved it under ``guard``."""
        if outcome.finished or outcome.live is None:
            self._live.take(instance)
        else:
            self._live.put(instance, _Kept(guard, outcome.state, outcome.live))

    def state_of(self, saved: Saved) -> str:
        """Write the state of an instance that is kept."""
        kept = self._live.take(saved.id)
        if kept is None or not kept.is_of(saved):
            return saved.state
        self._live.put(saved.id, kept)
        return state_text(kept.live)

    def rewritten(self, saved: Saved) -> str:
        """Write a saved state as this release does; KeyError, ValueError or TypeError where it is none."""
        return state_text(self._load(saved))

    def forget(self, instance: UUID) -> None:
        """Drop what is kept of an instance."""
        self._live.take(instance)

    def _take(self, saved: Saved) -> LiveInstance:
        self._must_run(saved.version)
        kept = self._live.take(saved.id)
        if kept is None or not kept.is_of(saved):
            return self._load(saved)
        kept.live.stores = self._stores(saved.version)
        return kept.live

    def _load(self, saved: Saved) -> LiveInstance:
        live = self._empty(saved.version)
        load_state(live, saved.state)
        return live

    def _empty(self, version: UUID) -> LiveInstance:
        specs = self._specs.get(version)
        if specs is None:
            made = (*load_spec(self._spec_of(version)), ScriptEngine(self._sandbox.share()))
            specs = self._specs.put_first(version, made)  # several at once have one share of the sandbox
        live = LiveInstance(*specs)
        live.calendar = partial(self._calendar_of, version)
        live.stores = self._stores(version)
        live.written = self._written
        return live

    def _stores(self, version: UUID) -> Stores:
        return Stores(None if self._stored_of is None else partial(self._stored_of, version))


def _waiting(live: LiveInstance, key: Key) -> LiveTask:
    task = live.find(key.element, key.round, key.iteration)
    if task is None:
        raise Conflict(say("The case no longer waits there. Look at it again."))
    return task


def _timer_place(task: LiveTask) -> int:
    return next((place for place, _ in waits_for(task, Timer)), 0)


def _served(live: LiveInstance, job: JobKey) -> LiveTask:
    task = live.find(job.element, job.round, job.iteration)
    if task is None or task.state != TaskState.WAITING or "job" not in task.internal_data:
        raise Conflict(say("This job is no longer waited for."))
    return task


def _submit(task: LiveTask, values: Any) -> None:  # noqa: ANN401 - JSON value
    """Leave what a task gave in the variable named like its element."""
    scope_of(task)[task.task_spec.element] = values
