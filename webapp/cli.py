"""The command line. Each command's module is loaded only when it is called, so that it starts at once."""

from __future__ import annotations

import os
from importlib import import_module
from typing import cast

import click

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
    "prepare": ("prepare", ""),
}
_HIDDEN = {"prepare"}  # what `run` calls in a process of its own


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name in _COMMANDS if name not in _HIDDEN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"webapp.commands.{_COMMANDS[cmd_name][0]}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alur")
def main() -> None:
    """Alur turns a written SOP into a diagram that runs."""
    os.umask(0o077)  # the database and the documents are for this account only


if __name__ == "__main__":
    main()
