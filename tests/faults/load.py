"""An office under load: people and programs at the web, timers that come due, calls of service tasks."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from queue import Empty
from typing import Any
from uuid import UUID

from engine.actions.api_tokens import issue_token
from engine.actions.offices import operator
from engine.clock import Clock
from engine.ids import new_id
from engine.model.task import TaskState
from engine.storage import instances
from tests.faults.agenda import Agenda
from tests.faults.clerk import Caller, Clerk, Program
from tests.faults.errands import WAYS, Act, Errand, Step
from tests.listening import Post
from tests.live import Server
from tests.offices import Office

PATIENCE = 240.0  # seconds for the load to go on
BEFORE = timedelta(days=4)  # cases with timers are so old: all of those are due
ON_DESK = 25  # errands of the clerk with whom every case begins
TIMED = 4  # cases whose timers are due, each time
MOST_TIMED = 200


def how_many(name: str, usually: int) -> int:
    """Read how many faults a run is to have; ``make faults`` asks for many."""
    return int(os.environ.get(f"ALUR_TEST_{name}", usually))


@dataclass(frozen=True)
class Begun:
    """A case of the load."""

    id: UUID
    key: str
    year: int


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
        """Let cases go on, have more begun, and some whose timers are due."""
        self._go_on()
        if len(self.timed) < MOST_TIMED:
            self.timed += islice(self.with_timers(BEFORE), TIMED)
        lacking = max(0, ON_DESK - self.callers["joko"].on_desk)
        for key, way in islice(self._ways, lacking):
            case = Begun(id=new_id(), key=key, year=next(self._years))
            self.cases[case.id] = case
            self._lay_down(case, way)

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
        content: dict[str, Any] = dict(step.fields)
        if step.act is Act.START:
            year = str(case.year)  # whoever starts a case is asked about those of its year
            content = {"year": year, "knowingly": year}
            address = f"/library/{case.key}/cases/new"
            return Errand(
                case=case.id, step=step, address=address, content=content, rest=rest, attempt=case.id
            )
        if step.act is Act.MESSAGE:
            content = {"name": "Balasan", "key": self.number_of(case), "data": {"isi": case.id.hex}}
            return Errand(case=case.id, step=step, address="/api/messages", content=content)
        wanted = TaskState.COMPLETED if step.act is Act.AMEND else TaskState.OPEN
        fitting = [
            one for one in self.office.tasks(case.id) if (one.element, one.state) == (step.element, wanted)
        ]
        assert fitting, f"{case}: what was acknowledged did not lead to {step.element}"
        if step.element == "menulis":
            agenda = f"http://{self.agenda.place}/{case.id.hex}"
            content |= {"perihal": self.number_of(case), "agenda": agenda}
        address = f"/tasks/{fitting[-1].id.hex}/{step.act}"
        return Errand(case=case.id, step=step, address=address, content=content, rest=rest)

    def number_of(self, case: Begun) -> str:
        """Read the number of a case that was started."""
        with self.office.engine.store.reading() as connection:
            found = instances.load(connection, case.id, None)
        assert found is not None, f"{case}: acknowledged, and not there"
        return found.number
