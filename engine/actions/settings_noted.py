"""With which settings the program runs: on record where a process starts with others than the last one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.actions.offices import operator
from engine.core import Engine
from engine.model.event import EventKind, Scope
from engine.storage import events, office, people
from engine.storage.events import Line, to_json


def note_settings(engine: Engine, process: str, told: Mapping[str, str]) -> None:
    """Note the settings of a process ("web", "worker") for every office; ``told`` holds no secret.

    A start with the same settings leaves nothing. An office's first start notes all of them.
    """
    key, now = f"settings-{process}", engine.clock.now()
    with engine.store.reading() as connection:
        offices = office.all_offices(connection)
    for one in offices:
        with engine.store.transaction() as connection:
            people.lock_office(connection, one)
            kept = office.setting_of(connection, one, key)
            old: dict[str, str] = json.loads(kept) if kept else {}
            if old == told:
                continue
            names = sorted(name for name in old.keys() | told.keys() if old.get(name) != told.get(name))
            payload = {
                "process": process,
                "old": {name: old.get(name) for name in names} if kept else {},
                "new": {name: told.get(name) for name in names},
            }
            line = Line(kind=EventKind.SETTINGS_CHANGED, payload=payload)
            events.append(connection, Scope.OFFICE, one, operator(one), now, [line])
            office.put_setting(connection, one, key, to_json(dict(told)))
