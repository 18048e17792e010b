"""Save what a step of the process waits for from outside, and what it said to others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from engine.bpmn.workflow import Outcome
from engine.ids import new_id
from engine.model.message import MessageState
from engine.model.wait import Channel, Thrown
from engine.storage import messages, waits
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.transaction import Connection


def save_waits(connection: Connection, case: UUID, office: UUID, outcome: Outcome) -> None:
    """Write it in the transaction of the step; the worker delivers what was said after the commit.

    A signal is for everybody who waits at this moment, so each gets a row of its own. A message is
    for one, who is looked for when it is delivered, and may come later.
    """
    waits.clear(connection, [(case, key) for key in outcome.waits_cleared])
    waits.add(
        connection,
        [
            {
                "id": new_id(),
                "office": office,
                "instance": case,
                "element": wait.key.element,
                "round": wait.key.round,
                "iteration": wait.key.iteration,
                "place": wait.key.place,
                "channel": wait.channel.value,
                "name": wait.name,
                "correlation": to_json(wait.correlation),
                "begins": wait.begins,
            }
            for wait in outcome.waits_set
        ],
    )
    messages.wake(connection, _woken(connection, case, office, outcome), outcome.at)
    for thrown in outcome.thrown:
        row = _row(case, office, thrown, outcome)
        if thrown.channel is Channel.MESSAGE:
            messages.add(connection, [row | {"wait": None}])
            continue
        others = waits.named(connection, office, Channel.SIGNAL, thrown.name)
        to = [one for one in others if one.instance != case]
        messages.add(connection, [row | {"id": new_id(), "wait": one.id} for one in to])


def hold_messages(
    connection: Connection, moved: Iterable[tuple[UUID, UUID, Outcome]], *delivered: UUID
) -> None:
    """Lock what ``save_waits`` will wake for all cases (case, office, outcome), and what is delivered."""
    woken = [_woken(connection, case, office, outcome) for case, office, outcome in moved]
    messages.hold(connection, {*delivered}.union(*woken))


def _woken(connection: Connection, case: UUID, office: UUID, outcome: Outcome) -> set[UUID]:
    wanted = [(one.name, one.correlation) for one in outcome.waits_set if one.channel is Channel.MESSAGE]
    return messages.fitting(connection, case, office, wanted)


def _row(case: UUID, office: UUID, thrown: Thrown, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": new_id(),
        "office": office,
        "channel": thrown.channel.value,
        "name": thrown.name,
        "correlation": to_json(thrown.correlation),
        "payload": Bulky(to_json(thrown.payload)),
        "instance": case,
        "element": thrown.element,
        "round": thrown.round,
        "state": MessageState.WAITING.value,
        "next_try_at": outcome.at,
        "at": outcome.at,
    }
