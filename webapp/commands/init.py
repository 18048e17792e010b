"""``alur init``."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from engine.actions.offices import OfficePlan, open_office, operator
from engine.actions.people import PersonForm, add_person, issue_password_link
from engine.actions.roles import AssignmentForm, RoleForm, assign_role
from engine.core import Engine
from engine.model.permission import RoleKind
from engine.storage import people
from engine.storage.migrating import migrate
from webapp.commands.opening import link_address, opened
from webapp.commands.telling import tell
from webapp.settings import Settings

# What every office has besides the performers of its SOPs.
_ROLES = (
    RoleForm(key="pemilik", label="Pemilik SOP", name="Pemilik SOP", kind=RoleKind.OWNER.value),
    RoleForm(key="pengesah", label="Pengesah SOP", name="Pengesah SOP", kind=RoleKind.APPROVER.value),
    RoleForm(key="auditor", label="Auditor", name="Auditor", kind=RoleKind.AUDITOR.value),
    RoleForm(key="admin", label="Administrator", name="Administrator", kind=RoleKind.ADMINISTRATOR.value),
)


@click.command()
@click.option("--key", default="kantor", show_default=True, help="Short key of the office.")
@click.option("--name", required=True, help='Name of the office: "Dinas Pendidikan Kabupaten Blitar".')
@click.option("--zone", default="Asia/Jakarta", show_default=True, help="Its time zone.")
@click.option("--admin", "account", required=True, help="Sign-in name of its first administrator.")
@click.option("--admin-name", default="Administrator", show_default=True, help="The administrator's name.")
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON with "roles" (key, label, name, kind) and "units", as processes/demo.json has them.',
)
def command(key: str, name: str, zone: str, account: str, admin_name: str, plan: Path | None) -> None:
    """Make the database, an office with its roles, and an administrator with a link to set a password.

    What is there already stays as it is; the link is made anew.
    """
    with opened() as (engine, settings):
        migrate(engine.store)
        planned = json.loads(plan.read_text("utf-8")) if plan else {}
        roles = {role.key: role for role in _ROLES}
        roles |= {role["key"]: RoleForm(**role) for role in planned.get("roles", ())}
        units = planned.get("units", ())
        office = open_office(
            engine, OfficePlan(key=key, name=name, zone=zone, roles=tuple(roles.values()), units=units)
        )
        tell(f"Office {name} is ready: {len(roles)} roles, {len(units)} units.")
        tell(
            f"{account} sets a password here: {_administrator(engine, settings, office, account, admin_name)}"
        )


def _administrator(engine: Engine, settings: Settings, office: UUID, account: str, name: str) -> str:
    actor = operator(office)
    with engine.store.reading() as connection:
        found = people.by_account(connection, account.lower())
        roles = people.role_keys(connection, office)
        zone = people.zone_of(connection, office)
    if found is None:
        person = add_person(engine, actor, PersonForm(sign_in_name=account, name=name))
        today = engine.clock.now().astimezone(zone).date().isoformat()
        assign_role(engine, actor, roles["admin"], AssignmentForm(person=person.hex, since=today))
    else:
        person = found.id
    token = issue_password_link(engine, actor, person, timedelta(hours=settings.password_link_hours))
    return link_address(settings, token)
