"""Play one demo case: what people did with it, act by act, through the same actions as everybody.

A story has ``answers`` (per element: who, which fields and files) and cases. An act is
``{"element": …, "at": [3, 60]}``: the element is completed with its answer three working days ago, 60
working minutes into the day. An act may say ``do``, ``by``, ``fields`` or ``files`` of its own. In
fields ``@kasub`` is a person of the demo, ``#Bidang SD`` a unit, ``day:+3`` the third working day
from then, ``table:draft`` a table of the story; a list of objects is a table.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from engine.actions import completion, documents, drafts, instances, tasks
from engine.actions.amendments import Amendment, amend
from engine.actions.completion import Completion
from engine.actions.deployment import Package, deploy
from engine.actions.files import Upload
from engine.actions.instances import NewCase, Started
from engine.actions.offices import operator
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_moves import move_all
from engine.demo_paper import paper
from engine.errors import Forbidden
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.task import Task, TaskState
from engine.storage import tasks as task_rows


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The office and who plays in it, by sign-in name; its units by name."""

    office: UUID
    actors: Mapping[str, Actor]
    people: Mapping[str, UUID]
    units: Mapping[str, UUID]


def play(  # noqa: PLR0913, PLR0917 - the stage, and what is played on it
    engine: Engine,
    clock: SetClock,
    cast: Cast,
    package: Package,
    story: Mapping[str, Any],
    case: Mapping[str, Any],
    now: datetime,
) -> Started:
    """Work one case from its beginning; its last act never lies after ``now``.

    ``package`` is what the SOP consists of at last: an act ``revise`` puts it into the library.
    """
    stage = _Stage(engine, clock, cast, story, now)
    stage.package = package
    acts = [story["answers"].get(act.get("element"), {}) | act for act in case["acts"]]
    clock.set(stage.when(acts[0]) - timedelta(minutes=10))
    new = NewCase(
        key=package.key, year=case["year"], title=case.get("title", ""), attempt=new_id(), knowingly=True
    )
    started = instances.start(engine, cast.actors[case["by"]], new)
    stage.instance = started.instance
    for act in acts:
        clock.set(max(stage.when(act), clock.now() + timedelta(seconds=1)))
        stage.acts[act.get("do", "complete")](act)
    return started


def instant(calendar: WorkCalendar, latest: datetime, at: Sequence[int]) -> datetime:
    """Give an instant so many working days ago, so many working minutes into it; none after the latest."""
    days, minutes = at
    day = calendar.local(latest).date()
    while days or not calendar.is_working_day(day):
        days -= 1 if calendar.is_working_day(day) else 0
        day -= timedelta(days=1)
    return min(calendar.add_minutes(calendar.start_of_day(day), minutes), latest)


class _Stage:
    """One case while it is played."""

    instance: UUID
    package: Package

    def __init__(
        self, engine: Engine, clock: SetClock, cast: Cast, story: Mapping[str, Any], now: datetime
    ) -> None:
        self.engine, self.clock, self.cast, self.story = engine, clock, cast, story
        self.calendar = engine.calendar_of(cast.office)
        self.latest = now - timedelta(minutes=1)
        self.acts: dict[str, Callable[[Mapping[str, Any]], object]] = {
            "complete": self.complete,
            "claim": lambda act: tasks.claim(engine, self.by(act), self.open(act).id),
            "assign": lambda act: tasks.assign(
                engine, self.by(act), self.open(act).id, cast.people[act["to"]]
            ),
            "prepare": lambda act: tasks.ask_preparation(
                engine, self.by(act), self.open(act).id, cast.people[act["to"]]
            ),
            "pause": lambda act: tasks.pause(engine, self.by(act), self.open(act).id, act["reason"]),
            "resume": lambda act: tasks.resume(engine, self.by(act), self.open(act).id),
            "comment": lambda act: documents.comment(
                engine, self.by(act), self.open(act).id, act["text"], new_id()
            ),
            "draft": self.draft,
            "try": self.refused,
            "amend": self.amend,
            "revise": lambda _act: deploy(engine, operator(cast.office), self.package),
            "move": lambda act: move_all(engine, self.by(act), self.package, act["reason"]),
        }

    def when(self, act: Mapping[str, Any]) -> datetime:
        """Give the instant of an act."""
        return instant(self.calendar, self.latest, act["at"])

    def by(self, act: Mapping[str, Any]) -> Actor:
        """Give who acts."""
        return self.cast.actors[act["by"]]

    def open(self, act: Mapping[str, Any]) -> Task:
        """Find the open task of the act's element."""
        with self.engine.store.reading() as connection:
            found = task_rows.of_instance(connection, self.instance)
        return next(one for one in found if one.element == act["element"] and one.state is TaskState.OPEN)

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

    def refused(self, act: Mapping[str, Any]) -> None:
        """Try to take a task that is somebody else's: it stays where it is, and the attempt is on record."""
        with suppress(Forbidden):
            tasks.claim(self.engine, self.by(act), self.open(act).id)

    def amend(self, act: Mapping[str, Any]) -> None:
        """Correct what the element's last completion entered."""
        with self.engine.store.reading() as connection:
            found = task_rows.of_instance(connection, self.instance)
        done = [one for one in found if one.element == act["element"] and one.state is TaskState.COMPLETED]
        amendment = Amendment(fields=self.fields(act), reason=act["reason"], attempt=new_id())
        amend(self.engine, self.by(act), done[-1].id, amendment)

    def stage(
        self, act: Mapping[str, Any], actor: Actor, task: Task, fields: Mapping[str, list[str]]
    ) -> None:
        """Upload the act's files: each is a page that says what it is."""
        for field, title in act.get("files", {}).items():
            upload = Upload(field=field, filename=f"{title}.pdf", stream=io.BytesIO(paper(title)))
            drafts.stage(self.engine, actor, task.id, upload, fields)

    def fields(self, act: Mapping[str, Any]) -> dict[str, list[str]]:
        """Write the act's fields as a browser would send them."""
        return dict(self._sent(act.get("fields", {}), ""))

    def _sent(self, values: Mapping[str, Any], before: str) -> Iterator[tuple[str, list[str]]]:
        for name, given in values.items():
            value = given
            if isinstance(given, str) and given.startswith("table:"):
                value = self.story["tables"][given.removeprefix("table:")]
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
