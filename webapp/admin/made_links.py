"""The one-time links an administrator made in this browser, so that they can be looked at again.

Their tokens stand in the browser's signed cookie only; the database has digests of them.
"""

from __future__ import annotations

from uuid import UUID

from flask import session

_KEY = "made-links"
_MOST = 5  # a cookie is small


def keep(person: UUID, token: str) -> None:
    """Keep the newest link of a person."""
    others = [pair for pair in session.get(_KEY, []) if pair[0] != person.hex]
    session[_KEY] = [*others, [person.hex, token]][-_MOST:]


def token_for(person: UUID) -> str:
    """Give the token of the link made for a person here, or ""."""
    return next((token for one, token in session.get(_KEY, []) if one == person.hex), "")
