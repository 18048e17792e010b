"""``alur audit …``."""

from __future__ import annotations

import click

from webapp.commands.listed import Listed

# Command -> (module, what it does).
_COMMANDS = {
    "verify": ("audit_verify", "Check every event, the seals and the checkpoints."),
    "bundle": ("audit_bundle", "Write the evidence of a case as one file."),
    "replay": ("audit_replay", "Rebuild cases from their events and compare them with what is stored."),
    "new-key": ("audit_new_key", "Make another key that signs checkpoints."),
}


@click.command(cls=Listed, listed=_COMMANDS)
def command() -> None:
    """Check the record; rebuild cases from it."""
