"""``alur token``: what lets other programs send messages."""

from __future__ import annotations

from datetime import timedelta

import click

from engine.actions.api_tokens import issue_token, revoke_token
from engine.storage import api_tokens
from webapp.commands.opening import at_desk
from webapp.commands.telling import tell


@click.group()
def command() -> None:
    """Tokens of other programs: list, add, revoke."""


@command.command("list")
def list_tokens() -> None:
    """List the tokens of the office; what they are is shown only when they are made."""
    with at_desk() as desk:
        now = desk.engine.clock.now()
        with desk.engine.store.reading() as connection:
            found = api_tokens.of_office(connection, desk.actor.office)
        for one in found:
            state = "until" if one.is_good(now) else "revoked; was good until" if one.revoked_at else "ended"
            tell(f"{one.name:32} {state} {one.expires_at:%Y-%m-%d}")


@command.command("add")
@click.argument("name")
@click.option(
    "--days", default=365, show_default=True, type=click.IntRange(1, 1100), help="How long it is good."
)
def add(name: str, days: int) -> None:
    """Make a token for the program NAME and print it, once."""
    with at_desk() as desk:
        tell(issue_token(desk.engine, desk.actor, name, timedelta(days=days)))


@command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Let the token of the program NAME open nothing any more."""
    with at_desk() as desk:
        revoke_token(desk.engine, desk.actor, name)
        tell(f"The token of {name} opens nothing any more.")
