"""Who a message is for: whom its key names, whom its content is meant for, or who takes any of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from engine.actions.incidents_noted import Failed, suspend_slow
from engine.core import Engine
from engine.errors import NotNow, ProcessFailed
from engine.model.incident import Cause, Tried
from engine.model.message import Fit, fit
from engine.model.wait import Channel
from engine.storage import instances, jobs, waits
from engine.storage.messages import MessageRow
from engine.storage.transaction import Connection, StoreUnavailable
from engine.storage.waits import WaitRow

_log = structlog.get_logger(__name__)
_NOTHING: Mapping[str, Any] = {}


@dataclass(kw_only=True)
class Content:
    """What a message without a key carries, as each who waits for its name reads it (BPMN 2.0, 8.3.2).

    ``unread`` where one of them could not read it now.
    """

    by_place: dict[tuple[UUID, str, int], Mapping[str, Any]] = field(default_factory=dict)
    was_read: bool = False
    unread: bool = False

    def is_unknown_to(self, wait: WaitRow) -> bool:
        """Tell whether a wait that asks for something began after the content was read."""
        place = (wait.version, wait.key.element, wait.key.place)
        return self.was_read and bool(wait.correlation) and place not in self.by_place

    def carried_to(self, wait: WaitRow) -> Mapping[str, Any]:
        """Give it by correlation property; nothing where the wait asks for none."""
        return self.by_place.get((wait.version, wait.key.element, wait.key.place), _NOTHING)


class Found(NamedTuple):
    """Those a message may be for, and the message with what it was found by."""

    message: MessageRow
    waits: list[WaitRow]
    held: bool = False  # it may be for one that could not read it now
    to_come: bool = False  # the case it names has still to go on from a service, and may wait then


def read_content(engine: Engine, message: MessageRow) -> Content:
    """Evaluate the retrieval expressions of who waits, once per place of a version in no transaction.

    A key, or what the file of a sender says it carries, goes before them.
    """
    content = Content()
    if message.wait is not None or message.key is not None or message.correlation:
        return content
    content.was_read = True
    with engine.store.reading() as connection:
        places = waits.readers(connection, message.office, message.name)
    now = engine.clock.now()
    for version, element, place in places:
        try:
            content.by_place[version, element, place] = engine.runner.correlation_in(
                version, element, place, payload=message.payload, now=now
            )
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - who cannot read it keeps no other from reading theirs
            content.unread = True
            _unread(engine, version, element, error)
    return content


def _unread(engine: Engine, version: UUID, element: str, error: Exception) -> None:
    """Count what took too long: it may stop the version. No case has failed yet."""
    if isinstance(error, ProcessFailed):
        failed = Failed.by(error, Tried(cause=Cause.MESSAGE, element=element))
        suspend_slow(engine, engine.versions.get(version), failed)
    elif not isinstance(error, NotNow):
        _log.warning("message.unread", version=version.hex, element=element, exc_info=error)


def receivers(connection: Connection, message: MessageRow, content: Content) -> Found:
    """Find who a message is for: the closest of those who wait, or all whom nothing tells apart."""
    if message.wait is not None:
        one = waits.load(connection, message.wait)
        return Found(message, [] if one is None else [one])
    fitting: dict[Fit, list[WaitRow]] = {}
    unread = content.unread
    # One that names a case is for no other, even where that does not wait yet, but for who correlates.
    meant = instances.numbered(connection, message.office, message.key) if message.key else None
    for wait in waits.named(connection, message.office, Channel.MESSAGE, message.name, meant):
        carried = message.correlation or content.carried_to(wait)
        unread |= content.is_unknown_to(wait)
        how = fit(wait.correlation, carried, message.key, wait.number)
        if how is not None and wait.instance != message.instance:
            fitting.setdefault(how, []).append(wait)
    best = next((how for how in Fit if how in fitting), Fit.NAME)
    closest = fitting.get(best, [])
    # Within one case: who waits already goes before a process that the message would begin.
    if len({wait.instance for wait in closest}) == 1:
        closest = sorted(closest, key=lambda wait: (wait.begins, wait.id))[:1]
    if best is Fit.CORRELATION and not message.correlation and content.by_place:
        message = replace(message, correlation=content.carried_to(closest[0]))
    # Read together with who waits: a case that goes on between two looks would be missed by both.
    to_come = not closest and meant is not None and jobs.are_there(connection, meant)
    return Found(message, closest, held=unread and best is not Fit.CORRELATION, to_come=to_come)
