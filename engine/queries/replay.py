"""A case replayed: how it stood at any event of its record, and what that event was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.permission import Permission
from engine.model.replay import Moment, Note
from engine.queries.case_access import CaseFacts, case_facts, visible
from engine.queries.case_way import Way
from engine.queries.replay_event import ShownEvent, shown_event
from engine.queries.replay_list import EventGroup, ListedEvent, Listing, listing
from engine.queries.replay_moments import MOMENTS
from engine.queries.replay_reading import act_around, events_between, last_seq, seq_at
from engine.queries.replay_tasks import MOST_OPEN, HeldLine, Lines, people_of, told_passes, way_at
from engine.storage import office
from engine.storage.tables import instance, process_version
from engine.storage.versions import Version

__all__ = ["EventGroup", "ListedEvent", "Replay", "ReplayAsked", "must_read_record", "replay"]


@dataclass(frozen=True, kw_only=True)
class ReplayAsked:
    """Which step: a number (None: the last), or the last by an instant; and which events are listed."""

    step: int | None = None
    at: datetime | None = None
    group: EventGroup = EventGroup.ALL
    around: int | None = None  # the number that the list of events is about, where that is another


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A case at a step. ``moment`` is after everything that was done at once with the step's event."""

    facts: CaseFacts
    step: int
    last: int
    asked_at: datetime | None  # the instant that was asked for, where it was one
    moment: Moment
    version: Version  # by which the case went on then
    versions: Mapping[int, Version]  # all it went by, by number
    calendar: WorkCalendar
    way: Way
    lines: tuple[HeldLine, ...]  # the last passes and every open task, in the order they began
    left_out: int  # earlier passes that are not among them
    event: ShownEvent
    at: datetime
    listing: Listing
    notes: tuple[Note, ...]  # of the whole case

    @cached_property
    def open(self) -> tuple[HeldLine, ...]:
        """Give the tasks that waited to be done."""
        return tuple(line for line in self.lines if line.is_open)

    @cached_property
    def told_open(self) -> tuple[HeldLine, ...]:
        """Give those of them that are told one by one: the late ones first, where there are too many."""
        if len(self.open) <= MOST_OPEN:
            return self.open
        return tuple(sorted(self.open, key=lambda line: not line.is_late)[:MOST_OPEN])

    @cached_property
    def timed(self) -> tuple[HeldLine, ...]:
        """Give the passes and open tasks whose time is told."""
        told = {line.task.id for line in self.told_open}
        return tuple(line for line in self.lines if not line.is_open or line.task.id in told)


def must_read_record(actor: Actor) -> None:
    """Refuse whoever is no auditor."""
    if not actor.may(Permission.READ_RECORD):
        raise Forbidden(say("Only auditors and process owners can replay cases."))


def replay(engine: Engine, actor: Actor, case: UUID, asked: ReplayAsked) -> Replay:
    """Replay a case the actor may see up to a step; NotFound where it has no such step."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        last = last_seq(connection, case)
        step = _step(connection, case, asked, last)
        first, end = act_around(connection, case, step, last)
        moment = MOMENTS.at(connection, case, end, last)
        whole = moment if end == last else MOMENTS.at(connection, case, last, last)
        versions = _versions(engine, connection, case, whole)
        act = events_between(connection, case, first, end)
        at = next(one.at for one in act if one.seq == step)
        version = versions[moment.version]
        calendar = engine.calendar_of(facts.office)
        people = office.names_of(connection, people_of(moment))
        definitions = {number: one.definition for number, one in versions.items()}
        lines = Lines(definitions, people, calendar, at).of(moment)
        shown = shown_event(connection, facts, act, step, version, moment)
        listed = listing(connection, facts, definitions, whole, asked.group, asked.around or step)
    return Replay(
        facts=facts,
        step=step,
        last=last,
        asked_at=asked.at,
        moment=moment,
        version=version,
        versions=versions,
        calendar=calendar,
        way=way_at(moment, version.definition),
        lines=lines,
        left_out=told_passes(moment) + len(moment.open) - len(lines),
        event=shown,
        at=at,
        listing=listed,
        notes=tuple(whole.notes),
    )


def case_numbered(engine: Engine, actor: Actor, number: str) -> UUID:
    """Find a case of the office by its number; NotFound names the number."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        found: UUID | None = connection.scalar(
            select(instance.c.id).where(visible(actor), instance.c.number == number)
        )
    if found is None:
        raise NotFound(say("There is no case with the number %(number)s.", number=number))
    return found


def _step(connection: Connection, case: UUID, asked: ReplayAsked, last: int) -> int:
    if asked.at is not None:
        return seq_at(connection, case, asked.at)
    step = last if asked.step is None else asked.step
    if not 1 <= step <= last:
        raise NotFound(say("This case has no event with that number."))
    return step


def _versions(engine: Engine, connection: Connection, case: UUID, whole: Moment) -> Mapping[int, Version]:
    """Give the versions that a case went by, by number."""
    numbers = {number for _seq, number in whole.versions}
    rows = connection.execute(
        select(process_version.c.number, process_version.c.id)
        .join(instance, instance.c.process == process_version.c.process)
        .where(instance.c.id == case, process_version.c.number.in_(numbers))
    ).all()
    return {row.number: engine.versions.get(row.id) for row in rows}


@dataclass(frozen=True, kw_only=True)
class FormThen:
    """A form as it was handed in at an event."""

    facts: CaseFacts
    step: int
    event: ShownEvent
    version: Version


def form_then(engine: Engine, actor: Actor, case: UUID, step: int) -> FormThen:
    """Read the form that an event handed in, as its version had it; NotFound for an event without one."""
    found = replay(engine, actor, case, ReplayAsked(step=step))
    if found.event.entered is None:
        raise NotFound(say("With this event no form was handed in."))
    return FormThen(facts=found.facts, step=step, event=found.event, version=found.version)
