"""Who holds roles of a kind on a day: whom a page names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, or_, select

from engine.model.permission import RoleKind
from engine.storage.tables import person, role, role_assignment

_MOST = 5


def posts_of(
    connection: Connection, office_id: UUID, kind: RoleKind, day: date, but: Collection[UUID] = ()
) -> tuple[str, ...]:
    """Give the posts (else names) of the first few active people with a role of a kind."""
    rows = connection.execute(
        select(person.c.name, person.c.post)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(
            role.c.office == office_id,
            role.c.kind == kind.value,
            role_assignment.c.since <= day,
            or_(role_assignment.c.until.is_(None), role_assignment.c.until >= day),
            person.c.active,
            person.c.id.not_in(but),
        )
        .order_by(person.c.name)
        .limit(_MOST)
    )
    return tuple(dict.fromkeys(row.post or row.name for row in rows))
