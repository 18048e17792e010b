"""Each act of a record, done once more to a case in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

from engine.actions.advancing import ASSIGNED
from engine.bpmn.workflow import Outcome
from engine.errors import Conflict, say
from engine.forms.definition import FormDefinition
from engine.forms.submission import shared_in
from engine.model.correction import with_value
from engine.model.event import Event, EventKind
from engine.model.job import JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import WaitKey
from engine.record.rebuild_answers import differs, say_kind, shown
from engine.record.rebuild_live import Kept, Live
from engine.record.rebuild_rows import Rows

Told = Mapping[str, Any]


class Doing(Protocol):
    """What an act is done to."""

    live: Live
    rows: Rows
    before: Kept | None  # what the last completion can be taken back to
    moves: list[tuple[Kept, Kept | None, dict[UUID, dict[str, Any]]]]  # what each can be taken back to
    ahead: Event | None  # what the record says after the act

    def version_numbered(self, number: int) -> UUID:
        """Give a version of the SOP."""

    def form_of(self, act: Event) -> FormDefinition | None:
        """Give the form of the step of an act."""

    def keeps_before(self, act: Event) -> bool:
        """Tell whether what stood before a completion is needed."""

    def variables(self) -> dict[str, Any]:
        """Give the variables of the case."""

    def tried(self, told: Told) -> TaskKey:
        """Give where the failed step waits whose value was corrected."""


def _start(case: Doing, act: Event, told: Told) -> Outcome | None:
    live = case.live
    live.version = case.version_numbered(told["version"])
    variables = {"case": told.get("case") or {"year": told["year"]}}
    return live.take(
        live.runner.start(
            version=live.version,
            instance=live.id,
            variables=variables,
            now=act.at,
            start=told.get("start", ""),
        )
    )


def _complete(case: Doing, act: Event, told: Told) -> Outcome | None:
    live, key = case.live, _task(act)
    if case.keeps_before(act):
        case.before = live.keep()
    data, form = told.get("data", {}), case.form_of(act)
    shared = shared_in(form, data)[0] if form is not None else {}
    if told.get("assigned"):
        named = live.runner.variables_at(live.saved, key).get(ASSIGNED) or {}
        shared[ASSIGNED] = named | told["assigned"]
    outcome = live.runner.complete(live.saved, key, submitted=data, shared=shared, now=act.at)
    return live.take(outcome, key)


def _withdraw(case: Doing, _act: Event, _told: Told) -> Outcome | None:
    if case.before is None:
        raise Conflict(say("No completion before it can be taken back."))
    case.live.put_back(case.before)
    case.before = None
    return None


def _send_back(case: Doing, act: Event, told: Told) -> Outcome | None:
    live, key = case.live, _task(act)
    return live.take(live.runner.send_back(live.saved, key, to=told["back_to"][0], now=act.at), key)


def _amend(case: Doing, act: Event, told: Told) -> Outcome | None:
    live, data = case.live, told["data"]
    changes: dict[str, Any] = {act.element or "": data}
    form = case.form_of(act)
    if form is not None:
        changed = [one for one in form.inputs if one.key in told.get("was", {})]
        shared, assigned = shared_in(form, data)
        names = {one.shared for one in changed}
        changes |= {name: value for name, value in shared.items() if name in names}
        if any(one.assigns for one in changed):
            changes[ASSIGNED] = (case.variables().get(ASSIGNED) or {}) | assigned
    return live.take(live.runner.amend(live.saved, changes=changes, now=act.at))


def _fire(case: Doing, act: Event, _told: Told) -> Outcome | None:
    live = case.live
    return live.take(live.runner.fire(live.saved, TimerKey(**_key(act)), now=act.at))


def _answer(case: Doing, act: Event, told: Told) -> Outcome | None:
    live = case.live
    return live.take(live.runner.job_done(live.saved, _job(act), result=told["result"], now=act.at))


def _give_up(case: Doing, act: Event, told: Told) -> Outcome | None:
    live, job = case.live, _job(act)
    if told["code"] == "process":  # the case could not go on, with its answer or from its error
        live.give_up(job, answered=told.get("answered", True))
        return None
    live.lay_down()
    outcome = live.runner.job_failed(live.saved, job, code=told["code"], now=act.at)
    if (outcome is not None) != told.get("caught", False):
        caught, dead = say("an event catches the error"), say("it waits for an administrator")
        expected, found = (caught, dead) if outcome is None else (dead, caught)
        raise differs(act, say_kind(act), expected, found)
    if outcome is not None:
        return live.take(outcome)
    live.runner.forget(live.id)
    live.give_up(job, answered=False)
    return None


def _retry(case: Doing, act: Event, _told: Told) -> Outcome | None:
    """Have a job tried again; where values were corrected since, something else is asked."""
    live, job = case.live, _job(act)
    live.try_again(job)
    ahead = case.ahead
    if ahead is None or ahead.kind is not EventKind.JOB_QUEUED:
        return None
    return live.take(live.runner.ask_again(live.saved, job, now=act.at))


def _receive(case: Doing, act: Event, told: Told) -> Outcome | None:
    live = case.live
    place = (act.element, act.round, act.iteration)
    fitting = [
        one.key
        for one in live.waiting.waits.values()
        if (one.key.element, one.key.round, one.key.iteration) == place
        and (one.channel, one.name) == (told["channel"], told["name"])
    ]
    if not fitting:
        raise Conflict(say("This message is no longer waited for."))
    wait: WaitKey = min(fitting, key=lambda key: key.place)
    return live.take(live.runner.deliver(live.saved, wait, payload=told.get("data", {}), now=act.at))


def _correct(case: Doing, act: Event, told: Told) -> Outcome | None:
    live = case.live
    key = case.tried(told)
    live.lay_down()
    known = live.runner.known_at(live.saved, key)
    name, *within = told["path"]
    value = with_value(known.get(name), within, told["new"])
    return live.take(live.runner.assign(live.saved, key, name=name, value=value, now=act.at))


def _move(case: Doing, act: Event, told: Told) -> Outcome | None:
    live = case.live
    case.moves.append((live.keep(), case.before, case.rows.before()))
    case.before = None
    to = UUID(hex=told["versions"][1])
    state = live.move(to, told.get("mapping", {}), act.at)
    timers = [[*_parts(key), due.isoformat()] for key, due in state.outcome.timers_set]
    jobs = [_parts(one.key) for one in state.outcome.jobs_set]
    for what, expected, found in (
        (say("The timers that the move set"), told.get("timers", []), timers),
        (say("What the move asks of other systems"), told.get("jobs", []), jobs),
    ):
        if expected != found:
            raise differs(act, what, shown(expected), shown(found))
    return None


def _move_back(case: Doing, act: Event, _told: Told) -> Outcome | None:
    if not case.moves:
        raise Conflict(say("No move before it can be taken back."))
    before, undo, rows = case.moves.pop()
    case.live.take_back_move(before)
    case.before = undo
    case.rows.put_back(act, rows)
    return None


DOES: dict[EventKind, Callable[[Doing, Event, Told], Outcome | None]] = {
    EventKind.CASE_STARTED: _start,
    EventKind.TASK_COMPLETED: _complete,
    EventKind.COMPLETION_WITHDRAWN: _withdraw,
    EventKind.TASK_RETURNED: _send_back,
    EventKind.TASK_AMENDED: _amend,
    EventKind.TIMER_FIRED: _fire,
    EventKind.JOB_DONE: _answer,
    EventKind.JOB_GIVEN_UP: _give_up,
    EventKind.JOB_RETRIED: _retry,
    EventKind.MESSAGE_RECEIVED: _receive,
    EventKind.INCIDENT_CORRECTED: _correct,
    EventKind.CASE_MOVED: _move,
    EventKind.MOVE_UNDONE: _move_back,
}
"""What moves a case, and how it is done again."""


def _key(act: Event) -> dict[str, Any]:
    return {"element": act.element, "round": act.round, "iteration": act.iteration}


def _task(act: Event) -> TaskKey:
    return TaskKey(**_key(act))


def _job(act: Event) -> JobKey:
    return JobKey(**_key(act))


def _parts(key: TimerKey | JobKey) -> list[Any]:
    return [key.element, key.round, key.iteration]
