"""Tokens of other programs, as rows: only their digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from engine.model.api_token import ApiToken
from engine.storage.tables import api_token

_COLUMNS = (
    api_token.c.id,
    api_token.c.office,
    api_token.c.name,
    api_token.c.made_at,
    api_token.c.expires_at,
    api_token.c.revoked_at,
)


def add(connection: Connection, **columns: Any) -> None:
    """Write a token."""
    connection.execute(insert(api_token).values(**columns))


def by_digest(connection: Connection, digest: bytes) -> ApiToken | None:
    """Find a token by its digest, whatever has become of it."""
    row = connection.execute(select(*_COLUMNS).where(api_token.c.digest == digest)).one_or_none()
    return None if row is None else ApiToken(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def of_office(connection: Connection, office: UUID) -> list[ApiToken]:
    """List the tokens of an office."""
    rows = connection.execute(
        select(*_COLUMNS).where(api_token.c.office == office).order_by(api_token.c.name)
    )
    return [ApiToken(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def revoke(connection: Connection, token_id: UUID, now: datetime) -> bool:
    """Let a token open nothing any more; False when it does not already."""
    done = connection.execute(
        update(api_token)
        .where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return done.rowcount == 1
