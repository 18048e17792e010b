"""What stands still: the list of incidents, and one with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from engine.core import Engine
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.correction import is_sent
from engine.model.definition import Definition
from engine.model.incident import Cause, IncidentKind, IncidentState
from engine.model.permission import Permission
from engine.model.task import TaskKey
from engine.queries.case_page import CaseStands, case_stands
from engine.queries.case_tasks import TaskLine
from engine.queries.incident_access import load_incident, must_solve
from engine.queries.incident_events import IncidentEvent, events_of
from engine.queries.incident_values import SeenPlace, known_of, seen_places, source_places
from engine.queries.named import in_full
from engine.storage import office
from engine.storage.incidents import Incident, read_incident
from engine.storage.tables import incident, instance, process, process_version

PAGE = 25
COUNTED = 100  # where counting stops: shown as "99+"
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
    sources: tuple[SeenPlace, ...]  # of a job: the values of the case that it was handed something of
    wholes: tuple[str, ...]  # variables of several places that can be corrected as a whole
    sent: frozenset[str]  # variables that come with the completion
    missing: bool  # nobody has set a variable that the step names, and it can be set
    events: tuple[IncidentEvent, ...]
    solved_by: str
    can_retry: bool
    can_close: bool


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
        found = load_incident(connection, actor, incident_id)
        sop = connection.execute(
            select(process.c.id, process.c.name, process.c.key, process_version.c.number)
            .join(process, process.c.id == process_version.c.process)
            .where(process_version.c.id == found.version)
        ).one()
        events = events_of(connection, found, found.instance or sop.id)
        known = known_of(engine, connection, found)
        solver = office.names_of(connection, {found.solved_by} if found.solved_by else set())
    stands = case_stands(engine, actor, found.instance) if found.instance else None
    names = (value.name for value in found.seen)
    sent = frozenset(name for name in names if is_sent(found.kind, found.tried, found.sent, name))
    places = tuple(seen_places(found, known, sent))
    return IncidentPage(
        incident=found,
        definition=engine.versions.get(found.version).definition,
        sop_name=sop.name,
        sop_key=sop.key,
        version_number=sop.number,
        stands=stands,
        task=_task(stands, found),
        places=places,
        sources=tuple(source_places(engine, found, known)),
        wholes=tuple(dict.fromkeys(one.path[0] for one in places if one.correctable and len(one.path) > 1)),
        sent=sent,
        missing=bool(found.missing) and known is not None and found.missing not in known,
        events=events,
        solved_by=in_full(*next(iter(solver.values()))) if solver else "",
        can_retry=found.is_open and found.tried.cause in _TRIED_FROM_HERE,
        can_close=found.is_open and found.tried.cause in _CLOSED_BY_HAND and _may_close(actor, found),
    )


def _may_close(actor: Actor, found: Incident) -> bool:
    return found.kind is not IncidentKind.SUSPENDED or actor.may(Permission.RESUME_SOPS)


def _open_count(connection: Connection, actor: Actor) -> int:
    some = (
        select(incident.c.id)
        .where(incident.c.office == actor.office, incident.c.state == IncidentState.OPEN)
        .limit(COUNTED)
        .subquery()
    )
    return int(connection.scalar(select(func.count()).select_from(some)) or 0)


def _task(stands: CaseStands | None, found: Incident) -> TaskLine | None:
    tried = found.tried
    if stands is None or tried.cause is not Cause.COMPLETION:
        return None
    key = TaskKey(element=tried.element, round=tried.round, iteration=tried.iteration)
    return next((line for line in stands.open if line.task.key == key), None)
