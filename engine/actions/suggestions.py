"""Suggestions of staff about a step, and what its owner answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from engine.actions.loading import load_task
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, Sentence, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.model.suggestion import SuggestionState
from engine.model.unseen import NO_DRAFT
from engine.storage import events, process_drafts, suggestions
from engine.storage.events import Line

LONGEST = 2000  # characters
_MOST_OPEN = 20  # of one person about one SOP
_MOST_SEEN = 50  # as many as are shown at once
_NO_SUGGESTION = say("This suggestion does not exist, or it is not for your role.")


def suggest(engine: Engine, actor: Actor, task_id: UUID, text: str, attempt: UUID) -> None:
    """Send the owner a suggestion about the step of a task that the actor sees.

    ``attempt`` becomes its identity, so that a second click sends nothing twice.
    """
    text = _text(text, say("Write what should be better."))
    with engine.store.transaction() as connection:
        task = load_task(connection, actor, task_id).task
        if suggestions.is_there(connection, attempt, actor.person):
            return
        process = engine.versions.get(task.version).process
        if suggestions.count_open(connection, process, actor.person) >= _MOST_OPEN:
            raise Conflict(
                say("%(most)s of your suggestions about this SOP wait for an answer.", most=_MOST_OPEN)
            )
        now = engine.clock.now()
        suggestions.add(
            connection,
            id=attempt,
            office=task.office,
            process=process,
            version=task.version,
            element=task.element,
            instance=task.instance,
            author=actor.person,
            at=now,
            text=text,
        )
        payload = {"suggestion": attempt.hex, "text": text, "case": task.instance.hex}
        line = Line(kind=EventKind.SUGGESTION_MADE, element=task.element, payload=payload)
        events.append(connection, Scope.LIBRARY, process, actor, now, [line], attempt=attempt)


def answer(
    engine: Engine, actor: Actor, key: str, suggestion_id: UUID, state: SuggestionState, text: str
) -> None:
    """Take or decline a suggestion, once. Declining needs a reason; taking may have one."""
    if not actor.may(Permission.REVISE):
        raise NotFound(_NO_SUGGESTION)
    with engine.store.transaction() as connection:
        found = suggestions.load(connection, actor.office, key, suggestion_id)
        if found is None:
            raise NotFound(_NO_SUGGESTION)
        if state is SuggestionState.DECLINED or text.strip():
            text = _text(text, say("Say why, so that its author knows."))
        now = engine.clock.now()
        answered = suggestions.answer(
            connection,
            suggestion_id,
            state=state,
            answer=text.strip(),
            answered_by=actor.person,
            answered_at=now,
        )
        if not answered:
            raise Conflict(
                say("This suggestion was already answered on %(when)s.", when=found["answered_at"])
            )
        payload = {"suggestion": suggestion_id.hex, "state": state.value, "answer": text.strip()}
        line = Line(kind=EventKind.SUGGESTION_ANSWERED, element=found["element"], payload=payload)
        events.append(connection, Scope.LIBRARY, found["process"], actor, now, [line])


def note_done(engine: Engine, actor: Actor, key: str, suggestion_id: UUID, draft: UUID | None) -> None:
    """Note which draft of the SOP does what was suggested and taken up; None: no draft does after all."""
    if not actor.may(Permission.REVISE):
        raise NotFound(_NO_SUGGESTION)
    with engine.store.transaction() as connection:
        found = suggestions.load(connection, actor.office, key, suggestion_id)
        if found is None:
            raise NotFound(_NO_SUGGESTION)
        done = None if draft is None else process_drafts.load(connection, actor.office, draft)
        if draft is not None and (done is None or done.key != key):
            raise NotFound(NO_DRAFT)
        if not suggestions.place(connection, suggestion_id, draft):
            raise Conflict(say("Only a suggestion that was taken up can be done in a draft."))
        payload = {"suggestion": suggestion_id.hex, "draft": draft.hex if draft else None}
        line = Line(kind=EventKind.SUGGESTION_DONE, element=found["element"], payload=payload)
        events.append(connection, Scope.LIBRARY, found["process"], actor, engine.clock.now(), [line])


def see_answers(engine: Engine, actor: Actor, seen: Mapping[UUID, datetime]) -> None:
    """Note what somebody has read of their suggestions, so that nobody is told twice.

    ``seen`` has those that were shown, each with when it had come so far: what came while it was read is
    news still.
    """
    if actor.person is None:
        return
    now = engine.clock.now()
    until = {one: min(at, now) for one, at in list(seen.items())[:_MOST_SEEN]}
    with engine.store.transaction() as connection:
        suggestions.note_seen(connection, actor.person, until)


def _text(given: str, missing: Sentence) -> str:
    text = given.strip()
    if not text:
        raise _invalid(missing)
    if len(text) > LONGEST:
        raise _invalid(
            say(
                "At most %(most)s characters can be sent; there are %(found)s.", most=LONGEST, found=len(text)
            )
        )
    return text


def _invalid(sentence: Sentence) -> Invalid:
    return Invalid((Problem(field="text", label="text", sentence=sentence),), sentence)
