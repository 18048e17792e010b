"""One event of a replayed case: who, in which role, for whom, what was entered, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.actor import Standing
from engine.model.definition import Definition, Edge
from engine.model.event import Event, EventKind
from engine.model.permission import RoleKind
from engine.model.replay import Moment
from engine.queries.case_access import CaseFacts
from engine.queries.case_history import Happened, payload_of, told_together
from engine.queries.replay_entered import HANDED_IN, Correction, Entered, correction_by, entered_by
from engine.storage.tables import role
from engine.storage.versions import Version

_CHOOSING = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
_DOCUMENT_PARTS = 4  # number, name, version, digest


@dataclass(frozen=True, kw_only=True)
class ActingRole:
    """A role that the actor held when they acted, and how."""

    label: str
    standing: Standing
    is_administrator: bool


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A gateway that chose: its name, and that of the flow (else of where it leads)."""

    gateway: str
    flow: str


@dataclass(frozen=True, kw_only=True)
class PaperAdded:
    """A version of a document that an event added; ``no`` is its address in the case."""

    no: int
    name: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ShownEvent:
    """An event with all that followed from it at once. ``first`` is the first event of what was done."""

    happened: Happened
    first: int
    roles: tuple[ActingRole, ...]
    chosen: tuple[Chosen, ...] = ()
    closed: tuple[tuple[str, int], ...] = ()  # steps that were no longer needed: element, round
    ended: bool = False
    entered: Entered | None = None
    correction: Correction | None = None
    papers: tuple[PaperAdded, ...] = ()
    erased: bool = False

    @property
    def by_administrator(self) -> bool:
        """Tell whether it was done by somebody who held an administrator's role."""
        return any(one.is_administrator for one in self.roles)


def shown_event(
    connection: Connection, facts: CaseFacts, act: list[Event], seq: int, version: Version, moment: Moment
) -> ShownEvent:
    """Tell an event of what was done at once (``act``), with what followed; ``moment`` is after all of it."""
    place = next(index for index, one in enumerate(act) if one.seq == seq)
    one, led = act[place], act[place + 1 :] if place == 0 else []
    said = [payload_of(event) for event in (one, *led)]
    definition = version.definition
    return ShownEvent(
        happened=told_together(connection, [one, *led], definition),
        first=act[0].seq,
        roles=_roles(connection, facts.office, payload_of(act[0])),
        chosen=tuple(_chosen(definition, [flow for told in said for flow in _flows(told)])),
        closed=tuple(
            (other.element or "", other.round or 1) for other in led if other.kind is EventKind.TASK_CANCELLED
        ),
        ended=any(other.kind is EventKind.CASE_FINISHED for other in led),
        entered=entered_by(connection, facts, one, said[0], version, moment),
        correction=correction_by(connection, facts.id, one, said[0], moment),
        papers=tuple(_papers(one, said[0])),
        erased=one.payload is None,
    )


def _roles(connection: Connection, office_id: UUID, said: Mapping[str, Any]) -> tuple[ActingRole, ...]:
    held: Mapping[str, str] = said.get("roles") or {}
    if not held:
        return ()
    rows = connection.execute(
        select(role.c.key, role.c.label, role.c.kind)
        .where(role.c.office == office_id, role.c.key.in_(list(held)))
        .order_by(role.c.position)
    )
    known = {row.key: row for row in rows}
    return tuple(
        ActingRole(
            label=known[key].label if key in known else key,
            standing=Standing(standing),
            is_administrator=key in known and known[key].kind == RoleKind.ADMINISTRATOR,
        )
        for key, standing in held.items()
    )


def _flows(said: Mapping[str, Any]) -> Iterator[str]:
    for item in said.get("trail") or ():
        if item[0] == "flow":
            yield item[1]


def _chosen(definition: Definition, flows: list[str]) -> Iterator[Chosen]:
    edges = {edge.element: edge for edge in definition.diagram.edges}
    types = {shape.element: shape.type for shape in definition.diagram.shapes}
    for flow in flows:
        edge = edges.get(flow)
        if edge is None or types.get(edge.source) not in _CHOOSING or _is_alone(edge, edges):
            continue
        yield Chosen(
            gateway=definition.name_of(edge.source), flow=edge.name or definition.name_of(edge.target)
        )


def _is_alone(edge: Edge, edges: Mapping[str, Edge]) -> bool:
    return sum(other.source == edge.source for other in edges.values()) < 2  # noqa: PLR2004 - no choice


def _papers(one: Event, said: Mapping[str, Any]) -> Iterator[PaperAdded]:
    if one.kind is EventKind.DOCUMENT_ADDED and "no" in said:
        yield PaperAdded(no=said["no"], name=str(said.get("name", "")), version=said.get("version", 1))
    if one.kind in HANDED_IN:
        for entry in said.get("documents") or ():
            if len(entry) >= _DOCUMENT_PARTS:
                yield PaperAdded(no=entry[0], name=entry[1], version=entry[2])
