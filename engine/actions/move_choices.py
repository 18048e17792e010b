"""Keep which open cases are to be moved once a draft is in force: it is begun with that then."""

from __future__ import annotations

from uuid import UUID

from engine.actions.batches import NO_BATCH, must_load
from engine.actions.moves import must_move
from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.batch import Batch, BatchKind, BatchState
from engine.model.event import EventKind, Scope
from engine.storage import batches, events, move_choices, versions
from engine.storage.events import Line
from engine.storage.move_choices import Choice


def keep_choice(engine: Engine, actor: Actor, key: str, survey_id: UUID, groups: frozenset[str]) -> Batch:
    """Keep which groups of a survey of an SOP are to be moved, and which not; gives the survey.

    What cannot be moved is never chosen. Cases go on meanwhile: what was chosen is where they stand and
    why, and whoever stands so by then is chosen.
    """
    must_move(actor)
    assert actor.person is not None  # noqa: S101 - only people are process owners
    with engine.store.transaction() as connection:
        survey = must_load(connection, actor, survey_id)
        is_done = survey.kind is BatchKind.SURVEY and survey.state is BatchState.DONE
        if not is_done or survey.process != versions.find_process(connection, actor.office, key):
            raise NotFound(NO_BATCH)
        draft = survey.draft
        if draft is None and survey.version is not None:
            draft = move_choices.draft_of(connection, survey.version)
        if draft is None:
            raise NotFound(NO_BATCH)
        batches.running(connection, survey.process)  # holds the SOP: of two who choose the later one stays
        found = survey.result.get("groups", {})
        chosen = {key: key in groups for key, one in found.items() if one["may_move"]}
        now = engine.clock.now()
        choice = Choice(groups=chosen, mapping=survey.parameters["mapping"], chosen_at=now)
        move_choices.save(connection, draft, actor.person, choice)
        payload = {"draft": draft.hex, "survey": survey.id.hex, "mapping": dict(choice.mapping)}
        payload["groups"] = sorted(key for key, wanted in chosen.items() if wanted)
        line = Line(kind=EventKind.CASES_CHOSEN, payload=payload)
        events.append(connection, Scope.LIBRARY, survey.process, actor, now, [line])
        return survey
