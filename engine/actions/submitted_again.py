"""Tell the case that returned a revision that a corrected one was submitted: what waits for that ends.

What ends is drawn, not known here: a step of such an SOP that is over then waits for the message.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog

from engine.actions.deliveries import deliver
from engine.core import Engine
from engine.errors import AlurError
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.message import SUBMITTED_AGAIN, MessageState
from engine.model.wait import Channel
from engine.storage import jobs, messages, revision_cases, waits
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.transaction import Connection

_log = structlog.get_logger(__name__)


def note_submitted_again(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    followed: Iterable[UUID | None],
    *,
    key: str,
    number: int,
) -> list[UUID]:
    """Write the messages in the transaction of the submission; gives their ids, for ``tell_at_once``.

    ``followed`` are the versions that it follows; only the case of one that was returned is told.
    Called before a version's case is forgotten.
    """
    cases = revision_cases.that_returned(connection, {one for one in followed if one is not None})
    now = engine.clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "office": actor.office,
            "channel": Channel.MESSAGE.value,
            "name": SUBMITTED_AGAIN,
            "key": case_number,
            "correlation": "{}",
            "payload": Bulky(to_json({"key": key, "revision": number, "by": actor.name})),
            "state": MessageState.WAITING.value,
            "next_try_at": now,
            "at": now,
        }
        for case, case_number in cases
        if _takes_it(connection, actor.office, case)
    ]
    messages.add(connection, rows)
    return [row["id"] for row in rows]


def _takes_it(connection: Connection, office: UUID, case: UUID) -> bool:
    """Tell whether a case waits for the message, or may as soon as its return has moved it.

    The jobs first: the transaction that takes the job of the return away writes the wait. The other
    way round, one that commits between the two looks would be seen by neither.
    """
    if jobs.are_there(connection, case):
        return True
    named = waits.named(connection, office, Channel.MESSAGE, SUBMITTED_AGAIN, case)
    return any(one.instance == case for one in named)


def tell_at_once(engine: Engine, told: Iterable[UUID]) -> None:
    """Deliver them now, so that nobody meets a task that is over; what is not, the worker delivers."""
    for id_ in told:
        try:
            with engine.store.reading() as connection:
                message = messages.load(connection, id_)
            if message is not None and message.state is MessageState.WAITING:
                deliver(engine, message)
        except Exception as error:  # noqa: BLE001 - logged; the submission stands, and so does the message
            expected = isinstance(error, AlurError)
            _log.warning("revision.not-told", message=id_.hex, why=str(error), exc_info=not expected)
