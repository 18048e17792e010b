"""Everything the page of one task shows, read in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.bpmn.workflow import variables_at
from engine.core import Engine
from engine.forms.definition import FormDefinition, Option
from engine.forms.display import Shown, show, typed_lines
from engine.model.actor import Actor
from engine.model.definition import Step
from engine.model.naming import post_and_name
from engine.model.task import Task, TaskState
from engine.queries.amendment import may_amend
from engine.queries.case_asked import is_last
from engine.queries.case_stops import Failed, failed_completion
from engine.queries.named import read_names
from engine.queries.steps_ahead import steps_ahead
from engine.queries.submissions import Place, Values, submissions
from engine.queries.task_documents import CaseDocument, Needed, documents_named, left_by, needed
from engine.queries.task_form import TaskForm, task_form
from engine.queries.task_return import SentBack, sent_back, steps_back
from engine.queries.task_review import Changed, ReviewNotes, changed, review_notes, reviewed_names
from engine.queries.task_stands import StepStand, step_stands
from engine.queries.task_subject import (
    ReviewedSop,
    TaskSubject,
    reviewed_sop,
    subject_with_warned,
    task_subject,
)
from engine.queries.tasks_seen import Rights, SeenTask, rights, see_task
from engine.storage import acknowledgements, drafts, office
from engine.storage.acknowledgements import Unread
from engine.storage.tables import comment, person, task
from engine.storage.versions import Version

_MOST_COMMENTS = 50


@dataclass(frozen=True, kw_only=True)
class Comment:
    """What somebody said about the case; ``author`` with post."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """The page of a task. ``names`` are those of the people around it, with their posts."""

    seen: SeenTask
    version: Version
    step: Step
    rights: Rights
    stands: tuple[StepStand, ...]
    needed: tuple[Needed, ...]
    comments: tuple[Comment, ...]
    names: Mapping[UUID, str]
    came_from: str  # role of who handed the case on, empty for the first step
    assignees: tuple[Option, ...]  # whom it can be assigned to
    preparers: tuple[Option, ...]
    form: TaskForm | None = None  # where the actor may fill it
    failed: Failed | None = None  # it was tried to complete it, and the process could not go on
    is_last: bool = False  # nothing else of the case is open: where its step leads to an end, the case ends
    may_amend: bool = False  # correct what was sent
    ahead: frozenset[str] | None = None  # elements of the steps that the case can still come to
    back_to: tuple[Step, ...] = ()  # steps that the case can be sent back to
    sent_back: SentBack | None = None  # the return that opened it, or that closed it
    notes: ReviewNotes | None = None
    changed: Changed | None = None
    submitted: tuple[Shown, ...] = ()  # of a completed task
    left: tuple[CaseDocument, ...] = ()
    unread: Unread | None = None  # what the actor is to read before working on it
    subject: TaskSubject | None = None  # the revision that the case decides on
    reviewed: ReviewedSop | None = None  # the SOP that it monitors or evaluates
    typed: tuple[tuple[str, str], ...] = ()  # label and text of what the actor typed and may no longer send

    @property
    def task(self) -> Task:
        """Give the task itself."""
        return self.seen.task


def task_page(engine: Engine, actor: Actor, task_id: UUID, draft: str = "") -> TaskPage:
    """Read the page of a task the actor may see; NotFound for any other.

    ``draft`` is the key of the draft its form is filled from, where there are several.
    """
    with engine.store.reading() as connection:
        seen = see_task(connection, actor, task_id)
        version = engine.versions.get(seen.task.version)
        page = _Reader(engine, connection, actor, seen, version).page(draft)
    return replace(page, subject=page.subject and subject_with_warned(engine, page.subject))


class _Reader:
    """One snapshot, with what several parts of the page need."""

    def __init__(
        self, engine: Engine, connection: Connection, actor: Actor, seen: SeenTask, version: Version
    ) -> None:
        self.engine, self.connection, self.actor = engine, connection, actor
        self.seen, self.version, self.task = seen, version, seen.task
        self.step = version.definition.step(seen.task.element)
        self.variables: dict[str, Any] = variables_at(seen.state or "", seen.task.key)

    def page(self, draft: str) -> TaskPage:
        """Read all of it."""
        allowed = rights(self.connection, self.actor, self.seen, self.step)
        names = {*(one.name for one in self.step.inputs), *(one.name for one in self.step.outputs)}
        reviews = reviewed_names(self.version)
        found = documents_named(self.connection, self.task.instance, [*names, *reviews])
        is_open = self.task.state is TaskState.OPEN
        form = self.version.form_of(self.step)
        reviewed = found.get(form.decision.decision, []) if form and form.decision else []
        assignees, preparers = self._colleagues(allowed)
        return TaskPage(
            seen=self.seen,
            version=self.version,
            step=self.step,
            rights=allowed,
            stands=step_stands(self.connection, self.task.instance, self.version),
            needed=needed(self.step, found, self._shown_of(found)) if is_open else (),
            comments=self._comments(),
            names=self._names(),
            came_from=self._came_from(),
            assignees=assignees,
            preparers=preparers,
            form=self._form(found, draft) if allowed.draft else None,
            failed=failed_completion(self.connection, self.task) if is_open else None,
            is_last=is_open and self._is_last(),
            may_amend=form is not None and not is_open and may_amend(self.connection, self.actor, self.seen),
            ahead=steps_ahead(self.engine, self.version, self.seen.state) if is_open else None,
            back_to=self._back_to() if allowed.work else (),
            sent_back=sent_back(self.connection, self.version.definition, self.task),
            notes=self._notes(found) if is_open else None,
            changed=self._changed(reviewed) if is_open else None,
            submitted=() if is_open or form is None else self._submitted(form),
            left=() if is_open else left_by(self.connection, self.task),
            unread=self._unread() if allowed.work else None,
            reviewed=self._reviewed() if is_open else None,
            subject=self._subject() if is_open else None,
            typed=() if allowed.draft or form is None else self._typed(form),
        )

    def _subject(self) -> TaskSubject | None:
        return task_subject(self.engine, self.connection, self.actor, self.version, self.task)

    def _reviewed(self) -> ReviewedSop | None:
        return reviewed_sop(self.engine, self.connection, self.actor, self.version, self.task)

    def _unread(self) -> Unread | None:
        version = self.seen.unread
        if version is None:
            return None
        steps = self.engine.versions.get(version).definition.steps
        if not any(self.actor.holds(one.role) for one in steps):
            return None
        return acknowledgements.unread(self.connection, version)

    def _is_last(self) -> bool:
        ends = any(way.ends for way in self.step.next)
        return ends and is_last(self.connection, self.task, self.version.definition)

    def _back_to(self) -> tuple[Step, ...]:
        return steps_back(self.connection, self.version.definition, self.step, self.task)

    def _notes(self, found: Mapping[str, Sequence[CaseDocument]]) -> ReviewNotes | None:
        return review_notes(self.connection, self.version, self.seen, self.variables, found)

    def _changed(self, reviewed: Sequence[CaseDocument]) -> Changed | None:
        if not reviewed:
            return None
        return changed(self.connection, self.version, self.seen, self.actor.person, reviewed)

    def _form(self, found: Mapping[str, Sequence[CaseDocument]], draft: str) -> TaskForm:
        return task_form(self.engine, self.connection, self.actor, self.seen, self.variables, found, draft)

    def _shown_of(self, found: Mapping[str, Sequence[CaseDocument]]) -> dict[int, tuple[Shown, ...]]:
        """Read what the needed documents say that were made from a form."""
        newest = [found[one.name][0] for one in self.step.inputs if found.get(one.name)]
        made = [one for one in newest if one.is_made]
        data = self._data_of([(one.element, one.round) for one in made])
        shown: dict[int, tuple[Shown, ...]] = {}
        for one in made:
            form = self.version.form_of(self.version.definition.step(one.element))
            values = data.get((one.element, one.round))
            if form is not None and values is not None:
                shown[one.no] = show(form, values, self._named(values), document=one.name)
        return shown

    def _named(self, values: object) -> dict[str, str]:
        return read_names(self.connection, self.task.office, values)

    def _data_of(self, places: Sequence[Place]) -> dict[Place, Values]:
        return submissions(self.connection, self.task.instance, places)

    def _typed(self, form: FormDefinition) -> tuple[tuple[str, str], ...]:
        """Read what the actor typed into a task that somebody else has or completed."""
        found = drafts.of_task(self.connection, self.task.id)
        mine = [one.fields for one in found if one.person == self.actor.person and one.fields]
        typed = [line for fields in mine for line in typed_lines(form, fields)]
        named = self._named([text for _label, texts in typed for text in texts])
        return tuple((label, ", ".join(named.get(text, text) for text in texts)) for label, texts in typed)

    def _submitted(self, form: FormDefinition) -> tuple[Shown, ...]:
        place = (self.task.element, self.task.round)
        values = self._data_of([place]).get(place)
        if values is None or self.task.state is not TaskState.COMPLETED:
            return ()
        return show(form, values, self._named(values))

    def _comments(self) -> tuple[Comment, ...]:
        rows = self.connection.execute(
            select(comment.c.at, comment.c.text, person.c.name, person.c.post)
            .join(person, person.c.id == comment.c.author)
            .where(comment.c.instance == self.task.instance)
            .order_by(comment.c.id.desc())
            .limit(_MOST_COMMENTS)
        ).all()
        return tuple(
            Comment(author=post_and_name(row.name, row.post), at=row.at, text=row.text)
            for row in reversed(rows)
        )

    def _names(self) -> dict[UUID, str]:
        one = self.task
        people = {one.assignee, one.delegated_by, one.prepared_by, one.completed_by, one.on_behalf_of}
        found = office.names_of(self.connection, {person for person in people if person is not None})
        return {id_: post_and_name(name, post) for id_, (name, post) in found.items()}

    def _came_from(self) -> str:
        """Find the role of who completed what led here, at the same instant."""
        before = select(task.c.role).where(
            task.c.instance == self.task.instance,
            task.c.completed_at == self.task.opened_at,
            task.c.id != self.task.id,
        )
        return self.connection.scalar(before.order_by(task.c.id.desc()).limit(1)) or ""

    def _colleagues(self, allowed: Rights) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
        if not (allowed.assign or allowed.prepare):
            return (), ()
        day = self.engine.calendar_of(self.task.office).local(self.engine.clock.now()).date()
        others = [
            (one, Option(value=one.id.hex, label=post_and_name(one.name, one.post)))
            for one in office.colleagues(self.connection, self.task.office, day)
            if one.id != self.actor.person
        ]
        roles = frozenset(self.step.delegable_to)
        assignees = tuple(option for one, option in others if allowed.assign and one.roles & roles)
        return assignees, tuple(option for _one, option in others if allowed.prepare)
