"""The command line. Each command's module is loaded only when it is called, so that it starts at once."""

from __future__ import annotations

import os

import click

from webapp.commands.listed import Listed

# Command -> (module, what it does). The help lists them without loading them.
_COMMANDS = {
    "run": ("run", "Start web and worker; --demo makes demo data."),
    "web": ("web", "Start the web process alone."),
    "worker": ("worker", "Start the worker alone."),
    "init": ("init", "Make the database, an office and its administrator."),
    "deploy": ("deploy", "Put processes into the library."),
    "diff": ("diff", "Say in words what two contents of an SOP differ in."),
    "lint": ("lint", "List everything that keeps diagrams from running."),
    "trace": ("trace", "Run a diagram in memory."),
    "user": ("user", "People: list, add, roles, password links."),
    "token": ("token", "What lets other programs send messages."),
    "calendar": ("calendar", "Holidays and workdays of the office."),
    "migrate": ("migrate", "Bring the database to this release."),
    "audit": ("audit", "Check the record; rebuild cases from it."),
    "export": ("export", "Write event logs for other tools."),
    "archive": ("archive", "Move the texts of old cases out of the database."),
    "prepare": ("prepare", ""),  # what `run` calls in a process of its own
}


@click.command(cls=Listed, listed=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alur")
def main() -> None:
    """Alur turns a written SOP into a diagram that runs."""
    os.umask(0o077)  # the database and the documents are for this account only


if __name__ == "__main__":
    main()
