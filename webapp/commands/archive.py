"""``alur archive``: the texts of old cases move to a file outside the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.actions.administering import today
from engine.record.archiving import Archived, Asked, Phase, archive
from engine.record.archiving import Progress as Shown
from engine.storage import archive_rows
from engine.storage.space import compact, space
from webapp.commands.opening import Desk, at_desk
from webapp.commands.telling import tell

_WORDS = {Phase.WRITING: "cases written", Phase.CHECKING: "events read back", Phase.SETTLING: "cases moved"}


@click.command()
@click.option(
    "--ended-before", "day", metavar="DATE", help="A day like 2025-01-01. Without: list the archives."
)
@click.option("--sop", default="", metavar="KEY", help="Cases of one SOP; else of all.")
@click.option(
    "--vacuum", is_flag=True, help="Give what became free back to the disk; nobody can save meanwhile."
)
def command(day: str | None, sop: str, *, vacuum: bool) -> None:
    """Move the texts of cases that ended before DATE to an archive file beside the database.

    Pages, figures, event logs and evidence read them from there; who, when and what, digests, chain and seals
    stay in the database. Cases with a question that was not answered, or a finding that is not closed, stay.

    The file belongs to the data: copy it with every backup. What is cut off is finished by the next run.
    """
    with at_desk() as desk:
        if day is None:
            _list(desk)
            return
        asked = Asked(before=_past(desk, day), sop=sop)
        before = space(desk.engine.store)
        with _shown() as progress:
            found = archive(desk.engine, desk.actor, asked, progress)
        _tell(found, desk.settings.archive_folder)
        if vacuum:
            compact(desk.engine.store)
        after = space(desk.engine.store)
    shrank = f"The database had {before.whole:,} bytes and has {after.whole:,}"
    tell(f"{shrank}; {after.free:,} of them are free, and used before it grows.")


def _past(desk: Desk, day: str) -> date:
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise click.BadParameter(f"expected a day like 2025-01-01, found {day}.") from error
    if found > today(desk.engine, desk.actor):
        raise click.BadParameter(f"expected a day that has come, found {day}.")
    return found


def _list(desk: Desk) -> None:
    files = desk.engine.store.archives
    with desk.engine.store.reading() as connection:
        archives = archive_rows.listed(connection)
    for one in archives:
        place = desk.settings.archive_folder / one.name
        state = "" if files.is_there(one.name) else " MISSING."
        state = state if one.settled_at else " Not finished: archive again, for any day."
        tell(
            f"{place}: {one.cases:,} cases that ended before {one.until}, "
            f"{one.events:,} events, {one.size:,} bytes.{state}"
        )
    if not archives:
        tell("Nothing was archived yet.")


def _tell(found: Archived, folder: Path) -> None:
    for one in found.finished:
        tell(f"{folder / one.name}: was cut off, and is finished now.")
    if found.made is None:
        tell("No case is to be archived.")
    else:
        made = found.made
        tell(f"{folder / made.name}: {made.cases:,} cases, {made.events:,} events, {made.size:,} bytes.")
        tell("It belongs to the data: copy it with every backup.")
    if found.left:
        tell(f"{found.left:,} cases stay: an auditor's question or finding about them is open.")


@contextmanager
def _shown() -> Iterator[Shown]:
    """Show how far it is, on a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("cases", total=None)

        def progress(phase: Phase, done: int, total: int) -> None:
            if phase in _WORDS:
                bar.update(task, description=_WORDS[phase], completed=done, total=total)

        yield progress
