"""Try again what could not go on, or close by hand what nothing waits for any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from engine.actions.incidents_noted import note_timer
from engine.actions.incidents_settled import line_of, solve
from engine.actions.job_retries import NO_JOB
from engine.actions.job_retries import retry as retry_job
from engine.actions.reasons import must_have_reason
from engine.actions.timers import fire
from engine.core import Engine
from engine.errors import AlurError, Conflict, Forbidden, NotFound, ProcessFailed, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import Cause, IncidentKind, Solution
from engine.model.job import JobKey
from engine.model.permission import Permission
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.unseen import NO_INCIDENT
from engine.model.wait import Channel
from engine.storage import events, incidents, instances, jobs, messages, timers, waits
from engine.storage.incidents import Incident
from engine.storage.instances import InstanceRow

_CLOSED_BY_HAND = frozenset({Cause.START, Cause.VERSION})  # no case waits for it


@dataclass(frozen=True, kw_only=True)
class Retried:
    """What came of trying again; ``dry``: what would come of it if somebody does it now."""

    passed: bool
    dry: bool
    queued: bool = False  # the worker does it in a moment
    sentence: Sentence | None = None  # why it still fails


def retry(engine: Engine, actor: Actor, incident_id: UUID) -> Retried:
    """Do again what failed. What only a person can do, such as completing a task, is tried without effect."""
    found, case = open_incident(engine, actor, incident_id)
    if found.tried.cause is Cause.TIMER and case is not None:
        return _fire(engine, actor, found, case)
    if found.tried.cause is Cause.JOB and case is not None:
        return _call(engine, actor, found, case)
    if found.tried.cause is Cause.MESSAGE and case is not None:
        return _receive(engine, actor, found, case)
    if found.tried.cause is Cause.COMPLETION and case is not None:
        return _would_complete(engine, found, case)
    if found.tried.cause is Cause.START:
        return _would_start(engine, found)
    raise Conflict(say("This cannot be tried again from here."))


def close(engine: Engine, actor: Actor, incident_id: UUID, reason: str) -> None:
    """Close by hand, for a reason, what no case waits for."""
    found, _case = open_incident(engine, actor, incident_id)
    if found.tried.cause not in _CLOSED_BY_HAND:
        raise Conflict(say("This is solved when the step goes through, or when the case is cancelled."))
    if found.kind is IncidentKind.SUSPENDED and not actor.may(Permission.RESUME_SOPS):
        raise Forbidden(say("Only an administrator can let a stopped SOP go on."))
    text, now = must_have_reason(reason), engine.clock.now()
    process = engine.versions.get(found.version).process
    with engine.store.transaction() as connection:
        solved = [(found, Solution.CLOSED)]
        solve(connection, Scope.LIBRARY, process, actor, now, solved, reason=text)
    engine.suspensions.look_again()


def open_incident(engine: Engine, actor: Actor, incident_id: UUID) -> tuple[Incident, InstanceRow | None]:
    """Read an open incident the actor may put right, with its case."""
    if not actor.may(Permission.SOLVE_INCIDENTS):
        raise NotFound(NO_INCIDENT)
    with engine.store.reading() as connection:
        found = incidents.load(connection, incident_id, actor.office)
        if found is None:
            raise NotFound(NO_INCIDENT)
        case = instances.load(connection, found.instance, actor.person) if found.instance else None
    if not found.is_open:
        raise Conflict(say("This problem is solved already."))
    return found, case


def key_of(found: Incident) -> TaskKey:
    """Give the key of what waits: all kinds of keys have the same three parts."""
    tried = found.tried
    return TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)


def _fire(engine: Engine, actor: Actor, found: Incident, case: InstanceRow) -> Retried:
    """Fire the timer now; that somebody asked for it is on record whatever comes of it."""
    now, tried = engine.clock.now(), found.tried
    key = TimerKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    with engine.store.transaction() as connection:
        line = line_of(EventKind.INCIDENT_RETRIED, found, {"incident": found.id.hex})
        events.append(connection, Scope.INSTANCE, case.id, actor, now, [line])
        waiting = [one for one in timers.of_instance(connection, case.id) if one.key == key]
    fired = fire(engine, waiting, now)
    for timer, error in fired.failed:
        note_timer(engine, timer, error)
        why = error.sentence if isinstance(error, AlurError) else say("%(detail)s", detail=str(error))
        return Retried(passed=False, dry=False, sentence=why)
    if not fired.done:
        raise Conflict(say("The case is moving in several places at once. Please try again."))
    return Retried(passed=True, dry=False)


def _call(engine: Engine, actor: Actor, found: Incident, case: InstanceRow) -> Retried:
    """Have the worker call the connector again, at once and with all its tries."""
    tried = found.tried
    key = JobKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    with engine.store.reading() as connection:
        job = jobs.find(connection, case.id, key)
    if job is None:
        raise Conflict(NO_JOB)
    retry_job(engine, actor, job)
    return Retried(passed=False, dry=False, queued=True)


def _receive(engine: Engine, actor: Actor, found: Incident, case: InstanceRow) -> Retried:
    """Have the worker deliver the message again that the case could not go on from."""
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        instances.hold(connection, case.id)
        waiting = waits.at(connection, case.id, key_of(found))
        wanted = [(one.name, one.correlation) for one in waiting if one.channel is Channel.MESSAGE]
        fitting = messages.fitting(connection, case.id, found.office, wanted)
        woken = messages.wake(connection, fitting, now)
        if not woken + messages.wake_signals(connection, [one.id for one in waiting], now):
            raise Conflict(say("The message is not kept any more. Whoever sent it has to send it again."))
        line = line_of(EventKind.INCIDENT_RETRIED, found, {"incident": found.id.hex})
        events.append(connection, Scope.INSTANCE, case.id, actor, now, [line])
    return Retried(passed=False, dry=False, queued=True)


def _would_complete(engine: Engine, found: Incident, case: InstanceRow) -> Retried:
    """Complete the task with what was sent when it failed, without keeping anything of it."""
    if found.sent is None:
        raise Conflict(
            say("What was sent was too long to be kept for this. Ask for the task to be completed.")
        )
    try:
        engine.runner.complete(
            replace(case.saved, id=new_id()),  # the case's own place in memory stays as it is
            key_of(found),
            submitted=found.sent["values"],
            shared=found.sent["shared"],
            now=engine.clock.now(),
        )
    except ProcessFailed as error:
        return Retried(passed=False, dry=True, sentence=error.sentence)
    return Retried(passed=True, dry=True)


def _would_start(engine: Engine, found: Incident) -> Retried:
    """Start a case of this year without keeping it."""
    now = engine.clock.now()
    year = engine.calendar_of(found.office).local(now).year
    try:
        engine.runner.start(
            version=found.version,
            instance=new_id(),
            variables={"case": {"year": year}},
            now=now,
            start=found.tried.element,
        )
    except ProcessFailed as error:
        return Retried(passed=False, dry=True, sentence=error.sentence)
    return Retried(passed=True, dry=True)
