"""What cases wait for from outside, as rows: messages and signals by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from engine.model.instance import InstanceStatus
from engine.model.task import TaskKey
from engine.model.wait import Channel, WaitKey
from engine.storage.tables import instance, message_wait


@dataclass(frozen=True, kw_only=True)
class WaitRow:
    """A case that waits for a message or signal."""

    id: UUID
    office: UUID
    instance: UUID
    number: str  # of the case
    version: UUID  # of the case
    key: WaitKey
    channel: Channel
    name: str
    correlation: Mapping[str, Any]
    begins: bool


_CLEAR = delete(message_wait).where(
    message_wait.c.instance == bindparam("case"),
    message_wait.c.element == bindparam("of_element"),
    message_wait.c.round == bindparam("of_round"),
    message_wait.c.iteration == bindparam("of_iteration"),
    message_wait.c.place == bindparam("of_place"),
)
_ROWS = select(message_wait, instance.c.number, instance.c.version).join(
    instance, instance.c.id == message_wait.c.instance
)


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write what cases begin to wait for."""
    if rows:
        connection.execute(insert(message_wait), rows)


def clear(connection: Connection, keys: Iterable[tuple[UUID, WaitKey]]) -> None:
    """Take away what cases no longer wait for."""
    rows = [
        {
            "case": case,
            "of_element": key.element,
            "of_round": key.round,
            "of_iteration": key.iteration,
            "of_place": key.place,
        }
        for case, key in keys
    ]
    if rows:
        connection.execute(_CLEAR, rows)


def drop_all(connection: Connection, instance_id: UUID) -> None:
    """Take everything away that a case waits for."""
    connection.execute(delete(message_wait).where(message_wait.c.instance == instance_id))


def load(connection: Connection, wait_id: UUID) -> WaitRow | None:
    """Read one; None where the case no longer waits for it."""
    row = connection.execute(_ROWS.where(message_wait.c.id == wait_id)).one_or_none()
    return None if row is None else _wait(row)


def at(connection: Connection, instance_id: UUID, key: TaskKey) -> list[WaitRow]:
    """Read what an element of a case waits for."""
    rows = connection.execute(
        _ROWS.where(
            message_wait.c.instance == instance_id,
            message_wait.c.element == key.element,
            message_wait.c.round == key.round,
            message_wait.c.iteration == key.iteration,
        ).order_by(message_wait.c.place)
    )
    return [_wait(row) for row in rows]


def named(
    connection: Connection, office: UUID, channel: Channel, name: str, meant: UUID | None = None
) -> list[WaitRow]:
    """Read who waits in an office for a name, the longest waiting first.

    Where one case is ``meant``: only that, and who asks for more than the name.
    """
    found = _ROWS.where(
        message_wait.c.office == office,
        message_wait.c.name == name,
        message_wait.c.channel == channel.value,
        instance.c.status == InstanceStatus.RUNNING.value,
    )
    if meant is not None:
        found = found.where(or_(message_wait.c.instance == meant, message_wait.c.correlation != "{}"))
    return [_wait(row) for row in connection.execute(found.order_by(message_wait.c.id))]


def readers(connection: Connection, office: UUID, name: str) -> list[tuple[UUID, str, int]]:
    """Read where cases wait for a message that must carry something: version, element and place."""
    found = (
        select(instance.c.version, message_wait.c.element, message_wait.c.place)
        .join(instance, instance.c.id == message_wait.c.instance)
        .where(
            message_wait.c.office == office,
            message_wait.c.name == name,
            message_wait.c.channel == Channel.MESSAGE.value,
            message_wait.c.correlation != "{}",
            instance.c.status == InstanceStatus.RUNNING.value,
        )
        .distinct()
    )
    return [(row.version, row.element, row.place) for row in connection.execute(found)]


def _wait(row: Any) -> WaitRow:  # noqa: ANN401 - a row of the database
    return WaitRow(
        id=row.id,
        office=row.office,
        instance=row.instance,
        number=row.number,
        version=row.version,
        key=WaitKey(element=row.element, round=row.round, iteration=row.iteration, place=row.place),
        channel=Channel(row.channel),
        name=row.name,
        correlation=json.loads(row.correlation),
        begins=bool(row.begins),
    )
