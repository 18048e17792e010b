"""Calendars of offices as they once were, by the digests that events name them by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from engine.actions.basis import shortened
from engine.core import Engine
from engine.errors import say
from engine.holidays import office_calendar
from engine.model.calendar import WorkCalendar
from engine.model.event import EventKind
from engine.model.hours import DEFAULT_RAMADAN_WEEK, DEFAULT_WEEK, read_week
from engine.record.rebuild_answers import CannotTell
from engine.storage import office
from engine.storage.events import stream_events

_YEARS = range(2020, 2041)  # as ``opening`` reads it: another span has another digest


class Calendars:
    """Calendars by office and digest; what the office changed since is unwound from its own record."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine."""
        self._engine = engine
        self._past: dict[UUID, dict[str, WorkCalendar]] = {}

    def of(self, office_id: UUID, digest: str) -> WorkCalendar:
        """Give the calendar of a digest; CannotTell where the record does not lead back to it."""
        now = self._engine.calendar_of(office_id)
        if not digest or shortened(now.digest) == digest:
            return now
        if office_id not in self._past:
            self._past[office_id] = {shortened(one.digest): one for one in self._unwound(office_id)}
        found = self._past[office_id].get(digest)
        if found is None:
            raise CannotTell(say("The office's calendar is another one than at that time, and is not known."))
        return found

    def _unwound(self, office_id: UUID) -> Iterator[WorkCalendar]:
        with self._engine.store.reading() as connection:
            zone = office.zone_of(connection, office_id)
            days = {
                day: {"kind": kind, "name": name}
                for day, kind, name in office.local_days(connection, office_id)
            }
            kept = office.setting_of(connection, office_id, office.WORK_HOURS)
            events = stream_events(connection, office_id)
        hours = json.loads(kept) if kept else None
        for event in reversed(events):
            if event.kind is not EventKind.CALENDAR_CHANGED or event.payload is None:
                continue
            told = json.loads(event.payload)
            if "hours" in told:
                hours = told["hours"]["old"]
            else:
                day = date.fromisoformat(told["day"])
                days.pop(day, None)
                if told["old"] is not None:
                    days[day] = told["old"]
            yield _calendar(zone, days, hours or {})


def _calendar(zone: str, days: dict[date, Any], weeks: dict[str, Any]) -> WorkCalendar:
    return office_calendar(
        _YEARS,
        zone=zone,
        week=read_week(weeks["week"]) if weeks.get("week") else DEFAULT_WEEK,
        ramadan_week=read_week(weeks["ramadan"]) if weeks.get("ramadan") else DEFAULT_RAMADAN_WEEK,
        holidays={day: one["name"] for day, one in days.items() if one["kind"] == "holiday"},
        workdays={day: one["name"] for day, one in days.items() if one["kind"] == "workday"},
    )
