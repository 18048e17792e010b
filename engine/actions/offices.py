"""Set up an office: its roles and units, before anybody has signed in (the operator's act)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.actions.roles import RoleForm, add_role, add_unit
from engine.core import Engine
from engine.ids import new_id
from engine.model.actor import Actor, HeldRole
from engine.model.permission import RoleKind
from engine.storage import people
from engine.storage.office import units


@dataclass(frozen=True, kw_only=True)
class OfficePlan:
    """What an office begins with."""

    key: str
    name: str
    zone: str = "Asia/Jakarta"
    roles: Sequence[RoleForm] = ()
    units: Sequence[str] = ()


def operator(office: UUID) -> Actor:
    """Give the actor of the command line: no person, with an administrator's rights in the office."""
    role = HeldRole(key="operator", label="Operator", name="Operator", kind=RoleKind.ADMINISTRATOR)
    return Actor(person=None, office=office, name="Operator", roles=(role,))


def open_office(engine: Engine, plan: OfficePlan) -> UUID:
    """Make the office where it is missing, with the roles and units that are missing; gives its id."""
    with engine.store.transaction() as connection:
        found = people.office_by_key(connection, plan.key)
        office = found or new_id()
        if found is None:
            people.add_office(connection, office, plan.key, plan.name, plan.zone)
        known_roles = people.role_keys(connection, office)
        known_units = {name for _id, name in units(connection, office)}
    actor = operator(office)
    for form in plan.roles:
        if form.key not in known_roles:
            add_role(engine, actor, form)
    for name in plan.units:
        if name not in known_units:
            add_unit(engine, actor, name)
    return office
