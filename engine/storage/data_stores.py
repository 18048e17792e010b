"""Data stores as rows: a value by office and name, compared with what was read and set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, say
from engine.model.data_store import Stored
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.tables import data_store


class StoreChanged(Conflict):
    """Another case wrote a store that this step had read; undo everything and start over."""

    def __init__(self) -> None:
        """Say it to a person, where nobody starts over."""
        super().__init__(say("The case is moving in several places at once. Please try again."))


def read(connection: Connection, office: UUID, name: str) -> tuple[int, Any] | None:
    """Give the revision and the value of a store; None where nobody has written it."""
    row = connection.execute(
        select(data_store.c.revision, data_store.c.value).where(
            data_store.c.office == office, data_store.c.name == name
        )
    ).one_or_none()
    return None if row is None else (row.revision, json.loads(row.value))


def write(connection: Connection, office: UUID, stored: Iterable[Stored], now: datetime) -> None:
    """Write what a step left in stores, if each is still as the step read it; else StoreChanged.

    ``stored`` is in the order of the names, so that two writers never wait for each other.
    """
    for one in stored:
        columns = {"value": Bulky(to_json(one.value)), "revision": one.seen + 1, "changed_at": now}
        if one.seen == 0:
            try:
                connection.execute(insert(data_store).values(office=office, name=one.name, **columns))
            except IntegrityError:
                raise StoreChanged from None
            continue
        changed = connection.execute(
            update(data_store)
            .where(
                data_store.c.office == office,
                data_store.c.name == one.name,
                data_store.c.revision == one.seen,
            )
            .values(**columns)
        )
        if changed.rowcount != 1:
            raise StoreChanged
