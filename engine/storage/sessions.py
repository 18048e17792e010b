"""Sessions, one-time password links and failed sign-ins as rows. Tokens are stored as SHA-256 only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from engine.ids import new_id
from engine.storage.tables import failed_login, password_link, session


def add_session(
    connection: Connection, token_digest: bytes, person: UUID, at: datetime, expires_at: datetime
) -> None:
    """Insert a session."""
    connection.execute(
        insert(session).values(
            token_digest=token_digest, person=person, created_at=at, seen_at=at, expires_at=expires_at
        )
    )


def end_session(connection: Connection, token_digest: bytes) -> bool:
    """Delete a session; tells whether there was one."""
    return connection.execute(delete(session).where(session.c.token_digest == token_digest)).rowcount == 1


def end_sessions(connection: Connection, person: UUID, *, but: bytes | None = None) -> int:
    """Delete a person's sessions, but one where it is named; gives how many there were."""
    statement = delete(session).where(session.c.person == person)
    if but is not None:
        statement = statement.where(session.c.token_digest != but)
    return connection.execute(statement).rowcount


def note_use(connection: Connection, token_digest: bytes, at: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(update(session).where(session.c.token_digest == token_digest).values(seen_at=at))


def add_link(connection: Connection, token_digest: bytes, person: UUID, expires_at: datetime) -> None:
    """Insert a one-time password link; links issued before stop working."""
    drop_links(connection, person)
    connection.execute(
        insert(password_link).values(token_digest=token_digest, person=person, expires_at=expires_at)
    )


def drop_links(connection: Connection, person: UUID) -> None:
    """Delete the links of a person that were not used."""
    connection.execute(
        delete(password_link).where(password_link.c.person == person, password_link.c.used_at.is_(None))
    )


def use_link(connection: Connection, token_digest: bytes, at: datetime) -> UUID | None:
    """Use up a link and give its person; None where it is unknown, used or too old."""
    statement = (
        update(password_link)
        .where(
            password_link.c.token_digest == token_digest,
            password_link.c.used_at.is_(None),
            password_link.c.expires_at > at,
        )
        .values(used_at=at)
        .returning(password_link.c.person)
    )
    return connection.execute(statement).scalar_one_or_none()


def failures_since(connection: Connection, account: str, address: str, since: datetime) -> tuple[int, int]:
    """Count the failed sign-ins since then: (for the account, from the address)."""
    row = connection.execute(
        select(
            func.count().filter(failed_login.c.account == account),
            func.count().filter(failed_login.c.address == address),
        ).where(
            or_(failed_login.c.account == account, failed_login.c.address == address),
            failed_login.c.at > since,
        )
    ).one()
    return row[0], row[1]


def add_failure(connection: Connection, account: str, address: str, at: datetime) -> UUID:
    """Insert a failed sign-in; a good password takes it away again."""
    failure = new_id()
    connection.execute(insert(failed_login).values(id=failure, account=account, address=address, at=at))
    return failure


def forget_failures(connection: Connection, account: str, failure: UUID, since: datetime) -> None:
    """Delete the failed sign-ins of an account whose password was right, and those too old to count."""
    connection.execute(
        delete(failed_login).where(
            or_(failed_login.c.account == account, failed_login.c.id == failure, failed_login.c.at < since)
        )
    )


def forget_account(connection: Connection, account: str) -> None:
    """Delete the failed sign-ins of an account whose password was just set."""
    connection.execute(delete(failed_login).where(failed_login.c.account == account))


def forget_expired(connection: Connection, at: datetime, failures_before: datetime) -> None:
    """Delete sessions and links that ended, and failures too old to count: the worker's clean-up."""
    connection.execute(delete(session).where(session.c.expires_at <= at))
    connection.execute(delete(password_link).where(password_link.c.expires_at <= at))
    connection.execute(delete(failed_login).where(failed_login.c.at < failures_before))
