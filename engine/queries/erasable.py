"""What of an ended case can be erased: entries and documents, and which of them hold a text."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.definition import Definition
from engine.model.erasure import NEVER_ERASED, values_in
from engine.model.event import EventKind
from engine.model.permission import Permission
from engine.model.unseen import NO_CASE
from engine.queries.case_access import CaseFacts, case_facts
from engine.storage import archive_rows, office
from engine.storage.archiving import is_audited
from engine.storage.erasing import title_stays
from engine.storage.tables import blob, document, event, instance

_AROUND = 50  # characters shown on each side of a text that was found


@dataclass(frozen=True, kw_only=True)
class ErasableEntry:
    """An event that says something; ``around`` is what stands around the text looked for.

    ``is_cut_off``: an erasure was cut off; the archive file has its text no more, the record does not say so.
    """

    seq: int
    kind: EventKind
    at: datetime
    element: str
    round: int
    actor: str
    around: str
    is_cut_off: bool


@dataclass(frozen=True, kw_only=True)
class ErasablePaper:
    """A document with bytes; ``is_found`` tells that its name or that of its file has the text looked for."""

    no: int
    name: str
    version: int
    filename: str
    is_found: bool


@dataclass(frozen=True, kw_only=True)
class ErasablePage:
    """A case, and what can be erased of it: nothing while it runs."""

    facts: CaseFacts
    definition: Definition
    text: str
    entries: tuple[ErasableEntry, ...]
    papers: tuple[ErasablePaper, ...]
    title_stays: bool  # it is signed in an archive file
    is_audited: bool  # a question or a finding about it is not done with


def erasable(engine: Engine, actor: Actor, case: UUID, text: str = "") -> ErasablePage:
    """Read what can be erased of a case, for an administrator."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise NotFound(NO_CASE)
    with engine.store.reading() as connection:
        facts = case_facts(connection, actor, case)
        wanted = text.strip()
        ended = not facts.is_running
        stays = ended and _title_stays(engine, connection, case)
        staying = NEVER_ERASED | ({EventKind.CASE_STARTED} if stays else set())
        return ErasablePage(
            facts=facts,
            definition=engine.versions.get(facts.version).definition,
            text=wanted,
            entries=tuple(_entries(connection, case, wanted, staying)) if ended else (),
            papers=tuple(_papers(connection, case, wanted)) if ended else (),
            title_stays=stays,
            is_audited=connection.scalar(select(is_audited()).where(instance.c.id == case)) or False,
        )


def _title_stays(engine: Engine, connection: Connection, case: UUID) -> bool:
    """Tell whether a file with texts of a case signs its title; files of other cases are not asked."""
    named = archive_rows.named_by(connection, case)
    having = [one for one in archive_rows.listed(connection) if one.number in named] if named else []
    return title_stays(engine.store.archives, having, case)


def _entries(
    connection: Connection, case: UUID, text: str, staying: Collection[EventKind]
) -> Iterator[ErasableEntry]:
    rows = connection.execute(
        select(event)
        .where(
            event.c.stream == case,
            event.c.salt.is_not(None),  # what nobody entered has none
            event.c.payload.is_not(None),
            event.c.kind.not_in([kind.value for kind in staying]),
        )
        .order_by(event.c.seq)
    ).all()
    names = office.names_of(connection, {row.actor for row in rows if row.actor})
    for row in rows:
        name, post = names.get(row.actor, ("", ""))
        yield ErasableEntry(
            seq=row.seq,
            kind=EventKind(row.kind),
            at=row.at,
            element=row.element or "",
            round=row.round or 1,
            actor=post or name,
            around=around(row.payload, text) if row.payload else "",
            is_cut_off=row.payload is None,
        )


def around(payload: str | None, text: str, most: int = _AROUND) -> str:
    """Cut out a text with so many characters on each side of it; upper and lower case are the same.

    In an address it is found as a browser writes it, too.
    """
    wanted = text.casefold()
    for written in values_in(json.loads(payload)) if wanted and payload else ():
        for value in dict.fromkeys((written, unquote_plus(written))):
            place = value.casefold().find(wanted)
            if place >= 0:
                begin, end = max(place - most, 0), place + len(text) + most
                return f"{'…' if begin else ''}{value[begin:end]}{'…' if end < len(value) else ''}"
    return ""


def _papers(connection: Connection, case: UUID, text: str) -> Iterator[ErasablePaper]:
    rows = connection.execute(
        select(document.c.no, document.c.name, document.c.version, blob.c.filename)
        .join(blob, blob.c.id == document.c.blob)
        .where(document.c.instance == case, blob.c.erased_at.is_(None))
        .order_by(document.c.no)
    )
    for row in rows:
        wanted = text.casefold()
        yield ErasablePaper(
            no=row.no,
            name=row.name,
            version=row.version,
            filename=row.filename,
            is_found=bool(wanted) and wanted in f"{row.name} {row.filename}".casefold(),
        )
