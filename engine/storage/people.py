"""People, roles, assignments and units as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, func, insert, or_, select, update

from engine.model.actor import HeldRole, Standing
from engine.model.permission import RoleKind
from engine.storage.tables import office, person, role, role_assignment


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person as the sign-in and the actions on people need them."""

    id: UUID
    office: UUID
    unit: UUID | None
    sign_in_name: str
    nip: str | None
    name: str
    post: str
    password_hash: str | None
    language: str
    active: bool
    demo: bool


_ACCOUNT = tuple(person.c[name] for name in Account.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who holds which role from when to when."""

    id: UUID
    office: UUID
    role: UUID
    person: UUID
    standing: str
    since: date
    until: date | None
    letter: str


_ASSIGNMENT = tuple(role_assignment.c[name] for name in Assignment.__dataclass_fields__)


def by_id(connection: Connection, office_id: UUID, person_id: UUID) -> Account | None:
    """Read a person of an office."""
    row = connection.execute(
        select(*_ACCOUNT).where(person.c.id == person_id, person.c.office == office_id)
    ).one_or_none()
    return Account(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def of_anybody(connection: Connection, person_id: UUID) -> Account:
    """Read a person of any office, who is known to exist."""
    row = connection.execute(select(*_ACCOUNT).where(person.c.id == person_id)).one()
    return Account(**row._mapping)  # noqa: SLF001 - as above


def by_account(connection: Connection, account: str) -> Account | None:
    """Read a person by sign-in name (lower case) or NIP (digits only)."""
    digits = account.replace(" ", "")
    row = connection.execute(
        select(*_ACCOUNT)
        .where(or_(person.c.sign_in_name == account, person.c.nip == digits))
        .order_by(person.c.sign_in_name != account)
        .limit(1)
    ).one_or_none()
    return Account(**row._mapping) if row else None  # noqa: SLF001 - as above


def demo_accounts(connection: Connection) -> list[Account]:
    """Read the demo accounts of every office."""
    rows = connection.execute(select(*_ACCOUNT).where(person.c.demo).order_by(person.c.created_at))
    return [Account(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def taken(connection: Connection, column: str, value: str, but: UUID | None = None) -> bool:
    """Tell whether another person, of any office, has this sign-in name or NIP."""
    statement = select(person.c.id).where(person.c[column] == value)
    if but is not None:
        statement = statement.where(person.c.id != but)
    return connection.execute(statement.limit(1)).first() is not None


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a person."""
    connection.execute(insert(person).values(**values))


def change(connection: Connection, person_id: UUID, values: Mapping[str, Any]) -> None:
    """Update a person."""
    connection.execute(update(person).where(person.c.id == person_id).values(**values))


def swap_password(connection: Connection, person_id: UUID, old: str | None, new: str) -> bool:
    """Set a password hash where it is still the old one; tells whether it was."""
    same = person.c.password_hash.is_(None) if old is None else person.c.password_hash == old
    done = connection.execute(update(person).where(person.c.id == person_id, same).values(password_hash=new))
    return done.rowcount == 1


def role_of(connection: Connection, office_id: UUID, role_id: UUID) -> RowMapping | None:
    """Read a role of an office."""
    row = connection.execute(
        select(role).where(role.c.id == role_id, role.c.office == office_id)
    ).one_or_none()
    return row._mapping if row else None  # noqa: SLF001 - as above


def role_key_taken(connection: Connection, office_id: UUID, key: str) -> bool:
    """Tell whether a role of the office has this key."""
    found = connection.execute(select(role.c.id).where(role.c.office == office_id, role.c.key == key))
    return found.first() is not None


def add_role(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a role, last in the order."""
    last = connection.scalar(select(func.max(role.c.position)).where(role.c.office == values["office"]))
    connection.execute(insert(role).values(position=(last or 0) + 1, **values))


def assignment(connection: Connection, office_id: UUID, assignment_id: UUID) -> Assignment | None:
    """Read an assignment of an office."""
    row = connection.execute(
        select(*_ASSIGNMENT).where(
            role_assignment.c.id == assignment_id, role_assignment.c.office == office_id
        )
    ).one_or_none()
    return Assignment(**row._mapping) if row else None  # noqa: SLF001 - as above


def assignments_of(connection: Connection, person_id: UUID, role_id: UUID) -> list[Assignment]:
    """Read when a person held, holds and will hold a role."""
    rows = connection.execute(
        select(*_ASSIGNMENT).where(role_assignment.c.person == person_id, role_assignment.c.role == role_id)
    )
    return [Assignment(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def add_assignment(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert an assignment."""
    connection.execute(insert(role_assignment).values(**values))


def end_assignment(connection: Connection, assignment_id: UUID, until: date) -> None:
    """Set the last day of an assignment."""
    connection.execute(
        update(role_assignment).where(role_assignment.c.id == assignment_id).values(until=until)
    )


def roles_held(connection: Connection, office_id: UUID, person_id: UUID, day: date) -> tuple[HeldRole, ...]:
    """Read the roles that somebody of an office who can sign in holds on a day."""
    rows = connection.execute(
        select(role.c.key, role.c.label, role.c.name, role.c.kind, role_assignment.c.standing)
        .join(role_assignment, role_assignment.c.role == role.c.id)
        .join(person, person.c.id == role_assignment.c.person)
        .where(
            person.c.id == person_id,
            person.c.office == office_id,
            person.c.active,
            role.c.office == office_id,
            role_assignment.c.since <= day,
            or_(role_assignment.c.until.is_(None), role_assignment.c.until >= day),
        )
        .order_by(role.c.position)
    )
    return tuple(
        HeldRole(
            key=row.key,
            label=row.label,
            name=row.name,
            kind=RoleKind(row.kind),
            standing=Standing(row.standing),
        )
        for row in rows
    )


def lock_office(connection: Connection, office_id: UUID) -> None:
    """Let no other writer at the office until the transaction ends; SQLite has one writer anyway."""
    connection.execute(select(office.c.id).where(office.c.id == office_id).with_for_update(key_share=True))


def administrators(connection: Connection, office_id: UUID, day: date) -> set[tuple[UUID, UUID]]:
    """Read who administers the office on a day and can sign in: (person, assignment)."""
    rows = connection.execute(
        select(person.c.id, role_assignment.c.id)
        .join(role_assignment, role_assignment.c.person == person.c.id)
        .join(role, role.c.id == role_assignment.c.role)
        .where(
            role.c.office == office_id,
            role.c.kind == RoleKind.ADMINISTRATOR,
            person.c.active,
            role_assignment.c.since <= day,
            or_(role_assignment.c.until.is_(None), role_assignment.c.until >= day),
        )
    )
    return {(row[0], row[1]) for row in rows}


def zone_of(connection: Connection, office_id: UUID) -> ZoneInfo:
    """Read the time zone of an office."""
    return ZoneInfo(connection.execute(select(office.c.zone).where(office.c.id == office_id)).scalar_one())


def is_unit(connection: Connection, office_id: UUID, unit: UUID) -> bool:
    """Tell whether a unit is the office's own."""
    found = connection.execute(select(office.c.id).where(office.c.id == unit, office.c.parent == office_id))
    return found.first() is not None


def add_unit(connection: Connection, office_id: UUID, unit: UUID, key: str, name: str) -> None:
    """Insert a unit, last in the order, in its office's zone."""
    last = connection.scalar(select(func.max(office.c.position)).where(office.c.parent == office_id))
    zone = connection.scalar(select(office.c.zone).where(office.c.id == office_id))
    connection.execute(
        insert(office).values(
            id=unit, parent=office_id, key=key, name=name, zone=zone, position=(last or 0) + 1
        )
    )


def add_office(connection: Connection, office_id: UUID, key: str, name: str, zone: str) -> None:
    """Insert an office; its stream of events begins empty."""
    connection.execute(insert(office).values(id=office_id, key=key, name=name, zone=zone))


def office_by_key(connection: Connection, key: str) -> UUID | None:
    """Find an office by its key; the first one where none is given."""
    statement = select(office.c.id).where(office.c.parent.is_(None)).order_by(office.c.id)
    if key:
        statement = statement.where(office.c.key == key)
    return connection.scalar(statement.limit(1))


def role_keys(connection: Connection, office_id: UUID) -> dict[str, UUID]:
    """Read the role keys of an office with the ids of the roles."""
    rows = connection.execute(select(role.c.key, role.c.id).where(role.c.office == office_id))
    return {row.key: row.id for row in rows}
