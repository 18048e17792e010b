"""The office's own days: holidays and workdays that the nation's calendar does not know."""

from __future__ import annotations

from datetime import date

from engine.actions.administering import administering
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.storage import calendar_days, events
from engine.storage.events import Line

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
