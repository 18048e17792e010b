"""When pages of cases were last put on record as read, as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.event import EventKind
from engine.storage.tables import case_read, event, office

_LOOKED_BACK = 500  # events of an office


def last(connection: Connection, person: UUID, case: UUID, page: str) -> datetime | None:
    """Tell when a page of a case was last put on record as read by somebody."""
    found: datetime | None = connection.scalar(
        select(case_read.c.at).where(
            case_read.c.person == person, case_read.c.instance == case, case_read.c.page == page
        )
    )
    return found


def listed_since(
    connection: Connection, office_id: UUID, person: UUID, payload: Mapping[str, Any], since: datetime
) -> bool:
    """Tell whether the same list is among the last events of the office, as read by the same person.

    Of a busier quarter of an hour than that it is put on record once more.
    """
    last = select(office.c.stream_seq).where(office.c.id == office_id).scalar_subquery()
    rows = connection.scalars(
        select(event.c.payload).where(
            event.c.stream == office_id,
            event.c.seq > last - _LOOKED_BACK,
            event.c.kind == EventKind.RECORD_LISTED.value,
            event.c.actor == person,
            event.c.at > since,
        )
    )
    said = (json.loads(text) for text in rows if text is not None)
    return any(all(one.get(name) == value for name, value in payload.items()) for one in said)


def put(connection: Connection, person: UUID, case: UUID, page: str, at: datetime) -> None:
    """Note when that was."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(case_read).values(person=person, instance=case, page=page, at=at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[case_read.c.person, case_read.c.instance, case_read.c.page], set_={"at": at}
        )
    )
