"""The revision that a task is about, where its case decides on one, and what the rules refused last."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from engine.bpmn.guard import read_file_tree
from engine.bpmn.names import bpmn, sop
from engine.core import Engine
from engine.errors import Sentence
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.event import EventKind
from engine.model.incident import sentence_from
from engine.model.instance import VersionState
from engine.model.job import REVISION
from engine.model.message import SUBMITTED_AGAIN
from engine.model.permission import Permission
from engine.model.review_due import ReviewKind
from engine.model.task import Task
from engine.model.wait import Channel
from engine.queries.compared_with import ComparedWith, compared_with, working
from engine.queries.differences import Difference, between_versions
from engine.queries.dossier import Dossier, dossier_of, with_warned
from engine.queries.library_versions import VersionRow, versions_of
from engine.queries.printable import may_print
from engine.queries.suggestions import Suggestion, left_of
from engine.storage import periodic_reviews, revision_cases, revisions, waits
from engine.storage.tables import event, process_version
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class TaskSubject:
    """A revision that is decided on."""

    key: str
    name: str
    number: int
    state: VersionState
    against: ComparedWith  # the revision it would replace, and the one of it that was returned
    refused: Sentence | None  # why the task is open again
    message: str  # of whoever submitted it
    open_comments: int  # that must be settled before it can be approved
    may_read: bool  # the library, where it can be read and compared
    may_read_review: bool  # what was said of it
    may_print: bool  # the paper that is to be signed
    approves: bool  # completing the task lets it be approved
    dossier: Dossier | None  # while it is decided on
    may_see_readers: bool  # who has read what changed
    ends_by_itself: bool  # where a corrected one is submitted
    replaced_by: VersionRow | None  # what is in force now, where that took the place of this one


@dataclass(frozen=True, kw_only=True)
class ReviewedSop:
    """An SOP that is monitored or evaluated, with what its staff suggested and is not settled."""

    key: str
    name: str
    kind: ReviewKind
    due_on: date
    suggestions: tuple[Suggestion, ...]  # that wait for an answer; empty for who answers none
    to_be_done: tuple[Suggestion, ...]  # accepted, and in no approved revision yet


def reviewed_sop(
    engine: Engine, connection: Connection, actor: Actor, version: Version, task: Task
) -> ReviewedSop | None:
    """Find the SOP that a task's case reviews; of other SOPs nothing is asked."""
    if version.definition.document.purpose is not Purpose.PERIODIC_REVIEW:
        return None
    found = periodic_reviews.reviewed(connection, task.instance)
    if found is None:
        return None
    waiting, accepted = left_of(engine, actor, found.key) if actor.may(Permission.REVISE) else ((), ())
    return ReviewedSop(
        key=found.key,
        name=found.name,
        kind=found.kind,
        due_on=found.due_on,
        suggestions=waiting,
        to_be_done=accepted,
    )


def task_subject(
    engine: Engine, connection: Connection, actor: Actor, version: Version, task: Task
) -> TaskSubject | None:
    """Find the revision that a task's case is about; of other SOPs nothing is asked."""
    if version.definition.document.purpose is not Purpose.REVISION:
        return None
    found = revision_cases.about(connection, task.instance)
    if found is None:
        return None
    _name, rows = versions_of(connection, actor, found.key, found.number)
    mine = next(one for one in rows if one.id == found.version)
    return TaskSubject(
        key=found.key,
        name=found.name,
        number=found.number,
        state=found.state,
        against=compared_with(working(engine, connection, actor, found.key), rows, mine, mine.base),
        message=mine.message,
        refused=_refused(connection, task),
        open_comments=revisions.open_comments(connection, found.version),
        may_read=actor.may(Permission.READ_LIBRARY),
        may_read_review=actor.may(Permission.READ_REVIEWS),
        may_print=may_print(actor, found.state),
        approves=_approves(connection, version, task),
        dossier=dossier_of(engine, connection, found.version) if found.state is VersionState.REVIEW else None,
        may_see_readers=actor.may(Permission.SUPERVISE_CASES),
        ends_by_itself=found.state is VersionState.RETURNED and _ends_by_itself(connection, version, task),
        replaced_by=_in_its_place(rows) if found.state is VersionState.SUPERSEDED else None,
    )


def subject_with_warned(engine: Engine, about: TaskSubject) -> TaskSubject:
    """Add what the check lets pass of the revision, after the transaction that read the rest."""
    return replace(about, dossier=about.dossier and with_warned(engine, about.dossier))


def _in_its_place(rows: list[VersionRow]) -> VersionRow | None:
    return next((one for one in rows if one.state is VersionState.IN_FORCE), None)


def _ends_by_itself(connection: Connection, version: Version, task: Task) -> bool:
    """Tell whether an event on the task's edge waits for a corrected revision, and ends the task with it."""
    named = waits.named(connection, task.office, Channel.MESSAGE, SUBMITTED_AGAIN, task.instance)
    waiting = {one.key.element for one in named if one.instance == task.instance}
    if not waiting:
        return False
    return any(
        one.get("id") in waiting
        and one.get("attachedToRef") == task.element
        and one.get("cancelActivity") != "false"
        for one in read_file_tree(_drawn(connection, version).encode()).iter(bpmn("boundaryEvent"))
    )


def _drawn(connection: Connection, version: Version) -> str:
    return connection.scalar(select(process_version.c.bpmn).where(process_version.c.id == version.id)) or ""


def _approves(connection: Connection, version: Version, task: Task) -> bool:
    """Tell whether a service of the SOP approves in the name of whoever completes the task."""
    said = {"act": '"approve"', "step": f'"{task.element}"'}
    return any(
        one.get("connector") == REVISION
        and said.items() <= {part.get("name"): part.text for part in one.iterchildren(sop("input"))}.items()
        for one in read_file_tree(_drawn(connection, version).encode()).iter(sop("Service"))
    )


def changes_decided_on(engine: Engine, actor: Actor, about: TaskSubject | None) -> Difference | None:
    """Compare what is decided on with what people work by; of the first of its SOP there is nothing to tell.

    Neither is there of one that was returned: whoever has the task changes it now.
    """
    if about is None or not about.may_read or about.against.usual is None:
        return None
    if about.state is VersionState.RETURNED:
        return None
    return between_versions(engine, actor, about.key, about.against.usual, about.number)


def _refused(connection: Connection, task: Task) -> Sentence | None:
    """Read what a connector was refused in the same step that opened the task."""
    payload = connection.scalar(
        select(event.c.payload)
        .where(event.c.stream == task.instance, event.c.kind == EventKind.JOB_GIVEN_UP.value)
        .where(event.c.at == task.opened_at)
        .order_by(event.c.seq.desc())
        .limit(1)
    )
    return sentence_from(json.loads(payload)) if payload else None
