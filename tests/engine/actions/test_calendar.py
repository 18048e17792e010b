"""The office's own calendar: its days and its hours, on record."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from engine.actions.calendar import clear_day, reset_hours, set_day, set_hours
from engine.errors import Invalid, NotFound
from engine.model.calendar import WorkCalendar
from engine.model.event import EventKind
from engine.model.hours import DEFAULT_WEEK, FRIDAY, MONDAY, NO_HOURS, SATURDAY, Hours
from engine.opening import Places, open_engine
from tests.offices import Office

MORNING = Hours.read("08:00-12:00")


def told(office: Office) -> dict[str, Any]:
    """Read what the office's stream ends with."""
    event = office.events(office.id)[-1]
    assert event.kind is EventKind.CALENDAR_CHANGED
    said: dict[str, Any] = json.loads(event.payload or "")
    return said


def calendar_of(office: Office, places: Places) -> WorkCalendar:
    """Open another engine: a running one sees a change within half a minute."""
    other = open_engine(places, office.clock)
    try:
        return other.calendar_of(office.id)
    finally:
        other.close()


def test_hours_are_set_for_days_and_the_others_stay(office: Office, places: Places) -> None:
    set_hours(office.engine, office.people["dewi"], (MONDAY, SATURDAY), MORNING)
    week = calendar_of(office, places).week
    assert (week[MONDAY], week[SATURDAY], week[FRIDAY]) == (MORNING, MORNING, DEFAULT_WEEK[FRIDAY])
    assert told(office)["hours"]["old"] is None
    set_hours(office.engine, office.people["dewi"], (FRIDAY,), NO_HOURS)
    week = calendar_of(office, places).week
    assert (FRIDAY in week, week[MONDAY]) == (False, MORNING)
    said = told(office)["hours"]
    assert (said["old"]["week"]["4"], "4" in said["new"]["week"]) == (str(DEFAULT_WEEK[FRIDAY]), False)
    reset_hours(office.engine, office.people["dewi"])
    assert calendar_of(office, places).week == DEFAULT_WEEK
    assert told(office)["hours"]["new"] is None


def test_ramadan_has_hours_of_its_own(office: Office, places: Places) -> None:
    set_hours(office.engine, office.people["dewi"], (MONDAY,), MORNING, ramadan=True)
    calendar = calendar_of(office, places)
    assert (calendar.week, calendar.special[-1].week[MONDAY]) == (DEFAULT_WEEK, MORNING)


def test_an_office_works_on_some_day(office: Office) -> None:
    with pytest.raises(Invalid):
        set_hours(office.engine, office.people["dewi"], range(7), NO_HOURS)


def test_only_an_administrator_changes_it(office: Office) -> None:
    for who in ("joko", "putu", "agus"):
        with pytest.raises(NotFound):
            set_hours(office.engine, office.people[who], (MONDAY,), MORNING)
        with pytest.raises(NotFound):
            set_day(office.engine, office.people[who], date(2026, 12, 24), "holiday", "Cuti")
    assert EventKind.CALENDAR_CHANGED not in office.kinds(office.id)


def test_a_day_of_the_office_and_back(office: Office, places: Places) -> None:
    day = date(2026, 12, 23)
    set_day(office.engine, office.people["dewi"], day, "holiday", "Hari jadi")
    assert not calendar_of(office, places).is_working_day(day)
    clear_day(office.engine, office.people["dewi"], day)
    assert calendar_of(office, places).is_working_day(day)
    assert (told(office)["old"], told(office)["new"]) == ({"kind": "holiday", "name": "Hari jadi"}, None)
