"""The figures of an SOP in a period: cases, steps against their standard times, and where time is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.queries.figures_asked import FiguresAsked, Scope, must_see_figures, scope_of, sops_of
from engine.queries.figures_cases import CaseFigures, case_figures
from engine.queries.figures_deviations import DeviationKind, deviation_counts
from engine.queries.figures_rework import Rework, rework
from engine.queries.figures_shapes import reading_of
from engine.queries.figures_steps import StepsTaken, steps_taken
from engine.queries.figures_variants import Variants, variants
from engine.queries.library_versions import NO_SOP, counting, versions_of
from engine.storage.tables import instance, process

MOST_FOLLOWED = 20_000  # completed steps, up to which each case is followed on the page of figures itself


@dataclass(frozen=True, kw_only=True)
class FiguresPage:
    """Everything of one SOP and period. ``number`` is the version whose diagram and steps are shown."""

    sops: tuple[tuple[str, str], ...]  # key and name
    scope: Scope
    number: int
    definition: Definition
    day_length: int  # working minutes
    now: datetime
    cases: CaseFigures
    steps: StepsTaken
    variants: Variants | None  # None: of so many steps they stand on a page of their own
    rework: Rework | None
    deviations: Mapping[DeviationKind, int]


@dataclass(frozen=True, kw_only=True)
class WaysPage:
    """The ways cases took, by themselves."""

    sops: tuple[tuple[str, str], ...]
    scope: Scope
    day_length: int
    variants: Variants


def figures_page(engine: Engine, actor: Actor, asked: FiguresAsked) -> FiguresPage:
    """Read the figures of an SOP of the actor's office."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        number, definition = shown_version(engine, connection, actor, scope)
        reading = reading_of(engine, connection, scope)
        back = reading.replaced
        steps = steps_taken(engine, connection, scope, definition, back)
        cases = case_figures(engine, connection, scope)
        few = steps.all.count <= MOST_FOLLOWED
        return FiguresPage(
            sops=sops_of(connection, actor.office),
            scope=scope,
            number=number,
            definition=definition,
            day_length=engine.calendar_of(actor.office).day_length,
            now=engine.clock.now(),
            cases=cases,
            steps=steps,
            variants=variants(engine, connection, scope, definition, back) if few else None,
            rework=rework(engine, connection, scope) if few else None,
            deviations=deviation_counts(reading, steps, cases.cancelled),
        )


def ways_page(engine: Engine, actor: Actor, asked: FiguresAsked) -> WaysPage:
    """Read the ways that cases of an SOP took."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        _number, definition = shown_version(engine, connection, actor, scope)
        back = reading_of(engine, connection, scope).replaced
        return WaysPage(
            sops=sops_of(connection, actor.office),
            scope=scope,
            day_length=engine.calendar_of(actor.office).day_length,
            variants=variants(engine, connection, scope, definition, back),
        )


def usual_sop(engine: Engine, actor: Actor) -> str:
    """Give the key of the SOP with the most cases, else of any; empty where the office has none."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        most = connection.scalar(
            select(process.c.key)
            .join(instance, instance.c.process == process.c.id)
            .where(process.c.office == actor.office)
            .group_by(process.c.key)
            .order_by(func.count().desc(), process.c.key)
            .limit(1)
        )
        return most or next((key for key, _name in sops_of(connection, actor.office)), "")


def shown_version(
    engine: Engine, connection: Connection, actor: Actor, scope: Scope
) -> tuple[int, Definition]:
    """Give the version that was asked for, else the one that counts."""
    if scope.asked.version is not None and scope.version is None:
        raise NotFound(NO_SOP)
    version, number = scope.version, scope.asked.version
    if version is None or number is None:
        one = counting(versions_of(connection, actor, scope.asked.sop)[1])
        version, number = one.id, one.number
    return number, engine.versions.get(version).definition
