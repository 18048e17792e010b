"""Play one demo case: what people did with it, act by act, through the same actions as everybody.

An act is ``{"do": "complete", "element": …, "by": …, "after": minutes, "fields": {…}, "files": {…}}``;
``after`` are working minutes since the act before. In fields, ``@kasub`` is a person of the demo,
``#Bidang …`` a unit, ``+3`` after ``day:`` the third working day from then; a list of objects is a
table.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from engine.actions import completion, documents, drafts, instances, tasks
from engine.actions.completion import Completion
from engine.actions.drafts import Upload
from engine.actions.instances import NewCase
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_paper import paper
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.task import Task, TaskState
from engine.storage import tasks as task_rows

_MORNING = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The office and who plays in it, by sign-in name; its units by name."""

    office: UUID
    actors: Mapping[str, Actor]
    people: Mapping[str, UUID]
    units: Mapping[str, UUID]


def play(engine: Engine, clock: SetClock, cast: Cast, key: str, story: Mapping[str, Any], now: datetime) -> None:
    """Work one case from its beginning; its last act never lies after ``now``."""
    stage = _Stage(engine, clock, cast, now)
    clock.set(stage.begin(story["working_days_ago"]))
    new = NewCase(key=key, year=story["year"], title=story.get("title", ""), attempt=new_id(), knowingly=True)
    stage.instance = instances.start(engine, cast.actors[story["by"]], new).instance
    for act in story["acts"]:
        stage.move(act.get("after", 5))
        stage.acts[act.get("do", "complete")](act)


class _Stage:
    """One case while it is played."""

    instance: UUID

    def __init__(self, engine: Engine, clock: SetClock, cast: Cast, now: datetime) -> None:
        self.engine, self.clock, self.cast, self.now = engine, clock, cast, now
        self.calendar = engine.calendar_of(cast.office)
        self.acts: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "complete": self.complete,
            "claim": lambda act: tasks.claim(engine, self.by(act), self.open(act).id),
            "see": lambda act: tasks.see(engine, self.by(act), self.open(act).id),
            "assign": lambda act: tasks.assign(engine, self.by(act), self.open(act).id, cast.people[act["to"]]),
            "prepare": lambda act: tasks.ask_preparation(
                engine, self.by(act), self.open(act).id, cast.people[act["to"]]
            ),
            "pause": lambda act: tasks.pause(engine, self.by(act), self.open(act).id, act["reason"]),
            "resume": lambda act: tasks.resume(engine, self.by(act), self.open(act).id),
            "comment": lambda act: documents.comment(
                engine, self.by(act), self.open(act).id, act["text"], new_id()
            ),
            "draft": self.draft,
        }

    def begin(self, days: int) -> datetime:
        """Give an hour after the start of work, so many working days before now."""
        day = self.calendar.local(self.now).date()
        while days or not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
            days -= 1 if self.calendar.is_working_day(day) and days else 0
        return self.calendar.start_of_day(day) + _MORNING

    def move(self, minutes: int) -> None:
        """Let working minutes pass, but never beyond now."""
        self.clock.set(min(self.calendar.add_minutes(self.clock.now(), minutes), self.now - timedelta(seconds=30)))

    def by(self, act: Mapping[str, Any]) -> Actor:
        """Give who acts."""
        return self.cast.actors[act["by"]]

    def open(self, act: Mapping[str, Any]) -> Task:
        """Find the open task of the act's element."""
        with self.engine.store.reading() as connection:
            found = task_rows.of_instance(connection, self.instance)
        return next(
            one for one in found if one.element == act["element"] and one.state is TaskState.OPEN
        )

    def complete(self, act: Mapping[str, Any]) -> None:
        """Open, stage the files, complete."""
        actor, task = self.by(act), self.open(act)
        tasks.see(self.engine, actor, task.id)
        fields = self.fields(act)
        self.stage(act, actor, task, fields)
        completion.complete(self.engine, actor, task.id, Completion(fields=fields, attempt=new_id()))

    def draft(self, act: Mapping[str, Any]) -> None:
        """Fill part of the form and save it by hand."""
        actor, task = self.by(act), self.open(act)
        drafts.save(self.engine, actor, task.id, self.fields(act), by_hand=True)

    def stage(self, act: Mapping[str, Any], actor: Actor, task: Task, fields: Mapping[str, list[str]]) -> None:
        """Upload the act's files: each is a page that says what it is."""
        for field, title in act.get("files", {}).items():
            upload = Upload(field=field, filename=f"{title}.pdf", stream=io.BytesIO(paper(title)))
            drafts.stage(self.engine, actor, task.id, upload, fields)

    def fields(self, act: Mapping[str, Any]) -> dict[str, list[str]]:
        """Write the act's fields as a browser would send them."""
        return dict(self._sent(act.get("fields", {}), ""))

    def _sent(self, values: Mapping[str, Any], before: str) -> Iterator[tuple[str, list[str]]]:
        for name, value in values.items():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                for index, row in enumerate(value):
                    yield from self._sent(row, f"{before}{name}.{index}.")
            else:
                texts = value if isinstance(value, list) else [value]
                yield before + name, [self._text(text) for text in texts]

    def _text(self, text: str) -> str:
        if text.startswith("@"):
            return self.cast.people[text[1:]].hex
        if text.startswith("#"):
            return self.cast.units[text[1:]].hex
        if text.startswith("day:"):
            day, _, rest = text.removeprefix("day:").partition(" ")
            return f"{self._day(int(day)):%d-%m-%Y} {rest}".strip()
        return text

    def _day(self, days: int) -> date:
        today = self.calendar.local(self.clock.now()).date()
        if days <= 0:
            return today
        return next(islice(self.calendar.working_days_after(today), days - 1, None))
