"""Real processes at the doors of the house: at the sign-in, and administrators against each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from time import monotonic, sleep
from uuid import UUID

import pytest

from engine.actions.offices import operator
from engine.actions.passwords import hash_password
from engine.actions.people import PersonForm, change_person, deactivate_person, issue_password_link
from engine.actions.roles import AssignmentForm, assign_role, end_role
from engine.actions.sign_in import Attempt, change_language, change_password, set_password_by_link, sign_in
from engine.actions.throttle import MOST_FROM_PLACE, WINDOW
from engine.core import Engine
from engine.model.actor import Actor
from engine.opening import Places
from engine.storage import people, sessions
from engine.storage.people import Account
from tests.offices import Office, furnish
from tests.racing import RACERS, Racers

pytestmark = pytest.mark.xdist_group("races")
HEATS = 5
PATIENCE = 60  # seconds a password may take to be hashed and written on a busy machine


def test_of_several_attempts_at_once_only_the_last_one_left_is_made(
    office: Office, racers: Racers, places: Places
) -> None:
    now, heats = office.clock.now(), []
    for place in range(HEATS):
        attempt = Attempt(account="joko.kantor", password="salah", address=f"10.0.0.{place}")
        heats.append([partial(sign_in, attempt=attempt, life=timedelta(days=7))] * RACERS)
        with office.engine.store.transaction() as connection:
            for _ in range(MOST_FROM_PLACE - 1):
                sessions.add_failure(connection, id_of(office, "joko"), attempt.address, now - WINDOW / 2)
    for ran in racers.run(places, now, *heats):
        assert Counter(one.error for one in ran) == {"Invalid": 1, "TooManyAttempts": RACERS - 1}


def id_of(office: Office, name: str) -> str:
    """Give the account of somebody, as failures name it."""
    person = office.people[name].person
    assert person
    return person.hex


def test_who_changes_themself_and_an_administrator_who_changes_them_do_not_wait_for_each_other(
    office: Office, racers: Racers, places: Places
) -> None:
    offices = [furnish(office.engine, office.clock, f"diri{place}") for place in range(HEATS * 2)]
    heats = []
    for one in offices:
        joko, dewi = one.people["joko"], one.people["dewi"]
        assert joko.person
        form = PersonForm(sign_in_name=f"{one.id.hex[-6:]}.joko", name="Joko Susilo", post="Staf Subbag")
        own = partial(change_language, actor=joko, language="en")
        other = partial(change_person, actor=dewi, person_id=joko.person, form=form)
        heats.append([own, other] * 2)
    for ran in racers.run(places, office.clock.now(), *heats):
        assert [(one.error, one.said) for one in ran if one.error] == []


@pytest.mark.parametrize("by", ["own page", "link"])
def test_who_changes_their_password_and_an_administrator_who_changes_them_do_not_wait_for_each_other(
    office: Office, racers: Racers, places: Places, by: str
) -> None:
    old, typed = "sandi yang lama", {"new": "sandi yang baru", "repeated": "sandi yang baru"}
    password_hash, heats = hash_password(old), []
    for place in range(3):
        one = furnish(office.engine, office.clock, f"sandi{place}")
        joko, dewi = one.people["joko"], one.people["dewi"]
        assert joko.person
        with office.engine.store.transaction() as connection:
            people.change(connection, joko.person, {"password_hash": password_hash})
        token = issue_password_link(office.engine, dewi, joko.person, timedelta(days=1))
        own = {
            "own page": partial(change_password, actor=joko, old=old, token_digest=b"", **typed),
            "link": partial(set_password_by_link, token=token, sign_in_name="joko", **typed),
        }
        others = [partial(change_until_the_password_is_new, actor=dewi, person=joko.person)] * 3
        heats.append([own[by], *others])
    for ran in racers.run(places, office.clock.now(), *heats):
        assert [(one.error, one.said) for one in ran if one.error] == []
        assert [one.value for one in ran] == [None, True, True, True]


def change_until_the_password_is_new(engine: Engine, actor: Actor, person: UUID) -> bool:
    """Change somebody again and again: a password takes a while to be hashed before it is written."""
    before, until = account_of(engine, actor, person), monotonic() + PATIENCE
    for time in count():
        form = PersonForm(sign_in_name=before.sign_in_name, name=before.name, post=f"Staf {time}")
        change_person(engine, actor, person, form)
        if account_of(engine, actor, person).password_hash != before.password_hash:
            return True
        if monotonic() > until:
            break
        sleep(0.005)  # SQLite serves those who wait in no order
    return False


def account_of(engine: Engine, actor: Actor, person: UUID) -> Account:
    with engine.store.reading() as connection:
        found = people.by_id(connection, actor.office, person)
    assert found is not None
    return found


def test_two_administrators_cannot_deactivate_each_other_at_once(
    office: Office, racers: Racers, places: Places
) -> None:
    offices = [furnish(office.engine, office.clock, f"kantor{place}") for place in range(HEATS)]
    heats = []
    for one in offices:
        dewi, sri = one.people["dewi"], give_administration(one, "sri")
        assert dewi.person
        assert sri.person
        first = partial(deactivate_person, actor=dewi, person_id=sri.person)
        second = partial(deactivate_person, actor=sri, person_id=dewi.person)
        heats.append([first, second] * 2)
    racers.run(places, office.clock.now(), *heats)
    for one in offices:
        with office.engine.store.reading() as connection:
            assert len(people.administrators(connection, one.id, office.clock.now().date())) == 1


def test_two_administrators_cannot_take_the_role_from_each_other_at_once(
    office: Office, racers: Racers, places: Places
) -> None:
    today = office.clock.now().date()
    offices = [furnish(office.engine, office.clock, f"kantor{place}") for place in range(HEATS)]
    heats = []
    for one in offices:
        dewi, sri = one.people["dewi"], give_administration(one, "sri")
        with office.engine.store.reading() as connection:
            held = dict(people.administrators(connection, one.id, today))
        assert dewi.person
        assert sri.person
        last_day = today.isoformat()
        first = partial(end_role, actor=dewi, assignment_id=held[sri.person], last_day=last_day)
        second = partial(end_role, actor=sri, assignment_id=held[dewi.person], last_day=last_day)
        heats.append([first, second] * 2)
    racers.run(places, office.clock.now(), *heats)
    for one in offices:
        with office.engine.store.reading() as connection:
            assert len(people.administrators(connection, one.id, today + timedelta(days=1))) == 1


def give_administration(office: Office, name: str) -> Actor:
    """Let somebody administer the office too."""
    actor = office.people[name]
    assert actor.person
    with office.engine.store.reading() as connection:
        role = people.role_keys(connection, office.id)["admin"]
    form = AssignmentForm(person=actor.person.hex, since="2026-11-01")
    assign_role(office.engine, operator(office.id), role, form)
    return replace(actor, roles=office.people["dewi"].roles)
