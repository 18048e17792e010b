"""``alur deploy PATH…``."""

from __future__ import annotations

from pathlib import Path

import click

from engine.actions.deployment import Package, deploy, read_package
from engine.bpmn.sop import fixed_inputs
from engine.connectors import Connectors
from engine.connectors.http import Http
from engine.errors import AlurError
from webapp.commands.contents import zip_package
from webapp.commands.opening import at_desk, in_words, process_folders
from webapp.commands.telling import tell


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--key", default="", help="Of the SOP in an archive; else the archive's own name.")
def command(paths: tuple[Path, ...], key: str) -> None:
    """Put processes into the library: PATH is the folder of one, a folder of such folders, or a package.

    A package is a .zip with process.bpmn, forms/<key>.json, <name>.dmn and README.md.

    The same content again is a no-op; changed content is a new version, and running cases keep
    theirs. Exit code 1 when any was refused; the others are deployed all the same.
    """
    found = [one for path in paths for one in _packages_at(path.resolve())]
    if not found:
        raise click.ClickException("Expected a folder with a process.bpmn, or a package, found none.")
    refused = 0
    with at_desk() as desk:
        for place in found:
            try:
                package = read_package(place) if place.is_dir() else zip_package(place, key)
                done = deploy(desk.engine, desk.actor, package)
            except AlurError as error:
                refused += 1
                tell(f"{place.name}: refused. {in_words(error)}")
            else:
                state = "in force" if done.state == "in-force" else done.state.value
                tell(f"{package.key}: version {done.number}, {state}{'' if done.new else ', unchanged'}")
                if done.replaced is not None:
                    tell(
                        f"  note: it took the place of version {done.replaced}, which was in force until now"
                    )
                _tell_refused_addresses(desk.engine.connectors, package)
    raise SystemExit(1 if refused else 0)


def _packages_at(path: Path) -> list[Path]:
    return process_folders(path) if path.is_dir() else [path]


def _tell_refused_addresses(connectors: Connectors, package: Package) -> None:
    """Name what a service would be refused: the address stands in the diagram, the hosts in the settings."""
    http = connectors["http"]
    if not isinstance(http, Http):
        return
    for service, url in fixed_inputs(package.bpmn, Http.name, "url"):
        refusal = http.refusal_of(url)
        if refusal is not None:
            tell(f"  note: {service}: {refusal}")
