"""Tokens by which other programs speak to an office: made and revoked at the command line."""

from __future__ import annotations

from datetime import timedelta

from engine.actions.administering import administering
from engine.actions.passwords import new_token, token_digest
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.api_token import ApiToken
from engine.model.event import EventKind, Scope
from engine.storage import api_tokens, events
from engine.storage.events import Line

LONGEST_LIFE = timedelta(days=1100)
_LONGEST_NAME = 60


def issue_token(engine: Engine, actor: Actor, name: str, life: timedelta) -> str:
    """Make a token that is good for so long; it is shown once, only its digest is kept."""
    named = " ".join(name.split())
    if not 1 <= len(named) <= _LONGEST_NAME or not timedelta() < life <= LONGEST_LIFE:
        sentence = say(
            "Expected a name of at most %(most)s characters, and up to %(days)s days.",
            most=_LONGEST_NAME,
            days=LONGEST_LIFE.days,
        )
        raise Invalid((Problem(field="name", label="name", sentence=sentence),), sentence)
    token, digest = new_token()
    with administering(engine, actor, EventKind.API_TOKEN_ISSUED) as connection:
        if any(one.name == named for one in api_tokens.of_office(connection, actor.office)):
            sentence = say("There is a token of this name already: %(name)s", name=named)
            raise Invalid((Problem(field="name", label="name", sentence=sentence),), sentence)
        now = engine.clock.now()
        one = ApiToken(
            id=new_id(),
            office=actor.office,
            name=named,
            made_at=now,
            expires_at=now + life,
            revoked_at=None,
        )
        api_tokens.add(
            connection,
            id=one.id,
            office=one.office,
            name=named,
            digest=digest,
            made_at=now,
            expires_at=one.expires_at,
        )
        payload = {"token": one.id.hex, "name": named, "expires": one.expires_at.isoformat()}
        line = Line(kind=EventKind.API_TOKEN_ISSUED, payload=payload)
        events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])
    return token


def revoke_token(engine: Engine, actor: Actor, name: str) -> None:
    """Let a token open nothing any more; a second time changes nothing."""
    with administering(engine, actor, EventKind.API_TOKEN_REVOKED) as connection:
        found = [one for one in api_tokens.of_office(connection, actor.office) if one.name == name]
        if not found:
            raise NotFound(say("There is no token named %(name)s.", name=name))
        now = engine.clock.now()
        if api_tokens.revoke(connection, found[0].id, now):
            line = Line(kind=EventKind.API_TOKEN_REVOKED, payload={"token": found[0].id.hex, "name": name})
            events.append(connection, Scope.OFFICE, actor.office, actor, now, [line])


def holder_of(engine: Engine, token: str) -> ApiToken | None:
    """Find the token somebody shows; None where it is none, was revoked or has ended."""
    with engine.store.reading() as connection:
        found = api_tokens.by_digest(connection, token_digest(token))
    return found if found is not None and found.is_good(engine.clock.now()) else None
