"""Move one case to another version of its SOP, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.actions.completion_saving import Moved
from engine.actions.move_rows import key_of
from engine.actions.move_saving import Move, Moving, save_move
from engine.actions.version_standing import NO_VERSION
from engine.bpmn.groups import group_of
from engine.bpmn.move import Judgement, judge
from engine.bpmn.moving import MovedState
from engine.bpmn.standing import standing_of
from engine.core import Engine
from engine.errors import Conflict, NotFound, Sentence, say
from engine.model.actor import Actor
from engine.model.incident import sentence_json
from engine.model.instance import InstanceStatus
from engine.model.permission import Permission
from engine.model.task import TaskState
from engine.model.unseen import NO_CASE
from engine.model.verdict import Verdict
from engine.storage import instances, jobs, moved, revisions, tasks
from engine.storage.events import Head, to_json
from engine.storage.instances import InstanceRow
from engine.storage.startable import takes_open_cases
from engine.storage.transaction import Connection

# How often a move starts over when something else of the same case was first.
_TRIES = 8
NO_TARGET = say("Cases move to a revision that people work by, and this one is not, or no longer.")
ONLY_TRIAL = say("The revision is tried, not approved: only cases of a trial move to it.")


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
        head, dead = _held(connection, case, state)
        _must_still_take(engine, connection, case, moving.to)
        went = Move(case=case, wanted=moving, state=state, reason=judgement.reason, dead=dead, at=now)
        save_move(engine, connection, actor, went, head)
    engine.runner.forget(instance_id)
    return CaseMoved(judgement=judgement, moved=True)


def open_case(connection: Connection, actor: Actor, instance_id: UUID) -> InstanceRow:
    """Read an open case of the actor's office."""
    case = instances.load(connection, instance_id, actor.person)
    if case is None or case.office != actor.office or case.status is not InstanceStatus.RUNNING:
        raise NotFound(NO_CASE)
    return case


def _held(connection: Connection, case: InstanceRow, state: MovedState) -> tuple[Head, list[dict[str, Any]]]:
    """Hold a case that is still as it was judged, else Moved; gives where it ends, and its jobs given up."""
    guard, status, head = instances.lock(connection, case.id)
    dead = jobs.dead_of(connection, case.id)
    # What is tried again in the other version must still be given up in this one.
    given_up = {one.key for one in state.outcome.jobs_set} <= {key_of(one) for one in dead}
    if guard != case.guard or status != InstanceStatus.RUNNING or not given_up:
        raise Moved
    return head, dead


def _must_still_take(engine: Engine, connection: Connection, case: InstanceRow, to: UUID) -> None:
    """Look behind its lock whether the version still takes the case: it may have been withdrawn since."""
    revisions.hold_state(connection, to)
    takes_all = must_take_cases(engine, connection, case.office, case.process, to)
    if not takes_all and not case.on_trial:
        raise Conflict(ONLY_TRIAL)


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
