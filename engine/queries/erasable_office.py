"""What of the office's own record holds a text: what audits wrote, what was looked for, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.erasure import OF_OFFICE
from engine.model.event import EventKind
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.erasable import around
from engine.storage.office import names_of
from engine.storage.tables import event

MOST = 200  # at once; what was erased makes room for the next
_AT_ONCE = 1_000  # events that are read at once
_AROUND = 50  # characters shown on each side of a text that was found
# What the office was told or said itself. All else is the team's alone: of it the text looked for is shown.
_TOLD = frozenset(
    {
        EventKind.FINDING_DELIVERED,
        EventKind.FINDING_ANSWERED,
        EventKind.FINDING_FOLLOWED_UP,
        EventKind.FINDING_CLOSED,
        EventKind.ATTEMPT_REFUSED,
    }
)


@dataclass(frozen=True, kw_only=True)
class OfficeEntry:
    """An event of the office that holds the text; ``around`` is the text, and what stands around it."""

    seq: int
    kind: EventKind
    at: datetime
    actor: str
    around: str


@dataclass(frozen=True, kw_only=True)
class ErasableOffice:
    """The newest entries that hold a text; ``more`` where there are others besides."""

    text: str
    entries: tuple[OfficeEntry, ...]
    more: bool


def erasable_of_office(engine: Engine, actor: Actor, text: str) -> ErasableOffice:
    """Look through what was written in the office's own record, for an administrator; no text, no entries."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotFound(NO_PAGE)
    wanted = text.strip()
    if not wanted:
        return ErasableOffice(text="", entries=(), more=False)
    written = (
        select(event.c.seq, event.c.kind, event.c.at, event.c.actor, event.c.payload)
        .where(
            event.c.stream == actor.office,
            event.c.kind.in_([kind.value for kind in OF_OFFICE]),
            event.c.salt.is_not(None),
            event.c.payload.is_not(None),
        )
        .order_by(event.c.seq.desc())
    )
    found = []
    with engine.store.reading() as connection:
        for row in connection.execute(written, execution_options={"yield_per": _AT_ONCE}):
            if held := around(row.payload, wanted, _AROUND if row.kind in _TOLD else 0):
                found.append((row, held))
            if len(found) > MOST:
                break
        names = names_of(connection, {row.actor for row, _held in found if row.actor})
    return ErasableOffice(
        text=wanted,
        entries=tuple(
            OfficeEntry(
                seq=row.seq,
                kind=EventKind(row.kind),
                at=row.at,
                actor=next((part for part in reversed(names.get(row.actor, ("", ""))) if part), ""),
                around=held,
            )
            for row, held in found[:MOST]
        ),
        more=len(found) > MOST,
    )
