"""``alur lint FILE…``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.bpmn.lint import lint_file
from engine.errors import Finding
from engine.expressions.sandbox import Sandbox
from webapp.commands.opening import tell


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print a list of files with their problems.")
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """List everything that keeps diagrams from running as drawn; exit code 1 when any is refused."""
    sandbox = Sandbox(workers=1)
    try:
        found = [(path, lint_file(path, sandbox)) for path in files]
    finally:
        sandbox.close()
    if as_json:
        tell(json.dumps([_entry(path, problems) for path, problems in found], ensure_ascii=False, indent=2))
    else:
        for path, problems in found:
            _print(path, problems)
    raise SystemExit(1 if any(problems for _path, problems in found) else 0)


def _entry(path: Path, problems: tuple[Finding, ...]) -> dict[str, object]:
    return {
        "file": str(path),
        "accepted": not problems,
        "problems": [
            {"code": one.code, "element": one.element, "name": one.name, "message": str(one.sentence)}
            for one in problems
        ],
    }


def _print(path: Path, problems: tuple[Finding, ...]) -> None:
    if not problems:
        tell(f"{path}: accepted")
        return
    tell(f"{path}: refused, {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    for one in problems:
        named = f"{one.element} ({one.name})" if one.element and one.name else one.element or "-"
        tell(f"  {one.code}  {named}: {one.sentence}")
