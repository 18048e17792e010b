"""Deliver a message or signal to the case that waits for it: once, in the transaction that moves the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog

from engine.actions.advancing import NOT_UNDONE, Case, changes_after, lines_of, opened_rows, save_moved
from engine.actions.basis import basis_of
from engine.actions.incidents_noted import failed_at, note
from engine.actions.incidents_settled import settle
from engine.actions.receivers import Found, read_content, receivers
from engine.actions.waits_saved import hold_messages
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.errors import NotNow, ProcessFailed
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.incident import Cause, IncidentKind, Tried
from engine.model.instance import InstanceStatus
from engine.model.message import HELD, KEPT, MessageState, delay_after
from engine.model.wait import Channel
from engine.storage import events, instances, messages
from engine.storage.data_stores import StoreChanged
from engine.storage.events import Line
from engine.storage.instances import InstanceRow
from engine.storage.messages import MessageRow
from engine.storage.transaction import Connection, StoreUnavailable
from engine.storage.waits import WaitRow

_MOST_NAMED = 10  # cases that a message fits
_RACES = 8  # tries for a case that others move as well
_log = structlog.get_logger(__name__)


class End(StrEnum):
    """How a delivery ended."""

    DELIVERED = "delivered"
    NOBODY = "nobody"  # waits for it
    SEVERAL = "several"  # wait for it, and nothing says which is meant
    FAILED = "failed"  # the case could not go on from it
    OVER = "over"  # somebody else delivered it


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of a message, and of which case."""

    end: End
    case: UUID | None = None
    number: str = ""


class _Moved(Exception):
    """Something else of the case was first; undo this and start over."""


def deliver(engine: Engine, message: MessageRow) -> Delivery:
    """Let the case that waits for a message go on; where none does, it is tried again later."""
    content = read_content(engine, message)
    for _ in range(_RACES):
        with engine.store.reading() as connection:
            found = receivers(connection, message, content)
            case = (
                instances.load(connection, found.waits[0].instance, None) if len(found.waits) == 1 else None
            )
        if found.held or case is None or case.status is not InstanceStatus.RUNNING:
            kept = HELD if found.held or found.to_come else KEPT
            numbers = [one.number for one in found.waits]
            return _put_off(engine, message, _why(found), kept, numbers=numbers)
        [wait], now = found.waits, engine.clock.now()
        try:
            outcome = _step(engine, message, wait, case, now)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - noted with the case
            _note(engine, wait, error)
            return _put_off(engine, message, End.FAILED, HELD, case)
        try:
            with engine.store.transaction() as connection:
                if not _save(engine, connection, found.message, wait, case, outcome, now):
                    return Delivery(end=End.OVER)
        except (_Moved, StoreChanged):
            continue
        if not outcome.finished:
            engine.runner.keep(case.id, case.guard + 1, outcome)
        return Delivery(end=End.DELIVERED, case=case.id, number=case.number)
    return _put_off(engine, message, End.NOBODY, KEPT)


def _why(found: Found) -> End:
    if found.held:
        return End.FAILED
    return End.SEVERAL if len(found.waits) > 1 else End.NOBODY


def _step(engine: Engine, message: MessageRow, wait: WaitRow, case: InstanceRow, now: datetime) -> Outcome:
    return engine.runner.deliver(case.saved, wait.key, payload=message.payload, now=now)


def _save(  # noqa: PLR0913, PLR0917 - one argument per fact
    engine: Engine,
    connection: Connection,
    message: MessageRow,
    wait: WaitRow,
    case: InstanceRow,
    outcome: Outcome,
    now: datetime,
) -> bool:
    guard, _status, head = instances.lock(connection, case.id)
    if guard != case.guard:
        raise _Moved
    hold_messages(connection, [(case.id, message.office, outcome)], message.id)
    if not messages.take(connection, message.id, case.id, MessageState.DELIVERED):
        return False
    version = engine.versions.get(case.version)
    moved = Case(id=case.id, version=version)
    rows = opened_rows(engine, connection, moved, outcome, now)
    save_moved(connection, moved, outcome, rows)
    sender = _sender(message)
    lines = [_received(message, wait), *lines_of(outcome, rows)]
    head = events.extend(
        connection, Scope.INSTANCE, case.id, head, sender, now, lines, basis=basis_of(engine, version)
    )
    instances.save(connection, case.id, head, NOT_UNDONE | changes_after(outcome, guard, now))
    settle(connection, sender, case.id, now, done=_tried(wait), ended=outcome.finished)
    return True


def _received(message: MessageRow, wait: WaitRow) -> Line:
    """Tell what came, by which key it found the case, and from whom."""
    facts = {
        "channel": message.channel.value,
        "name": message.name,
        "key": message.key,
        "correlation": dict(message.correlation),
        "data": dict(message.payload),
        "token": message.sender,
        "id": message.outside_id,
        "case": message.instance.hex if message.instance else None,
        "from": message.element,
    }
    return Line(
        kind=EventKind.MESSAGE_RECEIVED,
        element=wait.key.element,
        round=wait.key.round,
        iteration=wait.key.iteration,
        payload={"message": message.id.hex}
        | {name: value for name, value in facts.items() if value not in (None, {})},
    )


def _put_off(
    engine: Engine,
    message: MessageRow,
    end: End,
    kept: timedelta,
    case: InstanceRow | None = None,
    numbers: Sequence[str] = (),
) -> Delivery:
    """Try a message later, as long as it is ``kept``; a signal whose receiver has gone on is over at once.

    So is a message that a case threw and that several take: nothing that comes later tells which was meant.
    """
    now = engine.clock.now()
    signal = message.channel is Channel.SIGNAL and end is End.NOBODY
    old = now - message.at >= kept
    unclear = end is End.SEVERAL and message.instance is not None
    with engine.store.transaction() as connection:
        if signal:
            messages.take(connection, message.id, None, MessageState.EXPIRED)
        elif old or unclear:
            _give_up(connection, message, end, now, numbers)
        else:
            messages.put_off(connection, message, now + delay_after(message.tries))
    return Delivery(end=end, case=case.id if case else None, number=case.number if case else "")


def _give_up(
    connection: Connection, message: MessageRow, end: End, now: datetime, numbers: Sequence[str]
) -> None:
    """Let a message expire; the case that threw it shows that, and why."""
    locked = None if message.instance is None else instances.lock(connection, message.instance)
    if not messages.take(connection, message.id, None, MessageState.EXPIRED):
        return
    _log.warning("message.expired", name=message.name, message=message.id.hex, why=end.value)
    if message.instance is None or locked is None:
        return
    facts = {"name": message.name, "why": end.value, "cases": list(numbers[:_MOST_NAMED])}
    line = Line(
        kind=EventKind.MESSAGE_UNDELIVERED,
        element=message.element,
        payload={"message": message.id.hex} | facts,
    )
    head = events.extend(
        connection, Scope.INSTANCE, message.instance, locked[2], _sender(message), now, [line]
    )
    instances.save(connection, message.instance, head, {})


def _note(engine: Engine, wait: WaitRow, error: Exception) -> None:
    """Let the case show that it cannot go on from what it received."""
    if isinstance(error, NotNow):
        return
    if not isinstance(error, ProcessFailed):
        _log.warning("message.failed", instance=wait.instance.hex, element=wait.key.element, exc_info=error)
    failed = failed_at(_tried(wait), IncidentKind.MESSAGE, error)
    note(engine, Actor(person=None, office=wait.office, name=""), wait.instance, failed)


def _tried(wait: WaitRow) -> Tried:
    key = wait.key
    return Tried(cause=Cause.MESSAGE, element=key.element, round=key.round, iteration=key.iteration)


def _sender(message: MessageRow) -> Actor:
    return Actor(person=None, office=message.office, name="")
