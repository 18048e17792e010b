"""Open the engine: the only place that knows every layer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from engine.actions.revision_steps import RevisionSteps
from engine.bpmn.workflow import Runner
from engine.clock import Clock
from engine.connectors.registry import Outgoing, connectors_of
from engine.core import Engine, Sealing
from engine.errors import AlurError, say
from engine.expressions.sandbox import Sandbox
from engine.holidays import office_calendar
from engine.model.calendar import WorkCalendar
from engine.model.hours import DEFAULT_RAMADAN_WEEK, DEFAULT_WEEK, read_week
from engine.storage import office
from engine.storage.blobs import Blobs
from engine.storage.suspensions import Suspensions
from engine.storage.transaction import Store, open_store
from engine.storage.versions import Versions

# Seconds a calendar is kept, so that a day added by another process is soon seen.
_CALENDAR_AGE = 30.0
# A span that does not move from day to day: the digest changes only when the calendar does.
_CALENDAR_YEARS = range(2020, 2041)


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the engine keeps things, how many sandbox workers it may use, what may go out."""

    database: str  # SQLAlchemy address
    blobs: str  # folder, file:// or s3:// address
    sandbox_workers: int = 2
    outgoing: Outgoing = field(default_factory=Outgoing)
    sealing: Sealing | None = None  # None: nothing is sealed
    archives: Path | None = None  # folder of archive files; None: there are none


def open_engine(places: Places, clock: Clock | None = None) -> Engine:
    """Wire store, clock, sandbox pool and caches. Made per process, after any fork."""
    connectors = dict(connectors_of(places.outgoing))
    store = open_store(places.database, places.archives)
    sandbox = Sandbox(workers=places.sandbox_workers)
    versions, calendar_of, suspensions = Versions(store), _calendars(store), Suspensions(store)

    def close() -> None:
        sandbox.close()
        store.close()

    engine = Engine(
        store=store,
        clock=clock or Clock(),
        runner=Runner(
            sandbox,
            versions.spec_of,
            lambda version: calendar_of(versions.get(version).office),
            stored_of=versions.stored_of,
            must_run=suspensions.must_run,
        ),
        versions=versions,
        suspensions=suspensions,
        blobs=Blobs(places.blobs),
        calendar_of=calendar_of,
        sealing=places.sealing,
        connectors=connectors,
        close=close,
    )
    if RevisionSteps.name in connectors:
        raise AlurError(say("Two connectors are named %(name)s.", name=RevisionSteps.name))
    connectors[RevisionSteps.name] = RevisionSteps(engine)
    return engine


def _calendars(store: Store) -> Callable[[UUID], WorkCalendar]:
    kept: dict[UUID, tuple[float, WorkCalendar]] = {}

    def calendar_of(office_id: UUID) -> WorkCalendar:
        found = kept.get(office_id)
        if found is None or time.monotonic() - found[0] > _CALENDAR_AGE:
            read = _read_calendar(store, office_id)
            # The same days keep the same object, with what it has worked out.
            same = found[1] if found is not None and found[1].digest == read.digest else read
            found = kept[office_id] = (time.monotonic(), same)
        return found[1]

    return calendar_of


def _read_calendar(store: Store, office_id: UUID) -> WorkCalendar:
    with store.reading() as connection:
        zone = office.zone_of(connection, office_id)
        days = office.local_days(connection, office_id)
        hours = office.setting_of(connection, office_id, office.WORK_HOURS)
    weeks = json.loads(hours) if hours else {}
    holidays: dict[date, str] = {day: name for day, kind, name in days if kind == "holiday"}
    workdays: dict[date, str] = {day: name for day, kind, name in days if kind == "workday"}
    return office_calendar(
        _CALENDAR_YEARS,
        zone=zone,
        week=read_week(weeks["week"]) if weeks.get("week") else DEFAULT_WEEK,
        ramadan_week=read_week(weeks["ramadan"]) if weeks.get("ramadan") else DEFAULT_RAMADAN_WEEK,
        holidays=holidays,
        workdays=workdays,
    )
