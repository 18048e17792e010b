"""The events of a case as a list to choose from: some around one, of all kinds or of one group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, true

from engine.model.definition import Definition
from engine.model.event import Event, EventKind
from engine.model.permission import RoleKind
from engine.model.replay import Moment, Note, Noted
from engine.queries.case_access import CaseFacts
from engine.queries.case_history import Happened, told_singly
from engine.queries.replay_reading import events_at
from engine.storage.tables import event, role

BEFORE, AFTER = 14, 25  # events that are listed before and behind the one that is shown
_MOST_LATE = 1000


class EventGroup(StrEnum):
    """Events that are looked for together."""

    ALL = "all"
    STEPS = "steps"  # opened, done, sent back, no longer needed
    HOLDERS = "holders"  # who had a task, and whether its clock ran
    PAPERS = "papers"  # documents, comments, drafts saved by hand
    LATE = "late"  # after which a due time passed
    REFUSED = "refused"
    DEVIATIONS = "deviations"  # corrected, sent back, moved, withdrawn, cancelled
    PROBLEMS = "problems"


# Due times that passed are rows between events: where these or all events are looked for.
_WITH_DUE_TIMES = frozenset({EventGroup.ALL, EventGroup.LATE})
_KINDS: dict[EventGroup, tuple[str, ...]] = {
    EventGroup.STEPS: (
        *("case.started", "case.finished", "case.advanced", "task.opened", "task.completed"),
        *("task.cancelled", "task.returned", "completion.withdrawn"),
    ),
    EventGroup.HOLDERS: (
        *("task.claimed", "task.released", "task.assigned", "task.taken-back"),
        *("task.preparation-asked", "task.preparation-ended", "clock.paused", "clock.resumed"),
    ),
    EventGroup.PAPERS: ("document.added", "comment.added", "draft.saved"),
    EventGroup.REFUSED: ("attempt.refused",),
    EventGroup.DEVIATIONS: (
        *("task.amended", "task.returned", "case.moved", "case.move-undone"),
        *("completion.withdrawn", "case.cancelled", "incident.corrected"),
    ),
    EventGroup.PROBLEMS: tuple(
        kind.value for kind in EventKind if kind.value.startswith(("incident.", "job.", "message."))
    ),
}


@dataclass(frozen=True, kw_only=True)
class ListedEvent:
    """An event of the list; ``version`` is the number of the one by which the case went on."""

    happened: Happened
    version: int
    by_administrator: bool
    notes: tuple[Note, ...]  # what makes it worth finding; due times that passed after it


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Some events in their order; ``earlier`` and ``later`` lead to others, None where there are none."""

    group: EventGroup
    rows: tuple[ListedEvent, ...]
    earlier: int | None
    later: int | None
    total: int


def listing(
    connection: Connection,
    facts: CaseFacts,
    definitions: Mapping[int, Definition],
    whole: Moment,
    group: EventGroup,
    around: int,
) -> Listing:
    """List the events of a group around a number; ``whole`` is the case after its last event."""
    wanted = [event.c.stream == facts.id, _of(group, whole)]
    seqs = select(event.c.seq).where(*wanted)
    before = connection.scalars(
        seqs.where(event.c.seq <= around).order_by(event.c.seq.desc()).limit(BEFORE + 1)
    ).all()
    after = connection.scalars(seqs.where(event.c.seq > around).order_by(event.c.seq).limit(AFTER + 1)).all()
    shown = [*reversed(before[:BEFORE]), *after[:AFTER]]
    found = list(events_at(connection, facts.id, shown))
    return Listing(
        group=group,
        rows=tuple(_rows(connection, facts, definitions, whole, group, found)),
        earlier=shown[0] - 1 if len(before) > BEFORE else None,
        later=shown[-1] if len(after) > AFTER else None,
        total=connection.scalar(select(func.count()).select_from(event).where(*wanted)) or 0,
    )


def _of(group: EventGroup, whole: Moment) -> ColumnElement[bool]:
    if group is EventGroup.ALL:
        return true()
    if group is EventGroup.LATE:
        return event.c.seq.in_([note.seq for note in whole.notes if note.what is Noted.LATE][-_MOST_LATE:])
    return event.c.kind.in_(_KINDS[group])


def _rows(
    connection: Connection,
    facts: CaseFacts,
    definitions: Mapping[int, Definition],
    whole: Moment,
    group: EventGroup,
    found: Sequence[Event],
) -> Iterator[ListedEvent]:
    notes: dict[int, list[Note]] = {}
    for note in whole.notes:
        if note.what is not Noted.LATE or group in _WITH_DUE_TIMES:
            notes.setdefault(note.seq, []).append(note)
    administrators = _administrators(connection, facts.office)
    for version, events in groupby(found, key=lambda one: whole.version_at(one.seq)):
        for happened in told_singly(connection, list(events), definitions[version]):
            yield ListedEvent(
                happened=happened,
                version=version,
                by_administrator=not administrators.isdisjoint(happened.payload.get("roles") or ()),
                notes=tuple(notes.get(happened.seq, ())),
            )


def _administrators(connection: Connection, office_id: UUID) -> frozenset[str]:
    """Name the roles of administrators."""
    wanted = role.c.office == office_id, role.c.kind == RoleKind.ADMINISTRATOR.value
    return frozenset(connection.scalars(select(role.c.key).where(*wanted)))
