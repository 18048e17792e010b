"""Checkpoints leave the database: some of the newest are kept, and brought to a folder and by e-mail.

What cannot be brought is tried again after twice as long each time, at least once a day, and is shown to
auditors; it never keeps anything from being sealed.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from engine.connectors import call
from engine.core import Engine, Sealing
from engine.errors import AlurError, Sentence, say
from engine.model.checkpoint import Sink, copy_name, read_note
from engine.model.incident import sentence_json
from engine.storage import checkpoints, seals
from engine.storage.checkpoints import Copy, Kept
from engine.storage.transaction import IntegrityError

_LEASE = timedelta(minutes=2)
_FIRST_DELAY, _LONGEST_DELAY = timedelta(minutes=1), timedelta(days=1)
_READABLE = 0o440


def keep_due(engine: Engine) -> bool:
    """Keep the newest checkpoint where it is time for one; tells whether it was."""
    sealing = engine.sealing
    if sealing is None:
        return False
    with engine.store.reading() as connection:
        tree, last = seals.tree_of(connection), checkpoints.newest(connection)
        mailed = checkpoints.last_asked(connection, Sink.EMAIL)
    now = engine.clock.now()
    if tree is None or (last and (tree.size == last.size or now - last.at < sealing.keep_every)):
        return False
    sinks = [Sink.FOLDER] if sealing.folder else []
    if sealing.addresses and (mailed is None or now - mailed >= sealing.mail_every):
        sinks.append(Sink.EMAIL)
    with suppress(IntegrityError), engine.store.transaction() as connection:  # another worker was first
        checkpoints.keep(connection, Kept(size=tree.size, text=tree.checkpoint, at=now), sinks)
        return True
    return False


def bring_due(engine: Engine) -> bool:
    """Bring one copy where it is to be, if one is due; tells whether one was."""
    sealing, now = engine.sealing, engine.clock.now()
    if sealing is None:
        return False
    with engine.store.reading() as connection:
        if not checkpoints.due(connection, now):
            return False
    with engine.store.transaction() as connection:
        copy = checkpoints.claim(connection, now, _LEASE)
        kept = checkpoints.of_size(connection, copy.size) if copy else None
    if copy is None or kept is None:
        return False
    wanted = sealing.folder if copy.sink is Sink.FOLDER else sealing.addresses
    problem = _brought(engine, sealing, copy, kept) if wanted else None
    with engine.store.transaction() as connection:
        if not wanted:  # the settings name no such place any more: the copy is given up
            checkpoints.note(connection, copy, next_try_at=None)
        elif problem is None:
            checkpoints.note(connection, copy, done_at=now, next_try_at=None, problem=None)
        else:
            delay = min(_FIRST_DELAY * 2 ** min(copy.tries, 11), _LONGEST_DELAY)
            said = json.dumps(sentence_json(problem), ensure_ascii=False)
            facts = {"tries": copy.tries + 1, "next_try_at": now + delay, "problem": said}
            checkpoints.note(connection, copy, **facts)
    return True


def _brought(engine: Engine, sealing: Sealing, copy: Copy, kept: Kept) -> Sentence | None:
    """Bring it; gives what stood in the way."""
    try:
        if copy.sink is Sink.FOLDER and sealing.folder:
            file_copy(sealing.folder, kept)
        elif copy.sink is Sink.EMAIL and sealing.addresses:
            _mail(engine, sealing, kept)
    except AlurError as error:
        return error.sentence
    except OSError as error:
        return say(
            "The checkpoint could not be written to %(path)s: %(detail)s",
            path=str(sealing.folder),
            detail=os.strerror(error.errno or 0),
        )
    return None


def file_copy(folder: Path, kept: Kept) -> Path:
    """Write a checkpoint into the folder, whole, read-only, once; another one of that size is an error."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / copy_name(kept.size)
    half = folder / f".{path.name}-{os.getpid()}"
    try:
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READABLE), "w") as file:
            file.write(kept.text)
            file.flush()
            os.fchmod(file.fileno(), _READABLE)
            os.fsync(file.fileno())
        os.link(half, path)
        _persist(folder)
    except FileExistsError as error:
        if path.read_text("utf-8") != kept.text:
            raise AlurError(
                say(
                    "%(path)s holds another checkpoint of the same size: the record was not always this one.",
                    path=str(path),
                )
            ) from error
    finally:
        half.unlink(missing_ok=True)
    return path


def _persist(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mail(engine: Engine, sealing: Sealing, kept: Kept) -> None:
    told = read_note(kept.text).checkpoint
    call(
        engine.connectors,
        "email",
        {
            "to": list(sealing.addresses),
            "subject": f"Alur: {told.size} kejadian, {told.short()}",
            "text": kept.text,
        },
        f"checkpoint-{kept.size}-{told.short()}",
    )
