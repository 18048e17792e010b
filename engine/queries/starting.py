"""What somebody sees who is about to start a case of an SOP."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import Forbidden, NotFound, say
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.model.instance import VersionState
from engine.queries.case_access import visible
from engine.queries.library_versions import NO_SOP, RUNNING, may_start_cases, must_read
from engine.storage.startable import startable
from engine.storage.tables import instance
from engine.storage.versions import find_process

_MOST_CASES = 10


@dataclass(frozen=True, kw_only=True)
class SameYear:
    """A running case of the same SOP and year."""

    id: UUID
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """What starting a case needs to know. ``unseen`` counts open ones that are not the actor's to see."""

    key: str
    name: str
    number: int | None  # of the revision in trial that was asked for
    starts: tuple[tuple[str, str], ...]  # events the actor may choose from, and their names
    definition: Definition
    on_trial: bool
    same_year: tuple[SameYear, ...]
    unseen: int


def start_page(engine: Engine, actor: Actor, key: str, year: int, number: int | None = None) -> StartPage:
    """Read what is shown to somebody who may start a case of an SOP, about a year.

    ``number`` asks for a revision in trial; without it the case will be of the one in force.
    """
    must_read(actor)
    day = engine.calendar_of(actor.office).local(engine.clock.now()).date()
    with engine.store.reading() as connection:
        process_id = find_process(connection, actor.office, key)
        several = startable(connection, process_id, day, actor.person) if process_id else ()
        current = next((one for one in several if number in {None, one.number}), None)
        if current is None:
            raise NotFound(NO_SOP)
        version = engine.versions.get(current.id)
        if not may_start_cases(actor, version.definition):
            raise Forbidden(say("Only who holds the role of the first step can start a case."))
        same, unseen = _same_year(connection, actor, version.process, year)
    return StartPage(
        key=key,
        name=version.name,
        starts=tuple(
            (one.element, one.name)
            for one in version.definition.starts
            if may_start_cases(actor, version.definition, one.element)
        ),
        definition=version.definition,
        number=number,
        on_trial=current.state is VersionState.TRIAL,
        same_year=same,
        unseen=unseen,
    )


def _same_year(
    connection: Connection, actor: Actor, process_id: UUID, year: int
) -> tuple[tuple[SameYear, ...], int]:
    open_ones = (RUNNING, instance.c.process == process_id, instance.c.year == year)
    seen = visible(actor)
    rows = connection.execute(
        select(instance.c.id, instance.c.number, instance.c.title, seen.label("seen"))
        .where(*open_ones)
        .order_by(instance.c.number)
        .limit(_MOST_CASES)
    ).all()
    same = tuple(SameYear(id=row.id, number=row.number, title=row.title) for row in rows if row.seen)
    return same, len(rows) - len(same)
