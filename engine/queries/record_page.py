"""The page of the record: how far it is sealed, which checkpoints are kept, and what says how to check it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.core import Engine
from engine.errors import NotFound, Sentence, say
from engine.model.actor import Actor
from engine.model.archive import Archive
from engine.model.checkpoint import Checkpoint, PublicKey, Sink, read_note, read_public_key
from engine.model.incident import sentence_from
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.storage import archive_rows, checkpoints, seals
from engine.storage.archive_files import Archives
from engine.storage.tables import checkpoint, checkpoint_copy, tree

_MOST = 50  # kept checkpoints that are listed


@dataclass(frozen=True, kw_only=True)
class CopyStands:
    """Where a copy of a checkpoint is to be, since when it is there, and why not yet."""

    sink: Sink
    done_at: datetime | None
    next_try_at: datetime | None  # None: done, or a newer one took its place
    problem: Sentence | None


@dataclass(frozen=True, kw_only=True)
class KeptCheckpoint:
    """A checkpoint that is kept, with its copies outside the database."""

    size: int
    at: datetime
    short: str
    copies: tuple[CopyStands, ...]


@dataclass(frozen=True, kw_only=True)
class ArchiveStands:
    """An archive, and why its file cannot be read."""

    archive: Archive
    trouble: Sentence | None  # None: it is whole, as far as a look can tell


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """How the record stands. Without ``newest`` nothing was sealed yet."""

    newest: Checkpoint | None
    key: PublicKey | None
    waiting: int  # events that are not sealed yet
    kept: tuple[KeptCheckpoint, ...]  # the newest first
    kept_count: int
    failing: tuple[CopyStands, ...]  # of the newest: what could not be brought out
    archives: tuple[ArchiveStands, ...]
    archive_folder: str  # where their files are expected
    is_sealing: bool  # whether this installation seals at all


def record_page(engine: Engine, actor: Actor, *, most: int = _MOST) -> RecordPage:
    """Read how the record stands, for whoever may check it, and the newest ``most`` of what is kept."""
    _must_read(actor)
    with engine.store.reading() as connection:
        found = seals.tree_of(connection)
        kept = _kept(connection, most)
        archives, files = archive_rows.listed(connection), engine.store.archives
        return RecordPage(
            newest=newest_checkpoint(connection),
            key=read_public_key(found.key) if found else None,
            waiting=seals.waiting(connection),
            kept=kept,
            kept_count=connection.scalar(select(func.count()).select_from(checkpoint)) or 0,
            failing=tuple(copy for one in kept for copy in one.copies if copy.problem and copy.next_try_at),
            archives=tuple(ArchiveStands(archive=one, trouble=_trouble(files, one)) for one in archives),
            archive_folder=str(files.folder or ""),
            is_sealing=engine.sealing is not None,
        )


def newest_text(engine: Engine, actor: Actor) -> str:
    """Give the newest checkpoint as it was signed."""
    return _tree(engine, actor).checkpoint


def checkpoint_text(engine: Engine, actor: Actor, size: int) -> str:
    """Give a checkpoint as it was signed: one that is kept, or the newest."""
    _must_read(actor)
    with engine.store.reading() as connection:
        kept, found = checkpoints.of_size(connection, size), seals.tree_of(connection)
    if kept is not None:
        return kept.text
    if found is None or found.size != size:
        raise NotFound(say("No checkpoint of %(size)s events is kept.", size=size))
    return found.checkpoint


def public_key_line(engine: Engine, actor: Actor) -> str:
    """Give the public key of who signed last, as verifiers of signed notes take it."""
    return _tree(engine, actor).key


def _tree(engine: Engine, actor: Actor) -> seals.Tree:
    _must_read(actor)
    with engine.store.reading() as connection:
        found = seals.tree_of(connection)
    if found is None:
        raise NotFound(say("Nothing was sealed yet."))
    return found


def newest(engine: Engine, actor: Actor) -> Checkpoint | None:
    """Read the newest checkpoint for the foot of what is printed; None also for whoever may not check it."""
    if not actor.may(Permission.READ_RECORD):
        return None
    with engine.store.reading() as connection:
        return newest_checkpoint(connection)


def newest_checkpoint(connection: Connection) -> Checkpoint | None:
    """Read the newest checkpoint, kept or not; None before the first, or where there is none any more."""
    text = connection.scalar(select(tree.c.checkpoint))
    try:
        return read_note(text).checkpoint if text else None
    except ValueError:  # somebody wrote there: verification says so
        return None


def _must_read(actor: Actor) -> None:
    if not actor.may(Permission.READ_RECORD):
        raise NotFound(NO_PAGE)


def _kept(connection: Connection, most: int) -> tuple[KeptCheckpoint, ...]:
    newest = select(checkpoint).order_by(checkpoint.c.size.desc()).limit(most)
    rows = connection.execute(newest).all()
    smallest = rows[-1].size if rows else 0
    copies: dict[int, list[CopyStands]] = {}
    for row in connection.execute(select(checkpoint_copy).where(checkpoint_copy.c.size >= smallest)):
        copies.setdefault(row.size, []).append(
            CopyStands(
                sink=Sink(row.sink),
                done_at=row.done_at,
                next_try_at=row.next_try_at,
                problem=sentence_from(json.loads(row.problem)) if row.problem else None,
            )
        )
    return tuple(
        KeptCheckpoint(
            size=row.size, at=row.at, short=_short(row.text), copies=tuple(copies.get(row.size, ()))
        )
        for row in rows
    )


def _trouble(files: Archives, one: Archive) -> Sentence | None:
    return files.trouble_with(one) if one.settled_at is not None else None


def _short(text: str) -> str:
    try:
        return read_note(text).checkpoint.short()
    except ValueError:
        return ""
