"""Demo data: an office, its people, and cases that were really worked, at a clock of their own.

What the demo says stands in ``processes/demo.json`` (the office) and in each
``processes/<key>/demo.json`` (its cases); nothing here knows an SOP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.actions.assignments import LetterForm, issue
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import OfficePlan, open_office, operator
from engine.actions.passwords import hash_password
from engine.actions.people import PersonForm, add_person
from engine.actions.roles import AssignmentForm, RoleForm, assign_role
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_cases import Cast, play
from engine.model.actor import Actor, HeldRole
from engine.model.permission import RoleKind
from engine.opening import Places, open_engine
from engine.storage import people
from engine.storage.office import units as unit_rows

Progress = Callable[[str], None]


def fill(places: Places, folder: Path, password: str, now: datetime, progress: Progress) -> None:
    """Make the office, deploy every process of the folder, and work its demo cases up to ``now``."""
    clock = SetClock(now - timedelta(days=90))
    engine = open_engine(places, clock)
    try:
        cast = _open(engine, json.loads((folder / "demo.json").read_text()), password, progress)
        for process in sorted(path.parent for path in folder.glob("*/process.bpmn")):
            progress(f"SOP {process.name}")
            deploy(engine, operator(cast.office), read_package(process))
            if (process / "demo.json").is_file():
                story = json.loads((process / "demo.json").read_text())
                for case in story["cases"]:
                    progress(case["title"])
                    play(engine, clock, cast, process.name, story, case, now)
    finally:
        engine.close()


def _open(engine: Engine, plan: Mapping[str, Any], password: str, progress: Progress) -> Cast:
    progress(plan["name"])
    office = open_office(
        engine,
        OfficePlan(
            key=plan["key"],
            name=plan["name"],
            roles=[RoleForm(**role) for role in plan["roles"]],
            units=plan["units"],
        ),
    )
    actor, hashed = operator(office), hash_password(password)
    with engine.store.reading() as connection:
        roles = people.role_keys(connection, office)
        units = {name: id_ for id_, name in unit_rows(connection, office)}
    ids: dict[str, UUID] = {}
    actors: dict[str, Actor] = {}
    since = engine.clock.now().date().isoformat()
    for one in plan["people"]:
        form = PersonForm(
            sign_in_name=one["account"],
            name=one["name"],
            post=one.get("post", ""),
            unit=units[one["unit"]].hex if one.get("unit") else "",
        )
        person = ids[one["account"]] = add_person(engine, actor, form, demo=True)
        with engine.store.transaction() as connection:
            people.swap_password(connection, person, None, hashed)
        for role in one.get("roles", ()):
            assign_role(engine, actor, roles[role], AssignmentForm(person=person.hex, since=since))
        held = tuple(_held(role) for role in plan["roles"] if role["key"] in one.get("roles", ()))
        actors[one["account"]] = Actor(person=person, office=office, name=one["name"], roles=held)
    _assign(engine, actor, plan, ids)
    return Cast(office=office, actors=actors, people=ids, units=units)


def _assign(engine: Engine, actor: Actor, plan: Mapping[str, Any], ids: Mapping[str, UUID]) -> None:
    """Give the auditors their letters; terms are counted in days from the first day of the demo."""
    first = engine.clock.now().date()
    for letter in plan.get("assignments", ()):
        team = [ids[account].hex for account in letter["team"]]
        form = LetterForm(
            number=letter["number"],
            dated=first.isoformat(),
            issuer=letter["issuer"],
            valid_from=first.isoformat(),
            valid_until=(first + timedelta(days=letter["days"])).isoformat(),
            team=team,
            head=team[0],
        )
        issue(engine, actor, form)


def _held(role: Mapping[str, str]) -> HeldRole:
    kind = RoleKind(role.get("kind", RoleKind.PERFORMER))
    return HeldRole(key=role["key"], label=role["label"], name=role["name"], kind=kind)
