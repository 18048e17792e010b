"""When pages of cases were last put on record as read, as rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.storage.tables import case_read


def last(connection: Connection, person: UUID, case: UUID, page: str) -> datetime | None:
    """Tell when a page of a case was last put on record as read by somebody."""
    found: datetime | None = connection.scalar(
        select(case_read.c.at).where(
            case_read.c.person == person, case_read.c.instance == case, case_read.c.page == page
        )
    )
    return found


def put(connection: Connection, person: UUID, case: UUID, page: str, at: datetime) -> None:
    """Note when that was."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(case_read).values(person=person, instance=case, page=page, at=at)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[case_read.c.person, case_read.c.instance, case_read.c.page], set_={"at": at}
        )
    )
