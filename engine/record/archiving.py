"""Archiving: texts of cases that ended long ago move to a file, in steps that can be cut off anywhere.

The file is written, read back and on the disk under another name; then the archive is on record; then the
file gets its name; then, some cases at a time, the record points to it. What was cut off is finished by the
next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from engine.actions.administering import must_manage
from engine.actions.archives import note_archive
from engine.core import Engine, Sealing
from engine.errors import AlurError, Conflict, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.archive import CONTEXT, FORMAT, Archive, file_name, vouched
from engine.model.event import first_broken
from engine.record.archive_check import check_file, end_of
from engine.record.sealing import seal, sign_anew
from engine.record.signing import open_signer
from engine.software import SOFTWARE
from engine.storage import archive_folder, archive_reading, archive_rows, archiving, seals
from engine.storage.archive_writing import CaseFacts, Writer, writing, written
from engine.storage.archiving import Wanted
from engine.storage.erasing import overwriting
from engine.storage.seals import Tree
from engine.storage.transaction import Connection

_MANY = 100  # cases that are read at once, and that one transaction points to the file


class Phase(StrEnum):
    """What is being done; each is counted in cases or events."""

    WRITING = "writing"
    CHECKING = "checking"
    NOTED = "noted"
    SETTLING = "settling"


Progress = Callable[[Phase, int, int], None]  # done, of how many


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which cases: those that ended before a day, of one SOP (its key) or of all."""

    before: date
    sop: str = ""


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What came of it."""

    made: Archive | None  # None: no case was to be archived
    finished: tuple[Archive, ...]  # archives of earlier runs that were cut off, and are whole now
    left: int  # cases that stay because an audit asks about them


def archive(engine: Engine, actor: Actor, asked: Asked, progress: Progress) -> Archived:
    """Move the texts of cases to a new archive file, once what was cut off before is finished."""
    must_manage(actor)
    with _alone(engine) as (folder, sealing):
        finished = tuple(_finish(engine, folder, one, progress) for one in _unfinished(engine, folder))
        wanted = _wanted(engine, actor, asked)
        with engine.store.reading() as connection:
            ready, left = archiving.count(connection, wanted)
        if not ready:
            return Archived(made=None, finished=finished, left=left)
        made = _written(engine, actor, asked, folder, sealing, progress)
        note_archive(engine, actor, made, asked.sop)
        progress(Phase.NOTED, 1, 1)
        return Archived(made=_finish(engine, folder, made, progress), finished=finished, left=left)


@contextmanager
def _alone(engine: Engine) -> Iterator[tuple[Path, Sealing]]:
    folder, sealing = engine.store.archives.folder, engine.sealing
    if folder is None or sealing is None:
        raise Conflict(say("This installation has no key or no archive folder: it archives nothing."))
    seal(engine)
    sign_anew(engine)
    with archive_folder.locked(folder) as alone:
        if not alone:
            raise Conflict(say("Another archiving is at work in %(folder)s.", folder=str(folder)))
        yield folder, sealing


def _unfinished(engine: Engine, folder: Path) -> list[Archive]:
    """Give archives that were cut off, once nothing is left over, and nothing erased has come back."""
    with engine.store.reading() as connection:
        known = archive_rows.listed(connection)
        erased = {one: list(archiving.erased_in(connection, one.number)) for one in known}
    archive_folder.discard(folder, known)
    for one, events in erased.items():  # an older copy of a file has what was erased since it was taken
        path = archive_folder.where(folder, one)
        if events and path.is_file():
            archive_reading.erase(path, events)
    return [one for one in known if one.settled_at is None]


def _wanted(engine: Engine, actor: Actor, asked: Asked) -> Wanted:
    calendar = engine.calendar_of(actor.office)
    return Wanted(office=actor.office, before=calendar.start_of_day(asked.before), sop=asked.sop)


def _written(
    engine: Engine, actor: Actor, asked: Asked, folder: Path, sealing: Sealing, progress: Progress
) -> Archive:
    """Write the file under its other name, and read it back."""
    id_, now = new_id(), engine.clock.now()
    part = archive_folder.part_of(folder, id_)
    with engine.store.reading() as connection, writing(part) as writer:
        number, tree = archive_rows.next_number(connection), seals.tree_of(connection)
        if (folder / file_name(number)).exists():
            raise Conflict(_in_the_way(folder, number))
        cases = _cases(connection, writer, _wanted(engine, actor, asked), progress)
        facts = {
            "format": FORMAT,
            "record": tree.origin if tree else "",
            "number": str(number),
            "id": id_.hex,
            "until": asked.before.isoformat(),
            "cases": str(len(cases)),
            "events": str(writer.events),
            "made_at": written(now),
            "made_by": actor.name,
            "software": SOFTWARE,
        }
        writer.end(_signed(facts, cases, tree, sealing))
    _must_be_whole(part, progress)
    return Archive(
        number=number,
        id=id_,
        name=file_name(number),
        until=asked.before,
        cases=len(cases),
        events=writer.events,
        size=part.stat().st_size,
        made_at=now,
        settled_at=None,
    )


def _cases(connection: Connection, writer: Writer, wanted: Wanted, progress: Progress) -> list[CaseFacts]:
    """Write every case that is wanted; one whose events do not fit its chain ends it."""
    total, _ = archiving.count(connection, wanted)
    cases: list[CaseFacts] = []
    while some := archiving.cases_after(connection, wanted, cases[-1].id if cases else None, _MANY):
        events = archiving.events_of(connection, [one.id for one in some])
        for case in some:
            ours = events.get(case.id, [])
            if first_broken(ours, case.chain) or len(ours) != case.events:
                raise Conflict(
                    say(
                        "The record of case %(number)s does not fit. Nothing was archived; "
                        "alur audit verify says what is wrong.",
                        number=case.number,
                    )
                )
            writer.add(case, ours)
        cases += some
        progress(Phase.WRITING, len(cases), total)
    return cases


def _signed(
    facts: dict[str, str], cases: list[CaseFacts], tree: Tree | None, sealing: Sealing
) -> dict[str, str]:
    signer = open_signer(sealing.key, tree.origin if tree else None)
    facts = {**facts, "key": signer.public.line}
    note = signer.sign_text(CONTEXT, vouched(facts, map(end_of, cases)))
    return {**facts, "checkpoint": tree.checkpoint if tree else "", "signature": note}


def _must_be_whole(part: Path, progress: Progress) -> None:
    try:
        found = check_file(part, progress=lambda done, total: progress(Phase.CHECKING, done, total))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if found.findings.total:
        part.unlink(missing_ok=True)
        why = found.findings.listed[0].sentence
        raise AlurError(
            say("The archive was written and is not whole: %(why)s Nothing was archived.", why=why)
        )


def _finish(engine: Engine, folder: Path, made: Archive, progress: Progress) -> Archive:
    """Give the file its name, and let the record point to it."""
    path = archive_folder.put_in_place(folder, made)
    with archive_reading.reading(path) as reader:
        if reader.facts().get("id") != made.id.hex:
            raise Conflict(_in_the_way(folder, made.number))
        ids = [UUID(bytes=one.id) for one in reader.cases()]
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            with engine.store.transaction() as connection, overwriting(connection):
                mine = archiving.unsettled(connection, some)
                archive_reading.erase(path, list(archiving.erased_of(connection, mine)))
                archiving.point(connection, made.number, mine, reader.texts(mine))
            progress(Phase.SETTLING, start + len(some), len(ids))
    with engine.store.transaction() as connection:
        archive_rows.settled(connection, made.number, engine.clock.now())
    return made


def _in_the_way(folder: Path, number: int) -> Sentence:
    return say(
        "%(path)s is there already, and is no archive of this database: was that restored from a backup? "
        "Move the file elsewhere.",
        path=str(folder / file_name(number)),
    )
