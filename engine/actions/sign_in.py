"""Sign in and out, and set one's own password.

Who writes to a person takes the office first, as administrators do: in another order two of them
would wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine.actions import passwords, throttle
from engine.actions.throttle import Place
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.unseen import NO_PAGE
from engine.storage import events, people, sessions
from engine.storage.events import Line
from engine.storage.people import Account

_LONGEST_ACCOUNT = 100


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was typed, and where: ``browser`` names a browser in which ``known`` people signed in before.

    ``language`` was chosen on the sign-in page, and becomes the person's; "" where nobody chose.
    """

    account: str
    password: str
    address: str
    browser: str = ""
    known: frozenset[UUID] = frozenset()
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session that just began. The token is known to the browser only."""

    token: str
    person: UUID
    language: str
    expires_at: datetime


def sign_in(engine: Engine, attempt: Attempt, *, life: timedelta, demo: bool = False) -> Session:
    """Begin a session for whoever knows the password.

    The attempt is written down as failed before the password is looked at, and taken away when
    it was right: so attempts that run at the same time are all counted. Sign-in name and NIP are
    one account. Unknown accounts take as long as known ones and are told the same.
    """
    name = " ".join(attempt.account.split()).lower()[:_LONGEST_ACCOUNT]
    if not name or not attempt.password:
        raise _not_right()
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        found = people.by_account(connection, name)
        account = found.id.hex if found else name
        failure = throttle.reserve(connection, account, _place(attempt, found), now)
    usable = found is not None and found.active and (demo or not found.demo)
    right = passwords.matches(found.password_hash if found and usable else None, attempt.password)
    if found is None or not right:
        _record_refusal(engine, found, now, "active" if usable else "inactive")
        raise _not_right()
    if attempt.language:
        change_language(engine, _as_actor(found), attempt.language)
    return _begin(engine, found, life, forget=failure)


def sign_in_demo(engine: Engine, *, account: str, life: timedelta) -> Session:
    """Begin a session of a demo account without a password; the caller knows that this is a demo."""
    with engine.store.reading() as connection:
        found = people.by_account(connection, account)
    if found is None or not found.demo or not found.active:
        raise NotFound(say("There is no such demo account."))
    return _begin(engine, found, life)


def sign_out(engine: Engine, actor: Actor, token_digest: bytes) -> None:
    """End the session; nobody can go on with a copy of its cookie."""
    with engine.store.transaction() as connection:
        if sessions.end_session(connection, token_digest):
            line = Line(kind=EventKind.SIGNED_OUT, payload={})
            events.append(connection, Scope.OFFICE, actor.office, actor, engine.clock.now(), [line])


def note_use(engine: Engine, token_digest: bytes) -> None:
    """Note that a session is in use, so that it does not end as idle."""
    with engine.store.transaction() as connection:
        sessions.note_use(connection, token_digest, engine.clock.now())


def change_password(
    engine: Engine, actor: Actor, *, old: str, new: str, repeated: str, token_digest: bytes
) -> None:
    """Change one's own password; every other session of the person ends."""
    account = _own(engine, actor)
    passwords.must_be_strong(new, repeated, account.sign_in_name)
    with engine.store.transaction() as connection:
        throttle.reserve(connection, account.id.hex, throttle.OWN_PAGE, engine.clock.now())
    if not passwords.matches(account.password_hash, old):
        sentence = say("This is not your current password.")
        raise Invalid((Problem(field="old", label="Current password", sentence=sentence),))
    fresh = passwords.hash_password(new)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        people.lock_office(connection, account.office)
        if not people.swap_password(connection, account.id, account.password_hash, fresh):
            raise Conflict(say("Your password was changed elsewhere a moment ago."))
        ended = sessions.end_sessions(connection, account.id, but=token_digest)
        sessions.forget_account(connection, account.id.hex)
        line = Line(kind=EventKind.PASSWORD_CHANGED, payload={"by": "self", "sessions_ended": ended})
        events.append(connection, Scope.OFFICE, account.office, actor, now, [line])


def set_password_by_link(engine: Engine, *, token: str, sign_in_name: str, new: str, repeated: str) -> None:
    """Set a password with a one-time link, which is used up by it; every session of the person ends."""
    passwords.must_be_strong(new, repeated, sign_in_name)
    fresh = passwords.hash_password(new)
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        digest = passwords.token_digest(token)
        person = sessions.person_of_link(connection, digest)
        account = people.of_anybody(connection, person) if person else None
        if account is not None:
            people.lock_office(connection, account.office)
        if account is None or sessions.use_link(connection, digest, now) is None:
            raise NotFound(
                say("This link was used already, or is too old. Ask your administrator for a new one.")
            )
        people.change(connection, account.id, {"password_hash": fresh})
        ended = sessions.end_sessions(connection, account.id)
        sessions.forget_account(connection, account.id.hex)
        line = Line(kind=EventKind.PASSWORD_CHANGED, payload={"by": "link", "sessions_ended": ended})
        events.append(connection, Scope.OFFICE, account.office, _as_actor(account), now, [line])


def change_language(engine: Engine, actor: Actor, language: str) -> None:
    """Remember in which language a person reads."""
    if actor.person is None or language not in ("id", "en"):
        return
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)
        account = people.by_id(connection, actor.office, actor.person)
        if account is None or account.language == language:
            return
        people.change(connection, account.id, {"language": language})
        payload = {
            "person": account.id.hex,
            "old": {"language": account.language},
            "new": {"language": language},
        }
        line = Line(kind=EventKind.PERSON_CHANGED, payload=payload)
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])


def _not_right() -> Invalid:
    sentence = say("The sign-in name or the password is not right.")
    return Invalid((Problem(field="account", label="Sign-in name or NIP", sentence=sentence),), sentence)


def _place(attempt: Attempt, found: Account | None) -> Place:
    if found is not None and attempt.browser and found.id in attempt.known:
        return throttle.browser_place(attempt.browser)
    return throttle.address_place(attempt.address)


def _record_refusal(engine: Engine, found: Account | None, now: datetime, state: str) -> None:
    if found is None:  # nobody's stream: the row in failed_login is all there is
        return
    with engine.store.transaction() as connection:
        line = Line(kind=EventKind.SIGN_IN_REFUSED, payload={"person": found.id.hex, "account": state})
        system = Actor(person=None, office=found.office, name="")
        events.append(connection, Scope.OFFICE, found.office, system, now, [line])


def _begin(engine: Engine, account: Account, life: timedelta, forget: UUID | None = None) -> Session:
    """Begin a session, if the person is still as they were when the password was looked at.

    It may have been changed meanwhile, or the person deactivated; either ends every session, and
    this one would have come too late to be ended.
    """
    token, digest = passwords.new_token()
    now = engine.clock.now()
    with engine.store.transaction() as connection:
        people.lock_office(connection, account.office)
        still = people.by_id(connection, account.office, account.id)
        if still is None or not still.active or still.password_hash != account.password_hash:
            raise _not_right()
        sessions.add_session(connection, digest, account.id, now, now + life)
        if forget is not None:
            sessions.forget_failures(connection, forget, since=now - throttle.WINDOW)
        line = Line(kind=EventKind.SIGNED_IN, payload={"demo": account.demo})
        events.append(connection, Scope.OFFICE, account.office, _as_actor(account), now, [line])
    return Session(token=token, person=account.id, language=account.language, expires_at=now + life)


def _own(engine: Engine, actor: Actor) -> Account:
    with engine.store.reading() as connection:
        account = people.by_id(connection, actor.office, actor.person) if actor.person else None
    if account is None:
        raise NotFound(NO_PAGE)
    return account


def _as_actor(account: Account) -> Actor:
    return Actor(person=account.id, office=account.office, name=account.name)
