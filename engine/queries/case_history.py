"""What happened in a case, newest first: a command and what followed from it are one entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.ids import parse_id
from engine.model.definition import Definition
from engine.model.event import Event, EventKind
from engine.queries.named import in_full, read_names
from engine.storage import office
from engine.storage.events import read_event
from engine.storage.tables import event, task

# They follow from the command before them and stand in its entry.
_FOLLOWING = frozenset({EventKind.TASK_OPENED, EventKind.CASE_ADVANCED})
_DECIDED = "decided"  # bpmn.trail.Happening
_PEOPLE = ("to", "of", "assignee")  # of a payload


_Done = tuple[str | None, int | None, datetime]  # element, round, when
_People = Mapping[UUID, tuple[str, str]]  # name and post


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A step that was opened, with who it was given to (empty: the role's pool)."""

    element: str
    round: int
    role: str
    assignee: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision that was taken on the way. ``rules`` are None where it is no table.

    ``result`` is only with the decision that a task of the diagram takes, not with those it builds on.
    """

    name: str
    rules: tuple[int, ...] | None
    result: Any = None
    is_last: bool = False


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One entry. Who acted is named in full (nobody: the system), others by post, else name."""

    seq: int
    kind: EventKind
    at: datetime
    actor: str
    on_behalf_of: str
    element: str
    round: int
    payload: Mapping[str, Any]  # empty once it was erased
    due_at: datetime | None = None  # of the task that was completed
    person: str = ""  # whom it was given to, asked of, taken from
    opened: tuple[Opened, ...] = ()
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """Some entries, newest first. ``earlier`` counts the events before them; ``oldest`` is their number.

    ``names`` are those of people, units and files in values that were corrected.
    """

    entries: tuple[Happened, ...]
    oldest: int
    earlier: int
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Group:
    first: Event
    opened: list[Event] = field(default_factory=list)
    all: list[Event] = field(default_factory=list)


def history(
    connection: Connection,
    case: UUID,
    definition: Definition,
    *,
    office_id: UUID,
    before: int | None,
    most: int,
) -> History:
    """Read the last ``most`` events before a number, in entries."""
    statement = select(event).where(event.c.stream == case).order_by(event.c.seq.desc()).limit(most)
    if before is not None:
        statement = statement.where(event.c.seq < before)
    found = [read_event(row) for row in connection.execute(statement).mappings()]
    while len(found) > 1 and found[-1].kind in _FOLLOWING:
        found.pop()  # its command stands before it: both belong to the next page
    groups = _grouped(found[::-1])
    said = {one.seq: payload_of(one) for one in found}
    people, dues = _people(connection, found, said), _dues(connection, case, found)
    entries = tuple(_entry(group, said, people, dues, definition) for group in reversed(groups))
    oldest = found[-1].seq if found else 0
    corrected = [said[one.seq] for one in found if one.kind is EventKind.TASK_AMENDED]
    names = read_names(connection, office_id, [[one.get("data"), one.get("was")] for one in corrected])
    return History(entries=entries, oldest=oldest, earlier=max(0, oldest - 1), names=names)


def told_singly(connection: Connection, events: list[Event], definition: Definition) -> list[Happened]:
    """Give every event as an entry of its own, in their order."""
    said = {one.seq: payload_of(one) for one in events}
    people = _people(connection, events, said)
    return [_entry(_Group(first=one, all=[one]), said, people, {}, definition) for one in events]


def told_together(connection: Connection, events: list[Event], definition: Definition) -> Happened:
    """Give the first event with all that followed from it as one entry."""
    said = {one.seq: payload_of(one) for one in events}
    people = _people(connection, events, said)
    opened = [one for one in events[1:] if one.kind is EventKind.TASK_OPENED]
    return _entry(_Group(first=events[0], opened=opened, all=events), said, people, {}, definition)


def _grouped(events: Iterable[Event]) -> list[_Group]:
    """Put what a command led to into its entry."""
    groups: list[_Group] = []
    for one in events:
        if one.kind not in _FOLLOWING or not groups or groups[-1].first.at != one.at:
            groups.append(_Group(first=one))
        groups[-1].all.append(one)
        if one.kind is EventKind.TASK_OPENED:
            groups[-1].opened.append(one)
    return groups


def payload_of(one: Event) -> Mapping[str, Any]:
    """Read what an event says; nothing once it was erased."""
    if one.payload is None:
        return {}
    said = json.loads(one.payload)
    return said if isinstance(said, dict) else {}


def _entry(
    group: _Group,
    said: Mapping[int, Mapping[str, Any]],
    people: _People,
    dues: Mapping[_Done, datetime | None],
    definition: Definition,
) -> Happened:
    first = group.first
    payload = said[first.seq]
    roles = {lane.role: lane.name for lane in definition.lanes}
    return Happened(
        seq=first.seq,
        kind=first.kind,
        at=first.at,
        actor=_in_full(first.actor, people),
        on_behalf_of=_in_full(first.on_behalf_of, people),
        element=first.element or "",
        round=first.round or 1,
        payload=payload,
        due_at=dues.get((first.element, first.round, first.at)),
        person=next((_name(one, people) for one in _people_in(payload)), ""),
        decided=tuple(found for one in group.all for found in decided_in(said[one.seq])),
        opened=tuple(
            Opened(
                element=one.element or "",
                round=one.round or 1,
                role=roles.get(told.get("role", ""), told.get("role", "")),
                assignee=_name(parse_id(told.get("assignee") or ""), people),
            )
            for one, told in ((one, said[one.seq]) for one in group.opened)
        ),
    )


def decided_in(payload: Mapping[str, Any]) -> Iterator[Decided]:
    """Read the decisions out of what happened on the way (``advancing`` wrote it)."""
    for item in payload.get("trail") or ():
        if item[0] != _DECIDED:
            continue
        taken = item[-1]["decided"]
        for place, (_id, name, rules) in enumerate(taken, 1):
            last = place == len(taken)
            yield Decided(
                name=name,
                rules=None if rules is None else tuple(rules),
                result=item[-1]["result"] if last else None,
                is_last=last,
            )


def _name(person: UUID | None, people: _People) -> str:
    name, post = people.get(person, ("", "")) if person is not None else ("", "")
    return post or name


def _in_full(person: UUID | None, people: _People) -> str:
    return in_full(*people.get(person, ("", ""))) if person is not None else ""


def _people_in(payload: Mapping[str, Any]) -> list[UUID]:
    """Find whom an event is about besides who acted: the one named, else the one it was taken from."""
    was = payload.get("was")
    said = [payload.get(key) for key in _PEOPLE]
    said += [was.get(key) for key in ("assignee", "prepared_by")] if isinstance(was, Mapping) else []
    return [found for text in said if isinstance(text, str) and (found := parse_id(text))]


def _dues(connection: Connection, case: UUID, events: list[Event]) -> dict[_Done, datetime | None]:
    """Read when the tasks were due that were completed by these events."""
    if not events:
        return {}
    rows = connection.execute(
        select(task.c.element, task.c.round, task.c.completed_at, task.c.due_at).where(
            task.c.instance == case,
            task.c.completed_at >= events[-1].at,
            task.c.completed_at <= events[0].at,
        )
    )
    return {(row.element, row.round, row.completed_at): row.due_at for row in rows}


def _people(connection: Connection, events: list[Event], said: Mapping[int, Mapping[str, Any]]) -> _People:
    people = {person for one in events for person in (one.actor, one.on_behalf_of) if person is not None}
    people.update(person for payload in said.values() for person in _people_in(payload))
    return office.names_of(connection, people)
