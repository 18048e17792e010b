"""Archiving: texts of cases that ended long ago move to a file, in steps that can be cut off anywhere.

The file is written, read back and on the disk under another name; then the archive is on record; then the
file gets its name; then, some cases at a time, the record points to it. What was cut off is finished by the
next run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.actions.administering import must_manage
from engine.actions.archives import abandon_archive, note_archive
from engine.core import Engine, Sealing
from engine.errors import ArchiveUnreadable, Conflict, Sentence, say
from engine.model.actor import Actor
from engine.model.archive import Archive
from engine.record.archive_making import (
    AT_ONCE,
    Asked,
    Phase,
    Progress,
    in_the_way,
    wanted_of,
    write_archive,
)
from engine.record.sealing import seal, sign_anew
from engine.storage import archive_folder, archive_reading, archive_rows, archiving
from engine.storage.archiving import Staying
from engine.storage.erasing import overwriting

__all__ = ["Archived", "Asked", "Phase", "Progress", "abandon", "archive"]


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What came of it."""

    made: Archive | None  # None: no case was to be archived
    finished: tuple[Archive, ...]  # archives of earlier runs that were cut off, and are whole now
    staying: Sequence[Staying]  # cases that ended before the day too


def archive(engine: Engine, actor: Actor, asked: Asked, progress: Progress) -> Archived:
    """Move the texts of cases to a new archive file, once what was cut off before is finished."""
    must_manage(actor)
    with _alone(engine) as (folder, sealing):
        finished = tuple(_finish(engine, folder, one, progress) for one in _unfinished(engine, folder))
        wanted = wanted_of(engine, actor, asked)
        with engine.store.reading() as connection:
            ready, staying = archiving.count(connection, wanted), archiving.staying(connection, wanted)
        if not ready:
            return Archived(made=None, finished=finished, staying=staying)
        made = write_archive(engine, actor, asked, folder, sealing, progress)
        note_archive(engine, actor, made, asked.sop)
        progress(Phase.NOTED, 1, 1)
        made = _finish(engine, folder, made, progress)
        return Archived(made=made, finished=finished, staying=staying)


def abandon(engine: Engine, actor: Actor, number: int) -> None:
    """Give up an archive that was cut off and whose file is lost: all its texts are in the record.

    Conflict where its file is there, or where any text is read from it.
    """
    must_manage(actor)
    with _alone(engine) as (folder, _):
        with engine.store.reading() as connection:
            one = archive_rows.of_number(connection, number)
        if one is None or not one.is_cut_off:
            raise Conflict(say("Archive number %(number)s is none that was cut off.", number=number))
        if archive_folder.where(folder, one).exists():
            sentence = say(
                "The file of archive number %(number)s is there: alur archive finishes it.", number=number
            )
            raise Conflict(sentence)
        abandon_archive(engine, actor, one)


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
    ours = [one for one in known if one.abandoned_at is None]
    for one in ours:
        if not archive_folder.where(folder, one).exists():
            raise ArchiveUnreadable(_not_here(folder, one))
    archive_folder.discard(folder, known)
    for one in known:
        if one.abandoned_at is not None:
            archive_folder.discard_given_up(engine.store, folder, one)
    for one in ours:  # an older copy of a file has what was erased since it was taken
        with archive_folder.opened(folder, one) as reader:
            cases = reader.case_ids()
        with engine.store.reading() as connection:
            erased = list(archiving.erased_of(connection, cases))
        if erased:
            archive_reading.erase(archive_folder.where(folder, one), erased)
    return [one for one in ours if one.settled_at is None]


def _finish(engine: Engine, folder: Path, made: Archive, progress: Progress) -> Archive:
    """Give the file its name, and let the record point to it."""
    if archive_folder.where(folder, made) != folder / made.name and (folder / made.name).exists():
        raise Conflict(in_the_way(folder, made.number))
    path = archive_folder.put_in_place(folder, made)
    with archive_folder.opened(folder, made) as reader:
        ids = reader.case_ids()
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            with engine.store.transaction() as connection, overwriting(connection):
                mine = archiving.unsettled(connection, some)
                archive_reading.erase(path, list(archiving.erased_of(connection, mine)))
                archiving.point(connection, made.number, mine, reader.texts(mine))
            progress(Phase.SETTLING, start + len(some), len(ids))
    with engine.store.transaction() as connection:
        archive_rows.settled(connection, made.number, engine.clock.now())
    return made


def _not_here(folder: Path, one: Archive) -> Sentence:
    facts = {"name": one.name, "folder": str(folder)}
    if one.settled_at is not None:
        return say(
            "The archive file %(name)s is not in %(folder)s. Nothing was archived: put it back from the "
            "backup, or set ALUR_ARCHIVE_DIR to the folder where it is.",
            **facts,
        )
    return say(
        "The archive file %(name)s was cut off and is not in %(folder)s. Nothing was archived: put it back "
        "from the backup, set ALUR_ARCHIVE_DIR to the folder where it is, or give it up where it is lost: "
        "alur archive --abandon %(number)s",
        number=one.number,
        **facts,
    )
