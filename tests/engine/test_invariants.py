"""Whatever people do in whatever order, the record, the tasks and the state tell the same story.

Random people try random acts, most of which are refused; after each act everything is compared.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState as Waiting
from sqlalchemy import select

from engine.actions import amendments, cancellation, documents, drafts, returns, tasks, withdrawal
from engine.actions.deployment import deploy, read_package
from engine.actions.files import Upload
from engine.actions.offices import operator
from engine.bpmn.state import load_state
from engine.errors import AlurError
from engine.ids import new_id
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.storage.tables import instance, timer
from engine.worker import fire_due
from tests.chain import head_of
from tests.offices import SAMPLES, Office, raw

WORKERS = ("joko", "wati", "rina", "sri")
PEOPLE = (*WORKERS, "agus", "tono")
WHO_MAY = {"staf": ("joko", "wati"), "kasub": ("rina",), "sekdin": ("sri",)}
ANSWERS = {
    "mengajukan": {"kegiatan": "Pelatihan", "biaya": "1.500"},
    "memeriksa": {"keputusan": "Ya"},
    "mengarsipkan": {"lokasi": "Lemari 3"},
    "menulis": {"isi": "Baik"},
    "memutuskan": {"keputusan": "Ya"},
}
FOLLOWING = {
    EventKind.TASK_OPENED,
    EventKind.TASK_CANCELLED,
    EventKind.CASE_ADVANCED,
    EventKind.CASE_FINISHED,
}
Key = tuple[str, int, int]


class Play:
    """One case, and what people try with it."""

    def __init__(self, office: Office, key: str) -> None:
        """Start the case."""
        self.office, self.engine = office, office.engine
        self.case = office.start(key=key, knowingly=True).instance
        self.closed: dict[UUID, Task] = {}
        self.last = new_id()  # attempt of the last completion
        self.corrected = 0

    def attempt(self, act: str, who: str, which: int) -> None:
        """Try one act; a refusal is as good as any answer."""
        ever = self.office.tasks(self.case)
        with suppress(AlurError):
            ACTS[act](self, who, ever[-1 - which % len(ever)])

    def complete(self, who: str, chosen: Task, *, answer: str = "Ya", again: bool = False) -> None:
        """Complete a task, the files it needs included, as who may or (a stranger's name) may not."""
        able = WHO_MAY[chosen.role]
        by = able[0] if who in WORKERS and who not in able else who
        if chosen.element == "mengarsipkan" and not again:
            drafts.stage(self.engine, self.office.people[by], chosen.id, note(), {})
        self.last = self.last if again else new_id()
        fields = dict(ANSWERS.get(chosen.element, {}))
        if "keputusan" in fields:
            fields |= {"keputusan": answer, "catatan": "Perbaiki"}
        self.office.complete_task(chosen.id, by, fields, attempt=self.last)

    def send_back(self, who: str, chosen: Task) -> None:
        """Send the case back as far as the step allows."""
        step = self.engine.versions.get(chosen.version).definition.step(chosen.element)
        actor, to = self.office.people[who], (*step.return_to, "mengajukan")[0]
        returns.send_back(self.engine, actor, chosen.id, to, "Keliru", self.last)

    def amend(self, who: str, chosen: Task) -> None:
        """Correct what a finished step entered, one way or the other."""
        self.corrected += 1
        new = {"isi": f"Lebih baik {self.corrected}", "kegiatan": f"Pelatihan {self.corrected}"}
        fields = raw(ANSWERS.get(chosen.element, {}) | new)
        self.last = new_id()
        sent = amendments.Amendment(fields=fields, reason="Keliru", attempt=self.last)
        amendments.amend(self.engine, self.office.people[task_doer(self, chosen, who)], chosen.id, sent)

    def pass_time(self) -> None:
        """Let a day pass, and what is due happen."""
        self.office.clock.move(timedelta(hours=25))
        fire_due(self.engine)


def note() -> Upload:
    """Make a file without pages, which need a process of their own to be counted."""
    return Upload(field="output.0", filename="catatan.txt", stream=io.BytesIO(b"Arsip"))


def colleague(office: Office, who: str) -> UUID:
    """Name the next of the people."""
    found = office.people[PEOPLE[(PEOPLE.index(who) + 1) % len(PEOPLE)]].person
    assert found is not None
    return found


ACTS: dict[str, Callable[[Play, str, Task], object]] = {
    "complete": lambda play, who, task: play.complete(who, task),
    "refuse": lambda play, who, task: play.complete(who, task, answer="Tidak"),
    "repeat": lambda play, who, task: play.complete(who, task, again=True),
    "claim": lambda play, who, task: tasks.claim(play.engine, play.office.people[who], task.id),
    "release": lambda play, who, task: tasks.release(play.engine, play.office.people[who], task.id),
    "assign": lambda play, who, task: tasks.assign(
        play.engine, play.office.people[who], task.id, colleague(play.office, who)
    ),
    "take back": lambda play, who, task: tasks.take_back(play.engine, play.office.people[who], task.id),
    "prepare": lambda play, who, task: tasks.ask_preparation(
        play.engine, play.office.people[who], task.id, colleague(play.office, who)
    ),
    "end preparation": lambda play, who, task: tasks.end_preparation(
        play.engine, play.office.people[who], task.id
    ),
    "put back": lambda play, _who, task: tasks.release_orphan(
        play.engine, play.office.people["dewi"], task.id
    ),
    "pause": lambda play, who, task: tasks.pause(play.engine, play.office.people[who], task.id, "Rapat"),
    "resume": lambda play, who, task: tasks.resume(play.engine, play.office.people[who], task.id),
    "see": lambda play, who, task: tasks.see(play.engine, play.office.people[who], task.id),
    "withdraw": lambda play, who, task: withdrawal.withdraw(
        play.engine, play.office.people[task_doer(play, task, who)], task.id
    ),
    "amend": lambda play, who, task: play.amend(who, task),
    "send back": lambda play, who, task: play.send_back(who, task),
    "draft": lambda play, who, task: drafts.save(
        play.engine, play.office.people[who], task.id, raw({"isi": "…"}), by_hand=True
    ),
    "comment": lambda play, who, task: documents.comment(
        play.engine, play.office.people[who], task.id, "Segera", new_id()
    ),
    "attach": lambda play, who, task: documents.attach(
        play.engine, play.office.people[who], task.id, "Surat", note(), new_id()
    ),
    "wait": lambda play, _who, _task: play.pass_time(),
    "cancel": lambda play, who, _task: cancellation.cancel(
        play.engine, play.office.people["putu" if who == "tono" else who], play.case, "Salah"
    ),
}
MOSTLY = ["complete"] * 6 + ["withdraw", "send back", "amend"] * 2 + ["wait"] * 3 + ["claim", "refuse"]
ANYTHING = st.tuples(
    st.sampled_from([*ACTS, *MOSTLY]), st.sampled_from([*PEOPLE, *WORKERS]), st.integers(0, 3)
)


def task_doer(play: Play, task: Task, who: str) -> str:
    """Name who completed a task, or somebody else who tries."""
    doers = [name for name, one in play.office.people.items() if one.person == task.completed_by]
    return doers[0] if doers and who in WORKERS else who


@pytest.mark.parametrize("key", ["izin", "laporan"])
def test_the_record_the_tasks_and_the_state_agree(office: Office, key: str) -> None:
    if key != "izin":
        deploy(office.engine, operator(office.id), read_package(SAMPLES / key))

    @settings(max_examples=20)
    @given(st.lists(ANYTHING, min_size=12, max_size=30))
    def whatever_happens(acts: list[tuple[str, str, int]]) -> None:
        play = Play(office, key)
        for act in acts:
            play.attempt(*act)
            compare_tasks(play)
        compare_record(play)

    whatever_happens()


def compare_tasks(play: Play) -> None:
    """Compare the rows of tasks and timers with the state, and closed tasks with what they were."""
    ever = play.office.tasks(play.case)
    found = [key_of(one) for one in ever if one.state is TaskState.OPEN]
    assert len(found) == len(set(found)), "one open task per element and round"
    for one in ever:
        if one.state is TaskState.OPEN:
            assert one.assignee is None or one.assignee != one.prepared_by, "nobody prepares for himself"
        else:
            assert play.closed.setdefault(one.id, one) == one, "a closed task stays as it is"
    assert set(play.closed) == {one.id for one in ever if one.state is not TaskState.OPEN}
    with play.engine.store.reading() as connection:
        case = connection.execute(select(instance).where(instance.c.id == play.case)).one()
        due = connection.execute(select(timer).where(timer.c.instance == play.case)).all()
    timers = {(row.element, row.round, row.iteration): row.due_at for row in due}
    if case.status == InstanceStatus.RUNNING:
        assert (set(found), timers) == in_state(play, case.version, case.state)
    else:
        assert (case.state, case.undo_state, found, timers) == (None, None, [], {})


def in_state(play: Play, version: UUID, state: str) -> tuple[set[Key], dict[Key, datetime]]:
    """Read the state as the runner would, without what it keeps in memory."""
    live = play.engine.runner._empty(version)
    load_state(live, state)
    waiting = [one for workflow in live.workflows() for one in workflow.tasks.values()]
    people = {
        (one.task_spec.element, one.round, one.iteration) for one in waiting if one.state == Waiting.READY
    }
    timers = {
        (one.task_spec.element, one.round, one.iteration): datetime.fromisoformat(one.internal_data["due"])
        for one in waiting
        if "due" in one.internal_data
    }
    return people, timers


def compare_record(play: Play) -> None:
    """Compare the events with the tasks, their numbers, and the chain with the case's head."""
    events = play.office.events(play.case)
    with play.engine.store.reading() as connection:
        case = connection.execute(select(instance).where(instance.c.id == play.case)).one()
    assert [event.seq for event in events] == list(range(1, case.last_seq + 1))
    assert head_of(events) == case.chain_head
    for event in events:
        told = json.loads(event.payload or "")
        assert ("software" in told) == (event.kind not in FOLLOWING), "every act says what all acts say"
    kinds = Counter(event.kind for event in events)
    ever = play.office.tasks(play.case)
    states = Counter(one.state for one in ever)
    assert kinds[EventKind.TASK_COMPLETED] == states[TaskState.COMPLETED]
    assert kinds[EventKind.TASK_CANCELLED] == states[TaskState.CANCELLED]
    assert kinds[EventKind.TASK_RETURNED] == states[TaskState.RETURNED]
    assert kinds[EventKind.TASK_OPENED] + kinds[EventKind.COMPLETION_WITHDRAWN] == len(ever)
    assert kinds[EventKind.CASE_FINISHED] == (case.status == InstanceStatus.FINISHED)
    assert kinds[EventKind.CASE_CANCELLED] == (case.status == InstanceStatus.CANCELLED)


def key_of(one: Task) -> Key:
    return one.element, one.round, one.iteration
