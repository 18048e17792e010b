"""Open a case: its first steps, then everything of it in one transaction; whether one may is asked before."""

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
from engine.actions.incidents_settled import settle_starts
from engine.core import Engine
from engine.errors import Conflict, Invalid, Problem, say
from engine.model.actor import Actor
from engine.model.event import GENESIS, EventKind, Scope
from engine.model.instance import InstanceStatus, VersionState
from engine.model.numbering import case_number, case_title
from engine.storage import events, instances, search
from engine.storage.events import Head, Line
from engine.storage.startable import Startable, startable
from engine.storage.transaction import Connection
from engine.storage.versions import Version


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
        if problems := open_already(connection, process, new):
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
        if found is not None and found.state is VersionState.TRIAL:
            facts["trial"] = found.is_trial
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


def open_already(connection: Connection, process: UUID, new: NewCase) -> list[Problem]:
    """Ask whoever starts a second case for a year; the same form sent twice is no second case."""
    if new.knowingly or not instances.is_open_for_year(connection, process, new.year, but=new.attempt):
        return []
    sentence = say(
        "A case for %(year)s is open already. Press “Start the case” once more if you want another one.",
        year=new.year,
    )
    return [Problem(field="knowingly", label="knowingly", sentence=sentence)]
