"""``alur user``: people and their roles from the shell."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import click

from engine.actions.people import (
    PersonForm,
    activate_person,
    add_person,
    deactivate_person,
    issue_password_link,
)
from engine.actions.roles import AssignmentForm, assign_role
from engine.queries.people import people_page
from engine.storage import people
from engine.storage.people import Account
from webapp.commands.opening import Desk, at_desk, link_address
from webapp.commands.telling import tell


@click.group()
def command() -> None:
    """People of the office: list, add, give roles, hand out password links."""


@command.command("list")
def list_people() -> None:
    """List the people with their roles of today."""
    with at_desk() as desk:
        after = ""
        while True:
            rows, after = people_page(desk.engine, desk.actor, after=after)
            for row in rows:
                roles = ", ".join(row.roles) or "no role today"
                tell(f"{row.sign_in_name:24} {row.name:36} {roles}{'' if row.active else ' (inactive)'}")
            if not after:
                return


@command.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True)
@click.option("--post", default="")
@click.option("--nip", default="")
@click.option("--role", "roles", multiple=True, help="Key of a role held from today on; may be repeated.")
def add(sign_in_name: str, name: str, post: str, nip: str, roles: tuple[str, ...]) -> None:
    """Add a person and print the link by which they set their password."""
    with at_desk() as desk:
        ids = {key: _role(desk, key) for key in roles}
        form = PersonForm(sign_in_name=sign_in_name, name=name, post=post, nip=nip)
        person = add_person(desk.engine, desk.actor, form)
        for role in ids.values():
            assign_role(desk.engine, desk.actor, role, AssignmentForm(person=person.hex, since=_today(desk)))
        _print_link(desk, person)


@command.command("role")
@click.argument("sign_in_name")
@click.argument("role")
@click.option("--since", default="", help="First day, 2026-11-24; else today.")
@click.option("--until", default="", help="Last day.")
@click.option("--standing", default="definitive", type=click.Choice(["definitive", "plt", "plh"]))
@click.option("--letter", default="", help="By which letter.")
def give_role(sign_in_name: str, role: str, since: str, until: str, standing: str, letter: str) -> None:
    """Give a person a role."""
    with at_desk() as desk:
        form = AssignmentForm(
            person=_person(desk, sign_in_name).id.hex,
            standing=standing,
            since=since or _today(desk),
            until=until,
            letter=letter,
        )
        assign_role(desk.engine, desk.actor, _role(desk, role), form)
        tell(f"{sign_in_name} holds {role} from {form.since} on.")


@command.command("link")
@click.argument("sign_in_name")
def link(sign_in_name: str) -> None:
    """Print a new one-time link by which a person sets their password."""
    with at_desk() as desk:
        _print_link(desk, _person(desk, sign_in_name).id)


@command.command("deactivate")
@click.argument("sign_in_name")
def deactivate(sign_in_name: str) -> None:
    """Let a person sign in no more; their sessions end."""
    with at_desk() as desk:
        deactivate_person(desk.engine, desk.actor, _person(desk, sign_in_name).id)
        tell(f"{sign_in_name} cannot sign in any more.")


@command.command("activate")
@click.argument("sign_in_name")
def activate(sign_in_name: str) -> None:
    """Let a person sign in again."""
    with at_desk() as desk:
        activate_person(desk.engine, desk.actor, _person(desk, sign_in_name).id)
        tell(f"{sign_in_name} can sign in.")


def _print_link(desk: Desk, person: UUID) -> None:
    life = timedelta(hours=desk.settings.password_link_hours)
    tell(link_address(desk.settings, issue_password_link(desk.engine, desk.actor, person, life)))


def _person(desk: Desk, sign_in_name: str) -> Account:
    with desk.engine.store.reading() as connection:
        found = people.by_account(connection, sign_in_name.lower())
    if found is None or found.office != desk.actor.office:
        raise click.ClickException(
            f"Expected the sign-in name of somebody in the office, found {sign_in_name}."
        )
    return found


def _role(desk: Desk, key: str) -> UUID:
    with desk.engine.store.reading() as connection:
        roles = people.role_keys(connection, desk.actor.office)
    if key not in roles:
        raise click.ClickException(f"Expected one of the roles {', '.join(roles)}; found {key}.")
    return roles[key]


def _today(desk: Desk) -> str:
    with desk.engine.store.reading() as connection:
        zone = people.zone_of(connection, desk.actor.office)
    return desk.engine.clock.now().astimezone(zone).date().isoformat()
