"""What can be done in a rehearsal. In the place of what lies outside stands whoever rehearses.

Forms are checked as real ones are; files are only said to be there, and connectors answer what is typed.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.actions.completion_work import shared_of
from engine.actions.documents_made import missing_documents, slot_name
from engine.actions.rehearsal_desk import Desk
from engine.bpmn.workflow import variables_at
from engine.errors import AlurError, Conflict, Forbidden, Invalid, Problem, ProcessFailed, say
from engine.forms.definition import FormDefinition
from engine.forms.submission import Submission, clean
from engine.model.definition import Step
from engine.model.event import EventKind
from engine.model.incident import sentence_json
from engine.model.job import JobKey
from engine.model.rehearsal import CLOCK_MOVED, STOOD_STILL, RehearsalLine, RehearsedTask, Stand
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import Channel, WaitKey
from engine.queries.rehearsal import PRETENDED, context_of

_MOST_TIMERS = 100  # of one move of the clock
_LONGEST = 5.0  # seconds after which a move stops between two timers
_FURTHEST = timedelta(days=3660)  # that a clock is moved from where the rehearsal began


@dataclass(frozen=True, kw_only=True)
class Complete:
    """A task is done with its form; ``pretended`` names the files that are said to be there."""

    key: TaskKey
    fields: Mapping[str, Sequence[str]]
    pretended: Collection[str] = ()

    def take(self, desk: Desk) -> Stand:
        """Check the form as a real task does, and go on."""
        stand = desk.now
        task = _open_task(stand, self.key)
        step = desk.version.definition.step(self.key.element)
        form = desk.version.form_of(step)
        saved = desk.saved(stand)
        variables = variables_at(saved.state, self.key)
        submission = self._checked(desk, step, form, task, variables)
        outcome = desk.runner.complete(
            saved,
            self.key,
            submitted=submission.values,
            shared=shared_of(submission, variables),
            now=stand.at,
        )
        told = {"data": submission.values, "files": sorted(self.pretended)}
        return desk.after(stand, outcome, _act(EventKind.TASK_COMPLETED, stand.at, self.key, told))

    def _checked(
        self,
        desk: Desk,
        step: Step,
        form: FormDefinition | None,
        task: RehearsedTask,
        variables: Mapping[str, Any],
    ) -> Submission:
        places = {slot_name(place) for place in range(len(step.outputs))}
        places |= {one.key for one in form.files} if form else set()
        staged = {name: (PRETENDED,) for name in self.pretended if name in places}
        submission = Submission(values={}, shared={}, assigned={})
        found: tuple[Problem, ...] = ()
        try:
            if form is not None:
                context = context_of(
                    desk.engine, desk.connection, desk.rehearsal, form, task, variables, staged
                )
                submission = clean(form, self.fields, context)
        except Invalid as invalid:
            found = invalid.problems
        found += missing_documents(step, form, staged, submission.hidden)
        if found:
            raise Invalid(found)
        return submission


@dataclass(frozen=True, kw_only=True)
class SendBack:
    """The case is sent back to an earlier step."""

    key: TaskKey
    to: str

    def take(self, desk: Desk) -> Stand:
        """Go back where the draft allows it."""
        stand = desk.now
        _open_task(stand, self.key)
        if self.to not in desk.version.definition.step(self.key.element).return_to:
            raise Forbidden(say("The SOP does not let a case be sent back there from this step."))
        outcome = desk.runner.send_back(desk.saved(stand), self.key, to=self.to, now=stand.at)
        act = _act(EventKind.TASK_RETURNED, stand.at, self.key, {"to": self.to})
        return desk.after(stand, outcome, act, again=self.to)


@dataclass(frozen=True, kw_only=True)
class MoveClock:
    """The clock is moved on: by a time, or, without one, to the earliest timer."""

    by: timedelta | None = None

    def take(self, desk: Desk) -> Stand:
        """Let every timer happen that is due on the way, the earliest first, each at its time."""
        begun, stand = desk.now, desk.now
        desk.saved(begun)
        until = begun.next_due if self.by is None else begun.at + self.by
        if until is None:
            raise Conflict(say("No timer is set that the clock could be moved to."))
        if (self.by is not None and until < begun.at) or until > desk.rehearsal.created_at + _FURTHEST:
            raise Conflict(say("The clock can be moved on by at most ten years."))
        until, late = max(until, begun.at), time.monotonic() + _LONGEST
        stopped = False
        moved = [RehearsalLine(kind=CLOCK_MOVED, at=until, payload={"from": begun.at.isoformat()})]
        for count in range(_MOST_TIMERS + 1):
            first = stand.next_due
            if stand.finished or first is None or first > until:
                break
            if count == _MOST_TIMERS or time.monotonic() > late:
                until, stopped = stand.at, True
                break
            try:
                stand = _fired(desk, stand, max(first, begun.at))
            except AlurError as error:
                if not count:
                    raise
                moved.append(_stood_still(stand, error))
                until = stand.at
                break
            moved += stand.lines
        moved[0] = replace(moved[0], at=until, payload={**moved[0].payload, "stopped": stopped})
        return replace(stand, at=stand.at if stand.finished else until, lines=tuple(moved))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a connector would have answered; with a ``code`` it failed with this error."""

    key: JobKey
    result: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""

    def take(self, desk: Desk) -> Stand:
        """Go on from it. Conflict where nothing in the draft catches the error."""
        stand = desk.now
        saved = desk.saved(stand)
        if not self.code:
            outcome = desk.runner.job_done(saved, self.key, result=dict(self.result), now=stand.at)
            act = _act(EventKind.JOB_DONE, stand.at, self.key, {"result": dict(self.result)})
            return desk.after(stand, outcome, act)
        caught = desk.runner.job_failed(saved, self.key, code=self.code, now=stand.at)
        if caught is None:
            raise Conflict(
                say(
                    "Nothing in the draft catches the error “%(code)s”. In a real case it would be tried "
                    "again, and then wait for an administrator.",
                    code=self.code,
                )
            )
        return desk.after(
            stand, caught, _act(EventKind.JOB_GIVEN_UP, stand.at, self.key, {"code": self.code})
        )


@dataclass(frozen=True, kw_only=True)
class Send:
    """A message or signal comes to an event that waits; a signal to all that wait for it."""

    key: WaitKey
    payload: Mapping[str, Any] = field(default_factory=dict)

    def take(self, desk: Desk) -> Stand:
        """Let it come."""
        stand = desk.now
        wanted = next((one for one in stand.waits if one.key == self.key), None)
        if wanted is None:
            raise Conflict(say("This message is no longer waited for."))
        keys = [self.key]
        if wanted.channel is Channel.SIGNAL:
            keys = [
                one.key for one in stand.waits if one.channel is wanted.channel and one.name == wanted.name
            ]
        lines: list[RehearsalLine] = []
        for key in keys:
            if stand.finished or key not in {one.key for one in stand.waits}:
                continue
            outcome = desk.runner.deliver(desk.saved(stand), key, payload=self.payload, now=stand.at)
            told = {"channel": wanted.channel.value, "name": wanted.name, "data": dict(self.payload)}
            stand = desk.after(stand, outcome, _act(EventKind.MESSAGE_RECEIVED, stand.at, key, told))
            lines += stand.lines
        return replace(stand, lines=tuple(lines))


Act = Complete | SendBack | MoveClock | Answer | Send


def _open_task(stand: Stand, key: TaskKey) -> RehearsedTask:
    task = stand.task(key)
    if task is None:
        raise Conflict(say("This task is no longer open."))
    return task


def _fired(desk: Desk, stand: Stand, at: datetime) -> Stand:
    """Let the earliest timer happen."""
    key, was_due = min(stand.timers, key=lambda one: one[1])
    outcome = desk.runner.fire(desk.saved(stand), key, now=at)
    fired = desk.after(stand, outcome, _act(EventKind.TIMER_FIRED, at, key, {"due": was_due.isoformat()}))
    if not fired.finished:
        desk.runner.keep(desk.rehearsal.id, 0, outcome)
    return fired


def _stood_still(stand: Stand, error: AlurError) -> RehearsalLine:
    """Tell why the clock stopped on its way."""
    element = error.element if isinstance(error, ProcessFailed) else ""
    return RehearsalLine(
        kind=STOOD_STILL, at=stand.at, element=element, payload=sentence_json(error.sentence)
    )


def _act(
    kind: EventKind, at: datetime, key: TaskKey | TimerKey | JobKey | WaitKey, payload: Mapping[str, Any]
) -> RehearsalLine:
    return RehearsalLine(
        kind=kind, at=at, element=key.element, round=key.round, iteration=key.iteration, payload=payload
    )
