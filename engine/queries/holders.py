"""Who holds roles of a kind on a day: whom a page names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, or_, select

from engine.model.permission import RoleKind
from engine.storage.tables import person, role, role_assignment

_MOST = 5


def posts_of(
    connection: Connection, office_id: UUID, kind: RoleKind, day: date, but: Collection[UUID] = ()
) -> tuple[str, ...]:
    """Give the posts (else names) of the first few active people with a role of a kind."""
    return posts(holders_of(connection, office_id, kind, day), but)


def holders_of(connection: Connection, office_id: UUID, kind: RoleKind, day: date) -> dict[UUID, str]:
    """Give the post (else name) of all active people with a role of a kind."""
    rows = connection.execute(
        select(person.c.id, person.c.name, person.c.post)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(
            role.c.office == office_id,
            role.c.kind == kind.value,
            role_assignment.c.since <= day,
            or_(role_assignment.c.until.is_(None), role_assignment.c.until >= day),
            person.c.active,
        )
        .order_by(person.c.name)
    )
    return {row.id: row.post or row.name for row in rows}


def posts(holders: Mapping[UUID, str], but: Collection[UUID]) -> tuple[str, ...]:
    """Pick the first few of them, each post once, without who may not do what is asked for."""
    return tuple(dict.fromkeys(islice((post for one, post in holders.items() if one not in but), _MOST)))
