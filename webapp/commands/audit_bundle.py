"""``alur audit bundle``: the evidence of a case as one file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from engine.queries.evidence import case_numbered
from engine.record.bundle import make
from webapp.commands.opening import at_desk
from webapp.commands.telling import counted, tell


@click.command()
@click.argument("case")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; it must not be there.",
)
def command(case: str, out: Path) -> None:
    """Write the evidence of the case with the number CASE, to be checked without Alur."""
    if out.exists():
        raise click.ClickException(f"{out} is there already.")
    with at_desk() as desk:
        made = make(desk.engine, desk.actor, case_numbered(desk.engine, desk.actor, case))
        with made.file, out.open("xb") as file:
            shutil.copyfileobj(made.file, file)
            file.flush()
            os.fsync(file.fileno())
    tell(f"{out}: {counted(made.events, 'event')}, {made.size:,} bytes, SHA-256 {made.sha256}")
