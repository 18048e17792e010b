"""Why steps of an SOP were done again: what reviewers noted, and the reasons cases were sent back for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.erasure import ERASED
from engine.model.event import EventKind
from engine.queries.figures_asked import (
    FiguresAsked,
    Scope,
    during,
    must_see_figures,
    of_cases,
    of_unit,
    of_version,
    scope_of,
    sops_of,
    version_then,
)
from engine.queries.figures_events import details
from engine.queries.named import in_full
from engine.queries.unread import STANDING, Texts, Unread
from engine.storage import office
from engine.storage.tables import event, instance, person, task
from engine.storage.versions import Version

LOOKED_AT = 2000  # repeated steps, the newest
SHOWN = 10  # on the page of figures
_CHUNK = 400
_SENDING = (EventKind.TASK_COMPLETED.value, EventKind.TASK_RETURNED.value)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a step was done again. ``words`` are the reviewer's; empty where they wrote none."""

    case: UUID
    number: str
    title: str
    at: datetime
    seq: int
    source: str  # name of the step that sent it back
    target: str
    element: str  # of the target
    round: int  # of the target, that began by it
    who: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Rework:
    """What was sent back. ``pairs`` are (from, to, how often), the most frequent first.

    ``left_out`` tells that older repeated steps of the period were not looked at, ``unread`` of which cases
    reasons are missing.
    """

    reasons: tuple[Reason, ...]
    pairs: tuple[tuple[str, str, int], ...]
    left_out: bool
    unread: tuple[Unread, ...]


@dataclass(frozen=True, kw_only=True)
class ReworkPage:
    """All reasons of a period."""

    sops: tuple[tuple[str, str], ...]
    scope: Scope
    rework: Rework


def rework_page(engine: Engine, actor: Actor, asked: FiguresAsked) -> ReworkPage:
    """List why steps were done again."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        return ReworkPage(
            sops=sops_of(connection, actor.office), scope=scope, rework=rework(engine, connection, scope)
        )


def rework(engine: Engine, connection: Connection, scope: Scope) -> Rework:
    """Read the repeated steps that were opened in the period, and what opened them."""
    rows = connection.execute(_repeated(scope)).all()
    texts = Texts(connection)
    reasons = list(_reasons(engine, connection, scope, rows[:LOOKED_AT], texts))
    pairs = Counter((one.source, one.target) for one in reasons)
    return Rework(
        reasons=tuple(reasons),
        pairs=tuple((source, target, often) for (source, target), often in pairs.most_common()),
        left_out=len(rows) > LOOKED_AT,
        unread=texts.unread,
    )


def _repeated(scope: Scope) -> Any:  # noqa: ANN401 - a Select
    version = version_then(scope, task.c.opened_at)
    narrowed = [task.c.role == scope.asked.role] if scope.asked.role else []
    return (
        select(
            instance.c.id.label("case"),
            instance.c.number,
            instance.c.title,
            version.label("version"),
            task.c.element,
            task.c.round,
            task.c.opened_at,
        )
        .join(task, task.c.instance == instance.c.id)
        .where(
            *of_cases(scope),
            *of_version(scope, version),
            task.c.round > 1,
            during(scope, task.c.opened_at),
            *narrowed,
        )
        .order_by(task.c.opened_at.desc(), task.c.id)
        .limit(LOOKED_AT + 1)
    )


def _reasons(
    engine: Engine, connection: Connection, scope: Scope, rows: Sequence[Row[Any]], texts: Texts
) -> Iterator[Reason]:
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        causes = _causes(connection, scope, part)
        people = {one.actor for one in causes.values() if one.actor is not None}
        names = office.names_of(connection, people)
        for row in part:
            cause = causes.get((row.case, row.opened_at))
            version = engine.versions.get(row.version)
            words = (
                None if cause is None else _words(version, row, cause, texts.read(row.case, cause.payload))
            )
            if cause is None or words is None:
                continue
            yield Reason(
                case=row.case,
                number=row.number,
                title=row.title,
                at=row.opened_at,
                seq=cause.seq,
                source=version.definition.name_of(cause.element),
                target=version.definition.name_of(row.element),
                element=row.element,
                round=row.round,
                who=in_full(*names.get(cause.actor, ("", ""))),
                words=words,
            )


def _causes(
    connection: Connection, scope: Scope, rows: Sequence[Row[Any]]
) -> dict[tuple[UUID, datetime], Row[Any]]:
    """Find the acts that opened the steps: they happened at the same instant of the same case.

    A unit narrows them to what its people sent back.
    """
    narrowed = [of_unit(scope, person.c.unit)] if scope.asked.unit else []
    found = connection.execute(
        select(event.c.stream, event.c.seq, event.c.kind, event.c.at, event.c.actor, event.c.element)
        .add_columns(event.c.round, STANDING)
        .outerjoin(person, person.c.id == event.c.actor)
        .where(
            *narrowed,
            event.c.stream.in_({row.case for row in rows}),
            event.c.kind.in_(_SENDING),
            event.c.at.in_({row.opened_at for row in rows}),
        )
        .order_by(event.c.seq)
    )
    return {(one.stream, one.at): one for one in found}


def _words(version: Version, row: Row[Any], cause: Row[Any], text: str | None) -> str | None:
    """Give why the work was sent back; None where it was not: the diagram only leads there again."""
    said = details(text)
    if cause.kind == EventKind.TASK_RETURNED.value:
        return ERASED if cause.payload is None else str(said.get("reason") or "")
    step = next((one for one in version.definition.steps if one.element == cause.element), None)
    form = version.form_of(step) if step else None
    if form is None or form.decision is None:
        return None
    if cause.payload is None:  # a review: sent back is what goes to a further round than its own
        return ERASED if row.round > (cause.round or 1) else None
    answers = said.get("data")
    if not isinstance(answers, dict):
        return None
    if answers.get(form.decision.key) == form.decision.options[0].value:
        return None
    return str(answers.get(form.notes.key) or "") if form.notes else ""
