"""Messages on their way, as rows: thrown by a case with the step that threw them, or come from outside."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from engine.model.message import Fit, MessageState, fit
from engine.model.wait import Channel
from engine.storage.tables import api_token, instance, message

_AT_ONCE = 5000  # messages of a statement


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


def fitting(
    connection: Connection, case: UUID, office: UUID, wanted: Collection[tuple[str, Mapping[str, Any]]]
) -> set[UUID]:
    """Find the waiting messages that a case takes where it waits for names, each with its correlation.

    Nothing of them is locked: what decides is never written again. One that names another case by its
    number is for that one; of one without a key its content may decide, which is read when it is tried.
    """
    if not wanted:
        return set()
    own = select(instance.c.number).where(instance.c.id == case).scalar_subquery()
    named = exists().where(
        instance.c.office == message.c.office, instance.c.number == message.c.key, instance.c.id != case
    )
    rows = connection.execute(
        select(
            message.c.id,
            message.c.name,
            message.c.key,
            message.c.correlation,
            own.label("own"),
            named.label("of_another"),
        ).where(
            message.c.office == office,
            message.c.name.in_({name for name, _ in wanted}),
            message.c.channel == Channel.MESSAGE.value,
            message.c.state == MessageState.WAITING.value,
        )
    )
    found = set()
    for row in rows:
        carried = json.loads(row.correlation)
        fits = {fit(asked, carried, row.key, row.own) for name, asked in wanted if name == row.name}
        untold = row.key is None and not carried
        if untold or fits - ({None, Fit.NAME} if row.of_another else {None}):
            found.add(row.id)
    return found


def wake(connection: Connection, ids: Collection[UUID], now: datetime) -> int:
    """Try messages again that a case begins to wait for; gives how many of them still wait."""
    hold(connection, ids)
    woken = 0
    for some in _parts(ids):
        waiting = message.c.id.in_(some), message.c.state == MessageState.WAITING.value
        woken += connection.execute(update(message).where(*waiting).values(next_try_at=now)).rowcount
    return woken


def hold(connection: Connection, ids: Collection[UUID]) -> None:
    """Lock messages.

    In one order, and all that a transaction writes at once: two that each deliver a message and wake
    the other's would wait for each other for ever.
    """
    for some in _parts(ids):
        connection.execute(
            select(message.c.id).where(message.c.id.in_(some)).order_by(message.c.id).with_for_update()
        ).all()


def _parts(ids: Collection[UUID]) -> list[list[UUID]]:
    """Part them in their order: a statement takes only so many values."""
    ordered = sorted(ids)
    return [ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE)]


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
