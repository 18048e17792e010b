"""Start a case, as somebody who holds the role of its first step."""

from __future__ import annotations

from uuid import UUID

from engine.actions.case_opening import NewCase, Started, open_already, open_case
from engine.actions.loading import refusals
from engine.actions.reasons import too_long
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.storage import instances, tasks, versions
from engine.storage.data_stores import StoreChanged
from engine.storage.startable import Startable, startable
from engine.storage.transaction import IntegrityError
from engine.storage.versions import Version

__all__ = ["NewCase", "Started", "start"]

_TRIES = 5
_LONGEST_TITLE = 160
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def start(engine: Engine, actor: Actor, new: NewCase) -> Started:
    """Start a case on the version in force (else in trial); the same attempt starts it once."""
    about, act = {"key": new.key, "year": new.year}, EventKind.CASE_STARTED
    with refusals(engine, actor, actor.office, act, scope=Scope.OFFICE, attempt=new.attempt, about=about):
        if actor.person is None:
            raise Forbidden(say("Only a person can do that."))
        process, version, found = _startable(engine, actor, new)
        with engine.store.reading() as connection:
            before = instances.load(connection, new.attempt, actor.person)
        if before is not None:
            return _repeated(engine, actor, before)
    _must_be_valid(engine, process, version, new)
    for _ in range(_TRIES):
        try:
            return open_case(engine, actor, new, version, found=found)
        except StoreChanged:
            continue
        except IntegrityError:
            # The same form was sent twice at once, or another SOP took the number in the same instant.
            with engine.store.reading() as connection:
                again = instances.load(connection, new.attempt, actor.person)
            if again is not None:
                return _repeated(engine, actor, again)
    raise Conflict(say("This case could not be started. Open the form again."))


def _startable(engine: Engine, actor: Actor, new: NewCase) -> tuple[UUID, Version, Startable]:
    """Find process, version and the version's state for a case that the actor may start."""
    with engine.store.reading() as connection:
        process = versions.find_process(connection, actor.office, new.key)
        day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
        several = startable(connection, process, day, actor.person) if process else ()
    found = next((one for one in several if new.version in {None, one.number}), None)
    if process is None or found is None:
        if several:
            raise Conflict(say("No case can be started on revision %(number)s any more.", number=new.version))
        raise NotFound(say("There is no SOP “%(key)s” that cases can be started on.", key=new.key))
    version = engine.versions.get(found.id)
    if version.definition.document.purpose is not None:
        raise Forbidden(say("Cases of this SOP begin by themselves, when there is an SOP to decide on."))
    starts = version.definition.starts
    start_ = new.start or (starts[0].element if starts else "")
    if not any(actor.holds(step.role) for step in version.definition.first_steps(start_)):
        raise Forbidden(say("Only who holds the role of the first step can start a case."))
    return process, version, found


def _must_be_valid(engine: Engine, process: UUID, version: Version, new: NewCase) -> None:
    problems: list[Problem] = []
    if new.start and new.start not in {one.element for one in version.definition.starts}:
        sentence = say("Choose where the case begins.")
        problems.append(Problem(field="start", label="start", sentence=sentence))
    if not _FIRST_YEAR <= new.year <= _LAST_YEAR:
        sentence = say(
            "Write a year from %(first_year)s to %(last_year)s.",
            first_year=_FIRST_YEAR,
            last_year=_LAST_YEAR,
        )
        problems.append(Problem(field="year", label="year", sentence=sentence))
    if len(new.title) > _LONGEST_TITLE:
        sentence = too_long(new.title, _LONGEST_TITLE)
        problems.append(Problem(field="title", label="title", sentence=sentence))
    with engine.store.reading() as connection:
        problems += open_already(connection, process, new)
    if problems:
        raise Invalid(tuple(problems))


def _repeated(engine: Engine, actor: Actor, case: instances.InstanceRow) -> Started:
    """Give the answer of the first time; another's attempt tells nothing about their case."""
    if case.starter != actor.person:
        raise Conflict(say("This case could not be started. Open the form again."))
    with engine.store.reading() as connection:
        opened = tasks.of_instance(connection, case.id)
    return Started(instance=case.id, number=case.number, first_task=opened[0].id if opened else None)
