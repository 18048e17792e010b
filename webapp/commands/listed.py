"""A group of commands whose modules are loaded only when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

import click


class Listed(click.Group):
    """``listed`` has for each command its module in ``webapp.commands`` and what the help says of it."""

    def __init__(self, *args: Any, listed: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """Take the list beside what every group takes; a command without words is not in the help."""
        super().__init__(*args, **kwargs)
        self.listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name what the help shows."""
        del ctx
        return [name for name, (_module, words) in self.listed.items() if words]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in self.listed:
            return None
        module = import_module(f"webapp.commands.{self.listed[cmd_name][0]}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.listed[name][1]) for name in self.list_commands(ctx)])
