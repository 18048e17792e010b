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
from engine.storage import messages, revision_cases, waits
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.transaction import Connection

_log = structlog.get_logger(__name__)


def note_submitted_again(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    returned: Iterable[UUID | None],
    *,
    key: str,
    number: int,
) -> list[UUID]:
    """Write the messages in the transaction of the submission; gives their ids, for ``tell``.

    ``returned`` are the versions that it follows. Called before a version's case is forgotten.
    """
    cases = revision_cases.open_cases(connection, {one for one in returned if one is not None})
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
        for case, case_number in cases.values()
        if any(
            one.instance == case
            for one in waits.named(connection, actor.office, Channel.MESSAGE, SUBMITTED_AGAIN, case)
        )
    ]
    messages.add(connection, rows)
    return [row["id"] for row in rows]


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
