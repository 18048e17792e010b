"""Rehearsals of drafts of any SOP, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.actions.process_drafts import start_draft
from engine.actions.rehearsal_acts import Act, Answer, Complete, MoveClock, Send, SendBack
from engine.actions.rehearsals import Beginning, start_rehearsal, step_back, take_step
from engine.ids import new_id
from engine.model.job import JobKey
from engine.model.rehearsal import Rehearsal, Stand
from engine.model.task import TaskKey
from engine.queries.rehearsal import rehearsal_page
from engine.storage import process_drafts, rehearsals
from engine.storage.transaction import Store
from tests.filling import filled
from tests.offices import Office, raw


@dataclass
class Rehearsing:
    """One rehearsal of a draft by somebody of the office."""

    office: Office
    draft: UUID
    by: str = "putu"

    @classmethod
    def of(cls, office: Office, key: str = "izin", by: str = "putu", **facts: Any) -> Rehearsing:
        """Draft the SOP's first version, and rehearse the draft."""
        made = cls(office, start_draft(office.engine, office.people[by], key, 1, new_id()), by)
        made.begin(**facts)
        return made

    def begin(self, **facts: Any) -> None:
        """Begin, in the place of what was rehearsed before."""
        before = self.kept
        facts.setdefault("attempt", new_id())
        facts.setdefault("replaces", before.id if before else None)
        beginning = Beginning(year=facts.pop("year", 2027), **facts)
        start_rehearsal(self.office.engine, self.office.people[self.by], self.draft, beginning)

    @property
    def store(self) -> Store:
        return self.office.engine.store

    @property
    def kept(self) -> Rehearsal | None:
        """Read it, where there is one."""
        person = self.office.people[self.by].person
        assert person is not None
        with self.store.reading() as connection:
            return rehearsals.load(connection, self.draft, person)

    @property
    def read(self) -> Rehearsal:
        """Read it."""
        found = self.kept
        assert found is not None
        return found

    @property
    def now(self) -> Stand:
        return self.read.now

    @property
    def open(self) -> list[str]:
        """Name the steps that are open."""
        return [one.key.element for one in self.now.tasks]

    @property
    def kinds(self) -> list[str]:
        """Name what happened, in its order."""
        return [line.kind for line in self.read.lines]

    def key(self, element: str) -> TaskKey:
        return next(one.key for one in self.now.tasks if one.key.element == element)

    def take(self, act: Act, revision: int | None = None) -> Stand:
        """Take a step; ``revision`` is that of the page it is taken from."""
        wanted = self.read.revision if revision is None else revision
        take_step(self.office.engine, self.office.people[self.by], self.draft, wanted, act)
        return self.now

    def complete(
        self, element: str, fields: Mapping[str, str | Sequence[str]] | None = None, *files: str
    ) -> Stand:
        """Complete an open task."""
        return self.take(Complete(key=self.key(element), fields=raw(fields or {}), pretended=files))

    def send_back(self, element: str, to: str) -> Stand:
        return self.take(SendBack(key=self.key(element), to=to))

    def later(self, **time: float) -> Stand:
        """Move the clock on; without a time to the next timer."""
        return self.take(MoveClock(by=timedelta(**time) if time else None))

    def answer(self, element: str, code: str = "", **result: Any) -> Stand:
        key: JobKey = next(one.key for one in self.now.jobs if one.key.element == element)
        return self.take(Answer(key=key, result=result, code=code))

    def send(self, name: str, **payload: Any) -> Stand:
        key = next(one.key for one in self.now.waits if one.name == name)
        return self.take(Send(key=key, payload=payload))

    def step_back(self) -> Stand:
        step_back(self.office.engine, self.office.people[self.by], self.draft, self.read.revision)
        return self.now

    def go_on(self, number: int = 0) -> None:
        """Do one of what leads on: a task, a job, a timer, or, where nothing else can, a message."""
        stand = self.now
        can: list[Act] = [self.completing(one.key, number) for one in stand.tasks]
        can += [Answer(key=one.key, result={"n": number, "body": {"nomor": number}}) for one in stand.jobs]
        can += [MoveClock()] if stand.timers else []
        can = can or [Send(key=one.key, payload={"n": number}) for one in stand.waits]
        self.take(can[number % len(can)])

    def completing(self, key: TaskKey, number: int = 0) -> Complete:
        """Fill the form of a task somehow."""
        with self.store.reading() as connection:
            draft = process_drafts.load(connection, self.office.id, self.draft)
        assert draft is not None
        page = rehearsal_page(
            self.office.engine, self.office.people[self.by], draft.key, self.draft, wanted=key
        )
        assert page.rehearsed is not None
        chosen = page.rehearsed.chosen
        assert chosen is not None
        calendar = self.office.engine.calendar_of(self.office.id)
        fields: Mapping[str, Sequence[str]] = {}
        if chosen.form is not None:
            fields = filled(chosen.form, chosen.raw, chosen.options, self.now.at, calendar, number)
        files = [*fields, *(slot.field for slot in chosen.slots)]
        return Complete(key=key, fields=fields, pretended=files)
