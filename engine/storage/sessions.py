"""Sessions, one-time password links and failed sign-ins as rows. Tokens are stored as SHA-256 only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, text, tuple_, update

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


def person_of_link(connection: Connection, token_digest: bytes) -> UUID | None:
    """Tell for whom a link was made, whether or not it can still be used."""
    return connection.scalar(
        select(password_link.c.person).where(password_link.c.token_digest == token_digest)
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


def lock_failures(connection: Connection) -> None:
    """Let nobody else count failed sign-ins until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {failed_login.name} IN SHARE ROW EXCLUSIVE MODE"))


def failures_since(connection: Connection, account: str, place: str, since: datetime) -> tuple[int, int, int]:
    """Count the failed sign-ins since then: (for the account at the place, for the account, at the place)."""
    of_account, at_place = failed_login.c.account == account, failed_login.c.place == place
    row = connection.execute(
        select(
            func.count().filter(and_(of_account, at_place)),
            func.count().filter(of_account),
            func.count().filter(at_place),
        ).where(or_(of_account, at_place), failed_login.c.at > since)
    ).one()
    return row[0], row[1], row[2]


def add_failure(connection: Connection, account: str, place: str, at: datetime) -> UUID:
    """Insert a failed sign-in; a good password takes it away again."""
    failure = new_id()
    connection.execute(insert(failed_login).values(id=failure, account=account, place=place, at=at))
    return failure


def forget_failures(connection: Connection, failure: UUID, since: datetime) -> None:
    """Delete the failed sign-ins of an account at a place where its password was right, and the old ones."""
    same = select(failed_login.c.account, failed_login.c.place).where(failed_login.c.id == failure)
    connection.execute(
        delete(failed_login).where(
            or_(tuple_(failed_login.c.account, failed_login.c.place).in_(same), failed_login.c.at < since)
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
