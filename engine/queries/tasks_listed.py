"""The statements behind the inbox, one per shape of question, built once.

Each source of a tab (what one holds, what one prepares, the pool of each role …) is read in the
order of the page by its own partial index and stops at the page's end; the page is the merge of
their beginnings. An OR over the sources, or a sort over all of them, would read every open task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Label,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)

from engine.queries.tasks_asked import Sort, Tab
from engine.storage.tables import Identity, Instant, draft, instance, person, process, task
from engine.storage.tasks import TASK_COLUMNS


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Everything that decides the text of a statement; values are bound when it runs."""

    tab: Tab
    sort: Sort
    roles: int = 0
    due: bool = False
    process: bool = False
    found: str = ""  # how the search is answered: "", "cases", "words", "nothing"
    words: int = 0
    cases: bool = False  # whether cases were found
    names: bool = False  # whether steps were found
    cursor: bool = False
    backward: bool = False

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Name the values to bind."""
        names = ["me", "limit"]
        if self.tab in (Tab.MINE, Tab.UNIT):
            names += ["office", "roles", *(f"role_{place}" for place in range(self.roles))]
        names += ["since", "until"] if self.due else []
        names += ["process"] if self.process else []
        names += ["cases"] if self.found == "cases" and self.cases else []
        names += ["names"] if self.found == "cases" and self.names else []
        names += ["names", *(f"word_{place}" for place in range(self.words))] if self.found == "words" else []
        if self.cursor:
            names += ["last"] if self.key is None else ["last", "last_key"]
        return tuple(names)

    @property
    def key(self) -> ColumnElement[Any] | None:
        """Give the column the page is sorted by, before the id; None where the id alone does."""
        if self.sort is Sort.NUMBER:
            return task.c.number
        if self.tab is Tab.DONE:
            return task.c.completed_at
        return task.c.due_key if self.sort is Sort.DUE else None

    @property
    def descends(self) -> bool:
        """Tell whether the rows are read from the greatest key on."""
        newest_first = self.sort is Sort.NEWEST or (self.tab is Tab.DONE and self.sort is Sort.DUE)
        return newest_first != self.backward


# Written into the statement, not bound: else no partial index could be used.
_IS_OPEN = text("task.state = 'open'")
_ME = bindparam("me", type_=Identity)
_OFFICE = bindparam("office", type_=Identity)
_ROLES: BindParameter[Any] = bindparam("roles", expanding=True)


@lru_cache(maxsize=256)
def page_statement(shape: Shape) -> Select[Any]:
    """Select a page of tasks with their cases and holders."""
    arms = [_arm(shape, source).subquery() for source in _sources(shape)]
    merged = union_all(*(select(arm) for arm in arms)).subquery()
    key = merged.c.key if shape.key is not None else None
    columns = [merged.c.id] if key is None else [merged.c.id, key]
    page = select(*columns).order_by(*_order(shape, key, merged.c.id)).limit(bindparam("limit")).subquery()
    holder, preparer = person.alias(), person.alias()
    return (
        select(
            *TASK_COLUMNS,
            task.c.due_key,
            instance.c.number.label("case_number"),
            instance.c.title.label("case_title"),
            instance.c.trial,
            holder.c.name.label("holder_name"),
            holder.c.post.label("holder_post"),
            preparer.c.name.label("preparer_name"),
            preparer.c.post.label("preparer_post"),
            _draft_saved_at(),
        )
        .select_from(page)
        .join(task, task.c.id == page.c.id)
        .join(instance, instance.c.id == task.c.instance)
        .outerjoin(holder, holder.c.id == task.c.assignee)
        .outerjoin(preparer, preparer.c.id == task.c.prepared_by)
        .order_by(*_order(shape, page.c.key if shape.key is not None else None, page.c.id))
    )


@lru_cache(maxsize=64)
def count_statement(shape: Shape) -> Select[Any]:
    """Count a tab, no further than ``limit``."""
    limit: BindParameter[int] = bindparam("limit")
    arms = [select(task.c.id).where(source).limit(limit).subquery() for source in _sources(shape)]
    some = union_all(*(select(arm) for arm in arms)).limit(limit).subquery()
    return select(func.count()).select_from(some)


def _sources(shape: Shape) -> Sequence[ColumnElement[bool]]:
    if shape.found != "cases":
        return _plain_sources(shape)
    few = [_of_found_cases(shape)] if shape.cases else []
    named = [_named(shape, source) for source in _plain_sources(shape)] if shape.names else []
    return [*few, *named]


def _plain_sources(shape: Shape) -> Sequence[ColumnElement[bool]]:
    if shape.tab is Tab.DONE:
        return [task.c.completed_by == _ME]
    if shape.tab is Tab.ASSIGNED:
        return [and_(_IS_OPEN, task.c.delegated_by == _ME, task.c.delegated_by.is_not(None))]
    pools = [_of_role(place, task.c.assignee.is_(None)) for place in range(shape.roles)]
    if shape.tab is Tab.UNIT:
        taken = [_of_role(place, task.c.assignee.is_not(None)) for place in range(shape.roles)]
        return [*pools, *taken] or [literal_column("1 = 0")]
    held = and_(_IS_OPEN, task.c.assignee == _ME, task.c.assignee.is_not(None))
    return [held, _prepared(shape), *pools]


def _of_role(place: int, holding: ColumnElement[bool]) -> ColumnElement[bool]:
    role = bindparam(f"role_{place}", type_=task.c.role.type)
    return and_(_IS_OPEN, holding, task.c.office == _OFFICE, task.c.role == role)


def _prepared(shape: Shape) -> ColumnElement[bool]:
    """Find what one prepares for somebody, unless it is in the list already."""
    others = or_(
        and_(task.c.assignee.is_not(None), task.c.assignee != _ME),
        and_(task.c.assignee.is_(None), task.c.role.not_in(_ROLES))
        if shape.roles
        else task.c.assignee.is_(None),
    )
    return and_(_IS_OPEN, task.c.prepared_by == _ME, task.c.prepared_by.is_not(None), others)


def _of_found_cases(shape: Shape) -> ColumnElement[bool]:
    """Begin at the few cases that were found: the state is bound, so that no partial index is used."""
    few = task.c.instance.in_(bindparam("cases", expanding=True, type_=Identity))
    if shape.tab is Tab.DONE:
        return and_(few, task.c.completed_by == _ME)
    is_open = task.c.state == "open"
    if shape.tab is Tab.ASSIGNED:
        return and_(few, is_open, task.c.delegated_by == _ME)
    ours = and_(task.c.office == _OFFICE, task.c.role.in_(_ROLES))
    if shape.tab is Tab.UNIT:
        return and_(few, is_open, ours)
    return and_(
        few,
        is_open,
        or_(task.c.assignee == _ME, task.c.prepared_by == _ME, and_(task.c.assignee.is_(None), ours)),
    )


def _named(shape: Shape, source: ColumnElement[bool]) -> ColumnElement[bool]:
    """Look for steps whose name was found, in cases that were not."""
    named = and_(source, task.c.name.in_(bindparam("names", expanding=True)))
    if not shape.cases:
        return named
    return and_(named, task.c.instance.not_in(bindparam("cases", expanding=True, type_=Identity)))


def _arm(shape: Shape, source: ColumnElement[bool]) -> Select[Any]:
    columns = [task.c.id] if shape.key is None else [task.c.id, shape.key.label("key")]
    arm = select(*columns).where(source)
    if shape.found == "words":
        arm = arm.join(instance, instance.c.id == task.c.instance).join(
            process, process.c.id == task.c.process
        )
        arm = arm.where(_says_words(shape))
    if shape.found == "nothing":
        arm = arm.where(literal_column("1 = 0"))
    if shape.due:
        since, until = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
        arm = arm.where(task.c.due_key >= since, task.c.due_key < until)
    if shape.process:
        arm = arm.where(task.c.process == bindparam("process", type_=Identity))
    if shape.cursor:
        arm = arm.where(_beyond(shape))
    return arm.order_by(*_order(shape, shape.key, task.c.id)).limit(bindparam("limit"))


def _says_words(shape: Shape) -> ColumnElement[bool]:
    said = func.lower(instance.c.number + " " + instance.c.title + " " + process.c.name)
    every = and_(true(), *(said.like(bindparam(f"word_{place}")) for place in range(shape.words)))
    return or_(task.c.name.in_(bindparam("names", expanding=True)), every)


def _beyond(shape: Shape) -> ColumnElement[bool]:
    last = bindparam("last", type_=Identity)
    if shape.key is None:
        return task.c.id < last if shape.descends else task.c.id > last
    row, end = tuple_(shape.key, task.c.id), tuple_(bindparam("last_key", type_=shape.key.type), last)
    return row < end if shape.descends else row > end


def _order(
    shape: Shape, key: ColumnElement[Any] | None, task_id: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    columns = [task_id] if key is None else [key, task_id]
    return [column.desc() if shape.descends else column.asc() for column in columns]


def _draft_saved_at() -> Label[Any]:
    """Read when the actor's draft was saved, or the one somebody prepares for the actor."""
    mine_or_prepared = or_(
        draft.c.person == _ME,
        draft.c.prepared_for == _ME,
        and_(task.c.assignee == _ME, draft.c.person == task.c.prepared_by),
    )
    saved = select(func.max(draft.c.saved_at)).where(draft.c.task == task.c.id, mine_or_prepared)
    return saved.scalar_subquery().label("draft_saved_at")
