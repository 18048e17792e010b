"""A case taken from event to event: which due times passed, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from engine.model.event import EventKind
from engine.model.replay import Moment, Noted, Told
from engine.model.replaying import go_on
from tests.offices import MONDAY

HOUR = timedelta(hours=1)


def told(seq: int, kind: EventKind, hours: float, element: str = "", **said: Any) -> Told:
    return Told(
        seq=seq,
        kind=kind,
        at=MONDAY + hours * HOUR,
        actor=None,
        element=element,
        round=1,
        iteration=0,
        said=said,
    )


def opened(seq: int, hours: float, element: str, due: float | None) -> Told:
    return told(
        seq,
        EventKind.TASK_OPENED,
        hours,
        element,
        task=f"{element}-{seq}",
        due=(MONDAY + due * HOUR).isoformat() if due is not None else None,
    )


def late(moment: Moment) -> Iterator[tuple[int, str, datetime | None]]:
    for note in moment.notes:
        if note.what is Noted.LATE and note.key is not None:
            yield note.seq, note.key.element, note.due_at


def test_each_due_time_passes_once_after_the_last_event_before_it() -> None:
    moment = go_on(
        Moment(),
        [
            told(1, EventKind.CASE_STARTED, 0, version=1),
            opened(2, 0, "a", 4),
            opened(3, 0, "b", 2),
            opened(4, 0, "c", None),
            told(5, EventKind.TASK_CLAIMED, 1, "a", now={}),
            told(6, EventKind.TASK_CLAIMED, 3, "c", now={}),  # b was due meanwhile
            opened(7, 3, "d", 3.5),
            told(8, EventKind.TASK_COMPLETED, 3.2, "d"),  # never late
            told(9, EventKind.TASK_COMPLETED, 5, "a"),  # d would have been due, a was
            told(10, EventKind.CASE_ADVANCED, 9),
        ],
    )
    assert list(late(moment)) == [(5, "b", MONDAY + 2 * HOUR), (8, "a", MONDAY + 4 * HOUR)]


def test_a_due_time_that_is_put_off_or_brought_forward_passes_when_it_is() -> None:
    first = (MONDAY + 2 * HOUR).isoformat()
    moment = go_on(
        Moment(),
        [
            told(1, EventKind.CASE_STARTED, 0, version=1),
            opened(2, 0, "a", 6),
            opened(3, 0, "b", 8),
            told(4, EventKind.TASK_AMENDED, 1, "x", clocks=[["a", 1, None, first]]),
            told(5, EventKind.CASE_ADVANCED, 3),
            told(6, EventKind.CLOCK_RESUMED, 4, "a", now={"due_at": (MONDAY + 7 * HOUR).isoformat()}),
            told(7, EventKind.CASE_ADVANCED, 7.5),
            told(8, EventKind.CASE_ADVANCED, 8.5),
        ],
    )
    assert list(late(moment)) == [
        (4, "a", MONDAY + 2 * HOUR),
        (6, "a", MONDAY + 7 * HOUR),
        (7, "b", MONDAY + 8 * HOUR),
    ]
