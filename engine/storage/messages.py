"""Messages on their way, as rows: thrown by a case with the step that threw them, or come from outside."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, tuple_, update

from engine.model.message import MessageState
from engine.model.wait import Channel
from engine.storage.tables import api_token, message


@dataclass(frozen=True, kw_only=True)
class MessageRow:
    """A message, or a signal for one of those who waited for it."""

    id: UUID
    office: UUID
    channel: Channel
    name: str
    key: str | None
    correlation: Mapping[str, Any]
    payload: Mapping[str, Any]
    wait: UUID | None
    instance: UUID | None  # that threw it
    element: str | None
    sender: str | None  # name of the token by which it came
    outside_id: str | None
    digest: bytes | None
    state: MessageState
    tries: int
    next_try_at: datetime | None
    at: datetime
    taken_by: UUID | None


_ROWS = select(message, api_token.c.name.label("sender")).outerjoin(
    api_token, api_token.c.id == message.c.token
)


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write messages that are to be delivered."""
    if rows:
        connection.execute(insert(message), [{"tries": 0, **row} for row in rows])


def load(connection: Connection, message_id: UUID) -> MessageRow | None:
    """Read one."""
    row = connection.execute(_ROWS.where(message.c.id == message_id)).one_or_none()
    return None if row is None else _message(row)


def of_outside(connection: Connection, office: UUID, outside_id: str) -> MessageRow | None:
    """Read the one that came from outside under an id."""
    found = _ROWS.where(message.c.office == office, message.c.outside_id == outside_id)
    row = connection.execute(found).one_or_none()
    return None if row is None else _message(row)


def next_try(connection: Connection) -> datetime | None:
    """Tell when the next message is to be tried; None where none waits."""
    first: datetime | None = connection.scalar(select(func.min(message.c.next_try_at)))
    return first


def claim(connection: Connection, now: datetime, until: datetime, limit: int) -> list[MessageRow]:
    """Take messages that are to be tried now; until then nobody else takes them. See ``timers.claim``."""
    due = (
        select(message.c.id)
        .where(message.c.next_try_at <= now)
        .order_by(message.c.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = update(message).where(message.c.id.in_(select(due.c.id))).values(next_try_at=until)
    ids = list(connection.scalars(taken.returning(message.c.id)))
    rows = connection.execute(_ROWS.where(message.c.id.in_(ids)).order_by(message.c.at, message.c.id))
    return [_message(row) for row in rows]


def take(connection: Connection, message_id: UUID, case: UUID | None, state: MessageState) -> bool:
    """Note what became of a waiting message; False when somebody was first."""
    done = connection.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state == MessageState.WAITING.value)
        .values(state=state.value, next_try_at=None, taken_by=case)
    )
    return done.rowcount == 1


def put_off(connection: Connection, seen: MessageRow, until: datetime) -> None:
    """Try it later, unless somebody began to wait for it since it was taken."""
    connection.execute(
        update(message)
        .where(message.c.id == seen.id, message.c.next_try_at == seen.next_try_at)
        .values(tries=seen.tries + 1, next_try_at=until)
    )


def discard(connection: Connection, message_id: UUID) -> None:
    """Let go of a waiting message that is refused: its id may be used again."""
    waiting = message.c.state == MessageState.WAITING.value
    connection.execute(delete(message).where(message.c.id == message_id, waiting))


def wake(connection: Connection, office: UUID, names: Collection[str], now: datetime) -> int:
    """Try those again that a case begins to wait for; gives how many there are."""
    if not names:
        return 0
    waiting = hold(connection, [(office, name) for name in names])
    connection.execute(update(message).where(message.c.id.in_(waiting)).values(next_try_at=now))
    return len(waiting)


def hold(connection: Connection, named: Collection[tuple[UUID, str]], also: UUID | None = None) -> list[UUID]:
    """Lock the waiting messages of some names, by office, and one besides; gives which there are.

    In one order, and all that a transaction writes at once: two that each deliver a message and wake
    the other's would wait for each other for ever.
    """
    wanted = and_(
        tuple_(message.c.office, message.c.name).in_(named),
        message.c.channel == Channel.MESSAGE.value,
        message.c.state == MessageState.WAITING.value,
    )
    if also is not None:
        wanted = or_(message.c.id == also, wanted) if named else message.c.id == also
    elif not named:
        return []
    return list(
        connection.scalars(select(message.c.id).where(wanted).order_by(message.c.id).with_for_update())
    )


def wake_signals(connection: Connection, wait_ids: Collection[UUID], now: datetime) -> int:
    """Try those signals again that are meant for a wait; gives how many there are."""
    woken = connection.execute(
        update(message)
        .where(message.c.wait.in_(wait_ids), message.c.state == MessageState.WAITING.value)
        .values(next_try_at=now)
    )
    return woken.rowcount


def forget(connection: Connection, before: datetime) -> None:
    """Let go of what was delivered or expired before a time."""
    over = message.c.state != MessageState.WAITING.value
    connection.execute(delete(message).where(over, message.c.at < before))


def _message(row: Any) -> MessageRow:  # noqa: ANN401 - a row of the database
    return MessageRow(
        id=row.id,
        office=row.office,
        channel=Channel(row.channel),
        name=row.name,
        key=row.key,
        correlation=json.loads(row.correlation),
        payload=json.loads(row.payload),
        wait=row.wait,
        instance=row.instance,
        element=row.element,
        sender=row.sender,
        outside_id=row.outside_id,
        digest=row.digest,
        state=MessageState(row.state),
        tries=row.tries,
        next_try_at=row.next_try_at,
        at=row.at,
        taken_by=row.taken_by,
    )
