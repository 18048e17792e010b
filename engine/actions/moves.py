"""Move one case to another version of its SOP, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from engine.actions.advancing import NOT_UNDONE, Case, save_moved
from engine.actions.basis import basis_of
from engine.actions.completion_saving import Moved
from engine.actions.incidents_settled import settle
from engine.actions.jobs import tried_job
from engine.actions.move_rows import kept_before, task_changes
from engine.actions.version_standing import NO_VERSION
from engine.bpmn.groups import group_of
from engine.bpmn.move import NONE, Judgement, judge
from engine.bpmn.moving import MovedState
from engine.bpmn.outcome import Outcome
from engine.bpmn.standing import standing_of
from engine.core import Engine
from engine.errors import Conflict, NotFound, Sentence, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import sentence_json
from engine.model.instance import InstanceStatus
from engine.model.job import JobKey
from engine.model.permission import Permission
from engine.model.task import Task, TaskState
from engine.model.verdict import Verdict
from engine.storage import events, instances, jobs, moved, revisions, tasks
from engine.storage.events import Line, to_json
from engine.storage.instances import InstanceRow
from engine.storage.startable import takes_open_cases
from engine.storage.transaction import Connection
from engine.storage.versions import Version

# How often a move starts over when something else of the same case was first.
_TRIES = 8
NO_TARGET = say("Cases move to a revision that people work by, and this one is not, or no longer.")
ONLY_TRIAL = say("The revision is tried, not approved: only cases of a trial move to it.")
NO_CASE = say("This case does not exist, or it is not for your role.")


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What is wanted: to which version, why, by which batch, and which open step becomes which."""

    to: UUID
    reason: str
    batch: UUID
    mapping: Mapping[str, str] = field(default_factory=lambda: NONE)
    chosen: frozenset[str] | None = None  # groups of cases (``bpmn.groups``); None: whichever it is in


def must_move(actor: Actor) -> None:
    """Refuse everybody but process owners; for others there is nothing to be seen."""
    if not actor.may(Permission.REVISE):
        raise NotFound(NO_VERSION)


class NoTarget(Conflict):
    """People do not work by the version, or no longer: no case is moved to it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(NO_TARGET)


def must_take_cases(engine: Engine, connection: Connection, office: UUID, process: UUID, to: UUID) -> bool:
    """Refuse a version that no open case may be moved to; False where only those of a trial may."""
    day = engine.calendar_of(office).local(engine.clock.now()).date()
    if not takes_open_cases(connection, process, to, day, on_trial=True):
        raise NoTarget
    return takes_open_cases(connection, process, to, day, on_trial=False)


@dataclass(frozen=True, kw_only=True)
class CaseMoved:
    """What came of it: a case that was not chosen as it stands, or may not move, is as it was."""

    judgement: Judgement
    moved: bool


def move(engine: Engine, actor: Actor, instance_id: UUID, moving: Moving) -> CaseMoved:
    """Move an open case where nothing hinders it; what does is given back, and nothing was changed then.

    It is judged, put into the other version and looked at once more before anything is locked; one
    short transaction writes, if the case is still as it was read.
    """
    must_move(actor)
    for _ in range(_TRIES):
        try:
            return _attempt(engine, actor, instance_id, moving)
        except Moved:
            continue
    raise Conflict(say("The case is moving in several places at once. Please try again."))


def _attempt(engine: Engine, actor: Actor, instance_id: UUID, moving: Moving) -> CaseMoved:
    with engine.store.reading() as connection:
        case = open_case(connection, actor, instance_id)
        found = tasks.of_instance(connection, instance_id)
        given_up = jobs.given_up(connection, [instance_id]).get(instance_id, frozenset())
    if engine.versions.get(moving.to).process != case.process:
        raise NotFound(NO_VERSION)
    old, new = engine.versions.facts_of(case.version), engine.versions.facts_of(moving.to)
    standing = standing_of(case.state or "", given_up)
    judgement = judge(standing, old, new, moving.mapping)
    group = group_of(standing, old, judgement, on_trial=case.on_trial)
    is_chosen = moving.chosen is None or group.key in moving.chosen
    if case.version == moving.to or not judgement.may_move or not is_chosen:
        return CaseMoved(judgement=judgement, moved=False)
    now = engine.clock.now()
    state = engine.runner.move(
        case.saved,
        moving.to,
        mapping={one: to for one, to in moving.mapping.items() if one in standing.open()},
        since={task.key: task.opened_at for task in found if task.state is TaskState.OPEN},
        now=now,
        again=given_up,
    )
    with engine.store.transaction() as connection:
        _save(engine, connection, actor, case, moving, state, judgement, now)
    engine.runner.forget(instance_id)
    return CaseMoved(judgement=judgement, moved=True)


def open_case(connection: Connection, actor: Actor, instance_id: UUID) -> InstanceRow:
    """Read an open case of the actor's office."""
    case = instances.load(connection, instance_id, actor.person)
    if case is None or case.office != actor.office or case.status is not InstanceStatus.RUNNING:
        raise NotFound(NO_CASE)
    return case


def _save(  # noqa: PLR0913, PLR0917 - a case, what is wanted, and what came of it
    engine: Engine,
    connection: Connection,
    actor: Actor,
    case: InstanceRow,
    moving: Moving,
    state: MovedState,
    judgement: Judgement,
    now: datetime,
) -> None:
    """Write everything, if the case is still as it was judged; else Moved undoes what was written."""
    guard, status, head = instances.lock(connection, case.id)
    dead = jobs.dead_of(connection, case.id)
    if guard != case.guard or status != InstanceStatus.RUNNING or not _are_given_up(state, dead):
        raise Moved
    _must_still_take(engine, connection, case, moving.to)
    old, new = engine.versions.get(case.version), engine.versions.get(moving.to)
    before = kept_before(connection, case, dead)
    changed = _move_tasks(engine, connection, case, state, (old, new), now)
    moved.take_over_tasks(connection, case.id, new.id, [step.element for step in new.definition.steps])
    moved.take_over_incidents(connection, case.id, new.id)
    again = _tried_again(connection, state, dead, now)
    save_moved(connection, Case(id=case.id, version=new), again, {})
    payload = {
        "revisions": [old.number, new.number],
        "versions": [old.id.hex, new.id.hex],
        "reason": moving.reason,
        "mapping": dict(moving.mapping),
        "batch": moving.batch.hex,
        "tasks": changed,
        "timers": [_timer(key, due) for key, due in state.outcome.timers_set],
        "jobs": [[one.key.element, one.key.round, one.key.iteration] for one in state.outcome.jobs_set],
        "state": sha256(state.outcome.state.encode()).hexdigest(),
    }
    line = Line(kind=EventKind.CASE_MOVED, payload={k: v for k, v in payload.items() if v not in ({}, [])})
    ends = events.extend(
        connection, Scope.INSTANCE, case.id, head, actor, now, [line], basis=basis_of(engine, new)
    )
    changes = {"version": new.id, "guard": guard + 1, "state": state.outcome.state, **NOT_UNDONE}
    instances.save(connection, case.id, ends, changes)
    moved.add(
        connection,
        batch=moving.batch,
        instance=case.id,
        from_version=old.id,
        to_version=new.id,
        verdict=Verdict.MOVE.value,
        reason=to_json(sentence_json(judgement.reason)),
        before=before,
        seq=ends.seq,
        guard=guard + 1,
        at=now,
    )
    settle(connection, actor, case.id, now, left=[tried_job(one.key) for one in state.outcome.jobs_set])


def _are_given_up(state: MovedState, dead: list[dict[str, Any]]) -> bool:
    """Tell whether what is tried again in the other version is still given up in this one."""
    return {one.key for one in state.outcome.jobs_set} <= {_key_of(one) for one in dead}


def _tried_again(
    connection: Connection, state: MovedState, dead: list[dict[str, Any]], now: datetime
) -> Outcome:
    """Have what was given up tried again; gives the outcome without it, with what is asked otherwise now.

    What was answered is gone on with: what failed behind it may be another. What asks the same is the same
    request, under the same key.
    """
    asked = {one.key: (one.connector, one.inputs) for one in state.outcome.jobs_set}
    again = set()
    for one in dead:
        same = asked.get(_key_of(one)) == (one["connector"], json.loads(one["inputs"]))
        if same:
            again.add(_key_of(one))
        if same or one["result"] is not None:
            jobs.revive(connection, one["id"], now)
    return replace(
        state.outcome,
        jobs_set=tuple(one for one in state.outcome.jobs_set if one.key not in again),
        jobs_cleared=tuple(one for one in state.outcome.jobs_cleared if one not in again),
    )


def _key_of(row: Mapping[str, Any]) -> JobKey:
    return JobKey(element=row["element"], round=row["round"], iteration=row["iteration"])


def _must_still_take(engine: Engine, connection: Connection, case: InstanceRow, to: UUID) -> None:
    """Look behind its lock whether the version still takes the case: it may have been withdrawn since."""
    revisions.hold_state(connection, to)
    takes_all = must_take_cases(engine, connection, case.office, case.process, to)
    if not takes_all and not case.on_trial:
        raise Conflict(ONLY_TRIAL)


def _timer(key: Any, due: datetime) -> list[Any]:  # noqa: ANN401 - TimerKey
    return [key.element, key.round, key.iteration, due.isoformat()]


def _move_tasks(
    engine: Engine,
    connection: Connection,
    case: InstanceRow,
    state: MovedState,
    versions: tuple[Version, Version],
    now: datetime,
) -> list[dict[str, Any]]:
    """Write what each open task is in the new version; gives old and new values for the record."""
    changed = []
    for task in tasks.of_instance(connection, case.id):
        if task.state is not TaskState.OPEN:
            continue
        key = state.keys.get(task.key)
        if key is None:  # it was opened since
            raise Moved
        changes = task_changes(engine, connection, task, key, *versions, state.outcome.variables, now)
        moved.change_task(connection, task.id, changes)
        told = {name: value for name, value in changes.items() if name != "version"}
        if told:
            changed.append({"task": task.id.hex, "was": _values(task, told), "now": _plain(told)})
    return changed


def _values(task: Task, changed: Mapping[str, Any]) -> dict[str, Any]:
    return _plain({name: getattr(task, name) for name in changed})


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.hex
        if isinstance(value, UUID)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in values.items()
    }


def could_not(engine: Engine, instance_id: UUID, moving: Moving, sentence: Sentence) -> None:
    """Note that a case which was chosen could not be moved, and why; the case is as it was."""
    with engine.store.transaction() as connection:
        version = instances.version_of(connection, instance_id)
        moved.add(
            connection,
            batch=moving.batch,
            instance=instance_id,
            from_version=version,
            to_version=moving.to,
            verdict=Verdict.BLOCKED.value,
            reason=to_json(sentence_json(sentence)),
            at=engine.clock.now(),
        )
