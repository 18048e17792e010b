"""What every action and query is given: the parts of the running engine, wired by ``opening``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from engine.bpmn.workflow import Runner
from engine.clock import Clock
from engine.connectors import Connectors
from engine.model.calendar import WorkCalendar
from engine.storage.blobs import Blobs
from engine.storage.suspensions import Suspensions
from engine.storage.transaction import Store
from engine.storage.versions import Versions


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """By what the record is sealed, and where checkpoints go."""

    key: Path  # the file of the private key; the public one stands beside it
    folder: Path | None = None  # gets a copy of each kept checkpoint
    addresses: tuple[str, ...] = ()  # get one by e-mail
    keep_every: timedelta = timedelta(minutes=10)
    mail_every: timedelta = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The parts; all of them may be used from several threads."""

    store: Store
    clock: Clock
    runner: Runner
    versions: Versions  # definitions and forms by version, cached
    suspensions: Suspensions  # versions that are stopped as a whole
    blobs: Blobs
    calendar_of: Callable[[UUID], WorkCalendar]  # by office, cached
    sealing: Sealing | None  # None: this engine seals nothing
    connectors: Connectors  # what service tasks can call, by name
    close: Callable[[], None]
