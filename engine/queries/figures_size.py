"""How many cases a period of figures has, before they are worked out: of very many it takes a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.queries.figures_asked import FiguresAsked, Scope, must_see_figures, of_cases, scope_of
from engine.storage.tables import instance

_YEARS = 14  # before the last one
MANY = 50_000  # cases of some thirteen steps: four to eight seconds of work


@dataclass(frozen=True, kw_only=True)
class PartOfPeriod:
    """A calendar year of the period, or a month of it where it is of one year, with its cases."""

    since: date
    until: date
    cases: int

    @property
    def is_month(self) -> bool:
        """Tell it from a year."""
        return (self.since.year, self.since.month) == (self.until.year, self.until.month)


@dataclass(frozen=True, kw_only=True)
class FiguresSize:
    """What was asked, how many cases that is, and its parts."""

    scope: Scope
    cases: int
    parts: tuple[PartOfPeriod, ...]


def figures_size(engine: Engine, actor: Actor, asked: FiguresAsked) -> FiguresSize | None:
    """Count the cases of a period that has more than ``MANY``; None of any other."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        some = select(instance.c.id).where(*of_cases(scope)).limit(MANY + 1).subquery()
        if (connection.scalar(select(func.count()).select_from(some)) or 0) <= MANY:
            return None
        today = engine.calendar_of(actor.office).local(engine.clock.now()).date()
        parts = tuple(_part(engine, connection, actor, asked, *one) for one in parts_of(asked, today))
        return FiguresSize(scope=scope, cases=_cases(connection, scope), parts=parts)


def parts_of(asked: FiguresAsked, today: date) -> Iterator[tuple[date, date]]:
    """Give the last calendar years of a period, or its months where it is of one year."""
    until = min(asked.until, today)
    by_month = asked.since.year == until.year
    since = max(asked.since, date(max(until.year - _YEARS, 1), 1, 1))
    while since <= until:
        following = (
            (since.replace(day=1) + timedelta(days=31)).replace(day=1)
            if by_month
            else since.replace(year=since.year + 1, month=1, day=1)
        )
        yield since, min(following - timedelta(days=1), until)
        since = following


def _part(
    engine: Engine, connection: Connection, actor: Actor, asked: FiguresAsked, since: date, until: date
) -> PartOfPeriod:
    scope = scope_of(engine, connection, actor, replace(asked, since=since, until=until))
    return PartOfPeriod(since=since, until=until, cases=_cases(connection, scope))


def _cases(connection: Connection, scope: Scope) -> int:
    return connection.scalar(select(func.count()).select_from(instance).where(*of_cases(scope))) or 0
