"""What a failed step saw, beside what the case has now; and one value of it, to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.bpmn.reads import readings
from engine.core import Engine
from engine.dmn.deciding import Decisions
from engine.errors import AlurError, Conflict, NotFound, say
from engine.model.actor import Actor
from engine.model.correction import ValueKind, digest_of, kind_of, places_of, value_at
from engine.model.incident import IncidentKind
from engine.model.task import TaskKey
from engine.model.unseen import NO_INCIDENT
from engine.queries.incident_access import load_incident
from engine.storage import instances
from engine.storage.incidents import Incident


@dataclass(frozen=True, kw_only=True)
class SeenPlace:
    """One value the failed step saw. ``cut``: of a long one the beginning, as JSON."""

    path: tuple[str, ...]
    value: Any
    cut: str | None
    now: Any  # in the case; only where it ``differs``
    differs: bool
    correctable: bool


@dataclass(frozen=True, kw_only=True)
class ValuePage:
    """A value to correct."""

    incident: Incident
    number: str
    title: str
    path: tuple[str, ...]
    value: Any
    kind: ValueKind
    seen: str  # see model.correction.Correction


def value_page(engine: Engine, actor: Actor, incident_id: UUID, path: Sequence[str]) -> ValuePage:
    """Read a value of the case that an open incident's step saw."""
    with engine.store.reading() as connection:
        found = load_incident(connection, actor, incident_id)
        known = known_of(engine, connection, found)
        case = instances.load(connection, found.instance, actor.person) if found.instance else None
    if case is None or known is None:
        raise Conflict(say("There is no value to correct: no case runs."))
    if not path or path[0] not in names_of(engine, found, known):
        raise NotFound(NO_INCIDENT)
    try:
        value = value_at(known, path)
    except KeyError:
        if tuple(path) != (found.missing,):
            raise NotFound(NO_INCIDENT) from None
        value = None
    return ValuePage(
        incident=found,
        number=case.number,
        title=case.title,
        path=tuple(path),
        value=value,
        kind=kind_of(value),
        seen=digest_of(value),
    )


def known_of(engine: Engine, connection: Connection, found: Incident) -> dict[str, Any] | None:
    """Read the variables where the case waits; None where it does not, or its state cannot be read."""
    case = instances.load(connection, found.instance, None) if found.instance and found.is_open else None
    if case is None or case.state is None:
        return None
    tried = found.tried
    key = TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    try:
        return engine.runner.known_at(case.saved, key)
    except (AlurError, ValueError, KeyError):
        return None


def names_of(engine: Engine, found: Incident, known: dict[str, Any]) -> frozenset[str]:
    """Name the variables that can be corrected: those the step saw, or that a job's inputs are made of."""
    if found.kind is not IncidentKind.JOB:
        return found.names
    return frozenset(place.path[0] for place in source_places(engine, found, known))


def source_places(engine: Engine, found: Incident, known: dict[str, Any] | None) -> list[SeenPlace]:
    """Give what the inputs of a job are made of: they are worked out anew when it is tried again."""
    if found.kind is not IncidentKind.JOB or known is None:
        return []
    read = readings(engine.versions.diagram_of(found.version), Decisions({}), {found.element})
    return [
        SeenPlace(path=path, value=value, cut=None, now=value, differs=False, correctable=True)
        for name, variable in known.items()
        for path, value in places_of(name, variable)
        if any(one.reads(name, path[1] if len(path) > 1 else "") for one in read)
    ]


def seen_places(found: Incident, known: dict[str, Any] | None, sent: frozenset[str]) -> list[SeenPlace]:
    """Put each value beside what it is now, where the case has it and it can be corrected."""
    places: list[SeenPlace] = []
    for seen in found.seen:
        free = known is not None and seen.name in known and seen.name not in sent
        if seen.cut is not None:
            places.append(_place((seen.name,), None, seen.cut, known if free else None))
            continue
        places += [
            _place(path, value, None, known if free else None)
            for path, value in places_of(seen.name, seen.value)
        ]
    return places


def _place(path: tuple[str, ...], value: Any, cut: str | None, known: dict[str, Any] | None) -> SeenPlace:  # noqa: ANN401 - JSON value
    try:
        now = value_at(known, path) if known is not None else value
    except KeyError:
        now, known = value, None
    differs = known is not None and cut is None and now != value
    return SeenPlace(path=path, value=value, cut=cut, now=now, differs=differs, correctable=known is not None)
