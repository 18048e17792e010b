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
from engine.model.archive import Archive
from engine.record.archiving import Archived, Asked, Phase, abandon, archive
from engine.record.archiving import Progress as Shown
from engine.storage import archive_rows, versions
from engine.storage.archive_files import Archives
from engine.storage.archiving import Why
from engine.storage.space import compact, space
from webapp.commands.opening import Desk, at_desk
from webapp.commands.telling import counted, tell

_WORDS = {Phase.WRITING: "cases written", Phase.CHECKING: "events read back", Phase.SETTLING: "cases moved"}

_STAYS = {
    Why.ASKED: "as an auditor's question or finding about it is open",
    Why.UNSEALED: "as some of what was done in it is not sealed yet",
    Why.REFERRING: "as its texts stand in an archive already and its row does not say so (alur audit verify)",
}


@click.command()
@click.option(
    "--ended-before", "day", metavar="DATE", help="A day like 2025-01-01. Without: list the archives."
)
@click.option("--sop", default="", metavar="KEY", help="Cases of one SOP; else of all.")
@click.option(
    "--vacuum", is_flag=True, help="Give what became free back to the disk; nobody can save meanwhile."
)
@click.option(
    "--abandon",
    "given_up",
    type=int,
    metavar="NUMBER",
    help="Give up an archive that was cut off and is lost.",
)
def command(day: str | None, sop: str, given_up: int | None, *, vacuum: bool) -> None:
    """Move the texts of cases that ended before DATE to an archive file beside the database.

    Pages, figures, event logs and evidence read them from there; who, when and what, digests, chain and seals
    stay in the database. Cases with a question that was not answered, or a finding that is not closed, stay.

    The file belongs to the data: copy it with every backup. What is cut off is finished by the next run.
    """
    _must_fit(day, sop, given_up, vacuum=vacuum)
    with at_desk() as desk:
        if given_up is not None:
            abandon(desk.engine, desk.actor, given_up)
            tell(
                f"Archive number {given_up} is given up: no text was read from it, all stand in the database."
            )
        elif day is None:
            _list(desk)
        else:
            _move(desk, Asked(before=_past(desk, day), sop=_known(desk, sop)), vacuum=vacuum)


def _must_fit(day: str | None, sop: str, given_up: int | None, *, vacuum: bool) -> None:
    if day is None and (vacuum or sop):
        raise click.UsageError("--sop and --vacuum need --ended-before DATE.")
    if day is not None and given_up is not None:
        raise click.UsageError("--abandon and --ended-before do not go together.")


def _move(desk: Desk, asked: Asked, *, vacuum: bool) -> None:
    before = space(desk.engine.store)
    with _shown() as progress:
        found = archive(desk.engine, desk.actor, asked, progress)
    _tell(found, desk.settings.archive_folder)
    if vacuum:
        compact(desk.engine.store)
    after = space(desk.engine.store)
    shrank = f"The database had {before.whole:,} bytes and has {after.whole:,}"
    tell(f"{shrank}; {after.free:,} of them are free, and used before it grows.")


def _known(desk: Desk, sop: str) -> str:
    with desk.engine.store.reading() as connection:
        if sop and versions.find_process(connection, desk.actor.office, sop) is None:
            raise click.BadParameter(f"this office has no SOP with the key {sop}.", param_hint="--sop")
    return sop


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
        state = _state(files, one)
        tell(
            f"{place}: {counted(one.cases, 'case')} that ended before {one.until}, "
            f"{counted(one.events, 'event')}, {one.size:,} bytes.{state}"
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
        what = f"{counted(made.cases, 'case')}, {counted(made.events, 'event')}"
        tell(f"{folder / made.name}: {what}, {made.size:,} bytes.")
        tell("It belongs to the data: copy it with every backup.")
    for stays in found.staying:
        count = f"{counted(stays.count, 'case')} {'stays' if stays.count == 1 else 'stay'}"
        more = stays.count - len(stays.first)
        named = ", ".join(stays.first) + (f" and {more:,} more" if more else "")
        tell(f"{count}, {_STAYS[stays.why]}: {named}.")


def _state(files: Archives, one: Archive) -> str:
    if one.abandoned_at:
        return " Given up: its file was lost before anything was read from it."
    if not one.settled_at:
        return " Not finished: archive again, for any day."
    trouble = files.trouble_with(one)
    return f" CANNOT BE READ. {trouble}" if trouble else ""


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
