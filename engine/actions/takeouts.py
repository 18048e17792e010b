"""Large files: asked for now, made by the worker, handed out to who asked; each taking is on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.actions.exports import export_facts
from engine.core import Engine
from engine.errors import Conflict, NotFound, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.event_log import LogFormat, Selection
from engine.model.takeout import HELD, Takeout, TakeoutKind, TakeoutState
from engine.queries.case_access import sees_all
from engine.queries.event_log import NOTHING, chosen_cases, set_of_cases
from engine.queries.evidence import bundle_asked, must_read_record
from engine.storage import events, takeouts
from engine.storage.events import Line

_AT_ONCE = 3  # being made for one person
NO_TAKEOUT = say("This file does not exist any more, or it was made for somebody else. Ask for it again.")
_KINDS: Mapping[TakeoutKind, EventKind] = {
    TakeoutKind.BUNDLE: EventKind.BUNDLE_MADE,
    TakeoutKind.LOG: EventKind.RECORD_EXPORTED,
}


def ask_for_bundle(engine: Engine, actor: Actor, case: UUID) -> UUID:
    """Have the evidence of a case made."""
    facts = bundle_asked(engine, actor, case).facts
    if engine.sealing is None:
        raise Conflict(say("This server has no key to sign with: it makes no evidence."))
    return _ask(engine, actor, TakeoutKind.BUNDLE, {"case": case.hex, "number": facts.number})


def ask_for_log(engine: Engine, actor: Actor, form: LogFormat, asked: Selection) -> UUID:
    """Have an event log made."""
    export_facts(engine, actor, form, asked)  # what is wrong with the choice is told now
    return _ask(engine, actor, TakeoutKind.LOG, {"format": form.value, **asked.to_json()})


def _ask(engine: Engine, actor: Actor, kind: TakeoutKind, asked: Mapping[str, Any]) -> UUID:
    if actor.person is None:
        raise NotFound(NO_TAKEOUT)  # the command line writes its files itself
    with engine.store.transaction() as connection:
        made = takeouts.being_made(connection, actor.person)
        same = next((one.id for one in made if one.kind is kind and one.asked == asked), None)
        if same is not None:  # the second click
            return same
        if len(made) >= _AT_ONCE:
            raise Conflict(
                say("%(count)s files are being made for you. Wait until one is ready.", count=len(made))
            )
        id_ = new_id()
        takeouts.add(
            connection,
            id=id_,
            office=actor.office,
            kind=kind.value,
            asked=asked,
            asked_by=actor.person,
            asked_at=engine.clock.now(),
        )
        return id_


def hand_out(engine: Engine, actor: Actor, takeout_id: UUID) -> Takeout:
    """Put on record that a file is taken, and give it to who asked, if they may read it still."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        found = takeouts.load(connection, _asker(actor), takeout_id)
    if found is None or found.state is not TakeoutState.READY:
        raise NotFound(NO_TAKEOUT)
    if found.kind is TakeoutKind.BUNDLE:
        bundle_asked(engine, actor, UUID(hex=found.asked["case"]))
    else:
        _must_see_as_much(engine, actor, found)
    if actor.needs_assignment and not _is_covered(found, actor):
        raise NotFound(say("A letter of assignment by which this file was made has ended. Ask for it again."))
    told = {name: value for name, value in found.facts.items() if name != HELD}
    line = Line(kind=_KINDS[found.kind], payload=told, entered=False)
    with engine.store.transaction() as connection:
        if takeouts.load(connection, _asker(actor), takeout_id) is None:
            raise NotFound(NO_TAKEOUT)
        events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])
    return found


def _must_see_as_much(engine: Engine, actor: Actor, found: Takeout) -> None:
    """Refuse a log with cases that are not the actor's to see any more, as those of a role that has ended.

    Cases begun after those it has count for nothing: they do not make up for one that is lost.
    """
    chosen = chosen_cases(engine, actor, Selection.from_json(found.asked))
    if sees_all(actor):
        return
    held, last = found.facts.get(HELD, (None, None))
    with engine.store.reading() as connection:
        seen = set_of_cases(connection, chosen, UUID(hex=last)) if last else NOTHING
    if seen.sha256 != held:
        raise NotFound(
            say("Which cases are yours to read has changed since this file was made. Ask for it again.")
        )


def _is_covered(found: Takeout, actor: Actor) -> bool:
    return found.letters is not None and {*found.letters} <= {one.assignment for one in actor.covers}


def drop(engine: Engine, actor: Actor, takeout_id: UUID) -> None:
    """Remove a file, made or being made; that nothing is left of one that is gone already is fine."""
    must_read_record(actor)
    with engine.store.transaction() as connection:
        object_ = takeouts.drop(connection, _asker(actor), takeout_id)
    if object_ is not None:
        engine.blobs.delete(object_)


def _asker(actor: Actor) -> UUID:
    if actor.person is None:
        raise NotFound(NO_TAKEOUT)
    return actor.person
