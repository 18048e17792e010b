"""Take a case from one event of its record to the next: what each kind of event changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.lateness import is_late
from engine.model.replay import HeldTask, Moment, Note, Noted, Paper, Told, Way
from engine.model.replayed_tasks import (
    change_task,
    close,
    hold,
    identity_in,
    move,
    open_again,
    time_in,
    undo_move,
)
from engine.model.task import TaskKey, TaskState

_NOTED = {
    EventKind.ATTEMPT_REFUSED: Noted.REFUSED,
    EventKind.TASK_RETURNED: Noted.RETURNED,
    EventKind.TASK_AMENDED: Noted.CORRECTED,
    EventKind.INCIDENT_CORRECTED: Noted.CORRECTED,
    EventKind.CASE_MOVED: Noted.MOVED,
    EventKind.MOVE_UNDONE: Noted.MOVED,
    EventKind.INCIDENT_OPENED: Noted.STOPPED,
}
_NEVER = datetime.max.replace(tzinfo=UTC)
# What people do with an open task: its changed columns stand in the payload as ``now``.
_HOLDING = frozenset(
    {
        EventKind.TASK_CLAIMED,
        EventKind.TASK_RELEASED,
        EventKind.TASK_ASSIGNED,
        EventKind.TASK_TAKEN_BACK,
        EventKind.TASK_PREPARATION_ASKED,
        EventKind.TASK_PREPARATION_ENDED,
        EventKind.CLOCK_PAUSED,
        EventKind.CLOCK_RESUMED,
    }
)


def go_on(moment: Moment, events: Iterable[Told]) -> Moment:
    """Take a moment further, in place; the events follow it in the order of their numbers."""
    for told in events:
        _note_overdue(moment, told.at)
        moment.seq, moment.at = told.seq, told.at
        if (what := _NOTED.get(told.kind)) is not None:
            moment.notes.append(Note(seq=told.seq, what=what, key=told.key if told.element else None))
        if (change := _CHANGES.get(told.kind)) is not None:
            change(moment, told)
    return moment


def overdue_until(moment: Moment, at: datetime) -> Iterator[HeldTask]:
    """Find open tasks whose due time has passed by an instant, and had not at the moment itself."""
    for task in moment.open.values():
        if is_late(task.due_at, at) and task.id not in moment.overdue:
            yield task


def _note_overdue(moment: Moment, at: datetime) -> None:
    if moment.next_due is not None and not is_late(moment.next_due, at):
        return
    for task in sorted(overdue_until(moment, at), key=lambda one: one.due_at or at):
        moment.overdue.add(task.id)
        moment.notes.append(Note(seq=moment.seq, what=Noted.LATE, key=task.key, due_at=task.due_at))
    dues = (one.due_at for one in moment.open.values() if one.id not in moment.overdue)
    moment.next_due = min((due for due in dues if due is not None), default=_NEVER)


def _started(moment: Moment, told: Told) -> None:
    moment.version = int(told.said.get("version") or 0)
    moment.versions.append((told.seq, moment.version))


def _finished(moment: Moment, told: Told) -> None:
    moment.status = InstanceStatus.FINISHED
    moment.asked.clear()
    _advanced(moment, told)


def _cancelled(moment: Moment, _told: Told) -> None:
    moment.status = InstanceStatus.CANCELLED
    moment.asked.clear()


def _advanced(moment: Moment, told: Told) -> None:
    _take_way(moment, told, "")


def _opened(moment: Moment, told: Told) -> None:
    said, clock = told.said, told.said.get("clock")
    task = HeldTask(
        key=told.key,
        id=str(said.get("task") or f"{told.seq}"),
        role=str(said.get("role") or ""),
        version=moment.version,
        opened_at=told.at,
        clock_started_at=told.at if clock == "arrival" else time_in(clock),
        due_at=time_in(said.get("due")),
        assignee=identity_in(said.get("assignee")),
    )
    hold(moment, told.key, task)
    _take_way(moment, told, task.id)


def _take_way(moment: Moment, told: Told, task: str) -> None:
    trail = told.said.get("trail") or ()
    for item in trail:
        if item[0] == "cancelled":
            moment.asked.pop(TaskKey(element=item[1], round=item[2], iteration=item[3]), None)
    flows = tuple(item[1] for item in trail if item[0] == "flow")
    if not flows:
        return
    moment.ways_taken += 1
    way = Way(element=told.element, flows=flows, round=told.round, order=moment.ways_taken, task=task)
    taken = moment.ways.setdefault((told.element, flows), [])
    taken.append(way)
    del taken[:-2]  # only the last completion can be taken back, and with it the last way


def _completed(moment: Moment, told: Told) -> None:
    decided = told.said.get("decided")
    if decided:
        _decide(moment, decided[0], decided[2])
        if decided[2] == DocumentState.RETURNED:
            moment.notes.append(Note(seq=told.seq, what=Noted.RETURNED, key=told.key))
    _add_papers(moment, told)
    moment.handed_in.setdefault((told.element, told.iteration), []).append(told.seq)
    close(moment, told, TaskState.COMPLETED)


def _amended(moment: Moment, told: Told) -> None:
    _add_papers(moment, told)
    moment.handed_in.setdefault((told.element, told.iteration), []).append(told.seq)
    for element, round_, _before, due in told.said.get("clocks") or ():
        for key, task in moment.open.items():
            if (key.element, key.round) == (element, round_):
                hold(moment, key, replace(task, due_at=time_in(due)))


def _returned(moment: Moment, told: Told) -> None:
    close(moment, told, TaskState.RETURNED)


def _no_longer_needed(moment: Moment, told: Told) -> None:
    close(moment, told, TaskState.CANCELLED)
    if told.said:
        _take_way(moment, told, "")


def _withdrawn(moment: Moment, told: Told) -> None:
    """Let the completed task stand open again, and what it led to be gone."""
    gone = set(told.said.get("withdrawn") or ())
    for key in [key for key, task in moment.open.items() if task.id in gone]:
        del moment.open[key]
    for ways in moment.ways.values():
        if ways and ways[-1].task in gone:
            ways.pop()
    for no in told.said.get("documents") or ():
        _decide(moment, no, DocumentState.WITHDRAWN)
    if decided := (told.said.get("restored") or {}).get("decided"):
        _decide(moment, decided[0], decided[1])
    if seqs := moment.handed_in.get((told.element, told.iteration)):
        seqs.pop()
    open_again(moment, told)


def _document_added(moment: Moment, told: Told) -> None:
    no = told.said.get("no")
    if isinstance(no, int):
        moment.papers[no] = Paper(no=no, state=DocumentState.DRAFT, seq=told.seq)


def _add_papers(moment: Moment, told: Told) -> None:
    for entry in told.said.get("documents") or ():
        moment.papers.setdefault(entry[0], Paper(no=entry[0], state=DocumentState.DRAFT, seq=told.seq))


def _decide(moment: Moment, no: int, state: str) -> None:
    if no in moment.papers:
        moment.papers[no] = replace(moment.papers[no], state=DocumentState(state))


def _stopped(moment: Moment, told: Told) -> None:
    moment.stops[str(told.said.get("incident") or told.seq)] = (told.element, told.at)


def _solved(moment: Moment, told: Told) -> None:
    moment.stops.pop(str(told.said.get("incident") or ""), None)


def _asked(moment: Moment, told: Told) -> None:
    moment.asked[told.key] = told.at


def _answered(moment: Moment, told: Told) -> None:
    moment.asked.pop(told.key, None)


def _given_up(moment: Moment, told: Told) -> None:
    if told.said.get("caught"):
        _answered(moment, told)


_CHANGES: dict[EventKind, Callable[[Moment, Told], None]] = {
    EventKind.CASE_STARTED: _started,
    EventKind.CASE_FINISHED: _finished,
    EventKind.CASE_CANCELLED: _cancelled,
    EventKind.CASE_ADVANCED: _advanced,
    EventKind.CASE_MOVED: move,
    EventKind.MOVE_UNDONE: undo_move,
    EventKind.TASK_OPENED: _opened,
    EventKind.TASK_COMPLETED: _completed,
    EventKind.TASK_AMENDED: _amended,
    EventKind.TASK_RETURNED: _returned,
    EventKind.TASK_CANCELLED: _no_longer_needed,
    EventKind.COMPLETION_WITHDRAWN: _withdrawn,
    EventKind.DOCUMENT_ADDED: _document_added,
    EventKind.INCIDENT_OPENED: _stopped,
    EventKind.INCIDENT_SOLVED: _solved,
    EventKind.JOB_QUEUED: _asked,
    EventKind.JOB_DONE: _answered,
    EventKind.JOB_GIVEN_UP: _given_up,
    **dict.fromkeys(_HOLDING, change_task),
}
# The payloads of other kinds need not be read.
SAYING = frozenset(_CHANGES) - {EventKind.CASE_CANCELLED, EventKind.JOB_QUEUED, EventKind.JOB_DONE}
