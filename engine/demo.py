"""Demo data: an office, its people, and cases that were really worked, at a clock of their own.

What the demo says stands in ``processes/demo.json`` (the office) and in each
``processes/<key>/demo.json`` (its cases, and what auditors do with them; under ``earlier`` what stood in its
diagram before it was revised); nothing here knows an SOP.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.actions.assignments import LetterForm, issue
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.offices import OfficePlan, open_office, operator
from engine.actions.passwords import hash_password
from engine.actions.people import PersonForm, add_person
from engine.actions.roles import AssignmentForm, RoleForm, assign_role
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_audit import Audit
from engine.demo_cases import Cast, play
from engine.model.actor import Actor, HeldRole
from engine.model.assignment import Coverage
from engine.model.permission import RoleKind
from engine.opening import Places, open_engine
from engine.storage import people
from engine.storage.office import units as unit_rows

Progress = Callable[[str], None]
_DAYS = 120  # that the office is old: more than fifty working days, also over the longest holidays
_IN_POST_SINCE = "2015-01-01"  # before any history that is copied into the past (benchmarks.fill)


def fill(places: Places, folder: Path, password: str, now: datetime, progress: Progress) -> None:
    """Make the office, deploy every process of the folder, and work its demo cases up to ``now``."""
    clock = SetClock(now - timedelta(days=_DAYS))
    engine = open_engine(places, clock)
    try:
        cast, letters = _open(engine, json.loads((folder / "demo.json").read_text()), password, progress)
        for process in sorted(path.parent for path in folder.glob("*/process.bpmn")):
            progress(f"SOP {process.name}")
            package, told = read_package(process), process / "demo.json"
            story = json.loads(told.read_text()) if told.is_file() else {"cases": []}
            deploy(engine, operator(cast.office), _earlier(package, story.get("earlier", {})))
            cases = {}
            for case in story["cases"]:
                progress(case["title"])
                cases[case["title"]] = play(engine, clock, cast, package, story, case, now)
            if "audit" in story:
                Audit(engine, cast, letters[0], cases).play(clock, story["audit"], now)
    finally:
        engine.close()


def _earlier(package: Package, texts: Mapping[str, str]) -> Package:
    """Give an SOP as it was before its revision: its diagram with other texts, all of which stand there."""
    diagram = package.bpmn.decode()
    for text, before in texts.items():
        if text not in diagram:
            raise ValueError(f"The diagram of {package.key} has no {text}, which its demo says was revised.")
        diagram = diagram.replace(text, before)
    return replace(package, bpmn=diagram.encode())


def _open(
    engine: Engine, plan: Mapping[str, Any], password: str, progress: Progress
) -> tuple[Cast, list[Coverage]]:
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
            assign_role(engine, actor, roles[role], AssignmentForm(person=person.hex, since=_IN_POST_SINCE))
        held = tuple(_held(role) for role in plan["roles"] if role["key"] in one.get("roles", ()))
        actors[one["account"]] = Actor(person=person, office=office, name=one["name"], roles=held)
    letters = _assign(engine, actor, plan, ids)
    return Cast(office=office, actors=actors, people=ids, units=units), letters


def _assign(engine: Engine, actor: Actor, plan: Mapping[str, Any], ids: Mapping[str, UUID]) -> list[Coverage]:
    """Give the auditors their letters, which cover all cases; terms are days from the first of the demo."""
    made = []
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
        made.append(Coverage(assignment=issue(engine, actor, form), number=letter["number"]))
    return made


def _held(role: Mapping[str, str]) -> HeldRole:
    kind = RoleKind(role.get("kind", RoleKind.PERFORMER))
    return HeldRole(key=role["key"], label=role["label"], name=role["name"], kind=kind)
