"""An office under load: people and programs at the web, timers that come due, calls of service tasks."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import UUID

from engine.actions.api_tokens import issue_token
from engine.actions.offices import operator
from engine.clock import Clock, SetClock
from engine.connectors.email import MailServer
from engine.connectors.registry import Outgoing
from engine.model.task import TaskState
from engine.opening import Places, open_engine
from tests.faults.agenda import Agenda, agenda
from tests.faults.clerk import Caller, Clerk, Program
from tests.faults.errands import WAYS, Act, Errand, Step
from tests.listening import Post, post
from tests.live import Server
from tests.offices import SAMPLES, Office, furnish

PATIENCE = 90.0  # seconds for the load to go on
BEFORE = timedelta(days=4)  # cases with timers are so old: all of those are due
ON_DESK = 25  # errands of the clerk with whom every case begins
TIMED = 4  # cases whose timers are due, each time
MOST_TIMED = 200
SENDER = "alur@contoh.go.id"


def how_many(name: str, usually: int) -> int:
    """Read how many faults a run is to have; ``make faults`` asks for many."""
    return int(os.environ.get(f"ALUR_TEST_{name}", usually))


@dataclass(frozen=True)
class Begun:
    """A case of the load."""

    id: UUID
    number: str
    key: str
    way: Sequence[Step]


@dataclass
class Load:
    """An office, the processes that serve it, who works in it, and whom its service tasks call."""

    office: Office
    web: Server
    workers: tuple[Server, Server]
    agenda: Agenda
    post: Post
    callers: dict[str, Caller] = field(default_factory=dict)
    cases: dict[UUID, Begun] = field(default_factory=dict)
    timed: list[UUID] = field(default_factory=list)  # cases with timers
    _ways: Iterator[tuple[str, Sequence[Step]]] = field(default_factory=lambda: cycle(WAYS))
    _years: Iterator[int] = field(default_factory=lambda: cycle(range(2001, 2100)))

    def begin(self) -> None:
        """Start the processes, and those who do what is laid on their desks."""
        self.web.start()
        for worker in self.workers:
            worker.start()
        token = issue_token(self.office.engine, operator(self.office.id), "e-surat", timedelta(days=30))
        site = self.web.address
        self.callers = {
            "joko": Clerk(site, self.office, "joko"),
            "rina": Clerk(site, self.office, "rina"),
            "e-surat": Program(site, token),
        }
        self.top_up()
        for caller in self.callers.values():
            caller.start()

    @property
    def clerks(self) -> list[Caller]:
        """Give those who are at work all the time; a message is sent for some cases only."""
        return [self.callers["joko"], self.callers["rina"]]

    def top_up(self) -> None:
        """Let cases go on, begin more, and some whose timers are due.

        All are begun before any is laid down: the clerks work faster than cases are begun here.
        """
        self._go_on()
        if len(self.timed) < MOST_TIMED:
            self.timed += islice(self.with_timers(BEFORE), TIMED)
        lacking = max(0, ON_DESK - self.callers["joko"].on_desk)
        begun = [self._begin(key, way) for key, way in islice(self._ways, lacking)]
        for case in begun:
            self._lay_down(case, case.way)

    def wait_for(self, more: int) -> float:
        """Let so many acts be acknowledged to each clerk; gives the seconds it took."""
        began = time.monotonic()
        wanted = [len(clerk.acknowledged) + more for clerk in self.clerks]
        while any(len(clerk.acknowledged) < many for clerk, many in zip(self.clerks, wanted, strict=True)):
            self._go_on()
            if self.callers["joko"].on_desk < more:
                self.top_up()
            assert time.monotonic() < began + PATIENCE, self.refused[:1]
            time.sleep(0.005)
        return time.monotonic() - began

    def come_to_end(self) -> None:
        """Let every case that was begun go its way to the end, then nobody sends anything any more."""
        deadline = time.monotonic() + PATIENCE
        while self._go_on() or not all(caller.is_idle for caller in self.callers.values()):
            assert time.monotonic() < deadline, "the load does not come to its end"
            time.sleep(0.005)
        self.end()

    def end(self) -> None:
        """Let everybody stop."""
        for caller in self.callers.values():
            caller.end()

    def close(self) -> None:
        """End all processes, and let go of the database."""
        self.end()
        for server in (self.web, *self.workers):
            server.kill()
        self.office.engine.close()

    @property
    def acknowledged(self) -> dict[UUID, Errand]:
        """Give every errand that was acknowledged, by its attempt."""
        return {
            one: errand
            for caller in self.callers.values()
            for one, errand in dict(caller.acknowledged).items()
        }

    @property
    def refused(self) -> list[str]:
        """Give what was answered otherwise."""
        return [said for caller in self.callers.values() for said in caller.refused]

    @property
    def sent_again(self) -> int:
        """Count how often somebody got no answer."""
        return sum(caller.sent_again for caller in self.callers.values())

    @property
    def cut(self) -> int:
        """Count the requests that were on their way when the web went."""
        return sum(caller.cut for caller in self.callers.values())

    def figures(self) -> dict[str, object]:
        """Count what was acknowledged, by kind, and what was sent again."""
        acts = sum((caller.acts() for caller in self.callers.values()), Counter[str]())
        return {
            "cases": len(self.cases),
            "acknowledged": f"{acts.total()} ({', '.join(f'{acts[act]} {act}s' for act in Act)})",
            "sent_again": f"{self.sent_again} ({self.cut} cut on their way)",
        }

    def with_timers(self, before: timedelta) -> Iterator[UUID]:
        """Start cases of *laporan*, as if so long ago."""
        for year in self._years:  # whoever starts a case is asked about those of its year
            self.office.clock.set(Clock().now() - before)
            case = self.office.start(key="laporan", year=year, knowingly=True).instance
            self.office.complete(case, "meminta", "joko", {})
            self.office.clock.set(Clock().now())
            yield case

    def _begin(self, key: str, way: Sequence[Step]) -> Begun:
        self.office.clock.set(Clock().now())
        started = self.office.start(key=key, year=next(self._years), knowingly=True)
        case = Begun(id=started.instance, number=started.number, key=key, way=way)
        self.cases[case.id] = case
        return case

    def _go_on(self) -> bool:
        """Lay down what follows on what was acknowledged; tells whether there was anything."""
        any_done = False
        for caller in self.callers.values():
            with suppress(Empty):
                while True:
                    errand = caller.done.get_nowait()
                    any_done = True
                    self._lay_down(self.cases[errand.case], errand.rest)
        return any_done

    def _lay_down(self, case: Begun, steps: Sequence[Step]) -> None:
        """Lay down the next act; a message holds up nothing."""
        for place, step in enumerate(steps, 1):
            alone = step.act is Act.MESSAGE
            errand = self._errand(case, step, () if alone else tuple(steps[place:]))
            self.callers[step.by].lay_down(errand)
            if not alone:
                return

    def _errand(self, case: Begun, step: Step, rest: tuple[Step, ...]) -> Errand:
        if step.act is Act.MESSAGE:
            content: Mapping[str, Any] = {"name": "Balasan", "key": case.number, "data": {"isi": case.id.hex}}
            return Errand(case=case.id, step=step, address="/api/messages", content=content)
        wanted = TaskState.COMPLETED if step.act is Act.AMEND else TaskState.OPEN
        fitting = [
            one for one in self.office.tasks(case.id) if (one.element, one.state) == (step.element, wanted)
        ]
        assert fitting, f"{case}: what was acknowledged did not lead to {step.element}"
        about = {"perihal": case.number, "agenda": f"http://{self.agenda.place}/{case.id.hex}"}
        content = {**step.fields, **(about if step.element == "menulis" else {})}
        address = f"/tasks/{fitting[-1].id.hex}/{step.act}"
        return Errand(case=case.id, step=step, address=address, content=content, rest=rest)


@contextmanager
def load_of(database: str, folder: Path) -> Iterator[Load]:
    """Furnish an office at the present time, on the disk that its processes will read; nothing runs yet."""
    with agenda() as called, post() as box:
        made = _furnished(database, folder / "var", called, box)
        try:
            yield made
        finally:
            made.close()


def _furnished(database: str, var: Path, called: Agenda, box: Post) -> Load:
    mail = MailServer(host="127.0.0.1", port=box.port, sender=SENDER, security="none")
    places = Places(
        database=database,
        blobs=str(var / "blobs"),
        sandbox_workers=1,
        outgoing=Outgoing(http_hosts=(called.place,), mail=mail),
    )
    clock = SetClock(Clock().now() - BEFORE)
    engine = open_engine(places, clock)
    office = furnish(engine, clock, "kantor", *(SAMPLES / key for key in ("izin", "laporan", "edaran")))
    clock.set(Clock().now())
    settings = {
        "http_hosts": called.place,
        "smtp_host": mail.host,
        "smtp_port": str(mail.port),
        "smtp_security": mail.security,
        "smtp_from": mail.sender,
    }
    web, *workers = (
        Server(var, database=database, command=(command,), **settings)
        for command in ("web", "worker", "worker")
    )
    return Load(office=office, web=web, workers=(workers[0], workers[1]), agenda=called, post=box)
