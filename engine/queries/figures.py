"""The figures of an SOP in a period: cases, steps against their standard times, and where time is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

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
    variants: Variants
    rework: Rework
    deviations: Mapping[DeviationKind, int]


def figures_page(engine: Engine, actor: Actor, asked: FiguresAsked) -> FiguresPage:
    """Read the figures of an SOP of the actor's office."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        number, definition = shown_version(engine, connection, actor, scope)
        reading = reading_of(engine, connection, scope)
        back = reading.replaced
        return FiguresPage(
            sops=sops_of(connection, actor.office),
            scope=scope,
            number=number,
            definition=definition,
            day_length=engine.calendar_of(actor.office).day_length,
            now=engine.clock.now(),
            cases=case_figures(engine, connection, scope),
            steps=steps_taken(engine, connection, scope, definition, back),
            variants=variants(engine, connection, scope, definition, back),
            rework=rework(engine, connection, scope),
            deviations=deviation_counts(reading),
        )


def usual_sop(engine: Engine, actor: Actor) -> str:
    """Give the key of the SOP whose case was begun last, else of any; empty where the office has none."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        last = connection.scalar(
            select(process.c.key)
            .join(instance, instance.c.process == process.c.id)
            .where(instance.c.office == actor.office)
            .order_by(instance.c.id.desc())
            .limit(1)
        )
        return last or next((key for key, _name in sops_of(connection, actor.office)), "")


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
