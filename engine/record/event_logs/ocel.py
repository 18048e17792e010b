"""OCEL 2.0: events and the objects they are about, in the words that both of its files share.

Objects are cases, the steps of each, documents, people, roles and versions of SOPs. The type of an activity
is the name of its step; that of every other event is its kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from engine.queries.event_log import DocumentRow
from engine.record.event_logs.entries import Entry
from engine.record.event_logs.flat import instant, person_of
from engine.record.event_logs.log import Log, Trace
from engine.record.legible import legible

Value = str | int | bool
Relation = tuple[str, str]  # the object, and what it is to this one

# Object type -> attribute -> its type (OCEL 2.0: string, time, integer, float, boolean).
OBJECT_TYPES: Mapping[str, Mapping[str, str]] = {
    "case": {
        "number": "string",
        "title": "string",
        "year": "integer",
        "sop": "string",
        "status": "string",
        "trial": "boolean",
        "started": "time",
        "ended": "time",
    },
    "step": {"name": "string", "element": "string", "round": "integer", "iteration": "integer"},
    "document": {"name": "string", "version": "integer", "state": "string"},
    "person": {"name": "string", "post": "string"},
    "role": {"name": "string"},
    "sop_version": {"sop": "string", "name": "string", "number": "integer"},
}
EVENT_ATTRIBUTES: Mapping[str, str] = {
    "kind": "string",
    "record": "string",  # number of the event in the record of its case
    "transition": "string",
    "element": "string",
    "begun": "time",
    "worked": "integer",
    "waited": "integer",
    "withdrawn": "boolean",
    "payload": "string",
}
ALWAYS = "1970-01-01T00:00:00Z"  # the time of what an object is from its beginning (OCEL 2.0 § 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """An object."""

    id: str
    type: str
    attributes: Mapping[str, Value]
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event."""

    id: str
    type: str
    time: str
    attributes: Mapping[str, Value]
    relations: tuple[Relation, ...]


def told(log: Log) -> Iterator[Thing | Happened]:
    """Go through events and objects once; an object comes after the last event of its case, or of all."""
    known: dict[str, Thing] = {}  # people, roles and versions: as many as an office has
    documents = _Documents(log)
    for trace in log.traces():
        steps: dict[str, Thing] = {}
        for one in trace.entries:
            yield _happened(log, trace, one, steps, known)
        yield from steps.values()
        yield from documents.of(trace.id)
        yield _case(log, trace, known)
    yield from known.values()


class _Documents:
    """Documents of one case after the other, in the order of the cases."""

    def __init__(self, log: Log) -> None:
        self._cases = groupby(log.documents(), key=lambda row: row.case)
        self._next = next(self._cases, None)

    def of(self, case: UUID) -> Iterator[Thing]:
        while self._next is not None and self._next[0] <= case:
            found, rows = self._next
            if found == case:
                yield from map(_document, rows)
            self._next = next(self._cases, None)


def _document(row: DocumentRow) -> Thing:
    return Thing(
        id=_document_id(row.case, row.no),
        type="document",
        attributes={"name": legible(row.name), "version": row.version, "state": row.state},
        relations=((f"case:{row.case.hex}", "of"),),
    )


def _document_id(case: UUID, no: int) -> str:
    return f"document:{case.hex}:{no}"


def _case(log: Log, trace: Trace, known: dict[str, Thing]) -> Thing:
    attributes: dict[str, Value] = {
        "number": legible(trace.number),
        "title": legible(trace.title),
        "year": trace.year,
        "sop": trace.sop,
        "status": trace.status,
        "trial": trace.trial,
        "started": instant(trace.started_at),
    }
    if trace.ended_at:
        attributes["ended"] = instant(trace.ended_at)
    version = _version(log, trace.version, known)
    return Thing(
        id=f"case:{trace.id.hex}", type="case", attributes=attributes, relations=((version, "follows"),)
    )


def _happened(
    log: Log, trace: Trace, one: Entry, steps: dict[str, Thing], known: dict[str, Thing]
) -> Happened:
    relations = [(f"case:{trace.id.hex}", "case"), (_version(log, one.version, known), "by")]
    if one.element:
        relations.append((_step(trace, one, steps), "step"))
    if one.role:
        relations.append((_role(log, one.role, known), "role"))
    for person, qualifier in (
        (one.person, "actor"),
        (one.on_behalf_of, "on behalf of"),
        (one.about, "about"),
    ):
        if person:
            relations.append((_person(log, person, known), qualifier))
    relations += [(_document_id(trace.id, no), "leaves") for no in one.documents]
    return Happened(
        id=f"event:{trace.id.hex}:{one.id}",
        type=legible(one.activity) if one.is_activity else one.kind,
        time=instant(_time(one)),
        attributes=_attributes(one),
        relations=tuple(dict.fromkeys(relations)),
    )


def _time(one: Entry) -> datetime:
    """Put steps that were passed at once a microsecond apart: OCEL has no order but that of time."""
    part = one.id.partition(".")[2]
    return one.at + int(part or 0) * timedelta(microseconds=1)


def _attributes(one: Entry) -> dict[str, Value]:
    found: dict[str, Any] = {
        "kind": one.kind,
        "record": one.id,
        "transition": one.transition,
        "element": one.element or None,
        "begun": _instant(one.begun),
        "worked": one.worked,
        "waited": one.waited,
        "withdrawn": one.withdrawn,
        "payload": None if one.payload is None else json.dumps(one.payload, ensure_ascii=False),
    }
    return {name: value for name, value in found.items() if value is not None}


def _instant(at: datetime | None) -> str | None:
    return instant(at) if at else None


def _step(trace: Trace, one: Entry, steps: dict[str, Thing]) -> str:
    id_ = f"step:{trace.id.hex}:{one.element}:{one.round or 1}:{one.iteration or 0}"
    if id_ not in steps:
        attributes: dict[str, Value] = {
            "name": legible(one.activity),
            "element": one.element,
            "round": one.round or 1,
            "iteration": one.iteration or 0,
        }
        steps[id_] = Thing(
            id=id_, type="step", attributes=attributes, relations=((f"case:{trace.id.hex}", "of"),)
        )
    return id_


def _person(log: Log, person: UUID, known: dict[str, Thing]) -> str:
    id_ = f"person:{person.hex}"
    if id_ not in known:
        name, post = map(legible, person_of(log, person))
        known[id_] = Thing(id=id_, type="person", attributes={"name": name, "post": post})
    return id_


def _role(log: Log, role: str, known: dict[str, Thing]) -> str:
    id_ = f"role:{role}"
    if id_ not in known:
        name = legible(log.subjects.roles.get(role, role))
        known[id_] = Thing(id=id_, type="role", attributes={"name": name})
    return id_


def _version(log: Log, version: UUID, known: dict[str, Thing]) -> str:
    id_ = f"sop_version:{version.hex}"
    if id_ not in known:
        about = log.subjects.versions[version]
        attributes: dict[str, Value] = {
            "sop": about.sop,
            "name": legible(about.name),
            "number": about.number,
        }
        known[id_] = Thing(id=id_, type="sop_version", attributes=attributes)
    return id_
