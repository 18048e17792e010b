"""What stands still: the list of incidents, one with all that is known of it, and a value to correct."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from engine.core import Engine
from engine.errors import AlurError, Conflict, NotFound, say
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.correction import ValueKind, digest_of, is_sent, kind_of, places_of, value_at
from engine.model.definition import Definition
from engine.model.event import EventKind
from engine.model.incident import Cause, IncidentState
from engine.model.permission import Permission
from engine.model.task import TaskKey
from engine.queries.case_page import CaseStands, case_stands
from engine.queries.case_tasks import TaskLine
from engine.queries.named import in_full
from engine.storage import incidents, instances, office
from engine.storage.events import read_event
from engine.storage.incidents import Incident, read_incident
from engine.storage.tables import event, incident, instance, process, process_version

PAGE = 25
COUNTED = 100  # where counting stops: shown as "99+"
_MOST_EVENTS = 100  # of one incident, the last ones
NO_INCIDENT = say("This problem does not exist, or it is not for your role.")
_KINDS = (
    EventKind.INCIDENT_OPENED,
    EventKind.INCIDENT_RETRIED,
    EventKind.INCIDENT_CORRECTED,
    EventKind.INCIDENT_SOLVED,
)
_TRIED_FROM_HERE = frozenset(Cause) - {Cause.VERSION}
_CLOSED_BY_HAND = frozenset({Cause.START, Cause.VERSION})


@dataclass(frozen=True, kw_only=True)
class IncidentLine:
    """An incident in the list. Where no case could be started, number and title are empty."""

    incident: Incident
    number: str
    title: str
    sop_name: str


@dataclass(frozen=True, kw_only=True)
class IncidentList:
    """A page of the list, the newest first; ``after`` names its last row where more follow."""

    rows: tuple[IncidentLine, ...]
    after: str
    open: int  # stops at COUNTED


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
class IncidentEvent:
    """What was done about it. Who acted is named in full; nobody is the system."""

    kind: EventKind
    at: datetime
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """Everything that is known of an incident."""

    incident: Incident
    definition: Definition
    sop_name: str
    sop_key: str
    version_number: int
    stands: CaseStands | None  # None: no case could be started
    task: TaskLine | None  # that could not be completed
    places: tuple[SeenPlace, ...]
    wholes: tuple[str, ...]  # variables of several places that can be corrected as a whole
    sent: frozenset[str]  # variables that come with the completion
    missing: bool  # nobody has set a variable that the step names, and it can be set
    events: tuple[IncidentEvent, ...]
    solved_by: str
    can_retry: bool
    can_close: bool


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


def must_solve(actor: Actor) -> None:
    """Let only those in who look after incidents; for others there is nothing to be seen."""
    if not actor.may(Permission.SOLVE_INCIDENTS):
        raise NotFound(NO_INCIDENT)


def open_count(engine: Engine, actor: Actor) -> int:
    """Count the open incidents of the office, up to COUNTED; 0 for whoever does not look after them."""
    if not actor.may(Permission.SOLVE_INCIDENTS):
        return 0
    with engine.store.reading() as connection:
        return _open_count(connection, actor)


def incident_list(engine: Engine, actor: Actor, state: IncidentState, *, after: str = "") -> IncidentList:
    """List open or solved incidents, the newest first."""
    must_solve(actor)
    conditions: list[ColumnElement[bool]] = [incident.c.office == actor.office, incident.c.state == state]
    if last := parse_id(after):
        conditions.append(incident.c.id < last)
    statement = (
        select(
            incident,
            instance.c.number,
            instance.c.title,
            process.c.name.label("sop_name"),
        )
        .outerjoin(instance, instance.c.id == incident.c.instance)
        .join(process_version, process_version.c.id == incident.c.version)
        .join(process, process.c.id == process_version.c.process)
        .where(*conditions)
        .order_by(incident.c.id.desc())
        .limit(PAGE + 1)
    )
    with engine.store.reading() as connection:
        found = [
            IncidentLine(
                incident=read_incident(row),
                number=row["number"] or "",
                title=row["title"] or "",
                sop_name=row["sop_name"],
            )
            for row in connection.execute(statement).mappings()
        ]
        counted = _open_count(connection, actor)
    rows = tuple(found[:PAGE])
    return IncidentList(rows=rows, after=rows[-1].incident.id.hex if len(found) > PAGE else "", open=counted)


def incident_page(engine: Engine, actor: Actor, incident_id: UUID) -> IncidentPage:
    """Read an incident with the data seen, the case it stops, and what was done about it."""
    with engine.store.reading() as connection:
        found = _load(connection, actor, incident_id)
        sop = connection.execute(
            select(process.c.id, process.c.name, process.c.key, process_version.c.number)
            .join(process, process.c.id == process_version.c.process)
            .where(process_version.c.id == found.version)
        ).one()
        events = _events(connection, found, found.instance or sop.id)
        known = _known(engine, connection, found)
        solver = office.names_of(connection, {found.solved_by} if found.solved_by else set())
    stands = case_stands(engine, actor, found.instance) if found.instance else None
    names = (value.name for value in found.seen)
    sent = frozenset(name for name in names if is_sent(found.kind, found.tried, found.sent, name))
    places = tuple(_places(found, known, sent))
    return IncidentPage(
        incident=found,
        definition=engine.versions.get(found.version).definition,
        sop_name=sop.name,
        sop_key=sop.key,
        version_number=sop.number,
        stands=stands,
        task=_task(stands, found),
        places=places,
        wholes=tuple(dict.fromkeys(one.path[0] for one in places if one.correctable and len(one.path) > 1)),
        sent=sent,
        missing=bool(found.missing) and known is not None and found.missing not in known,
        events=events,
        solved_by=in_full(*next(iter(solver.values()))) if solver else "",
        can_retry=found.is_open and found.tried.cause in _TRIED_FROM_HERE,
        can_close=found.is_open and found.tried.cause in _CLOSED_BY_HAND,
    )


def value_page(engine: Engine, actor: Actor, incident_id: UUID, path: Sequence[str]) -> ValuePage:
    """Read a value of the case that an open incident's step saw."""
    with engine.store.reading() as connection:
        found = _load(connection, actor, incident_id)
        known = _known(engine, connection, found)
        case = instances.load(connection, found.instance, actor.person) if found.instance else None
    if case is None or known is None or not path:
        raise Conflict(say("There is no value to correct: no case runs."))
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


def _load(connection: Connection, actor: Actor, incident_id: UUID) -> Incident:
    must_solve(actor)
    found = incidents.load(connection, incident_id, actor.office)
    if found is None:
        raise NotFound(NO_INCIDENT)
    return found


def _open_count(connection: Connection, actor: Actor) -> int:
    some = (
        select(incident.c.id)
        .where(incident.c.office == actor.office, incident.c.state == IncidentState.OPEN)
        .limit(COUNTED)
        .subquery()
    )
    return int(connection.scalar(select(func.count()).select_from(some)) or 0)


def _known(engine: Engine, connection: Connection, found: Incident) -> dict[str, Any] | None:
    """Read the variables where the case waits; None where it does not, or its state cannot be read."""
    case = instances.load(connection, found.instance, None) if found.instance and found.is_open else None
    if case is None or case.state is None:
        return None
    tried = found.tried
    key = TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    try:
        return engine.runner.known_at(version=case.version, state=case.state, key=key)
    except (AlurError, ValueError, KeyError):
        return None


def _places(found: Incident, known: dict[str, Any] | None, sent: frozenset[str]) -> list[SeenPlace]:
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


def _task(stands: CaseStands | None, found: Incident) -> TaskLine | None:
    tried = found.tried
    if stands is None or tried.cause is not Cause.COMPLETION:
        return None
    key = TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    return next((line for line in stands.open if line.task.key == key), None)


def _job_retried(found: Incident) -> ColumnElement[bool]:
    """Tell in a statement over events that somebody had the job tried again."""
    tried = found.tried
    if tried.cause is not Cause.JOB:
        return false()
    return and_(
        event.c.kind == EventKind.JOB_RETRIED.value,
        event.c.element == tried.element,
        event.c.round == tried.round,
        event.c.iteration == tried.iteration,
        *([event.c.at <= found.solved_at] if found.solved_at else []),
    )


def _events(connection: Connection, found: Incident, stream: UUID) -> tuple[IncidentEvent, ...]:
    """Read what the record says of an incident, the newest first."""
    rows = connection.execute(
        select(event)
        .where(
            event.c.stream == stream,
            event.c.at >= found.first_at,
            or_(
                and_(
                    event.c.kind.in_([kind.value for kind in _KINDS]),
                    event.c.payload.like(f'%"incident":"{found.id.hex}"%'),
                ),
                _job_retried(found),
            ),
        )
        .order_by(event.c.seq.desc())
        .limit(_MOST_EVENTS)
    ).mappings()
    read = [read_event(row) for row in rows]
    names = office.names_of(connection, {one.actor for one in read if one.actor is not None})
    return tuple(
        IncidentEvent(
            kind=one.kind,
            at=one.at,
            actor=in_full(*names.get(one.actor, ("", ""))) if one.actor else "",
            payload=json.loads(one.payload or "{}"),
        )
        for one in read
    )
