"""``alur export``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkstemp

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.actions.exports import record_export
from engine.model.event_log import Detail, LogFormat, Selection
from engine.record.event_logs.formats import SHAPES, parts_of, write
from engine.record.event_logs.log import Log, opened_log
from webapp.commands.opening import Desk, at_desk
from webapp.commands.telling import counted, tell

_STDOUT = "-"


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a day like 2026-11-23, found {value}.", param, ctx)


@click.command()
@click.option("--format", "name", required=True, type=click.Choice([one.value for one in LogFormat]))
@click.option("--sop", default="", help="Key of an SOP; else the cases of all.")
@click.option("--since", type=_Day(), help="First day, 2026-01-01, on which a case was started.")
@click.option("--until", type=_Day(), help="Last day on which a case was started.")
@click.option(
    "--events",
    "detail",
    type=click.Choice([one.value for one in Detail]),
    help="Finished steps alone, or every event of the record; without it: activities for xes, else all.",
)
@click.option("--no-content", is_flag=True, help="Leave out what people entered.")
@click.option("--out", required=True, help="The file to write; - writes a text format to standard output.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(  # noqa: PLR0913 - options of a command
    name: str,
    sop: str,
    since: date | None,
    until: date | None,
    detail: str | None,
    out: str,
    *,
    no_content: bool,
    force: bool,
) -> None:
    """Write an event log of the office for other tools: whole cases, in the order they were started.

    xes (IEEE 1849), ocel-json and ocel-sqlite (OCEL 2.0), csv, jsonl (a JSON object per event), xlsx.

    The file appears when it is complete. That it was written is on record. The docs have a page on what
    each format holds: docs/auditing.md.
    """
    form = LogFormat(name)
    asked = Selection(
        sop=sop,
        since=since,
        until=until,
        detail=Detail(detail) if detail else SHAPES[form].detail,
        content=not no_content,
    )
    if out == _STDOUT:
        _to_stdout(form, asked)
        return
    path = Path(out)
    _must_be_writable(path, force=force)
    with at_desk() as desk, _beside(path, force=force) as beside:
        cases, events = _write(desk, form, asked, beside)
    tell(f"{path}: {counted(cases, 'case')}, {counted(events, 'event')} of the record")


def _write(desk: Desk, form: LogFormat, asked: Selection, path: Path) -> tuple[int, int]:
    record_export(desk.engine, desk.actor, form, asked)
    with opened_log(desk.engine, desk.actor, asked) as log, _shown(log):
        write(form, log, path)
        return log.cases, log.events


def _to_stdout(form: LogFormat, asked: Selection) -> None:
    if SHAPES[form].parts is None:
        raise click.UsageError(f"{form.value} is no text and needs a file: --out FILE")
    with at_desk() as desk:
        record_export(desk.engine, desk.actor, form, asked)
        with opened_log(desk.engine, desk.actor, asked) as log, _shown(log):
            for part in parts_of(form, log):
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()


@contextmanager
def _shown(log: Log) -> Iterator[None]:
    """Show how far it is, on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("events", total=log.events)
        log.progress = lambda events: bar.advance(task, events)
        yield


def _must_be_writable(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise click.ClickException(f"{path} is a folder; expected the name of a file.")
    if path.exists() and not force:
        raise click.ClickException(f"{path} is there already. Name another file, or add --force.")
    if not path.parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent}.")


@contextmanager
def _beside(path: Path, *, force: bool) -> Iterator[Path]:
    """Give a file beside it that takes its name once all is written; nothing is left of a failure."""
    try:
        handle, name = mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise click.ClickException(f"{path.parent} cannot be written to: {error.strerror}.") from error
    beside = Path(name)
    try:
        yield beside
        _keep(beside, path, force=force)
    except OSError as error:
        raise click.ClickException(f"{path} could not be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)


def _keep(beside: Path, path: Path, *, force: bool) -> None:
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    if force:
        beside.replace(path)
        return
    try:
        path.hardlink_to(beside)  # unlike a renaming it refuses a file that came meanwhile
    except FileExistsError as error:
        raise click.ClickException(f"{path} is there already. Name another file, or add --force.") from error
    except OSError:  # not every file system has hard links
        beside.replace(path)
