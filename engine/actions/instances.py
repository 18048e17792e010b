"""Start a case, and cancel one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from engine.actions.advancing import Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.incidents_noted import start_noted
from engine.actions.incidents_settled import settle, settle_starts
from engine.actions.loading import load_case, refusals
from engine.actions.reasons import must_have_reason
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import GENESIS, EventKind, Scope
from engine.model.instance import InstanceStatus, VersionState
from engine.model.numbering import case_number, case_title
from engine.model.permission import Permission
from engine.model.task import TaskState
from engine.storage import events, instances, jobs, search, tasks, timers, versions, waits
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Head, Line
from engine.storage.startable import Startable, startable
from engine.storage.transaction import Connection, IntegrityError
from engine.storage.versions import Version

_TRIES = 5
_LONGEST_TITLE = 160
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What somebody asks for who starts a case. ``attempt`` becomes the case's identity."""

    key: str
    year: int  # the year the case is about
    title: str = ""  # empty: from the SOP's template
    attempt: UUID
    start: str = ""  # which of several start events; empty: the first
    version: int | None = None  # the number of a revision in trial; None: the one in force
    knowingly: bool = False  # although one for the same SOP and year is open


@dataclass(frozen=True, kw_only=True)
class Started:
    """A case that runs now."""

    instance: UUID
    number: str
    first_task: UUID | None


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


def open_case(  # noqa: PLR0913 - what a case begins with
    engine: Engine,
    actor: Actor,
    new: NewCase,
    version: Version,
    *,
    found: Startable | None = None,
    known: Mapping[str, Any] = MappingProxyType({}),
    beside: Callable[[Connection], None] = lambda _: None,
    starter: UUID | None = None,
) -> Started:
    """Take the first steps, then write the case, its tasks and its events in one transaction.

    Whether the actor may is asked before. ``found`` is the version as it was found for them; the worker
    chooses its own. ``known`` stands in the case's variable ``case``, beside the year;
    ``beside`` writes what belongs to the same transaction; ``starter`` is for whom the worker begins it.
    """
    now, process = engine.clock.now(), version.process
    begins = {"year": new.year, **known}
    with start_noted(engine, actor, version, new.start):
        outcome = engine.runner.start(
            version=version.id,
            instance=new.attempt,
            variables={"case": begins},
            now=now,
            start=new.start,
        )
    header = version.definition.document
    title = new.title.strip() or case_title(header.case_title, version.name, subject_year=new.year)
    with engine.store.transaction() as connection:
        number = _next_number(engine, connection, process, version, now)
        if found is not None:
            _must_be_startable(engine, connection, actor, version)
        # Again behind the register's lock: two at once must not both find no open case.
        if problems := _open_already(connection, process, new):
            raise Invalid(tuple(problems))
        instances.add(
            connection,
            id=new.attempt,
            office=actor.office,
            process=process,
            version=version.id,
            number=number,
            year=new.year,
            title=title,
            status=InstanceStatus.RUNNING,
            trial=found is not None and found.is_trial,
            starter=starter or actor.person,
            started_at=now,
            guard=0,
            last_seq=0,
            chain_head=GENESIS,
        )
        search.add(connection, new.attempt, number, title, version.name)
        case = Case(id=new.attempt, version=version)
        rows = opened_rows(engine, connection, case, outcome, now)
        save_moved(connection, case, outcome, rows)
        facts = {
            "number": number,
            "year": new.year,
            "title": title,
            "key": version.key,
            "version": version.number,
            "state": (found.state if found else VersionState.IN_FORCE).value,
        }
        facts |= ({"start": new.start} if new.start else {}) | ({"case": begins} if known else {})
        head = events.extend(
            connection,
            Scope.INSTANCE,
            new.attempt,
            Head(seq=0, chain=GENESIS),
            actor,
            now,
            [Line(kind=EventKind.CASE_STARTED, payload=facts), *lines_of(outcome, rows)],
            attempt=new.attempt,
            basis=basis_of(engine, version),
        )
        instances.save(connection, new.attempt, head, changes_after(outcome, 0, now))
        if (who := starter or actor.person) is not None:
            instances.join_in(connection, new.attempt, who)
        settle_starts(connection, actor, version, new.start, now)
        beside(connection)
    if not outcome.finished:
        engine.runner.keep(new.attempt, 1, outcome)
    first = next((row["id"] for row in rows.values()), None)
    return Started(instance=new.attempt, number=number, first_task=first)


def _next_number(
    engine: Engine, connection: Connection, process: UUID, version: Version, now: datetime
) -> str:
    """Take the next number of the SOP's register that no case of the office has.

    Two SOPs may use the same template, and a template may leave out the year.
    """
    office, template = version.office, version.definition.document.case_number
    year = engine.calendar_of(office).local(now).year
    while True:
        count = instances.next_number(connection, office, process, year)
        number = case_number(template, version.key, number=count, year=year)
        if instances.numbered(connection, office, number) is None:
            return number


def _must_be_startable(engine: Engine, connection: Connection, actor: Actor, version: Version) -> None:
    """Ask again behind the register's lock: the last place of a trial is taken once."""
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    still = startable(connection, version.process, day, actor.person)
    if version.id not in {one.id for one in still}:
        raise Conflict(say("No case can be started on revision %(number)s any more.", number=version.number))


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
        sentence = say(
            "At most %(most)s characters fit here; this has %(found)s.",
            most=_LONGEST_TITLE,
            found=len(new.title),
        )
        problems.append(Problem(field="title", label="title", sentence=sentence))
    with engine.store.reading() as connection:
        problems += _open_already(connection, process, new)
    if problems:
        raise Invalid(tuple(problems))


def _open_already(connection: Connection, process: UUID, new: NewCase) -> list[Problem]:
    """Ask whoever starts a second case for a year; the same form sent twice is no second case."""
    if new.knowingly or not instances.is_open_for_year(connection, process, new.year, but=new.attempt):
        return []
    sentence = say(
        "A case for %(year)s is open already. Press “Start the case” once more if you want another one.",
        year=new.year,
    )
    return [Problem(field="knowingly", label="knowingly", sentence=sentence)]


def _repeated(engine: Engine, actor: Actor, case: instances.InstanceRow) -> Started:
    """Give the answer of the first time; another's attempt tells nothing about their case."""
    if case.starter != actor.person:
        raise Conflict(say("This case could not be started. Open the form again."))
    with engine.store.reading() as connection:
        opened = tasks.of_instance(connection, case.id)
    return Started(instance=case.id, number=case.number, first_task=opened[0].id if opened else None)


def cancel(engine: Engine, actor: Actor, instance_id: UUID, reason: str) -> None:
    """End a case for a reason; it cannot go on. Cancelling twice changes nothing."""
    with engine.store.reading() as connection:
        case = load_case(connection, actor, instance_id)
    with refusals(engine, actor, instance_id, EventKind.CASE_CANCELLED):
        if not actor.may(Permission.CANCEL_CASE):
            raise Forbidden(say("Only a process owner or an administrator can cancel a case."))
        if case.status is InstanceStatus.CANCELLED:
            return
        if case.status is InstanceStatus.FINISHED:
            raise Conflict(say("This case is finished; it can no longer be cancelled."))
    text = must_have_reason(reason)
    with (
        refusals(engine, actor, instance_id, EventKind.CASE_CANCELLED),
        engine.store.transaction() as connection,
    ):
        if not end_case(connection, actor, instance_id, text, engine.clock.now()):
            raise Conflict(say("This case has ended in the meantime."))
    engine.runner.forget(instance_id)


def end_case(connection: Connection, actor: Actor, instance_id: UUID, reason: str, now: datetime) -> bool:
    """End a case in the caller's transaction, which takes nothing before it; False where it has ended.

    The caller lets ``engine.runner`` forget it afterwards.
    """
    guard, status, head = instances.lock(connection, instance_id)
    if status != InstanceStatus.RUNNING:
        return False
    open_now = [one for one in tasks.of_instance(connection, instance_id) if one.state is TaskState.OPEN]
    tasks.close_all(connection, instance_id, TaskState.CANCELLED)
    timers.drop_all(connection, instance_id)
    jobs.drop_all(connection, instance_id)
    waits.drop_all(connection, instance_id)
    lines = [Line(kind=EventKind.CASE_CANCELLED, payload={"reason": reason})]
    lines += [
        Line(
            kind=EventKind.TASK_CANCELLED,
            element=one.element,
            round=one.round,
            iteration=one.iteration,
            payload={},
        )
        for one in open_now
    ]
    head = events.extend(connection, Scope.INSTANCE, instance_id, head, actor, now, lines)
    _cancelled(connection, instance_id, head, guard, reason, now)
    settle(connection, actor, instance_id, now, ended=True)
    return True


def _cancelled(
    connection: Connection, instance_id: UUID, head: Head, guard: int, reason: str, now: object
) -> None:
    instances.save(
        connection,
        instance_id,
        head,
        {
            "guard": guard + 1,
            "status": InstanceStatus.CANCELLED,
            "ended_at": now,
            "cancel_reason": reason,
            "state": None,
            "undo_task": None,
            "undo_state": None,
        },
    )
