"""How much room the database takes on its disk, and giving back what is not used any more."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlalchemy import text

from engine.errors import Sentence, StorageFailed, say
from engine.storage.ready import driver_of
from engine.storage.transaction import BUSY_TIMEOUT, Store

_WAIT = 2_000  # milliseconds


@dataclass(frozen=True, kw_only=True)
class Space:
    """Bytes of a database. ``free`` is what it will use again before it grows; not known on PostgreSQL."""

    whole: int
    free: int = 0


def space(store: Store) -> Space:
    """Measure it."""
    with store.reading() as connection:
        if store.dialect == "postgresql":
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
            return Space(whole=int(size or 0))
        page, pages, free = (
            int(connection.scalar(text(f"PRAGMA {name}")) or 0)
            for name in ("page_size", "page_count", "freelist_count")
        )
    return Space(whole=page * pages, free=page * free)


def empty_log(store: Store) -> bool:
    """Bring SQLite's log of writes into the database and cut it off: what was overwritten stands there.

    Waits two seconds for those who read; False where somebody reads for longer.
    """
    if store.dialect == "postgresql":
        return True
    with store.engine.connect() as connection:
        driver = driver_of(connection)
        driver.execute(f"PRAGMA busy_timeout={_WAIT}").close()
        try:
            is_busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:  # another checkpoint runs
            return False
        finally:  # the connection goes back to those who write, and wait for longer
            driver.execute(f"PRAGMA busy_timeout={int(1000 * BUSY_TIMEOUT)}").close()
        return not is_busy


def compact(store: Store) -> None:
    """Write the record anew without gaps, and give the rest back to the disk. Whoever writes waits for it.

    StorageFailed where the disk has no room for a second copy, or others are at work for too long.
    """
    postgres = store.dialect == "postgresql"
    # In memory, as other temporary things are, it would be all of the database.
    statements = (
        ("VACUUM (FULL) event",)
        if postgres
        else ("PRAGMA temp_store=FILE", "PRAGMA mmap_size=0", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    )
    connection = store.engine.connect()
    try:
        for statement in statements:
            driver_of(connection).execute(statement).close()
    except store.engine.dialect.loaded_dbapi.Error as error:
        raise StorageFailed(_refusal(str(error).lower())) from error
    finally:
        connection.invalidate()  # no other work goes on with what was set for this
        connection.close()


def _refusal(text: str) -> Sentence:
    if "full" in text or "no space" in text:
        return say("The disk has no room for a second copy of the database. It stays as large as it is.")
    if "locked" in text or "timeout" in text:
        return say(
            "Others are at work in the database. It stays as large as it is; try again when it is quiet."
        )
    return say("The database did not let itself be made smaller. Nothing in it was changed.")
