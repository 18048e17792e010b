"""Move demo cases as a process owner does: look at what a version means for them, choose those that may."""

from __future__ import annotations

from engine.actions.batch_slices import work
from engine.actions.batches import Chosen, move_cases, must_load, survey_version
from engine.actions.deployment import Package
from engine.core import Engine
from engine.model.actor import Actor
from engine.storage import versions


def move_all(engine: Engine, actor: Actor, package: Package, reason: str) -> None:
    """Move every open case that may move to the version with the content of a package."""
    with engine.store.reading() as connection:
        process = versions.find_process(connection, actor.office, package.key)
        found = None if process is None else versions.find_digest(connection, process, package.digest)
    assert found is not None  # noqa: S101 - it was put into the library before
    number = found[1]
    survey = survey_version(engine, actor, package.key, number, {})
    _work(engine)
    with engine.store.reading() as connection:
        groups = must_load(connection, actor, survey).result["groups"]
    may = frozenset(key for key, one in groups.items() if one["may_move"])
    move_cases(engine, actor, package.key, number, Chosen(survey=survey, groups=may, reason=reason))
    _work(engine)


def _work(engine: Engine) -> None:
    """Do what the worker would do meanwhile."""
    while work(engine):
        pass
