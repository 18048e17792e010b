"""Who held open steps at a past moment, and whether their clocks stood, from the record."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from engine.ids import parse_id
from engine.model.event import EventKind
from engine.queries.unread import STANDING, Texts
from engine.storage.tables import event

_TAKEN = {
    EventKind.TASK_CLAIMED,
    EventKind.TASK_TAKEN_BACK,
    EventKind.TASK_PREPARATION_ASKED,
    EventKind.COMPLETION_WITHDRAWN,
}
_GIVEN = {EventKind.TASK_OPENED, EventKind.TASK_ASSIGNED, EventKind.TASK_RELEASED}
_CLOCK = {EventKind.CLOCK_PAUSED, EventKind.CLOCK_RESUMED}
_TELLING = [kind.value for kind in (*_TAKEN, *_GIVEN, *_CLOCK)]

_Key = tuple[UUID, str, int, int]  # case, element, round, iteration


@dataclass(frozen=True, kw_only=True)
class Held:
    """How a step stood; ``seq`` is the last event about it until then.

    ``is_lost``: who held it cannot be read, as the text of its last event cannot.
    """

    holder: UUID | None = None
    lent_by: UUID | None = None
    paused: bool = False
    seq: int | None = None
    is_lost: bool = False


def held_at(connection: Connection, rows: Sequence[Row[Any]], at: datetime, texts: Texts) -> list[Held]:
    """Follow the record of the rows' cases up to the moment; a state per row, in their order.

    A step that a move gave another name has no event under it yet: it stands as its row says.
    """
    told = connection.execute(
        select(event.c.stream, event.c.seq, event.c.kind, event.c.actor, STANDING)
        .add_columns(event.c.element, event.c.round, event.c.iteration)
        .where(
            event.c.stream.in_({row.case for row in rows}),
            event.c.kind.in_(_TELLING),
            event.c.at <= at,
        )
        .order_by(event.c.stream, event.c.seq)
    )
    found: dict[_Key, Held] = defaultdict(Held)
    for one in told:
        key = (one.stream, one.element, one.round, one.iteration)
        found[key] = _after(found[key], one, texts)
    keys = [(row.case, row.element, row.round, row.iteration) for row in rows]
    return [found[key] if key in found else _by_row(row, at) for key, row in zip(keys, rows, strict=True)]


def _after(before: Held, one: Row[Any], texts: Texts) -> Held:
    kind = EventKind(one.kind)
    if kind in _CLOCK:
        return replace(before, paused=kind is EventKind.CLOCK_PAUSED, seq=one.seq)
    if kind in _TAKEN:
        return Held(holder=one.actor, paused=before.paused, seq=one.seq)
    if kind is EventKind.TASK_RELEASED:
        return Held(paused=before.paused, seq=one.seq)
    is_assigned = kind is EventKind.TASK_ASSIGNED
    said = texts.read(one.stream, one.payload)
    return Held(
        holder=_person(said, "to" if is_assigned else "assignee"),
        lent_by=one.actor if is_assigned else None,
        paused=before.paused and is_assigned,
        seq=one.seq,
        is_lost=said is None and one.payload is not None,
    )


def _person(payload: str | None, name: str) -> UUID | None:
    said: Mapping[str, Any] = json.loads(payload) if payload else {}
    return parse_id(said.get(name) or "")


def _by_row(row: Row[Any], at: datetime) -> Held:
    was_taken = row.claimed_at is not None and row.claimed_at <= at
    return Held(holder=row.assignee if was_taken else None)
