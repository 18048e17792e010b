"""``alur lint FILE…``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from engine.bpmn.lint import Linted, lint_file
from engine.errors import Finding
from engine.expressions.sandbox import Sandbox
from webapp.commands.telling import counted, tell


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a list of files with their problems.")
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """List everything that keeps diagrams from running as drawn; exit code 1 when any is refused.

    A .dmn file is looked at for its decision tables; a diagram with those in its folder.

    Warnings tell where an SOP could not be drawn as the table of PermenPAN-RB 35/2012, or where a row of
    it would lack its standard time, output or active verb; they refuse nothing.

    What is accepted but has no effect here (people named in the diagram, extensions of other
    programs, conditions that BPMN never asks) is told as notes; these and warnings in the text only.
    """
    sandbox = Sandbox(workers=1)
    try:
        found = [(path, lint_file(path, sandbox)) for path in files]
    finally:
        sandbox.close()
    if as_json:
        tell(json.dumps([_entry(path, linted) for path, linted in found], ensure_ascii=False, indent=2))
    else:
        for path, linted in found:
            _print(path, linted)
    raise SystemExit(1 if any(linted.problems for _path, linted in found) else 0)


def _entry(path: Path, linted: Linted) -> dict[str, object]:
    return {
        "file": _path(path),
        "accepted": not linted.problems,
        "problems": [
            {"code": one.code, "element": one.element, "name": one.name, "message": str(one.sentence)}
            for one in linted.problems
        ],
    }


def _print(path: Path, linted: Linted) -> None:
    count = len(linted.problems)
    tell(f"{_path(path)}: refused, {counted(count, 'problem')}" if count else f"{_path(path)}: accepted")
    for one in linted.problems:
        tell(f"  {one.code}  {_named(one)}: {one.sentence}")
    for one in linted.warnings:
        tell(f"  warning: {one.code}  {_named(one)}: {one.sentence}")
    for one in linted.notes:
        tell(f"  note: {one.code}  {_named(one)}: {one.sentence}")


def _named(one: Finding) -> str:
    return f"{one.element} ({one.name})" if one.element and one.name else one.element or "-"


def _path(path: Path) -> str:
    # A file's name may be bytes that are no text.
    return os.fsencode(path).decode("utf-8", "replace")
