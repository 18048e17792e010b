"""Personal data erased from the record of an ended case, on legal demand.

What is erased is gone for good: nobody can bring it back. The events stay with their digests, so that the
chain and every proof hold; that something was erased, by whom and on which demand, is itself on record.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.actions.administering import must_manage
from engine.actions.loading import load_case, refusals
from engine.actions.reasons import must_have_reason
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.erasure import LONGEST_LETTER, NEVER_ERASED, Erasure
from engine.model.event import EventKind, Scope
from engine.model.instance import InstanceStatus
from engine.storage import erasing, events, instances, takeouts
from engine.storage.events import Line
from engine.storage.space import empty_log
from engine.storage.transaction import Connection, StoreUnavailable

_HALF_DONE = say(
    "The texts are gone from the archive file, but the database did not take it: "
    "nothing of it is on record yet. Ask for the same erasure once more; "
    "until then checks of the record name these entries."
)


def erase(engine: Engine, actor: Actor, case: UUID, asked: Erasure) -> None:
    """Erase what events and documents of an ended case say; the same attempt does it once."""
    must_manage(actor)
    letter, reason = demand(asked)
    with engine.store.reading() as connection:
        found = load_case(connection, actor, case)
        done = events.payload_of(connection, case, EventKind.DATA_ERASED, asked.attempt)
    if done is not None:
        drop_files(engine, actor)
        return
    with refusals(engine, actor, case, EventKind.DATA_ERASED):
        if found.status is InstanceStatus.RUNNING:
            raise Conflict(say("This case still runs and needs what it knows. Erase when it has ended."))
        objects = _saved(engine, actor, case, replace(asked, letter=letter, reason=reason))
    # After the commit: where this is cut off, the worker removes what no row speaks of any more.
    for name in objects:
        engine.blobs.delete(name)
    drop_files(engine, actor)
    empty_log(engine.store)


def drop_files(engine: Engine, actor: Actor) -> None:
    """Drop large files once more after the commit: what was asked for meanwhile may hold what was erased."""
    with engine.store.transaction() as connection:
        objects = takeouts.drop_all(connection, actor.office)
    for name in objects:
        engine.blobs.delete(name)


def _saved(engine: Engine, actor: Actor, case: UUID, asked: Erasure) -> list[str]:
    is_out = False
    try:
        with engine.store.transaction() as connection:
            instances.lock(connection, case)  # no archiving takes it from here on
            having = erasing.archived_in(connection, engine.store.archives, case)
            title_stays = erasing.title_stays(engine.store.archives, having, case)
            objects = _erased(connection, engine, actor, case, asked, title_stays=title_stays)
            objects += takeouts.drop_all(connection, actor.office)
            is_out = erasing.erase_archived(connection, engine.store.archives, having, case, asked.events)
    except StoreUnavailable as error:
        if is_out:
            raise StoreUnavailable(_HALF_DONE) from error
        raise
    return objects


def _erased(  # what an erasure needs
    connection: Connection, engine: Engine, actor: Actor, case: UUID, asked: Erasure, *, title_stays: bool
) -> list[str]:
    """Erase and put it on record; gives the objects whose bytes are to be destroyed after the commit."""
    now = engine.clock.now()
    _guard, _status, head = instances.lock(connection, case)
    kinds = _kinds(connection, case, asked, title_stays=title_stays)
    said = erasing.still_said(connection, case, asked.events)
    kept = erasing.papers_named(connection, case, asked.events)
    begun = erasing.begin_kept(connection, case) if EventKind.CASE_STARTED in kinds else {}
    objects = _take_out(connection, case, asked, kinds, now)
    line = Line(
        kind=EventKind.DATA_ERASED,
        payload={
            "events": said,
            "documents": sorted(erasing.sharing(connection, case, asked.documents)),
            "kept": kept,
            **({"begun": begun} if begun else {}),
            "letter": asked.letter,
            "reason": asked.reason,
        },
    )
    head = events.extend(connection, Scope.INSTANCE, case, head, actor, now, [line], attempt=asked.attempt)
    instances.save(connection, case, head, {})
    return objects


def _take_out(
    connection: Connection, case: UUID, asked: Erasure, kinds: set[EventKind], now: datetime
) -> list[str]:
    """Take it out of all rows; gives the objects whose bytes are to be destroyed."""
    with erasing.overwriting(connection):
        erasing.forget_names(connection, case, asked.events)
        objects = erasing.erase_documents(connection, case, asked.documents, now)
        erased = erasing.erase_events(connection, case, asked.events)
        if not erased and not objects:
            raise Conflict(say("This was erased already."))
        if EventKind.CASE_STARTED in kinds:
            erasing.forget_title(connection, case)
        if EventKind.CASE_CANCELLED in kinds:
            erasing.forget_cancel_reason(connection, case)
        erasing.forget_beside(connection, case)
    return objects


def demand(asked: Erasure) -> tuple[str, str]:
    """Give the letter and the reason; Invalid with everything that is missing."""
    problems: list[Problem] = []
    letter = " ".join(asked.letter.split())
    if not letter or len(letter) > LONGEST_LETTER:
        sentence = say(
            "Write number and date of the letter that demands it, in %(most)s characters at most.",
            most=LONGEST_LETTER,
        )
        problems.append(Problem(field="letter", label="letter", sentence=sentence))
    if not asked.events and not asked.documents:
        sentence = say("Choose at least one entry or document.")
        problems.append(Problem(field="chosen", label="chosen", sentence=sentence))
    reason = ""
    try:
        reason = must_have_reason(asked.reason)
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(tuple(problems))
    return letter, reason


def _kinds(connection: Connection, case: UUID, asked: Erasure, *, title_stays: bool) -> set[EventKind]:
    """Give the kinds of the chosen events; NotFound where the case has no such event or document."""
    kinds = erasing.kinds_of(connection, case, asked.events)
    if len(kinds) != len(asked.events) or not asked.documents <= erasing.document_numbers(connection, case):
        raise NotFound(say("This case has no such entry or document."))
    if NEVER_ERASED & set(kinds.values()):
        raise Conflict(say("What was erased before stays on record."))
    if EventKind.CASE_STARTED in kinds.values() and title_stays:
        raise Conflict(
            say("The title of this case is signed in an archive file of an earlier form, and stays.")
        )
    return set(kinds.values())
