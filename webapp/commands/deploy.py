"""``alur deploy PATH…``."""

from __future__ import annotations

from pathlib import Path

import click

from engine.actions.deployment import Package, deploy, read_package
from engine.bpmn.sop import fixed_inputs
from engine.connectors import Connectors
from engine.connectors.http import Http
from engine.errors import AlurError
from webapp.commands.opening import at_desk, in_words, process_folders
from webapp.commands.telling import tell


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def command(paths: tuple[Path, ...]) -> None:
    """Put processes into the library: PATH is a process's folder, or a folder of such folders.

    The same content again is a no-op; changed content is a new version, and running cases keep
    theirs. Exit code 1 when any was refused; the others are deployed all the same.
    """
    folders = [folder for path in paths for folder in process_folders(path.resolve())]
    if not folders:
        raise click.ClickException("Expected a folder with a process.bpmn, found none.")
    refused = 0
    with at_desk() as desk:
        for folder in folders:
            try:
                package = read_package(folder)
                done = deploy(desk.engine, desk.actor, package)
            except AlurError as error:
                refused += 1
                tell(f"{folder.name}: refused. {in_words(error)}")
            else:
                state = "in force" if done.state == "in-force" else done.state.value
                tell(f"{folder.name}: version {done.number}, {state}{'' if done.new else ', unchanged'}")
                _tell_refused_addresses(desk.engine.connectors, package)
    raise SystemExit(1 if refused else 0)


def _tell_refused_addresses(connectors: Connectors, package: Package) -> None:
    """Name what a service would be refused: the address stands in the diagram, the hosts in the settings."""
    http = connectors["http"]
    if not isinstance(http, Http):
        return
    for service, url in fixed_inputs(package.bpmn, Http.name, "url"):
        refusal = http.refusal_of(url)
        if refusal is not None:
            tell(f"  note: {service}: {refusal}")
