"""Makes the large files that somebody asked for, beside the worker's loop: they hold up no timer.

A worker that is killed leaves its file to the next, which begins it anew; one that nobody brings to an end
is given up. Who asked may do so only as they stand today: a role or a letter that ended makes no file.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Self
from uuid import UUID

import structlog

from engine.actions.evidence import evidence_facts
from engine.actions.exports import export_facts
from engine.core import Engine
from engine.errors import AlurError, Conflict, NotFound, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.event_log import LogFormat, Selection
from engine.model.incident import sentence_json
from engine.model.takeout import HELD, Takeout, TakeoutKind
from engine.queries.signing_in import person_acting
from engine.record.bundle import prepare
from engine.record.event_logs.formats import SHAPES, as_file
from engine.record.event_logs.log import opened_log
from engine.storage import takeouts
from engine.storage.blobs import StoredBlob
from engine.storage.transaction import StoreUnavailable

_PAUSE = 1.0  # seconds between looks at what is asked for, and between words on how far a file is
_LEASE = timedelta(seconds=30)  # a file whose worker was killed is taken up after that
_TRIES = 3
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TRIED = say("This file was begun %(count)s times and never came to an end.", count=_TRIES)
_FULL = say("The server has no room for this file. Choose a shorter period, or tell the administrator.")
_UNEXPECTED = say("Something unexpected stopped this. An administrator finds it in the log.")
_GONE = say("Whoever asked for this file may not read it any more.")

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """The worker is to end, or nobody waits for the file any more."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file that was made: closed by who gets it."""

    file: BinaryIO
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Stored:
    """What was made, where its bytes are, and by whose right."""

    made: Made
    blob: StoredBlob
    actor: Actor


def run(engine: Engine, stop: threading.Event) -> None:
    """Work until told to stop; what fails is logged and tried again at the next look."""
    while not stop.is_set():
        try:
            more = work(engine, stop)
        except Exception as error:
            more = False
            log.warning("takeouts.failed", why=str(error), exc_info=not isinstance(error, AlurError))
        if not more:
            stop.wait(_PAUSE)


def work(engine: Engine, stop: threading.Event) -> bool:
    """Make the file that has waited longest; False where there is none."""
    now = engine.clock.now()
    with engine.store.reading() as connection:
        due = takeouts.next_run(connection)
    if due is None or due > now:
        return False
    with engine.store.transaction() as connection:
        lease = _lease(now)
        found = takeouts.claim(connection, now, lease)
    if found is None:
        return False
    with _Holding(engine, found, lease, stop) as holding:
        _bring_to_an_end(engine, found, holding)
    return True


def _lease(now: datetime) -> datetime:
    """Give an end of its own: by it a worker knows whether the file is still its to make."""
    return now + _LEASE + timedelta(microseconds=new_id().int % 1_000_000)


class _Holding:
    """Keeps a file while it is made and says how far it is; from a thread, for a part may take its time."""

    def __init__(self, engine: Engine, found: Takeout, lease: datetime, stop: threading.Event) -> None:
        self._engine, self._found, self._stop = engine, found, stop
        self.lease = lease
        self._done, self._total, self._is_lost = found.done, found.total, False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Say nothing more: the lease is the last one from now on."""
        self._over.set()
        self._thread.join()

    def told(self, done: int, total: int) -> None:
        """Take how far it is; Stopped where it is not to go on."""
        self._done, self._total = done, total
        if self._stop.is_set() or self._is_lost:
            raise Stopped

    def _hold(self) -> None:
        while not self._over.wait(_PAUSE) and not self._is_lost:
            until = _lease(self._engine.clock.now())
            try:
                with self._engine.store.transaction() as connection:
                    self._is_lost = not takeouts.hold(
                        connection, self._found.id, self.lease, until, done=self._done, total=self._total
                    )
                self.lease = until
            except AlurError as error:  # said again in a second
                log.warning("takeout.not-held", takeout=self._found.id.hex, why=str(error))


def _bring_to_an_end(engine: Engine, found: Takeout, holding: _Holding) -> None:
    try:
        stored = _make(engine, found, holding.told)
    except Stopped:
        holding.end()
        with engine.store.transaction() as connection:
            takeouts.let_go(connection, found.id, holding.lease, engine.clock.now())
        return
    except StoreUnavailable:  # taken up again when the lease ends
        raise
    except Exception as error:  # noqa: BLE001 - told to who asked, logged with its traceback
        _fail(engine, found, holding, error)
        return
    holding.end()
    with engine.store.transaction() as connection:
        is_ours = takeouts.finish(
            connection,
            found.id,
            holding.lease,
            engine.clock.now(),
            facts=stored.made.facts,
            letters=_letters(stored.actor),
            object=stored.blob.object,
            filename=stored.made.name,
            size=stored.blob.size,
        )
    if not is_ours:
        engine.blobs.delete(stored.blob.object)


def _letters(actor: Actor) -> list[str] | None:
    """Name the letters by which it was made, also those that came after it was asked for."""
    return [one.assignment.hex for one in actor.covers] if actor.needs_assignment else None


def _make(engine: Engine, found: Takeout, told: Told) -> _Stored:
    if found.tries > _TRIES:
        raise Conflict(_TRIED)
    actor = _asker(engine, found)
    made = _MAKERS[found.kind](engine, actor, found.asked, told)
    with made.file:
        return _Stored(made=made, blob=engine.blobs.put(made.file), actor=actor)


def _fail(engine: Engine, found: Takeout, holding: _Holding, error: Exception) -> None:
    sentence = error.sentence if isinstance(error, AlurError) else _UNEXPECTED
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        sentence = _FULL
    log.warning("takeout.failed", takeout=found.id.hex, why=str(error), exc_info=error)
    holding.end()
    with engine.store.transaction() as connection:
        takeouts.fail(connection, found.id, holding.lease, engine.clock.now(), sentence_json(sentence))


def _asker(engine: Engine, found: Takeout) -> Actor:
    """Give who asked, by the roles and letters of today; what these open no more is not made."""
    actor = person_acting(engine, found.asked_by)
    if actor is None or actor.office != found.office:
        raise NotFound(_GONE)
    if actor.needs_assignment and not actor.covers:
        raise NotFound(_GONE)
    return actor


Told = Callable[[int, int], None]


def _bundle(engine: Engine, actor: Actor, asked: Mapping[str, Any], told: Told) -> Made:
    made = prepare(engine, actor, UUID(hex=asked["case"]), told)
    facts = evidence_facts(made.facts, made.sha256, made.events)
    return Made(file=made.file, name=made.name, facts=facts)


def _log(engine: Engine, actor: Actor, asked: Mapping[str, Any], told: Told) -> Made:
    form, selection = LogFormat(asked["format"]), Selection.from_json(asked)
    facts = export_facts(engine, actor, form, selection)
    with opened_log(engine, actor, selection) as opened:
        read = _Read(opened.events, told)
        opened.progress = read.more
        held = opened.held()
        file = as_file(form, opened)
    having = {HELD: [held.sha256, held.last.hex if held.last else None]}
    return Made(file=file, name=log_name(form, selection), facts={**facts.on_record, **having})


class _Read:
    """Adds up what a log was read of."""

    def __init__(self, total: int, told: Told) -> None:
        self._told, self._done, self._total = told, 0, total
        told(0, total)

    def more(self, events: int) -> None:
        """Count events that were read."""
        self._done += events
        self._told(self._done, self._total)


def log_name(form: LogFormat, asked: Selection) -> str:
    """Name the file of a log: alur-<sop>-<first day>-<last day>.<ending>."""
    days = (day.isoformat() for day in (asked.since, asked.until) if day)
    return "-".join(part for part in ("alur", asked.sop, *days) if part) + SHAPES[form].ending


_MAKERS: Mapping[TakeoutKind, Callable[[Engine, Actor, Mapping[str, Any], Told], Made]] = {
    TakeoutKind.BUNDLE: _bundle,
    TakeoutKind.LOG: _log,
}
