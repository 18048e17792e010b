"""The store: one database, reads in a snapshot, writes in the only commit of the house.

SQLite runs in WAL with ``synchronous=FULL``; the driver's own transaction handling is switched
off, because a write that begins deferred and then upgrades is refused under load ("database is
locked"): writes say BEGIN IMMEDIATE.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from engine.errors import AlurError, say
from engine.model.archive import Archive
from engine.storage import archive_files, archive_rows
from engine.storage.archive_files import Archives, Digests
from engine.storage.ready import driver_of

__all__ = ["Connection", "IntegrityError", "Store", "StoreUnavailable", "open_store"]

# Seconds a writer waits for another one before it gives up.
BUSY_TIMEOUT = 30
# Connections kept open. More are opened for a moment where more threads are at work: what bounds them is
# the number of threads, and a bound of our own would only turn a busy hour into errors.
_KEPT = 8


class StoreUnavailable(AlurError):
    """The database did not take the work: locked too long, disk full, or out of reach."""


class Store:
    """Connections to one database.

    They are kept here and not in SQLAlchemy's pool, whose checks and resets would be a fifth of a
    completion. The one used last is taken first: on SQLite another one has lost its pages to what was
    written since.
    """

    def __init__(self, engine: Engine, archive_folder: Path | None = None) -> None:
        """Take a prepared engine; ``open_store`` makes one from an address."""
        self.engine = engine
        self.archives = Archives(archive_folder, self._archive, self._digests)
        archive_files.register(engine.dialect, self.archives)
        self.dialect = engine.dialect.name
        # SQLite's readers have one snapshot anyway; PostgreSQL's default has one per statement.
        postgres = self.dialect == "postgresql"
        self._reads = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgres else "BEGIN"
        self._writes = "BEGIN" if postgres else "BEGIN IMMEDIATE"
        self._tell = _teller(self.dialect)
        self._idle: list[Connection] = []
        self._unavailable = (OperationalError, engine.dialect.loaded_dbapi.OperationalError)

    def reading(self) -> AbstractContextManager[Connection]:
        """Read in one snapshot; nothing is written."""
        return self._begun(self._reads)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Write; the commit is the end of the block, and any error undoes all of it."""
        return self._begun(self._writes)

    @contextmanager
    def _begun(self, statement: str) -> Iterator[Connection]:
        """Give a connection in a transaction, and keep it for the next unless something went wrong on it.

        What the database says of itself becomes a sentence; integrity errors pass as they are.
        """
        try:
            connection = self._begin(statement)
            try:
                yield connection
                self._commit(connection)
            except self._unavailable:
                _drop(connection)
                raise
            except BaseException:
                self._undo(connection)
                raise
        except self._unavailable as error:
            raise StoreUnavailable(_sentence_of(str(getattr(error, "orig", error)))) from error
        self._keep(connection)

    def _begin(self, statement: str) -> Connection:
        """Begin on the connection used last; those that died while nobody used them are let go.

        Said to the driver: a listener of SQLAlchemy's events makes every statement half as dear again.
        """
        while True:
            kept = self._idle.pop() if self._idle else None
            connection = kept or self.engine.connect()
            driver = driver_of(connection)
            try:
                self._tell(driver, statement)
            except self._unavailable:
                _drop(connection)
                if kept is None or self.dialect == "sqlite":  # there it is another writer that is waited for
                    raise
            else:
                return connection

    def _commit(self, connection: Connection) -> None:
        self._tell(driver_of(connection), "COMMIT")
        if connection.in_transaction():  # as SQLAlchemy believes
            connection.rollback()

    def _undo(self, connection: Connection) -> None:
        """Roll back what an error of ours ended; what cannot be rolled back is let go."""
        try:
            self._tell(driver_of(connection), "ROLLBACK")
            connection.rollback()  # for SQLAlchemy, which knows of none of this
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error):
            _drop(connection)
        else:
            self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        if len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Let every connection go."""
        while self._idle:
            self._idle.pop().close()
        self.archives.close()
        self.engine.dispose()

    def _archive(self, number: int) -> Archive | None:
        with self.reading() as connection:
            return archive_rows.of_number(connection, number)

    def _digests(self, case: UUID) -> Digests:
        with self.reading() as connection:
            return archive_rows.digests_of(connection, case)


def _drop(connection: Connection) -> None:
    connection.invalidate()
    connection.close()


def _teller(dialect: str) -> Callable[[Any, str], None]:
    """Give how a driver's connection is told BEGIN, COMMIT and ROLLBACK."""
    if dialect != "postgresql":
        return _tell_sqlite
    from engine.storage.libpq import tell  # noqa: PLC0415 - psycopg is there only where it is used

    return tell


def _tell_sqlite(driver: sqlite3.Connection, command: str) -> None:
    if command.startswith("BEGIN"):
        driver.execute(command).close()
    elif command == "COMMIT":
        driver.commit()
    else:  # SQLite itself rolls back after some errors: then there is nothing to do
        driver.rollback()


def _sentence_of(text: str) -> Any:  # noqa: ANN401 - a Sentence
    if "full" in text or "No space" in text:
        return say("The disk of the database is full. Nothing was saved; tell the administrator.")
    if "locked" in text or "timeout" in text:
        return say("The database is busy. Nothing was saved; please try again.")
    # What was committed when the connection broke is not known here.
    return say("The database cannot be reached. Please try again in a moment; nothing is done twice.")


def open_store(address: str | URL, archive_folder: Path | None = None) -> Store:
    """Open a store by its SQLAlchemy address (``sqlite:///…`` or ``postgresql+psycopg://…``)."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return Store(_sqlite(url), archive_folder)
    return Store(_postgres(url), archive_folder)


def _postgres(url: URL) -> Engine:
    # The driver begins nothing by itself: the store says when, and how.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg is only there where it is used
        # Compiling the statement of the office on a day took 2.7 s, and running it 0.1 s.
        connection.execute("SET jit = off")

    return engine


def _sqlite(url: URL) -> Engine:
    # Parameters are people's data: they do not belong into a log.
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            "mmap_size=134217728",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine
