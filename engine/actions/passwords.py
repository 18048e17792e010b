"""Passwords: hashed with argon2id (RFC 9106, low-memory profile), never more than two at a time."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid, Problem, say

SHORTEST, LONGEST = 10, 200
_TOKEN_BYTES = 32

_hasher = PasswordHasher()
# Each hash takes 64 MB and a tenth of a second: strangers must not fill the machine with them.
_few = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Hash a password; takes about a tenth of a second of CPU."""
    with _few:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Compare a password with its hash; takes as long where there is no hash."""
    with _few:
        try:
            _hasher.verify(stored or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def must_be_strong(password: str, repeated: str, sign_in_name: str) -> None:
    """Refuse a password that is too short, too long, only the sign-in name, or not typed twice alike."""
    problems = []
    if not SHORTEST <= len(password) <= LONGEST:
        sentence = say("Use %(least)s characters or more, for example three words.", least=SHORTEST)
        problems.append(Problem(field="password", label="New password", sentence=sentence))
    elif sign_in_name and sign_in_name.lower() in password.lower():
        sentence = say("The password must not contain your sign-in name.")
        problems.append(Problem(field="password", label="New password", sentence=sentence))
    elif len(set(password)) < SHORTEST // 2:
        sentence = say("This password is too easy to guess: use more different characters.")
        problems.append(Problem(field="password", label="New password", sentence=sentence))
    if password != repeated:
        sentence = say("This is not the same as the new password above. Type both again.")
        problems.append(Problem(field="repeated", label="New password, once more", sentence=sentence))
    if problems:
        raise Invalid(tuple(problems))


def new_token() -> tuple[str, bytes]:
    """Make a random token and its digest: only the digest is stored."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    return token, token_digest(token)


def token_digest(token: str) -> bytes:
    """Give the SHA-256 of a token."""
    return hashlib.sha256(token.encode()).digest()


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())
