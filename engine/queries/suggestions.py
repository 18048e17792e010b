"""Suggestions about an SOP as its owner reads them, and one's own with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, exists, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.suggestion import Progress, SuggestionState
from engine.queries.library_versions import NO_SOP
from engine.queries.process_drafts import DraftRow, open_drafts
from engine.queries.suggestion_progress import Revisions, came
from engine.storage import office, suggestions, versions
from engine.storage.tables import instance, process, process_draft, process_version, suggestion

TO_DO = frozenset({Progress.TAKEN, Progress.DRAFTED, Progress.SUBMITTED, Progress.RETURNED})
_MOST = 500  # answered ones of an SOP, newest first
_MOST_OWN = 50


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One suggestion. ``number`` is of the revision it was made on; ``case`` the case it came up in."""

    id: UUID
    key: str
    sop: str
    number: int
    element: str
    step: str
    case: str
    by: str
    at: datetime
    text: str
    state: SuggestionState
    answer: str
    answered_by: str
    answered_at: datetime | None
    progress: Progress
    revision: int | None  # number of the revision it went into, or is to go into
    draft: UUID | None  # that does what it says
    told_at: datetime | None  # it has come so far, of what its author is told; None: it waits
    is_news: bool  # its author has not seen yet how far it has come


@dataclass(frozen=True, kw_only=True)
class StepSuggestions:
    """What was said about a step."""

    element: str
    step: str
    said: tuple[Suggestion, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestionsPage:
    """All suggestions about an SOP: open ones first, by step."""

    key: str
    name: str
    open: tuple[StepSuggestions, ...]
    taken: tuple[StepSuggestions, ...]  # and not in a revision that was approved
    answered: tuple[StepSuggestions, ...]  # all others
    drafts: tuple[DraftRow, ...]  # open ones


def suggestions_page(engine: Engine, actor: Actor, key: str) -> SuggestionsPage:
    """Read what was suggested about an SOP; only process owners may."""
    if not actor.may(Permission.REVISE):
        raise NotFound(NO_SOP)
    with engine.store.reading() as connection:
        found = versions.find_process(connection, actor.office, key)
        if found is None:
            raise NotFound(NO_SOP)
        name = connection.scalar(select(process.c.name).where(process.c.id == found)) or key
        about, waits = suggestion.c.process == found, suggestion.c.state == SuggestionState.OPEN
        waiting = _read(engine, connection, [about, waits])
        rest = _read(engine, connection, [about, ~waits], _MOST)
    taken = [one for one in rest if one.progress in TO_DO]
    return SuggestionsPage(
        key=key,
        name=name,
        open=_by_step(waiting),
        taken=_by_step(taken),
        answered=_by_step([one for one in rest if one.progress not in TO_DO]),
        drafts=open_drafts(engine, actor, key),
    )


def open_suggestions(engine: Engine, actor: Actor, key: str) -> tuple[Suggestion, ...]:
    """Read what waits for an answer about an SOP, step by step; only process owners may."""
    return left_of(engine, actor, key)[0]


def left_of(engine: Engine, actor: Actor, key: str) -> tuple[tuple[Suggestion, ...], tuple[Suggestion, ...]]:
    """Read what waits for an answer about an SOP, and what was taken up and is in no approved revision yet.

    Only process owners may.
    """
    page = suggestions_page(engine, actor, key)
    waiting = tuple(one for step in page.open for one in step.said)
    return waiting, tuple(one for step in page.taken for one in step.said)


def to_be_done(engine: Engine, actor: Actor, key: str) -> tuple[Suggestion, ...]:
    """Read what was taken up about an SOP and is in no approved revision yet; only process owners may."""
    return left_of(engine, actor, key)[1]


def news(engine: Engine, connection: Connection, actor: Actor) -> tuple[Suggestion, ...]:
    """Read which of one's own suggestions have come further than one has seen."""
    later = process_version.alias()
    approved_since = exists().where(
        later.c.process == suggestion.c.process, later.c.approved_at > suggestion.c.seen_at
    )
    wanted = (
        suggestion.c.author == actor.person,
        suggestion.c.state != SuggestionState.OPEN,
        suggestion.c.seen_at.is_(None) | (suggestion.c.draft.is_not(None) & approved_since),
    )
    return tuple(one for one in _read(engine, connection, wanted, _MOST_OWN) if one.is_news)


def count_open(engine: Engine, actor: Actor, key: str) -> int:
    """Count what waits for an answer of the actor; 0 for who answers none."""
    if not actor.may(Permission.REVISE):
        return 0
    with engine.store.reading() as connection:
        found = versions.find_process(connection, actor.office, key)
        return suggestions.count_open(connection, found) if found else 0


def own_suggestions(engine: Engine, actor: Actor) -> tuple[Suggestion, ...]:
    """Read one's own suggestions with their answers, newest first."""
    with engine.store.reading() as connection:
        return _read(engine, connection, [suggestion.c.author == actor.person], _MOST_OWN)


def _read(
    engine: Engine, connection: Connection, wanted: Iterable[ColumnElement[bool]], most: int | None = None
) -> tuple[Suggestion, ...]:
    rows = (
        connection.execute(
            select(
                suggestion,
                process.c.key,
                process.c.name,
                process_version.c.number,
                instance.c.number.label("case"),
                process_draft.c.state.label("draft_state"),
                process_draft.c.version.label("became"),
            )
            .join(process, process.c.id == suggestion.c.process)
            .join(process_version, process_version.c.id == suggestion.c.version)
            .outerjoin(instance, instance.c.id == suggestion.c.instance)
            .outerjoin(process_draft, process_draft.c.id == suggestion.c.draft)
            .where(*wanted)
            .order_by(suggestion.c.at.desc(), suggestion.c.id)
            .limit(most)
        )
        .mappings()
        .all()
    )
    people = {row[name] for row in rows for name in ("author", "answered_by")} - {None}
    names = office.names_of(connection, people)
    made = Revisions(connection, {row["process"] for row in rows if row["became"] is not None})
    return tuple(_suggestion(engine, row, names, made) for row in rows)


def _suggestion(
    engine: Engine, row: RowMapping, names: dict[UUID, tuple[str, str]], made: Revisions
) -> Suggestion:
    definition = engine.versions.get(row["version"]).definition
    how = came(row, made)
    told = max((one for one in (row["answered_at"], how.since) if one is not None), default=None)
    return Suggestion(
        id=row["id"],
        key=row["key"],
        sop=row["name"],
        number=row["number"],
        element=row["element"],
        step=definition.name_of(row["element"]) or row["element"],
        case=row["case"] or "",
        by=post_and_name(*names.get(row["author"], ("", ""))),
        at=row["at"],
        text=row["text"],
        state=SuggestionState(row["state"]),
        answer=row["answer"],
        answered_by=post_and_name(*names.get(row["answered_by"], ("", ""))) if row["answered_by"] else "",
        answered_at=row["answered_at"],
        progress=how.progress,
        revision=how.revision,
        draft=row["draft"] if how.progress in {Progress.DRAFTED, Progress.SUBMITTED} else None,
        told_at=told,
        is_news=told is not None and (row["seen_at"] is None or row["seen_at"] < told),
    )


def _by_step(told: Sequence[Suggestion]) -> tuple[StepSuggestions, ...]:
    ordered = sorted(told, key=lambda one: one.element)  # stable: newest first within a step
    return tuple(
        StepSuggestions(element=element, step=said[0].step, said=said)
        for element, said in (
            (key, tuple(group)) for key, group in groupby(ordered, key=lambda one: one.element)
        )
    )
