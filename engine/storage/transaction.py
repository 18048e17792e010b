"""The store: one database, reads in a snapshot, writes in the only commit of the house.

SQLite runs in WAL with ``synchronous=FULL``; the driver's own transaction handling is switched
off, because a write that begins deferred and then upgrades is refused under load ("database is
locked"): writes say BEGIN IMMEDIATE.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from engine.errors import AlurError, say

__all__ = ["Connection", "IntegrityError", "Store", "StoreUnavailable", "open_store"]

# Seconds a writer waits for another one before it gives up.
BUSY_TIMEOUT = 30
# Connections kept open. More are opened for a moment where more threads are at work: what bounds them is
# the number of threads, and a bound of the pool's own would only turn a busy hour into errors. The one used
# last is taken first: on SQLite another one has lost its pages to what was written since.
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": -1, "pool_use_lifo": True}


class StoreUnavailable(AlurError):
    """The database did not take the work: locked too long, disk full, or out of reach."""


class Store:
    """Connections to one database."""

    def __init__(self, engine: Engine) -> None:
        """Take a prepared engine; ``open_store`` makes one from an address."""
        self.engine = engine
        self.dialect = engine.dialect.name
        # SQLite's readers have one snapshot anyway; PostgreSQL's default has one per statement.
        snapshot = {} if self.dialect == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reader = engine.execution_options(**snapshot)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one snapshot; nothing is written."""
        with _told(), self._reader.connect() as connection:
            self._begin(connection, "BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write; the commit is the end of the block, and any error undoes all of it."""
        with _told(), self.engine.connect() as connection, connection.begin():
            self._begin(connection, "BEGIN IMMEDIATE")
            yield connection

    def _begin(self, connection: Connection, statement: str) -> None:
        """Begin on SQLite; PostgreSQL's driver does it by itself.

        Said to the driver: a listener of SQLAlchemy's events makes every statement half as dear again.
        """
        if self.dialect == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute(statement).close()

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database says of itself into a sentence; integrity errors pass as they are."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        raise StoreUnavailable(_sentence_of(str(getattr(error, "orig", error)))) from error


def _sentence_of(text: str) -> Any:  # noqa: ANN401 - a Sentence
    if "full" in text or "No space" in text:
        return say("The disk of the database is full. Nothing was saved; tell the administrator.")
    if "locked" in text or "timeout" in text:
        return say("The database is busy. Nothing was saved; please try again.")
    return say("The database cannot be reached. Nothing was saved; please try again.")


def open_store(address: str | URL) -> Store:
    """Open a store by its SQLAlchemy address (``sqlite:///…`` or ``postgresql+psycopg://…``)."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return Store(_sqlite(url))
    return Store(create_engine(url, **_POOL, pool_pre_ping=True, hide_parameters=True))


def _sqlite(url: URL) -> Engine:
    # Parameters are people's data: they do not belong into a log.
    engine = create_engine(
        url, **_POOL, connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False}, hide_parameters=True
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
