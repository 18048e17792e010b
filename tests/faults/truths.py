"""What must be true of an office whose processes were killed: nothing lost, nothing twice, no case locked."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine import worker
from engine.clock import Clock
from engine.job_calls import Calls
from engine.model.event import Event, EventKind
from engine.model.incident import IncidentState
from engine.model.job import LEASE
from engine.model.message import MessageState
from engine.record.rebuild import Rebuilder, Same
from engine.storage import messages, timers
from engine.storage.events import stream_events
from engine.storage.tables import incident, instance, job, message, message_wait, register, timer
from tests.chain import head_of
from tests.faults.errands import LAST, LEAVES, Act
from tests.faults.load import PATIENCE, Begun, Load

MOST_FIRED = {"sehari": 2, "terlambat": 1}  # of a case of *laporan*


def check_record(load: Load) -> None:
    """Read every case: whole, as its events lead to, each acknowledged act in it once. The load may go on."""
    acknowledged = {attempt: errand.step.act for attempt, errand in load.acknowledged.items()}
    with load.office.engine.store.reading() as connection:
        cases = connection.scalars(select(instance.c.id)).all()
        numbered = connection.scalar(select(func.sum(register.c.last)))
    assert len(cases) == numbered, "a number without a case"
    done, rebuilder = Counter[tuple[EventKind, UUID]](), Rebuilder(load.office.engine)
    for case in cases:
        with load.office.engine.store.reading() as connection:
            row = connection.execute(select(instance).where(instance.c.id == case)).one()
            events = stream_events(connection, case)
        assert [event.seq for event in events] == list(range(1, row.last_seq + 1))
        assert head_of(events) == row.chain_head
        [(_, answer)] = rebuilder.rebuild([case])
        assert isinstance(answer, Same), answer
        done.update((event.kind, attempt) for event in events if (attempt := _attempt(event)) is not None)
    assert max(done.values(), default=1) == 1, "twice"
    asked = {(LEAVES[act], attempt) for attempt, act in acknowledged.items() if act is not Act.MESSAGE}
    assert asked <= done.keys(), "acknowledged, and not there"


def _attempt(event: Event) -> UUID | None:
    if event.kind is EventKind.MESSAGE_RECEIVED:
        return UUID(told(event)["id"])
    return event.attempt if event.kind in LEAVES.values() else None


def told(event: Event) -> Any:  # noqa: ANN401 - JSON value
    """Read what an event says."""
    return json.loads(event.payload or "{}")


def settle(load: Load) -> None:
    """Kill the workers once more, and do all they left: what they had taken is free again later."""
    for server in load.workers:
        server.kill()
    load.agenda.pause = 0.0
    engine, deadline = load.office.engine, time.monotonic() + PATIENCE
    calls, later = Calls(engine), timedelta()
    while later == timedelta() or _count(load, job):
        later += 2 * LEASE
        load.office.clock.set(Clock().now() + later)
        while calls.do_one() or worker.fire_due(engine) or worker.deliver_due(engine):
            assert time.monotonic() < deadline, "a job, timer or message is not to be done"
    with engine.store.reading() as connection:
        assert [
            next_try
            for next_try in (timers.next_try(connection), messages.next_try(connection))
            if next_try is not None and next_try <= load.office.clock.now()
        ] == []
        open_ones = select(func.count()).where(incident.c.state == IncidentState.OPEN)
        assert connection.scalar(open_ones) == 0


def check_ends(load: Load) -> dict[str, object]:
    """See every case where its way ends, with what came from outside once; then finish those it can be."""
    for case in load.cases.values():
        assert load.office.open_elements(case.id) == [LAST[case.key]], case
    edaran = [case for case in load.cases.values() if case.key == "edaran"]
    waiting = sum(_messages_of(load, case) for case in edaran)
    jobs = sum(_jobs_of(load, case) for case in edaran)
    for case in edaran:
        load.office.complete(case.id, "menutup", "rina", {})
    with load.office.engine.store.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(message_wait)) == 0
    return {
        "messages_of_a_round_that_was_over": waiting,
        "jobs_done_once": jobs,
        "calls_made_again": load.agenda.repeated,
    }


def _messages_of(load: Load, case: Begun) -> int:
    """Give how many are left: one more than the case waited for, where the first met a later round."""
    number = load.number_of(case)
    received = {told(one)["id"] for one in _events(load, case, EventKind.MESSAGE_RECEIVED)}
    with load.office.engine.store.reading() as connection:
        rows = connection.execute(select(message).where(message.c.key == number)).all()
        waits = connection.scalar(select(func.count()).where(message_wait.c.instance == case.id))
    left = {row.outside_id for row in rows if row.state == MessageState.WAITING}
    sent = {
        errand.attempt.hex
        for errand in load.acknowledged.values()
        if errand.case == case.id and errand.step.act is Act.MESSAGE
    }
    assert received | left == sent
    assert not received & left
    assert {row.outside_id for row in rows if row.taken_by == case.id} == received
    assert waits == 0
    return len(left)


def _jobs_of(load: Load, case: Begun) -> int:
    """Give how many jobs were done; those of a round that was sent back may have been taken away."""
    queued = _events(load, case, EventKind.JOB_QUEUED)
    done = _events(load, case, EventKind.JOB_DONE)
    times = Counter((one.element, one.round) for one in done)
    assert set(times.values()) == {1}, "a result was applied twice"
    last = {one.element: one.round for one in queued}
    assert last.items() <= times.keys() <= {(one.element, one.round) for one in queued}
    book = {key for key, paths in load.agenda.calls.items() if f"/{case.id.hex}" in paths}
    assert len(book) <= sum(one.element == "mencatat" for one in queued), "two keys for one job"
    subject, number = load.number_of(case), 0
    sent = {str(one["Message-ID"]): one for one in load.post.letters if one["Subject"] == subject}
    for one in done:
        result = told(one)["result"]
        if one.element == "mencatat":
            number = result["body"]["nomor"]
            assert told(one)["job"] in book
            assert number == load.agenda.number(told(one)["job"])
        else:
            assert f"Nomor agenda {number}" in str(sent[result["message_id"]].get_payload())
    return len(done)


def check_timers(load: Load) -> int:
    """Let every timer fire that is left; gives how often they did.

    Each must have fired as often as the diagram says, and left one task for each time.
    """
    load.office.clock.set(
        Clock().now() + timedelta(hours=50)
    )  # the later ones, and the second of two reminders
    for _ in range(2):
        deadline = time.monotonic() + PATIENCE
        while worker.fire_due(load.office.engine):
            assert time.monotonic() < deadline, "a timer is not to be fired"
        load.office.clock.set(load.office.clock.now() + timedelta(hours=25))
    assert _count(load, timer) == 0
    return sum(_timers_of(load, case) for case in load.timed)


def _timers_of(load: Load, case: UUID) -> int:
    events = load.office.events(case)
    fired = Counter(event.element for event in events if event.kind is EventKind.TIMER_FIRED)
    ever = Counter(one.element for one in load.office.tasks(case))
    assert fired == MOST_FIRED
    assert ever["mengingatkan"] == MOST_FIRED["sehari"]
    assert ever["menagih"] == 1
    return sum(fired.values())


def _events(load: Load, case: Begun, kind: EventKind) -> list[Event]:
    return [event for event in load.office.events(case.id) if event.kind is kind]


def _count(load: Load, table: Any) -> int:  # noqa: ANN401 - a table
    with load.office.engine.store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0
