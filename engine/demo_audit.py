"""Play the audit of the demo cases: questions, findings and samples, by the same actions as everybody.

A story's ``audit`` is a list of acts: ``{"do": "ask", "by": "auditor", "at": [8, 60], …}``. ``about`` names a
case by its title, and an event of it by kind, element and round. What follows an act that made something is
done to that: ``reply`` to the question, ``review`` to the finding, ``conclude`` to the sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.actions import finding_answers, findings, inquiries, sample_notes, samples
from engine.actions.findings import FindingForm
from engine.actions.inquiries import InquiryForm
from engine.actions.instances import Started
from engine.actions.sample_notes import CaseNote
from engine.actions.samples import SampleForm
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_cases import Cast, instant
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.assignment import Coverage
from engine.model.sampling import Verdict
from engine.storage import findings as finding_rows
from engine.storage import samples as sample_rows
from engine.storage.events import stream_events

_PARTS = ("title", "condition", "criteria", "cause", "effect", "recommendation")


class Audit:
    """What auditors do with the cases of a story, and what the office says to it."""

    made: UUID

    def __init__(self, engine: Engine, cast: Cast, letter: Coverage, cases: Mapping[str, Started]) -> None:
        """Give the auditors their letter; ``cases`` are those of the story, by title."""
        actors = {name: replace(one, coverage=(letter,)) for name, one in cast.actors.items()}
        self.engine, self.cast, self.letter, self.cases = engine, replace(cast, actors=actors), letter, cases
        self.acts: dict[str, Callable[[Mapping[str, Any]], object]] = {
            "ask": self.ask,
            "reply": lambda act: inquiries.answer(engine, self.by(act), self.made, act["text"]),
            "write": self.write,
            "review": lambda act: findings.review(engine, self.by(act), *self.finding),
            "deliver": lambda act: findings.deliver(engine, self.by(act), *self.finding),
            "answer": lambda act: finding_answers.answer(engine, self.by(act), *self.finding, act["text"]),
            "draw": self.draw,
            "conclude": self.conclude,
        }

    def play(self, clock: SetClock, acts: list[Mapping[str, Any]], now: datetime) -> None:
        """Play the acts, one after the other; none lies after ``now``."""
        calendar, latest = self.engine.calendar_of(self.cast.office), now - timedelta(minutes=1)
        for before, act in zip([None, *acts], acts, strict=False):
            at = instant(calendar, latest, act["at"])
            clock.set(max(at, clock.now() + timedelta(seconds=1)) if before else at)
            self.acts[act["do"]](act)

    def by(self, act: Mapping[str, Any]) -> Actor:
        """Give who acts."""
        return self.cast.actors[act["by"]]

    @property
    def finding(self) -> tuple[UUID, int]:
        """Give the newest finding, and which revision of it."""
        with self.engine.store.reading() as connection:
            found = finding_rows.load(connection, self.cast.office, self.made)
        assert found is not None  # noqa: S101 - it was just written
        return found.id, found.revision

    def seq(self, about: Mapping[str, Any]) -> int:
        """Give the number of the event that an act is about."""
        with self.engine.store.reading() as connection:
            events = stream_events(connection, self.cases[about["case"]].instance)
        wanted = (about["kind"], about["element"], about["round"])
        return next(one.seq for one in events if (one.kind, one.element, one.round) == wanted)

    def ask(self, act: Mapping[str, Any]) -> None:
        """Ask somebody of the office about a case."""
        case = self.cases[act["about"]["case"]].instance
        form = InquiryForm(
            attempt=new_id(),
            to=self.cast.people[act["to"]],
            question=act["text"],
            seq=self.seq(act["about"]),
            assignment=self.letter.assignment,
        )
        self.made = inquiries.ask(self.engine, self.by(act), case, form)

    def write(self, act: Mapping[str, Any]) -> None:
        """Draft a finding."""
        lines = [f"{self.cases[one['case']].number} #{self.seq(one)}" for one in act["about"]]
        form = FindingForm(
            cases="\n".join(lines),
            figures="\n".join(act.get("figures", ())),
            **{part: act[part] for part in _PARTS},
        )
        self.made = findings.draft(self.engine, self.by(act), self.letter.assignment, form)

    def draw(self, act: Mapping[str, Any]) -> None:
        """Draw a sample."""
        form = SampleForm(title=act["title"], size=act["size"], seed=act["seed"])
        self.made = samples.take(self.engine, self.by(act), self.letter.assignment, form)

    def conclude(self, act: Mapping[str, Any]) -> None:
        """Note every case of the sample, those with something to say by their title; then conclude it."""
        said = {self.cases[title].instance: note for title, note in act["exceptions"].items()}
        notes = [
            CaseNote(
                place=case.place,
                revision=case.revision,
                verdict=Verdict.EXCEPTION if case.instance in said else Verdict.IN_ORDER,
                text=said.get(case.instance, act["note"]),
            )
            for case in self._drawn()
        ]
        sample_notes.save(self.engine, self.by(act), self.made, notes)
        with self.engine.store.reading() as connection:
            found = sample_rows.load(connection, self.cast.office, self.made)
        assert found is not None  # noqa: S101 - it was just drawn
        samples.conclude(self.engine, self.by(act), self.made, found.revision, act["text"])

    def _drawn(self) -> list[sample_rows.SampleCase]:
        with self.engine.store.reading() as connection:
            return sample_rows.cases_of(connection, self.made)
