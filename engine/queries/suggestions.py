"""Suggestions about an SOP as its owner reads them, and one's own with their answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.naming import post_and_name
from engine.model.permission import Permission
from engine.model.suggestion import SuggestionState
from engine.queries.library_versions import NO_SOP
from engine.storage import office, suggestions, versions
from engine.storage.tables import instance, process, process_version, suggestion

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
    answered: tuple[StepSuggestions, ...]


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
    return SuggestionsPage(key=key, name=name, open=_by_step(waiting), answered=_by_step(rest))


def open_suggestions(engine: Engine, actor: Actor, key: str) -> tuple[Suggestion, ...]:
    """Read what waits for an answer about an SOP, step by step; only process owners may."""
    page = suggestions_page(engine, actor, key)
    return tuple(one for step in page.open for one in step.said)


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
            )
            .join(process, process.c.id == suggestion.c.process)
            .join(process_version, process_version.c.id == suggestion.c.version)
            .outerjoin(instance, instance.c.id == suggestion.c.instance)
            .where(*wanted)
            .order_by(suggestion.c.at.desc(), suggestion.c.id)
            .limit(most)
        )
        .mappings()
        .all()
    )
    people = {row[name] for row in rows for name in ("author", "answered_by")} - {None}
    names = office.names_of(connection, people)
    return tuple(_suggestion(engine, row, names) for row in rows)


def _suggestion(engine: Engine, row: RowMapping, names: dict[UUID, tuple[str, str]]) -> Suggestion:
    definition = engine.versions.get(row["version"]).definition
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
    )


def _by_step(told: Sequence[Suggestion]) -> tuple[StepSuggestions, ...]:
    ordered = sorted(told, key=lambda one: one.element)  # stable: newest first within a step
    return tuple(
        StepSuggestions(element=element, step=said[0].step, said=said)
        for element, said in (
            (key, tuple(group)) for key, group in groupby(ordered, key=lambda one: one.element)
        )
    )
