"""Administer people: add, change, deactivate, and hand out one-time password links."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from engine.actions.administering import administering, must_leave_an_administrator, today
from engine.actions.passwords import new_token
from engine.core import Engine
from engine.errors import Forbidden, Invalid, NotFound, Problem, Sentence, say
from engine.ids import new_id, parse_id
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.storage import events, people, sessions
from engine.storage.events import Line
from engine.storage.people import Account
from engine.storage.transaction import Connection

_SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_NIP = re.compile(r"[0-9]{18}")  # not the digits of other scripts: people sign in with it
_LONGEST = 200
NO_PERSON = say("This person does not exist, or is not of your office.")


@dataclass(frozen=True, kw_only=True)
class PersonForm:
    """What an administrator fills in of a person, as typed."""

    sign_in_name: str
    nip: str = ""
    name: str = ""
    post: str = ""
    unit: str = ""


def add_person(engine: Engine, actor: Actor, form: PersonForm, *, demo: bool = False) -> UUID:
    """Add a person without a password: a one-time link lets them set it."""
    person_id, now = new_id(), engine.clock.now()
    with administering(engine, actor, EventKind.PERSON_ADDED) as connection:
        values = _clean(connection, actor, form)
        row = values | {"id": person_id, "office": actor.office, "demo": demo, "created_at": now}
        people.add(connection, row)
        payload = {"person": person_id.hex, "new": _shown(values), "demo": demo}
        line = Line(kind=EventKind.PERSON_ADDED, payload=payload)
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])
    return person_id


def change_person(engine: Engine, actor: Actor, person_id: UUID, form: PersonForm) -> None:
    """Change a person's names, post or unit; what stays the same is not written down."""
    with administering(engine, actor, EventKind.PERSON_CHANGED) as connection:
        account = _load(connection, actor, person_id)
        values = _clean(connection, actor, form, but=person_id)
        changed = {key: value for key, value in values.items() if value != getattr(account, key)}
        if not changed:
            return
        people.change(connection, person_id, changed)
        old = {key: getattr(account, key) for key in changed}
        _record(connection, engine, actor, person_id, old, changed)


def deactivate_person(engine: Engine, actor: Actor, person_id: UUID) -> None:
    """Let a person sign in no more; their sessions and links end now, their roles stay on record."""
    with administering(engine, actor, EventKind.PERSON_CHANGED) as connection:
        account = _load(connection, actor, person_id)
        if not account.active:
            return
        if person_id == actor.person:
            raise Forbidden(say("You cannot deactivate your own account. Ask another administrator."))
        must_leave_an_administrator(connection, actor, today(engine, actor), person=person_id)
        people.change(connection, person_id, {"active": False})
        sessions.end_sessions(connection, person_id)
        sessions.drop_links(connection, person_id)
        _record(connection, engine, actor, person_id, {"active": True}, {"active": False})


def activate_person(engine: Engine, actor: Actor, person_id: UUID) -> None:
    """Let a person sign in again."""
    with administering(engine, actor, EventKind.PERSON_CHANGED) as connection:
        account = _load(connection, actor, person_id)
        if account.active:
            return
        people.change(connection, person_id, {"active": True})
        _record(connection, engine, actor, person_id, {"active": False}, {"active": True})


def issue_password_link(engine: Engine, actor: Actor, person_id: UUID, life: timedelta) -> str:
    """Make a one-time link by which a person sets their password; gives its token, which is not stored."""
    token, digest = new_token()
    now = engine.clock.now()
    with administering(engine, actor, EventKind.PASSWORD_LINK_ISSUED) as connection:
        account = _load(connection, actor, person_id)
        if not account.active:
            raise Forbidden(say("%(name)s cannot sign in. Activate the account first.", name=account.name))
        sessions.add_link(connection, digest, person_id, now + life)
        line = Line(kind=EventKind.PASSWORD_LINK_ISSUED, payload={"person": person_id.hex})
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])
    return token


def _load(connection: Connection, actor: Actor, person_id: UUID) -> Account:
    account = people.by_id(connection, actor.office, person_id)
    if account is None:
        raise NotFound(NO_PERSON)
    return account


def _record(
    connection: Connection,
    engine: Engine,
    actor: Actor,
    person_id: UUID,
    old: dict[str, object],
    new: dict[str, object],
) -> None:
    payload = {"person": person_id.hex, "old": _shown(old), "new": _shown(new)}
    line = Line(kind=EventKind.PERSON_CHANGED, payload=payload)
    events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def _shown(values: dict[str, object]) -> dict[str, object]:
    return {key: value.hex if isinstance(value, UUID) else value for key, value in values.items()}


def _clean(
    connection: Connection, actor: Actor, form: PersonForm, but: UUID | None = None
) -> dict[str, object]:
    """Clean the fields of a person, or refuse with all that is wrong with them."""
    typed = {key: " ".join(str(value).split()) for key, value in asdict(form).items()}
    typed["sign_in_name"] = typed["sign_in_name"].lower()
    typed["nip"] = typed["nip"].replace(" ", "")
    problems = [*_problems(typed), *_taken(connection, typed, but)]
    unit = parse_id(typed["unit"])
    if typed["unit"] and (unit is None or not people.is_unit(connection, actor.office, unit)):
        problems.append(_problem("unit", "Unit", say("Choose a unit of the list.")))
    if problems:
        raise Invalid(tuple(problems))
    return {
        "sign_in_name": typed["sign_in_name"],
        "nip": typed["nip"] or None,
        "name": typed["name"],
        "post": typed["post"],
        "unit": unit,
    }


def _problems(typed: dict[str, str]) -> list[Problem]:
    found = []
    if not typed["name"]:
        found.append(_problem("name", "Name", say("Write the person's name.")))
    if not _SIGN_IN_NAME.fullmatch(typed["sign_in_name"]):
        sentence = say("Use 2 to 40 letters, digits, dots or hyphens, for example siti.rahma.")
        found.append(_problem("sign_in_name", "Sign-in name", sentence))
    if typed["nip"] and not _NIP.fullmatch(typed["nip"]):
        sentence = say("A NIP has 18 digits. Leave it empty where there is none.")
        found.append(_problem("nip", "NIP", sentence))
    found += [
        _problem(key, label, say("This is too long."))
        for key, label in (("name", "Name"), ("post", "Post"))
        if len(typed[key]) > _LONGEST
    ]
    return found


def _taken(connection: Connection, typed: dict[str, str], but: UUID | None) -> list[Problem]:
    labels = (("sign_in_name", "Sign-in name"), ("nip", "NIP"))
    return [
        _problem(key, label, say("Another person has this already."))
        for key, label in labels
        if typed[key] and people.taken(connection, key, typed[key], but)
    ]


def _problem(field: str, label: str, sentence: Sentence) -> Problem:
    return Problem(field=field, label=label, sentence=sentence)
