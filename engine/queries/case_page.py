"""One case: where it stands, who has it since when, what happened, and what it has gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.core import Engine
from engine.errors import Forbidden, NotFound, say
from engine.forms.definition import FormDefinition
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.checkpoint import Checkpoint
from engine.model.definition import Definition
from engine.model.permission import Permission
from engine.model.task import TaskState
from engine.queries.amendment import amendable_steps
from engine.queries.case_access import CaseFacts, case_facts
from engine.queries.case_asked import Asked, asked_of
from engine.queries.case_history import History, history
from engine.queries.case_papers import (
    Comment,
    NamedDocument,
    Versions,
    comments_of,
    named_documents,
    versions_of,
)
from engine.queries.case_stops import Stop, keepers, stops_of
from engine.queries.case_submissions import RecordOf, Submissions, submissions
from engine.queries.case_tasks import TaskLine, task_lines
from engine.queries.case_way import StepSums, Way, step_sums, way_of
from engine.queries.record_page import newest_checkpoint
from engine.queries.steps_ahead import state_of, steps_ahead
from engine.storage.versions import Version

# On the case's own page: all of an ordinary case, so that it prints whole.
EVENTS_SHOWN = 80
_DATA_SHOWN = 20
HISTORY_PAGE = 60
DATA_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Times:
    """Working minutes of all steps together, and from the start to the end (or now)."""

    elapsed: int
    worked: int
    waited: int
    tasks: int  # completed or open


@dataclass(frozen=True, kw_only=True)
class CaseStands:
    """Where a case stands on its diagram."""

    facts: CaseFacts
    definition: Definition
    tasks: tuple[TaskLine, ...]  # open, then the last that were closed, in the order they were opened
    way: Way
    stops: tuple[Stop, ...]
    asked: tuple[Asked, ...] = ()  # of other systems
    ahead: frozenset[str] = frozenset()  # elements of the steps that it can still come to

    @property
    def open(self) -> tuple[TaskLine, ...]:
        """Give the tasks that wait to be done."""
        return tuple(line for line in self.tasks if line.is_open)


@dataclass(frozen=True, kw_only=True)
class CasePage(CaseStands):
    """Everything the page of a case shows, from one snapshot."""

    forms: Mapping[str, FormDefinition]
    now: datetime
    calendar: WorkCalendar
    times: Times
    history: History
    documents: tuple[NamedDocument, ...]
    submissions: Submissions
    comments: tuple[Comment, ...]
    reviewed: frozenset[str]  # names of the documents that some step decides on
    may_cancel: bool
    amendable: Mapping[tuple[str, int], UUID]  # by element and round: steps that the actor may correct
    keepers: tuple[str, ...]  # who looks after the stops, where there are any
    may_solve: bool
    checkpoint: Checkpoint | None  # of the record, the newest: printed with the case


@dataclass(frozen=True, kw_only=True)
class CasePart:
    """One part of a case on a page of its own."""

    facts: CaseFacts
    definition: Definition
    forms: Mapping[str, FormDefinition]
    calendar: WorkCalendar
    history: History | None = None
    submissions: Submissions | None = None
    documents: Versions | None = None


def case_page(engine: Engine, actor: Actor, case: UUID) -> CasePage:
    """Read a case the actor may see."""
    now, calendar = engine.clock.now(), engine.calendar_of(actor.office)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        version = engine.versions.get(facts.version)
        definition = version.definition
        sums = step_sums(connection, case)
        lines = task_lines(engine, connection, actor, case, definition)
        way = way_of(connection, case, definition, sums)
        found = history(connection, case, definition, office_id=facts.office, before=None, most=EVENTS_SHOWN)
        documents = named_documents(connection, case, definition)
        data = submissions(connection, _record(facts, version), before=None, most=_DATA_SHOWN)
        said = comments_of(connection, case, definition)
        amendable = amendable_steps(connection, actor, facts, version)
        stops = stops_of(connection, case)
        looking_after = keepers(connection, engine, actor, stops)
        asked = asked_of(connection, case, definition)
        coming = steps_ahead(engine, version, state_of(connection, case))
        checkpoint = newest_checkpoint(connection)
    return CasePage(
        checkpoint=checkpoint,
        facts=facts,
        definition=definition,
        forms=version.forms,
        now=now,
        calendar=calendar,
        tasks=tuple(lines),
        times=_times(facts, calendar, now, sums, lines),
        way=way,
        history=found,
        documents=tuple(documents),
        submissions=data,
        comments=tuple(said),
        reviewed=frozenset(form.decision.decision for form in version.forms.values() if form.decision),
        may_cancel=facts.is_running and actor.may(Permission.CANCEL_CASE),
        amendable=amendable,
        stops=stops,
        asked=asked,
        ahead=coming,
        keepers=looking_after,
        may_solve=actor.may(Permission.SOLVE_INCIDENTS),
    )


def case_stands(engine: Engine, actor: Actor, case: UUID) -> CaseStands:
    """Read what a case's diagram shows."""
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        version = engine.versions.get(facts.version)
        definition = version.definition
        lines = task_lines(engine, connection, actor, case, definition, states=[TaskState.OPEN])
        way = way_of(connection, case, definition, step_sums(connection, case))
        stops = stops_of(connection, case)
        asked = asked_of(connection, case, definition)
        coming = steps_ahead(engine, version, state_of(connection, case))
    return CaseStands(
        facts=facts,
        definition=definition,
        tasks=tuple(lines),
        way=way,
        stops=stops,
        asked=asked,
        ahead=coming,
    )


def case_history(engine: Engine, actor: Actor, case: UUID, *, before: int | None) -> CasePart:
    """Read the events of a case before a number, or the last ones: all of them, page by page."""
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        version = engine.versions.get(facts.version)
        found = history(
            connection, case, version.definition, office_id=facts.office, before=before, most=HISTORY_PAGE
        )
    return _part(engine, facts, version, history=found)


def case_data(engine: Engine, actor: Actor, case: UUID, *, before: int | None) -> CasePart:
    """Read what was submitted before an event's number."""
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        version = engine.versions.get(facts.version)
        found = submissions(connection, _record(facts, version), before=before, most=DATA_PAGE)
    return _part(engine, facts, version, submissions=found)


def case_documents(engine: Engine, actor: Actor, case: UUID, *, before: int | None) -> CasePart:
    """Read the versions of a case's documents before a number, or the last ones."""
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        version = engine.versions.get(facts.version)
        found = versions_of(connection, case, version.definition, before=before)
    return _part(engine, facts, version, documents=found)


def case_to_cancel(engine: Engine, actor: Actor, case: UUID) -> CaseFacts:
    """Read the head of a running case that the actor may cancel."""
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
    if not actor.may(Permission.CANCEL_CASE):
        raise Forbidden(say("Only a process owner or an administrator can cancel a case."))
    if not facts.is_running:
        raise NotFound(say("This case has ended in the meantime."))
    return facts


def _part(
    engine: Engine,
    facts: CaseFacts,
    version: Version,
    *,
    history: History | None = None,
    submissions: Submissions | None = None,
    documents: Versions | None = None,
) -> CasePart:
    return CasePart(
        facts=facts,
        definition=version.definition,
        forms=version.forms,
        calendar=engine.calendar_of(facts.office),
        history=history,
        submissions=submissions,
        documents=documents,
    )


def _record(facts: CaseFacts, version: Version) -> RecordOf:
    return RecordOf(case=facts.id, office=facts.office, definition=version.definition, forms=version.forms)


def _times(
    facts: CaseFacts, calendar: WorkCalendar, now: datetime, sums: list[StepSums], lines: list[TaskLine]
) -> Times:
    done = [one for one in sums if one.state in (TaskState.COMPLETED, TaskState.RETURNED)]
    running = [line for line in lines if line.is_open]
    return Times(
        elapsed=calendar.minutes_between(facts.started_at, facts.ended_at or now),
        worked=sum(one.worked for one in done) + sum(line.worked for line in running),
        waited=sum(one.waited for one in done) + sum(line.waited for line in running),
        tasks=sum(one.count for one in done) + len(running),
    )
