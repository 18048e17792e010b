"""What a worker does of a batch at a time: a slice, after which everything that was done is written down.

A worker that is killed leaves its slice to the next: what it wrote stands, and is not done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from engine.actions.batches import CHANGING, survey_again
from engine.actions.move_saving import Moving
from engine.actions.move_targets import target_of
from engine.actions.move_undoing import undo
from engine.actions.moves import NoTarget, could_not, move, must_take_cases
from engine.actions.past_playing import UNEXPECTED, play_past
from engine.bpmn.groups import Group, Judging, groups_from, untold
from engine.core import Engine
from engine.errors import AlurError, NotFound, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor, HeldRole
from engine.model.actor import Standing as Held
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.incident import sentence_json
from engine.model.permission import RoleKind
from engine.storage import batches, moved
from engine.storage.batches import OpenCase
from engine.storage.transaction import StoreUnavailable

_LEASE = timedelta(seconds=60)  # a slice takes a few; one whose worker was killed is taken up after that
_SECONDS = 1.0  # of a slice: a timer that is due waits for no longer
_CHUNK = 200  # cases read at once
_MOST_GROUPS = 500  # what is told apart; all others are counted as one
_OTHERS = say("These cases stand in so many other ways that they are not told apart. Move others first.")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Slice:
    """How far a batch came."""

    done: int
    cursor: UUID | None
    result: Mapping[str, Any]
    over: bool


def work(engine: Engine) -> bool:
    """Do a slice of the batch that has waited longest; False where there is none."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        due = batches.next_run(connection)
    if due is None or due > now:
        return False
    with engine.store.transaction() as connection:
        # The lease ends at an instant of its own: by it a worker knows whether the batch is still its.
        lease = now + _LEASE + timedelta(microseconds=new_id().int % 1_000_000)
        batch = batches.claim(connection, now, lease)
    if batch is None:
        return False
    state, came = (
        BatchState.RUNNING,
        Slice(done=batch.done, cursor=batch.cursor, result=batch.result, over=True),
    )
    try:
        came = _SLICES[batch.kind](engine, _actor(batch), batch)
        state = BatchState.DONE if came.over else state
    except StoreUnavailable:
        raise
    except AlurError as error:
        state = BatchState.FAILED
        came = replace(came, result={**batch.result, "failed": sentence_json(error.sentence)})
    except Exception as error:  # tried again it would fail for ever
        log.exception("batch.failed", batch=batch.id.hex, why=str(error))
        state = BatchState.FAILED
        why = say("Something unexpected stopped this. An administrator finds it in the log.")
        came = replace(came, result={**batch.result, "failed": sentence_json(why)})
    with engine.store.transaction() as connection:
        is_ours = batches.advance(
            connection,
            batch,
            lease,
            done=came.done,
            cursor=came.cursor,
            result=came.result,
            now=engine.clock.now(),
            state=state,
        )
        if is_ours and state is not BatchState.RUNNING and batch.kind in CHANGING:
            survey_again(engine, connection, _actor(batch), batch)
    return True


def _actor(batch: Batch) -> Actor:
    """Give who asked, as they stood when they asked."""
    said = batch.parameters["actor"]
    roles = tuple(
        HeldRole(key=key, label=label, name=name, kind=RoleKind(kind), standing=Held(standing))
        for key, label, name, kind, standing in said["roles"]
    )
    return Actor(person=batch.asked_by, office=batch.office, name=said["name"], roles=roles)


def _survey(engine: Engine, actor: Actor, batch: Batch) -> Slice:
    new = target_of(engine, actor, batch).facts
    judging = Judging(new, batch.parameters["mapping"], engine.versions.facts_of)
    groups = groups_from(batch.result.get("groups", {}))
    judged: dict[str, dict[str, int]] = batch.result.get("judged", {})

    def look(row: OpenCase) -> None:
        try:
            group = _group(judging, row)
        except StoreUnavailable:
            raise
        except Exception:  # the other cases wait for none
            log.exception("batch.case_failed", batch=batch.id.hex, case=row.id.hex)
            group = untold("unexpected", UNEXPECTED)
        if group.key not in groups and len(groups) >= _MOST_GROUPS:
            group = untold("others", _OTHERS)
        groups[group.key] = groups.get(group.key, group).with_one_more((row.id.hex, row.number))
        judged.setdefault(group.key, {})[row.id.hex] = row.guard

    cursor, done, over = _each(engine, batch, look)
    steps = sorted(new.steps, key=new.steps.__getitem__)
    result = {
        "groups": {key: group.to_json() for key, group in groups.items()},
        "judged": judged,
        "steps": [[element, new.steps[element], new.name_of(element)] for element in steps],
    }
    return Slice(done=done, cursor=cursor, result=result, over=over)


def _group(judging: Judging, row: OpenCase) -> Group:
    return judging.group(row.version, row.state, on_trial=row.on_trial, given_up=row.given_up)


def _move(engine: Engine, actor: Actor, batch: Batch) -> Slice:
    assert batch.version is not None  # noqa: S101 - a batch that moves has one
    parameters = batch.parameters
    moving = Moving(
        to=batch.version,
        reason=parameters["reason"],
        batch=batch.id,
        mapping=parameters["mapping"],
        chosen=frozenset(parameters["groups"]),
    )
    with engine.store.reading() as connection:
        must_take_cases(engine, connection, batch.office, batch.process, batch.version)
    judging = Judging(engine.versions.facts_of(batch.version), moving.mapping, engine.versions.facts_of)

    def look(row: OpenCase) -> None:
        try:
            if _group(judging, row).key in parameters["groups"]:
                _move_one(engine, actor, row.id, moving)
        except (StoreUnavailable, NoTarget):
            raise
        except Exception:  # the other cases wait for none
            log.exception("batch.case_failed", batch=batch.id.hex, case=row.id.hex)
            could_not(engine, row.id, moving, UNEXPECTED)

    cursor, done, over = _each(engine, batch, look)
    return Slice(done=done, cursor=cursor, result=batch.result, over=over)


def _move_one(engine: Engine, actor: Actor, case: UUID, moving: Moving) -> None:
    try:
        came = move(engine, actor, case, moving)
        hindrance: Sentence | None = None if came.moved or came.judgement.may_move else came.judgement.reason
    except NotFound:  # it ended in the meantime
        return
    except NoTarget:  # nor can any other be moved
        raise
    except AlurError as error:
        if isinstance(error, StoreUnavailable):
            raise
        hindrance = error.sentence
    if hindrance is not None:
        could_not(engine, case, moving, hindrance)


def _each(engine: Engine, batch: Batch, look: Callable[[OpenCase], None]) -> tuple[UUID | None, int, bool]:
    """Look at the open cases from where the last slice ended, for as long as a slice takes.

    Gives the last case, how many were looked at in all, and whether none is left.
    """
    until, cursor, done = time.monotonic() + _SECONDS, batch.cursor, batch.done
    cases = batch.parameters.get("cases")
    only = None if cases is None else [UUID(hex=case) for case in cases]
    while True:
        with engine.store.reading() as connection:
            rows = batches.next_cases(connection, batch.process, batch.version, cursor, _CHUNK, only)
        if not rows:
            return cursor, max(done, batch.total), True
        for row in rows:
            look(row)
            cursor, done = row.id, done + 1
            if time.monotonic() > until:
                return cursor, done, False


def _undo(engine: Engine, actor: Actor, batch: Batch) -> Slice:
    until, cursor, done = time.monotonic() + _SECONDS, batch.cursor, batch.done
    kept: dict[str, Any] = dict(batch.result.get("kept", {}))
    of = UUID(hex=batch.parameters["batch"])
    while True:
        with engine.store.reading() as connection:
            rows = moved.next_of(connection, of, cursor, _CHUNK)
        if not rows:
            return Slice(done=max(done, batch.total), cursor=cursor, result={"kept": kept}, over=True)
        for case in rows:
            try:
                undo(engine, actor, case, of)
            except AlurError as error:
                if isinstance(error, StoreUnavailable):
                    raise
                kept[case.hex] = sentence_json(error.sentence)
            except Exception:
                log.exception("batch.case_failed", batch=batch.id.hex, case=case.hex)
                kept[case.hex] = sentence_json(UNEXPECTED)
            cursor, done = case, done + 1
            if time.monotonic() > until:
                return Slice(done=done, cursor=cursor, result={"kept": kept}, over=False)


def _replay(engine: Engine, actor: Actor, batch: Batch) -> Slice:
    return Slice(**play_past(engine, batch, target_of(engine, actor, batch), _SECONDS))


_SLICES: Mapping[BatchKind, Callable[[Engine, Actor, Batch], Slice]] = {
    BatchKind.SURVEY: _survey,
    BatchKind.MOVE: _move,
    BatchKind.UNDO: _undo,
    BatchKind.REPLAY: _replay,
}
