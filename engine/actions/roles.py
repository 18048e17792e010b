"""Administer roles and units: who holds which role from when to when, by which letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine.actions.administering import administering, after, must_leave_an_administrator, today
from engine.actions.people import NO_PERSON
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, say
from engine.ids import new_id, parse_id
from engine.model.actor import Actor, Standing
from engine.model.event import EventKind, Scope
from engine.model.permission import RoleKind
from engine.storage import events, people
from engine.storage.events import Line
from engine.storage.people import Account
from engine.storage.transaction import Connection

_KEY = re.compile(r"[a-z][a-z0-9_-]{1,39}")
_LONGEST = 200
_NO_ROLE = say("This role does not exist, or is not of your office.")


@dataclass(frozen=True, kw_only=True)
class AssignmentForm:
    """Who gets a role, as typed; dates are ISO text as a date field sends them."""

    person: str
    standing: str = Standing.DEFINITIVE.value
    since: str = ""
    until: str = ""
    letter: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleForm:
    """A new role, as typed."""

    key: str
    label: str
    name: str
    kind: str = RoleKind.PERFORMER.value


def assign_role(engine: Engine, actor: Actor, role_id: UUID, form: AssignmentForm) -> UUID:
    """Give a person a role from a day on; several people may hold one."""
    assignment_id = new_id()
    with administering(engine, actor, EventKind.ROLE_ASSIGNED) as connection:
        role = people.role_of(connection, actor.office, role_id)
        if role is None:
            raise NotFound(_NO_ROLE)
        values = _clean(connection, actor, role_id, form)
        people.add_assignment(
            connection, values | {"id": assignment_id, "office": actor.office, "role": role_id}
        )
        payload = {
            "assignment": assignment_id.hex,
            "role": role["key"],
            "new": {key: _shown(value) for key, value in values.items()},
        }
        _record(connection, engine, actor, EventKind.ROLE_ASSIGNED, payload)
    return assignment_id


def end_role(engine: Engine, actor: Actor, assignment_id: UUID, last_day: str) -> None:
    """Set the last day on which somebody holds a role: today or later, or the day before it began."""
    with administering(engine, actor, EventKind.ROLE_ENDED) as connection:
        found = people.assignment(connection, actor.office, assignment_id)
        if found is None:
            raise NotFound(_NO_ROLE)
        day = _day(last_day)
        if day is None or day < found.since:
            sentence = say("Choose a day from %(since)s on.", since=found.since)
            raise Invalid((Problem(field="until", label="Last day", sentence=sentence),))
        over = after(day, today(engine, actor))
        must_leave_an_administrator(connection, actor, over, assignment=assignment_id)
        people.end_assignment(connection, assignment_id, day)
        payload = {
            "assignment": assignment_id.hex,
            "person": found.person.hex,
            "old": {"until": _shown(found.until)},
            "new": {"until": day.isoformat()},
        }
        _record(connection, engine, actor, EventKind.ROLE_ENDED, payload)


def add_role(engine: Engine, actor: Actor, form: RoleForm) -> UUID:
    """Add a role; lanes of diagrams name it by its key."""
    role_id = new_id()
    key, label, name = form.key.strip().lower(), " ".join(form.label.split()), " ".join(form.name.split())
    problems = _role_problems(key, label, name, form.kind)
    with administering(engine, actor, EventKind.ROLE_ADDED) as connection:
        if not problems and people.role_key_taken(connection, actor.office, key):
            sentence = say("Another role has this already.")
            problems.append(Problem(field="key", label="Key", sentence=sentence))
        if problems:
            raise Invalid(tuple(problems))
        values = {"key": key, "label": label, "name": name, "kind": form.kind}
        people.add_role(connection, {"id": role_id, "office": actor.office, **values})
        _record(connection, engine, actor, EventKind.ROLE_ADDED, {"role": role_id.hex, "new": values})
    return role_id


def add_unit(engine: Engine, actor: Actor, name: str) -> UUID:
    """Add a unit (bidang, sekretariat) to the office."""
    unit, named = new_id(), " ".join(name.split())
    if not 1 <= len(named) <= _LONGEST:
        sentence = say("Write the name of the unit.")
        raise Invalid((Problem(field="name", label="Name of the unit", sentence=sentence),))
    with administering(engine, actor, EventKind.UNIT_ADDED) as connection:
        people.add_unit(connection, actor.office, unit, f"unit-{unit.hex}", named)
        payload = {"unit": unit.hex, "new": {"name": named}}
        _record(connection, engine, actor, EventKind.UNIT_ADDED, payload)
    return unit


def _record(
    connection: Connection, engine: Engine, actor: Actor, kind: EventKind, payload: Mapping[str, object]
) -> None:
    line = Line(kind=kind, payload=payload)
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _clean(connection: Connection, actor: Actor, role_id: UUID, form: AssignmentForm) -> dict[str, object]:
    """Clean the fields of an assignment, or refuse with all that is wrong with them."""
    person = parse_id(form.person)
    account = people.by_id(connection, actor.office, person) if person else None
    if form.person and account is None:
        raise NotFound(NO_PERSON)
    since, until = _day(form.since), _day(form.until)
    problems = [*_person_problems(account), *_term_problems(form, since, until)]
    if account and since and not problems and _overlaps(connection, account.id, role_id, since, until):
        sentence = say("%(name)s holds this role in that time already.", name=account.name)
        problems.append(Problem(field="person", label="Person", sentence=sentence))
    if problems or account is None:
        raise Invalid(tuple(problems))
    letter = " ".join(form.letter.split())[:_LONGEST]
    return {
        "person": account.id,
        "standing": form.standing,
        "since": since,
        "until": until,
        "letter": letter,
    }


def _person_problems(account: Account | None) -> list[Problem]:
    if account is None:
        return [Problem(field="person", label="Person", sentence=say("Choose a person."))]
    if not account.active:
        sentence = say("%(name)s cannot sign in. Activate the account first.", name=account.name)
        return [Problem(field="person", label="Person", sentence=sentence)]
    return []


def _term_problems(form: AssignmentForm, since: date | None, until: date | None) -> list[Problem]:
    problems = []
    if form.standing not in set(Standing):
        sentence = say("Choose how the role is held.")
        problems.append(Problem(field="standing", label="Held as", sentence=sentence))
    if since is None:
        problems.append(Problem(field="since", label="From", sentence=say("Choose the first day.")))
    if form.until and (until is None or (since is not None and until < since)):
        sentence = say("The last day must not be before the first.")
        problems.append(Problem(field="until", label="Until", sentence=sentence))
    return problems


def _overlaps(connection: Connection, person: UUID, role: UUID, since: date, until: date | None) -> bool:
    return any(
        (held.until is None or held.until >= since) and (until is None or held.since <= until)
        for held in people.assignments_of(connection, person, role)
    )


def _role_problems(key: str, label: str, name: str, kind: str) -> list[Problem]:
    problems = []
    if not _KEY.fullmatch(key):
        sentence = say("Use 2 to 40 small letters, digits or hyphens, for example kasub.")
        problems.append(Problem(field="key", label="Key", sentence=sentence))
    if not 1 <= len(label) <= _LONGEST:
        problems.append(Problem(field="label", label="Short name", sentence=say("Write the short name.")))
    if not 1 <= len(name) <= _LONGEST:
        problems.append(Problem(field="name", label="Full name", sentence=say("Write the full name.")))
    if kind not in set(RoleKind):
        problems.append(Problem(field="kind", label="Kind", sentence=say("Choose what the role is for.")))
    return problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _shown(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value
