"""A session begins with the password as it is, not as it was when somebody began to look at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.actions import passwords, people, sign_in
from engine.actions.sign_in import Attempt
from engine.errors import Invalid
from engine.queries.signing_in import signed_in
from tests.offices import Office

OLD, NEW = "melati putih di taman", "kenanga kuning di pagar"
DAY = timedelta(days=1)


def set_password(office: Office, password: str) -> None:
    person = office.people["joko"].person
    assert person
    token = people.issue_password_link(office.engine, office.people["dewi"], person, DAY)
    sign_in.set_password_by_link(
        office.engine, token=token, sign_in_name="joko.kantor", new=password, repeated=password
    )


def deactivate(office: Office) -> None:
    person = office.people["joko"].person
    assert person
    people.deactivate_person(office.engine, office.people["dewi"], person)


@pytest.mark.parametrize(
    "meanwhile", [lambda office: set_password(office, NEW), deactivate], ids=["changed", "deactivated"]
)
def test_who_changes_while_the_password_is_looked_at_gets_no_session(
    office: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Office], None]
) -> None:
    set_password(office, OLD)
    looked_at = passwords.matches

    def matches(kept: str | None, typed: str) -> bool:
        monkeypatch.setattr(passwords, "matches", looked_at)
        right = looked_at(kept, typed)
        meanwhile(office)
        return right

    monkeypatch.setattr(passwords, "matches", matches)
    with pytest.raises(Invalid):
        sign_in.sign_in(office.engine, attempt(OLD), life=DAY)


def test_the_password_as_it_is_begins_one(office: Office) -> None:
    set_password(office, OLD)
    session = sign_in.sign_in(office.engine, attempt(OLD), life=DAY)
    digest = passwords.token_digest(session.token)
    assert signed_in(office.engine, digest, DAY, demo=False) is not None
    set_password(office, NEW)
    assert signed_in(office.engine, digest, DAY, demo=False) is None


def attempt(password: str) -> Attempt:
    return Attempt(account="joko.kantor", password=password, address="10.0.0.1")
