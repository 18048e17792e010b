"""Ask for work on many cases of an SOP: what a new version means for them, moving them, taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.actions.loading import refusals
from engine.actions.moves import ONLY_TRIAL, must_move, must_take_cases
from engine.actions.process_drafts import open_draft
from engine.actions.reasons import must_have_reason
from engine.actions.version_standing import standing
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.event import EventKind, Scope
from engine.model.unseen import NO_CASE
from engine.storage import batches, events, moved, past
from engine.storage.events import Line
from engine.storage.transaction import Connection

MOST_CHOSEN = 100  # cases one by one; who wants more chooses their group
CHANGING = frozenset({BatchKind.MOVE, BatchKind.UNDO})  # one at a time of an SOP
NO_BATCH = say("This work on open cases does not exist, or it is not for your role.")
_WHY_MOVE = say("Write the reason; everybody who follows the cases reads it.")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What an owner chose of a survey."""

    survey: UUID
    groups: frozenset[str]
    reason: str
    cases: frozenset[UUID] | None = None  # of these groups; None: all of them


def survey_draft(engine: Engine, actor: Actor, draft_id: UUID, mapping: Mapping[str, str]) -> UUID:
    """Let the worker look at what a draft means for each open case."""
    must_move(actor)
    with engine.store.transaction() as connection:
        draft = open_draft(connection, actor, draft_id)
        against = {"draft": draft.id, "draft_revision": draft.revision, "version": None}
        return _add(
            engine, connection, actor, BatchKind.SURVEY, draft.process, against, {"mapping": dict(mapping)}
        )


def survey_version(engine: Engine, actor: Actor, key: str, number: int, mapping: Mapping[str, str]) -> UUID:
    """Let the worker look at what a version means for each case that runs on another one."""
    must_move(actor)
    with engine.store.transaction() as connection:
        found = standing(connection, actor, key, number)
        against = {"draft": None, "draft_revision": None, "version": found.id}
        return _add(
            engine, connection, actor, BatchKind.SURVEY, found.process, against, {"mapping": dict(mapping)}
        )


def survey_again(engine: Engine, connection: Connection, actor: Actor, changed: Batch) -> None:
    """Let the open cases be looked at once more after a batch changed where they stand.

    Only where somebody had looked at them. What is being looked at already is not begun anew.
    """
    assert changed.version is not None  # noqa: S101 - a batch that changes something has one
    last = batches.latest(connection, changed.process, BatchKind.SURVEY, version=changed.version)
    if last is None or last.state is BatchState.RUNNING:
        return
    against = {"draft": None, "draft_revision": None, "version": changed.version}
    wanted = {"mapping": last.parameters["mapping"]}
    _add(engine, connection, actor, BatchKind.SURVEY, changed.process, against, wanted)


def replay_draft(engine: Engine, actor: Actor, draft_id: UUID) -> UUID:
    """Let the worker play the answers on record through a draft: of the newest cases, and of those kept."""
    must_move(actor)
    with engine.store.transaction() as connection:
        draft = open_draft(connection, actor, draft_id)
        against = {"draft": draft.id, "draft_revision": draft.revision, "version": None}
        total = past.count(connection, draft.process)
        return _add(engine, connection, actor, BatchKind.REPLAY, draft.process, against, {}, total=total)


def replay_kept(
    engine: Engine, connection: Connection, actor: Actor, process: UUID, version: UUID
) -> UUID | None:
    """Let the kept cases be played through what was submitted; None where none is kept."""
    if not past.kept(connection, process):
        return None
    against = {"draft": None, "draft_revision": None, "version": version}
    return _add(engine, connection, actor, BatchKind.REPLAY, process, against, {}, total=0)


def keep_case(engine: Engine, actor: Actor, case: UUID, *, wanted: bool) -> None:
    """Let every later draft of its SOP be tried on a case, or no longer."""
    must_move(actor)
    assert actor.person is not None  # noqa: S101 - only people are process owners
    with engine.store.transaction() as connection:
        process = past.process_of(connection, actor.office, case)
        if process is None:
            raise NotFound(NO_CASE)
        now = engine.clock.now()
        if wanted and not past.is_kept(connection, process, case):
            _must_have_room(connection, process)
        changed = (
            past.keep(connection, process, case, actor.person, now)
            if wanted
            else past.let_go(connection, process, case)
        )
        if changed:
            kind = EventKind.CASE_KEPT if wanted else EventKind.CASE_LET_GO
            line = Line(kind=kind, payload={"case": case.hex})
            events.append(connection, Scope.LIBRARY, process, actor, now, [line])


def _must_have_room(connection: Connection, process: UUID) -> None:
    if past.count_kept(connection, process) >= past.MOST_KEPT:
        sentence = say("Already %(most)s cases are kept. Let go of one first.", most=past.MOST_KEPT)
        raise Conflict(sentence)


def move_cases(engine: Engine, actor: Actor, key: str, number: int, chosen: Chosen) -> UUID:
    """Let the worker move the chosen groups of a survey, each case as it stands by then."""
    must_move(actor)
    with engine.store.reading() as connection:
        process = standing(connection, actor, key, number).process
    with (
        refusals(engine, actor, process, EventKind.CASES_MOVE_STARTED, scope=Scope.LIBRARY),
        engine.store.transaction() as connection,
    ):
        found = standing(connection, actor, key, number)
        survey = must_load(connection, actor, chosen.survey)
        if survey.version != found.id or survey.state is not BatchState.DONE:
            raise NotFound(NO_BATCH)
        takes_all = must_take_cases(engine, connection, actor.office, found.process, found.id)
        reason = _must_be_chosen(survey, chosen, takes_all=takes_all)
        parameters: dict[str, Any] = {
            "survey": survey.id.hex,
            "groups": sorted(chosen.groups),
            "mapping": survey.parameters["mapping"],
            "reason": reason,
        }
        if chosen.cases is not None:
            parameters["cases"] = sorted(case.hex for case in chosen.cases)
        against = {"draft": None, "draft_revision": None, "version": found.id}
        total = None if chosen.cases is None else len(chosen.cases)
        id_ = _add(engine, connection, actor, BatchKind.MOVE, found.process, against, parameters, total=total)
        payload = {"key": key, "number": number, "batch": id_.hex, "reason": reason}
        payload |= {"groups": sorted(chosen.groups), "mapping": dict(survey.parameters["mapping"])}
        line = Line(kind=EventKind.CASES_MOVE_STARTED, payload=payload)
        events.append(connection, Scope.LIBRARY, found.process, actor, engine.clock.now(), [line])
        return id_


def undo_cases(engine: Engine, actor: Actor, batch_id: UUID) -> UUID:
    """Let the worker take back what a batch moved, as far as nobody has worked on it since."""
    must_move(actor)
    with engine.store.transaction() as connection:
        done = must_load(connection, actor, batch_id)
        if done.kind is not BatchKind.MOVE:
            raise NotFound(NO_BATCH)
        if done.state is BatchState.RUNNING:
            raise Conflict(say("The cases are still being moved. Wait until that is done."))
        total = moved.counts(connection, batch_id)["moved"]
        against = {"draft": None, "draft_revision": None, "version": done.version}
        parameters = {"batch": batch_id.hex}
        id_ = _add(engine, connection, actor, BatchKind.UNDO, done.process, against, parameters, total=total)
        payload = {"batch": batch_id.hex, "by": id_.hex}
        line = Line(kind=EventKind.CASES_MOVE_UNDONE, payload=payload)
        events.append(connection, Scope.LIBRARY, done.process, actor, engine.clock.now(), [line])
        return id_


def must_load(connection: Connection, actor: Actor, batch_id: UUID) -> Batch:
    """Read a batch of the actor's office."""
    found = batches.load(connection, actor.office, batch_id)
    if found is None:
        raise NotFound(NO_BATCH)
    return found


def _must_be_chosen(survey: Batch, chosen: Chosen, *, takes_all: bool) -> str:
    groups = survey.result.get("groups", {})
    if not takes_all and any(not one.get("trial") for key, one in groups.items() if key in chosen.groups):
        raise Invalid((Problem(field="groups", label="Cases", sentence=ONLY_TRIAL),))
    known = {key for key, one in groups.items() if one["may_move"]}
    if not chosen.groups or not chosen.groups <= known:
        sentence = say("Choose at least one group of cases that can be moved.")
        raise Invalid((Problem(field="groups", label="Cases", sentence=sentence),))
    if chosen.cases is not None and not 0 < len(chosen.cases) <= MOST_CHOSEN:
        sentence = say("Choose from 1 to %(most)s cases.", most=MOST_CHOSEN)
        raise Invalid((Problem(field="cases", label="Cases", sentence=sentence),))
    return must_have_reason(chosen.reason, _WHY_MOVE)


def _add(  # noqa: PLR0913, PLR0917 - a batch has this many facts
    engine: Engine,
    connection: Connection,
    actor: Actor,
    kind: BatchKind,
    process: UUID,
    against: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    total: int | None = None,
) -> UUID:
    running = batches.running(connection, process)
    if kind in CHANGING and any(one.kind in CHANGING for one in running):
        raise Conflict(say("Cases of this SOP are being moved already. Wait until that is done."))
    same = [one for one in running if one.kind is kind and _target(one) == tuple(against.values())]
    if same and kind not in CHANGING:
        if same[0].parameters.get("mapping", {}) != parameters.get("mapping", {}):
            raise Conflict(say("The cases are still being looked at. Wait until that is done."))
        return same[0].id
    id_ = new_id()
    if total is None:
        total = batches.open_cases(connection, process, against["version"])
    batches.add(
        connection,
        {**parameters, "actor": actor_json(actor)},
        id=id_,
        office=actor.office,
        kind=kind.value,
        process=process,
        asked_by=actor.person,
        asked_at=engine.clock.now(),
        total=total,
        **against,
    )
    return id_


def _target(batch: Batch) -> tuple[object, ...]:
    return batch.draft, batch.draft_revision, batch.version


def actor_json(actor: Actor) -> dict[str, Any]:
    """Write who asked, with the roles of that day: in these the worker acts for them."""
    return {
        "name": actor.name,
        "roles": [
            [role.key, role.label, role.name, role.kind.value, role.standing.value] for role in actor.roles
        ],
    }
