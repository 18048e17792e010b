"""The browser one signs in with: a signed cookie names it and the last people who signed in there.

It opens nothing. It only tells the throttle that somebody's own browser is no stranger's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from engine.ids import parse_id
from webapp import current
from webapp.guard import cookie_name

_LIFE = timedelta(days=180)
_MOST_PEOPLE = 5  # who share a computer
_NAME_BYTES = 12


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A browser by its random name; the last who signed in comes first."""

    name: str = ""
    people: tuple[UUID, ...] = ()


def this_browser() -> Browser:
    """Read the cookie; one that was not made here is none."""
    try:
        said: Any = _signer().loads(request.cookies.get(_cookie(), ""), max_age=int(_LIFE.total_seconds()))
    except BadSignature:
        return Browser()
    name, people = said
    return Browser(name=name, people=tuple(found for one in people if (found := parse_id(one))))


def remember(response: Response, person: UUID) -> None:
    """Write down that a person has signed in here."""
    before = this_browser()
    people = [person, *(one for one in before.people if one != person)][:_MOST_PEOPLE]
    name = before.name or secrets.token_urlsafe(_NAME_BYTES)
    response.set_cookie(
        _cookie(),
        _signer().dumps([name, [one.hex for one in people]]),
        max_age=_LIFE,
        secure=current.settings().behind_proxy,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _cookie() -> str:
    return f"{cookie_name(current.settings())}-browser"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current.settings().signing_key, salt="alur-browser")
