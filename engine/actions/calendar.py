"""The office's own calendar: holidays and workdays the nation's does not know, and its working hours.

Due times that were worked out before a change stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from engine.actions.administering import administering
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.hours import DEFAULT_RAMADAN_WEEK, DEFAULT_WEEK, Hours, read_week, write_week
from engine.storage import calendar_days, events, office
from engine.storage.events import Line, to_json
from engine.storage.transaction import Connection

KINDS = ("holiday", "workday")
_LONGEST = 200


def set_day(engine: Engine, actor: Actor, day: date, kind: str, name: str) -> None:
    """Make a day a holiday or a workday of the office; due times worked out before stay as they are."""
    named = " ".join(name.split())
    if kind not in KINDS or not 1 <= len(named) <= _LONGEST:
        sentence = say(
            "Expected holiday or workday and a name, found %(kind)s and %(name)s.", kind=kind, name=named
        )
        raise Invalid((Problem(field="day", label="Day", sentence=sentence),))
    with administering(engine, actor, EventKind.CALENDAR_CHANGED) as connection:
        old = calendar_days.put(connection, actor.office, day, kind, named)
        payload = {"day": day.isoformat(), "old": old, "new": {"kind": kind, "name": named}}
        line = Line(kind=EventKind.CALENDAR_CHANGED, payload=payload)
        events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def clear_day(engine: Engine, actor: Actor, day: date) -> None:
    """Make a day again what the nation's calendar says."""
    with administering(engine, actor, EventKind.CALENDAR_CHANGED) as connection:
        old = calendar_days.drop(connection, actor.office, day)
        if old is None:
            raise NotFound(say("%(day)s is not among the office's own days.", day=day))
        line = Line(
            kind=EventKind.CALENDAR_CHANGED, payload={"day": day.isoformat(), "old": old, "new": None}
        )
        events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def set_hours(
    engine: Engine, actor: Actor, days: Collection[int], hours: Hours, *, ramadan: bool = False
) -> None:
    """Set the working hours of days of the week (Monday is 0), or of Ramadan's; NO_HOURS makes them free."""
    with administering(engine, actor, EventKind.CALENDAR_CHANGED) as connection:
        old = office.setting_of(connection, actor.office, office.WORK_HOURS)
        weeks = json.loads(old) if old else {}
        name, default = ("ramadan", DEFAULT_RAMADAN_WEEK) if ramadan else ("week", DEFAULT_WEEK)
        week = {**(read_week(weeks[name]) if weeks.get(name) else default), **dict.fromkeys(days, hours)}
        working = {day: one for day, one in week.items() if one.spans}
        if not working:
            sentence = say("An office works on one day of the week at least.")
            raise Invalid((Problem(field="hours", label="Hours", sentence=sentence),))
        _put_hours(engine, connection, actor, old, weeks | {name: write_week(working)})


def reset_hours(engine: Engine, actor: Actor) -> None:
    """Let the office work as Perpres 21/2023 says, in Ramadan too."""
    with administering(engine, actor, EventKind.CALENDAR_CHANGED) as connection:
        old = office.setting_of(connection, actor.office, office.WORK_HOURS)
        if old is not None:
            _put_hours(engine, connection, actor, old, None)


def _put_hours(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    old: str | None,
    new: dict[str, dict[str, str]] | None,
) -> None:
    office.put_setting(connection, actor.office, office.WORK_HOURS, to_json(new) if new else None)
    payload = {"hours": {"old": json.loads(old) if old else None, "new": new}}
    line = Line(kind=EventKind.CALENDAR_CHANGED, payload=payload)
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])
