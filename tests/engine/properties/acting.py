"""A case that people and the worker move by the real actions, each with nothing kept in memory.

After every act it is compared with its twin (``twin``), and the rows of the database with its state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import ClassVar

from sqlalchemy import delete

from engine import worker
from engine.actions import (
    amendments,
    cancellation,
    corrections,
    incidents,
    job_retries,
    messages,
    returns,
    withdrawal,
)
from engine.actions import tasks as tending
from engine.actions.deployment import Package, deploy
from engine.actions.incidents import key_of
from engine.actions.offices import operator
from engine.bpmn.workflow import Runner
from engine.connectors import CallFailed
from engine.core import Engine
from engine.errors import AlurError
from engine.ids import new_id
from engine.job_calls import Calls
from engine.model.api_token import ApiToken
from engine.model.correction import Correction, ValueKind, digest_of
from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.model.wait import Channel
from engine.storage import instances as instance_rows
from engine.storage import tables
from engine.storage.incidents import Incident
from engine.storage.suspensions import Suspensions
from engine.storage.versions import Versions
from tests.connecting import Scripted
from tests.engine.properties.comparing import Compared, look
from tests.engine.properties.drawing import MESSAGES, SIGNALS
from tests.engine.properties.twin import Twin
from tests.offices import Office, raw

MOST_ACTS = 120  # after what the numbers say
WHO, ADMIN, OWNER = "joko", "dewi", "putu"
DONE: Counter[str] = Counter()  # what was done in all plays, for a report
Act = Callable[[], object]


def afresh(engine: Engine) -> Engine:
    """Give an engine that remembers nothing of versions and cases, as after a restart."""
    versions, suspensions = Versions(engine.store), Suspensions(engine.store)
    runner = Runner(
        engine.runner._sandbox,
        versions.spec_of,
        lambda version: engine.calendar_of(versions.get(version).office),
        stored_of=versions.stored_of,
        must_run=suspensions.must_run,
    )
    return replace(engine, runner=runner, versions=versions, suspensions=suspensions)


def connector() -> Scripted:
    """Make what the service tasks of the blocks call."""
    return Scripted("post", ("body",), (), {"n": 1})


@dataclass
class Acting:
    """The case, and the desk at which it is worked on."""

    office: Office
    package: Package
    post: Scripted
    token: ApiToken
    acts: int = 0
    sane: bool = False  # nobody does what leads nowhere
    known: ClassVar[Mapping[str, int]]  # what may be done, and how often

    def __post_init__(self) -> None:
        """Deploy the SOP and start its case."""
        engine = self.office.engine
        deploy(engine, operator(self.office.id), self.package)
        self.id = self.office.start(key=self.package.key, year=2026, knowingly=True).instance
        self.now = self._look()
        self.version = engine.versions.get(self.now.version)
        self.twin = Twin(engine, self.id)
        self.follow()

    # -- what is there ---------------------------------------------------------------------------

    def _look(self) -> Compared:
        return look(self.office.engine, self.id)

    def follow(self) -> None:
        """Look at the case again: the twin does what was done, and all is compared."""
        before, self.now = self.now, self._look()
        self.twin.follow()
        self.now.compare()
        if (self.now.guard, self.now.status) != (before.guard, before.status):
            assert len(self.now.events) > len(before.events), "nothing moves without an event"

    @property
    def runs(self) -> bool:
        return self.now.status is InstanceStatus.RUNNING

    # -- acts ------------------------------------------------------------------------------------

    def play(self, acts: list[int]) -> None:
        """Do what the numbers say, then whatever is left until the case has ended."""
        for number in acts:
            if self.runs:
                self.act(number)
        self.sane, most = True, self.acts + MOST_ACTS
        while self.runs and self.acts < most:
            self.go_on(Random(self.acts).randrange(2**16))
        if self.runs:  # some go round in circles
            self._do("cancel", 0)
        assert not self.runs
        self.now.compare_whole()

    def act(self, number: int) -> None:
        """Do one of all that can be tried."""
        names = [name for name, many in self.known.items() if self._can(name) for _ in range(many)]
        self._do(names[number % len(names)], number // len(names))

    def _can(self, name: str) -> bool:
        """Tell whether an act has anything to be done to; it may be refused all the same."""
        now = self.now
        needed: dict[str, object] = {
            "complete": now.open,
            "claim": now.open,
            "withdraw": now.row.undo_state,
            "send_back": self._returnable(),
            "amend": [one for one in now.tasks if one.state is TaskState.COMPLETED],
            "next": now.timers,
            "jobs": now.jobs,
            "ask_again": now.jobs,
            "retry": now.incidents,
            "correct": now.incidents,
        }
        return bool(needed.get(name, True))

    def _returnable(self) -> list[Task]:
        step = self.version.definition.step
        return [one for one in self.now.tasks if one.state is TaskState.OPEN and step(one.element).return_to]

    def go_on(self, number: int) -> None:
        """Do one of what leads on; where nothing does, the owner gives the case up."""
        self._do("worker", number)
        if not self.runs:
            return
        for name in ("correct", "retry"):
            if self.runs and self.now.incidents:
                self._do(name, number)
        tried = self.acts
        for name, can in (("complete", self.now.open), ("next", self.now.timers), ("jobs", self.now.jobs)):
            if self.runs and can:
                self._do(name, number)
        if self.runs and self.acts == tried:
            self._do("cancel" if number % 20 == 0 else "speak", number // 20)

    def _do(self, name: str, number: int) -> None:
        self.office = replace(self.office, engine=afresh(self.office.engine))
        self.acts += 1
        before, how = self.now, ""
        try:
            getattr(self, f"_{name}")(number)
        except AlurError as refused:
            how = f": {type(refused).__name__}"
        self.follow()
        DONE[name + (how or (" without effect" if self.now.row == before.row else ""))] += 1

    def _chosen(self, number: int, *states: TaskState) -> Task | None:
        found = [one for one in self.now.tasks if one.state in states]
        return found[-1 - number % len(found)] if found else None

    def _complete(self, number: int) -> None:
        task = self._chosen(number, TaskState.OPEN)
        if task is not None:
            breaks = not self.sane and self._shares_w(task) and number % 2  # what is fragile
            fields = {"n": str(number % 9), "s": str(0 if breaks else number // 3 % 4 + 1)}
            self.office.complete_task(task.id, WHO, fields)

    def _shares_w(self, task: Task) -> bool:
        return self.version.definition.step(task.element).form_key == "w"

    def _claim(self, number: int) -> None:
        task = self._chosen(number, TaskState.OPEN)
        if task is not None:
            tending.claim(self.office.engine, self.office.people[WHO], task.id)

    def _withdraw(self, number: int) -> None:
        done = [one for one in self.now.tasks if one.state is TaskState.COMPLETED]
        done.sort(key=lambda one: one.completed_at or one.opened_at)
        if done:
            withdrawal.withdraw(
                self.office.engine, self.office.people[WHO], done[-1 - number % 2 % len(done)].id
            )

    def _send_back(self, number: int) -> None:
        can = self._returnable()
        if can:
            task, who = can[number % len(can)], self.office.people[WHO]
            to = self.version.definition.step(task.element).return_to
            returns.send_back(self.office.engine, who, task.id, to[number // 3 % len(to)], "Keliru", new_id())

    def _amend(self, number: int) -> None:
        task = self._chosen(number, TaskState.COMPLETED)
        if task is not None:
            fields = raw({"n": str(number % 7), "s": str(number // 4 % 5)})
            amended = amendments.Amendment(fields=fields, reason="Keliru", attempt=new_id())
            amendments.amend(self.office.engine, self.office.people[WHO], task.id, amended)

    def _worker(self, number: int) -> None:
        """Let time pass, and the worker do what is due."""
        self.office.clock.move(timedelta(hours=number % 31))
        worker.fire_due(self.office.engine)
        worker.deliver_due(self.office.engine)

    def _next(self, _number: int) -> None:
        """Let the time come of what is due next."""
        due = sorted(one for one in self.now.next_tries)
        if due:
            self.office.clock.set(max(due[0], self.office.clock.now()))
        worker.fire_due(self.office.engine)

    def _jobs(self, number: int) -> None:
        """Let the connectors be called; some fail once, some for good."""
        code = ("W", "X")[number // 5 % 2]
        busy, gone = CallFailed("Busy", code=code), CallFailed("No", code=code, final=True)
        self.post.answers = [(busy, gone, {"n": number % 5})[number % 3]]
        self.office.clock.move(timedelta(minutes=number % 90))
        Calls(self.office.engine).do_one()
        self.post.answers = []

    def _speak(self, number: int) -> None:
        """Let something come from outside: a message, or a signal that another case throws."""
        channel, name = self._awaited(number)
        if channel == Channel.MESSAGE:
            key = {"key": self.now.number} if number // 2 % 3 else {}
            body = {"id": new_id().hex, "name": name, "data": {"n": number % 5}} | key
            messages.receive(self.office.engine, self.token, messages.read_incoming(body))
            return
        other = self.office.start(key="radio", knowingly=True)
        assert other.first_task is not None
        self.office.complete_task(other.first_task, WHO, {"n": "1", "s": name[-1]})
        worker.deliver_due(self.office.engine)

    def _awaited(self, number: int) -> tuple[str, str]:
        """Choose what to say: something that is waited for, or astray anything at all."""
        waits = sorted(set(self.now.waits.values()) - (self.now.begins if self.sane else set()))
        if waits and (self.sane or number % 5):
            return waits[number % len(waits)]
        if number % 2:
            return Channel.MESSAGE, f"message {number // 2 % MESSAGES}"
        return Channel.SIGNAL, f"signal {number // 2 % SIGNALS}"

    def _ask_again(self, number: int) -> None:
        if self.now.jobs:
            job = sorted(self.now.job_ids)[number % len(self.now.job_ids)]
            job_retries.retry(self.office.engine, self.office.people[ADMIN], job)

    def _incident(self, number: int) -> Incident | None:
        found = self.now.incidents
        return found[number % len(found)] if found else None

    def _retry(self, number: int) -> None:
        one = self._incident(number)
        if one is not None:
            incidents.retry(self.office.engine, self.office.people[ADMIN], one.id)

    def _correct(self, number: int) -> None:
        one = self._incident(number)
        if one is None or not one.names:
            return
        names = ["w"] if self.sane and "w" in one.names else sorted(one.names)
        name = names[-1 - number // 7 % len(names)]
        with self.office.engine.store.reading() as connection:
            row = instance_rows.load(connection, self.id, None)
        assert row is not None
        old = self.office.engine.runner.known_at(row.saved, key_of(one)).get(name)
        correction = Correction(
            path=(name,),
            kind=ValueKind.NUMBER,
            text=str(number % 3 + self.sane),
            reason="Keliru",
            seen=digest_of(old),
        )
        corrections.correct(self.office.engine, self.office.people[ADMIN], one.id, correction)

    def _cancel(self, _number: int) -> None:
        cancellation.cancel(self.office.engine, self.office.people[OWNER], self.id, "Batal")


ACTS = {
    "complete": 12, "withdraw": 8, "send_back": 8, "amend": 3, "claim": 1, "worker": 3, "next": 3, "jobs": 4,
    "speak": 3, "ask_again": 2, "retry": 2, "correct": 3,
}  # fmt: skip
Acting.known = ACTS


def clear(office: Office) -> None:
    """Take away what cases leave for others: the next play begins as the first one did."""
    with office.engine.store.transaction() as connection:
        connection.execute(delete(tables.message))
        connection.execute(delete(tables.data_store))
