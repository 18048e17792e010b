"""The open cases that a survey found to stand alike, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.bpmn.groups import Group, Judging
from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.queries.open_cases import OpenCases, for_version
from engine.queries.open_drafts import NOT_FOUND
from engine.storage import batches

_MOST_LISTED = 100
_CHUNK = 200


@dataclass(frozen=True, kw_only=True)
class OneCase:
    """An open case in a list of those that stand alike."""

    id: UUID
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """The cases of a group of a survey that are in it still."""

    page: OpenCases
    group: Group
    cases: tuple[OneCase, ...]
    is_all: bool


def group_page(engine: Engine, actor: Actor, key: str, number: int, group_key: str) -> GroupPage:
    """List the cases of a group, as they stand now; the first of them where there are many."""
    page = for_version(engine, actor, key, number)
    group = None if page.survey is None else page.found.get(group_key)
    if group is None or page.survey is None or page.survey.version is None:
        raise NotFound(NOT_FOUND)
    judging = Judging(engine.versions.facts_of(page.survey.version), page.mapping, engine.versions.facts_of)
    found: list[OneCase] = []
    after: UUID | None = None
    with engine.store.reading() as connection:
        while len(found) <= _MOST_LISTED:
            rows = batches.next_cases(connection, page.survey.process, page.survey.version, after, _CHUNK)
            if not rows:
                break
            after = rows[-1].id
            found += [
                OneCase(id=row.id, number=row.number, title=row.title)
                for row in rows
                if judging.group(row.version, row.state, on_trial=row.on_trial, given_up=row.given_up).key
                == group_key
            ]
    return GroupPage(
        page=page, group=group, cases=tuple(found[:_MOST_LISTED]), is_all=len(found) <= _MOST_LISTED
    )
